"""Trial Balance, Profit and Loss, Balance Sheet: shapes as Xero's published examples (A; Profit and Loss B: its documentation's page), figures from the
organisation's own records (``balances``)."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.xero import balances, report_shape, wire
from sandbox.xero.balances import Posting
from sandbox.xero.report_shape import (
    NO_ACCOUNT,
    back,
    compared,
    computed,
    day_of,
    figure,
    flag,
    header,
    month_end,
    of_account,
    refused,
    said,
    section,
)
from sandbox.xero.world import Call

_COLUMNS = ("Account", "Debit", "Credit", "YTD Debit", "YTD Credit")
# Sections in the order and under the titles of the published examples.
_SECTIONS = {"REVENUE": "Revenue", "EXPENSE": "Expenses", "ASSET": "Assets", "LIABILITY": "Liabilities", "EQUITY": "Equity"}
_IN_A_YEAR = ("REVENUE", "EXPENSE")
_INCOME, _COST, _OTHER, _EXPENSES = ("REVENUE", "SALES"), ("DIRECTCOSTS",), ("OTHERINCOME",), ("EXPENSE", "OVERHEADS", "DEPRECIATN")
_ASSETS = {"Bank": ("BANK",), "Current Assets": ("CURRENT", "INVENTORY", "PREPAYMENT"), "Fixed Assets": ("FIXED",), "Non-current Assets": ("NONCURRENT",)}
_LIABILITIES = {"Current Liabilities": ("CURRLIAB", "LIABILITY", "PAYG"), "Non-Current Liabilities": ("TERMLIAB",)}
_FIRST = date(1900, 1, 1)
Held = dict[str, Decimal]


def _held(rows: Iterable[Posting]) -> Held:
    held: Held = {}
    for row in rows:
        held[row.account] = held.get(row.account, wire.ZERO) + row.amount
    return held


def _between(call: Call, first: date, last: date, counts: Callable[[Posting], bool] = lambda row: True) -> Held:
    """What was booked from ``first`` to ``last`` by account, debit positive, on the basis that was asked for."""
    rows = balances.postings(call.org, last, first - timedelta(days=1), cash=flag(call, "paymentsOnly"))
    return _held(row for row in rows if counts(row))


def _retained(call: Call) -> str:
    return next(each["AccountID"] for each in call.org.accounts.values() if each.get("SystemAccount") == "RETAINEDEARNINGS")


def trial_balance(call: Call) -> dict[str, Any]:
    """``date`` (default today). Debit and Credit are the month's movement, the YTD pair the balances (B: reading of two public examples); revenue and
    expenses count from the first day of the financial year, what they were before is in retained earnings (C)."""
    day = day_of(call, "date", call.org.today())
    whole, month = _between(call, _FIRST, day), _between(call, day.replace(day=1), day)
    retained, year = _retained(call), _between(call, call.org.year_start(day), day)
    for account in [each for each in whole if call.org.accounts[each]["Class"] in _IN_A_YEAR]:
        before = whole[account] - year.get(account, wire.ZERO)
        whole[account] -= before
        whole[retained] = whole.get(retained, wire.ZERO) + before
    rows: list[dict[str, Any]] = [header(*_COLUMNS)]
    for kind, title in _SECTIONS.items():
        inside = [_sided(each, month.get(each["AccountID"], wire.ZERO), whole.get(each["AccountID"], wire.ZERO))
                  for each in call.org.accounts.values() if each["Class"] == kind and (whole.get(each["AccountID"]) or month.get(each["AccountID"]))]
        if inside:
            rows.append(section(title, inside))
    totals = [sum((amount for amount in held.values() if (amount > 0) == debit), wire.ZERO) for held in (month, whole) for debit in (True, False)]
    rows.append(section("", [computed("Total", (figure(abs(each)) for each in totals), "SummaryRow")]))
    return report_shape.report(call, "TrialBalance", "Trial Balance", ["Trial Balance", call.org.name, f"As at {said(day)}"], rows)


def _sided(account: dict[str, Any], month: Decimal, whole: Decimal) -> dict[str, Any]:
    """A row: its name with its code, and each amount in the column of its side."""
    named = f"{account['Name']} ({account['Code']})" if account.get("Code") else account["Name"]
    return of_account({**account, "Name": named}, [*_sides(month, account), *_sides(whole, account)])


def _sides(amount: Decimal, account: dict[str, Any]) -> tuple[str, str]:
    """(debit, credit); a zero stands on the account's own side, as in the published example."""
    debit = amount > 0 or (not amount and account["Class"] in ("ASSET", "EXPENSE"))
    return (figure(abs(amount)), "") if debit else ("", figure(abs(amount)))


