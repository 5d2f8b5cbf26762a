"""Experiments on what `sandbox/erp/expected` (each recorded case as it must look in Xero) relies on and Xero's documentation does not
say."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

from tests.live.organisation import Organisation, errors
from tests.live.probes import bank, probe, today

DAY = 86400


def days_ago(days: int) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(time.time() - days * DAY))


def credited(org: Organisation, contact: str, number: str, **fields: Any) -> dict[str, Any]:
    """An authorised credit note of one taxed line for a customer, as Xero answers it, errors included."""
    element = {
        "Type": "ACCRECCREDIT",
        "CreditNoteNumber": number,
        "Contact": {"ContactID": contact},
        "Date": today(),
        "Status": "AUTHORISED",
    }
    return org.put("CreditNotes", {**element, "LineAmountTypes": "Exclusive", "LineItems": [org.line(50)], **fields})[0]


@probe("Xero help: invoices and credit notes are numbered in one sequence, B; simulator: counted apart, C")
def a_credit_note_beside_an_invoice_of_its_number(org: Organisation) -> str:
    """A credit note numbered as its invoice with "-W" is made; whether it could bear the very number of the invoice is told."""
    contact, number = org.contact(), org.name("SHARED")
    org.invoice(contact=contact, InvoiceNumber=number)
    assert not errors(credited(org, contact, f"{number}-W")), "a number of its own was refused"
    return f"the very same number: {errors(credited(org, contact, number)) or 'accepted'}"


@probe("Xero's developer documentation: allocations; C: the date of an allocation")
def an_allocation_of_a_credit_note_tells_its_date(org: Organisation) -> str:
    """A credit note of 10 days ago is taken off an invoice of 20 days ago today: the date that Xero keeps is told."""
    contact = org.contact()
    sale = org.invoice(contact=contact, Date=days_ago(20), DueDate=days_ago(20))
    note = credited(org, contact, org.name("DATED"), Date=days_ago(10))
    assert not errors(note), errors(note)
    path = f"CreditNotes/{note['CreditNoteID']}"
    org.made(f"{path}/Allocations", {"Amount": 10, "Date": today(), "Invoice": {"InvoiceID": sale["InvoiceID"]}})
    kept = org.one("CreditNotes", note["CreditNoteID"])["Allocations"]
    assert len(kept) == 1 and Decimal(str(kept[0]["Amount"])) == 10, kept
    return f"sent {today()}, the note is of {days_ago(10)}, kept {kept[0].get('Date')}"


@probe("Xero's developer documentation: manual journals; tax of a manual journal comes from its lines' tax types, B")
def a_manual_journal_takes_tax_from_its_lines(org: Organisation) -> str:
    """A journal with a taxed expense balances only with the tax counted in: net and tax against the gross."""
    code, (tax_type, rate) = org.account(Class="EXPENSE")["Code"], org.tax(False)
    gross = Decimal(100) + rate
    lines = [
        {"LineAmount": 100, "AccountCode": code, "Description": "Probe", "TaxType": tax_type},
        {"LineAmount": float(-gross), "AccountCode": org.account(Type="CURRLIAB")["Code"], "Description": "Probe", "TaxType": "NONE"},
    ]
    element = {"Narration": org.name("Taxed"), "Date": today(), "Status": "POSTED", "LineAmountTypes": "Exclusive", "JournalLines": lines}
    shown = org.one("ManualJournals", org.made("ManualJournals", element)["ManualJournalID"])
    found = next(line for line in shown["JournalLines"] if line.get("TaxType") == tax_type)
    assert Decimal(str(found["TaxAmount"])) == rate, found
    return f"TaxAmount {found['TaxAmount']}"


@probe("docs/journals.md: a set-off is two payments through a clearing account, C")
def two_payments_of_one_clearing_account_set_an_invoice_off_against_a_bill(org: Organisation) -> str:
    """An account with EnablePaymentsToAccount pays an invoice and a bill; both amounts due fall."""
    account = org.account(EnablePaymentsToAccount=True)
    sale, bill = org.invoice(), org.invoice(False)
    for each in (sale, bill):
        target = {
            "Invoice": {"InvoiceID": each["InvoiceID"]},
            "Account": {"AccountID": account["AccountID"]},
            "Date": today(),
            "Amount": 25,
        }
        org.made("Payments", {**target, "Reference": org.name("Set off")})
    paid = [Decimal(str(org.one("Invoices", each["InvoiceID"])["AmountPaid"])) for each in (sale, bill)]
    assert paid == [25, 25], paid
    return f"through {account['Code']} {account['Name']}"


@probe("docs/payments.md: a payment that survives its invoice; C: a reconciled payment can be deleted by a program")
def a_payment_marked_reconciled_is_deleted_or_refused(org: Organisation) -> str:
    """A payment entered as reconciled exists; whether a program may delete it is told (cancel-paid-invoice relies on it)."""
    sale = org.invoice()
    target = {"Invoice": {"InvoiceID": sale["InvoiceID"]}, "Account": {"AccountID": bank(org)["AccountID"]}, "Date": today(), "Amount": 10}
    paid = org.made("Payments", {**target, "IsReconciled": True})
    answer = org.call("POST", f"Payments/{paid['PaymentID']}", {"Status": "DELETED"})
    left = Decimal(str(org.one("Invoices", sale["InvoiceID"])["AmountPaid"]))
    assert left == (0 if answer.status_code == 200 else 10), f"HTTP {answer.status_code}, AmountPaid {left}"
    return f"HTTP {answer.status_code}; IsReconciled {paid.get('IsReconciled')}"
