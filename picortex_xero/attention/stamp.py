"""Whether a screen that somebody has open shows what is no longer so: a short text for each screen, which is another one after anything has changed that
this screen shows.

A screen asks for it now and then while it is looked at, and reads itself anew only where the text is another one. So it is cheap: a few statements on
indexes for all connections together, no call to Xero, and nothing of the books in the answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import frappe

from ..connection import xero_lists
from ..engine import causes, figures, links, outbox
from ..mapping_screen import usage
from ..xero.records.registry import CONTACT

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
Names = Sequence[str]


def _newest(doctype: str, *fields: str) -> Callable[[Names], Any]:
    def found(connections: Names) -> Any:
        filters = {"connection": ("in", list(connections))}
        return frappe.get_all(doctype, filters=filters, fields=["name", *fields], order_by="creation desc", limit=1)

    return found


def _connections(connections: Names) -> Any:
    return frappe.get_all(
        CONNECTION, filters={"name": ("in", list(connections))}, fields=["name", "state", "modified"], order_by="name asc"
    )


def _taxes(connections: Names) -> Any:
    filters = {"connection": ("in", list(connections))}
    return frappe.get_all(STATE, filters=filters, fields=["connection", "taxes_checked_at"], order_by="connection asc")


def _lists(connections: Names) -> Any:
    return [str(xero_lists.read_at(each)) for each in connections]


def _counted(connections: Names) -> Any:
    companies = frappe.get_all(CONNECTION, filters={"name": ("in", list(connections))}, pluck="company", order_by="name asc")
    # A small ledger is counted at each look: only what a job has counted is news.
    return [None if usage.is_small(each) else usage.counted_at(each) for each in companies]


def _contacts(connections: Names) -> Any:
    return [frappe.db.count(links.DOCTYPE, {"connection": each, "endpoint": CONTACT.endpoint}) for each in connections]


def _said(_connections: Names) -> Any:
    """The newest comments on what waits, and to whom it was given last."""
    places = (("Comment", "reference_doctype"), ("ToDo", "reference_type"))
    return [
        frappe.get_all(doctype, filters={field: outbox.DOCTYPE}, fields=["name", "modified"], order_by=f"{by} desc", limit=1)
        for doctype, field in places
        for by in ("creation", "modified")
    ]


MAPPED = (_connections, _newest("Xero Mapping Change"), _taxes, _lists)
TESTED = (_newest("Xero Test Run", "state", "left_over"), _newest("Xero Question Run", "state"))
PREVIEWED = _newest("Xero Preview Run", "state", "seen_by")
HOME = (*MAPPED, *TESTED, PREVIEWED, _contacts, figures.on_their_way, figures.wrong, figures.awaiting_approval, causes.waiting)
# What each screen shows.
SCREENS: dict[str, tuple[Callable[[Names], Any], ...]] = {
    "to-fix": (_connections, causes.waiting, _said),
    "mapping": (*MAPPED, _counted),
    "contacts": (_connections, _contacts, _newest("Xero Mapping Change"), _newest("Xero Contact Reading", "state")),
    "preview": (_connections, PREVIEWED, figures.on_their_way, causes.waiting),
    "test": (_connections, *TESTED),
    "history": (
        _connections,
        _newest("Xero History Run", "state", "looked_at", "in_xero", "held", "left_out", "was_there", "withdrawn"),
        causes.waiting,
    ),
    "undo": (_connections, _newest("Xero Undo Run", "state", "documents", "undone", "with_person", "left_over")),
    "setup": HOME,
    "home": HOME,
}


def of(screen: str, connections: Names) -> str:
    """The text of a screen about these connections."""
    found = [part(connections) for part in SCREENS[screen]] if connections else []
    return hashlib.sha256(json.dumps([list(connections), found], default=str).encode()).hexdigest()[:20]