def profit_and_loss(call: Call) -> dict[str, Any]:
    """``fromDate`` to ``toDate`` (default: the current month), compared with earlier periods: from and to go back by whole months and keep their day, so
    that a month with 31 days loses its last one beside a month with 30 (B: docs.coupler.io). A tracking category without an option has a column for
    each of its options (A)."""
    today = call.org.today()
    first, last = day_of(call, "fromDate", today.replace(day=1)), day_of(call, "toDate", month_end(today))
    if first > last:
        raise refused("The fromDate must not be after the toDate.")
    options, columns = _tracked(call), []
    periods, step = compared(call)
    asked = call.query.get("trackingCategoryID")
    if asked and not options:
        shown = call.org.tracking.get(asked.lower())
        if shown is None:
            raise refused("TrackingCategoryID1 is not valid.")
        ids = [each["TrackingOptionID"] for each in shown["Options"] if each["Status"] == "ACTIVE"]
        titles = [*(each["Name"] for each in shown["Options"] if each["Status"] == "ACTIVE"), "Unassigned", "Total"]
        columns = [_between(call, first, last, lambda row, own=each: own in row.options) for each in ids]  # type: ignore[misc]
        columns += [_between(call, first, last, lambda row: not set(row.options) & set(ids)), _between(call, first, last)]
    else:
        spans = [(back(first, step * each), back(last, step * each)) for each in range(periods + 1)]
        titles = [f"{end.day:02d} {end:%b %y}" for _, end in spans]
        columns = [_between(call, *span, options) if options else _between(call, *span) for span in spans]
    income, rows_in = _group(call, columns, _INCOME, -1)
    cost, rows_cost = _group(call, columns, _COST, 1)
    other, rows_other = _group(call, columns, _OTHER, -1)
    spent, rows_spent = _group(call, columns, _EXPENSES, 1)
    if call.org.own_layout and not flag(call, "standardLayout") and rows_spent:
        rows_spent = [computed("All Expenses", map(figure, spent))]
    rows = [header("", *titles)]
    for title, total, sums, inside in (("Income", "Total Income", income, rows_in), ("Less Cost of Sales", "Total Cost of Sales", cost, rows_cost)):
        if inside:
            rows.append(section(title, [*inside, computed(total, map(figure, sums), "SummaryRow")]))
    gross = [each - less for each, less in zip(income, cost)]
    rows.append(section("", [computed("Gross Profit", map(figure, gross))]))
    for title, total, sums, inside in (("Plus Other Income", "Total Other Income", other, rows_other),
                                       ("Less Operating Expenses", "Total Operating Expenses", spent, rows_spent)):
        if inside:
            rows.append(section(title, [*inside, computed(total, map(figure, sums), "SummaryRow")]))
    rows.append(section("", [computed("Net Profit", (figure(a + b - c) for a, b, c in zip(gross, other, spent)))]))
    return report_shape.report(call, "ProfitAndLoss", "Profit and Loss", ["Profit & Loss", call.org.name, f"{said(first)} to {said(last)}"], rows)


def _tracked(call: Call) -> Callable[[Posting], bool] | None:
    """What a row must have, where options were asked for: an option needs its category (B: Xero-Java#100)."""
    wanted = []
    for number in ("", "2"):
        option, category = call.query.get(f"trackingOptionID{number}"), call.query.get(f"trackingCategoryID{number}")
        if option and not category:
            raise refused(f"TrackingCategoryID{number or 1} must be set where TrackingOptionID{number or 1} is.")
        if option:
            wanted.append(option.lower())
    return (lambda row: set(wanted) <= set(row.options)) if wanted else None


