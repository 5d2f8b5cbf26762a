"""What a company chose for its forecast (Xero Forecast Setting). Without a row all sources count, for a quarter of a year, and nothing is kept or told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from ..accounting.texts import _
from ..engine.screen_texts import html, in_words

DOCTYPE = "Xero Forecast Setting"
WEEKS, MOST_WEEKS = 13, 52
XERO = "Xero"
FIELDS = [
    "weeks",
    "opening_from",
    "with_cash",
    "with_orders",
    "with_repeated",
    "with_payroll",
    "in_transit_account",
    "in_transit_days",
    "tell",
    "lowest_allowed",
]


@dataclass(frozen=True)
class Chosen:
    """`limit`: less than this is told; None where nobody is. `by_xeros_banks`: the opening is what Xero's Bank Summary says."""

    weeks: int = WEEKS
    with_cash: bool = True
    with_orders: bool = True
    with_repeated: bool = True
    with_payroll: bool = True
    in_transit_account: str = ""
    in_transit_days: int = 2
    limit: Decimal | None = None
    by_xeros_banks: bool = False


def of(company: str) -> Chosen:
    """What a company chose."""
    row = frappe.db.get_value(DOCTYPE, {"company": company}, FIELDS, as_dict=True)
    if not row:
        return Chosen()
    return Chosen(
        int(row.weeks or WEEKS),
        bool(row.with_cash),
        bool(row.with_orders),
        bool(row.with_repeated),
        bool(row.with_payroll),
        str(row.in_transit_account or ""),
        int(row.in_transit_days or 0),
        decimal(row.lowest_allowed) if row.tell else None,
        row.opening_from == XERO,
    )


def companies() -> list[str]:
    """Those whose forecast is kept every day."""
    return [str(each) for each in frappe.get_all(DOCTYPE, filters={"enabled": 1}, pluck="company", order_by="company asc")]


def check(doc: Any) -> None:
    """Throws where a Xero Forecast Setting could not be followed."""
    if not 1 <= int(doc.weeks or 0) <= MOST_WEEKS:
        frappe.throw(html(in_words(_("A forecast is of {least} to {most} weeks").format(least=1, most=MOST_WEEKS))))
    if int(doc.in_transit_days or 0) < 0:
        frappe.throw(html(in_words(_("A transfer takes no negative number of days"))))
    of_the_company(doc.in_transit_account, doc.company)
    doc.lowest_allowed = doc.lowest_allowed or ZERO


def of_the_company(account: Any, company: Any) -> None:
    """Throws where an account is another company's."""
    if account and frappe.db.get_value("Account", account, "company") != company:
        frappe.throw(html(in_words(_("{account} is no account of {company}").format(account=account, company=company))))
