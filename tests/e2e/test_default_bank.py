"""The Default Payment Account is in one currency: money of another waits until its own account is mapped."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import retry
from tests.scene.journals import entry

pytestmark = pytest.mark.case("F00")


def default_only(rig: Rig, code: str = "090") -> None:
    """No bank has a row of its own; the default is chosen in the form, by its code."""

    def work(frappe: Any) -> None:
        for name in frappe.get_all("Xero Payment Mapping", filters={"connection": rig.connection}, pluck="name"):
            frappe.get_doc("Xero Payment Mapping", name).delete(ignore_permissions=True)
        connection = frappe.get_doc("Xero Connection", rig.connection)
        connection.default_payment_account = code
        connection.save(ignore_permissions=True)

    scene.with_site(rig, work)


def rent(rig: Rig, name: str = "JV-USD", **changes: Any) -> scene.Record:
    """USD 100 of rent, worth NZD 160."""
    usd = {"account_currency": "USD", "exchange_rate": 1.6, "credit_in_account_currency": 100.0, **changes}
    return entry(rig, ("Office Rent", 160.0, {}), ("USD Account", -160.0, usd), name=name)


@pytest.mark.parametrize("said", ["USD", ""], ids=["said", "said-by-the-account-only"])
def test_a_dollar_bank_is_not_served_by_the_default(rig: Rig, said: str) -> None:
    default_only(rig)
    record = rent(rig, account_currency=said)
    rig.play([record, entry(rig, ("Office Rent", 12.5, {}), ("Trading Account", -12.5, {}), name="JV-NZD")])
    scene.settle(rig)
    step = scene.step(rig, "JV-USD")
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "payment-account-unmapped")
    assert f"Map USD Account - {rig.company['abbr']} to a USD bank account" in step["cure"]
    assert [each["Total"] for each in scene.live(rig, "BankTransactions")] == [pytest.approx(12.5)]
    scene.with_site(rig, lambda frappe: _map(frappe, rig, "USD Account", "091"))
    assert retry(rig, record)
    scene.settle(rig)
    assert sorted(float(each["Total"]) for each in scene.live(rig, "BankTransactions")) == [12.5, 100.0]


def _map(frappe: Any, rig: Rig, account: str, code: str) -> None:
    values = {"connection": rig.connection, "account": f"{account} - {rig.company['abbr']}", "xero_account_id": code}
    frappe.get_doc({"doctype": "Xero Payment Mapping", **values}).insert(ignore_permissions=True)


def test_a_dollar_default_serves_dollars_only(rig: Rig) -> None:
    default_only(rig, "091")
    rig.play([rent(rig), entry(rig, ("Office Rent", 12.5, {}), ("Trading Account", -12.5, {}), name="JV-NZD")])
    scene.settle(rig)
    assert scene.step(rig, "JV-NZD")["reason_code"] == "payment-account-unmapped"
    assert [float(each["Total"]) for each in scene.live(rig, "BankTransactions")] == [100.0]


def test_a_transfer_between_currencies_sends_neither_leg(rig: Rig) -> None:
    default_only(rig)
    moved = scene.transfer(rig, 160.0, "USD Account")
    moved["doc"].update(paid_to_account_currency="USD", received_amount=100.0, target_exchange_rate=1.6)
    rig.play([moved])
    scene.settle(rig)
    assert {step["reason_code"] for step in rig.steps(reference_name="MOVE-1")} == {"payment-account-unmapped"}
    assert scene.live(rig, "BankTransactions") == [] and scene.live(rig, "BankTransfers") == []


def test_a_transfer_inside_the_default_is_refused_by_name(rig: Rig) -> None:
    default_only(rig)
    rig.play([scene.transfer(rig, 50.0, "Cash")])
    scene.settle(rig)
    step = scene.step(rig, "MOVE-1")
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "transfer-one-account") and "Default Payment Account" in step[
        "reason"
    ]
    assert scene.live(rig, "BankTransfers") == []
