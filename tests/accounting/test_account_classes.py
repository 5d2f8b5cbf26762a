"""An ERPNext account and the Xero account that stands for it are of one kind, or somebody has said so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from picortex_xero.accounting.account_classes import ROOT_TYPES, XERO_CLASSES, differ, objection
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
    problem = objection("Sales - KS", "Income", "404", "EXPENSE")
    assert problem and problem.code == "account-other-class"
    assert "income" in problem.message and "expense" in problem.message and "Another Class on Purpose" in problem.resolution
    choices = mapping(accounts={"Sales - KS": "404"})
    assert replace(choices, other_class={"Sales - KS": problem}).account("Sales - KS", "Sales") is problem
    assert choices.account("Sales - KS", "Sales") == "404"
    assert objection("Sales - KS", "Income", "404", "") is None, "nothing is known of it"
