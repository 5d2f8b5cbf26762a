"""Until which day a company's books are closed: in ERPNext (frozen accounts, a Period Closing Voucher, an Accounting Period for payments), or in Xero, as far as the app knows of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.texts import NONE, Text, _, day
from ..attention import closed_here
from ..connection import periods
from ..connection.current import RETIRED
from .rows import PAYMENT


def until(company: str) -> date | None:
    """The last closed day; None where nothing is closed. Nothing up to it is matched without a person."""
    found = [closed_here.frozen_until(company), closed_here.closed_until(company), _last_period(company), in_xero(company)]
    days = [getdate(each) for each in found if each]
    return max(days, default=None)


def why(company: str, dated: Any, doctype: str = PAYMENT) -> Text:
    """Why nothing of a DocType is posted on this day; NONE where it is open."""
    iso = getdate(dated).isoformat()
    if here := closed_here.why(doctype, company, iso, anybody=True):
        return here
    if (there := in_xero(company)) and iso <= there:
        return _("Xero's books are closed until {date}").format(date=day(there))
    return NONE


def in_xero(company: str) -> str:
    """The day until which the books in Xero are locked or filed, yyyy-mm-dd; "" for none."""
    name = frappe.db.get_value("Xero Connection", {"company": company, "state": ("!=", RETIRED)}, "name")
    if not name:
        return ""
    return periods.of(frappe.get_doc("Xero Connection", name)).closed_until


def _last_period(company: str) -> str:
    """The last day of the newest Accounting Period that is closed for payments."""
    if not frappe.db.exists("DocType", "Accounting Period"):
        return ""
    found = frappe.db.sql(
        "SELECT MAX(span.`end_date`) FROM `tabAccounting Period` span JOIN `tabClosed Document` shut ON shut.`parent`=span.`name` "
        "WHERE span.`company`=%(company)s AND shut.`document_type`='Payment Entry' AND shut.`closed`=1",
        {"company": company},
    )
    return getdate(found[0][0]).isoformat() if found and found[0][0] else ""
