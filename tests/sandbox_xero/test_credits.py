"""Credit notes, over- and prepayments, their allocations and refunds."""
from __future__ import annotations

import pytest

from tests.scene.xero_client import Client

BANK = {"Code": "090"}


@pytest.fixture
def who(api: Client) -> str:
    return api.contact()


def note(api: Client, who: str, number: str = "CN-9", amount: float = 50, **fields) -> dict:
    return {"Type": "ACCRECCREDIT", "CreditNoteNumber": number, "Contact": {"ContactID": who}, "Date": "2026-10-15",
            "LineAmountTypes": "Exclusive", "Status": "AUTHORISED", "LineItems": [api.line(amount)], **fields}


def to(invoice: dict, amount: float) -> dict:
    return {"Amount": amount, "Date": "2026-10-20", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}


def allocate(api: Client, resource: str, source_id: str, *given: dict) -> list[dict]:
    answer = api.put(f"{resource}/{source_id}/Allocations", *given)
    assert answer.status_code == 200, answer.text
    return answer.json()["Allocations"]


def message(shown: dict) -> str:
    return shown["ValidationErrors"][0]["Message"]


def test_a_credit_note_is_allocated_and_taken_back(api: Client, who: str) -> None:
    invoice = api.made("Invoices", api.invoice(who, "A-1"))
    credit = api.made("CreditNotes", note(api, who))
    assert (credit["Total"], credit["RemainingCredit"]) == (57.5, 57.5)
    made = allocate(api, "CreditNotes", credit["CreditNoteID"], to(invoice, 57.5))[0]
    assert made["Date"] == "/Date(1792022400000+0000)/", "the later of the two documents, not the date sent"
    shown = api.get(f"CreditNotes/{credit['CreditNoteID']}").json()["CreditNotes"][0]
    assert (shown["Status"], shown["RemainingCredit"]) == ("PAID", 0)
    open_ = api.get("Invoices/A-1").json()["Invoices"][0]
    assert (open_["AmountDue"], open_["AmountCredited"]) == (57.5, 57.5)
    assert open_["CreditNotes"][0]["AppliedAmount"] == 57.5
    void = {"CreditNotes": [{"Status": "VOIDED"}]}
    assert api.post(f"CreditNotes/{credit['CreditNoteID']}", void).status_code == 400
    gone = api.http.delete(f"/CreditNotes/{credit['CreditNoteID']}/Allocations/{made['AllocationID']}").json()
    assert gone["IsDeleted"] is True
    assert api.get("Invoices/A-1").json()["Invoices"][0]["AmountDue"] == 115
    assert api.post(f"CreditNotes/{credit['CreditNoteID']}", void).json()["CreditNotes"][0]["Status"] == "VOIDED"


def test_what_an_allocation_refuses(api: Client, who: str) -> None:
    invoice, bill = api.made("Invoices", api.invoice(who, "A-1")), api.made("Invoices", api.bill(who, "B-1"))
    other = api.made("Invoices", api.invoice(api.contact("Other"), "A-2"))
    credit = api.made("CreditNotes", note(api, who, amount=200))["CreditNoteID"]
    wrong = allocate(api, "CreditNotes", credit, to(invoice, 115.01), to(bill, 1), to(other, 1), to(invoice, 0),
                     to({"InvoiceID": credit}, 1), to(invoice, 115), to(invoice, 1))
    assert message(wrong[0]) == "Credit Note cannot be allocated as amount is greater than amount outstanding"
    assert all("ValidationErrors" in shown for shown in wrong[1:5]) and "ValidationErrors" not in wrong[5]
    assert message(wrong[6]) == "The invoice you are trying to allocate to has already been paid off"
    assert api.xero.documents("CreditNotes")[0]["credited"] == 115


def test_numbers_of_credit_notes(api: Client, who: str) -> None:
    api.made("CreditNotes", note(api, who))
    assert api.errors("CreditNotes", note(api, who)) == ["Invoice # must be unique."]
    supplier = {"Type": "ACCPAYCREDIT", "LineItems": [api.line(5, AccountCode="310", TaxType="INPUT2")]}
    one, two = (api.made("CreditNotes", note(api, who, **supplier)) for _ in range(2))
    assert one["CreditNoteID"] != two["CreditNoteID"] and "Reference" not in one
    listed = api.get("CreditNotes?page=1").json()
    assert listed["pagination"]["itemCount"] == 3 and api.get("CreditNotes/CN-9").status_code == 200


