"""Which documents a preview looks at, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from ..accounting.texts import _
from ..documents import registry
from ..documents.fact_types import Named
from ..documents.identity import INVOICE_DOCTYPES
from ..documents.rules.kinds import DOCTYPES, KINDS
from . import protocol
from .history_walk import RETURNS, Range, owed_names
from .screen_texts import html, in_words

CONNECTION, OUTBOX = "Xero Connection", "Xero Outbox Entry"
WAITING, PERIOD, ONE = "Everything Waiting", "A Period", "A Document"
SUBMITTED = 1
# More documents than that are looked at in several previews.
MOST = 20_000
# Date, place of the DocType, when it was made, DocType, name.
Ordered = tuple[str, int, str, str, str]


def documents(
    connection: str,
    what: str,
    from_date: str = "",
    to_date: str = "",
    doctype: str = "",
    name: str = "",
    kinds: tuple[str, ...] = (),
    open_at: str = "",
) -> list[Named]:
    """The documents of a preview, in the order in which they would go: invoices and bills before what settles them, whatever its date, each by date. Of a period only
    those of `kinds`, where some are named. Throws where they are too many or the document is none of this company's."""
    company = frappe.db.get_value(CONNECTION, connection, "company")
    if what == ONE:
        if doctype not in registry.SUBMITTED or frappe.db.get_value(doctype, name, "company") != company:
            frappe.throw(html(in_words(_("{company} has no {doctype} {name}").format(company=company, doctype=doctype, name=name))))
        return [(doctype, name)]
    found = _of_period(Range(str(company), from_date, to_date, kinds or KINDS, open_at)) if what == PERIOD else _waiting(connection)
    if len(found) > MOST:
        said = _("That is {count} documents; a preview takes {most} at most: choose a shorter period").format(count=len(found), most=MOST)
        frappe.throw(html(in_words(said)))
    return in_order(found)


def in_order(found: list[Ordered]) -> list[Named]:
    """Documents in the order in which they would go: invoices and bills before what settles them, whatever its date, each by date."""
    ordered = sorted(found, key=lambda row: (row[3] not in INVOICE_DOCTYPES, row))
    return [(doctype, name) for _date, _place, _made, doctype, name in ordered]


def _of_period(what: Range) -> list[Ordered]:
    found: list[Ordered] = []
    for place, doctype in enumerate(registry.SUBMITTED):
        kinds = [kind for kind in what.kinds if DOCTYPES[kind] == doctype]
        if not kinds:
            continue
        filters: dict[str, Any] = {"company": what.company, "docstatus": SUBMITTED, "posting_date": ("between", (what.first, what.last))}
        if doctype in INVOICE_DOCTYPES and len(kinds) == 1:
            filters["is_return"] = int(kinds[0] in RETURNS)
        if what.open_at:
            filters["name"] = ("in", owed_names(what, kinds[0], MOST + 1))
        rows = frappe.get_all(doctype, filters=filters, fields=["name", "posting_date", "creation"], limit=MOST + 1)
        found += [(str(row["posting_date"]), place, str(row["creation"]), doctype, row["name"]) for row in rows]
    return found


def _waiting(connection: str) -> list[Ordered]:
    """What has a step that is not over, without what is only taken back."""
    states = (protocol.PENDING, protocol.HELD, protocol.ATTENTION)
    rows = frappe.get_all(
        OUTBOX,
        filters={"connection": connection, "state": ("in", states), "reference_doctype": ("in", registry.SUBMITTED)},
        fields=["reference_doctype", "reference_name", "posting_date", "creation", "role"],
        limit=4 * MOST,
    )
    return to_send(rows)


def to_send(rows: Iterable[dict[str, Any]]) -> list[Ordered]:
    """The documents of these steps, each once: without what is only taken back."""
    seen: dict[Named, Ordered] = {}
    for row in rows:
        if row["role"].startswith(("void", "undo", "recheck", "note", "attachment")):
            continue
        named = row["reference_doctype"], row["reference_name"]
        seen.setdefault(named, (str(row["posting_date"] or ""), registry.SUBMITTED.index(named[0]), str(row["creation"]), *named))
    return list(seen.values())
