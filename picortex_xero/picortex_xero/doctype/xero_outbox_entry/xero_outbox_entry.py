"""One step of a document on its way; moved only by engine/outbox.py."""

from __future__ import annotations

import frappe

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroOutboxEntry(OwnRecord):
    """Written by the app only; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        amount: DF.Currency
        approval_stage: DF.Data | None
        approved_at: DF.Datetime | None
        approved_by: DF.Data | None
        attempt: DF.Data | None
        awaits: DF.Data | None
        batch_limit: DF.Int
        blocked_on: DF.Link | None
        changed_fields: DF.Data | None
        company: DF.Link | None
        connection: DF.Link
        cure: DF.SmallText | None
        currency: DF.Link | None
        due_at: DF.Datetime | None
        epoch: DF.Int
        failing: DF.Data | None
        failures: DF.Int
        generation: DF.Int
        history_run: DF.Link | None
        kept_by: DF.Data | None
        kind: DF.Data | None
        late_at: DF.Datetime | None
        late_by: DF.Data | None
        late_for: DF.Data | None
        left_out_on: DF.Date | None
        mark: DF.Data | None
        not_before: DF.Datetime | None
        number_suffix: DF.Int
        posting_date: DF.Date | None
        reason: DF.SmallText | None
        reason_code: DF.Data | None
        reason_parts: DF.Code | None
        reference_creation: DF.Data | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        released_at: DF.Datetime | None
        released_by: DF.Data | None
        request_group: DF.Data | None
        role: DF.Data | None
        room: DF.Data | None
        rule: DF.Data | None
        state: DF.Literal["Pending", "Held", "Sending", "Synced", "Unknown", "Needs Attention", "Skipped", "Superseded"]
        step_key: DF.Data | None
        told: DF.Check
        tries: DF.Int
        undo_run: DF.Link | None
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "reason_parts", "reason", "cure")


def on_doctype_update() -> None:
    """What is due is asked for every minute, a document's steps at every look, how much is where whenever somebody opens the home page
    (engine/figures.py)."""
    frappe.db.add_index("Xero Outbox Entry", ["connection", "state", "due_at"])
    frappe.db.add_index("Xero Outbox Entry", ["reference_doctype", "reference_name"])
    frappe.db.add_index("Xero Outbox Entry", ["connection", "state", "kind", "left_out_on"])
    # How far an import of history is: counted from the index alone.
    frappe.db.add_index("Xero Outbox Entry", ["history_run", "state", "role"])
    # Its documents page by page, for their undo.
    frappe.db.add_index("Xero Outbox Entry", ["history_run", "name"])
    # What a rule keeps from Xero, by its day, and since the last look (engine/cash_summaries.py).
    frappe.db.add_index("Xero Outbox Entry", ["connection", "state", "posting_date"])
    frappe.db.add_index("Xero Outbox Entry", ["connection", "state", "modified"])
