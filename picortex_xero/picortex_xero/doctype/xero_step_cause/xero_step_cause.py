"""One thing that a step waits for: what has to change before it can go."""

from __future__ import annotations

import frappe

from picortex_xero.engine.write_protection import OwnRecord


class XeroStepCause(OwnRecord):
    """Written by the app only (engine/causes.py), together with the state of its step; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        cause_key: DF.Data | None
        code: DF.Data
        company: DF.Link | None
        connection: DF.Link
        kind: DF.Data
        look: DF.Data | None
        since: DF.Datetime | None
        step: DF.Link
    # end: auto-generated types


def on_doctype_update() -> None:
    """What has to change is asked for every minute, by kind and key; what is waited for most, by problem; a step's causes by the step (its
    index is in the JSON)."""
    frappe.db.add_index("Xero Step Cause", ["connection", "kind", "cause_key", "look"])
    frappe.db.add_index("Xero Step Cause", ["connection", "code", "kind", "cause_key"])
