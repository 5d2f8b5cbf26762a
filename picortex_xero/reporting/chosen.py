"""What somebody chose in a report: checked, with the company's connection. Who may not see the company sees nothing of it, whatever the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from ..connection import current, xero_lists
from ..engine.screen_texts import html
from ..reports import months, periods
from ..reports.asked import Asked
from ..reports.kinds import PROFIT_AND_LOSS, Kind
from ..reports.periods import Period
from . import reading, snapshots

CONNECTION = "Xero Connection"
YEAR_BEFORE, CASH = "Year Before", snapshots.CASH
# More months than that no table shows.
MOST_MONTHS = 120


@dataclass(frozen=True)
class Chosen:
    """`first` and `last`: the days; `each`: the length of a period; `year_before`: whether the same months of the year before stand beside each; `category` and `option`: TrackingCategoryID
    and TrackingOptionID, "" for all."""

    connection: str
    company: str
    currency: str
    first: date
    last: date
    each: str = periods.MONTHLY
    year_before: bool = False
    cash: bool = False
    category: str = ""
    option: str = ""

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods, whole; with the year before each is followed by that."""
        begins = reading.known_year_begins(self.connection, self.last)
        of = periods.between(self.first, self.last, self.each, begins.month if begins else 1)
        return tuple(each for one in of for each in ((one, periods.year_before(one)) if self.year_before else (one,)))

    def asked(self, kind: Kind, first: date | None = None, last: date | None = None) -> Asked:
        """One request of a report about these days."""
        tracked = (self.category, self.option) if kind == PROFIT_AND_LOSS else ("", "")
        return Asked(kind, first or self.first, last or self.last, self.cash and kind.cash, *tracked)


def of(filters: Any) -> Chosen:
    """Throws where the user may not see the company's reports, or chose what there is not."""
    filters = filters if isinstance(filters, Mapping) else {}
    frappe.has_permission(snapshots.DOCTYPE, "read", throw=True)
    company = filters.get("company")
    connection = current.of_company(company) if isinstance(company, str) and company else None
    if not connection:
        frappe.throw(_("Choose a company that is connected to Xero"))
    frappe.has_permission(CONNECTION, "read", doc=connection, throw=True)
    last = day(filters, "to_date")
    first = day(filters, "from_date") if filters.get("from_date") else last
    if first > last:
        frappe.throw(_("The period ends before it begins"))
    if months.count(first, last) > MOST_MONTHS:
        frappe.throw(_("Choose at most {0} months").format(MOST_MONTHS))
    each = filters.get("periodicity") or periods.MONTHLY
    if each not in periods.MONTHS_OF:
        frappe.throw(_("{0} is no length of a period").format(html(each)))
    category, option = _tracked(str(connection), filters.get("tracking"))
    return Chosen(
        str(connection),
        str(company),
        str(frappe.db.get_value(CONNECTION, connection, "base_currency") or ""),
        first,
        last,
        str(each),
        filters.get("compare") == YEAR_BEFORE,
        filters.get("basis") == CASH,
        category,
        option,
    )


def day(filters: Mapping[str, Any], name: str) -> date:
    """A day that was chosen, or today. Throws."""
    try:
        found = getdate(filters.get(name) or nowdate())
    except (ValueError, TypeError):
        found = None
    if not isinstance(found, date):
        frappe.throw(_("{0} must be a date, written yyyy-mm-dd").format(html(name)))
    return date(found.year, found.month, found.day)


def options(connection: str) -> list[str]:
    """The tracking options that may be chosen, as "category: option"."""
    if not xero_lists.read_at(connection):
        return []
    return [f"{each['Name']}: {option}" for each in xero_lists.stored(connection)["tracking"] for option in each["Options"]]


def _tracked(connection: str, chosen: Any) -> tuple[str, str]:
    if not chosen:
        return "", ""
    known = xero_lists.stored(connection)["tracking"] if xero_lists.read_at(connection) else []
    for each in known:
        for option in each["Options"]:
            if chosen == f"{each['Name']}: {option}":
                return str(each.get("CategoryID") or ""), str(each.get("OptionIDs", {}).get(option) or "")
    frappe.throw(_("Xero has no tracking option {0}, as its lists were last read").format(html(chosen)))
    return "", ""
