"""An ERPNext account and the Xero account that stands for it are of one kind, or somebody has said so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from picortex_xero.accounting.account_classes import ROOT_TYPES, XERO_CLASSES, differ
from picortex_xero.accounting.problems import Problem
from tests.scene.mapping import mapping

pytestmark = pytest.mark.case("B7")
RIGHT = {("Income", "REVENUE"), ("Expense", "EXPENSE")} | {
    (root_type, there) for root_type in ("Asset", "Liability", "Equity") for there in ("ASSET", "LIABILITY", "EQUITY")
}


@pytest.mark.parametrize("root_type", [*ROOT_TYPES, ""])
@pytest.mark.parametrize("there", [*XERO_CLASSES, ""])
def test_profit_and_loss_is_told_from_balances_and_income_from_expense(root_type: str, there: str) -> None:
    assert differ(root_type, there) == bool(root_type and there and (root_type, there) not in RIGHT)


def test_what_is_mapped_to_another_class_is_not_posted_unless_that_was_said() -> None:
    choices = replace(mapping(accounts={"Sales - KS": "404"}), root_types={"Sales - KS": "Income"}, xero_classes={"404": "EXPENSE"})
    found = choices.account("Sales - KS", "Sales")
    assert isinstance(found, Problem) and found.code == "account-other-class"
    assert "income" in found.message and "expense" in found.message and "Another Class on Purpose" in found.resolution
    assert replace(choices, other_class=frozenset(["Sales - KS"])).account("Sales - KS", "Sales") == "404"
    assert replace(choices, xero_classes={}).account("Sales - KS", "Sales") == "404", "nothing is known of it"
