"""Whether the books here are closed on a day, so that ERPNext lets nobody cancel what is dated there: an Accounting Period, a date up to which accounts are
frozen, a Period Closing Voucher."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.texts import NONE, Text, _, day

# Where the date stands up to which accounts are frozen, and the role that may book all the same: ERPNext 15, ERPNext 16.
SETTINGS, SETTINGS_DATE, SETTINGS_ROLE = "Accounts Settings", "acc_frozen_upto", "frozen_accounts_modifier"
COMPANY_DATE, COMPANY_ROLE = "accounts_frozen_till_date", "role_allowed_for_frozen_entries"


def why(doctype: str, company: str, dated: str, anybody: bool = False) -> Text:
    """Why nothing of this day (yyyy-mm-dd) is cancelled by this user, or by most (`anybody`); NONE where it is open."""
    if period := _period(doctype, company, dated):
        return _("The accounting period {period} is closed here").format(period=period)
    if (until := frozen_until(company, anybody)) and dated <= until:
        return _("Accounts are frozen here until {date}").format(date=day(until))
    if (until := closed_until(company)) and dated <= until:
        return _("The books here are closed until {date} (Period Closing Voucher)").format(date=day(until))
    return NONE


def _period(doctype: str, company: str, dated: str) -> str:
    if not _there("Accounting Period"):
        return ""
    span = {"company": company, "start_date": ("<=", dated), "end_date": (">=", dated)}
    names = frappe.get_all("Accounting Period", filters=span, pluck="name")
    closed = {"parent": ("in", names), "document_type": doctype, "closed": 1}
    found = frappe.get_all("Closed Document", filters=closed, pluck="parent", limit=1) if names else []
    return str(found[0]) if found else ""


def frozen_until(company: str, anybody: bool = True) -> str:
    """The day (yyyy-mm-dd) up to which accounts are frozen for this user, or for most (`anybody`); ""."""
    if _has(SETTINGS, SETTINGS_DATE):
        # As it is stored: Frappe 15 reads an unset date of a Single as today where it is cast.
        until, role = (frappe.db.get_value(SETTINGS, SETTINGS, name) for name in (SETTINGS_DATE, SETTINGS_ROLE))
    elif _has("Company", COMPANY_DATE):
        until, role = frappe.db.get_value("Company", company, [COMPANY_DATE, COMPANY_ROLE])
    else:
        return ""
    return "" if not until or (not anybody and role and role in frappe.get_roles()) else getdate(until).isoformat()


def closed_until(company: str) -> str:
    """The day (yyyy-mm-dd) up to which a Period Closing Voucher closes the books; ""."""
    if not _has("Period Closing Voucher", "period_end_date"):
        return ""
    closed = {"company": company, "docstatus": 1}
    last: Any = frappe.get_all("Period Closing Voucher", filters=closed, pluck="period_end_date", order_by="period_end_date desc", limit=1)
    return getdate(last[0]).isoformat() if last else ""


def _there(doctype: str) -> bool:
    return bool(frappe.db.exists("DocType", doctype))


def _has(doctype: str, fieldname: str) -> bool:
    return _there(doctype) and bool(frappe.get_meta(doctype).has_field(fieldname))
