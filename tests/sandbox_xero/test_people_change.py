"""Whatever a person does in Xero is seen by If-Modified-Since; a list without changes, and the Date of answers."""
from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from tests.scene.xero_client import Client

pytestmark = pytest.mark.case("19")
AWHILE, LATER = 900, "2099-01-01T00:00:00"
ACTIONS: dict[str, dict[str, Any]] = {
    "approve_invoice": {}, "void_invoice": {}, "delete_invoice": {}, "pay_invoice": {"Date": "2026-10-05"},
    "edit_invoice": {"Reference": "another"}}


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_action_of_a_person_is_a_change(api: Client, move: Callable[[float], Any], action: str) -> None:
    status = "DRAFT" if action in ("approve_invoice", "delete_invoice") else "AUTHORISED"
    made = api.made("Invoices", api.invoice(api.contact(), "A-1", Date="2026-10-01", Status=status))
    move(AWHILE)
    since = parsedate_to_datetime(api.get("Organisation").headers["date"]).strftime("%Y-%m-%dT%H:%M:%S")
    assert api.get("Invoices?page=1", **{"If-Modified-Since": since}).json()["Invoices"] == []
    api.xero.person(action, InvoiceID=made["InvoiceID"], **ACTIONS[action])
    found = api.get("Invoices?page=1", **{"If-Modified-Since": since}).json()["Invoices"]
    assert [each["InvoiceID"] for each in found] == [made["InvoiceID"]]


@pytest.mark.parametrize("on", [False, True])
def test_a_list_without_changes(api: Client, on: bool) -> None:
    api.made("Invoices", api.invoice(api.contact(), "A-1", Date="2026-10-01"))
    api.xero.settings(not_modified=on)
    answer = api.get("Invoices?page=1", **{"If-Modified-Since": LATER})
    assert answer.status_code == (304 if on else 200) and (on or answer.json()["Invoices"] == [])
    assert api.get("Invoices?page=1").status_code == 200, "only where something was asked since a time"


def test_answers_bear_the_time_of_the_simulator(api: Client, move: Callable[[float], Any]) -> None:
    before = parsedate_to_datetime(api.get("Organisation").headers["date"])
    move(AWHILE)
    answer = api.get("Organisation")
    assert len(answer.headers.get_list("date")) == 1
    assert AWHILE - 5 <= (parsedate_to_datetime(answer.headers["date"]) - before).total_seconds() <= AWHILE + 60


def test_a_person_enters_more_than_is_due_allocates_it_and_pays_it_back(api: Client) -> None:
    contact = api.contact()
    paid, other = (api.made("Invoices", api.invoice(contact, number, Date="2026-10-01")) for number in ("A-1", "A-2"))
    more = paid["AmountDue"] + 50
    both = api.xero.person("receive_payment", InvoiceID=paid["InvoiceID"], Amount=str(more), Date="2026-10-02")
    money = both["BankTransaction"]
    assert both["Payment"]["Amount"] == paid["AmountDue"] and (money["Type"], money["Total"]) == ("RECEIVE-OVERPAYMENT", 50)
    overpaid = money["OverpaymentID"]
    api.xero.person("allocate_overpayment", OverpaymentID=overpaid, InvoiceID=other["InvoiceID"], Amount="20.00")
    back = api.xero.person("refund_credit", OverpaymentID=overpaid, Amount="30.00", Date="2026-10-03")
    assert back["PaymentType"] == "AROVERPAYMENTPAYMENT"
    (shown,) = api.get("Overpayments?page=1").json()["Overpayments"]
    assert (shown["Status"], shown["RemainingCredit"], [each["Amount"] for each in shown["Allocations"]]) == ("PAID", 0, [20])
    line = {"Description": "Deposit", "Quantity": "1", "UnitAmount": "10.00", "AccountCode": "200", "TaxType": "NONE"}
    before = api.xero.person(
        "enter_bank_transaction", Type="RECEIVE-PREPAYMENT", Contact={"ContactID": contact}, BankAccount={"Code": "090"}, LineAmountTypes="NoTax", LineItems=[line]
    )  # fmt: skip
    taken = api.xero.person("allocate_overpayment", PrepaymentID=before["PrepaymentID"], InvoiceID=other["InvoiceID"], Amount="10.00")
    api.xero.person("remove_allocation", PrepaymentID=before["PrepaymentID"], AllocationID=taken["AllocationID"])
    (shown,) = api.get("Prepayments?page=1").json()["Prepayments"]
    assert (shown["Allocations"], shown["RemainingCredit"]) == ([], 10)


def test_a_person_pays_several_invoices_in_one_batch(api: Client) -> None:
    contact = api.contact()
    made = [api.made("Invoices", api.invoice(contact, number, Date="2026-10-01")) for number in ("A-1", "A-2")]
    rows = [{"Invoice": {"InvoiceID": each["InvoiceID"]}, "Amount": "5.00"} for each in made]
    batch = api.xero.person("pay_batch", Account={"Code": "090"}, Date="2026-10-02", Payments=rows)
    (whole,) = api.get(f"BatchPayments/{batch['BatchPaymentID']}").json()["BatchPayments"]
    assert (whole["TotalAmount"], len(whole["Payments"])) == (10, 2)