def test_a_credit_note_is_refunded(api: Client, who: str) -> None:
    credit = api.made("CreditNotes", note(api, who))
    refund = api.made("Payments", {"CreditNote": {"CreditNoteID": credit["CreditNoteID"]}, "Account": BANK,
                                   "Date": "2026-10-20", "Amount": 57.5})
    assert refund["PaymentType"] == "ARCREDITPAYMENT"
    assert api.get("CreditNotes/CN-9").json()["CreditNotes"][0]["Status"] == "PAID"


def overpayment(who: str, amount: float = 500, **fields) -> dict:
    return {"Type": "RECEIVE-OVERPAYMENT", "Contact": {"ContactID": who}, "BankAccount": BANK, "Date": "2026-10-20",
            "LineAmountTypes": "NoTax", "Url": "https://erp.example/app/payment-entry/P-1",
            "LineItems": [{"Description": "Receipt", "LineAmount": amount}], **fields}


def test_an_overpayment_is_one_bank_line_allocated_later(api: Client, who: str) -> None:
    made = api.made("BankTransactions", overpayment(who))
    own = made["OverpaymentID"]
    assert (made["Total"], made["TotalTax"], made["CurrencyCode"]) == (500, 0, "NZD")
    invoice = api.made("Invoices", api.invoice(who, "A-1"))
    allocate(api, "Overpayments", own, to(invoice, 115))
    shown = api.get(f"Overpayments/{own}").json()["Overpayments"][0]
    assert (shown["RemainingCredit"], shown["Status"], len(shown["Allocations"])) == (385, "AUTHORISED", 1)
    too_much = allocate(api, "Overpayments", own, to(api.made("Invoices", api.invoice(who, "A-2")), 115.5))[0]
    assert message(too_much) == "Overpayment cannot be allocated as amount is greater than amount outstanding"
    assert api.made("Payments", {"Overpayment": {"OverpaymentID": own}, "Account": BANK, "Date": "2026-10-21",
                                 "Amount": 385})["PaymentType"] == "AROVERPAYMENTPAYMENT"
    assert api.get("Overpayments?page=1").json()["Overpayments"][0]["Status"] == "PAID"
    gone = api.post(f"BankTransactions/{made['BankTransactionID']}", {"BankTransactions": [
        {"Type": "RECEIVE-OVERPAYMENT", "BankAccount": BANK, "LineItems": [], "Status": "DELETED"}]})
    assert gone.status_code == 400, "the API cannot delete it"


def test_a_prepayment_carries_tax(api: Client, who: str) -> None:
    made = api.made("BankTransactions", overpayment(
        who, Type="RECEIVE-PREPAYMENT", LineAmountTypes="Inclusive", LineItems=[api.line(115)]))
    shown = api.get(f"Prepayments/{made['PrepaymentID']}").json()["Prepayments"][0]
    assert (shown["Total"], shown["TotalTax"], shown["RemainingCredit"]) == (115, 15, 115)
    invoice = api.made("Invoices", api.invoice(who, "A-1"))
    given = allocate(api, "Prepayments", made["PrepaymentID"], to(invoice, 115))[0]
    assert api.get("Invoices/A-1").json()["Invoices"][0]["Status"] == "PAID"
    api.http.delete(f"/Prepayments/{made['PrepaymentID']}/Allocations/{given['AllocationID']}")
    assert api.get("Invoices/A-1").json()["Invoices"][0]["Status"] == "AUTHORISED"


def test_what_an_advance_refuses(api: Client, who: str) -> None:
    def refused(**fields) -> str:
        return api.errors("BankTransactions", overpayment(who, **fields))[0]
    assert refused(BankAccount={"Code": "200"}).startswith("The specified bank account details")
    assert refused(LineItems=[{"Description": "x", "LineAmount": 1, "AccountCode": "200"}]).startswith("Account code")
    assert refused(LineItems=[{"Description": "x", "LineAmount": 1}] * 2)
    assert refused(Type="RECEIVE-TRANSFER")
    assert refused(Url="https://x.example/xero") == "Url must be a valid absolute url"
    assert api.xero.documents("Overpayments") == []
