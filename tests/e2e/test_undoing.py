"""An undo takes back in Xero what was sent, in the order in which Xero lets it go, whatever is interrupted; the documents stand here and are not sent again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import history, rules
from tests.scene import rig as scene
from tests.scene.counter import counter_sale
from tests.scene.deductions import FEE, short
from tests.scene.deferrals import book, deferred
from tests.scene.desk import choose, search
from tests.scene.journals import entry, fee
from tests.scene.payments import advance, match
from tests.scene.reading import begin, read
from tests.scene.reading import press as desk
from tests.scene.undoing import all_sent, head, marked, press, rows, slice_of, through

KINDS = ("Invoices", "CreditNotes", "Payments", "BatchPayments", "ManualJournals", "BankTransactions", "BankTransfers")


def month(rig: Rig) -> list[scene.Record]:
    """One of each: an invoice with its payment, several in one payment, a fee, a return taken off its invoice, a bill, journals, a transfer, a release."""
    chains = scene.settlements(rig)
    sold = chains[5][0]
    made = [
        *chains[-1],
        *short(rig, 7.0, FEE),
        *scene.paid(rig, 2),
        sold,
        scene.returned(sold),
        *scene.bills(rig, 2),
        entry(rig, ("Office Rent", 10.0, {}), ("Travel Expenses", -10.0, {}), name="JV-1"),
        fee(rig, name="JV-FEE"),
        scene.transfer(rig, 20.0, "Cash"),
    ]
    known: dict[str, scene.Record] = {}
    for record in made:
        known.setdefault(record["name"], record)
    return list(known.values())


def standing(rig: Rig) -> dict[str, int]:
    return {kind: len(scene.live(rig, kind)) for kind in KINDS}


def books(rig: Rig) -> dict[str, Any]:
    """Totals of what counts in Xero's books; a contact moves nothing."""
    totals = rig.xero.ledger(parts="totals")["totals"][rig.xero.tenant]
    return {
        name: row
        for name, row in totals.items()
        if not any(each in name for each in ("VOIDED", "DELETED", "Contacts/", "Accounts/")) and row["total"]
    }


def api(rig: Rig, function: str, **given: Any) -> Any:
    from picortex_xero.api import undoing

    return scene.with_site(rig, lambda frappe: getattr(undoing, function)(**given))


def test_a_month_is_sent_and_undone_and_nothing_of_it_stands(rig: Rig) -> None:
    records = month(rig)
    rig.play(records)
    scene.settle(rig)
    made = standing(rig)
    assert made["Invoices"] >= 7 and min(made.values()) >= 1, made
    contacts = len(rig.xero.documents("Contacts"))

    run = marked(rig, **all_sent(rig))
    known, its = head(rig, run), rows(rig, run)
    assert known["state"] == "Ready" and known["documents"] == len(its) == len(records)
    assert {row["mark"] for row in its.values()} == {"Undoable Unless Locked"} and known["approved"] >= 8
    assert standing(rig) == made, "nothing is done before somebody presses Undo"
    calls = len(scene.writes(rig))

    page = api(rig, "shown", connection=rig.connection)
    assert page["decides"] and page["run"]["name"] == run and [each["mark"] for each in page["run"]["marks"]] == ["Undoable Unless Locked"]
    assert any("are voided" in each and "numbers are used up" in each for each in page["run"]["said"])
    listed = api(rig, "documents", undo_run=run, mark="Undoable Unless Locked")
    assert {row["name"] for row in listed["rows"]} == set(its) and all(row["why"] for row in listed["rows"])
    assert api(rig, "documents", undo_run=run, mark="By Hand Only")["rows"] == []
    assert press(rig, "start", run) is True and press(rig, "start", run) is False
    done = through(rig, run)
    assert (done["state"], done["undone"], done["with_person"]) == ("Done", len(records), 0), rows(rig, run)
    assert standing(rig) == dict.fromkeys(KINDS, 0) and not books(rig) and len(rig.xero.documents("Contacts")) == contacts
    assert {row["state"] for row in rows(rig, run).values()} == {"Undone"} and len(scene.writes(rig)) > calls
    for each in records:
        with rig.frappe() as frappe:
            assert frappe.db.get_value(each["doctype"], each["name"], "docstatus") == 1, "it stands here"
    mine = [row for row in rig.steps() if row["role"] in ("invoice", "credit", "payment", "journal")]
    assert {(row["state"], row["reason_code"], row["undo_run"]) for row in mine} == {("Skipped", "undone-in-xero", run)}
    assert not scene.error_log(rig)

    # Nothing sends it again by itself; what is released of deferred income afterwards has nothing to stand on.
    calls = len(scene.writes(rig))
    assert search(rig) == 0
    scene.sweep(rig)
    rig.dispatch()
    assert len(scene.writes(rig)) == calls and standing(rig) == dict.fromkeys(KINDS, 0)
    # A person sends one again: under a number of its own, since that of before is used up; its cancel takes it back.
    sold = next(each for each in records if each["doctype"] == "Sales Invoice")
    assert desk(rig, "send_again", sold) == 1
    scene.settle(rig)
    (again,) = scene.live(rig)
    assert again["InvoiceNumber"] == f"{sold['name']}-R1"
    rig.play([scene.cancelling(sold)])
    scene.settle(rig)
    assert not scene.live(rig) and not scene.error_log(rig)


