"""The trial balance, as Xero's published example of it is built (A); its figures are those of the organisation's own records (``balances``)."""
from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.xero import balances, clock, wire
from sandbox.xero.refusals import Refused
from sandbox.xero.world import Call

_COLUMNS = ("Account", "Debit", "Credit", "YTD Debit", "YTD Credit")
# Sections in the order and under the titles of the published example.
_SECTIONS = {"REVENUE": "Revenue", "EXPENSE": "Expenses", "ASSET": "Assets", "LIABILITY": "Liabilities", "EQUITY": "Equity"}
_IN_A_YEAR = ("REVENUE", "EXPENSE")


def trial_balance(call: Call) -> dict[str, Any]:
    """``date`` (default today). Debit and Credit are the month's movement, the YTD pair the balances (B: reading of two public examples); revenue and
    expenses count from the first day of the financial year, what they were before is in retained earnings (C)."""
    day = wire.parse_day(call.query["date"]) if call.query.get("date") else call.org.today()
    if day is None:
        raise Refused("The date is not valid.")  # wording C
    months, years = date(day.year, day.month, 1), date(day.year if day.month > 3 else day.year - 1, 4, 1)
    whole, month = balances.balances(call.org, day), _since(call, day, months)
    retained = next(each["AccountID"] for each in call.org.accounts.values() if each.get("SystemAccount") == "RETAINEDEARNINGS")
    year = _since(call, day, years)
    for account in [each for each in whole if call.org.accounts[each]["Class"] in _IN_A_YEAR]:
        before = whole[account] - year.get(account, wire.ZERO)
        whole[account] -= before
        whole[retained] = whole.get(retained, wire.ZERO) + before
    rows: list[dict[str, Any]] = [{"RowType": "Header", "Cells": [{"Value": each} for each in _COLUMNS]}]
    for kind, title in _SECTIONS.items():
        inside = [_row(each, month.get(each["AccountID"], wire.ZERO), whole.get(each["AccountID"], wire.ZERO))
                  for each in call.org.accounts.values() if each["Class"] == kind and (whole.get(each["AccountID"]) or month.get(each["AccountID"]))]
        if inside:
            rows.append({"RowType": "Section", "Title": title, "Rows": inside})
    totals = [sum((amount for amount in held.values() if (amount > 0) == debit), wire.ZERO) for held in (month, whole) for debit in (True, False)]
    rows.append({"RowType": "Section", "Title": "", "Rows": [
        {"RowType": "SummaryRow", "Cells": [{"Value": "Total"}, *({"Value": f"{abs(each):.2f}"} for each in totals)]}]})
    shown = f"{day.day} {day:%B} {day.year}"
    return {"Id": str(uuid.uuid4()), "Status": "OK", "ProviderName": "Simulator", "DateTimeUTC": wire.ms_datetime(clock.now()), "Reports": [{
        "ReportName": "Trial Balance", "ReportType": "TrialBalance", "ReportTitles": ["Trial Balance", call.org.name, f"As at {shown}"],
        "ReportDate": shown, "UpdatedDateUTC": wire.ms_datetime(clock.now()), "Fields": [], "Rows": rows}]}


def _since(call: Call, day: date, first: date) -> dict[str, Decimal]:
    """What was booked from ``first`` to ``day``, by account."""
    held: dict[str, Decimal] = {}
    for account, amount in balances.postings(call.org, day, date.fromordinal(first.toordinal() - 1)):
        held[account] = held.get(account, wire.ZERO) + amount
    return held


def _row(account: dict[str, Any], month: Decimal, whole: Decimal) -> dict[str, Any]:
    """A row: its name with its code, and each amount in the column of its side; every cell names the account."""
    named = f"{account['Name']} ({account['Code']})" if account.get("Code") else account["Name"]
    cells = [named, *_sides(month, account), *_sides(whole, account)]
    return {"RowType": "Row", "Cells": [
        {"Value": each, "Attributes": [{"Value": account["AccountID"], "Id": "account"}]} for each in cells]}


def _sides(amount: Decimal, account: dict[str, Any]) -> tuple[str, str]:
    """(debit, credit); a zero stands on the account's own side, as in the published example."""
    debit = amount > 0 or (not amount and account["Class"] in ("ASSET", "EXPENSE"))
    return (f"{abs(amount):.2f}", "") if debit else ("", f"{abs(amount):.2f}")


ROUTES = [("GET", "/Reports/TrialBalance", "accounting.reports.trialbalance", trial_balance)]
