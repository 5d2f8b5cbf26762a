"""Cancelled documents: in which order their records in Xero are voided or deleted, what that waits for, and what if Xero does not allow
it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents import registry
from picortex_xero.documents.base import Doc, Plan
from picortex_xero.documents.decisions import Ask, Decision, Done, Hold, LookAgain, Overtake, Overtaken, Say, Seen, Send, Skip, Wait
from picortex_xero.documents.settlement.document_in_xero import STAYS
from picortex_xero.documents.taking_back import NEVER_LAST
from picortex_xero.documents.unchanged import Renaming
from tests.documents.scene import CANCELLED, INVOICE, JOURNAL, PAID, Scene, named, step, who

GONE_PAYMENT = {**PAID, "docstatus": 2}
STUB = {"doctype": "Sales Invoice", "name": "SINV-1", "creation": INVOICE["creation"], "docstatus": 2, "posting_date": None}


def planned(found: Plan | Decision) -> Plan:
    assert isinstance(found, Plan), found
    return found


def decided(found: Plan | Decision) -> Decision:
    assert isinstance(found, Decision), found
    return found


def problem(decision: Decision) -> Any:
    """The one problem of a decision."""
    outcome = decision.outcome
    if isinstance(outcome, Wait):
        return outcome.problem
    assert isinstance(outcome, Hold) and len(outcome.problems) == 1
    return outcome.problems[0]


def sent(decision: Decision) -> dict[str, Any]:
    assert isinstance(decision.outcome, Send), decision
    return decision.outcome.translation.body


# Which record, and when.
def test_a_cancel_waits_for_what_is_on_its_way_but_for_no_note_or_file() -> None:
    scene = Scene(CANCELLED)
    scene.link(CANCELLED, "invoice", "i1", "Invoices")
    scene.step(CANCELLED, "note-invoice-1", "Sending")
    scene.step(CANCELLED, "attachment-print", "Unknown")
    scene.step(CANCELLED, "undo-payment-1", "Sending")
    assert planned(scene.decided(CANCELLED, "void")).xero_id == "i1"
    coming = scene.step(CANCELLED, "payment-1", "Unknown")
    assert decided(scene.decided(CANCELLED, "void")).outcome == Wait(on=coming.name)


def test_a_cancel_waits_until_it_is_known_which_record_is_the_documents() -> None:
    scene = Scene(CANCELLED)
    kept = scene.step(CANCELLED, "invoice", "Needs Attention", kept_by="a1")
    decision = decided(scene.decided(CANCELLED, "void"))
    assert isinstance(decision.outcome, Wait) and decision.outcome.on == kept.name and problem(decision).code == "waits-for-choice"
    assert not decision.effects, "it may be in Xero: nothing of it is given up"


@pytest.mark.parametrize(("doc", "overtakes"), [(CANCELLED, True), (INVOICE, False)])
def test_what_was_never_sent_of_a_cancelled_document_is_overtaken(doc: Doc, overtakes: bool) -> None:
    scene = Scene(doc)
    scene.link(doc, "payment", "p1", "Payments")
    unsent = [scene.step(doc, role, state) for role, state in (("payment-2", "Held"), ("fee-1", "Pending"), ("note-invoice-1", "Skipped"))]
    for role, state in (("invoice", "Synced"), ("note-cancel-invoice-1", "Pending"), ("void-payment-2", "Held")):
        scene.step(doc, role, state)
    decision = scene.seen(planned(scene.decided(doc, "undo-payment-1")), {"Status": "AUTHORISED"})
    assert sent(decision) == {"Status": "DELETED"}
    expected = [Overtake(each.name, "SINV-1 was cancelled before it was sent") for each in unsent] if overtakes else []
    assert list(decision.effects) == expected


def test_a_document_of_which_nothing_is_in_xero_needs_nothing() -> None:
    scene = Scene(CANCELLED)
    unsent = scene.step(CANCELLED, "invoice", "Held")
    decision = decided(scene.decided(CANCELLED, "void"))
    assert isinstance(decision.outcome, Overtaken) and decision.effects == (Overtake(unsent.name, decision.outcome.by),)
    scene.link(CANCELLED, "invoice", "i1", "Invoices", status="VOIDED")
    assert isinstance(decided(scene.decided(CANCELLED, "void")).outcome, Done)
    assert isinstance(decided(scene.decided(CANCELLED, "void-payment-1")).outcome, Overtaken), "there is no such record"


def test_a_former_document_of_the_same_name_keeps_its_records() -> None:
    scene = Scene(CANCELLED)
    former = {**CANCELLED, "creation": "2020-01-01 00:00:00"}
    scene.link(former, "invoice", "i0", "Invoices")
    scene.step(former, "invoice", "Sending")
    assert isinstance(decided(scene.decided(CANCELLED, "void")).outcome, Overtaken)


def test_the_last_record_goes_after_all_others_that_are_asked_for() -> None:
    scene = Scene(GONE_PAYMENT)
    scene.link(GONE_PAYMENT, "credit", "c1", "CreditNotes")
    scene.link(GONE_PAYMENT, "payment", "p1", "Payments")
    scene.link(GONE_PAYMENT, "payment", "p2", "Payments", number=2, status="DELETED")
    asked = Ask("void-payment-1", revision=1)
    decision = decided(scene.decided(GONE_PAYMENT, "void"))
    assert decision.effects == (asked,) and isinstance(decision.outcome, Wait) and decision.outcome.on == asked
    assert problem(decision).message == "Waits until what PAY-1 settled is taken back in Xero"
    there = scene.step(GONE_PAYMENT, "void-payment-1", "Needs Attention")
    decision = decided(scene.decided(GONE_PAYMENT, "void"))
    assert isinstance(decision.outcome, Wait) and decision.outcome.on == there.name
    scene.steps = [step(GONE_PAYMENT, "void-payment-1", "Synced")]
    assert planned(scene.decided(GONE_PAYMENT, "void")).xero_id == "c1", "nothing would ever release a step that waits for a finished one"


def test_the_newest_revision_is_the_one_that_goes_last() -> None:
    scene = Scene(GONE_PAYMENT)
    scene.link(GONE_PAYMENT, "payment", "p1", "Payments")
    scene.link(GONE_PAYMENT, "payment", "p2", "Payments", revision=2)
    plan = planned(scene.decided(GONE_PAYMENT, "void"))
    assert plan.xero_id == "p2" and scene.seen(plan, {"Status": "AUTHORISED"}).effects == (Ask("void-payment-1", revision=1),)
    assert planned(scene.decided(GONE_PAYMENT, "void-payment-1", revision=1)).xero_id == "p1"


@pytest.mark.parametrize("further", NEVER_LAST)
def test_the_last_record_is_the_documents_own(further: str) -> None:
    scene = Scene(CANCELLED)
    scene.link(CANCELLED, further, "x1", "ManualJournals" if further == "release" else "CreditNotes")
    scene.link(CANCELLED, "invoice", "i1", "Invoices")
    plan = planned(scene.decided(CANCELLED, "void"))
    assert plan.xero_id == "i1" and plan.link and plan.link.part == "invoice" and plan.kind.name == "void-invoice"
    assert scene.seen(plan, {"Status": "DRAFT"}).effects == (Ask(f"void-{further}-1", revision=1),)


def test_an_invoice_goes_after_what_settled_it_here() -> None:
    scene = Scene(CANCELLED)
    scene.link(CANCELLED, "invoice", "i1", "Invoices")
    scene.link(CANCELLED, "payment", "p1", "Payments", status="DELETED")
    scene.settling[named(CANCELLED)] = [named(PAID)]
    cancel = scene.step(PAID, "void", "Held")
    decision = decided(scene.decided(CANCELLED, "void"))
    assert isinstance(decision.outcome, Wait) and decision.outcome.on == cancel.name
    assert problem(decision).message == "Waits until PAY-1 is cancelled in Xero"
    scene.steps = [step(PAID, "void", "Needs Attention", reason_code=STAYS)]
    assert planned(scene.decided(CANCELLED, "void")).xero_id == "i1", "an overpayment that stays keeps no invoice"


def test_a_document_that_is_gone_is_taken_back_all_the_same() -> None:
    scene = Scene()
    scene.link(INVOICE, "invoice", "i1", "Invoices")
    action = registry.action(step(INVOICE, "void"), None)
    assert action is not None and action is registry.action(step(PAID, "undo-payment-1"), PAID)
    plan = planned(scene.decided(STUB, "void"))
    assert sent(scene.seen(plan, {"Status": "AUTHORISED"})) == {"InvoiceID": "i1", "Status": "VOIDED"}


def test_what_hangs_on_a_credit_is_addressed_below_it_and_goes_unseen() -> None:
    scene = Scene(GONE_PAYMENT)
    scene.link(GONE_PAYMENT, "allocation", "a1", "Overpayments/o1/Allocations")
    plan = planned(scene.decided(GONE_PAYMENT, "undo-allocation-1"))
    assert plan.path == "Overpayments/o1/Allocations/a1" and plan.chain == {who(GONE_PAYMENT).digest, "a1", "o1"}
    assert sent(scene.seen(plan)) == {} and plan.kind.name == "delete-allocation"


# What Xero shows of it.
RECORDS = {
    "invoice": (INVOICE, "Invoices"),
    "credit": (PAID, "CreditNotes"),
    "payment": (PAID, "Payments"),
    "batch": (PAID, "BatchPayments"),
    "journal": (JOURNAL, "ManualJournals"),
    "transfer": (PAID, "BankTransfers"),
    "money": (JOURNAL, "BankTransactions"),
}


def shown(what: str, element: dict[str, Any] | None) -> Decision:
    """The decision about a record of this kind that is in Xero as these fields say."""
    doc, endpoint = RECORDS[what]
    doc = {**doc, "docstatus": 2}
    scene = Scene(doc)
    scene.link(doc, what, "x1", endpoint)
    return scene.seen(scene.decided(doc, f"void-{what}-1"), element)


@pytest.mark.parametrize(
    ("what", "element", "body"),
    [
        ("invoice", {"Status": "AUTHORISED"}, {"InvoiceID": "x1", "Status": "VOIDED"}),
        ("invoice", {"Status": "SUBMITTED"}, {"InvoiceID": "x1", "Status": "DELETED"}),
        ("credit", {"Status": "AUTHORISED", "Total": 5, "RemainingCredit": 5}, {"CreditNoteID": "x1", "Status": "VOIDED"}),
        ("payment", {"Status": "AUTHORISED"}, {"Status": "DELETED"}),
        ("payment", None, {"Status": "DELETED"}),
        ("batch", {"Status": "AUTHORISED"}, {"Status": "DELETED"}),
        ("journal", {"Status": "POSTED", "Narration": "n"}, {"ManualJournalID": "x1", "Narration": "n", "Status": "VOIDED"}),
        ("journal", {"Status": "DRAFT", "Narration": "n"}, {"ManualJournalID": "x1", "Narration": "n", "Status": "DELETED"}),
        ("transfer", {"Status": "AUTHORISED", "Amount": 5}, {"BankTransferID": "x1", "Status": "DELETED"}),
        (
            "money",
            {"Status": "AUTHORISED", "Type": "SPEND", "BankAccount": {}, "LineItems": [], "Total": 5},
            {"BankTransactionID": "x1", "Type": "SPEND", "BankAccount": {}, "LineItems": [], "Status": "DELETED"},
        ),
    ],
)
def test_each_goes_from_its_status_to_the_one_that_undoes_it(what: str, element: dict[str, Any] | None, body: dict[str, Any]) -> None:
    assert sent(shown(what, element)) == body and list(sent(shown(what, element))) == list(body), "byte for byte"


@pytest.mark.parametrize("what", RECORDS)
@pytest.mark.parametrize("status", ["VOIDED", "DELETED"])
def test_what_a_person_has_removed_in_xero_is_done(what: str, status: str) -> None:
    decision = shown(what, {"Status": status})
    name = RECORDS[what][0]["name"]
    assert isinstance(decision.outcome, Done)
    assert decision.effects == (
        Seen("L-x1-1", status=status, amount_due=Decimal(0)),
        Say("Undone", f"{name} is {status.lower()} in Xero"),
    )


@pytest.mark.parametrize(
    ("what", "element", "code", "held"),
    [
        ("invoice", None, "not-in-xero", False),
        ("credit", {}, "not-in-xero", False),
        ("journal", None, "not-in-xero", False),
        ("journal", {"Status": "ARCHIVED"}, "not-undone", False),
        ("transfer", {}, "not-undone", False),
        ("money", {"Status": "AUTHORISED", "IsReconciled": True}, "reconciled-in-xero", True),
        ("payment", {"Status": "AUTHORISED", "IsReconciled": True}, "reconciled-in-xero", True),
        ("batch", {"Status": "AUTHORISED", "IsReconciled": True}, "reconciled-in-xero", True),
        ("transfer", {"Status": "AUTHORISED", "FromIsReconciled": True, "ToIsReconciled": False}, "reconciled-in-xero", True),
        ("transfer", {"Status": "AUTHORISED", "FromIsReconciled": False, "ToIsReconciled": True}, "reconciled-in-xero", True),
        ("invoice", {"Status": "PAID", "AmountPaid": 5, "InvoiceNumber": "N7"}, "cancel-of-paid", True),
        ("invoice", {"Status": "AUTHORISED", "AmountCredited": "0.01"}, "cancel-of-paid", True),
        ("credit", {"Status": "AUTHORISED", "Total": 5, "RemainingCredit": 4}, "cancel-of-paid", True),
    ],
)
def test_what_only_a_person_can_see_to(what: str, element: dict[str, Any] | None, code: str, held: bool) -> None:
    found = problem(shown(what, element))
    assert (found.code, found.held) == (code, held)
    if element and element.get("InvoiceNumber"):
        assert found.message == "SINV-1 was cancelled here, but N7 has payments or credits in Xero"


def test_an_invoice_that_was_in_xero_before_stays() -> None:
    scene = Scene(CANCELLED)
    scene.link(CANCELLED, "invoice", "i1", "Invoices", adopted=True)
    assert problem(scene.seen(scene.decided(CANCELLED, "void"), {"Status": "AUTHORISED", "InvoiceNumber": "N1"})).code == "adopted-stays"


def test_a_journal_that_people_entered_in_xero_stays_there() -> None:
    gone = {**JOURNAL, "docstatus": 2}
    scene = Scene(gone)
    scene.link(gone, "journal", "j1", "ManualJournals", adopted=True)
    assert problem(scene.seen(scene.decided(gone, "void"), {"Status": "POSTED"})).code == "adopted-stays"


def test_a_journal_of_what_xero_has_booked_itself_is_never_sent() -> None:
    scene = Scene(JOURNAL)
    scene.xeros_own.add(JOURNAL["name"])
    outcome = scene.decided(JOURNAL, "journal")
    assert isinstance(outcome, Decision) and isinstance(outcome.outcome, Skip) and outcome.outcome.problem.code == "booked-by-xero"


ADVANCE = {**PAID, "name": "PAY-9", "docstatus": 2, "references": []}


@pytest.mark.parametrize(
    ("element", "outcome"),
    [
        ({"Status": "AUTHORISED", "Total": "50", "RemainingCredit": "50"}, STAYS),
        ({"Status": "PAID", "Total": "50", "RemainingCredit": "0", "Payments": [{"Amount": "20"}]}, STAYS),
        ({"Status": "PAID", "Total": "50", "RemainingCredit": "0", "Payments": [{"Amount": "20"}, {"Amount": "30"}]}, "Refunded"),
        ({"Status": "PAID", "Total": "50", "RemainingCredit": "10", "Payments": [{"Amount": "50"}]}, STAYS),
        ({"Status": "VOIDED", "Total": "50"}, "VOIDED"),
        (None, "not-in-xero"),
    ],
)
def test_money_in_advance_stays_until_a_person_removes_it_or_it_is_paid_back(element: dict[str, Any] | None, outcome: str) -> None:
    scene = Scene(ADVANCE)
    scene.link(ADVANCE, "payment", "o1", "Overpayments")
    decision = scene.seen(scene.decided(ADVANCE, "void"), element)
    if isinstance(decision.outcome, Done):
        assert isinstance(decision.effects[0], Seen) and decision.effects[0].status == outcome
        return
    assert problem(decision).code == outcome and "the overpayment" in problem(decision).message + problem(decision).resolution
    assert not isinstance(decision.outcome, Send), "no request can remove it"


# What settles it in Xero only.
PAID_IN_XERO = {"Status": "PAID", "AmountPaid": "115", "Payments": [{"PaymentID": "p1"}]}


def paid_scene(payment: Doc, **more: Any) -> Scene:
    scene = Scene(CANCELLED, payment)
    scene.link(CANCELLED, "invoice", "i1", "Invoices")
    scene.link(payment, "payment", "p1", "Payments", **more)
    return scene


def test_a_payment_that_was_unlinked_here_is_looked_at_again_and_waited_for() -> None:
    unlinked = {**PAID, "references": []}
    scene = paid_scene(unlinked, fingerprint=registry.fingerprint(PAID))
    decision = scene.seen(scene.decided(CANCELLED, "void"), PAID_IN_XERO)
    look = LookAgain(who(PAID))
    assert isinstance(decision.outcome, Wait) and decision.outcome.on == look and decision.effects == (look,)
    assert (
        problem(decision).message == "Waits until what paid SINV-1 is taken off it in Xero"
        and problem(decision).resolution == "See what stops PAY-1"
    )
    undo = scene.step(PAID, "undo-payment-1", "Held")
    decision = scene.seen(scene.decided(CANCELLED, "void"), PAID_IN_XERO)
    assert isinstance(decision.outcome, Wait) and decision.outcome.on == undo.name and not decision.effects, "it is taken back already"


def test_a_payment_that_still_settles_it_leaves_the_cancel_to_a_person() -> None:
    scene = paid_scene(PAID, fingerprint=registry.fingerprint(PAID))
    decision = scene.seen(scene.decided(CANCELLED, "void"), PAID_IN_XERO)
    assert problem(decision).code == "cancel-of-paid" and not decision.effects


def test_a_payment_that_only_names_something_by_another_name_now_has_not_changed() -> None:
    renamed = {**PAID, "paid_to": "Trading - KS"}
    scene = paid_scene(renamed, fingerprint=registry.fingerprint(PAID), fingerprint_at="2026-10-21 00:00:00")
    scene.renamings = [Renaming("2026-10-22 00:00:00.000000", "Account", "Bank - KS", "Trading - KS")]
    decision = scene.seen(scene.decided(CANCELLED, "void"), PAID_IN_XERO)
    assert problem(decision).code == "cancel-of-paid"
    assert decision.effects == (Seen("L-p1-1", fingerprint=registry.fingerprint(renamed)),)


@pytest.mark.parametrize("payment", [GONE_PAYMENT, {**PAID, "creation": "2027-01-01 00:00:00"}])
def test_a_settler_that_is_no_more_is_not_waited_for(payment: Doc) -> None:
    scene = paid_scene(PAID, fingerprint="other")
    scene.documents[named(PAID)] = payment
    assert problem(scene.seen(scene.decided(CANCELLED, "void"), PAID_IN_XERO)).code == "cancel-of-paid"


def test_a_refund_is_known_with_the_advances_that_it_pays_back() -> None:
    refund = {**PAID, "payment_type": "Pay", "references": []}
    known = {**refund, "references": [{"reference_doctype": "Payment Entry", "reference_name": "PAY-0", "allocated_amount": -40.0}]}
    scene = paid_scene(refund, fingerprint=registry.fingerprint(known))
    scene.paid_back[named(refund)] = [{"reference_doctype": "Payment Entry", "reference_name": "PAY-0", "allocated_amount": -40.0}]
    assert problem(scene.seen(scene.decided(CANCELLED, "void"), PAID_IN_XERO)).code == "cancel-of-paid", "it has not changed"
