"""Experiments on invoices, bills, credit notes, contacts and manual journals."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

from ..accounting.money import decimal
from .experiments import experiment
from .organisation import NotAsked, Organisation, errors, expect, said


@experiment("Xero's OpenAPI files: LineItem.TaxAmount; C: a cent off")
def a_line_may_carry_a_tax_amount_that_is_a_cent_off(org: Organisation) -> str:
    """A line's TaxAmount may differ from Xero's own figure by a cent, and the totals follow it."""
    code, rate = org.tax()
    own = (Decimal("37.85") * rate / 100).quantize(Decimal("0.01"))
    shown = org.invoice(True, org.line(Decimal("37.85"), TaxAmount=own - Decimal("0.01")), asked=True)
    expect(decimal(shown["TotalTax"]) == own - Decimal("0.01"), f"TotalTax {shown['TotalTax']}")
    return f"{code}: {own - Decimal('0.01')} kept where Xero computes {own}"


@experiment("Xero's OpenAPI files: Invoice.Url, C: on bills; xero-php-oauth2#257: numbers of bills repeat")
def a_bill_keeps_its_url_and_its_number_may_repeat(org: Organisation) -> str:
    """Bills keep their Url, and two of one number are two bills."""
    contact, number = org.contact(), org.name("BILL")
    sent = [f"https://erp.example.com/app/bill/{n}" for n in (1, 2)]
    made = [org.invoice(False, contact=contact, InvoiceNumber=number, Url=url, asked=True) for url in sent]
    shown = [org.one("Invoices", each["InvoiceID"]) for each in made]
    expect(len({each["InvoiceID"] for each in shown}) == 2, "the second bill of that number is the first one")
    expect([each.get("Url") for each in shown] == sent, f"Url {[each.get('Url') for each in shown]}")
    return "both bills are there, each with its own Url"


@experiment("simulator: contact names are unique among active contacts")
def a_second_contact_of_a_name_is_an_error(org: Organisation) -> str:
    """PUT with an existing contact name is an element error and changes nothing."""
    name = org.name("Namesake")
    org.given("Contacts", {"Name": name})
    again = org.put("Contacts", {"Name": name})[0]
    expect(errors(again), "a second contact of that name was made, or the first was changed")
    return errors(again)[0]


@experiment("reports by users: the number of a voided invoice stays used, B")
def the_number_of_a_voided_invoice_is_burned(org: Organisation) -> str:
    """A sales invoice with a voided one's number is refused."""
    contact, number = org.contact(), org.name("BURNED")
    first = org.invoice(contact=contact, InvoiceNumber=number)
    _voided(org, first)
    again = org.put("Invoices", org.element(contact=contact, InvoiceNumber=number))[0]
    expect(errors(again), "the number was free")
    return errors(again)[0]


def _voided(org: Organisation, invoice: dict[str, Any]) -> None:
    answer = org.post(f"Invoices/{invoice['InvoiceID']}", {"Status": "VOIDED"})
    if answer.status != 200:
        raise NotAsked(f"an invoice could not be voided: {said(answer)}")


@experiment("simulator: B, after a payment only fields that move no money; C: lines of an unpaid one")
def an_unpaid_invoice_takes_new_lines_a_paid_one_only_a_reference(org: Organisation) -> str:
    """POST Invoices replaces lines of what is unpaid and takes a Reference on what is paid."""
    sale = org.invoice()

    def post(**fields: Any) -> list[str]:
        answer = org.post("Invoices?summarizeErrors=false", {"Invoices": [{"InvoiceID": sale["InvoiceID"], **fields}]})
        return errors(answer.data["Invoices"][0]) if answer.status == 200 else [said(answer)]

    refused = post(LineAmountTypes="Exclusive", LineItems=[org.line(90, Description="New lines"), org.line(10)])
    expect(not refused, "; ".join(refused))
    lines = org.one("Invoices", sale["InvoiceID"])["LineItems"]
    expect(len(lines) == 2, f"{len(lines)} lines")
    org.given("Payments", org.payment(sale["InvoiceID"], 10))
    refused = post(Reference="after payment")
    expect(not refused, "; ".join(refused))
    return f"lines after a payment: {post(LineAmountTypes='Exclusive', LineItems=[org.line(100)]) or 'accepted'}"


