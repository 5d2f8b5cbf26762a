"""What Xero's documentation leaves open, as small experiments: what the app relies on is asserted, what Xero answered is told.

A probe is `probe(organisation) -> str` (what was seen); the first line of its docstring is the rule, and `settles` says in a few words what
it decides. Add one for every rule of grade C (inferred: sandbox/xero/data/rules.json) that the app comes to rely on.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.live.organisation import Organisation, errors

Probe = Callable[[Organisation], str]
PROBES: dict[str, tuple[str, Probe]] = {}


def probe(settles: str) -> Callable[[Probe], Probe]:
    """Register an experiment under its name."""

    def register(function: Probe) -> Probe:
        PROBES[function.__name__] = (settles, function)
        return function

    return register


def today() -> str:
    return time.strftime("%Y-%m-%d")


def bank(org: Organisation) -> dict[str, Any]:
    return org.account(Type="BANK")


def overpaid(org: Organisation, amount: float, contact: str, **fields: Any) -> dict[str, Any]:
    element = {
        "Type": "RECEIVE-OVERPAYMENT",
        "Contact": {"ContactID": contact},
        "BankAccount": {"AccountID": bank(org)["AccountID"]},
        "Date": today(),
    }
    element |= {"LineAmountTypes": "NoTax", "LineItems": [{"Description": org.name("Probe"), "LineAmount": amount}], **fields}
    return org.made("BankTransactions", element)


@probe("Xero's OpenAPI files: LineItem.TaxAmount; C: a cent off")
def a_line_may_carry_a_tax_amount_that_is_a_cent_off(org: Organisation) -> str:
    """A line's TaxAmount may differ from Xero's own figure by a cent, and the totals follow it."""
    code, rate = org.tax()
    own = (Decimal("37.85") * rate / 100).quantize(Decimal("0.01"))
    shown = org.invoice(True, org.line(Decimal("37.85"), TaxAmount=float(own - Decimal("0.01"))))
    assert Decimal(str(shown["TotalTax"])) == own - Decimal("0.01"), shown["TotalTax"]
    return f"{code}: {own - Decimal('0.01')} kept where Xero computes {own}"


@probe("Xero's OpenAPI files: Invoice.Url, C: on bills; xero-php-oauth2#257: numbers of bills repeat")
def a_bill_keeps_its_url_and_its_number_may_repeat(org: Organisation) -> str:
    """Bills keep their Url, and two of one number are two bills."""
    contact, number = org.contact(), org.name("BILL")
    made = [org.invoice(False, contact=contact, InvoiceNumber=number, Url=f"https://erp.example.com/app/bill/{n}") for n in (1, 2)]
    shown = [org.one("Invoices", each["InvoiceID"]) for each in made]
    assert len({each["InvoiceID"] for each in shown}) == 2 and all(each["Url"].endswith(str(n)) for n, each in enumerate(shown, 1))
    return "both bills are there, each with its own Url"


@probe("simulator: contact names are unique among active contacts")
def a_second_contact_of_a_name_is_an_error(org: Organisation) -> str:
    """PUT with an existing contact name is an element error and changes nothing."""
    name = org.name("Namesake")
    org.made("Contacts", {"Name": name})
    again = org.put("Contacts", {"Name": name})[0]
    assert errors(again), "a second contact of that name was made, or the first was changed"
    return errors(again)[0]


@probe("Xero's developer documentation: batch payments")
def a_batch_payment_is_one_record_with_payments_inside(org: Organisation) -> str:
    """Invoices name the batch that paid them."""
    made = [org.invoice() for _ in range(2)]
    members = [{"Invoice": {"InvoiceID": each["InvoiceID"]}, "Amount": float(each["AmountDue"])} for each in made]
    batch = org.made(
        "BatchPayments",
        {"Account": {"AccountID": bank(org)["AccountID"]}, "Date": today(), "Reference": org.name("B"), "Payments": members},
    )
    shown = [org.one("Invoices", each["InvoiceID"]) for each in made]
    assert all(each["Status"] == "PAID" for each in shown)
    found = {payment.get("BatchPaymentID") for each in shown for payment in each["Payments"]}
    assert found == {batch["BatchPaymentID"]}, f"payments on the invoices name {found}"
    return "the invoices' payments carry BatchPaymentID"


@probe("Xero's developer documentation: overpayments; C: Url of one")
def an_overpayment_carries_its_own_id_and_is_allocated(org: Organisation) -> str:
    """PUT BankTransactions answers OverpaymentID; its allocation answers AllocationID and can be deleted."""
    contact = org.contact()
    sale = org.invoice(contact=contact)
    made = overpaid(org, 500, contact, Url="https://erp.example.com/app/payment/1")
    assert made.get("OverpaymentID"), "no OverpaymentID in the answer"
    path = f"Overpayments/{made['OverpaymentID']}"
    allocated = org.made(f"{path}/Allocations", {"Amount": 40, "Date": today(), "Invoice": {"InvoiceID": sale["InvoiceID"]}})
    shown = org.one("Overpayments", made["OverpaymentID"])
    ids = [each.get("AllocationID") for each in shown["Allocations"]]
    assert Decimal(str(shown["RemainingCredit"])) == 460 and len(ids) == 1 and ids[0], shown["Allocations"]
    gone = org.call("DELETE", f"{path}/Allocations/{ids[0]}")
    assert gone.status_code in (200, 204), gone.text
    seen = "kept" if org.one("BankTransactions", made["BankTransactionID"]).get("Url") else "not answered"
    return f"AllocationID in the answer: {'yes' if allocated.get('AllocationID') else 'no, only when read back'}; Url {seen}"


@probe("Xero's developer documentation: overpayments, no way to delete one")
def an_overpayment_cannot_be_deleted_by_a_program(org: Organisation) -> str:
    """Status DELETED on an overpayment's bank transaction is refused."""
    made = overpaid(org, 50, org.contact())
    answer = org.call(
        "POST", "BankTransactions", {"BankTransactions": [{"BankTransactionID": made["BankTransactionID"], "Status": "DELETED"}]}
    )
    assert answer.status_code != 200 or errors(answer.json()["BankTransactions"][0]), "it was deleted"
    return f"HTTP {answer.status_code}"


