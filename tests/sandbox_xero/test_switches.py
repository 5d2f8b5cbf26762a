"""Behaviour of Xero's that is not settled and can be switched; one record that makes its request answer 500; snapshots."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.xero.process import ControlError
from tests.scene.xero_client import Client

BANK, RAW, TIDY = {"Code": "090"}, "CHQ  77\t00\x0742 \n", "CHQ 77 0042"


@pytest.mark.case("24")
@pytest.mark.case("27")
@pytest.mark.parametrize("tidies", [False, True])
def test_text_of_one_line_is_kept_tidied_where_switched(api: Client, tidies: bool) -> None:
    api.xero.settings(tidies_text=tidies)
    who, kept = api.contact(), TIDY if tidies else RAW
    sale = api.made("Invoices", api.invoice(who, "A-1", api.line(Description=RAW), Reference=RAW))
    assert (sale["Reference"], sale["LineItems"][0]["Description"]) == (kept, kept)
    payment = api.made("Payments", {"Invoice": {"InvoiceID": sale["InvoiceID"]}, "Account": BANK, "Amount": 1,
                                    "Date": "2026-10-20", "Reference": RAW})
    spent = api.made("BankTransactions", {"Type": "SPEND", "Contact": {"ContactID": who}, "BankAccount": BANK, "Reference": RAW,
                                          "Date": "2026-10-20", "LineItems": [api.line(AccountCode="404", TaxType="INPUT2")]})
    advance = api.made("BankTransactions", {"Type": "RECEIVE-OVERPAYMENT", "Contact": {"ContactID": who}, "BankAccount": BANK,
                                            "Date": "2026-10-20", "LineItems": [{"Description": RAW, "LineAmount": 5}]})
    moved = api.put("BankTransfers", {"FromBankAccount": BANK, "ToBankAccount": {"Code": "091"}, "Amount": 5, "Reference": RAW,
                                      "Date": "2026-10-20"}, query="").json()
    journal = api.made("ManualJournals", {"Narration": RAW, "Date": "2026-10-20", "JournalLines": [
        {"LineAmount": 5, "AccountCode": "404", "Description": RAW}, {"LineAmount": -5, "AccountCode": "408"}]})
    assert [payment["Reference"], spent["Reference"], advance["LineItems"][0]["Description"], journal["Narration"],
            journal["JournalLines"][0]["Description"]] == [kept] * 5
    listed = [api.get("Payments").json()["Payments"][0]["Reference"],
              api.get("ManualJournals?page=1").json()["ManualJournals"][0]["Narration"],
              api.xero.documents("Payments")[0]["Reference"]]
    if "BankTransfers" in moved:
        listed.append(api.get("BankTransfers").json()["BankTransfers"][0]["Reference"])
    assert listed == [kept] * len(listed)


def test_named_fields_are_tidied_and_a_reset_ends_it(api: Client) -> None:
    api.xero.settings(tidies_text=["InvoiceNumber"])
    sale = api.made("Invoices", api.invoice(api.contact(), "A  1", Reference=RAW))
    assert (sale["InvoiceNumber"], sale["Reference"]) == ("A 1", RAW)
    api.xero.reset()
    assert api.xero.settings()["tidies_text"] is False
    with pytest.raises(ControlError, match="unknown settings"):
        api.xero.settings(tidies_txt=True)


def refunds(api: Client) -> dict[str, dict[str, Any]]:
    """A refund of each sort of credit as PUT answered it, by the name of the credit."""
    who, made = api.contact(), {}
    note = api.made("CreditNotes", {"Type": "ACCRECCREDIT", "CreditNoteNumber": "CN-1", "Contact": {"ContactID": who},
                                    "Date": "2026-10-05", "Status": "AUTHORISED", "LineItems": [api.line()]})
    credits = {"CreditNote": note["CreditNoteID"]}
    for kind in ("Overpayment", "Prepayment"):
        line = {"Description": "Advance", "LineAmount": 50} if kind == "Overpayment" else api.line(50)
        advance = api.made("BankTransactions", {"Type": f"RECEIVE-{kind.upper()}", "Contact": {"ContactID": who}, "BankAccount": BANK,
                                                "Date": "2026-10-05", "LineItems": [line]})
        credits[kind] = advance[f"{kind}ID"]
    for kind, credit in credits.items():
        made[kind] = api.made("Payments", {kind: {f"{kind}ID": credit}, "Account": BANK, "Amount": 10, "Date": "2026-10-20"})
        assert made[kind][kind][f"{kind}ID"] == credit and "Invoice" not in made[kind]
    return made


@pytest.mark.case("36")
def test_a_refund_is_read_under_invoice_and_written_under_its_credit(api: Client) -> None:
    for kind, put in refunds(api).items():
        listed = next(e for e in api.get("Payments").json()["Payments"] if e["PaymentID"] == put["PaymentID"])
        one = api.get(f"Payments/{put['PaymentID']}").json()["Payments"][0]
        gone = api.post(f"Payments/{put['PaymentID']}", {"Status": "DELETED"}).json()["Payments"][0]
        for read in (listed, one, gone):
            assert kind not in read and read["Invoice"]["InvoiceID"] == put[kind][f"{kind}ID"] and f"{kind}ID" not in read["Invoice"]
            types = {"CreditNote": "ACCRECCREDIT", "Overpayment": "AROVERPAYMENT", "Prepayment": "ARPREPAYMENT"}
            assert read["Invoice"]["Type"] == types[kind] and read["PaymentType"] == put["PaymentType"]
        if kind == "CreditNote":
            assert listed["Invoice"]["InvoiceNumber"] == "CN-1"


@pytest.mark.case("36")
def test_which_refunds_are_shown_so_is_switched(api: Client) -> None:
    api.xero.settings(refunds_under_invoice=["CreditNote"])
    made = refunds(api)
    listed = {e["PaymentID"]: e for e in api.get("Payments").json()["Payments"]}
    assert {kind: "Invoice" in listed[put["PaymentID"]] for kind, put in made.items()} == {
        "CreditNote": True, "Overpayment": False, "Prepayment": False}


@pytest.mark.case("28")
@pytest.mark.parametrize(("kind", "numbers"), [("error_before", []), ("error_after", ["B-1", "B-2", "B-3"]), ("error_amid", ["B-1"])])
def test_one_record_makes_whatever_request_it_stands_in_answer_500(api: Client, kind: str, numbers: list[str]) -> None:
    who = api.contact()
    bills = [api.bill(who, f"B-{n}", Url=f"https://erp.example/PINV-{n}?sync=1") for n in (1, 2, 3)]
    api.xero.fault(kind, method="PUT", marker="/PINV-2?", status=500, times=10)
    assert api.put("Invoices", bills[0], key="k-0").status_code == 200
    api.xero.person("void_invoice", InvoiceID=api.xero.documents("Invoices")[0]["InvoiceID"])
    for key in ("k-1", "k-1"):
        assert api.put("Invoices", *bills, key=key).status_code == 500
    booked = [e["InvoiceNumber"] for e in api.xero.documents("Invoices") if e["Status"] == "AUTHORISED"]
    assert booked == numbers, "once, whatever the replay"
    assert api.put("Invoices", bills[0], bills[2], key="k-2").status_code == 200


@pytest.mark.case("28")
def test_a_record_that_fails_amid_must_be_named(api: Client) -> None:
    with pytest.raises(ControlError, match="needs the marker"):
        api.xero.fault("error_amid")


def test_a_state_is_put_back_whole(api: Client) -> None:
    who = api.contact()
    api.made("Invoices", api.invoice(who, "A-1"))
    taken = api.xero.snapshot("one invoice")
    made = api.made("Invoices", api.invoice(who, "A-2"))
    api.xero.fault("error_before")
    api.xero.restore("one invoice")
    assert [e["InvoiceNumber"] for e in api.xero.documents("Invoices")] == ["A-1"] and api.xero.faults() == []
    assert api.xero.ledger()["last"] == taken["last"] and api.xero.call_count() == taken["calls"]
    assert api.get(f"Invoices/{made['InvoiceID']}").status_code == 404
    api.made("Invoices", api.invoice(who, "A-2"))
    api.xero.restore("one invoice")
    assert len(api.xero.documents("Invoices")) == 1, "as often as wanted"
