"""The imports of a connection that bring what was open at a date (mode Opening Balances of Xero History Run). Reads only."""

from __future__ import annotations

import frappe
from frappe import _

from ..documents.as_opening import Opening
from .screen_texts import html

RUN, MODE = "Xero History Run", "Opening Balances"


def of(connection: str) -> tuple[Opening, ...]:
    """All of them: what one has entered stays an opening document, whatever became of the import."""
    rows = frappe.get_all(
        RUN,
        filters={"connection": connection, "mode": MODE},
        fields=["name", "to_date", "first_open_day", "opening_account"],
        order_by="creation asc",
    )
    return tuple(Opening(row["name"], str(row["to_date"]), str(row["first_open_day"] or ""), row["opening_account"] or "") for row in rows)


def names(connection: str, doctype: str, documents: list[str]) -> set[str]:
    """Which of these documents one of them has taken up."""
    runs = [each.run for each in of(connection)]
    if not runs or not documents:
        return set()
    filters = {"connection": connection, "reference_doctype": doctype, "reference_name": ("in", documents), "history_run": ("in", runs)}
    return set(frappe.get_all("Xero Outbox Entry", filters=filters, pluck="reference_name"))


def planned(company: str, as_at: str, first_open_day: str = "") -> Opening:
    """An import that has not begun: what a preview and a forecast are made with."""
    return Opening("", as_at, first_open_day, account_of(company))


def account_of(company: str) -> str:
    """The company's opening account: the one of ERPNext's type Temporary. Throws where there is none, or several."""
    found = frappe.get_all(
        "Account",
        filters={"company": company, "account_type": "Temporary", "is_group": 0, "disabled": 0},
        pluck="name",
        order_by="name asc",
    )
    if len(found) == 1:
        return str(found[0])
    if found:
        frappe.throw(
            _(
                "{0} has several accounts of the type Temporary ({1}). Open the Chart of Accounts, and leave that type only to the one that opening entries are booked on"
            ).format(html(company), html(", ".join(found)))
        )
    frappe.throw(
        _(
            "{0} has no account of the type Temporary. Add one in the Chart of Accounts (ERPNext calls it Temporary Opening), and map it to Historical Adjustment under Mapping"
        ).format(html(company))
    )
    return ""
