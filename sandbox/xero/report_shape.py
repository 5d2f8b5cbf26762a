"""How a report is built: sections, rows, computed rows and attributes as in Xero's published examples (A), and the periods it compares."""
from __future__ import annotations

import uuid
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.xero import clock, wire
from sandbox.xero.refusals import Answer, envelope
from sandbox.xero.world import Call

# What stands as account of a row that Xero computes, such as Current Year Earnings (A).
NO_ACCOUNT = "00000000-0000-0000-0000-000000000000"
MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
_MOST_PERIODS = 11  # the description says 12, guides 11 (B)


def refused(message: str) -> Answer:
    """A report that cannot be made as asked (the words of all but tracking: C)."""
    return envelope(10, "ValidationException", message)


def day_of(call: Call, name: str, default: date) -> date:
    """A date of the query. Raises Answer."""
    if not call.query.get(name):
        return default
    day = wire.parse_day(call.query[name])
    if day is None:
        raise refused(f"The {name} is not valid.")
    return day


def flag(call: Call, name: str) -> bool:
    return call.query.get(name, "").lower() == "true"


def compared(call: Call) -> tuple[int, int]:
    """(periods to compare, months of each step). Raises Answer."""
    asked, frame = call.query.get("periods") or "0", call.query.get("timeframe") or "MONTH"
    if not asked.isdigit() or int(asked) > _MOST_PERIODS or frame not in MONTHS:
        raise refused("The periods or the timeframe are not valid.")
    return int(asked), MONTHS[frame]


def back(day: date, months: int) -> date:
    """The day of the same number ``months`` months earlier, or the last of a shorter month."""
    at = day.year * 12 + day.month - 1 - months
    return date(at // 12, at % 12 + 1, min(day.day, monthrange(at // 12, at % 12 + 1)[1]))


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def said(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def figure(amount: Decimal) -> str:
    return f"{amount + 0:.2f}" if amount else "0.00"


def header(*titles: str) -> dict[str, Any]:
    return {"RowType": "Header", "Cells": [{"Value": each} for each in titles]}


def section(title: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"RowType": "Section", "Title": title, "Rows": rows}


def of_account(account: dict[str, Any], values: Iterable[str], more: Sequence[list[dict[str, str]]] = ()) -> dict[str, Any]:
    """A row of an account: its name, then its values, every cell with the account's id; ``more`` are further attributes of each value."""
    attribute = {"Value": account["AccountID"], "Id": "account"}
    cells = [{"Value": account["Name"], "Attributes": [attribute]}]
    for place, value in enumerate(values):
        cells.append({"Value": value, "Attributes": [attribute, *(more[place] if more else [])]})
    return {"RowType": "Row", "Cells": cells}


def computed(title: str, values: Iterable[str], kind: str = "Row") -> dict[str, Any]:
    """A row that Xero works out: no account. ``kind``: Row (Net Profit) or SummaryRow (a total)."""
    return {"RowType": kind, "Cells": [{"Value": each} for each in (title, *values)]}


def report(call: Call, kind: str, name: str, titles: Sequence[str], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole answer."""
    now = wire.ms_datetime(clock.now())
    return {"Id": str(uuid.uuid4()), "Status": "OK", "ProviderName": "Simulator", "DateTimeUTC": now, "Reports": [{
        "ReportName": name, "ReportType": kind, "ReportTitles": list(titles), "ReportDate": said(call.org.today()), "UpdatedDateUTC": now, "Fields": [],
        "Rows": rows}]}
