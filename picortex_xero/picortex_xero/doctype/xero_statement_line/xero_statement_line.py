"""One line of a bank's statement file, and what became of it."""

from __future__ import annotations

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroStatementLine(OwnRecord):
    """Written by the app only (statement_import/); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        amount: DF.Currency
        bank_account: DF.Link | None
        bank_transaction: DF.Data | None
        company: DF.Link | None
        currency: DF.Link | None
        date: DF.Date | None
        description: DF.SmallText | None
        party_name: DF.Data | None
        party_number: DF.Data | None
        position: DF.Int
        reason: DF.SmallText | None
        reason_parts: DF.Code | None
        reference: DF.Data | None
        state: DF.Literal["New", "Made", "There Already", "Perhaps There", "Left Out", "Refused", "Taken Away", "Stays"]
        statement_import: DF.Link
        transaction_id: DF.Data | None
        transaction_type: DF.Data | None
        wanted: DF.Check
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "reason_parts", "reason")
