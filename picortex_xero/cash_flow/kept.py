"""Forecasts as they were (Xero Forecast), one for each day, and what the banks held in the end; and who is told when little is left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import frappe

from ..accounting.money import ZERO, decimal
from ..accounting.texts import NONE, Text, _, amount, day, joined, lines
from ..attention import messages
from ..connection import current, who_may
from . import banks, reading, settings
from .curve import WEEK, Lowest
from .forecast import Forecast
from .settings import Chosen

DOCTYPE = "Xero Forecast"
# How long before the end of a week its forecast was made, in weeks.
AHEAD = (1, 2, 4, 8, 13)
# Somebody who was told is told again after so many days.
AGAIN = timedelta(days=7)


def keep(company: str, today: date) -> None:
    """The day's forecast, once a day; and tell people where less is expected than the company wants. Part of the caller's transaction; a currency without a rate is told instead."""
    chosen = settings.of(company)
    try:
        forecast = reading.of(company, today, chosen)
    except reading.NoRate as trouble:
        _tell(company, today, trouble.said, NONE)
        return
    lowest = forecast.curve().lowest()
    _store(company, forecast, lowest)
    if chosen.limit is not None and lowest.balance < chosen.limit:
        _tell(company, today, *_said(forecast, lowest, chosen))
    else:
        frappe.db.set_value(settings.DOCTYPE, {"company": company}, "told_on", None, update_modified=False)


def _store(company: str, forecast: Forecast, lowest: Lowest) -> None:
    curve = forecast.curve()
    weeks = [[each.last.isoformat(), f"{each.into:f}", f"{each.out:f}", f"{each.closing:f}"] for each in curve.buckets(WEEK)]
    key = hashlib.sha256(f"{company}|{forecast.first}".encode()).hexdigest()[:32]
    values = {
        "made_on": forecast.first,
        "last_day": forecast.last,
        "currency": forecast.base,
        "opening": curve.opening,
        "lowest_day": lowest.day,
        "lowest": lowest.balance,
        "closing": curve.balances()[-1][1],
        "weeks": json.dumps(weeks, separators=(",", ":")),
    }
    known = frappe.db.get_value(DOCTYPE, {"forecast_key": key}, "name")
    if known:
        frappe.db.set_value(DOCTYPE, known, values)
    else:
        frappe.get_doc({"doctype": DOCTYPE, "company": company, "forecast_key": key, **values}).insert(ignore_permissions=True)


def _said(forecast: Forecast, lowest: Lowest, chosen: Chosen) -> tuple[Text, Text]:
    limit = chosen.limit or ZERO
    first = _("{currency} {balance} are expected to be left on {day}, less than {limit}").format(
        currency=forecast.base, balance=amount(lowest.balance), day=day(lowest.day), limit=amount(limit)
    )
    causes = [
        _("{amount} on {day}: {party}").format(
            amount=amount(each.base), day=day(each.expected), party=each.item.party_name or each.item.party or each.item.name
        )
        for each in lowest.causes[:3]
    ]
    return lines([first, *causes]), _("See what it is made of, and what would change it, on the page Cash Forecast")


def _tell(company: str, today: date, message: Text, resolution: Text) -> None:
    """Those who press, of a company that is connected; once, and again after a week."""
    connection = current.of_company(company)
    told = frappe.db.get_value(settings.DOCTYPE, {"company": company}, "told_on")
    if connection is None or (told and told > today - AGAIN):
        return
    about = joined(": ", [Text(company), message])
    messages.send(connection, about, resolution, page=f"/app/cash-forecast/{quote(company)}", roles=who_may.PRESSES)
    frappe.db.set_value(settings.DOCTYPE, {"company": company}, "told_on", today, update_modified=False)


@dataclass(frozen=True)
class Compared:
    """The end of a week: what was held, and by how many weeks before what was expected then; only where a forecast was kept."""

    day: date
    held: Decimal
    expected: Mapping[int, Decimal]


def compared(company: str, today: date, weeks: int = 13) -> list[Compared]:
    """The last weeks that are over, newest first. What was held is by the ledger as it is now. Three statements."""
    ends = [end for end in (_sunday(today) - timedelta(days=7 * number) for number in range(1, weeks + 1))]
    rows = frappe.get_all(
        DOCTYPE,
        filters={"company": company, "made_on": (">=", ends[-1] - timedelta(days=7 * max(AHEAD) + 7))},
        fields=["made_on", "weeks"],
        order_by="made_on asc",
    )
    made = {row["made_on"]: {end: decimal(closing) for end, _in, _out, closing in json.loads(row["weeks"] or "[]")} for row in rows}
    held = banks.held(company, ends, settings.of(company))
    found = []
    for end in ends:
        expected = {ahead: known for ahead in AHEAD if (known := _made_for(made, end, ahead)) is not None}
        found.append(Compared(end, held.get(end, ZERO), expected))
    return found


def _made_for(made: Mapping[date, Mapping[str, Decimal]], end: date, ahead: int) -> Decimal | None:
    """What the first forecast of the week that began so many weeks before expected for that day."""
    monday = end - timedelta(days=7 * ahead - 1)
    for number in range(7):
        known = made.get(monday + timedelta(days=number), {}).get(end.isoformat())
        if known is not None:
            return known
    return None


def _sunday(today: date) -> date:
    """The end of this week."""
    return today + timedelta(days=6 - today.weekday())


def figures(found: Iterable[Compared]) -> list[dict[str, Any]]:
    """As a screen takes them."""
    return [
        {
            "day": each.day.isoformat(),
            "held": f"{each.held:f}",
            "expected": {str(ahead): f"{known:f}" for ahead, known in each.expected.items()},
        }
        for each in found
    ]
