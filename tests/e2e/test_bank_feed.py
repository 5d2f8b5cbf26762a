"""Money of an import of history that somebody may have coded in Xero from the bank feed already: nothing of it goes until a person decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.rig import Rig
from tests.scene import history
from tests.scene import rig as scene
from tests.scene.desk import account_codes
from tests.scene.payments import partly
from tests.scene.xero_client import Client


def coded(rig: Rig, payment: scene.Record, amount: str = "", **fields: Any) -> dict[str, Any]:
    """Somebody has coded money received from the bank feed."""
    client = Client(rig.xero, scope="accounting.banktransactions accounting.contacts")
    code = banks(rig)[payment["doc"]["paid_to"]]
    line = {
        "Description": "From the feed",
        "Quantity": 1,
        "UnitAmount": float(amount or payment["doc"]["paid_amount"]),
        "AccountCode": "200",
        "TaxType": "NONE",
    }
    element = {
        "Type": "RECEIVE",
        "Contact": {"Name": "Bank feed"},
        "BankAccount": {"Code": code},
        "Date": str(payment["doc"]["posting_date"]),
    }
    return client.made("BankTransactions", {**element, "LineAmountTypes": "NoTax", "LineItems": [line], **fields})


def banks(rig: Rig) -> dict[str, str]:
    """By account of the company the code of the bank that it is mapped to."""
    codes = account_codes(rig)
    rows = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Payment Mapping", fields=["account", "xero_account_id"]))
    return {row["account"]: codes[row["xero_account_id"]] for row in rows}


def pressed(rig: Rig, payment: scene.Record) -> int:
    from picortex_xero.api import to_fix

    return int(scene.with_site(rig, lambda _frappe: to_fix.send_late(payment["doctype"], payment["name"])))


def shown(rig: Rig, payment: scene.Record) -> dict[str, Any]:
    from picortex_xero.attention import status

    return dict(scene.with_site(rig, lambda _frappe: status.of(payment["doctype"], payment["name"], True)))


def test_a_person_decides_about_money_that_the_feed_may_have_brought(rig: Rig) -> None:
    invoice, payment = scene.paid(rig)
    coded(rig, payment)
    history.before_going_live(rig, [invoice, payment])
    run = history.begin(rig)
    history.through(rig, run)
    step = scene.step(rig, payment["name"], "payment")
    assert (step["state"], step["reason_code"]) == ("Held", "perhaps-coded") and "Bank feed" in step["reason"]
    assert not scene.live(rig, "Payments") and len(scene.live(rig)) == 1, "the invoice goes, the money waits"
    assert shown(rig, payment)["can_send_late"] == "bank"
    causes = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Step Cause", filters={"step": step["name"]}, pluck="kind"))
    assert causes == ["coded"]
    assert pressed(rig, payment) == 1
    scene.settle(rig)
    assert len(scene.live(rig, "Payments")) == 1 and scene.step(rig, payment["name"], "payment")["late_by"] == "Administrator"


def test_other_money_goes_and_our_own_is_not_asked_about(rig: Rig) -> None:
    (first, one), (second, two) = scene.settlements(rig)[:2]
    amount = Decimal(str(two["doc"]["paid_amount"]))
    other = next(code for code in banks(rig).values() if code != banks(rig)[two["doc"]["paid_to"]] and code.startswith("09"))
    coded(rig, two, str(amount + 1))
    coded(rig, two, Date="2020-01-01")
    coded(rig, two, BankAccount={"Code": other})
    # Money moved twice in a few days, and a transfer made each week: what is ours in Xero is no reason to ask.
    twice = scene.transfer(rig, 500.0, "Cash", "MOVE-1")
    history.before_going_live(rig, [first, one, second, two, twice, scene.copied(twice, "MOVE-2")])
    since = rig.xero.call_count()
    history.through(rig, history.begin(rig, first=str(two["doc"]["posting_date"])[:7] + "-01"))
    history.through(rig, history.begin(rig))
    assert len(scene.live(rig, "Payments")) == 2 and len(scene.live(rig, "BankTransfers")) == 2
    assert {each["state"] for each in rig.steps()} == {"Synced"}
    asked = [
        each
        for each in rig.xero.calls(since=since)
        if each["method"] == "GET" and each["path"].endswith("/BankTransactions") and "where" in each["query"]
    ]
    assert 0 < len(asked) <= 4, "one list for the payments of a round that are near each other"


def test_a_payment_that_somebody_entered_on_the_invoice_is_not_made_again(rig: Rig) -> None:
    """A bank line that was matched with the invoice is a payment in Xero, and no bank transaction."""
    sale, receipt = partly(rig)
    figures = [each for each in receipt["doc"] if each.endswith(("paid_amount", "received_amount", "total_allocated_amount"))]
    receipt["doc"].update(dict.fromkeys(figures, 1000.0), unallocated_amount=0.0, difference_amount=0.0)
    receipt["doc"]["references"][0]["allocated_amount"] = 1000.0
    other = scene.copied(receipt, "PAY-OTHER")
    history.before_going_live(rig, [sale, receipt])
    history.through(rig, history.begin(rig, kinds=("Invoice",)))
    (there,) = scene.live(rig)
    rig.xero.person("pay_invoice", InvoiceID=there["InvoiceID"], Amount="1000.00", Date=str(receipt["doc"]["posting_date"]))
    history.through(rig, history.begin(rig, kinds=("Payment",)))
    step = scene.step(rig, receipt["name"], "payment")
    assert (step["state"], step["reason_code"]) == ("Held", "perhaps-coded") and "1000.00" in step["reason"], step["reason"]
    assert len(scene.live(rig, "Payments")) == 1 and shown(rig, receipt)["can_send_late"] == "bank"
    assert pressed(rig, receipt) == 1
    scene.settle(rig)
    assert scene.step(rig, receipt["name"], "payment")["state"] == "Synced" and len(scene.live(rig, "Payments")) == 2
    # What is there and is ours is no reason to ask: only the one that a person has entered is named.
    rig.play([other])
    history.through(rig, history.begin(rig, kinds=("Payment",)))
    asked = scene.step(rig, other["name"], "payment")
    assert asked["reason_code"] == "perhaps-coded" and asked["reason"].count("1000.00") == 1