def test_what_a_person_has_to_do_is_said_before_and_goes_on_by_itself(rig: Rig) -> None:
    chains = scene.settlements(rig)
    (paid, receipt), edited, closed, used = chains[-1], chains[-2][0], chains[-3][0], chains[-4][0]
    ahead, sales = advance(rig)
    counter = counter_sale(rig, chains[-5][0], [("Cash", scene.total(chains[-5][0]))])
    deferring, journal = deferred(rig), entry(rig, ("Office Rent", 10.0, {}), ("Travel Expenses", -10.0, {}), name="JV-1")
    records = [paid, receipt, edited, closed, used, ahead, counter, deferring, journal]
    rig.play(records)
    book(rig, deferring, {"2026-10-31": 40.35})
    search(rig)
    begin(rig)
    by_number = {each["InvoiceNumber"]: each for each in scene.live(rig)}
    rig.xero.person("pay_invoice", InvoiceID=by_number[used["name"]]["InvoiceID"], Amount="1.00", Date="2026-11-08")
    rig.xero.person("edit_invoice", InvoiceID=by_number[edited["name"]]["InvoiceID"], DueDate="2026-12-24", Date="2026-11-20")
    read(rig)

    # The whole selection but the receipt: the invoice that it pays cannot go without it.
    names = [row["name"] for row in rig.steps() if row["reference_name"] not in (receipt["name"], closed["name"], journal["name"])]
    chosen = api(rig, "mark_selected", steps=names)
    run = chosen["run"]
    slice_of(rig, run)
    its = rows(rig, run)
    marks = {name: row["mark"] for name, row in its.items()}
    assert marks == {
        **{paid["name"]: "By Hand Only", edited["name"]: "By Hand Only", used["name"]: "By Hand Only", ahead["name"]: "By Hand Only"},
        **{counter["name"]: "Undoable Unless Locked", deferring["name"]: "Undoable Unless Locked"},
    }
    assert receipt["name"] in its[paid["name"]]["why"] and "over- or prepayment" in its[ahead["name"]]["why"]
    press(rig, "start", run)
    done = through(rig, run)
    its = rows(rig, run)
    assert (done["state"], done["undone"], done["with_person"]) == ("Done", 2, 4), its
    assert {name for name, row in its.items() if row["state"] == "Undone"} == {counter["name"], deferring["name"]}
    assert not scene.live(rig, "ManualJournals")[1:], "the release went with its invoice"
    assert "to be undone" in its[used["name"]]["said"] and "Remove" in its[used["name"]]["cure"]
    assert "changed in Xero since it was sent" in its[edited["name"]]["said"]

    # The payments go: the one by hand in Xero, the other by an undo of its own. Both invoices follow.
    (theirs,) = [each for each in scene.live(rig, "Payments") if str(each["Amount"]) in ("1", "1.00")]
    rig.xero.person("delete_payment", PaymentID=theirs["PaymentID"])
    desk(rig, "retry", used)
    second = marked(rig, what="Selected Documents", steps=tuple(row["name"] for row in rig.steps(reference_name=receipt["name"])))
    press(rig, "start", second)
    assert through(rig, second)["undone"] == 1
    desk(rig, "retry", paid)
    scene.settle(rig)
    assert api(rig, "shown", connection=rig.connection, undo_run=run)["run"]["with_person"] == 4 and rows(rig, run) == its, (
        "looking at the page changes nothing"
    )
    api(rig, "look_again", undo_run=run)
    its = rows(rig, run)
    assert {its[each["name"]]["state"] for each in (paid, used)} == {"Undone"}, its
    assert head(rig, run)["with_person"] == 2

    # In a period that is closed: an invoice by a credit note, by approval; a journal by hand.
    choose(rig, tax_filed_until="2026-11-27")
    third = marked(
        rig,
        what="Selected Documents",
        steps=tuple(row["name"] for row in rig.steps() if row["reference_name"] in (closed["name"], journal["name"])),
    )
    its = rows(rig, third)
    assert (its[closed["name"]]["mark"], its[journal["name"]]["mark"]) == ("By Credit Note Only", "By Hand Only")
    press(rig, "start", third)
    through(rig, third)
    its = rows(rig, third)
    assert {row["state"] for row in its.values()} == {"With a Person"} and "tax is filed until" in its[closed["name"]]["said"]
    assert desk(rig, "credit_in_open_period", closed) == 1
    scene.settle(rig)
    desk(rig, "done_by_hand", journal)
    caught_up(rig)
    assert {row["state"] for row in rows(rig, third).values()} == {"Undone"}
    assert not scene.error_log(rig)


