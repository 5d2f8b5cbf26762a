"""Experiments on payments, over- and prepayments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..accounting.money import decimal
from .experiments import experiment
from .of_documents import credit_note
from .organisation import ISO, NotAsked, Organisation, errors, expect, said


def _overpaid(org: Organisation, amount: int, contact: str, asked: bool = False, **fields: Any) -> dict[str, Any]:
    make = org.made if asked else org.given
    element = {"Type": "RECEIVE-OVERPAYMENT", "Contact": {"ContactID": contact}, "BankAccount": {"AccountID": org.bank()["AccountID"]}}
    lines = [{"Description": org.name("Probe"), "LineAmount": amount}]
    return make("BankTransactions", {**element, "Date": org.day(), "LineAmountTypes": "NoTax", "LineItems": lines, **fields})


@experiment("Xero's developer documentation: batch payments")
def a_batch_payment_is_one_record_with_payments_inside(org: Organisation) -> str:
    """Invoices name the batch that paid them."""
    made = [org.invoice() for _each in range(2)]
    members = [{"Invoice": {"InvoiceID": each["InvoiceID"]}, "Amount": decimal(each["AmountDue"])} for each in made]
    element = {"Account": {"AccountID": org.bank()["AccountID"]}, "Date": org.day(), "Reference": org.name("B"), "Payments": members}
    batch = org.made("BatchPayments", element)
    shown = [org.one("Invoices", each["InvoiceID"]) for each in made]
    expect(all(each["Status"] == "PAID" for each in shown), f"Status {[each['Status'] for each in shown]}")
    found = {payment.get("BatchPaymentID") for each in shown for payment in each.get("Payments") or []}
    expect(found == {batch["BatchPaymentID"]}, f"payments on the invoices name {found}")
    return "the invoices' payments carry BatchPaymentID"


@experiment("Xero's developer documentation: overpayments; C: Url of one")
def an_overpayment_carries_its_own_id_and_is_allocated(org: Organisation) -> str:
    """PUT BankTransactions answers OverpaymentID; its allocation answers AllocationID and can be deleted."""
    contact = org.contact()
    sale = org.invoice(contact=contact)
    made = _overpaid(org, 500, contact, asked=True, Url="https://erp.example.com/app/payment/1")
    expect(made.get("OverpaymentID"), "no OverpaymentID in the answer")
    path = f"Overpayments/{made['OverpaymentID']}"
    allocated = org.made(f"{path}/Allocations", {"Amount": 40, "Date": org.day(), "Invoice": {"InvoiceID": sale["InvoiceID"]}})
    shown = org.one("Overpayments", made["OverpaymentID"])
    ids = [each.get("AllocationID") for each in shown.get("Allocations") or []]
    expect(
        decimal(shown["RemainingCredit"]) == 460 and len(ids) == 1 and ids[0],
        f"RemainingCredit {shown['RemainingCredit']}, allocations {ids}",
    )
    gone = org.call("DELETE", f"{path}/Allocations/{ids[0]}")
    expect(gone.status in (200, 204), said(gone))
    seen = "kept" if org.one("BankTransactions", made["BankTransactionID"]).get("Url") else "not answered"
    return f"AllocationID in the answer: {'yes' if allocated.get('AllocationID') else 'no, only when read back'}; Url {seen}"


@experiment("Xero's developer documentation: overpayments, no way to delete one")
def an_overpayment_cannot_be_deleted_by_a_program(org: Organisation) -> str:
    """Status DELETED on an overpayment's bank transaction is refused."""
    made = _overpaid(org, 50, org.contact())
    answer = org.post("BankTransactions", {"BankTransactions": [{"BankTransactionID": made["BankTransactionID"], "Status": "DELETED"}]})
    expect(answer.status != 200 or errors(answer.data["BankTransactions"][0]), "it was deleted")
    return f"HTTP {answer.status}"


@experiment("Xero's developer documentation: payments of credit notes; C: amount up to RemainingCredit")
def a_credit_note_is_paid_back_by_a_payment(org: Organisation) -> str:
    """PUT Payments with CreditNote pays a credit note back, and the answer names it."""
    note = org.given("CreditNotes", credit_note(org, org.contact(), org.name("CN")))
    refund = {"CreditNote": {"CreditNoteID": note["CreditNoteID"]}, "Account": {"AccountID": org.bank()["AccountID"]}}
    paid = org.made("Payments", {**refund, "Date": org.day(), "Amount": 10, "Reference": org.name("R")})
    expect((paid.get("CreditNote") or {}).get("CreditNoteID") == note["CreditNoteID"], f"CreditNote {paid.get('CreditNote')}")
    left = decimal(org.one("CreditNotes", note["CreditNoteID"])["RemainingCredit"])
    expect(left == decimal(note["Total"]) - 10, f"RemainingCredit {left}")
    return str(paid.get("PaymentType"))


