"""What a document would become, step by step, on facts alone: nothing is written, nothing asked of Xero."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import DeductionChoice, PaymentAccount
from picortex_xero.documents.base import Doc
from picortex_xero.documents.fact_types import (
    Contact,
)
from picortex_xero.documents.identity import Identity, identity
from picortex_xero.documents.journal_entry.read_journal import ACCOUNT
from picortex_xero.documents.preview import Previewed, preview
from picortex_xero.documents.preview_facts import made_up_id
from tests.documents.invoice.scene import CREATED, named
from tests.documents.preview_scene import INVOICE, MAP_ROW, RATA, PreviewScene, scene_of
from tests.documents.settlement.scene import CUSTOMER, DISCOUNTS, FEES, chosen_books, debt, paying
from tests.scene.documents import entry_row, item, journal_entry, returned
from tests.scene.mapping import NONE

D = Decimal
RETURN = returned(INVOICE, creation="2026-10-06 10:00:00.000000", base_grand_total=-115.0)
IN_CASH = {"account": "Bank - KS", "amount": 100.0, "base_amount": 100.0}
BY_CARD = {"account": "Bank - KS", "amount": 15.0, "base_amount": 15.0}
JOURNAL = journal_entry(docstatus=1, company="Kauri Services", total_debit=120.5)


def told(found: list[Previewed]) -> list[tuple[str, str, str]]:
    """(role, outcome, kind) of each step."""
    return [(each.role, each.outcome, each.kind) for each in found]


def codes(each: Previewed) -> list[str]:
    return [problem.code for problem in each.problems]


def new(doc: Doc, part: str, number: int = 1) -> str:
    return made_up_id(identity(doc), part, number, 1)


def body(each: Previewed) -> dict[str, Any]:
    assert each.body is not None, each
    return each.body


def test_an_invoice_is_one_element_with_the_reasons_of_its_lines() -> None:
    (only,) = scene_of(INVOICE).preview(INVOICE)
    assert (only.role, only.outcome, only.kind, only.path) == ("invoice", "Send", "invoice", "Invoices?summarizeErrors=false&unitdp=4")
    assert body(only)["Contact"] == {"ContactID": "c1"} and body(only)["InvoiceNumber"] == "SINV-1"
    assert [reason.account for reason in only.reasons] == ["200"] and not only.assumptions and not only.problems


def test_a_draft_is_taken_as_if_it_were_submitted() -> None:
    draft = {**INVOICE, "docstatus": 0}
    assert scene_of(draft).preview(draft) == scene_of(INVOICE).preview(INVOICE)


def test_a_customer_who_is_not_in_xero_yet_goes_first() -> None:
    contact, invoice = scene_of(INVOICE, contact=False).preview(INVOICE)
    assert (contact.who, contact.role, contact.outcome, contact.kind) == (Identity(*CUSTOMER, CREATED), "contact", "Send", "contact")
    assert body(contact)["Name"] == "Rata Builders" and [each.code for each in contact.assumptions] == ["assumes-no-contact"]
    assert invoice.outcome == "Send" and body(invoice)["Contact"] == {"ContactID": new(RATA, "contact")}


def test_a_contact_that_another_document_has_asked_for_is_the_same_step() -> None:
    scene = scene_of(INVOICE, contact=False)
    asked = scene.step({**RATA, "posting_date": None}, "contact")
    scene.contacts[CUSTOMER] = Contact(asked.who, "Rata Builders", steps=(asked,))
    assert told(scene.preview(INVOICE)) == [("contact", "Send", "contact"), ("invoice", "Send", "invoice")]


def test_a_customer_who_is_gone_holds_the_invoice() -> None:
    scene = scene_of(INVOICE, contact=False)
    scene.contacts[CUSTOMER] = Contact(None)
    (only,) = scene.preview(INVOICE)
    assert (only.outcome, only.body, codes(only)) == ("Hold", None, ["party-missing"])


def test_what_is_held_says_all_that_stands_in_the_way_and_asks_for_no_contact() -> None:
    doc = {**INVOICE, "items": [item(60.0, income_account="New - KS"), item(40.0, income_account="Other - KS")]}
    (only,) = scene_of(doc, contact=False).preview(doc)
    assert only.outcome == "Hold" and codes(only) == ["account-unmapped", "account-unmapped"]


def test_a_return_goes_and_is_taken_off_its_invoice() -> None:
    credit, allocation = scene_of(RETURN, {**debt(), "outstanding_amount": 0.0}).preview(RETURN)
    assert (credit.role, credit.outcome, credit.kind) == ("credit", "Send", "credit-note")
    assert (allocation.role, allocation.outcome, allocation.kind) == ("allocation-1", "Send", "allocation")
    assert allocation.path.startswith(f"CreditNotes/{new(RETURN, 'credit')}/Allocations")
    assert (body(allocation)["Amount"], body(allocation)["Invoice"]) == (D(115), {"InvoiceID": "i-SINV-1"})
    assert [each.message for each in allocation.assumptions] == ["SINV-1 is in Xero as it is known here: approved, with 115.00 left"]


def test_what_is_left_in_xero_is_what_our_records_have_not_settled() -> None:
    scene, first = scene_of(RETURN, debt()), paying(40.0, name="PAY-0")
    scene.link(first, "payment", "p0", "Payments", marker={"InvoiceID": "i-SINV-1", "Amount": "40.00"})
    allocation = scene.preview(RETURN)[1]
    assert (allocation.outcome, codes(allocation)) == ("Hold", ["allocation-exceeds"]), "75 are left of it"


def test_a_payment_less_a_fee_is_three_steps_in_their_order() -> None:
    doc = paying(115.0, less=((5.0, FEES),))
    scene = scene_of(doc, debt())
    scene.fee_contact()
    found = scene.preview(doc)
    assert told(found) == [("payment", "Send", "payment"), ("payment-2", "Send", "payment"), ("fee-1", "Send", "bank-transaction")]
    assert [body(each)["Amount"] for each in found[:2]] == [D(110), D(5)]
    assert body(found[2])["Contact"] == {"ContactID": "bank-contact"}


def test_the_payee_of_a_fee_is_made_first_where_xero_does_not_have_it() -> None:
    doc = paying(115.0, less=((5.0, FEES),))
    found = scene_of(doc, debt()).preview(doc)
    assert told(found)[0] == ("contact", "Send", "contact") and found[0].who.doctype == "Xero Deduction Mapping"
    assert body(found[-1])["Contact"] == {"ContactID": new(MAP_ROW, "contact")}


def test_a_discount_is_a_credit_note_of_its_own_that_is_taken_off() -> None:
    doc = paying(115.0, less=((11.5, DISCOUNTS),))
    found = scene_of(doc, debt()).preview(doc)
    assert told(found) == [("payment", "Send", "payment"), ("credit-1", "Send", "credit-note"), ("allocation-1", "Send", "allocation")]
    assert found[2].path.startswith(f"CreditNotes/{new(doc, 'credit')}/Allocations")


def test_an_advance_is_allocated_to_all_that_it_settles() -> None:
    doc = paying(115.0, 57.5, paid_amount=200.0, received_amount=200.0, base_paid_amount=200.0, base_received_amount=200.0)
    found = scene_of(doc, debt(), debt("SINV-2", 57.5)).preview(doc)
    assert told(found) == [
        ("payment", "Send", "overpayment"),
        ("allocation-1", "Send", "allocation"),
        ("allocation-2", "Send", "allocation"),
    ]
    assert [body(each)["Invoice"]["InvoiceID"] for each in found[1:]] == ["i-SINV-1", "i-SINV-2"]
    assert all(each.path.startswith(f"Overpayments/{new(doc, 'payment')}/Allocations") for each in found[1:])


def test_several_invoices_of_one_payment_are_one_batch() -> None:
    doc = paying(115.0, 57.5)
    (only,) = scene_of(doc, debt(), debt("SINV-2", 57.5)).preview(doc)
    assert (only.kind, [each["Amount"] for each in body(only)["Payments"]]) == ("batch-payment", [D(115), D("57.5")])


def test_a_journal_is_one_manual_journal() -> None:
    (only,) = scene_of(JOURNAL).preview(JOURNAL, chosen_books(accounts={"Cost - KS": "310", "Freight - KS": "260"}))
    assert (only.role, only.outcome, only.kind) == ("journal", "Send", "manual-journal")
    assert [line["LineAmount"] for line in body(only)["JournalLines"]] == [D("120.5"), D("-120.5")]


def test_a_journal_that_is_a_payment_goes_on_as_one() -> None:
    rows = (
        entry_row("Bank - KS", debit=115.0, debit_in_account_currency=115.0, account_currency="NZD", account_type="Bank"),
        entry_row(
            "Debtors - KS",
            credit=115.0,
            credit_in_account_currency=115.0,
            account_currency="NZD",
            account_type="Receivable",
            party_type="Customer",
            party="Rata Builders",
            reference_type="Sales Invoice",
            reference_name="SINV-1",
        ),
    )
    doc = journal_entry(*rows, docstatus=1, company="Kauri Services", total_debit=115.0)
    scene = scene_of(doc, debt())
    answer = scene._answer
    scene._answer = lambda fact, key: {} if fact is ACCOUNT else answer(fact, key)  # type: ignore[method-assign]
    journal, payment = scene.preview(doc)
    assert (journal.outcome, codes(journal)) == ("Overtaken", ["superseded"])
    assert (payment.role, payment.kind, body(payment)["Amount"]) == ("payment", "payment", D(115))


def test_what_is_paid_inside_a_counter_sale_follows_it() -> None:
    doc = {**INVOICE, "is_pos": 1, "payments": [IN_CASH, BY_CARD], "write_off_amount": 0.0}
    found = scene_of(doc).preview(doc)
    assert told(found) == [("invoice", "Send", "invoice"), ("payment-1", "Send", "payment"), ("payment-2", "Send", "payment")]
    assert all(body(each)["Invoice"] == {"InvoiceID": new(doc, "invoice")} and not each.assumptions for each in found[1:])


def test_what_it_writes_off_is_taken_off_with_what_the_payments_leave() -> None:
    doc = {**INVOICE, "is_pos": 1, "payments": [IN_CASH], "write_off_amount": 15.0, "write_off_account": "Write Off - KS"}
    books = chosen_books(
        deductions={"Write Off - KS": DeductionChoice("Credit note", NONE)}, accounts={"Sales - KS": "200", "Write Off - KS": "429"}
    )
    assert told(scene_of(doc).preview(doc, books)) == [
        ("invoice", "Send", "invoice"),
        ("payment-1", "Send", "payment"),
        ("writeoff-1", "Send", "credit-note"),
        ("writeoff-2", "Send", "allocation"),
    ]


def test_where_invoices_arrive_as_drafts_what_settles_them_waits_for_approval() -> None:
    doc = {**INVOICE, "is_pos": 1, "payments": [IN_CASH, BY_CARD]}
    books = chosen_books()
    books = replace(books, mapping=replace(books.mapping, target_status="DRAFT"))
    found = scene_of(doc).preview(doc, books)
    assert [each.outcome for each in found] == ["Send", "Wait", "Wait"] and body(found[0])["Status"] == "DRAFT"
    assert codes(found[1]) == ["waiting-approval"]


def test_an_opening_invoice_says_that_xero_may_have_it() -> None:
    doc = {**INVOICE, "is_opening": "Yes", "posting_date": "2025-10-05"}
    books = chosen_books(opening_documents="Create", accounts={"Sales - KS": "200", "Temporary Opening - KS": "850"})
    (only,) = scene_of(doc).preview(doc, books)
    assert (only.outcome, [each.code for each in only.assumptions]) == ("Send", ["assumes-not-there"]), only
    (only,) = scene_of(doc).preview(doc)
    assert (only.outcome, codes(only)) == ("Skip", ["before-go-live"]), "they stay where they are unless they are to be sent"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"base_grand_total": 0.0}, "zero-total"),
        ({"is_internal_customer": 1, "represents_company": "Kauri Services"}, "internal-transfer"),
        ({"posting_date": "2025-12-31"}, "before-go-live"),
    ],
)
def test_what_is_nothing_to_xero_is_skipped_with_the_reason(changes: dict[str, Any], code: str) -> None:
    doc = {**INVOICE, **changes}
    (only,) = scene_of(doc).preview(doc)
    assert (only.outcome, codes(only)) == ("Skip", [code])


def test_what_is_about_people_is_held_and_shows_nothing() -> None:
    scene = scene_of(JOURNAL)
    scene.private[named(JOURNAL)] = "payroll"
    (only,) = scene.preview(JOURNAL)
    assert only.outcome == "Hold" and only.body is None and "payroll" in codes(only)[0]


def test_a_payment_waits_for_an_invoice_that_is_on_its_way_itself() -> None:
    doc, open_invoice = paying(115.0), debt()
    scene = scene_of(doc, open_invoice)
    scene.links.clear()
    scene.step(open_invoice, "invoice")
    (only,) = scene.preview(doc)
    assert (only.outcome, codes(only)) == ("Wait", ["waits-for-invoice"])


def test_what_follows_a_step_that_is_held_waits() -> None:
    doc = {**INVOICE, "is_pos": 1, "payments": [IN_CASH]}
    scene = scene_of(doc)
    scene.step(doc, "invoice", "Synced")
    scene.link(doc, "invoice", "i1", "Invoices", total=D(40), status="AUTHORISED")
    scene.step(doc, "payment-1", "Held")
    (only,) = scene.preview(doc)
    assert (only.role, only.outcome, codes(only)) == ("payment-1", "Hold", ["payment-exceeds-due"]), "100 do not go on 40"


def test_a_refused_fee_leaves_what_follows_waiting() -> None:
    doc = paying(115.0, less=((5.0, FEES),))
    scene = scene_of(doc, debt())
    scene.fee_contact()
    first = scene.step(doc, "payment", "Unknown", kept_by="attempt-1")
    scene.step(doc, "fee-1", "Pending", blocked_on=first.name)
    found = {each.role: each for each in scene.preview(doc)}
    assert (found["payment"].outcome, codes(found["payment"])) == ("Unclear", ["preview-kept"])
    assert (found["fee-1"].outcome, codes(found["fee-1"])) == ("Wait", ["waits-for-payment"])


def test_a_step_on_its_way_is_said_to_arrive() -> None:
    scene = scene_of(INVOICE)
    scene.step(INVOICE, "invoice", "Sending")
    (only,) = scene.preview(INVOICE)
    assert only.outcome == "Send" and [each.code for each in only.assumptions] == ["assumes-arrives"]


def test_what_is_taken_back_or_looked_at_again_is_decided_when_xero_shows_it() -> None:
    scene = scene_of(INVOICE)
    scene.step(INVOICE, "invoice", "Synced")
    scene.step(INVOICE, "recheck-1")
    (only,) = scene.preview(INVOICE)
    assert (only.role, only.outcome, codes(only)) == ("recheck-1", "Unclear", ["preview-asks-xero"])


def test_a_document_that_is_in_xero_has_nothing_to_come() -> None:
    scene = scene_of(INVOICE)
    scene.step(INVOICE, "invoice", "Synced")
    assert scene.preview(INVOICE) == []


def test_a_number_that_was_used_before_is_assumed_to_be_free() -> None:
    scene, former = scene_of(INVOICE), {**INVOICE, "creation": "2026-09-01 09:00:00.000000"}
    scene.link(former, "invoice", "i0", "Invoices", xero_number="SINV-1", status="VOIDED")
    (only,) = scene.preview(INVOICE)
    assert only.outcome == "Send" and [each.code for each in only.assumptions] == ["assumes-number-free"]


def test_a_draft_that_sells_an_asset_says_what_is_not_known_yet() -> None:
    doc = {**INVOICE, "docstatus": 0, "items": [item(100.0, is_fixed_asset=1)]}
    (only,) = scene_of(doc).preview(doc)
    assert (only.outcome, codes(only)) == ("Unclear", ["preview-ledger"])


def test_a_draft_payment_leaves_nothing_outstanding_where_it_settles_all() -> None:
    """A base-currency receivable of a foreign invoice: the payment that settles it takes Xero's own amount due."""
    foreign = debt(total=100.0, currency="USD", conversion_rate=1.6, outstanding_amount=160.03, party_account_currency="NZD")
    doc = {**paying(160.03), "docstatus": 0}
    scene = scene_of(doc, foreign)
    scene.settling[named(foreign)] = [named(doc)]
    books = chosen_books(payment_accounts={"Bank - KS": PaymentAccount("bank-nzd", "NZD")})
    (only,) = scene.preview(doc, books)
    assert body(only)["Amount"] == D(100), "100.02 by the rate"


def test_facts_are_loaded_in_bulk_however_many_steps_there_are() -> None:
    doc = paying(*[10.0] * 20)
    scene = scene_of(doc, *(debt(f"SINV-{number}", 10.0) for number in range(1, 21)))
    (only,) = scene.preview(doc)
    assert only.kind == "batch-payment" and len(body(only)["Payments"]) == 20
    assert scene.loads <= 8


def test_what_no_room_claims_has_no_steps() -> None:
    assert preview({"doctype": "Sales Order", "name": "SO-1", "docstatus": 1}, chosen_books(), PreviewScene().load) == []
