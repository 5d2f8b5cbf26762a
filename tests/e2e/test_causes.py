"""What waits for something goes when that something has changed: however many wait, whoever changed it and by whatever way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.host import storage
from sandbox.host.site import add_user
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import choose
from tests.scene.parts import part
from tests.scene.stuck import SALES, many, map_again, on_accounts, without_account

HOUR = 3600
# So often the site gives its sign of life here; after three minutes without one there is a gap (engine/heartbeat).
ALIVE = 150
CHANGED = "What it waited for has changed: it is decided anew"


def causes(rig: Rig, **filters: Any) -> list[dict[str, Any]]:
    with rig.frappe() as frappe:
        return frappe.get_all("Xero Step Cause", filters=filters, fields=["*"], order_by="code asc, kind asc, cause_key asc")


@pytest.mark.case("12")
@pytest.mark.parametrize("by_sql", [False, True])
def test_all_documents_behind_one_missing_choice_go_with_it(rig: Rig, by_sql: bool) -> None:
    """Three hundred of them: test_to_fix.py."""
    records = many(rig, 40)
    rows = without_account(rig)
    rig.play(records)
    scene.settle(rig)
    assert rig.counts().get("Needs Attention") == len(records)
    missing = {row["account"] for row in rows}
    assert {(row["code"], row["kind"], row["cause_key"]) for row in causes(rig)} <= {
        ("account-unmapped", "account", name) for name in missing
    }
    assert len({row["step"] for row in causes(rig)}) == len(records)
    map_again(rig, rows, by_sql)
    if by_sql:
        scene.sweep(rig)
    scene.settle(rig, rounds=40)
    scene.assert_once(rig, records)
    assert causes(rig) == []
    assert not scene.error_log(rig)


def test_a_choice_that_is_saved_wakes_a_worker_at_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    records = many(rig, 2)
    rows = without_account(rig)
    rig.play(records)
    scene.settle(rig)
    woken: list[str] = []
    from picortex_xero.engine import wake

    monkeypatch.setattr(wake, "wake", woken.append)
    map_again(rig, rows[:1])
    assert woken == [rig.connection]
    scene.settle(rig)
    woken.clear()
    choose(rig, journal_contact="Journals")
    assert woken == [], "nothing waits any more"


def test_all_problems_are_causes_and_what_is_left_is_held_again(rig: Rig) -> None:
    """Two choices are missing: with the first it is decided anew and waits for the second alone, once."""
    (record,) = many(rig, 1)
    rows = without_account(rig)

    def no_tax(frappe: Any) -> list[dict[str, Any]]:
        found = frappe.get_all("Xero Tax Mapping", filters={"connection": rig.connection, "direction": "Sales"}, fields=["*"])
        for row in found:
            frappe.db.delete("Xero Tax Mapping", {"name": row["name"]})
        return list(found)

    taxes = scene.with_site(rig, no_tax)
    rig.play([record])
    scene.settle(rig)
    assert {row["kind"] for row in causes(rig)} == {"account", "tax"}
    map_again(rig, rows, by_sql=True)
    scene.sweep(rig)
    assert scene.step(rig, record["name"], "invoice")["state"] == "Pending" and causes(rig) == []
    scene.settle(rig)
    assert {row["kind"] for row in causes(rig)} == {"tax"}
    before = len(released(rig))
    for _ in range(5):
        scene.sweep(rig)
        rig.dispatch()
    assert len(released(rig)) == before == 1, "what still stands in its way has not changed"
    scene.with_site(rig, lambda frappe: [frappe.db.bulk_insert("Xero Tax Mapping", list(row), [tuple(row.values())]) for row in taxes])
    scene.sweep(rig)
    scene.settle(rig)
    scene.assert_once(rig, [record])


def released(rig: Rig) -> list[dict[str, Any]]:
    """The history's lines that a step was released by its cure."""
    return [row for row in retried(rig) if row["message"] == CHANGED]


def retried(rig: Rig) -> list[dict[str, Any]]:
    """The history's lines that a step goes again."""
    with rig.frappe() as frappe:
        return frappe.get_all("Xero Sync Log", filters={"event": "Retry"}, fields=["*"])


