"""What the list of a kind of document shows of each: where it stands in Xero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ..connection import current
from ..engine.screen_texts import in_words
from . import many

CONNECTION = "Xero Connection"


def of(doctype: str, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """By name `message` and `colour` as everyone reads them, of the submitted and cancelled ones among these documents. Nothing of a document that
    is from before the company went live and was never sent, and nothing where the company has not gone live."""
    fields = ["name", "creation", "company", "docstatus", "posting_date"]
    found: dict[str, dict[str, str]] = {}
    by_company: dict[str, list[dict[str, Any]]] = {}
    for doc in frappe.get_all(doctype, filters={"name": ("in", list(names)), "docstatus": ("!=", 0)}, fields=fields):
        by_company.setdefault(doc["company"], []).append(doc)
    for company, docs in by_company.items():
        connection = current.of_company(company)
        live_from = frappe.db.get_value(CONNECTION, connection, "go_live_date") if connection else None
        if not connection or not live_from:
            continue
        stand = many.places(connection, doctype, docs)
        for doc in docs:
            place = stand[doc["name"]]
            if place.step or str(doc["posting_date"]) >= str(live_from):
                found[doc["name"]] = {"message": in_words(place.message), "colour": place.colour}
    return found