@experiment("Xero's OpenAPI files: ManualJournal.Url; simulator: manual journals")
def a_manual_journal_keeps_url_and_the_cash_flag(org: Organisation) -> str:
    """ManualJournals answer Url and ShowOnCashBasisReports as sent."""
    code = org.account(Class="EXPENSE")["Code"]
    lines = [{"LineAmount": amount, "AccountCode": code, "Description": "Probe"} for amount in (25, -25)]
    element = {"Narration": org.name("Probe"), "Date": org.day(), "Status": "POSTED", "LineAmountTypes": "NoTax", "JournalLines": lines}
    url = "https://erp.example.com/app/journal-entry/1"
    made = org.made("ManualJournals", {**element, "Url": url, "ShowOnCashBasisReports": False})
    shown = org.one("ManualJournals", made["ManualJournalID"])
    kept = shown.get("Url"), shown.get("ShowOnCashBasisReports")
    expect(kept == (url, False), f"Url {kept[0]}, ShowOnCashBasisReports {kept[1]}")
    return "both kept"


@experiment("Xero's developer documentation: manual journals; tax of a manual journal comes from its lines' tax types, B")
def a_manual_journal_takes_tax_from_its_lines(org: Organisation) -> str:
    """A journal with a taxed expense balances only with the tax counted in: net and tax against the gross."""
    code, (tax_type, rate) = org.account(Class="EXPENSE")["Code"], org.tax(False)
    gross = Decimal(100) + rate
    against = {"LineAmount": -gross, "AccountCode": org.account(Type="CURRLIAB")["Code"], "Description": "Probe", "TaxType": org.untaxed()}
    lines = [{"LineAmount": 100, "AccountCode": code, "Description": "Probe", "TaxType": tax_type}, against]
    element = {"Narration": org.name("Taxed"), "Date": org.day(), "Status": "POSTED", "LineAmountTypes": "Exclusive"}
    made = org.made("ManualJournals", {**element, "JournalLines": lines})
    shown = org.one("ManualJournals", made["ManualJournalID"])
    taxed = [line.get("TaxAmount") for line in shown["JournalLines"] if line.get("TaxType") == tax_type]
    expect([decimal(each) for each in taxed] == [rate], f"TaxAmount {taxed}")
    return f"TaxAmount {taxed[0]}"


@experiment("Xero help: invoices and credit notes are numbered in one sequence, B; simulator: counted apart, C")
def a_credit_note_beside_an_invoice_of_its_number(org: Organisation) -> str:
    """A credit note numbered as its invoice with "-W" is made; whether it could bear the very number of the invoice is told."""
    contact, number = org.contact(), org.name("SHARED")
    org.invoice(contact=contact, InvoiceNumber=number)
    org.made("CreditNotes", credit_note(org, contact, f"{number}-W"))
    same = errors(org.put("CreditNotes", credit_note(org, contact, number))[0])
    return f"the very same number: {'; '.join(same) or 'accepted'}"


def credit_note(org: Organisation, contact: str, number: str, **fields: Any) -> dict[str, Any]:
    """An authorised credit note of one taxed line for a customer, as it is sent."""
    own = {"Type": "ACCRECCREDIT", "CreditNoteNumber": number, "Contact": {"ContactID": contact}, "Date": org.day(), "Status": "AUTHORISED"}
    return {**own, "LineAmountTypes": "Exclusive", "LineItems": [org.line(50)], **fields}


@experiment("Xero's developer documentation: allocations; C: the date of an allocation")
def an_allocation_of_a_credit_note_tells_its_date(org: Organisation) -> str:
    """A credit note of 10 days ago is taken off an invoice of 20 days ago today: the date that Xero keeps is told."""
    contact = org.contact()
    sale = org.invoice(contact=contact, Date=org.day(20), DueDate=org.day(20))
    note = org.given("CreditNotes", credit_note(org, contact, org.name("DATED"), Date=org.day(10)))
    path = f"CreditNotes/{note['CreditNoteID']}"
    org.made(f"{path}/Allocations", {"Amount": 10, "Date": org.day(), "Invoice": {"InvoiceID": sale["InvoiceID"]}})
    kept = org.one("CreditNotes", note["CreditNoteID"]).get("Allocations") or []
    expect([decimal(each.get("Amount")) for each in kept] == [10], f"Allocations {kept}")
    return f"sent {org.day()}, the note is of {org.day(10)}, kept {kept[0].get('Date')}"


@experiment("Xero's developer documentation: idempotent requests")
def the_same_key_gives_the_same_answer(org: Organisation) -> str:
    """A repeated PUT under one Idempotency-Key makes nothing new."""
    key, body = secrets.token_hex(16), {"Contacts": [{"Name": org.name("Keyed")}]}
    answers = [org.call("PUT", "Contacts?summarizeErrors=false", body, key=key) for _again in range(2)]
    ids = [answer.data["Contacts"][0].get("ContactID") for answer in answers]
    expect(ids[0] == ids[1], "the second request made another contact, or was refused")
    return "one contact"
