"""Payments and batch payments: what is refused, what they do to the invoice, how they are undone."""
from __future__ import annotations

import pytest

from tests.scene.xero_client import Client

BANK = {"Code": "090"}


@pytest.fixture
def who(api: Client) -> str:
    return api.contact()


def pay(invoice: dict, amount: float, **fields) -> dict:
    return {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": BANK, "Date": "2026-10-20", "Amount": amount,
            "Reference": "ACC-PAY-1/1", **fields}


def state(api: Client, invoice: dict) -> tuple[str, float, float]:
    shown = api.get(f"Invoices/{invoice['InvoiceID']}").json()["Invoices"][0]
    return shown["Status"], shown["AmountDue"], shown["AmountPaid"]


def test_part_and_full_payment_and_deletion(api: Client, who: str) -> None:
    invoice = api.made("Invoices", api.invoice(who, "A-1"))
    first = api.made("Payments", pay(invoice, 15))
    assert state(api, invoice) == ("AUTHORISED", 100, 15)
    second = api.made("Payments", pay(invoice, 100))
    assert state(api, invoice) == ("PAID", 0, 115) and second["PaymentType"] == "ACCRECPAYMENT"
    shown = api.get("Invoices/A-1").json()["Invoices"][0]
    assert shown["FullyPaidOnDate"] and [p["Reference"] for p in shown["Payments"]] == ["ACC-PAY-1/1"] * 2
    gone = api.post(f"Payments/{second['PaymentID']}", {"Status": "DELETED"})
    assert gone.json()["Payments"][0]["Status"] == "DELETED" and state(api, invoice) == ("AUTHORISED", 100, 15)
    again = api.post(f"Payments/{second['PaymentID']}", {"Status": "DELETED"})
    assert again.status_code == 400
    assert [p["Status"] for p in api.get("Payments").json()["Payments"]] == ["AUTHORISED", "DELETED"]
    assert api.get(f"Payments/{first['PaymentID']}").json()["Payments"][0]["Amount"] == 15


