"""What was made of people's entries in Xero, and was cancelled and amended here before amendments took over the record in Xero: the amendment takes it over now, so that it is never
sent as a second one; where there is none, the row says that it was cancelled. What is handed over already is left alone, so the patch may be interrupted and run again."""

from __future__ import annotations

from typing import Any

import frappe

from picortex_xero.documents.step import WERE_THERE
from picortex_xero.engine import links, peoples_own
from picortex_xero.patches.pages import pages

MADE = ("Journal Entry", "Sales Invoice", "Purchase Invoice")
LOOKED_AFTER = ("To Decide", "Waiting", "Draft Here", "Entered Here")


def execute() -> None:
    """Hand people's entries in Xero over to the amendments of what was made of them"""
    for doctype in MADE:
        made = {"endpoint": ("in", WERE_THERE), "reference_doctype": doctype, "state": ("in", LOOKED_AFTER)}
        for rows in pages(peoples_own.ROW, made, ["reference_doctype", "reference_name", "reason_code", "connection"]):
            names = sorted({str(row["reference_name"]) for row in rows})
            cancelled = set(frappe.get_all(doctype, filters={"name": ("in", names), "docstatus": 2}, pluck="name"))
            for row in rows:
                if row["reference_name"] in cancelled:
                    _hand_over(row)


def _hand_over(row: dict[str, Any]) -> None:
    connection, amendment = str(row["connection"]), peoples_own.amendment(row)
    # One that was sent is a second record there, which a person has to see.
    sent = amendment and links.of_documents(connection, amendment.doctype, [amendment.name])
    if amendment and not sent and peoples_own.amended(amendment, connection):
        return
    if row["reason_code"] != peoples_own.CANCELLED:
        peoples_own.cancelled(frappe.get_doc(row["reference_doctype"], row["reference_name"]), connection)