def _group(call: Call, columns: list[Held], types: tuple[str, ...], sign: int) -> tuple[list[Decimal], list[dict[str, Any]]]:
    """(sums by column, rows) of the accounts of these types that have a figure, archived ones too; ``sign`` -1 shows credits as positive."""
    rows, sums = [], [wire.ZERO] * len(columns)
    for account in call.org.accounts.values():
        values = [sign * held.get(account["AccountID"], wire.ZERO) for held in columns]
        if account["Type"] in types and any(values):
            rows.append(of_account(account, map(figure, values)))
            sums = [former + own for former, own in zip(sums, values)]
    return sums, rows


def balance_sheet(call: Call) -> dict[str, Any]:
    """As at the end of the month of ``date`` (default today; B: docs.coupler.io), compared with earlier months' ends."""
    periods, step = compared(call)
    ends = [month_end(back(day_of(call, "date", call.org.today()).replace(day=1), step * each)) for each in range(periods + 1)]
    wanted = {call.query[name].lower() for name in ("trackingOptionID1", "trackingOptionID2") if call.query.get(name)}

    def booked(first: date, last: date) -> Held:
        return _between(call, first, last, lambda row: wanted <= set(row.options))

    columns, years = [booked(_FIRST, each) for each in ends], [booked(call.org.year_start(each), each) for each in ends]
    profit = [_profit(call, each) for each in years]
    before = [_profit(call, each) - own for each, own in zip(columns, profit)]
    for held, earlier in zip(columns, before):
        held[_retained(call)] = held.get(_retained(call), wire.ZERO) - earlier
    rows = [header("", *(f"{each.day} {each:%b} {each.year}" for each in ends))]
    assets: list[Decimal] = []
    liabilities: list[Decimal] = []
    for title, groups, sign, sums in (("Assets", _ASSETS, 1, assets), ("Liabilities", _LIABILITIES, -1, liabilities)):
        rows.append(section(title, []))
        whole = [wire.ZERO] * len(ends)
        for name, types in groups.items():
            own, inside = _group(call, columns, types, sign)
            if call.org.own_layout and not flag(call, "standardLayout") and inside:
                inside = [computed(f"All {name}", map(figure, own))]
            if inside:
                rows.append(section(name, [*inside, computed(f"Total {name}", map(figure, own), "SummaryRow")]))
            whole = [a + b for a, b in zip(whole, own)]
        rows.append(section("", [computed(f"Total {title}", map(figure, whole), "SummaryRow")]))
        sums.extend(whole)
    rows.append(section("", [computed("Net Assets", (figure(a - b) for a, b in zip(assets, liabilities)))]))
    equity, inside = _group(call, columns, ("EQUITY",), -1)
    if any(profit):
        spans = [_span(call.org.year_start(each), each) for each in ends]
        inside.insert(0, of_account({"AccountID": NO_ACCOUNT, "Name": "Current Year Earnings"}, map(figure, profit), spans))
    rows.append(section("Equity", [*inside, computed("Total Equity", (figure(a + b) for a, b in zip(equity, profit)), "SummaryRow")]))
    return report_shape.report(call, "BalanceSheet", "Balance Sheet", ["Balance Sheet", call.org.name, f"As at {said(ends[0])}"], rows)


def _profit(call: Call, held: Held) -> Decimal:
    return -sum((amount for account, amount in held.items() if call.org.accounts[account]["Class"] in _IN_A_YEAR), wire.ZERO)


def _span(first: date, last: date) -> list[dict[str, str]]:
    """The days that a figure counts, as the example of Current Year Earnings writes them: month first."""
    return [{"Value": f"{each.month}/{each.day}/{each.year}", "Id": name} for each, name in ((first, "fromDate"), (last, "toDate"))]


ROUTES = [("GET", "/Reports/TrialBalance", "accounting.reports.trialbalance", trial_balance),
          ("GET", "/Reports/ProfitAndLoss", "accounting.reports.profitandloss", profit_and_loss),
          ("GET", "/Reports/BalanceSheet", "accounting.reports.balancesheet", balance_sheet)]
