"""What one bank line may be about."""

from __future__ import annotations

import frappe

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroBankProposal(OwnRecord):
    """Written by the app only (reconciling/making.py); people read it, and decide on the page Bank Matching."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        act: DF.Link | None
        amount: DF.Currency
        bank_account: DF.Link | None
        bank_transaction: DF.Link
        company: DF.Link
        currency: DF.Link | None
        date: DF.Date | None
        description: DF.SmallText | None
        explained: DF.Check
        kind: DF.Data | None
        left: DF.Currency
        party: DF.Data | None
        readings: DF.Code | None
        ready: DF.Check
        reference: DF.Data | None
        score: DF.Int
        state: DF.Literal["Proposed", "Abstained", "Draft", "Accepted", "Automatic", "Undone"]
        texts: DF.Code | None
        trouble: DF.Data | None
        why: DF.SmallText | None
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "texts", "why")


def on_doctype_update() -> None:
    """Page by page of a company, of those in one state or all."""
    frappe.db.add_index("Xero Bank Proposal", ["company", "state", "date", "name"])
    frappe.db.add_index("Xero Bank Proposal", ["company", "date", "name"])
