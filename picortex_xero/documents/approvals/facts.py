"""Bulk reads for approvals: what people have said of documents (rows of Xero Approval). Read only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe

from ..base import Books
from ..fact_types import Named
from ..facts import Loaders, by_doctype
from ..identity import Identity, moment
from .flow import RETURNED, VOTES, Vote

FIELDS = ("reference_doctype reference_name reference_creation number outcome stage person content creation on_behalf_of rule note").split()


def votes(books: Books, keys: list[Named]) -> dict[Named, list[Vote]]:
    """What was said of the documents with these names, by the connection of `books`, oldest first."""
    found: dict[Named, list[Vote]] = {key: [] for key in keys}
    for doctype, names in by_doctype(keys):
        wanted = {"connection": books.connection, "reference_doctype": doctype, "reference_name": ("in", names)}
        for row in frappe.get_all("Xero Approval", filters=wanted, fields=FIELDS, order_by="number asc, creation asc"):
            # The database compares names without case: a row of another spelling is another document's.
            if (key := (row["reference_doctype"], row["reference_name"])) in found:
                found[key].append(vote(row))
    called = _called({each.person for votes in found.values() for each in votes if each.outcome == RETURNED})
    return {key: [replace(each, called=called.get(each.person, "")) for each in votes] for key, votes in found.items()}


def _called(users: set[str]) -> dict[str, str]:
    """The full names of those who gave something back, for what is said of it."""
    rows = frappe.get_all("User", filters={"name": ("in", sorted(users))}, fields=["name", "full_name"]) if users else []
    return {row["name"]: row["full_name"] or "" for row in rows}


def vote(row: dict[str, Any]) -> Vote:
    """The vote of a row."""
    return Vote(
        Identity(row["reference_doctype"], row["reference_name"], row["reference_creation"]),
        int(row["number"]),
        row["outcome"],
        row["stage"] or "",
        row["person"] or "",
        row["content"] or "",
        moment(row["creation"]),
        row["on_behalf_of"] or "",
        row["rule"] or "",
        # Stored with "&lt;" so that no screen takes it for HTML (engine/screen_texts.py).
        (row["note"] or "").replace("&lt;", "<"),
    )


LOADERS: Loaders = {VOTES: votes}
