"""Stock: which Xero accounts the host's stock accounts may be mapped to, and which ledger rows of a stock invoice are not sent."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import account_codes
from tests.scene.returns import shown


def test_an_inventory_account_of_xero_stands_for_no_account(rig: Rig) -> None:
    def choose(frappe: Any) -> None:
        with pytest.raises(frappe.ValidationError, match="630 Inventory is an inventory account, which only Xero's own tracked items"):
            values = {"connection": rig.connection, "account": f"Buildings - {rig.company['abbr']}", "xero_account_code": "630"}
            frappe.get_doc({"doctype": "Xero Account Mapping", **values}).insert(ignore_permissions=True)
        doc = frappe.get_doc("Xero Connection", rig.connection)
        doc.default_purchase_account = "630"
        with pytest.raises(frappe.ValidationError, match="inventory account"):
            doc.save(ignore_permissions=True)
        from picortex_xero.connection import offers

        assert "630" not in {each["value"] for each in offers.choices(rig.connection)["accounts"]}

    scene.with_site(rig, choose)


def test_a_stock_bill_goes_where_the_ledger_says(rig: Rig) -> None:
    """ERPNext itself writes the account into the row (recorded: stock-bill-plain, stock-bill-update-stock)."""
    (record,) = scene.bills(rig)
    bill = scene.copied(record, f"{record['name']}-STOCK", update_stock=1)
    bill["doc"]["items"] = [
        {**item, "expense_account": f"Stock Received But Not Billed - {rig.company['abbr']}"} for item in bill["doc"]["items"]
    ]
    rig.play([bill])
    scene.settle(rig)
    codes = account_codes(rig)
    lines = shown(rig, bill)["lines"][: len(bill["doc"]["items"])]
    assert {codes[line["account"]] for line in lines} == {"806"} and shown(rig, bill)["Total"] == scene.total(record)


def test_the_cost_of_goods_delivered_by_an_invoice_is_not_sent(rig: Rig) -> None:
    """Cost against stock in the invoice's own ledger is for the stock journals; the invoice is its sale alone."""
    (record,) = scene.invoices(rig)
    sale = scene.copied(record, f"{record['name']}-GOODS", update_stock=1)
    rig.play([sale])
    scene.settle(rig)
    element = shown(rig, sale)
    assert (element["Total"], element["TotalTax"]) == (scene.total(record), scene.tax(record)) and not scene.live(rig, "ManualJournals")


def test_goods_moved_inside_the_company_are_nothing_to_xero(rig: Rig) -> None:
    """The internal customer stands for the company itself; one that stands for a sister company is a customer like any other."""
    inside, sister = (scene.copied(record, f"{record['name']}-MOVE", is_internal_customer=1) for record in scene.invoices(rig, 2))
    inside["doc"]["represents_company"] = rig.company["name"]
    sister["doc"]["represents_company"] = "Sister Company Ltd"
    rig.play([inside, sister])
    scene.settle(rig)
    row = scene.step(rig, inside["name"])
    assert (row["state"], row["reason_code"]) == ("Skipped", "internal-transfer") and rig.company["name"] in row["reason"]
    assert [each["InvoiceNumber"] for each in scene.live(rig)] == [sister["name"]]