def test_a_choice_that_was_made_while_a_run_went_on_is_not_missed(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run has read its mapping before; the document is held by what the run knows, and the cause has not seen the choice."""
    (record,) = many(rig, 1)
    rows = without_account(rig)
    rig.play([record])
    from picortex_xero.engine import run

    claim = run.claim

    def meanwhile(context: Any, lease: Any) -> Any:
        # Xero's lists are read, and the mappings with them; what is claimed now is decided by those.
        if rows:
            with rig.frappe() as frappe:  # another process, as the database sees it
                for row in [rows.pop() for _ in list(rows)]:
                    frappe.db.bulk_insert("Xero Account Mapping", list(row), [tuple(row.values())])
                frappe.db.commit()
        return claim(context, lease)

    monkeypatch.setattr(run, "claim", meanwhile)
    rig.dispatch()
    assert scene.step(rig, record["name"], "invoice")["state"] == "Needs Attention"
    scene.sweep(rig)
    scene.settle(rig)
    scene.assert_once(rig, [record])


@pytest.mark.case("06")
@pytest.mark.parametrize(("what", "cap"), part([("bills", 5), ("invoices", 20)], 2))
def test_the_plan_allows_no_more_this_month_and_is_raised(rig: Rig, what: str, cap: int) -> None:
    rig.xero.person("set_plan", invoices=20, bills=5)
    add_user(rig.site, "admin@example.com", ["Xero Admin"])
    records = many(rig, cap + 6) if what == "invoices" else scene.bills(rig, cap + 6)
    scene.make_contacts(rig, records)
    rig.play(records)
    scene.settle(rig)
    assert len(scene.live(rig)) == cap
    assert [(row["kind"], row["cause_key"]) for row in causes(rig)] == [("plan", what)] * 6
    tries = len(scene.writes(rig, "Invoices"))
    for _ in range(30):
        rig.advance(HOUR)
        scene.sweep(rig)
        rig.dispatch()
    further = scene.writes(rig, "Invoices")[tries:]
    assert 4 <= len(further) <= 6, "one document after 1, 2, 4, 8, 16 hours"
    assert len(scene.live(rig)) == cap and len(notes(rig)) == 1, "people are told once"
    rig.xero.person("set_plan")
    for _ in range(26):
        rig.advance(HOUR)
        scene.sweep(rig)
        rig.dispatch()
    scene.assert_once(rig, records)
    assert causes(rig) == []


def notes(rig: Rig) -> list[dict[str, Any]]:
    """What people were told, of the steps."""
    with rig.frappe() as frappe:
        return frappe.get_all("Notification Log", filters={"document_type": "Xero Outbox Entry"}, fields=["*"])


@pytest.mark.case("06")
def test_a_new_month_lets_the_next_twenty_go(rig: Rig) -> None:
    rig.xero.person("set_plan", invoices=20)
    records = many(rig, 45)
    scene.make_contacts(rig, records)
    rig.play(records)
    scene.settle(rig)
    assert len(scene.live(rig)) == 20
    for _ in range(2):
        for _week in range(5):
            rig.advance(7 * 24 * HOUR)
            scene.sweep(rig)
            rig.dispatch()
        scene.settle(rig)
    scene.assert_once(rig, records)


@pytest.mark.case("06")
def test_refreshing_by_hand_says_that_the_plan_is_raised(rig: Rig) -> None:
    rig.xero.person("set_plan", invoices=1)
    records = many(rig, 4)
    rig.play(records)
    scene.settle(rig)
    rig.xero.person("set_plan")
    refresh(rig)
    scene.settle(rig)
    scene.assert_once(rig, records)


def refresh(rig: Rig) -> None:
    """A person presses Refresh From Xero."""
    from picortex_xero.api import connect

    scene.with_site(rig, lambda frappe: connect.refresh(rig.connection))


def search(rig: Rig) -> None:
    """The hourly searches."""
    from picortex_xero.engine import jobs

    scene.with_site(rig, lambda frappe: jobs.find_missed())


def an_hour(rig: Rig) -> None:
    """An hour in which the site is alive, so that there is no gap after which Xero's lists would be compared; then the searches, the sweep
    and what they start."""

    def alive(frappe: Any) -> None:
        from picortex_xero.engine import heartbeat

        for _ in range(HOUR // ALIVE):
            rig.advance(ALIVE)
            heartbeat.beat(rig.connection)

    scene.with_site(rig, alive)
    search(rig)
    scene.sweep(rig)
    scene.settle(rig)


@pytest.mark.case("12")
@pytest.mark.parametrize("lock", ["period", "year_end"])
def test_a_lock_that_is_moved_in_xero_releases_without_anybody_pressing(rig: Rig, lock: str) -> None:
    records = many(rig, 6)
    scene.make_contacts(rig, records)
    rig.xero.person("set_lock_dates", **{lock: "2030-01-01"})
    rig.play(records)
    scene.settle(rig)
    assert rig.counts().get("Held") == 6
    assert {(row["code"], row["kind"]) for row in causes(rig)} == {("locked", "lock")}
    # The first look only learns that the books are locked.
    for _ in range(3):
        an_hour(rig)
    asked, tries = rig.xero.call_count(), len(scene.writes(rig, "Invoices"))
    an_hour(rig)
    assert rig.xero.call_count() - asked <= 8 and len(scene.writes(rig, "Invoices")) - tries <= 1, "looked at hourly, one is tried"
    rig.xero.person("set_lock_dates")
    an_hour(rig)
    scene.assert_once(rig, records)
    asked = rig.xero.call_count()
    rig.advance(HOUR)
    search(rig)
    assert rig.xero.call_count() == asked, "nothing waits: the lists are left alone"


@pytest.mark.case("12")
def test_a_currency_that_is_switched_on_in_xero_releases(rig: Rig) -> None:
    foreign = [r for r in rig.documents if r["doctype"] == "Sales Invoice" and r["event"] == "submit" and r["doc"]["currency"] != "NZD"]
    records = [scene.copied(foreign[0], f"FX-{at}") for at in range(3)]
    rig.xero.person("set_currencies", currencies=["NZD"])
    refresh(rig)
    rig.play(records)
    scene.settle(rig)
    code = foreign[0]["doc"]["currency"]
    assert {(row["code"], row["kind"], row["cause_key"]) for row in causes(rig)} == {("currency-off", "currency", code)}
    rig.xero.person("set_currencies", currencies=["NZD", code])
    rig.advance(HOUR)
    search(rig)
    scene.sweep(rig)
    scene.settle(rig)
    assert len(scene.live(rig)) == 3 and causes(rig) == []


@pytest.mark.case("12")
@pytest.mark.parametrize("cure", ["restored", "mapped"])
def test_an_account_that_was_archived_in_xero(rig: Rig, cure: str) -> None:
    records = many(rig, 3)
    scene.make_contacts(rig, records)
    rig.xero.person("archive_account", Code=SALES)
    rig.play(records)
    scene.settle(rig)
    assert {row["code"] for row in causes(rig)} & {"account-archived", "account-not-allowed"}
    assert ("xero account", SALES) in {(row["kind"], row["cause_key"]) for row in causes(rig)}
    search(rig)
    if cure == "restored":
        rig.xero.person("edit_account", Code=SALES, Status="ACTIVE")
        rig.advance(HOUR)
        search(rig)
    else:
        map_again(rig, without_account(rig), by_sql=True, code="260")
    # Restored before anybody read that it was archived: no list ever shows a difference, and one document is tried.
    for _ in range(1 if cure == "mapped" else 2):
        scene.sweep(rig)
        scene.settle(rig)
    assert len(scene.live(rig)) == 3 and causes(rig) == []


@pytest.mark.case("12")
def test_a_party_that_is_corrected(rig: Rig) -> None:
    records = scene.of_one_customer(rig, 3)
    customer = records[0]["doc"]["customer"]
    right = rename(rig, customer, "Kauri <b> Supplies")
    rig.play(records)
    scene.settle(rig)
    assert [(row["code"], row["kind"], row["cause_key"]) for row in causes(rig)] == [
        ("contact-name-invalid", "party", f"Customer | {customer}")
    ]
    rename(rig, customer, right)
    scene.sweep(rig)
    scene.settle(rig)
    scene.assert_once(rig, records)


def rename(rig: Rig, customer: str, name: str) -> str:
    """A person types another name; returns the former."""

    def work(frappe: Any) -> str:
        doc = frappe.get_doc("Customer", customer)
        former, doc.customer_name = doc.customer_name, name
        doc.modified = frappe.utils.now_datetime()
        storage.store(doc.as_dict())
        return str(former)

    return str(scene.with_site(rig, work))


def test_an_archived_contact_is_tried_now_and_then(rig: Rig) -> None:
    records = scene.of_one_customer(rig, 3)
    scene.make_contacts(rig, records)
    (contact,) = rig.xero.documents("Contacts")
    rig.xero.person("edit_contact", ContactID=contact["ContactID"], ContactStatus="ARCHIVED")
    rig.play(records)
    scene.settle(rig)
    assert {row["code"] for row in causes(rig)} == {"contact-archived"}
    rig.xero.person("edit_contact", ContactID=contact["ContactID"], ContactStatus="ACTIVE")
    for _ in range(4):
        rig.advance(HOUR)
        scene.sweep(rig)
        rig.dispatch()
    assert len(scene.live(rig)) == 3 and causes(rig) == []


def test_a_person_retries_all_of_one_cause(rig: Rig) -> None:
    records = many(rig, 7)
    rows = without_account(rig)
    rig.play(records)
    scene.settle(rig)
    from picortex_xero.api import status

    def figures(frappe: Any) -> list[dict[str, Any]]:
        return list(status.overview()[0]["causes"])

    (cause,) = scene.with_site(rig, figures)
    assert (cause["code"], cause["kind"], cause["waiting"]) == ("account-unmapped", "account", 7)
    assert cause["key"] in {row["account"] for row in rows} and cause["key"] in cause["reason"] and cause["cure"]
    (own,) = scene.with_site(rig, lambda frappe: status.document_status("Sales Invoice", records[0]["name"])["causes"])
    assert own == {"code": "account-unmapped", "kind": "account", "key": cause["key"], "waiting": 7}
    again = scene.with_site(rig, lambda frappe: status.retry_cause(rig.connection, cause["kind"], cause["key"], cause["code"]))
    assert again == {"released": 7, "waiting": 0}
    assert len(retried(rig)) == 7
    scene.settle(rig)
    assert len({row["step"] for row in causes(rig)}) == 7, "nothing was cured"


def test_what_may_be_in_xero_is_never_released_by_itself(rig: Rig) -> None:
    """A step of which Xero may have a record is a person's, whatever else it waits for."""
    (record,) = many(rig, 1)
    rows = without_account(rig)
    rig.play([record])
    scene.settle(rig)
    name = scene.step(rig, record["name"], "invoice")["name"]
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Outbox Entry", name, {"kept_by": "some attempt"}))
    map_again(rig, rows, by_sql=True)
    for _ in range(3):
        scene.sweep(rig)
    assert scene.step(rig, record["name"], "invoice")["state"] == "Needs Attention"
    assert not released(rig)


def test_steps_of_the_former_release_get_their_causes(rig: Rig) -> None:
    records = many(rig, 5)
    rows = without_account(rig)
    rig.play(records)
    scene.settle(rig)
    scene.with_site(rig, lambda frappe: frappe.db.delete("Xero Step Cause", {"connection": rig.connection}))
    from picortex_xero.patches.v0_2 import note_causes

    for _twice in range(2):
        scene.with_site(rig, lambda frappe: note_causes.execute())
        assert [(row["code"], row["kind"], row["cause_key"]) for row in causes(rig)] == [("account-unmapped", "account", "")] * 5
    scene.sweep(rig)
    assert rig.counts().get("Needs Attention") == 5
    map_again(rig, rows, by_sql=True)
    scene.sweep(rig)
    scene.settle(rig)
    scene.assert_once(rig, records)


def test_however_many_causes_there_are_each_is_looked_at(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """More keys than one minute compares, more steps than one page moves: the next minute goes on where the last one ended."""
    from picortex_xero.engine import release

    monkeypatch.setattr(release, "KEYS", 3)
    monkeypatch.setattr(release, "KEY_PAGES", 2)
    monkeypatch.setattr(release, "PAGE", 2)
    records, rows = on_accounts(rig, 14)
    rig.play(records)
    scene.settle(rig)
    assert len({row["cause_key"] for row in causes(rig)}) == 14
    map_again(rig, rows[9:], by_sql=True)
    left = []
    for _minute in range(5):
        scene.sweep(rig)
        left.append(len(causes(rig)))
    assert left[0] == 14 and left[-1] == 9, left
    map_again(rig, rows[:9], by_sql=True)
    for _minute in range(5):
        scene.sweep(rig)
    assert causes(rig) == []
    scene.settle(rig)
    scene.assert_once(rig, records)


def test_two_workers_release_each_step_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one has read its page before the first one moved the steps."""
    from picortex_xero.accounting.causes import Cause
    from picortex_xero.engine import causes as rows_of
    from picortex_xero.engine import outbox, release

    records = many(rig, 5)
    rows = without_account(rig)
    rig.play(records)
    scene.settle(rig)
    map_again(rig, rows, by_sql=True)
    (key,) = {row["cause_key"] for row in causes(rig)}
    with rig.frappe():
        page = rows_of.page(rig.connection, Cause("account", key), 100)
        stale = outbox.named([row["step"] for row in page])
    scene.sweep(rig)
    assert len(released(rig)) == 5
    with rig.frappe():
        monkeypatch.setattr(rows_of, "page", lambda *_given, **_named: page)
        monkeypatch.setattr(outbox, "named", lambda _names: [dict(row) for row in stale])
        assert release.of_cause(rig.connection, Cause("account", key)) == 0
    assert len(released(rig)) == 5 and not [row for row in retried(rig) if "pressed" in row["message"]]
    monkeypatch.undo()
    scene.settle(rig)
    scene.assert_once(rig, records)


def test_one_step_that_cannot_be_released_keeps_no_other(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    records = many(rig, 4)
    rows = without_account(rig)
    rig.play(records)
    scene.settle(rig)
    map_again(rig, rows, by_sql=True)
    from picortex_xero.engine import outbox

    decide_anew, bad = outbox.decide_anew, records[1]["name"]

    def odd(row: Any, **fields: Any) -> bool:
        if row["reference_name"] == bad:
            raise ValueError("odd")
        return bool(decide_anew(row, **fields))

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "decide_anew", odd)
        for _minute in range(3):
            scene.sweep(rig)
    assert len(released(rig)) == 3
    assert len([each for each in scene.error_log(rig) if "could not be released" in each["method"]]) == 1
    scene.settle(rig)
    scene.assert_once(rig, [record for record in records if record["name"] != bad])


def test_what_cannot_be_looked_at_keeps_nothing_from_being_sent(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import cures

    held, sent = many(rig, 2)
    rows = without_account(rig)
    rig.play([held])
    scene.settle(rig)
    map_again(rig, rows, by_sql=True)
    monkeypatch.setattr(cures.Cures, "looks", lambda *_given: 1 / 0)
    rig.play([sent])
    scene.sweep(rig)
    rig.dispatch()
    assert len(scene.live(rig)) == 1
    assert any("could not be looked at" in each["method"] for each in scene.error_log(rig))


def test_an_address_of_the_party_counts_as_the_party(rig: Rig) -> None:
    """Addresses and contact persons are documents of their own, tied to the party by Dynamic Links."""
    from picortex_xero.accounting import causes as kinds
    from picortex_xero.engine.cures import Cures
    from sandbox.host import core_doctypes, tables

    customer, other = (record["doc"]["customer"] for record in scene.of_different_customers(rig, 2))
    made = {"creation": "2026-10-01 09:00:00", "modified": "2026-10-01 09:00:00"}

    def look(frappe: Any) -> dict[Any, str]:
        return dict(Cures(rig.connection).looks([kinds.party("Customer", customer), kinds.party("Customer", other)]))

    def install(frappe: Any) -> None:
        tables.install(core_doctypes._doctype("Dynamic Link", "link_doctype:Data link_name:Data", istable=1))
        tables.install(core_doctypes._doctype("Address", "city:Data links:Table:Dynamic_Link", autoname="prompt"))
        tables.install(core_doctypes._doctype("Contact", "first_name:Data links:Table:Dynamic_Link", autoname="prompt"))
        row = {"doctype": "Dynamic Link", "idx": 1, "link_doctype": "Customer", "link_name": customer}
        storage.store({"doctype": "Address", "name": "Office", "city": "Levin", "links": [row], **made})

    scene.with_site(rig, install)
    before = scene.with_site(rig, look)
    scene.with_site(rig, lambda frappe: storage.change("Address", "Office", {"city": "Otaki", "modified": "2026-10-02 09:00:00"}))
    after = scene.with_site(rig, look)
    assert before[kinds.party("Customer", customer)] != after[kinds.party("Customer", customer)]
    assert before[kinds.party("Customer", other)] == after[kinds.party("Customer", other)]


def test_a_party_that_was_changed_just_now_is_looked_at_once_more(rig: Rig) -> None:
    """What was decided may have been decided on an older state of it: its look is unsettled for some minutes, then it settles for good."""
    from picortex_xero.accounting import causes as kinds
    from picortex_xero.engine.cures import UNKNOWN_SOON, Cures

    record = scene.invoices(rig)[0]
    cause = kinds.party("Customer", record["doc"]["customer"])

    def look(frappe: Any, ago: int) -> str:
        moment = frappe.utils.now_datetime() - timedelta(minutes=ago)
        frappe.db.set_value("Customer", record["doc"]["customer"], {"modified": moment}, update_modified=False)
        return str(Cures(rig.connection).looks([cause])[cause])

    assert scene.with_site(rig, lambda frappe: look(frappe, 2)).endswith(UNKNOWN_SOON)
    assert not scene.with_site(rig, lambda frappe: look(frappe, 20)).endswith(UNKNOWN_SOON)
