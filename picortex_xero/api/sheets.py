"""Spreadsheets as endpoints take and give them."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import frappe
from frappe import _

from ..engine.screen_texts import html
from ..mapping_screen import spreadsheet

LONGEST_FILE = 4_000_000
FORMS = (spreadsheet.XLSX, spreadsheet.CSV)


def form(label: str, value: Any) -> str:
    """A form of spreadsheets."""
    if value not in FORMS:
        frappe.throw(_("{0} must be one of {1}").format(html(label), html(", ".join(FORMS))))
    return str(value)


def content(label: str, value: Any) -> bytes:
    """A file, in base64."""
    if not isinstance(value, str) or len(value) > LONGEST_FILE:
        frappe.throw(_("This file is too large"))
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        frappe.throw(_("{0} must be a file").format(html(label)))
        raise


def answer(called: str, ending: str, filled: bytes) -> None:
    """Give a file to whoever asked."""
    frappe.local.response["filecontent"] = filled
    frappe.local.response["filename"] = f"{called}.{ending}"
    frappe.local.response["type"] = "binary"
