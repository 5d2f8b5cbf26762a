"""Xero's published examples are read as they stand: by account, with computed rows and totals told apart, the zero account as none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.reports import reading
from picortex_xero.reports.asked import Asked
from picortex_xero.reports.kinds import BALANCE_SHEET, BANK_SUMMARY, BUDGET, TRIAL_BALANCE
from picortex_xero.xero import report_rows
from picortex_xero.xero.report_rows import ACCOUNT, COMPUTED, TOTAL, NotReadable
from tests.sandbox_xero import exchange_check

pytestmark = pytest.mark.skipif(not exchange_check.available(), reason="Xero's description is not here")


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    """By report what the description answers."""
    paths = exchange_check.description()["paths"]
    answers = {
        path.rpartition("/")[2]: paths[path]["get"]["responses"]["200"]["content"]["application/json"]
        for path in paths
        if path.startswith("/Reports/")
    }
    return {name: answer["example"] for name, answer in answers.items() if "example" in answer}


def test_a_balance_sheet(examples: dict[str, Any]) -> None:
    asked = Asked(BALANCE_SHEET, date(2019, 2, 28), date(2019, 4, 30))
    statement = reading.read(asked, examples["BalanceSheet"])
    assert statement.columns == ("2019-02-28", "2019-03-31", "2019-04-30")
    assert statement.by_account["041207d2-3d61-4e5d-8c1a-b9236955a71c"] == {
        "2019-04-30": D("-1850.00"),
        "2019-03-31": D("-1850.00"),
        "2019-02-28": D("0.00"),
    }
    computed = {each.title: each.amounts["2019-04-30"] for each in statement.lines if each.kind == COMPUTED}
    assert computed["Current Year Earnings"] == D("114.62") and computed["Net Assets"] == D("185448.30")
    # The example itself is a cent apart: no figure is worked out from another.
    (equity,) = (each for each in statement.lines if each.title == "Total Equity")
    assert equity.section == "Equity" and equity.amounts["2019-04-30"] == D("185448.29")
    assert reading.unlike_totals(statement) == ()
    assert report_rows.NO_ACCOUNT not in statement.by_account


def test_a_bank_summary_names_its_account_otherwise(examples: dict[str, Any]) -> None:
    statement = reading.read(Asked(BANK_SUMMARY, date(2019, 4, 1), date(2019, 4, 30)), examples["BankSummary"])
    (amounts,) = statement.by_account.values()
    assert list(amounts.values()) == [D("0.00"), D("110.00"), D("100.00"), D("10.00")]
    assert [each.kind for each in statement.lines] == [ACCOUNT, TOTAL]


def test_a_trial_balance(examples: dict[str, Any]) -> None:
    statement = reading.read(Asked(TRIAL_BALANCE, date(2019, 4, 24), date(2019, 4, 24)), examples["TrialBalance"])
    assert statement.by_account["da962997-a8bd-4dff-9616-01cdc199283f"][reading.BALANCE] == D("-80.00")
    assert sum(each[reading.BALANCE] for each in statement.by_account.values()) == 0


def test_a_budget_without_accounts_has_no_data(examples: dict[str, Any]) -> None:
    table = report_rows.table(examples["BudgetSummary"], BUDGET.type)
    assert {row.kind for row in table.rows} == {TOTAL} and len(table.columns) == 12


def test_rows_of_documents_are_no_accounts(examples: dict[str, Any]) -> None:
    for name in ("AgedReceivablesByContact", "AgedPayablesByContact"):
        table = report_rows.table(examples[name], name)
        assert table.columns[-1] == "Due" and all(row.account == "" for row in table.rows)


def test_columns_that_were_not_asked_for_are_not_taken(examples: dict[str, Any]) -> None:
    answer = examples["BalanceSheet"]
    assert reading.read(Asked(BALANCE_SHEET, date(2019, 4, 30), date(2019, 4, 30)), answer).columns == ("2019-04-30",)
    with pytest.raises(NotReadable, match="2019-01-31"):
        reading.read(Asked(BALANCE_SHEET, date(2019, 1, 1), date(2019, 4, 30)), answer)
    with pytest.raises(NotReadable):
        reading.read(Asked(BANK_SUMMARY, date(2019, 4, 1), date(2019, 4, 30)), answer)
