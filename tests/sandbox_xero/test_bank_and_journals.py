"""Spend and receive money, transfers, manual journals, history notes, attachments."""
from __future__ import annotations

import pytest

from tests.scene.xero_client import Client

BANK = {"Code": "090"}


def spend(api: Client, who: str, **fields) -> dict:
    return {"Type": "SPEND", "Contact": {"ContactID": who}, "BankAccount": BANK, "Date": "2026-10-20",
            "Reference": "PE-1", "LineItems": [api.line(115, AccountCode="310", TaxType="INPUT2")], **fields}


def test_spend_money_defaults_to_inclusive_and_can_be_deleted(api: Client) -> None:
    made = api.made("BankTransactions", spend(api, api.contact()))
    assert (made["LineAmountTypes"], made["TotalTax"], made["Total"]) == ("Inclusive", 15, 115)
    path = f"BankTransactions/{made['BankTransactionID']}"
    gone = api.post(path, {"BankTransactions": [{**spend(api, made["Contact"]["ContactID"]), "Status": "DELETED"}]})
    assert gone.json()["BankTransactions"][0]["Status"] == "DELETED"
    reconciled = api.made("BankTransactions", spend(api, made["Contact"]["ContactID"], IsReconciled=True))
    again = api.post(f"BankTransactions/{reconciled['BankTransactionID']}", {"BankTransactions": [
        {**spend(api, made["Contact"]["ContactID"]), "Status": "DELETED"}]})
    assert again.json()["Elements"][0]["ValidationErrors"][0]["Message"] == (
        "Spend money transactions cannot be updated")
    assert len(api.get("BankTransactions?page=1").json()["BankTransactions"]) == 2


def test_spend_money_is_refused(api: Client) -> None:
    who = api.contact()
    assert api.errors("BankTransactions", spend(api, who, CurrencyCode="USD"))
    api.xero.person("set_lock_dates", period="2026-10-31")
    assert api.errors("BankTransactions", spend(api, who))[0].startswith("The document date cannot be before the period")


def transfer(**fields) -> dict:
    return {"FromBankAccount": BANK, "ToBankAccount": {"Code": "093"}, "Amount": 250, "Date": "2026-10-20",
            "Reference": "PE-2/1", **fields}


def put_transfer(api: Client, element: dict):
    return api.http.put("/BankTransfers", json={"BankTransfers": [element]})


def test_transfers_are_made_and_deleted(api: Client) -> None:
    made = put_transfer(api, transfer()).json()["BankTransfers"][0]
    assert made["Status"] == "AUTHORISED" and made["CurrencyRate"] == 1
    assert api.get(f"BankTransactions/{made['FromBankTransactionID']}").json()["BankTransactions"][0][
        "Type"] == "SPEND-TRANSFER"
    gone = api.post(f"BankTransfers/{made['BankTransferID']}", {"Status": "DELETED"})
    assert gone.status_code == 200 and api.get("BankTransfers").json()["BankTransfers"] == []
    assert len(api.get("BankTransfers?includeDeleted=true").json()["BankTransfers"]) == 1
    for wrong in (transfer(ToBankAccount=BANK), transfer(Amount=0), transfer(ToBankAccount={"Code": "200"})):
        assert put_transfer(api, wrong).status_code == 400
    other = put_transfer(api, transfer(ToBankAccount={"Code": "091"})).json()["BankTransfers"][0]
    assert 0.5 < other["CurrencyRate"] < 0.65


def journal(**fields) -> dict:
    return {"Narration": "Accrual", "Date": "2026-10-31", "Status": "POSTED",
            "Url": "https://erp.example/app/journal-entry/JE-1", "JournalLines": [
                {"LineAmount": 100, "AccountCode": "310", "Description": "a"},
                {"LineAmount": -100, "AccountCode": "825", "Description": "b"}], **fields}


def test_manual_journals(api: Client) -> None:
    made = api.made("ManualJournals", journal())
    assert (made["Status"], made["LineAmountTypes"], made["ShowOnCashBasisReports"]) == ("POSTED", "NoTax", True)
    own = made["ManualJournalID"]
    assert api.get(f"ManualJournals/{own}").json()["ManualJournals"][0]["JournalLines"][0]["TaxType"] == "NONE"
    lines = journal()["JournalLines"]

    def refused(**fields) -> str:
        return api.errors("ManualJournals", journal(**fields))[0]
    assert refused(JournalLines=[lines[0], {**lines[1], "LineAmount": -10}]) == (
        "The total debits (100.00) must equal total credits (-10.00)")
    for code in ("610", "800", "090", "960"):
        assert refused(JournalLines=[{**lines[0], "AccountCode": code}, lines[1]]) == (
            f"Account code '{code}' is not a valid code for this document")
    assert refused(JournalLines=lines[:1])
    api.xero.person("set_lock_dates", period="2026-10-31")
    assert "lock date" in refused()
    assert api.made("ManualJournals", journal(Status="DRAFT"))["Status"] == "DRAFT"
    api.xero.person("set_lock_dates")
    void = api.post(f"ManualJournals/{own}", {"ManualJournals": [{"Narration": "Accrual", "Status": "VOIDED"}]})
    assert void.json()["ManualJournals"][0]["Status"] == "VOIDED"


def test_history_notes(api: Client) -> None:
    invoice = api.made("Invoices", api.invoice(api.contact(), "A-1"))
    path = f"Invoices/{invoice['InvoiceID']}/History"
    made = api.http.put(f"/{path}", json={"HistoryRecords": [{"Details": "Sent from ERPNext"}]})
    assert made.status_code == 200
    assert api.get(path).json()["HistoryRecords"][0]["User"] == "System Generated"
    assert api.http.put(f"/{path}", json={"HistoryRecords": [{"Details": "x" * 2501}]}).status_code == 400


@pytest.mark.wrong_requests
def test_attachments(api: Client) -> None:
    invoice = api.made("Invoices", api.invoice(api.contact(), "A-1"))
    path = f"/Invoices/{invoice['InvoiceID']}/Attachments"
    pdf = b"%PDF-1.4 " + b"x" * 4_000_000

    def attach(name: str, body: bytes = pdf, kind: str = "application/pdf") -> int:
        return api.http.put(f"{path}/{name}?IncludeOnline=true", content=body,
                            headers={"Content-Type": kind}).status_code
    assert attach("A-1.pdf") == 200, "attachments may be larger than other bodies"
    listed = api.get(path.strip("/")).json()["Attachments"]
    assert [(f["FileName"], f["ContentLength"], f["IncludeOnline"]) for f in listed] == [("A-1.pdf", len(pdf), True)]
    assert api.get(path.strip("/") + "/A-1.pdf").content == pdf
    assert api.get("Invoices/A-1").json()["Invoices"][0]["HasAttachments"] is True
    assert attach("A-1", b"x") == 400 and attach("a%3Ab.pdf", b"x") == 400 and attach("big.pdf", b"x" * 10_000_001) == 413
    assert [attach(f"{n}.pdf", b"x") for n in range(10)] == [200] * 9 + [400]
