"""Xero's items as last read: they are one more of Xero's lists, read and kept only while the connection sends item codes."""

from __future__ import annotations

import json
from typing import Any

import frappe

from . import xero_lists
from .xero_lists import ITEMS, PATHS, STATE

SWITCH = "send_item_codes"


def are_sent(doc: Any) -> bool:
    """Whether a Xero Connection (its document, which whoever asks has at hand) sends item codes."""
    return bool(doc.get(SWITCH))


def paths(sent: bool) -> tuple[str, ...]:
    """The lists of Xero's that a connection needs; `sent`: it sends item codes."""
    return (*PATHS, ITEMS) if sent else PATHS


def items(connection: str, sent: bool) -> dict[str, int]:
    """What each item is, by its code (accounting/xero_items); empty where no item codes are sent, or the items were not read yet."""
    return dict(json.loads(_kept(connection) or "{}")) if sent else {}


def unread(connection: str, sent: bool) -> bool:
    """Whether item codes are to be sent and Xero's items were not read yet."""
    return sent and not _kept(connection)


def all_lists(connection: str) -> tuple[xero_lists.Offers, str]:
    """Everything that was read last, to tell whether it changed."""
    return xero_lists.stored(connection), _kept(connection)


def _kept(connection: str) -> str:
    return str(frappe.db.get_value(STATE, connection, "xero_items") or "")
