"""Both sides of a document that somebody has changed or removed in Xero: what would be sent of it today, and what Xero shows, record by record."""

from __future__ import annotations

from typing import Any

import frappe
import simplejson

from ..accounting.texts import _
from ..compat import let_pass
from ..documents.anew import anew
from ..documents.base import Books
from ..documents.fact_types import DOCUMENT
from ..documents.identity import moment
from ..documents.needs import Facts
from ..documents.preview import Previewed
from ..documents.registry import shown_worth
from ..documents.removed import DELETED_THERE, VOIDED_THERE
from ..engine import changes, gather, links
from ..engine.changes import Row
from ..engine.contexts import books_of
from ..engine.screen_texts import in_words, shown
from ..xero.records.registry import object_at
from . import side_by_side, wording
from .as_in_xero import Names
from .xero_names import XeroNames

Doc = dict[str, Any]
Element = dict[str, Any]
STATES = {0: _("Draft"), 1: _("Submitted"), 2: _("Cancelled")}
GONE_AS = {VOIDED_THERE: "VOIDED", DELETED_THERE: "DELETED"}


class Sides:
    """One row of what was changed in Xero (engine/changes.py), with its document, the books of its connection, and what would be sent today."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.books: Books = books_of(frappe.get_doc("Xero Connection", row["connection"]))
        self.doc = self._document()
        self._today: dict[tuple[str, int], Previewed] | None = None

    def _document(self) -> Doc | None:
        """The document as the rooms read it; None where it is gone, or another one has its name."""
        facts, named = Facts(), (self.row["reference_doctype"], self.row["reference_name"])
        gather.load(self.books, DOCUMENT.of([named]), facts)
        doc: Doc | None = facts.get(DOCUMENT, named)
        return doc if doc and moment(doc["creation"]) == self.row["reference_creation"] else None

    def here(self, link: str) -> Element | None:
        """What would be sent of the document today for the record of this link, with the totals that it must have; None where nothing would."""
        row = frappe.db.get_value(links.DOCTYPE, link, links.FIELDS, as_dict=True)
        if self._today is None:
            self._today = self._decided()
        made = self._today.get((str(row["role"]), int(row["sequence"]))) if row else None
        if made is None or made.body is None:
            return None
        if not object_at(str(row["endpoint"])).has_total or made.total is None:
            return made.body
        tax = {} if made.tax is None else {"TotalTax": made.tax, "SubTotal": made.total - made.tax}
        return {**made.body, "Total": made.total, **tax}

    def _decided(self) -> dict[tuple[str, int], Previewed]:
        if not self.doc or int(self.doc["docstatus"]) != 1:
            return {}
        try:
            decided = anew(self.doc, self.books, lambda needs, facts: gather.load(self.books, needs, facts))
        except Exception as error:
            let_pass(error)
            frappe.log_error(title=f"Xero: {self.row['reference_name']} could not be compared with Xero"[:140])
            return {}
        found = {}
        for each in decided:
            part, _dash, number = each.role.partition("-")
            if each.who == changes.identity(self.row) and each.body:
                found[(part, int(number) if number.isdigit() else 1)] = each
        return found

    def records(self) -> list[dict[str, Any]]:
        """Each record that was changed or removed, with both sides (side_by_side.py), what it is called and its `page` in Xero; as it was when it was decided,
        where it is."""
        if self.row["compared"]:
            return list(simplejson.loads(self.row["compared"], use_decimal=True))
        lists = XeroNames(self.row["connection"])
        return [self._record(link, kept, lists) for link, kept in changes.records_of(self.row).items()]

    def _record(self, link: str, kept: dict[str, Any], lists: XeroNames) -> dict[str, Any]:
        its, connection, doctype = object_at(kept["endpoint"]), self.row["connection"], self.row["reference_doctype"]
        currency = shown_worth(self.doc).currency if self.doc else ""
        names = Names(lists.account, lists.tax, lambda xero_id: _named(connection, xero_id), currency, lists.rate)
        status = in_words(STATES[int(self.doc["docstatus"])]) if self.doc else ""
        there = kept["element"] or {"Status": GONE_AS.get(kept["kind"], "")}
        sides = side_by_side.compared(its, self.here(link), there, names, status)
        short_code = str(frappe.get_cached_value("Xero Connection", connection, "short_code") or "")
        return {
            "called": in_words(its.called(doctype)),
            "page": wording.deep_link(short_code, kept["endpoint"], doctype, kept["xero_id"]),
            "currency": currency,
            **_in_words(sides),
        }


def _in_words(sides: dict[str, Any]) -> dict[str, Any]:
    fields = [
        {**each, "label": in_words(each["label"]), **{side: in_words(each[side]) for side in ("here", "there")}} for each in sides["fields"]
    ]
    columns = [{**each, "label": in_words(each["label"])} for each in sides["columns"]]
    return {"fields": fields, "columns": columns, "lines": sides["lines"]}


def _named(connection: str, xero_id: str) -> str:
    found = frappe.db.get_value(
        links.DOCTYPE, {"connection": connection, "xero_id": xero_id}, ["xero_number", "reference_name"], as_dict=True
    )
    return shown(found["xero_number"] or found["reference_name"] or "") if found else ""
