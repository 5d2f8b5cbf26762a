"""For each question one way in which the simulator does otherwise than the app relies on: faults, switched on before all are asked."""

from __future__ import annotations

import json
from typing import Any

from sandbox.xero.process import RunningXero

Fault = dict[str, Any]
MANY = {"times": 10**6}
SOME_ID = "00000000-1111-2222-3333-444444444444"


def instead(shown: Any, **where: Any) -> Fault:
    """The call is answered with this."""
    return {"kind": "instead", "text": json.dumps(shown), **MANY, **where}


def refused(**where: Any) -> Fault:
    """The element is refused."""
    return {"kind": "element_error", "text": "It is not possible any more", "index": 0, **MANY, **where}


def shown(operation: str, field: str, **where: Any) -> Fault:
    """A field is shown otherwise."""
    return {"kind": "echo", "operation": operation, "field": field, **MANY, **where}


CONTACT = {"Contacts": [{"ContactID": SOME_ID, "Name": "Somebody"}]}
# The same for every question: what the faults do to it, and to no other.
OTHERWISE: dict[str, list[Fault]] = {
    "a_line_may_carry_a_tax_amount_that_is_a_cent_off": [shown("changed", "TotalTax", method="PUT", path="/Invoices", body="37.85")],
    "a_bill_keeps_its_url_and_its_number_may_repeat": [shown("missing", "Url", method="GET", path="/Invoices/", where={"Type": "ACCPAY"})],
    "a_second_contact_of_a_name_is_an_error": [instead(CONTACT, method="PUT", path="/Contacts", body="Namesake", skip=1)],
    "a_batch_payment_is_one_record_with_payments_inside": [shown("missing", "Payments.*.BatchPaymentID", method="GET", path="/Invoices/")],
    "an_overpayment_carries_its_own_id_and_is_allocated": [
        shown("missing", "OverpaymentID", method="PUT", path="/BankTransactions", body="app/payment/1")
    ],
    "an_overpayment_cannot_be_deleted_by_a_program": [
        instead({"BankTransactions": [{"Status": "DELETED"}]}, method="POST", path="/BankTransactions", always=True)
    ],
    "a_credit_note_is_paid_back_by_a_payment": [refused(method="PUT", path="/Payments", body="CreditNoteID")],
    "a_prepayment_carries_tax_and_its_own_id": [
        shown("missing", "PrepaymentID", method="PUT", path="/BankTransactions", body="PREPAYMENT")
    ],
    "the_number_of_a_voided_invoice_is_burned": [
        instead({"Invoices": [{"InvoiceID": SOME_ID}]}, method="PUT", path="/Invoices", body="BURNED", skip=1)
    ],
    "two_payments_of_one_day_are_two": [refused(method="PUT", path="/Payments", body="Second of one day")],
    "an_unpaid_invoice_takes_new_lines_a_paid_one_only_a_reference": [refused(method="POST", path="/Invoices", body="New lines")],
    "a_manual_journal_keeps_url_and_the_cash_flag": [shown("missing", "Url", method="GET", path="/ManualJournals/")],
    "a_history_note_can_be_read_back": [instead({"HistoryRecords": []}, method="GET", path="/History", times=1)],
    "the_same_key_gives_the_same_answer": [instead(CONTACT, method="PUT", path="/Contacts", body="Keyed", skip=1)],
    "a_deleted_payment_comes_back_in_lists": [instead({"Payments": []}, method="GET", path="/Payments", query="pageSize")],
    "a_note_can_be_added_to_a_voided_invoice": [
        {"kind": "batch_400", "method": "PUT", "path": "/History", "body": "Cancelled in", "text": "It is voided", **MANY}
    ],
    "a_file_with_its_own_type_replaces_the_one_of_its_name": [
        instead({"Attachments": [{"FileName": "SINV-1.pdf", "ContentLength": n} for n in (12, 20)]}, method="GET", path="/Attachments")
    ],
    "a_credit_note_beside_an_invoice_of_its_number": [refused(method="PUT", path="/CreditNotes", body="-W")],
    "an_allocation_of_a_credit_note_tells_its_date": [shown("missing", "Allocations", method="GET", path="/CreditNotes/")],
    "a_manual_journal_takes_tax_from_its_lines": [
        shown("changed", "JournalLines.*.TaxAmount", method="GET", path="/ManualJournals/"),
    ],
    "two_payments_of_one_clearing_account_set_an_invoice_off_against_a_bill": [refused(method="PUT", path="/Payments", body="Set off")],
    "a_payment_marked_reconciled_is_deleted_or_refused": [
        shown("missing", "BatchPaymentID", method="PUT", path="/Payments", body="IsReconciled"),
        shown("changed", "AmountPaid", method="GET", path="/Invoices/", times=1),
    ],
    "a_reverse_charge_shows_no_tax_though_its_rate_is_not_zero": [
        shown("changed", "TotalTax", method="PUT", path="/Invoices", body="REVERSECHARGES|ECACQUISITIONS|DRCHARGESUPPLY20")
    ],
    "tax_on_imports_is_a_line_on_the_tax_account": [refused(method="PUT", path="/Invoices", body="GSTONIMPORTS")],
    "a_sales_type_is_refused_on_an_expense_account": [
        instead({"Invoices": [{"InvoiceID": SOME_ID}]}, method="PUT", path="/Invoices", body="A sales tax type")
    ],
}


def switch_on(xero: RunningXero, name: str) -> None:
    """Let the simulator do otherwise in what this question asks, and in nothing else."""
    xero.clear_faults()
    before = ""
    for fault in OTHERWISE[name]:
        # A second one counts from when the first has hit.
        before = xero.fault(**fault, **({"after": before} if before else {}))["id"]
