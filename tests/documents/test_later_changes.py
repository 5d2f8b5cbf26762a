"""A document that was changed here after it had gone to Xero: what is compared, what is taken back and entered again, what a person
decides."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents import fingerprint_1, fingerprint_2
from picortex_xero.documents.base import Doc, Plan
from picortex_xero.documents.decisions import (
    Ask,
    Decision,
    Done,
    Hold,
    LookAgain,
    Overtake,
    Overtaken,
    Release,
    Remember,
    Seen,
    Send,
    Wait,
)
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.invoice.invoice import invoice
from picortex_xero.documents.registry import fingerprint, room_with
from picortex_xero.documents.step import ASKED, OWED, PUT_BACK
from picortex_xero.documents.unchanged import Renaming
from tests.documents.scene import BILL, INVOICE, JOURNAL, PAID, Scene, books, named, step, who
from tests.scene.documents import item, reference, tax_row

BOOKS = books()
UPDATES = replace(BOOKS, update_changed=True)
RETURN = {
    **INVOICE,
    "name": "CN-1",
    "is_return": 1,
    "return_against": "SINV-1",
    "items": [item(-100.0, -1)],
    "taxes": [tax_row(-15.0)],
    "grand_total": -115.0,
}
RECORDS = [(INVOICE, "invoice", "Invoices"), (PAID, "payment", "Payments"), (JOURNAL, "journal", "ManualJournals")]


def decided(found: Plan | Decision) -> Decision:
    assert isinstance(found, Decision), found
    return found


def problem(decision: Decision) -> Any:
    assert isinstance(decision.outcome, Hold) and len(decision.outcome.problems) == 1, decision
    return decision.outcome.problems[0]


# Of every document.
@pytest.mark.parametrize(("doc", "part", "endpoint"), RECORDS)
def test_a_document_that_says_what_was_sent_is_done(doc: Doc, part: str, endpoint: str) -> None:
    scene = Scene(doc)
    scene.link(doc, part, "x1", endpoint, fingerprint=fingerprint(doc))
    former = scene.step(doc, "recheck-1", "Needs Attention")
    decision = decided(scene.decided(doc, "recheck-2"))
    assert isinstance(decision.outcome, Done) and decision.effects == (Overtake(former.name, "It is looked at again"),)


def test_what_people_entered_in_xero_is_a_persons_and_stays_there() -> None:
    scene = Scene(PAID)
    scene.link(PAID, "payment", "p1", "Payments", fingerprint=fingerprint({**PAID, "posting_date": "2026-01-02"}), adopted=True)
    decision = decided(scene.decided(PAID, "recheck-1"))
    assert problem(decision).code == "other-than-entered-there" and problem(decision).held and not decision.effects
    scene.links = []
    scene.link(PAID, "payment", "p1", "Payments", fingerprint=fingerprint(PAID), adopted=True)
    assert isinstance(decided(scene.decided(PAID, "recheck-1")).outcome, Done)


def test_a_look_waits_for_what_is_on_its_way_but_for_no_note() -> None:
    scene = Scene(PAID)
    scene.link(PAID, "payment", "p1", "Payments", fingerprint=fingerprint(PAID))
    scene.step(PAID, "note-payment-1", "Sending")
    assert isinstance(decided(scene.decided(PAID, "recheck-1")).outcome, Done)
    coming = scene.step(PAID, "undo-payment-1", "Unknown")
    assert decided(scene.decided(PAID, "recheck-1")).outcome == Wait(on=coming.name)


def test_what_waits_of_a_document_that_is_not_in_xero_looks_at_it_as_it_is_now() -> None:
    scene = Scene(PAID)
    scene.link(PAID, "payment", "p1", "Payments", status="DELETED")
    held = scene.step(PAID, "payment", "Held")
    scene.step(PAID, "undo-payment-1", "Held")
    scene.step(PAID, "fee-1", "Needs Attention")
    decision = decided(scene.decided(PAID, "recheck-1"))
    assert isinstance(decision.outcome, Overtaken) and decision.effects == (Release(held.name),)


@pytest.mark.parametrize(("since", "same"), [("2026-10-21 00:00:00", True), ("2026-10-23 00:00:00", False)])
def test_a_renaming_of_what_is_named_is_no_change_but_only_a_later_one(since: str, same: bool) -> None:
    renamed = {**PAID, "paid_to": "Trading - KS"}
    scene = Scene(renamed)
    scene.link(renamed, "payment", "p1", "Payments", fingerprint=fingerprint(PAID), fingerprint_at=since)
    scene.renamings = [Renaming("2026-10-22 00:00:00.000000", "Account", "Bank - KS", "Trading - KS")]
    decision = decided(scene.decided(renamed, "recheck-1"))
    assert (decision.effects == (Seen("L-p1-1", fingerprint=fingerprint(renamed)),)) is same
    assert isinstance(decision.outcome, Done)


@pytest.mark.parametrize(("doc", "part", "endpoint"), RECORDS)
def test_a_link_with_the_fingerprint_of_the_former_formula_is_compared_by_that(doc: Doc, part: str, endpoint: str) -> None:
    scene = Scene(doc)
    scene.link(doc, part, "x1", endpoint, fingerprint=fingerprint_1.content(doc), fingerprint_version=1)
    decision = decided(scene.decided(doc, "recheck-1"))
    # Of an invoice, what was typed about its items had not been sent.
    second = Seen("L-x1-1", fingerprint=fingerprint_2.of_invoice(doc), version=2) if part == "invoice" else None
    assert isinstance(decision.outcome, Done) and decision.effects == (second or Seen("L-x1-1", fingerprint=fingerprint(doc)),)
    scene.links = []
    scene.link(doc, part, "x1", endpoint, fingerprint=fingerprint_1.content({**doc, "posting_date": "2026-01-02"}), fingerprint_version=1)
    assert scene.decided(doc, "recheck-1") != decision


def test_renamings_are_followed_back_one_after_the_other() -> None:
    renamed = {**PAID, "paid_to": "Third - KS"}
    scene = Scene(renamed)
    scene.link(renamed, "payment", "p1", "Payments", fingerprint=fingerprint(PAID), fingerprint_at="2026-10-21 00:00:00")
    newest_first = [("2026-10-24 00:00:00.000000", "Second - KS", "Third - KS"), ("2026-10-22 00:00:00.000000", "Bank - KS", "Second - KS")]
    scene.renamings = [Renaming(at, "Account", former, present) for at, former, present in newest_first]
    assert decided(scene.decided(renamed, "recheck-1")).effects == (Seen("L-p1-1", fingerprint=fingerprint(renamed)),)


def changed(before: dict[str, Any], now: dict[str, Any]) -> bool:
    return fingerprint(before) != fingerprint(now)


def test_what_says_something_else_to_xero_has_changed() -> None:
    assert changed(PAID, {**PAID, "references": []}) and changed(INVOICE, {**INVOICE, "due_date": "2027-01-01"})
    assert not changed(PAID, {**PAID, "remarks": "other"}) and not changed(INVOICE, {**INVOICE, "customer": "Renamed"})
    assert not changed(PAID, {**PAID, "references": [reference("SINV-1", 15.0), reference("SINV-1", 100.0)]}), "ERPNext splits rows"
    assert fingerprint({"doctype": "Customer", "name": "c", "creation": "2026-01-01"}) == ""


def test_a_save_after_the_submit_asks_for_a_look_or_for_allocations() -> None:
    """An invoice that changed is looked at again where it ever had a step; of a payment each invoice of which it settles more is one more
    allocation, numbered on and of the newest revision."""
    sale, other = room_with(INVOICE), {**INVOICE, "due_date": "2027-01-01"}
    assert sale.changed(INVOICE, other) and sale.changed(None, INVOICE) and not sale.changed(INVOICE, INVOICE)
    assert sale.after_change(INVOICE, other, [("invoice", 1), ("recheck-1", 1)]) == [("recheck-2", 1)]
    assert sale.after_change(INVOICE, other, []) == []
    payment, more = (
        room_with(PAID),
        {**PAID, "references": [reference("SINV-1", 115.0), reference("SINV-2", 5.0), reference("SINV-3", 6.0)]},
    )
    assert payment.changed(PAID, more) and not payment.changed(more, PAID) and not payment.changed(PAID, PAID)
    assert payment.after_change(PAID, more, []) == [("allocation-2", 1), ("allocation-3", 1)]
    assert payment.after_change(PAID, more, [("payment", 2), ("allocation-4", 1)]) == [("allocation-5", 2), ("allocation-6", 2)]


def test_a_journal_from_before_the_go_live_date_is_allocated() -> None:
    now = {"doctype": "Journal Entry", "accounts": [{"reference_type": "Sales Invoice", "reference_name": "SINV-1"}]}
    before, journal = {**now, "accounts": [{}]}, room_with(now)
    assert journal.after_change(before, now, []) == [("allocation-1", 1)]
    assert journal.after_change(before, now, [("journal", 1)]) == [("recheck-1", 1)]
    assert journal.after_change(now, now, []) == journal.after_change(None, now, []) == []


# What settles, journals and transfers.
def test_what_settles_other_invoices_is_taken_back_and_entered_again() -> None:
    unlinked = {**PAID, "references": []}
    scene = Scene(unlinked)
    scene.link(unlinked, "payment", "p1", "Payments", fingerprint=fingerprint(PAID))
    scene.link(unlinked, "fee", "b1", "BankTransactions", fingerprint=fingerprint(PAID))
    scene.link(unlinked, "payment", "p0", "Payments", number=2, status="DELETED")
    scene.step(unlinked, "payment", "Synced", revision=2)
    unsent = scene.step(unlinked, "payment-2", "Held")
    scene.step(unlinked, "undo-payment-2", "Held")
    decision = decided(scene.decided(unlinked, "recheck-1"))
    assert isinstance(decision.outcome, Done)
    assert decision.effects == (
        Overtake(unsent.name, "PAY-1 has changed here and is entered again"),
        Ask("undo-payment-1", revision=1),
        Ask("undo-fee-1", revision=1),
        Ask("payment", revision=3),
    )


def journal_scene() -> tuple[Scene, Doc]:
    now = {**JOURNAL, "posting_date": "2026-11-02"}
    scene = Scene(now)
    scene.link(now, "journal", "m1", "ManualJournals", fingerprint=fingerprint(JOURNAL))
    scene.step(now, "journal", "Synced")
    return scene, now


def test_a_changed_journal_is_a_persons_who_says_by_retry_that_the_change_was_made_in_xero() -> None:
    scene, now = journal_scene()
    decision = decided(scene.decided(now, "recheck-1"))
    assert problem(decision).code == "changed-after-submit" and problem(decision).held
    assert decision.effects == (Remember({"mark": ASKED}),)
    again = decided(scene.of(step(now, "recheck-1", mark=ASKED), now, UPDATES))
    assert isinstance(again.outcome, Done) and again.effects == (Seen("L-m1-1", fingerprint=fingerprint(now)),)


def test_a_changed_journal_is_entered_again_where_that_is_switched_on() -> None:
    scene, now = journal_scene()
    decision = decided(scene.decided(now, "recheck-1", UPDATES))
    assert isinstance(decision.outcome, Done)
    assert decision.effects == (Ask("undo-journal-1", revision=1), Ask("journal", revision=2))


# Advances.
def advance_scene(now: Doc, *allocated: tuple[str, str, str]) -> Scene:
    """An overpayment in Xero, allocated to these invoices: (id of the allocation, id of the invoice, amount)."""
    scene = Scene(now, INVOICE, BILL)
    scene.link(now, "payment", "o1", "Overpayments", fingerprint="before")
    for number, (xero_id, invoice_id, amount) in enumerate(allocated, 1):
        marker = {"InvoiceID": invoice_id, "Amount": amount}
        scene.link(now, "allocation", xero_id, "Overpayments/o1/Allocations", number, marker=marker, fingerprint="before")
        scene.step(now, f"allocation-{number}", "Synced")
    scene.link(INVOICE, "invoice", "i1", "Invoices")
    return scene


def test_an_advance_that_no_longer_settles_an_invoice_is_taken_off_it() -> None:
    now = {**PAID, "references": []}
    scene = advance_scene(now, ("a1", "i1", "115.00"))
    decision = decided(scene.decided(now, "recheck-1"))
    assert isinstance(decision.outcome, Done)
    seen = [Seen(link, fingerprint=fingerprint(now)) for link in ("L-o1-1", "L-a1-1")]
    assert sorted(map(str, decision.effects)) == sorted(map(str, [Ask("undo-allocation-1", revision=1), *seen]))


def test_an_advance_that_settles_less_of_an_invoice_is_allocated_anew() -> None:
    now = {**PAID, "references": [reference("SINV-1", 15.0)]}
    scene = advance_scene(now, ("a1", "i1", "115.00"))
    effects = decided(scene.decided(now, "recheck-1")).effects
    assert effects[:2] == (Ask("undo-allocation-1", revision=1), Ask("allocation-2", revision=1))


@pytest.mark.parametrize(("state", "asks"), [("Held", False), ("Synced", True)])
def test_an_invoice_on_its_way_is_allocated_by_a_step_that_waits_for_it(state: str, asks: bool) -> None:
    now = {**PAID, "references": [reference("SINV-2", 115.0)]}
    scene = advance_scene(now)
    scene.step(now, "allocation-3", state)
    effects = decided(scene.decided(now, "recheck-1")).effects
    assert (Ask("allocation-4", revision=1) in effects) is asks


def test_what_pays_a_changed_advance_back_is_looked_at_too() -> None:
    scene = advance_scene({**PAID, "references": []})
    refund = Identity("Payment Entry", "PAY-2", "2026-12-01 09:00:00.000000")
    scene.paying_back["o1"] = [refund]
    assert LookAgain(refund) in decided(scene.decided({**PAID, "references": []}, "recheck-1")).effects


def test_a_refund_is_known_with_the_advances_that_it_pays_back() -> None:
    refund = {**PAID, "name": "PAY-2", "payment_type": "Pay", "references": []}
    known = {**refund, "references": [{"reference_doctype": "Payment Entry", "reference_name": "PAY-1", "allocated_amount": -40.0}]}
    scene = Scene(refund)
    scene.link(refund, "payment", "p1", "Payments", fingerprint=fingerprint(known))
    scene.step(refund, "payment", "Synced")
    assert any(isinstance(each, Ask) for each in decided(scene.decided(refund, "recheck-1")).effects), "it pays nothing back any more"
    scene.paid_back[named(refund)] = [{"reference_doctype": "Payment Entry", "reference_name": "PAY-1", "allocated_amount": -40.0}]
    assert not decided(scene.decided(refund, "recheck-1")).effects


def test_a_journal_that_is_an_advance_is_allocated_as_the_payment_it_is() -> None:
    party = {"account": "Debtors - KS", "party_type": "Customer", "party": "Rata Builders", "account_type": "Receivable"}
    row = {"debit": 0.0, "debit_in_account_currency": 0.0}
    now = {
        **JOURNAL,
        "accounts": [
            {"account": "Bank - KS", "debit": 60.0, "credit": 0.0, "debit_in_account_currency": 60.0, "credit_in_account_currency": 0.0},
            {**party, **row, "credit": 60.0, "credit_in_account_currency": 60.0, "reference_type": "Sales Invoice", "reference_name": "SINV-1"},
        ],
    }  # fmt: skip
    scene = advance_scene(now)
    scene.accounts = {"Bank - KS": {"account_type": "Bank", "root_type": "Asset"}, "Debtors - KS": {"account_type": "Receivable"}}
    assert Ask("allocation-1", revision=1) in decided(scene.decided(now, "recheck-1")).effects


# Invoices and credit notes.
CHANGED = {**INVOICE, "po_no": "PO 7", "due_date": "2027-01-31"}


def element(doc: Doc, **fields: Any) -> dict[str, Any]:
    """An invoice as Xero shows it after this document was sent."""
    body = invoice(doc, BOOKS.mapping, "c1", BOOKS.site_url, BOOKS.instance, 1).body
    return {**body, "DueDateString": f"{body['DueDate']}T00:00:00", "Status": "AUTHORISED", **fields}


def compared(now: Doc, shown: dict[str, Any] | None, update: bool, **link: Any) -> Decision:
    scene = Scene(now)
    scene.link(now, "invoice", "i1", "Invoices", fingerprint=fingerprint(INVOICE), **link)
    scene.step(now, "invoice", "Synced")
    return scene.seen(scene.decided(now, "recheck-1", UPDATES if update else BOOKS), shown)


@pytest.mark.parametrize("update", [True, False])
def test_an_invoice_that_xero_shows_as_it_is_now_is_done(update: bool) -> None:
    decision = compared(CHANGED, element(CHANGED), update)
    assert isinstance(decision.outcome, Done)
    (seen,) = decision.effects
    assert isinstance(seen, Seen) and json.loads(seen.picture or "{}")["Date"] == CHANGED["posting_date"]
    assert replace(seen, picture=None) == Seen("L-i1-1", status="AUTHORISED", fingerprint=fingerprint(CHANGED))


def test_a_changed_invoice_is_a_persons_unless_it_is_to_be_changed_in_xero() -> None:
    found = problem(compared(CHANGED, element(INVOICE), False))
    assert found.code == "changed-after-submit" and found.held and "due date is 2027-01-31 here, 2026-10-25 in Xero" in found.message
    outcome = compared(CHANGED, element(INVOICE), True).outcome
    assert isinstance(outcome, Send)
    body = outcome.translation.body
    assert body["InvoiceID"] == "i1" and body["DueDate"] == "2027-01-31" and len(body["LineItems"]) == 1 and "Contact" not in body


def test_of_a_paid_invoice_only_what_is_no_line_is_changed() -> None:
    outcome = compared(CHANGED, element(INVOICE, AmountPaid="1"), True).outcome
    assert isinstance(outcome, Send) and not [name for name in outcome.translation.body if name.startswith("Line")]
    lines = {**INVOICE, "items": [item(60.0), item(40.0)]}
    assert "Xero changes no lines of what is paid or applied" in problem(compared(lines, element(INVOICE, AmountPaid="1"), True)).message
    assert isinstance(compared(lines, element(INVOICE), True).outcome, Send)


def test_a_changed_invoice_that_was_voided_in_xero_is_a_persons() -> None:
    decision = compared(CHANGED, element(INVOICE, Status="VOIDED"), True)
    assert problem(decision).code == "gone-from-xero" and decision.effects == (Seen("L-i1-1", status="VOIDED"),)


def test_an_invoice_that_was_in_xero_before_is_compared_with_nothing() -> None:
    scene = Scene(CHANGED)
    scene.link(CHANGED, "invoice", "i1", "Invoices", fingerprint=fingerprint(INVOICE), adopted=True)
    decision = decided(scene.decided(CHANGED, "recheck-1"))
    assert isinstance(decision.outcome, Done) and decision.effects == (Seen("L-i1-1", fingerprint=fingerprint(CHANGED)),)


def test_a_changed_return_is_compared_as_the_credit_note_it_is() -> None:
    now = {**RETURN, "items": [item(-100.0, -1, income_account="Freight - KS")]}
    scene = Scene(now)
    scene.link(now, "credit", "n1", "CreditNotes", fingerprint=fingerprint(RETURN))
    plan = scene.decided(now, "recheck-1", UPDATES)
    assert isinstance(plan, Plan) and plan.kind.name == "update-credit-note" and plan.chain == {who(now).digest}
    outcome = scene.seen(plan, {"Status": "AUTHORISED", "LineItems": []}).outcome
    assert isinstance(outcome, Send) and outcome.translation.body["CreditNoteID"] == "n1"
    assert problem(scene.seen(plan, {"Status": "AUTHORISED", "LineItems": [], "Allocations": [{}]})).code == "changed-after-submit"


def test_a_change_that_xero_cannot_take_says_what_is_wrong() -> None:
    now = {**INVOICE, "items": [item(100.0, income_account="Unmapped - KS")]}
    scene = Scene(now)
    scene.link(now, "invoice", "i1", "Invoices", fingerprint=fingerprint(INVOICE))
    assert "Unmapped - KS" in problem(decided(scene.decided(now, "recheck-1"))).message


# Marks.
def marked_scene(now: Doc) -> Scene:
    scene = Scene(now)
    scene.link(now, "invoice", "i1", "Invoices", fingerprint=fingerprint(INVOICE))
    scene.step(now, "invoice", "Synced")
    return scene


@pytest.mark.parametrize(("state", "first"), [("Pending", True), ("Held", False), ("Needs Attention", False)])
def test_a_look_at_what_is_about_to_be_put_back_is_left_to_that(state: str, first: bool) -> None:
    scene = marked_scene(CHANGED)
    back = scene.step(CHANGED, "recheck-1", state, mark=PUT_BACK)
    found = scene.decided(CHANGED, "recheck-2", UPDATES)
    if first:
        assert decided(found).outcome == Overtaken("It is put back in Xero as it is here") and not decided(found).effects
    else:
        decision = scene.seen(found, element(INVOICE))
        assert isinstance(decision.outcome, Send) and decision.effects == (Overtake(back.name, "It is looked at again"),)


def test_what_a_person_wants_back_is_not_overtaken_by_itself_or_another_one() -> None:
    scene = marked_scene(INVOICE)
    scene.step(INVOICE, "recheck-1", "Pending", mark=PUT_BACK)
    wanted = scene.of(step(INVOICE, "recheck-2", mark=PUT_BACK), INVOICE, BOOKS)
    outcome = scene.seen(wanted, element(INVOICE, DueDate="2027-03-01", DueDateString="2027-03-01T00:00:00")).outcome
    assert isinstance(outcome, Send) and outcome.translation.body["DueDate"] == INVOICE["due_date"]


@pytest.mark.parametrize("kind", ["", "update-invoice"])
def test_the_kind_of_its_request_says_nothing_of_what_is_wanted(kind: str) -> None:
    scene = marked_scene(INVOICE)
    wanted = scene.of(step(INVOICE, "recheck-1", mark=PUT_BACK, kind=kind, tries=2), INVOICE, BOOKS)
    assert isinstance(scene.seen(wanted, element(INVOICE, DueDate="2027-03-01", DueDateString="2027-03-01T00:00:00")).outcome, Send)
    asked = scene.of(step(INVOICE, "recheck-1", kind="put-back"), INVOICE, BOOKS)
    assert isinstance(decided(asked).outcome, Done)


def test_what_is_owed_no_more_before_anybody_has_seen_to_it_counts_as_seen_to_by_nobody() -> None:
    scene = marked_scene(INVOICE)
    decision = decided(scene.of(step(INVOICE, "recheck-1", mark=OWED, amount=Decimal(50)), INVOICE, BOOKS))
    assert isinstance(decision.outcome, Done) and Remember({"mark": ""}) in decision.effects