def test_void_is_refused_while_paid(api: Client, who: str) -> None:
    invoice = api.made("Invoices", api.invoice(who, "A-1"))
    payment = api.made("Payments", pay(invoice, 15))
    void = {"Invoices": [{"Status": "VOIDED"}]}
    answer = api.post(f"Invoices/{invoice['InvoiceID']}", void).json()
    assert answer["Elements"][0]["ValidationErrors"][0]["Message"] == (
        "This document cannot be edited as it has a payment or credit note allocated to it.")
    api.post(f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert api.post(f"Invoices/{invoice['InvoiceID']}", void).status_code == 200


def test_paid_documents_take_harmless_edits_only(api: Client, who: str) -> None:
    invoice = api.made("Invoices", api.invoice(who, "A-1"))
    api.made("Payments", pay(invoice, 15))

    def edit(**fields) -> list[str]:
        answer = api.post("Invoices?summarizeErrors=false", {"Invoices": [{"InvoiceID": invoice["InvoiceID"], **fields}]})
        return [e["Message"] for e in answer.json()["Invoices"][0].get("ValidationErrors", [])]
    assert edit(Reference="PO 9", DueDate="2026-11-30") == []
    assert edit(Date="2026-10-06") == [
        "Date cannot be changed on an invoice that has payment or credit notes allocated to it."]
    assert edit(LineItems=[api.line(1)])[0].startswith("This document cannot be edited")
    assert edit(Status="AUTHORISED")[0].startswith("The status AUTHORISED cannot be applied")


def test_what_is_refused(api: Client, who: str) -> None:
    invoice = api.made("Invoices", api.invoice(who, "A-1"))
    draft = api.made("Invoices", api.invoice(who, "A-2", Status="DRAFT"))

    def refused(element: dict) -> str:
        return api.errors("Payments", element)[0]
    assert refused(pay(invoice, 115.01)) == "Payment amount exceeds the amount outstanding on this document"
    assert refused(pay(draft, 1)) == "Payments can only be made against Authorised documents"
    assert refused(pay(invoice, 1, Account={"Code": "999x"})) == "Account could not be found"
    assert refused(pay(invoice, 1, Account={"Code": "200"})) == "Account type is invalid for making a payment to/from"
    assert refused(pay(invoice, 1, Account={})) == "You must specify an Account code or Account ID for the payment"
    assert refused(pay({"InvoiceID": who}, 1)) == "An existing invoice with the specified InvoiceID could not be found"
    assert refused({k: v for k, v in pay(invoice, 1).items() if k != "Invoice"})
    assert refused(pay(invoice, 0)) and refused(pay(invoice, -5)) and refused(pay(invoice, 1.005))
    api.xero.person("archive_account", Code="093")
    assert refused(pay(invoice, 1, Account={"Code": "093"})) == "Bank account status invalid for payment creation"
    api.xero.person("set_lock_dates", period="2026-10-20")
    assert refused(pay(invoice, 1)) == "Organisation accounts are locked on the specified payment date"
    api.xero.person("set_lock_dates")
    assert api.made("Payments", pay(invoice, 115, Account={"Code": "895"})), "enabled for payments"
    assert refused(pay(invoice, 1)) == "Payments can only be made against Authorised documents"


def test_post_takes_one_and_updates_only_the_status(api: Client, who: str) -> None:
    invoice = api.made("Invoices", api.invoice(who, "A-1"))
    made = api.post("Payments", pay(invoice, 15)).json()["Payments"][0]
    edit = api.post(f"Payments/{made['PaymentID']}", {"Status": "AUTHORISED"})
    assert edit.json()["Elements"][0]["ValidationErrors"][0]["Message"] == "Only Status accepted for updates."
    assert api.post("Payments", pay(invoice, 500)).status_code == 400


def test_foreign_payments(api: Client, who: str) -> None:
    bill = api.made("Invoices", api.bill(who, "CM-1", api.line(1240, AccountCode="310", TaxType="NONE"),
                                         CurrencyCode="USD", CurrencyRate=0.605217))
    paid = api.made("Payments", pay(bill, 1000, BankAmount=1685))
    assert (paid["BankAmount"], paid["CurrencyRate"]) == (1685, 0.593472)
    own = api.made("Payments", pay(bill, 140, Account={"Code": "091"}))
    assert own["BankAmount"] == 140
    by_rate = api.made("Payments", pay(bill, 50, CurrencyRate=0.5))
    assert by_rate["BankAmount"] == 100
    assert api.errors("Payments", pay(bill, 50, Account={"Code": "092"})), "an AUD bank for a USD bill of an NZD book"


def batch(*members: tuple[dict, float], **fields) -> dict:
    return {"Account": BANK, "Date": "2026-10-28", "Reference": "ACC-PAY-6",
            "Payments": [{"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": amount}
                         for invoice, amount in members], **fields}


def test_a_batch_settles_its_members_and_goes_as_a_whole(api: Client, who: str) -> None:
    one, two = (api.made("Invoices", api.invoice(who, number)) for number in ("A-1", "A-2"))
    made = api.made("BatchPayments", batch((one, 115), (two, 15)))
    assert (made["TotalAmount"], made["Type"], made["Status"]) == (130, "RECBATCH", "AUTHORISED")
    assert state(api, one)[0] == "PAID" and state(api, two) == ("AUTHORISED", 100, 15)
    payments = api.get("Payments").json()["Payments"]
    assert {p["BatchPaymentID"] for p in payments} == {made["BatchPaymentID"]}
    alone = api.post(f"Payments/{payments[0]['PaymentID']}", {"Status": "DELETED"}).json()
    assert alone["Elements"][0]["ValidationErrors"][0]["Message"] == "Payments within a batch cannot be deleted."
    gone = api.post("BatchPayments", {"BatchPaymentID": made["BatchPaymentID"], "Status": "DELETED"})
    assert gone.json()["BatchPayments"][0]["Status"] == "DELETED"
    assert state(api, one) == ("AUTHORISED", 115, 0)
    assert {p["Status"] for p in api.get("Payments").json()["Payments"]} == {"DELETED"}
    again = api.made("BatchPayments", batch((one, 115)))
    by_id = api.post(f"BatchPayments/{again['BatchPaymentID']}", {"Status": "DELETED"})
    assert by_id.status_code == 200
    assert len(api.get("BatchPayments").json()["BatchPayments"]) == 2
    assert api.get(f"BatchPayments/{again['BatchPaymentID']}").json()["BatchPayments"][0]["Status"] == "DELETED"


@pytest.mark.wrong_requests
def test_what_a_batch_refuses_books_nothing(api: Client, who: str) -> None:
    sale, bill = api.made("Invoices", api.invoice(who, "A-1")), api.made("Invoices", api.bill(who, "B-1"))
    foreign = api.made("Invoices", api.invoice(who, "A-2", CurrencyCode="AUD", CurrencyRate=0.9))
    for wrong in (batch((sale, 1), (bill, 1)), batch((foreign, 1)), batch((sale, 1), Account={"Code": "091"}),
                  batch((sale, 115), (sale, 0.01)), batch((sale, 1), (bill, 200)), batch(),
                  batch((sale, 1), Particulars="thirteen char")):
        assert api.errors("BatchPayments", wrong)
    assert api.xero.documents("Payments") == [] and state(api, sale)[1] == 115