@probe("Xero's developer documentation: payments of credit notes; C: amount up to RemainingCredit")
def a_credit_note_is_paid_back_by_a_payment(org: Organisation) -> str:
    """PUT Payments with CreditNote pays a credit note back, and the answer names it."""
    element = {
        "Type": "ACCRECCREDIT",
        "CreditNoteNumber": org.name("CN"),
        "Contact": {"ContactID": org.contact()},
        "Date": today(),
        "Status": "AUTHORISED",
    }
    note = org.made("CreditNotes", {**element, "LineAmountTypes": "Exclusive", "LineItems": [org.line()]})
    refund = {
        "CreditNote": {"CreditNoteID": note["CreditNoteID"]},
        "Account": {"AccountID": bank(org)["AccountID"]},
        "Date": today(),
        "Amount": 10,
    }
    paid = org.made("Payments", {**refund, "Reference": org.name("R")})
    assert (paid.get("CreditNote") or {}).get("CreditNoteID") == note["CreditNoteID"], paid
    assert Decimal(str(org.one("CreditNotes", note["CreditNoteID"])["RemainingCredit"])) == Decimal(str(note["Total"])) - 10
    return str(paid.get("PaymentType"))


@probe("Xero's developer documentation: prepayments; C: the same fields as in the schema")
def a_prepayment_carries_tax_and_its_own_id(org: Organisation) -> str:
    """RECEIVE-PREPAYMENT takes taxed lines and answers PrepaymentID."""
    element = {
        "Type": "RECEIVE-PREPAYMENT",
        "Contact": {"ContactID": org.contact()},
        "BankAccount": {"AccountID": bank(org)["AccountID"]},
        "Date": today(),
    }
    made = org.made("BankTransactions", {**element, "LineAmountTypes": "Exclusive", "LineItems": [org.line(100)]})
    assert made.get("PrepaymentID"), "no PrepaymentID in the answer"
    shown = org.one("Prepayments", made["PrepaymentID"])
    assert Decimal(str(shown["RemainingCredit"])) == Decimal(str(made["Total"])) > 100
    return f"RemainingCredit {shown['RemainingCredit']} with tax"