def test_an_undo_that_is_over_begins_nothing_more_and_a_person_lets_it_stay(rig: Rig) -> None:
    ahead, (sold, *_others) = advance(rig)
    rig.play([ahead, sold])
    scene.settle(rig)

    def its_steps() -> dict[str, str]:
        return {row["role"]: row["state"] for row in rig.steps(reference_name=ahead["name"]) + rig.steps(reference_name="PAY-RENAMED")}

    names = tuple(row["name"] for row in rig.steps(reference_name=ahead["name"]))
    run = marked(rig, what="Selected Documents", steps=names)
    press(rig, "start", run)
    assert through(rig, run)["with_person"] == 1
    rig.advance(7 * 86400)
    match(rig, ahead, sold, Decimal("50"))
    # What it settles now is not left out: it waits until that is decided.
    api(rig, "look_again", undo_run=run)
    search(rig)
    scene.settle(rig)
    caught_up(rig)
    assert its_steps()["allocation-1"] == "Pending", its_steps()
    row = rows(rig, run)[ahead["name"]]
    assert row["state"] == "With a Person" and row["name"] == api(rig, "documents", undo_run=run)["rows"][0]["row"]

    assert api(rig, "let_stay", undo_run=run, document=row["name"]) is True
    assert api(rig, "let_stay", undo_run=run, document=row["name"]) is False
    scene.settle(rig)
    caught_up(rig)
    assert its_steps()["allocation-1"] == "Synced", its_steps()
    assert rows(rig, run)[ahead["name"]]["state"] == "Stays" and head(rig, run)["with_person"] == 0
    assert not [row for row in rig.steps(reference_name=ahead["name"]) if row["state"] in ("Held", "Needs Attention")]
    # Whoever wants it undone later after all begins again, and the allocation goes.
    second = marked(rig, what="Selected Documents", steps=names)
    renamed(rig, ahead, "PAY-RENAMED")
    assert list(rows(rig, second)) == ["PAY-RENAMED"]
    press(rig, "start", second)
    assert through(rig, second)["with_person"] == 1 and its_steps()["undo-allocation-1"] == "Synced"
    assert not scene.error_log(rig)


