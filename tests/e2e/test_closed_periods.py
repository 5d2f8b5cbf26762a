"""Documents dated in a period for which tax is filed: held in every path until a person decides, sent as a late claim or left out; cancels there are
credited on an open day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from sandbox.host.site import add_user
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.deductions import FEE, short
from tests.scene.deferrals import book, deferred
from tests.scene.desk import choose, create_openings, retry, search
from tests.scene.journals import entry, fee
from tests.scene.openings import as_opening
from tests.scene.paths import (
    Path,
    Records,
    approved,
    batched,
    books_of,
    mapped,
    money_held,
    pressed,
    rule_off,
    ruled,
    to_the_end,
    unlinked,
    up_to_what_holds,
    voided,
    without_mapping,
)
from tests.scene.payments import advance
from tests.scene.reading import press

pytestmark = pytest.mark.case("F13")
# After every recorded document, before today.
FILED = "2026-11-27"


def api(rig: Rig, function: str, **given: Any) -> Any:
    from picortex_xero.api import to_fix

    return scene.with_site(rig, lambda frappe: getattr(to_fix, function)(**given))


def _cancelled(rig: Rig, records: Records) -> None:
    rig.play([scene.cancelling(records[-1])])


def _taken_up(rig: Rig, records: Records) -> None:
    """Its step belongs to an import of history that has left it."""
    from picortex_xero.engine import slices

    def work(frappe: Any) -> None:
        run = slices.begin("Xero History Run", {"connection": rig.connection, "state": "Done", "mode": "History"})
        frappe.db.set_value("Xero Outbox Entry", {"reference_name": records[-1]["name"]}, "history_run", run)

    scene.with_site(rig, work)


def paths(rig: Rig) -> list[Path]:
    """Every way on which something goes to Xero."""
    chains = scene.settlements(rig)
    sales = [chain[0] for chain in chains[:9]]
    (*several, at_once), kept = scene.paid(rig, 2), short(rig, 7.0, FEE)
    journal = entry(rig, ("Office Rent", 10.0, {}), ("Travel Expenses", -10.0, {}), name="JV-LATE")
    books = [("Office Rent", 11.0, {}), ("Travel Expenses", -11.0, {})]
    return [
        Path("an invoice", later=[sales[1]]),
        Path("a bill", later=scene.bills(rig)),
        Path("a payment of what is in Xero", chains[-1][:-1], chains[-1][-1:]),
        Path("several payments at once", several, [at_once]),
        Path("a payment with a fee", later=kept),
        Path("a journal", later=[journal]),
        Path("money spent", later=[fee(rig, name="JV-FEE")]),
        Path("a transfer", later=[scene.transfer(rig, 20.0, "Cash")]),
        Path("an advance", later=[advance(rig)[0]]),
        Path("a return", [sales[2]], [scene.returned(sales[2])]),
        Path("an opening invoice", later=[as_opening(rig, sales[3], 1150.0)], then=lambda rig, _: (create_openings(rig), search(rig))),
        Path("a release of deferred income", [deferred(rig)], then=lambda rig, its: (book(rig, its[0], {"2026-10-31": 40.35}), search(rig))),
        Path("sent again", [sales[4]], meanwhile=voided, then=lambda rig, its: press(rig, "send_again", its[-1])),
        Path("an approval by a rule", [sales[5]], first=ruled("Hold for approval"), then=approved),
        Path("a rule that no longer skips it", [sales[6]], first=ruled("Skip"), then=rule_off),
        Path("a cause that is cured", [without_mapping(sales[7], rig)], then=mapped),
        Path("a payment that pays something else now", chains[-2], then=unlinked, expected="cancel-filed"),
        Path("a cancel", [entry(rig, *books, name="JV-GONE")], then=_cancelled, expected="cancel-filed"),
        Path("money that is released", later=chains[-3], meanwhile=money_held, then=lambda rig, _: api(rig, "release_all", connection=rig.connection)),
        Path("a batch sent now", later=[sales[8]], meanwhile=batched, then=pressed("send_now")),
        Path("an import of history", later=[chains[-4][0]], then=_taken_up),
    ]  # fmt: skip


def walked(rig: Rig, ways: Sequence[Path]) -> list[str]:
    """Go every way with a document of a period that is filed meanwhile: what went wrong."""
    up_to_what_holds(rig, ways)
    choose(rig, tax_filed_until=FILED)
    before, calls = books_of(rig), len(scene.writes(rig))
    rig.play([record for way in ways for record in way.later if not rig.steps(reference_name=record["name"])])
    to_the_end(rig, ways)
    wrong = []
    for way in ways:
        rows = rig.steps(reference_name=way.records[-1]["name"])
        if way.expected not in [row["reason_code"] for row in rows if row["state"] == "Held"]:
            wrong.append(f"{way.name}: {[(row['role'], row['state'], row['reason_code']) for row in rows]}")
    if books_of(rig) != before or len(scene.writes(rig)) != calls:
        wrong.append(f"{before} became {books_of(rig)} by requests to {[call['path'] for call in scene.writes(rig)[calls:]]}")
    return wrong


def causes(rig: Rig) -> dict[str, Any]:
    rows = api(rig, "causes", connection=rig.connection)["rows"]
    return {row["code"]: row for row in rows}


def test_every_path_holds_what_is_dated_in_a_filed_period_until_a_person_decides(rig: Rig) -> None:
    ways = paths(rig)
    assert walked(rig, ways) == []
    held = [row for row in rig.steps(state="Held", reason_code="tax-filed")]
    row = causes(rig)["tax-filed"]
    assert (row["kind"], row["key"], row["documents"]) == ("filed", FILED, len({each["reference_name"] for each in held}))
    assert row["button"]["act"] == "late" and "Tax is filed until" in row["title"] and float(row["amount"]) > 0

    # Retry and Send Now let nothing go. One is sent all the same, one is left out, one is said to be done by hand.
    names = {way.name: way.records[-1] for way in ways}
    first, left, by_hand = names["an invoice"], names["a bill"], names["a journal"]
    before = books_of(rig)
    assert retry(rig, first) == 1
    rig.dispatch()
    assert scene.step(rig, first["name"], "invoice")["state"] == "Held" and books_of(rig) == before
    assert api(rig, "send_late", doctype=first["doctype"], name=first["name"]) == 1
    assert api(rig, "send_late", doctype=first["doctype"], name=first["name"]) == 0, "it has gone"
    assert api(rig, "skip", doctype=left["doctype"], name=left["name"], reason="It was in the return") == 1
    press(rig, "done_by_hand", by_hand)
    rig.dispatch()
    gone = scene.step(rig, first["name"], "invoice")
    assert (gone["state"], gone["late_by"], gone["late_for"]) == ("Synced", "Administrator", "tax-filed") and gone["late_at"]
    assert [scene.step(rig, each["name"])["state"] for each in (left, by_hand)] == ["Skipped", "Skipped"]
    said = scene.with_site(
        rig, lambda frappe: frappe.get_all("Xero Sync Log", {"reference_name": first["name"], "event": "Chosen"}, pluck="message")
    )
    assert any("late claim" in str(each) for each in said)

    # All of the cause in one press.
    done = api(rig, "all_of_cause", connection=rig.connection, kind="filed", cause_key=FILED, code="tax-filed", decision="late")
    assert done["waiting"] == 0 and done["done"] == row["documents"] - 3
    # Its batch, and what money waits for, are decisions of their own.
    rig.dispatch()
    pressed("send_now")(rig, [names["a batch sent now"]])
    api(rig, "release_all", connection=rig.connection)
    scene.settle(rig)
    assert "tax-filed" not in causes(rig)
    late = {way.name for way in ways if way.expected == "tax-filed"} - {"a bill", "a journal"}
    for name in late:
        steps = rig.steps(reference_name=names[name]["name"])
        assert {each["state"] for each in steps} <= {"Synced", "Superseded"}, (
            name,
            [(each["role"], each["state"], each["reason"]) for each in steps],
        )
    assert not scene.error_log(rig)


def test_a_path_without_the_check_is_found(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.documents import closed_periods

    real = closed_periods.of_day
    monkeypatch.setattr(closed_periods, "of_day", lambda step, *given: () if step.history else real(step, *given))
    ways = [way for way in paths(rig) if way.name in ("an invoice", "an import of history")]
    wrong = walked(rig, ways)
    assert [each.partition(":")[0] for each in wrong][:1] == ["an import of history"] and len(wrong) == 2


def test_the_dates_and_who_decides(rig: Rig) -> None:
    sold, second, opening = *scene.invoices(rig, 2), as_opening(rig, scene.invoices(rig, 3)[2], 1150.0)
    dated = str(sold["doc"]["posting_date"])
    sent = entry(rig, ("Office Rent", 13.0, {}), ("Travel Expenses", -13.0, {}), name="JV-SENT")
    rig.play([sent])
    scene.settle(rig)

    # Nobody files a return for tomorrow; the date is the admin's, and its history keeps who entered it.
    with pytest.raises(Exception, match="still to come"):
        choose(rig, tax_filed_until="2099-01-01")
    choose(rig, tax_filed_until=FILED)
    said = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Sync Log", {"connection": rig.connection}, pluck="message"))
    assert any(str(each).startswith("Administrator entered that tax is filed until") for each in said)

    # Said beforehand, in the same words as afterwards.
    def preview(frappe: Any) -> Any:
        from picortex_xero.engine import preview as of_one

        return [
            (each.outcome, [problem.message for problem in each.problems])
            for each in of_one.preview(rig.connection, sold["doctype"], sold["name"])
        ]

    rig.play([sold])
    foretold = scene.with_site(rig, preview)
    scene.settle(rig)
    row = scene.step(rig, sold["name"], "invoice")
    assert foretold == [("Hold", [row["reason"]])] and row["reason_code"] == "tax-filed" and dated <= FILED

    # An Accountant sends it, an Auditor and a clerk do not.
    add_user(rig.site, "auditor@example.com", ["Xero Auditor", "Accounts User"])
    add_user(rig.site, "accountant@example.com", ["Xero Accountant", "Accounts User"])

    def late_by(user: str) -> Any:
        def work(frappe: Any) -> Any:
            from picortex_xero.api import to_fix

            frappe.set_user(user)
            return to_fix.together(decision="late", documents=[[sold["doctype"], sold["name"]]])

        return scene.with_site(rig, work)

    for user in ("auditor@example.com", "clerk@example.com"):
        with pytest.raises(Exception, match="Xero Admin, Xero Accountant|permission|allowed"):
            late_by(user)

    # The date is moved: what waited for it is decided anew, and nobody is asked.
    choose(rig, tax_filed_until="2020-01-31")
    scene.sweep(rig)
    rig.dispatch()
    assert scene.step(rig, sold["name"], "invoice")["state"] == "Synced"

    # The books in Xero begin later; opening documents bring what was before.
    create_openings(rig)
    choose(rig, tax_filed_until=None, conversion_date="2026-11-28")
    rig.play([second, opening])
    scene.settle(rig)
    row = causes(rig)["before-conversion"]
    assert (row["kind"], row["key"], row["documents"], row["button"]["act"]) == ("conversion", "2026-11-28", 1, "late")
    assert scene.step(rig, opening["name"], "invoice")["state"] == "Synced"
    choose(rig, tax_filed_until=FILED)
    retry(rig, second)
    scene.settle(rig)
    assert {"tax-filed", "before-conversion"} <= set(causes(rig)), "for both reasons"
    done = scene.with_site(rig, lambda frappe: _late(frappe, "accountant@example.com", second))
    assert done == {"done": 1, "left": [], "waiting": 0}
    scene.settle(rig)
    kept = scene.step(rig, second["name"], "invoice")
    assert (kept["state"], kept["late_by"], kept["late_for"]) == ("Synced", "accountant@example.com", "before-conversion tax-filed")

    # Cancelled in a filed period: an invoice is credited on an open day, of the rest a person has the instructions.
    assert "tax is filed until" in _before_cancel(rig, sold)
    rig.play([scene.cancelling(sold), scene.cancelling(sent)])
    scene.settle(rig)
    void = scene.step(rig, sold["name"], "void")
    assert (void["state"], void["reason_code"]) == ("Held", "cancel-filed") and "tax is filed until" in void["reason"]
    held = scene.step(rig, sent["name"], "void")
    assert held["state"] == "Held" and "debits and credits exchanged" in held["cure"]
    assert causes(rig)["cancel-filed"]["button"]["act"] == "say"
    assert press(rig, "credit_in_open_period", sold) == 1
    scene.settle(rig)
    (note,) = scene.live(rig, "CreditNotes")
    assert str(note["Date"]) > FILED and scene.step(rig, sold["name"], "void")["state"] == "Synced"
    # Once the date is gone, the rest goes by itself.
    choose(rig, tax_filed_until=None)
    scene.sweep(rig)
    scene.settle(rig)
    assert scene.live(rig, "ManualJournals") == [] and not scene.error_log(rig)


def _late(frappe: Any, user: str, record: scene.Record) -> Any:
    from picortex_xero.api import to_fix

    frappe.set_user(user)
    return to_fix.together(decision="late", documents=[[record["doctype"], record["name"]]])


def _before_cancel(rig: Rig, record: scene.Record) -> str:
    def work(frappe: Any) -> str:
        from picortex_xero.api import why

        return str(why.before_cancel(record["doctype"], record["name"]))

    return str(scene.with_site(rig, work))