@probe("reports by users: the number of a voided invoice stays used, B")
def the_number_of_a_voided_invoice_is_burned(org: Organisation) -> str:
    """A sales invoice with a voided one's number is refused."""
    contact, number = org.contact(), org.name("BURNED")
    first = org.invoice(contact=contact, InvoiceNumber=number)
    org.call("POST", "Invoices", {"Invoices": [{"InvoiceID": first["InvoiceID"], "Status": "VOIDED"}]}).raise_for_status()
    element = {
        "Type": "ACCREC",
        "InvoiceNumber": number,
        "Contact": {"ContactID": contact},
        "Date": today(),
        "DueDate": today(),
        "Status": "AUTHORISED",
    }
    again = org.put("Invoices", {**element, "LineAmountTypes": "Exclusive", "LineItems": [org.line()]})[0]
    assert errors(again), "the number was free"
    return errors(again)[0]


@probe("not documented: two payments of one day are two, C")
def two_payments_of_one_day_are_two(org: Organisation) -> str:
    """Two payments on one invoice on one day, to two accounts or of one amount, are both kept."""
    sale = org.invoice()
    for reference in ("1", "2"):
        target = {"Invoice": {"InvoiceID": sale["InvoiceID"]}, "Account": {"AccountID": bank(org)["AccountID"]}, "Date": today()}
        org.made("Payments", {**target, "Amount": 10, "Reference": org.name(reference)})
    assert Decimal(str(org.one("Invoices", sale["InvoiceID"])["AmountPaid"])) == 20
    return "AmountPaid 20.00"


@probe("simulator: B, after a payment only fields that move no money; C: lines of an unpaid one")
def an_unpaid_invoice_takes_new_lines_a_paid_one_only_a_reference(org: Organisation) -> str:
    """POST Invoices replaces lines of what is unpaid and takes a Reference on what is paid."""
    sale = org.invoice()

    def post(**fields: Any) -> list[str]:
        answer = org.call("POST", "Invoices?summarizeErrors=false", {"Invoices": [{"InvoiceID": sale["InvoiceID"], **fields}]})
        return errors(answer.json()["Invoices"][0])

    assert not post(LineAmountTypes="Exclusive", LineItems=[org.line(90), org.line(10)])
    assert len(org.one("Invoices", sale["InvoiceID"])["LineItems"]) == 2
    org.made(
        "Payments",
        {"Invoice": {"InvoiceID": sale["InvoiceID"]}, "Account": {"AccountID": bank(org)["AccountID"]}, "Date": today(), "Amount": 10},
    )
    assert not post(Reference="after payment")
    return f"lines after a payment: {post(LineAmountTypes='Exclusive', LineItems=[org.line(100)]) or 'accepted'}"


@probe("Xero's OpenAPI files: ManualJournal.Url; simulator: manual journals")
def a_manual_journal_keeps_url_and_the_cash_flag(org: Organisation) -> str:
    """ManualJournals answer Url and ShowOnCashBasisReports as sent."""
    code = org.account(Class="EXPENSE")["Code"]
    lines = [{"LineAmount": amount, "AccountCode": code, "Description": "Probe"} for amount in (25, -25)]
    element = {"Narration": org.name("Probe"), "Date": today(), "Status": "POSTED", "LineAmountTypes": "NoTax", "JournalLines": lines}
    made = org.made("ManualJournals", {**element, "Url": "https://erp.example.com/app/journal-entry/1", "ShowOnCashBasisReports": False})
    shown = org.one("ManualJournals", made["ManualJournalID"])
    assert shown.get("Url") and shown["ShowOnCashBasisReports"] is False, shown
    return "both kept"


