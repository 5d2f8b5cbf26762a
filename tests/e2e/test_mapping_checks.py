"""What a mapping form takes: accounts of one kind, money on accounts that move money, and a currency that agrees."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import retry

pytestmark = pytest.mark.case("B7")


def changed(rig: Rig, kind: str, account: str, **values: Any) -> str:
    """An admin changes the mapping of an account and saves; what is refused, or ""."""
    name = f"{account} - {rig.company['abbr']}"

    def work(frappe: Any) -> str:
        row = frappe.db.get_value(f"Xero {kind} Mapping", {"connection": rig.connection, "account": name}, "name")
        doc = (
            frappe.get_doc(f"Xero {kind} Mapping", row)
            if row
            else frappe.get_doc({"doctype": f"Xero {kind} Mapping", "connection": rig.connection, "account": name})
        )
        doc.update(values)
        try:
            doc.save(ignore_permissions=True)
        except frappe.ValidationError as refused:
            frappe.db.rollback()
            return str(refused)
        frappe.db.commit()
        return ""

    return str(scene.with_site(rig, work))


def test_an_income_account_is_mapped_to_an_expense_account_on_purpose_only(rig: Rig) -> None:
    said = changed(rig, "Account", "Sales", xero_account_code="404")
    assert "of the class income" in said and "404 Bank Fees" in said and "Another Class on Purpose" in said
    assert "of the class liability" in changed(rig, "Account", "Sales", xero_account_code="835")
    assert changed(rig, "Account", "Sales", xero_account_code="835", other_class=1) == ""
    (sale,) = scene.invoices(rig)
    rig.play([sale])
    scene.settle(rig)
    assert scene.step(rig, sale["name"])["state"] == "Synced"


def test_a_class_that_somebody_changed_in_xero_stops_what_it_affects_and_says_so(rig: Rig) -> None:
    rig.xero.person("edit_account", Code="200", Type="EXPENSE", Class="EXPENSE")
    scene.with_site(rig, lambda frappe: _read_lists(frappe, rig))
    (sale,) = scene.invoices(rig)
    rig.play([sale])
    scene.settle(rig)
    step = scene.step(rig, sale["name"])
    assert step["reason_code"] == "account-other-class" and not scene.live(rig)
    assert changed(rig, "Account", "Sales", xero_account_code="260") == ""
    retry(rig, sale)
    scene.settle(rig)
    assert scene.step(rig, sale["name"])["state"] == "Synced"


def _read_lists(frappe: Any, rig: Rig) -> None:
    from picortex_xero.api import connect

    connect.refresh(rig.connection)


@pytest.mark.parametrize("account", ["Debtors", "Creditors", "Sales"])
def test_payments_are_mapped_for_accounts_that_move_money_only(rig: Rig, account: str) -> None:
    assert "paid into or out of" in changed(rig, "Payment", account, xero_account_id="090")


def test_a_bank_account_is_mapped_in_its_own_currency(rig: Rig) -> None:
    said = changed(rig, "Payment", "USD Account", xero_account_id="090")
    assert "is in USD" in said and "in NZD" in said


@pytest.mark.case("B3")
def test_a_tax_that_somebody_typed_is_offered_once_a_document_waits_for_it(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    for row in sale["doc"]["taxes"]:
        row.update(charge_type="On Net Total", rate=7.5)
    for item in sale["doc"]["items"]:
        item["item_tax_rate"] = "{}"
    account = sale["doc"]["taxes"][0]["account_head"]
    rig.play([sale])
    scene.settle(rig)
    step = scene.step(rig, sale["name"])
    assert f'The tax "{account} @ 7.5" has no tax type in Xero yet' in step["reason"]

    def offered(frappe: Any) -> list[str]:
        from picortex_xero.api import connect

        return [each["value"] for each in connect.choices(rig.connection)["host_taxes"]]

    assert f"{account} @ 7.5" in scene.with_site(rig, offered)
