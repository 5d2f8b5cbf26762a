"""How many calls a preview makes, said before it begins: never fewer than are made, and as many where nothing is held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe

from ..accounting.plain_text import one_line
from ..connection import plans
from ..connection.plans import Plan
from ..documents.identity import INVOICE_DOCTYPES
from ..xero.records import document_names
from ..xero.records.registry import CREDIT_NOTE, INVOICE
from . import preview_asks
from .preview_asks import Place
from .preview_rows import APPROVED

CONNECTION = "Xero Connection"
FIELDS = ["name", "is_return", "posting_date"]
AT_ONCE = 500
Named = tuple[str, str]


def calls(connection: str, documents: list[Named], numbers: bool) -> int:
    """One call for each month's sales invoices, and bills, where the plan limits these; and with `numbers` one for those that are asked about together."""
    status, plan = frappe.db.get_value(CONNECTION, connection, "target_status"), plans.of(connection)
    rows = list(_rows(documents))
    months = {each for doctype, row in rows if status == APPROVED and (each := _month(doctype, row, plan))}
    places = [place for doctype, row in rows if numbers and (place := _place(doctype, row))]
    return len(months) + len(preview_asks.calls(places))


def _rows(documents: list[Named]) -> Iterator[tuple[str, dict[str, Any]]]:
    for doctype in INVOICE_DOCTYPES:
        names = [name for each, name in documents if each == doctype]
        fields = FIELDS + ["bill_no"] * (doctype == "Purchase Invoice")
        for at in range(0, len(names), AT_ONCE):
            for row in frappe.get_all(doctype, filters={"name": ("in", names[at : at + AT_ONCE])}, fields=fields):
                yield doctype, dict(row)


def _place(doctype: str, row: dict[str, Any]) -> Place | None:
    """What would be asked about a document's number (see `preview_asks.asked`)."""
    endpoint, number = (CREDIT_NOTE if row["is_return"] else INVOICE).endpoint, document_names.numbered(row["name"], 0)
    if doctype == "Purchase Invoice":
        theirs = one_line(row["bill_no"])
        return (endpoint, theirs or number) if theirs or not row["is_return"] else None
    return endpoint, number


def _month(doctype: str, row: dict[str, Any], plan: Plan) -> tuple[str, str] | None:
    """The month and what is counted in it ("invoices", "bills"); None where that is not limited."""
    what = "bills" if doctype == "Purchase Invoice" else "invoices"
    limited = plan.bills if what == "bills" else plan.invoices
    return (str(row["posting_date"])[:7], what) if limited and not row["is_return"] else None
