"""Xero's items as last read: they are one more of Xero's lists, read and kept only while the connection sends item codes."""

from __future__ import annotations

import json

import frappe

from . import xero_lists
from .xero_lists import ITEMS, PATHS, STATE

SWITCH = "send_item_codes"


def paths(connection: str) -> tuple[str, ...]:
    """The lists of Xero's that this connection needs."""
    return (*PATHS, ITEMS) if frappe.db.get_value("Xero Connection", connection, SWITCH) else PATHS


def items(connection: str) -> dict[str, int]:
    """What each item is, by its code (accounting/xero_items); empty where no item codes are sent, or the items were not read yet."""
    return dict(json.loads(_kept(connection) or "{}")) if ITEMS in paths(connection) else {}


def unread(connection: str) -> bool:
    """Whether item codes are to be sent and Xero's items were not read yet."""
    return ITEMS in paths(connection) and not _kept(connection)


def all_lists(connection: str) -> tuple[xero_lists.Offers, str]:
    """Everything that was read last, to tell whether it changed."""
    return xero_lists.stored(connection), _kept(connection)


def _kept(connection: str) -> str:
    return str(frappe.db.get_value(STATE, connection, "xero_items") or "")