@probe("Xero's developer documentation: history and notes; C: whether they count as a change")
def a_history_note_can_be_read_back(org: Organisation) -> str:
    """A note is found in the history by its text."""
    sale, text = org.invoice(), org.name("Entered in PiCortex")
    before = org.one("Invoices", sale["InvoiceID"])["UpdatedDateUTC"]
    org.call("PUT", f"Invoices/{sale['InvoiceID']}/History", {"HistoryRecords": [{"Details": text}]}).raise_for_status()
    found = org.get(f"Invoices/{sale['InvoiceID']}/History")["HistoryRecords"]
    assert sum(each.get("Details") == text for each in found) == 1, found
    changed = org.one("Invoices", sale["InvoiceID"])["UpdatedDateUTC"] != before
    return f"it {'counts' if changed else 'does not count'} as a change of the invoice"


@probe("Xero's developer documentation: idempotent requests")
def the_same_key_gives_the_same_answer(org: Organisation) -> str:
    """A repeated PUT under one Idempotency-Key makes nothing new."""
    key, name = uuid.uuid4().hex, org.name("Keyed")
    ids = [
        org.call("PUT", "Contacts?summarizeErrors=false", {"Contacts": [{"Name": name}]}, **{"Idempotency-Key": key}).json()["Contacts"][0][
            "ContactID"
        ]
        for _ in range(2)
    ]
    assert ids[0] == ids[1]
    return "one contact"


@probe("not documented, C: deleted payments in lists")
def a_deleted_payment_comes_back_in_lists(org: Organisation) -> str:
    """GET Payments with If-Modified-Since shows deleted payments with Status DELETED."""
    sale, since = org.invoice(), time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() - 120))
    target = {"Invoice": {"InvoiceID": sale["InvoiceID"]}, "Account": {"AccountID": bank(org)["AccountID"]}, "Date": today(), "Amount": 10}
    paid = org.made("Payments", target)
    org.call("POST", f"Payments/{paid['PaymentID']}", {"Status": "DELETED"}).raise_for_status()
    listed = org.get("Payments?page=1&pageSize=1000", **{"If-Modified-Since": since})["Payments"]
    states = [each["Status"] for each in listed if each["PaymentID"] == paid["PaymentID"]]
    assert states == ["DELETED"], states
    return "listed as DELETED"


@probe("C: notes on what is voided")
def a_note_can_be_added_to_a_voided_invoice(org: Organisation) -> str:
    """A voided record's history still takes a note."""
    sale, text = org.invoice(), org.name("Cancelled in PiCortex")
    org.call("POST", f"Invoices/{sale['InvoiceID']}", {"Status": "VOIDED"}).raise_for_status()
    answer = org.call("PUT", f"Invoices/{sale['InvoiceID']}/History", {"HistoryRecords": [{"Details": text}]})
    assert answer.status_code == 200, f"HTTP {answer.status_code} {answer.text[:300]}"
    assert any(each.get("Details") == text for each in org.get(f"Invoices/{sale['InvoiceID']}/History")["HistoryRecords"])
    return "it is there"


@probe("Xero's developer documentation: attachments; C: the name in the answer, and files on what is authorised")
def a_file_with_its_own_type_replaces_the_one_of_its_name(org: Organisation) -> str:
    """PUT of raw bytes under a name; the same name again leaves one file, whose FileName is what was sent."""
    sale = org.invoice()
    path = f"Invoices/{sale['InvoiceID']}/Attachments"
    for content in (b"%PDF-1.4 one", b"%PDF-1.4 two, longer"):
        answer = org.http.put(f"{path}/SINV-1.pdf", content=content, headers={"Content-Type": "application/pdf"})
        assert answer.status_code == 200, f"HTTP {answer.status_code} {answer.text[:300]}"
    shown = [(each["FileName"], int(each["ContentLength"])) for each in org.get(path)["Attachments"]]
    assert shown == [("SINV-1.pdf", 20)], shown
    return "one file, the second"
