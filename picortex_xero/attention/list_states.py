"""What the list of a kind of document shows of each: where it stands in Xero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ..connection import current
from ..engine.screen_texts import in_words
from . import many, wording

CONNECTION = "Xero Connection"


def of(doctype: str, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """By name `message` and `colour` as everyone reads them on the form, of the submitted and cancelled ones among these documents. Nothing of a document
    that is from before the company went live and was never sent, and nothing where the company has not gone live anywhere."""
    fields = ["name", "creation", "company", "docstatus", "posting_date"]
    found: dict[str, dict[str, str]] = {}
    by_company: dict[str, list[dict[str, Any]]] = {}
    for doc in frappe.get_all(doctype, filters={"name": ("in", list(names)), "docstatus": ("!=", 0)}, fields=fields):
        by_company.setdefault(doc["company"], []).append(doc)
    for company, docs in by_company.items():
        connection = current.of_company(company)
        live_from = frappe.db.get_value(CONNECTION, connection, "go_live_date") if connection else None
        stand = many.places(connection, doctype, docs) if connection else {}
        unknown = [doc for doc in docs if connection is None or not stand[doc["name"]].steps]
        found |= _left_behind(company, doctype, unknown)
        for doc in docs if connection and not live_from and current.watches_only(connection) else ():
            if doc["name"] not in found and stand[doc["name"]].steps:
                message, colour = wording.WATCHED
                found[doc["name"]] = {"message": in_words(message), "colour": colour}
        for doc in docs if live_from else ():
            place = stand[doc["name"]]
            if doc["name"] not in found and (place.step or str(doc["posting_date"]) >= str(live_from)):
                found[doc["name"]] = {"message": in_words(place.message), "colour": place.colour}
    return found


def _left_behind(company: str, doctype: str, docs: Sequence[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Of documents that the company's connection of now does not know: those that one knows whose organisation the company has left."""
    sent: dict[str, bool] = {}
    for connection in current.former_of_company(company) if docs else ():
        rest = [doc for doc in docs if not sent.get(doc["name"])]
        for name, place in many.places(connection, doctype, rest).items() if rest else ():
            if place.steps or place.linked:
                sent[name] = bool(place.linked)
    said = {name: wording.left_behind(there) for name, there in sent.items()}
    return {name: {"message": in_words(message), "colour": colour} for name, (message, colour) in said.items()}
