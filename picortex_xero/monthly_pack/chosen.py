"""What an admin chose on the Xero Connection: whether a pack goes out, on which day of a month, what is in it, to whom."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import frappe

from ..accounting.texts import _
from ..engine.screen_texts import html, in_words

CONNECTION, PERSON, PEOPLE_FIELD = "Xero Connection", "Xero Pack Recipient", "pack_people"
PARTS = ("pack_profit", "pack_balance", "pack_aged", "pack_cash")
DAY, LAST_DAY = 5, 31
# A day on which the site stood is made up for within so many days; after that it is the next month's turn.
MADE_UP = 7


@dataclass(frozen=True)
class Chosen:
    """`day`: of the month, its last one where it has fewer; `parts`: of PARTS."""

    connection: str
    company: str
    currency: str
    on: bool
    day: int
    parts: tuple[str, ...]


def of(connection: str) -> Chosen:
    """What was chosen for a connection."""
    row = frappe.db.get_value(CONNECTION, connection, ["company", "base_currency", "pack", "pack_day", *PARTS], as_dict=True)
    parts = tuple(each for each in PARTS if row[each])
    return Chosen(connection, str(row["company"]), str(row["base_currency"] or ""), bool(row["pack"]), int(row["pack_day"] or DAY), parts)


def people(connection: str) -> list[str]:
    """Who is to get it, in the order of the rows."""
    filters = {"parent": connection, "parenttype": CONNECTION, "parentfield": PEOPLE_FIELD}
    return list(dict.fromkeys(str(each) for each in frappe.get_all(PERSON, filters=filters, pluck="user", order_by="idx asc")))


def month_before(today: date) -> date:
    """The first day of the month that was over last."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_due(today: date, day: int) -> date | None:
    """The month (its first day) whose pack is to go out today; None where none is."""
    goes = today.replace(day=min(day, monthrange(today.year, today.month)[1]))
    if goes > today:
        before = month_before(today)
        goes = before.replace(day=min(day, monthrange(before.year, before.month)[1]))
    return month_before(goes) if today - goes < timedelta(days=MADE_UP) else None


def check(doc: Any) -> None:
    """Throws where what is chosen could not be followed."""
    if not doc.get("pack"):
        return
    if not 1 <= int(doc.pack_day or 0) <= LAST_DAY:
        frappe.throw(html(in_words(_("The monthly pack goes out on a day between {first} and {last}").format(first=1, last=LAST_DAY))))
    if not any(doc.get(each) for each in PARTS):
        frappe.throw(html(in_words(_("Choose what is in the monthly pack"))))
    if not doc.get(PEOPLE_FIELD):
        frappe.throw(html(in_words(_("Choose who gets the monthly pack"))))
