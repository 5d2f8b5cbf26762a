"""Something that was done with a bank line, by a person or without, and how it is taken back."""

from __future__ import annotations

import frappe

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroBankAct(OwnRecord):
    """Written by the app only (reconciling/acting.py, taking_back.py); people read it, and undo it on the page Bank Matching."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        acted_at: DF.Datetime | None
        acted_by: DF.Link | None
        amount: DF.Currency
        automatic: DF.Check
        bank_account: DF.Link | None
        bank_transaction: DF.Link
        company: DF.Link
        currency: DF.Link | None
        date: DF.Date | None
        done: DF.Code | None
        score: DF.Int
        state: DF.Literal["Done", "Waiting for Drafts", "Undone"]
        texts: DF.Code | None
        trouble: DF.Data | None
        undone_at: DF.Datetime | None
        undone_by: DF.Link | None
        what: DF.Data | None
        why: DF.SmallText | None
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "texts", "what", "why")


def on_doctype_update() -> None:
    """The newest of a company; those whose drafts wait."""
    frappe.db.add_index("Xero Bank Act", ["company", "creation"])
    frappe.db.add_index("Xero Bank Act", ["company", "state"])
