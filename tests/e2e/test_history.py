"""An import of history: documents from before the go-live date, below live traffic, once."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import history
from tests.scene import rig as scene
from tests.scene.deferrals import book, deferred
from tests.scene.desk import search
from tests.scene.rules import make


def refused(rig: Rig, *said: Any) -> str:
    """What is said instead of starting an import."""
    with pytest.raises(Exception) as found:
        history.begin(rig, *said)
    return str(found.value)


def api(rig: Rig, function: str, **given: Any) -> Any:
    from picortex_xero.api import history as endpoints

    return scene.with_site(rig, lambda _frappe: getattr(endpoints, function)(**given))


def previewed(rig: Rig, preview: str) -> dict[str, int]:
    """How many documents of a preview stand where, once it is done."""
    from picortex_xero.attention import previewed
    from picortex_xero.engine import jobs

    scene.with_site(rig, lambda _frappe: jobs.go_on("Xero Preview Run", preview))
    head = scene.with_site(rig, lambda _frappe: previewed.head(preview))
    return {each["state"]: each["count"] for each in head["states"] if each["count"]}


def test_it_goes_once_and_a_second_import_adds_nothing(rig: Rig) -> None:
    records = [each for chain in scene.settlements(rig)[:4] for each in chain] + scene.bills(rig, 3)
    history.before_going_live(rig, records)
    assert "ends on 2026-11-19" in refused(rig, history.EVERY, "2026-01-01", "2026-12-01"), "what is dated later is live traffic"
    assert "which kinds" in refused(rig, ()) and "not after the last" in refused(rig, history.EVERY, "2026-03-01", "2026-02-01")
    # Waiting for an hour is for live traffic: neither forecast nor preview nor import does.
    make(rig, "Later", "Next batch", for_bills=1, for_payments=1)
    asked = {"connection": rig.connection, "from_date": history.FIRST, "to_date": history.LAST, "kinds": ["Invoice", "Bill", "Payment"]}
    expected = api(rig, "forecast", **asked)
    assert (expected["documents"], expected["requests"], expected["contacts"]) == (11, 14, 7), expected
    assert previewed(rig, api(rig, "preview", **asked)) == {"Would Go": 11}
    run = history.begin(rig)
    assert "under way already" in refused(rig)
    going = api(rig, "show", connection=rig.connection)
    assert going["open"] == run and going["until"] == history.LAST and (going["runs"][0]["left"], going["runs"][0]["done"]) == (11, 0)
    row = history.through(rig, run)
    assert (row["state"], row["documents"], row["added"], row["in_xero"], row["known"]) == ("Done", 11, 11, 11, 0)
    scene.assert_once(rig, records)
    assert {step["history_run"] for step in rig.steps()} == {run}, "contacts too"
    before = len(scene.writes(rig))
    again = history.through(rig, history.begin(rig))
    assert (again["added"], again["known"], len(scene.writes(rig))) == (0, 11, before)
    calls = rig.xero.calls(path="/api.xro/2.0/")
    assert not any("/Email" in call["path"] or "SentToContact" in str(call.get("body")) for call in calls), "nobody's customer is mailed"
    assert not scene.error_log(rig)


def test_live_traffic_goes_first_and_takes_along_what_it_waits_for(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.documents.identity import Identity
    from picortex_xero.engine import history_steps, outbox
    from picortex_xero.engine.clock import now

    chains = scene.settlements(rig)[:3]
    (old, paid), (later, _), (live, _) = [(chain[0], chain[-1]) for chain in chains]
    history.before_going_live(rig, [old, later])
    run = history.begin(rig)
    history.work(rig, run)
    assert {step["reference_name"] for step in rig.steps()} == {old["name"], later["name"]}
    assert history.press(rig, "pause", run) and not history.press(rig, "pause", run), "of two who press at once one pauses it"
    rig.dispatch()
    assert not scene.writes(rig), "nothing of it goes meanwhile"
    rig.play([scene.copied(live, live["name"], posting_date="2026-11-21"), scene.copied(paid, paid["name"], posting_date="2026-11-21")])
    rig.dispatch()
    assert scene.step(rig, live["name"])["state"] == "Synced" and scene.step(rig, old["name"])["state"] == "Pending"
    waiting = scene.step(rig, paid["name"])
    assert waiting["state"] == "Pending" and waiting["reason_code"] == "waits-for-invoice"
    # Any number of live steps may wait for something that a person has to put right: that hides nothing of what an import has to bring.
    monkeypatch.setattr(history_steps, "MOST_WANTED", 1)

    def stand_before(frappe: Any) -> None:
        held = scene.step(rig, live["name"], "invoice")["name"]
        frappe.db.set_value("Xero Outbox Entry", held, "state", "Held")
        for at in range(3):
            who = Identity("Payment Entry", f"A-{at}", "2026-01-01 09:00:00.000000")
            outbox.add(rig.connection, waiting["company"], who, "payment", room="payment_entry", blocked_on=held)
        frappe.db.commit()
        wanted = history_steps.wanted_by_live(rig.connection, now(), ())
        assert [row["reference_name"] for row in wanted] in ([old["name"]], [old["doc"]["customer"]])
        frappe.db.delete("Xero Outbox Entry", {"reference_name": ("like", "A-%")})
        frappe.db.set_value("Xero Outbox Entry", held, "state", "Synced")
        frappe.db.commit()

    scene.with_site(rig, stand_before)
    rig.advance(3600)
    assert history.press(rig, "resume", run) and not history.press(rig, "resume", run)
    from picortex_xero.engine import history_budget

    def nothing_left(frappe: Any) -> None:
        history_budget.spend(rig.connection, history_budget.a_day(rig.connection))
        frappe.db.commit()

    scene.with_site(rig, nothing_left)
    rig.dispatch()
    assert scene.step(rig, old["name"])["state"] == scene.step(rig, paid["name"])["state"] == "Synced", (
        "the live payment takes its invoice along"
    )
    history.work(rig, run)
    assert scene.step(rig, later["name"])["state"] == "Pending" and "used up" in history.shown(rig, run)["reason"]
    rig.advance(25 * 3600)
    row = history.through(rig, run)
    assert row["state"] == "Done" and scene.step(rig, later["name"])["state"] == "Synced"
    assert 3500 < row["paused_seconds"] < 4500
    assert not scene.error_log(rig)


def test_stopped_it_gives_back_what_was_not_sent_and_a_later_one_takes_it_up(rig: Rig) -> None:
    from picortex_xero.api import status

    (sent, paid), (unsent, _) = [(chain[0], chain[-1]) for chain in scene.settlements(rig)[:2]]
    unsent["doc"]["posting_date"] = "2026-11-01"
    history.before_going_live(rig, [sent, unsent, paid])
    first = history.begin(rig, last="2026-10-31", kinds=("Invoice",))
    assert history.through(rig, first)["in_xero"] == 1
    run = history.begin(rig)
    history.work(rig, run)
    assert history.press(rig, "stop", run) and not history.press(rig, "stop", run) and not history.press(rig, "resume", run)
    rig.dispatch()
    history.work(rig, run)
    row = history.shown(rig, run)
    assert (row["state"], row["withdrawn"], row["due_at"]) == ("Stopped", 2, None) and row["finished_at"]
    step = scene.step(rig, unsent["name"])
    assert (step["state"], step["reason_code"], step["history_run"]) == ("Skipped", "history-stopped", "") and "was stopped" in step[
        "reason"
    ]
    scene.with_site(rig, lambda _frappe: status.retry("Sales Invoice", unsent["name"]))
    scene.settle(rig)
    assert scene.step(rig, unsent["name"])["state"] == "Skipped", "outside of an import an older date passes for nothing"
    rig.play([scene.cancelling(sent)])
    row = history.through(rig, history.begin(rig))
    assert (row["added"], row["in_xero"]) == (2, 1) and scene.step(rig, unsent["name"])["state"] == "Synced"
    assert not scene.error_log(rig)


def test_what_a_stopped_import_gave_back_goes_once_the_company_goes_live_earlier(rig: Rig) -> None:
    from picortex_xero.engine.search_walk import RESTART

    early, sold = scene.invoices(rig, 2)
    early["doc"]["posting_date"], sold["doc"]["posting_date"] = "2026-05-01", "2026-11-01"
    history.before_going_live(rig, [early, sold])
    run = history.begin(rig)
    history.work(rig, run)
    history.press(rig, "stop", run)
    history.work(rig, run)
    assert {scene.step(rig, each["name"])["reason_code"] for each in (early, sold)} == {"history-stopped"}

    def go_live_earlier(frappe: Any) -> None:
        # As connection/going_live does: the search looks at everything anew.
        frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", "2026-10-01")
        frappe.db.set_value("Xero Connection State", rig.connection, dict(RESTART))

    scene.with_site(rig, go_live_earlier)
    search(rig)
    scene.settle(rig)
    assert scene.step(rig, sold["name"])["state"] == "Synced" and scene.step(rig, early["name"])["state"] == "Skipped"
    search(rig)
    scene.settle(rig)
    assert len(scene.live(rig)) == 1 and not scene.error_log(rig)


def test_what_xero_has_already_waits_until_a_person_confirms(rig: Rig) -> None:
    from picortex_xero.api import status

    records, theirs = scene.invoices(rig, 6)[:4], scene.invoices(rig, 6)[4:]
    history.before_going_live(rig, [*records, *theirs])
    there = [entered_in_xero(rig, record, more) for record, more in zip(records, (0, 0, 5))]
    entered_in_xero(rig, theirs[0], 0, Contact={"Name": "Somebody Else"})
    entered_in_xero(rig, theirs[1], 0, Date="2024-01-05", DueDate="2024-01-05")
    run = history.begin(rig)
    row = history.through(rig, run)
    steps = [scene.step(rig, record["name"]) for record in records]
    assert [step["reason_code"] for step in steps] == ["perhaps-in-xero"] * 3 + [""] and len(scene.writes(rig, "Invoices")) == 1
    assert steps[0]["state"] == "Needs Attention" and "renumber the one in Xero" in steps[0]["cure"]
    assert (row["state"], row["was_there"], row["held"], row["in_xero"]) == ("Done", 5, 5, 1)
    scene.with_site(rig, lambda _frappe: status.choose_record(steps[0]["name"], there[0]))
    assert api(rig, "link_found", history_run=run) == {"linked": 1, "left": 3}, "the third has another total"
    scene.settle(rig)
    assert [scene.step(rig, record["name"])["state"] for record in records] == ["Synced", "Synced", "Needs Attention", "Synced"]
    listed = {each["name"]: each for each in api(rig, "was_there", history_run=run)}
    assert [listed[record["name"]]["linked"] for record in records[:3]] == [True, True, False]
    assert [scene.step(rig, record["name"])["state"] for record in theirs] == ["Needs Attention"] * 2, (
        "of another contact, and of years before"
    )
    assert listed[theirs[0]["name"]]["there"][0]["contact"] == "Somebody Else"
    assert listed[theirs[1]["name"]]["there"][0]["date"] == "2024-01-05"
    rig.xero.person("edit_invoice", InvoiceID=there[2], InvoiceNumber="OTHER-1")
    scene.with_site(rig, lambda _frappe: status.retry("Sales Invoice", records[2]["name"]))
    scene.settle(rig)
    assert scene.step(rig, records[2]["name"])["state"] == "Synced" and len(scene.writes(rig, "Invoices")) == 2


def entered_in_xero(rig: Rig, record: scene.Record, more: float, **fields: Any) -> str:
    """Somebody has entered an invoice in Xero in small letters, of so much `more`; its id."""
    doc, net = record["doc"], scene.total(record) - scene.tax(record)
    line = {"Description": "By hand", "Quantity": "1", "UnitAmount": str(float(net) + more), "TaxType": "OUTPUT2", "AccountCode": "200"}
    whole = {
        "Type": "ACCREC",
        "Contact": {"Name": doc["customer"]},
        "InvoiceNumber": record["name"].lower(),
        "Date": str(doc["posting_date"]),
    }
    whole |= {"DueDate": str(doc["due_date"]), "Status": "AUTHORISED", "LineAmountTypes": "Exclusive", "LineItems": [line]}
    return str(rig.xero.person("create_invoice", **{**whole, **fields})["InvoiceID"])


def test_rules_hold_and_a_worker_that_dies_loses_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import history_work, outbox

    records = scene.invoices(rig, 6)
    history.before_going_live(rig, records)
    skipped = records[2]["name"]
    rule = {"connection": rig.connection, "title": "Not this one", "outcome": "Skip", "for_invoices": 1, "enabled": 1}
    rule |= {"conditions": [{"joined": "and", "field_name": "name", "operator": "=", "value": skipped}]}
    scene.with_site(rig, lambda frappe: frappe.get_doc({"doctype": "Xero Sync Rule", **rule}).insert(ignore_permissions=True))
    run = history.begin(rig)
    monkeypatch.setattr(history_work, "PAGE", 2)
    added, real = [], outbox.add

    def dies(*given: Any, **named: Any) -> str:
        added.append(given)
        if len(added) == 4:
            raise KeyboardInterrupt("the machine is gone")
        return real(*given, **named)

    monkeypatch.setattr(outbox, "add", dies)
    with pytest.raises(KeyboardInterrupt):
        history.work(rig, run)
    assert len(rig.steps()) == 2, "the page that it was at is as if it had not been begun"
    monkeypatch.setattr(outbox, "add", real)
    history.work(rig, run)
    assert len(rig.steps()) == 2, "nobody goes on with it while its worker may be alive"
    rig.advance(301)
    row = history.through(rig, run)
    assert (row["state"], row["added"], row["in_xero"], row["left_out"]) == ("Done", 6, 5, 1)
    assert scene.step(rig, skipped)["reason"] == "Not sent to Xero: rule Not this one"
    scene.assert_once(rig, [each for each in records if each["name"] != skipped])


def test_a_document_that_fails_waits_for_a_person_and_the_others_go_on(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.api import status
    from picortex_xero.documents import registry

    records, worth = scene.invoices(rig, 3), registry.shown_worth
    history.before_going_live(rig, records)
    odd = records[1]["name"]

    def fails(doc: dict[str, Any]) -> Any:
        if doc["name"] == odd:
            raise ValueError("odd data")
        return worth(doc)

    monkeypatch.setattr(registry, "shown_worth", fails)
    row = history.through(rig, history.begin(rig))
    assert (row["state"], row["added"], row["in_xero"], row["held"]) == ("Done", 3, 2, 1)
    step = scene.step(rig, odd)
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "unexpected") and "could not be prepared" in step["reason"]
    assert "could not be taken up" in str(scene.error_log(rig))
    monkeypatch.undo()
    scene.with_site(rig, lambda _frappe: status.retry("Sales Invoice", odd))
    scene.settle(rig)
    assert scene.step(rig, odd)["state"] == "Synced"


def test_an_imported_invoice_brings_what_was_released_of_it(rig: Rig) -> None:
    made = deferred(rig)
    history.before_going_live(rig, [made])
    book(rig, made, {"2026-10-31": 40.35, "2026-11-30": 40.35})
    search(rig)
    scene.settle(rig)
    late = scene.step(rig, made["name"], "release-1")
    assert late["reason_code"] == "release-without-invoice", "what live traffic finds cannot go without its invoice"
    run = history.begin(rig)
    row = history.through(rig, run)
    assert (row["added"], row["in_xero"]) == (1, 1)
    assert sorted(journal["Date"][:10] for journal in scene.live(rig, "ManualJournals")) == ["2026-10-31", "2026-11-30"]
    assert {step["history_run"] for step in rig.steps()} == {run}
    book(rig, made, dict.fromkeys(("2026-10-31", "2026-11-30", "2026-12-31"), 40.35))
    search(rig)
    scene.settle(rig)
    assert len(scene.live(rig, "ManualJournals")) == 3, "what the import brought is not taken back by the search"
    again = history.through(rig, history.begin(rig))
    assert (again["added"], len(scene.live(rig, "ManualJournals"))) == (0, 3) and not scene.error_log(rig)


def test_what_somebody_has_entered_meanwhile_is_no_sign_of_a_restored_site(rig: Rig) -> None:
    """Two invoices under the numbers of two that an import is about to bring: asked about one by one, and the connection goes on."""
    from picortex_xero.engine import unlinked

    sales = scene.invoices(rig, 2)
    history.before_going_live(rig, sales)
    run = history.begin(rig, ("Invoice",))
    history.work(rig, run)
    entered = [
        {
            "InvoiceID": f"00000000-1111-2222-3333-00000000000{number}", "InvoiceNumber": sale["name"], "Type": "ACCREC", "Status": "AUTHORISED",
            "Total": scene.total(sale), "DateString": f"{sale['doc']['posting_date']}T00:00:00",
        }
        for number, sale in enumerate(sales)
    ]  # fmt: skip

    def alike(frappe: Any) -> list[bool]:
        return [each.alike for each in unlinked.among(rig.connection, "none", "Invoices", entered).named]

    assert scene.with_site(rig, alike) == [False, False]
    # The same of documents that go live tells that a copy of this site has sent them.
    with rig.frappe() as frappe:
        for step in rig.steps():
            frappe.db.set_value("Xero Outbox Entry", step["name"], "history_run", "")
        frappe.db.commit()
    assert scene.with_site(rig, alike) == [True, True]
