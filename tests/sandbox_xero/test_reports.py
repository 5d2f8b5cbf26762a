"""The simulator's reports have the traps that users of Xero's report: another last day for every month compared, month ends, layouts, tracking, rights."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.xero.process import RunningXero
from tests.scene.xero_client import Client

ALL = "accounting.reports.{}.read"
BANK = {"Code": "090"}


def rows(api: Client, path: str) -> dict[str, list[str]]:
    """By its title what each row of a report shows, computed rows too."""
    answer = api.get(f"Reports/{path}")
    assert answer.status_code == 200, answer.text
    return {row["Cells"][0]["Value"]: [cell["Value"] for cell in row["Cells"][1:]] for part in answer.json()["Reports"][0]["Rows"] for row in part.get("Rows", [])}


def spend(api: Client, who: str, day: str, amount: float, **line: Any) -> None:
    own = {"Description": "x", "Quantity": 1, "UnitAmount": amount, "AccountCode": "429", "TaxType": "NONE", **line}
    api.made("BankTransactions", {"Type": "SPEND", "Contact": {"ContactID": who}, "BankAccount": BANK, "Date": day, "LineItems": [own]})


def test_the_last_day_holds_for_every_month_that_is_compared(api: Client) -> None:
    who = api.contact()
    spend(api, who, "2026-08-31", 7)
    spend(api, who, "2026-09-30", 1)
    query = "fromDate={}&toDate={}&periods=1&timeframe=MONTH&standardLayout=true"
    assert rows(api, "ProfitAndLoss?" + query.format("2026-09-01", "2026-09-30"))["General Expenses"] == ["1.00", "0.00"]
    # From a month of 31 days every month is whole.
    right = rows(api, "ProfitAndLoss?" + query.replace("periods=1", "periods=2").format("2026-10-01", "2026-10-31"))
    assert right["General Expenses"] == ["0.00", "1.00", "7.00"] and right["Net Profit"] == ["0.00", "-1.00", "-7.00"]


def test_a_balance_sheet_is_as_at_the_months_end(api: Client, xero: RunningXero) -> None:
    who = api.contact()
    spend(api, who, "2026-09-29", 5)
    shown = rows(api, "BalanceSheet?date=2026-09-02&periods=1&timeframe=MONTH")
    assert shown["Business Bank Account"] == ["-5.00", "0.00"] and shown["Current Year Earnings"] == ["-5.00", "0.00"]
    assert shown["Net Assets"] == shown["Total Equity"] == ["-5.00", "0.00"]
    xero.person("set_financial_year", month=8, day=31)
    assert rows(api, "BalanceSheet?date=2027-09-02")["Retained Earnings"] == ["-5.00"]


def test_what_is_not_paid_is_not_on_the_cash_basis(api: Client) -> None:
    who = api.contact()
    line = api.line(100)
    sold = api.made("Invoices", api.invoice(who, "A-1", line, {**line, "UnitAmount": 50, "TaxType": "NONE"}))
    # The total is 165: 15 percent on the first line only.
    api.made("Payments", {"Invoice": {"InvoiceID": sold["InvoiceID"]}, "Account": BANK, "Date": "2026-11-20", "Amount": 33})
    month, later = "fromDate=2026-10-01&toDate=2026-10-31", "fromDate=2026-11-01&toDate=2026-11-30"
    assert rows(api, f"ProfitAndLoss?{month}")["Sales"] == ["150.00"]
    assert "Sales" not in rows(api, f"ProfitAndLoss?{month}&paymentsOnly=true")
    assert rows(api, f"ProfitAndLoss?{later}&paymentsOnly=true")["Sales"] == ["30.00"]
    sheet = rows(api, "BalanceSheet?date=2026-11-05&paymentsOnly=true")
    assert sheet["GST"] == ["3.00"] and "Accounts Receivable" not in sheet and sheet["Business Bank Account"] == ["33.00"]


@pytest.mark.wrong_requests
def test_tracking_needs_its_category_and_an_archived_option_has_nothing(api: Client, xero: RunningXero) -> None:
    tracking = xero.person("add_tracking", Name="Region", Options=["North", "South"])
    category, (north, south) = tracking["TrackingCategoryID"], [each["TrackingOptionID"] for each in tracking["Options"]]
    who = api.contact()
    spend(api, who, "2026-09-10", 4, Tracking=[{"Name": "Region", "Option": "North"}])
    spend(api, who, "2026-09-11", 3)
    month = "ProfitAndLoss?fromDate=2026-09-01&toDate=2026-09-30"
    assert rows(api, f"{month}&trackingCategoryID={category}&trackingOptionID={north}")["General Expenses"] == ["4.00"]
    assert "General Expenses" not in rows(api, f"{month}&trackingCategoryID={category}&trackingOptionID={south}")
    assert rows(api, f"{month}&trackingCategoryID={category}")["General Expenses"] == ["4.00", "0.00", "3.00", "7.00"]
    refused = api.get(f"Reports/{month}&trackingOptionID={north}")
    assert refused.status_code == 400 and "TrackingCategoryID1" in refused.text
    assert api.get(f"Reports/{month}&periods=12&timeframe=MONTH").status_code == 400


def test_an_own_layout_hides_accounts_unless_the_standard_one_is_asked_for(api: Client, xero: RunningXero) -> None:
    spend(api, api.contact(), "2026-09-10", 4)
    xero.person("set_layout", own=True)
    month = "ProfitAndLoss?fromDate=2026-09-01&toDate=2026-09-30"
    assert "General Expenses" not in rows(api, month) and rows(api, month)["Net Profit"] == ["-4.00"]
    assert rows(api, f"{month}&standardLayout=true")["General Expenses"] == ["4.00"]


def test_an_archived_account_keeps_its_figures(api: Client, xero: RunningXero) -> None:
    spend(api, api.contact(), "2026-09-10", 4)
    xero.person("archive_account", Code="429")
    assert rows(api, "ProfitAndLoss?fromDate=2026-09-01&toDate=2026-09-30")["General Expenses"] == ["4.00"]


def test_a_budget_names_a_quarter_by_its_last_month(api: Client, xero: RunningXero) -> None:
    xero.person("set_budget", Lines={"200": {"2019-12": "10.00", "2020-01": "5.00"}})
    answer = api.get("Reports/BudgetSummary?date=2019-11-14&periods=12&timeframe=3").json()["Reports"][0]
    titles = [cell["Value"] for cell in answer["Rows"][0]["Cells"]]
    assert titles[:3] == ["Account", "Jan-20", "Apr-20"] and titles[-1] == "Oct-22" and answer["ReportTitles"][-1] == "November 2019 to October 2022"
    assert rows(api, "BudgetSummary?date=2019-11-14&periods=2&timeframe=3")["Sales"] == ["15.00", "0.00"]


def test_what_one_contact_owes_at_a_day(api: Client) -> None:
    who = api.contact()
    sold = api.made("Invoices", api.invoice(who, "A-1"))
    api.made("Invoices", api.invoice(who, "A-2", DueDate="2026-10-30"))
    api.made("Payments", {"Invoice": {"InvoiceID": sold["InvoiceID"]}, "Account": BANK, "Date": "2026-11-20", "Amount": 15})
    assert rows(api, f"AgedReceivablesByContact?contactId={who}&date=2026-10-31")["Closing Balance"][3:] == ["230.00", "0.00", "0.00", "230.00"]
    # One day after the other's due date.
    at = api.get(f"Reports/AgedReceivablesByContact?contactId={who}&date=2026-11-30").json()["Reports"][0]["Rows"]
    documents = [[cell["Value"] for cell in row["Cells"]] for row in at[2]["Rows"][:-1]]
    assert [each[3] for each in documents] == ["36 days overdue", "31 days overdue"] and [each[-1] for each in documents] == ["100.00", "115.00"]
    assert rows(api, f"AgedPayablesByContact?contactId={who}&date=2026-11-30")["Closing Balance"][-1] == "0.00"


@pytest.mark.wrong_requests
@pytest.mark.parametrize(("report", "scope"), [("ProfitAndLoss", "profitandloss"), ("BalanceSheet", "balancesheet"), ("BankSummary", "banksummary"), ("BudgetSummary", "budgetsummary")])
def test_each_report_needs_its_own_scope_and_a_user_who_may_see_reports(xero: RunningXero, report: str, scope: str) -> None:
    lacks = Client(xero, scope=ALL.format("trialbalance")).get(f"Reports/{report}")
    assert lacks.status_code == 401 and "insufficient_scope" in lacks.headers["WWW-Authenticate"]
    may = Client(xero, scope=ALL.format(scope))
    assert may.get(f"Reports/{report}").status_code == 200
    xero.person("set_user", reports=False)
    assert may.get(f"Reports/{report}").status_code == 403
