"""Months of which a journal was made by Xero's trial balance: what is dated in one and comes back afterwards is perhaps in that journal."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text
from ..incoming.journal import JOURNAL_ENTRY
from ..incoming.month import ENDPOINT, booked, days
from .incoming_rows import DOCTYPE, DRAFT, ENTERED, TO_DECIDE, WAITING
from .people_rows import key


def standing(name: str) -> str:
    """The journal itself, or what amends it, that is a draft or submitted; "" where none is."""
    seen: set[str] = set()
    while name and name not in seen:
        seen.add(name)
        docstatus = frappe.db.get_value(JOURNAL_ENTRY, name, "docstatus")
        if docstatus is not None and int(docstatus) != 2:
            return name
        amends: Any = frappe.get_all(JOURNAL_ENTRY, filters={"amended_from": name}, pluck="name", order_by="creation desc", limit=1)
        name = amends[0] if amends else ""
    return ""


def undecided(connection: str, first: str, last: str) -> int:
    """How many records that were entered in Xero and are dated between these days wait here, or are drafts."""
    mine = {"connection": connection, "endpoint": ("!=", ENDPOINT), "state": ("in", (TO_DECIDE, WAITING, DRAFT))}
    return int(frappe.db.count(DOCTYPE, {**mine, "date": ("between", [first, last])}))


def waits(connection: str, what: Text, date: str) -> Problem | None:
    """Why a record of that day (yyyy-mm-dd) waits: a journal was made of its month, and stands."""
    month = date[:7]
    row = frappe.db.get_value(DOCTYPE, key(connection, ENDPOINT, month), ["state", "reference_name"], as_dict=True)
    name = standing(str(row["reference_name"] or "")) if row and row["state"] in (DRAFT, ENTERED) else ""
    return booked(what, days(month)[2], name) if name else None