def test_one_document_that_fails_stops_no_other(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import undo_marks, undo_work

    bad, *good = records = scene.invoices(rig, 3)
    rig.play(records)
    scene.settle(rig)
    real_mark, real_one = undo_marks.mark, undo_work._one

    def marks(standing: Any, *given: Any) -> Any:
        if any(each.link.who.name == bad["name"] for each in standing):
            raise ValueError("odd data")
        return real_mark(standing, *given)

    def one(run: Any, row: Any, *given: Any) -> None:
        real_one(run, row, *given)
        if row["reference_name"] == bad["name"]:
            raise ValueError("odd data")

    monkeypatch.setattr(undo_marks, "mark", marks)
    monkeypatch.setattr(undo_work, "_one", one)
    run = marked(rig, **all_sent(rig))
    assert {name: row["mark"] for name, row in rows(rig, run).items()} == {
        bad["name"]: "By Hand Only",
        **{each["name"]: "Undoable Unless Locked" for each in good},
    }
    press(rig, "start", run)
    # While Xero's day has left only what live traffic is kept, no document is begun; then it goes on by itself.
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection State", rig.connection, "day_calls_left", 164))
    slice_of(rig, run)
    assert {row["state"] for row in rows(rig, run).values()} == {"Waiting"} and "kept for live traffic" in head(rig, run)["reason"]
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection State", rig.connection, "day_calls_left", 900))
    rig.advance(61)
    done = through(rig, run)
    assert (done["state"], done["undone"], done["with_person"]) == ("Done", 2, 1), rows(rig, run)
    assert "could not be undone" in rows(rig, run)[bad["name"]]["said"] and len(scene.live(rig)) == 1
    assert not [row for row in rig.steps(reference_name=bad["name"]) if row["undo_run"]], "what failed half way is rolled back"
    caught_up(rig)
    assert len(scene.error_log(rig)) == 2, "each is said once"


def renamed(rig: Rig, record: scene.Record, name: str) -> None:
    """The document is called so from now on; the host moves none of our rows."""

    def work(frappe: Any) -> None:
        from picortex_xero.documents.identity import identity
        from picortex_xero.engine import renames

        doctype, old = record["doctype"], record["name"]
        for table, field in ((doctype, "name"), ("Payment Entry Reference", "parent")):
            frappe.db.sql(f"UPDATE `tab{table}` SET `{field}`=%(new)s WHERE `{field}`=%(old)s", {"new": name, "old": old})
        renames.follow(identity(frappe.get_doc(doctype, name).as_dict()), old)

    scene.with_site(rig, work)


def caught_up(rig: Rig) -> None:
    import time

    from picortex_xero.engine import undoing

    scene.with_site(rig, lambda frappe: undoing.catch_up(rig.connection, time.monotonic() + 600))


def test_interrupted_it_ends_as_if_it_had_not_been_and_an_import_afterwards_doubles_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    from picortex_xero.engine import undo_work

    records = [each for chain in scene.settlements(rig)[:4] for each in chain] + scene.bills(rig, 2)
    history.before_going_live(rig, records)
    imported = history.begin(rig)
    with pytest.raises(Exception, match="Stop this import first"):
        marked(rig, what="An Import of History", history_run=imported)
    history.through(rig, imported)
    made = standing(rig)

    monkeypatch.setattr(undo_work, "AT_ONCE", 4)
    monkeypatch.setattr(undo_work, "PAGE", 3)
    run = marked(rig, what="An Import of History", history_run=imported)
    assert len(rows(rig, run)) == len(records) and head(rig, run)["unless_locked"] == len(records)
    press(rig, "start", run)

    # A worker dies in the middle of a page; Xero's answer to a void is lost; somebody pauses, and goes on.
    real, seen = undo_work._one, []

    def dies(*given: Any) -> None:
        seen.append(given)
        if len(seen) == 2:
            raise KeyboardInterrupt
        real(*given)

    monkeypatch.setattr(undo_work, "_one", dies)
    with pytest.raises(KeyboardInterrupt):
        slice_of(rig, run)
    monkeypatch.setattr(undo_work, "_one", real)
    rig.xero.fault("drop_after", method="POST", path="/Invoices$")
    rig.xero.fault("drop_after", method="POST", path="/Payments")
    rig.advance(360)
    slice_of(rig, run)
    rig.dispatch()
    assert press(rig, "pause", run) is True and press(rig, "pause", run) is False
    rig.advance(600)
    scene.sweep(rig)
    begun = {row["state"] for row in rows(rig, run).values()}
    slice_of(rig, run)
    assert "Waiting" in begun and {row["state"] for row in rows(rig, run).values()} == begun, "nothing begins while it is paused"
    assert press(rig, "resume", run) is True
    done = through(rig, run, 40)
    assert (done["state"], done["undone"], done["left_over"]) == ("Done", len(records), 0), rows(rig, run)
    assert standing(rig) == dict.fromkeys(KINDS, 0) and not books(rig)

    # Imported again: one of each, and undone again.
    again = history.begin(rig)
    row = history.through(rig, again)
    assert (row["state"], row["added"], row["known"]) == ("Done", len(records), 0)
    assert standing(rig) == made
    second = history.through(rig, history.begin(rig))
    assert (second["added"], second["known"]) == (0, len(records)) and standing(rig) == made, "once"
    last = marked(rig, what="An Import of History", history_run=again)
    press(rig, "start", last)
    assert through(rig, last, 40)["undone"] == len(records) and standing(rig) == dict.fromkeys(KINDS, 0)
    # A rule of today holds for what is in Xero no more.
    rules.make(rig, "Not these", "Skip", for_bills=1)
    history.through(rig, history.begin(rig, kinds=("Bill",)))
    bills = [row for row in rig.steps(reference_doctype="Purchase Invoice", role="invoice") if row["reason_code"] == "rule-skipped"]
    assert len(bills) == 2
    assert standing(rig) == dict.fromkeys(KINDS, 0)
    assert not scene.error_log(rig)


def test_it_goes_below_live_traffic_within_the_calls_of_imports_unless_somebody_wants_it_now(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    from picortex_xero.engine import history_budget

    records, later = scene.invoices(rig, 9)[:8], scene.invoices(rig, 9)[8:]
    rig.play(records)
    scene.settle(rig)
    run = marked(rig, **all_sent(rig))
    allowed = [0]
    monkeypatch.setattr(history_budget, "a_day", lambda _connection: allowed[0])
    press(rig, "start", run)

    def spent() -> int:
        return int(scene.with_site(rig, lambda _frappe: history_budget.spent(rig.connection)))

    def gone() -> int:
        return 8 - len([each for each in scene.live(rig) if each["InvoiceNumber"] in {one["name"] for one in records}])

    slice_of(rig, run)
    assert head(rig, run)["left_over"] == 8 and "press Take Back Now" in head(rig, run)["reason"], "nothing is begun without calls"
    # With calls for some it begins with as many, and live traffic goes before it.
    allowed[0] = 15
    rig.advance(70)
    slice_of(rig, run)
    assert head(rig, run)["left_over"] == 3
    rig.play(later)
    calls = len(scene.writes(rig, "Invoices"))
    rig.dispatch()
    methods = [call["method"] for call in scene.writes(rig, "Invoices")[calls:]]
    assert gone() == 5 and 0 < spent() <= 15 and methods == ["PUT", "POST"], "the document of today was first, then five are voided"
    # Its calls are no live traffic's.
    assert scene.with_site(rig, lambda _frappe: history_budget.live_a_day(rig.connection)) <= 1 + len(records)

    allowed[0] = spent()
    rig.advance(70)
    slice_of(rig, run)
    rig.dispatch()
    assert gone() == 5 and head(rig, run)["left_over"] == 3
    assert api(rig, "at_once", undo_run=run) is True and api(rig, "at_once", undo_run=run) is False
    assert api(rig, "shown", connection=rig.connection)["run"]["at_once"] == 1
    used = spent()
    assert through(rig, run)["undone"] == 8 and gone() == 8 and spent() == used
    assert len(scene.live(rig)) == 1 and not scene.error_log(rig)
    assert api(rig, "at_once", undo_run=run) is False, "it is over"
