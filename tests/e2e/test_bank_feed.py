"""Money of an import of history that somebody may have coded in Xero from the bank feed already: nothing of it goes until a person decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import account_codes
from tests.scene.xero_client import Client

RUN = "history-1"


def of_history(rig: Rig, *records: scene.Record) -> None:
    """An import of history brings these documents: their steps belong to it before any is looked at."""

    def work(frappe: Any) -> None:
        for name in frappe.get_all(
            "Xero Outbox Entry", filters={"reference_name": ("in", [each["name"] for each in records])}, pluck="name"
        ):
            frappe.db.set_value("Xero Outbox Entry", name, "history_run", RUN)

    rig.play(list(records))
    scene.with_site(rig, work)


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
    of_history(rig, invoice, payment)
    scene.settle(rig)
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
    rig.play([first, one])
    scene.settle(rig)
    amount = Decimal(str(two["doc"]["paid_amount"]))
    coded(rig, two, str(amount + 1))
    coded(rig, two, Date="2020-01-01")
    coded(
        rig,
        two,
        BankAccount={
            "Code": next(code for code in banks(rig).values() if code != banks(rig)[two["doc"]["paid_to"]] and code.startswith("09"))
        },
    )
    of_history(rig, second, two)
    since = len(rig.xero.calls())
    scene.settle(rig)
    assert len(scene.live(rig, "Payments")) == 2
    asked = [
        each
        for each in rig.xero.calls(since=since)
        if each["method"] == "GET" and each["path"].endswith("/BankTransactions") and "where" in each["query"]
    ]
    assert len(asked) == 1, "one list for the payments of a round"


def test_our_transfer_is_not_taken_for_the_next_one(rig: Rig) -> None:
    first = scene.transfer(rig, 500.0, "Cash", "MOVE-1")
    again = scene.copied(first, "MOVE-2")
    rig.play([first])
    scene.settle(rig)
    assert len(scene.live(rig, "BankTransfers")) == 1
    of_history(rig, again)
    scene.settle(rig)
    assert len(scene.live(rig, "BankTransfers")) == 2
