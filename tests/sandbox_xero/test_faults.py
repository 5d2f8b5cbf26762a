"""Every fault does what it says: judged from the answer and from the ledger."""
from __future__ import annotations

import threading

import httpx
import pytest

from sandbox.xero.process import ControlError
from tests.scene.xero_client import Client


@pytest.fixture
def bill(api: Client) -> dict:
    return api.bill(api.contact(), "B-1")


def booked(api: Client) -> int:
    return len(api.xero.documents("Invoices"))


def test_drop_before_and_after(api: Client, bill: dict) -> None:
    api.xero.fault("drop_before", path="/Invoices$")
    with pytest.raises(httpx.TransportError):
        api.put("Invoices", bill, key="k-1")
    assert booked(api) == 0
    api.xero.fault("drop_after", path="/Invoices$")
    with pytest.raises(httpx.TransportError):
        api.put("Invoices", bill, key="k-1")
    assert booked(api) == 1
    assert api.put("Invoices", bill, key="k-1").status_code == 200 and booked(api) == 1, "the replay finds it"


def test_truncated(api: Client, bill: dict) -> None:
    api.xero.fault("truncated", path="/Invoices$")
    with pytest.raises(httpx.TransportError):
        api.put("Invoices", bill)
    assert booked(api) == 1


@pytest.mark.parametrize("kind, status, count", [
    ("error_before", 500, 0), ("error_before", 503, 0), ("error_after", 500, 1), ("error_after", 502, 1)])
def test_server_errors(api: Client, bill: dict, kind: str, status: int, count: int) -> None:
    api.xero.fault(kind, path="/Invoices$", status=status)
    assert api.put("Invoices", bill, key="k-1").status_code == status and booked(api) == count
    assert api.put("Invoices", bill, key="k-1").status_code == (500 if status == 500 else 200)


def test_held_answers_come_after_the_release(api: Client, bill: dict) -> None:
    fault = api.xero.fault("hold_after", path="/Invoices$")
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(api.put("Invoices", bill).status_code))
    thread.start()
    api.xero.wait_until_held(fault["id"])
    assert booked(api) == 1 and answers == [], "committed, not answered"
    api.xero.release(fault["id"])
    thread.join()
    assert answers == [200]


def test_one_element_and_a_whole_batch(api: Client, bill: dict) -> None:
    api.xero.fault("element_error", path="/Invoices$", index=1, text="Out of cheese.")
    shown = api.put("Invoices", bill, bill, bill).json()["Invoices"]
    assert [e["StatusAttributeString"] for e in shown] == ["OK", "ERROR", "OK"] and booked(api) == 2
    assert shown[1]["ValidationErrors"] == [{"Message": "Out of cheese."}]
    api.xero.fault("batch_400", path="/Invoices$")
    assert api.put("Invoices", bill).status_code == 400 and booked(api) == 2


def test_other_order_and_missing_payment_ids(api: Client, bill: dict) -> None:
    api.xero.fault("reorder", path="/Invoices$")
    shown = api.put("Invoices", bill, {**bill, "InvoiceNumber": "B-2"}).json()["Invoices"]
    assert [e["InvoiceNumber"] for e in shown] == ["B-2", "B-1"]


@pytest.mark.wrong_requests
def test_null_payment_id(api: Client) -> None:
    from tests.sandbox_xero import exchange_check
    invoice = api.made("Invoices", api.invoice(api.contact(), "A-1"))
    api.xero.fault("null_payment_id", path="/BatchPayments$")
    made = api.put("BatchPayments", {"Account": {"Code": "090"}, "Date": "2026-10-20", "Payments": [
        {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": 1}]}).json()["BatchPayments"][0]
    assert made["Payments"][0]["PaymentID"] is None and "ValidationErrors" not in made
    if exchange_check.available():
        assert exchange_check.complaints(api.xero.calls(path="/BatchPayments")[0]), "a null is against the description"
    api.xero.control("POST", "reset", {})  # the fault's answer is wrong on purpose


def test_faults_choose_their_calls(api: Client, bill: dict) -> None:
    api.xero.fault("error_before", method="PUT", path="/Invoices$", skip=1, times=2, status=503, body="B-1")
    assert api.get("Invoices").status_code == 200
    codes = [api.put("Invoices", bill).status_code for _ in range(4)]
    assert codes == [200, 503, 503, 200] and api.xero.faults()[0]["hits"] == 2
    api.xero.clear_faults()
    with pytest.raises(ControlError, match="unknown fault kind"):
        api.xero.fault("explode")


def test_the_limit_fault(api: Client) -> None:
    api.xero.fault("limit", problem="concurrent")
    answer = api.get("Organisation")
    assert answer.status_code == 429 and "retry-after" not in answer.headers


def test_the_ledger_tells_who_made_what_in_which_order(api: Client, bill: dict) -> None:
    api.put("Invoices", bill, {**bill, "InvoiceNumber": "B-2"}, key="k-7")
    api.xero.person("pay_invoice", InvoiceID=api.xero.documents("Invoices")[0]["InvoiceID"])
    changes = api.xero.ledger()["changes"]
    assert [c["seq"] for c in changes] == list(range(1, len(changes) + 1))
    made = [c for c in changes if c["resource"] == "Invoices" and c["action"] == "created"]
    assert [(c["number"], c["idempotency_key"], c["by"]) for c in made] == [("B-1", "k-7", "api"), ("B-2", "k-7", "api")]
    assert changes[-1]["by"] == "person" and changes[-1]["status"] == "PAID"
    totals = api.xero.ledger(parts="totals", tenant=api.tenant)["totals"][api.tenant]
    assert totals["Invoices/ACCPAY/PAID/NZD"]["count"] == 1 and totals["Invoices/ACCPAY/AUTHORISED/NZD"]["count"] == 1


def test_people_edit_by_hand(api: Client) -> None:
    who = api.xero.person("create_contact", Name="By Hand")["ContactID"]
    api.xero.person("create_invoice", **api.invoice(who, "HAND-1", Status="DRAFT"))
    api.xero.person("approve_invoice", InvoiceNumber="HAND-1")
    payment = api.xero.person("pay_invoice", InvoiceNumber="HAND-1")
    assert api.xero.person("reconcile_payment", PaymentID=payment["PaymentID"])["IsReconciled"] is True
    assert api.get("Payments").json()["Payments"][0]["IsReconciled"] is True
    api.xero.person("disconnect")
    assert api.get("Organisation").status_code == 403
    with pytest.raises(ControlError, match="unknown action"):
        api.xero.person("dance")


def test_another_body_instead(api: Client, bill: dict) -> None:
    api.xero.fault("instead", path="/Invoices$", text="{}")
    answer = api.put("Invoices", bill)
    assert (answer.status_code, answer.text) == (200, "{}") and booked(api) == 1
    api.xero.control("POST", "reset", {})  # the fault's answer is wrong on purpose


def test_short_pages_say_nothing_of_how_many_there_are(api: Client, bill: dict) -> None:
    api.put("Invoices", bill, {**bill, "InvoiceNumber": "B-2"}, {**bill, "InvoiceNumber": "B-3"})
    assert api.get("Invoices?page=1&pageSize=100").json()["pagination"]["itemCount"] == 3
    api.xero.fault("short", path="/Invoices$", most=2, times=3)
    pages = [api.get(f"Invoices?page={page}&pageSize=100").json() for page in (1, 2, 3)]
    assert [len(page["Invoices"]) for page in pages] == [2, 1, 0] and not any("pagination" in page for page in pages)
    with pytest.raises(ControlError, match="how many"):
        api.xero.fault("short", path="/Invoices$")