@experiment("Xero's developer documentation: prepayments; C: the same fields as in the schema")
def a_prepayment_carries_tax_and_its_own_id(org: Organisation) -> str:
    """RECEIVE-PREPAYMENT takes taxed lines and answers PrepaymentID."""
    element = {"Type": "RECEIVE-PREPAYMENT", "Contact": {"ContactID": org.contact()}, "BankAccount": {"AccountID": org.bank()["AccountID"]}}
    made = org.made("BankTransactions", {**element, "Date": org.day(), "LineAmountTypes": "Exclusive", "LineItems": [org.line(100)]})
    expect(made.get("PrepaymentID"), "no PrepaymentID in the answer")
    shown = org.one("Prepayments", made["PrepaymentID"])
    expect(
        decimal(shown["RemainingCredit"]) == decimal(made["Total"]) > 100, f"RemainingCredit {shown['RemainingCredit']} of {made['Total']}"
    )
    return f"RemainingCredit {shown['RemainingCredit']} with tax"


@experiment("not documented: two payments of one day are two, C")
def two_payments_of_one_day_are_two(org: Organisation) -> str:
    """Two payments on one invoice on one day, to two accounts or of one amount, are both kept."""
    sale = org.invoice()
    for reference in ("First", "Second"):
        org.made("Payments", org.payment(sale["InvoiceID"], 10, Reference=org.name(f"{reference} of one day")))
    paid = decimal(org.one("Invoices", sale["InvoiceID"])["AmountPaid"])
    expect(paid == 20, f"AmountPaid {paid}")
    return "AmountPaid 20.00"


@experiment("not documented, C: deleted payments in lists")
def a_deleted_payment_comes_back_in_lists(org: Organisation) -> str:
    """GET Payments with If-Modified-Since shows deleted payments with Status DELETED."""
    sale, since = org.invoice(), (org.now() - timedelta(minutes=5)).strftime(ISO)
    paid = org.given("Payments", org.payment(sale["InvoiceID"], 10))
    answer = org.post(f"Payments/{paid['PaymentID']}", {"Status": "DELETED"})
    if answer.status != 200:
        raise NotAsked(f"the payment could not be deleted: {said(answer)}")
    listed = org.get("Payments?page=1&pageSize=1000", since=since).get("Payments") or []
    states = [each["Status"] for each in listed if each["PaymentID"] == paid["PaymentID"]]
    expect(states == ["DELETED"], f"listed as {states or 'nothing'}")
    return "listed as DELETED"


@experiment("docs/journals.md: a set-off is two payments through a clearing account, C")
def two_payments_of_one_clearing_account_set_an_invoice_off_against_a_bill(org: Organisation) -> str:
    """An account with EnablePaymentsToAccount pays an invoice and a bill; both amounts due fall."""
    account = org.account(EnablePaymentsToAccount=True)
    sale, bill = org.invoice(), org.invoice(False)
    for each in (sale, bill):
        org.made("Payments", org.payment(each["InvoiceID"], 25, account=account["AccountID"], Reference=org.name("Set off")))
    paid = [decimal(org.one("Invoices", each["InvoiceID"])["AmountPaid"]) for each in (sale, bill)]
    expect(paid == [25, 25], f"AmountPaid {paid[0]} and {paid[1]}")
    return f"through {account['Code']} {account['Name']}"


@experiment("docs/payments.md: a payment that survives its invoice; C: a reconciled payment can be deleted by a program")
def a_payment_marked_reconciled_is_deleted_or_refused(org: Organisation) -> str:
    """A payment entered as reconciled exists; whether a program may delete it is told (cancel-paid-invoice relies on it)."""
    sale = org.invoice()
    paid = org.given("Payments", org.payment(sale["InvoiceID"], 10, IsReconciled=True))
    answer = org.post(f"Payments/{paid['PaymentID']}", {"Status": "DELETED"})
    left = decimal(org.one("Invoices", sale["InvoiceID"])["AmountPaid"])
    expect(left == (0 if answer.status == 200 else 10), f"HTTP {answer.status}, AmountPaid {left}")
    return f"HTTP {answer.status}; IsReconciled {paid.get('IsReconciled')}"
