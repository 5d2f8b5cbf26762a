"""A bank's statement file that becomes ERPNext's Bank Transactions: chosen by a person, imported by the app."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.statement_import import draft


class XeroStatementImport(Document):
    """A person chooses the bank account, the file and its columns; everything else is the app's (statement_import/draft.py and work.py)."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account_column: DF.Literal[None]
        account_doubt: DF.SmallText | None
        account_doubt_parts: DF.Code | None
        account_in_file: DF.Data | None
        amount_column: DF.Literal[None]
        balance_column: DF.Literal[None]
        bank_account: DF.Link
        closing_balance: DF.Currency
        company: DF.Link | None
        compared: DF.SmallText | None
        compared_parts: DF.Code | None
        content_hash: DF.Data | None
        cure: DF.SmallText | None
        currency: DF.Link | None
        date_column: DF.Literal[None]
        date_order: DF.Literal["", "Day First", "Month First", "Year First"]
        decimal_comma: DF.Check
        due_at: DF.Datetime | None
        file_format: DF.Literal["", "CSV", "OFX", "MT940", "CAMT"]
        findings: DF.SmallText | None
        findings_parts: DF.Code | None
        finished_at: DF.Datetime | None
        first_line: DF.Int
        fresh: DF.Int
        from_date: DF.Date | None
        has_closing: DF.Check
        has_opening: DF.Check
        is_this_account: DF.Check
        kept: DF.Int
        left_out: DF.Int
        lines: DF.Int
        made: DF.Int
        mark_column: DF.Literal[None]
        money_in_column: DF.Literal[None]
        money_out_column: DF.Literal[None]
        money_out_positive: DF.Check
        opening_balance: DF.Currency
        party_column: DF.Literal[None]
        perhaps: DF.Int
        phase: DF.Literal["", "Importing", "Taking Back"]
        reason: DF.SmallText | None
        reason_parts: DF.Code | None
        reference_column: DF.Literal[None]
        refused: DF.Int
        sheet: DF.Code | None
        started_at: DF.Datetime | None
        started_by: DF.Link | None
        state: DF.Literal["Draft", "Running", "Stopped", "Done", "Taken Back"]
        statement_file: DF.Attach
        taken_away: DF.Int
        text_columns: DF.Data | None
        there: DF.Int
        to_date: DF.Date | None
        total: DF.Currency
    # end: auto-generated types

    def validate(self) -> None:
        """Read the file and say what is in it; what a browser sent for the app's own fields does not count."""
        draft.complete(self)

    def on_update(self) -> None:
        """Its lines are those of the file."""
        draft.write_lines(self)

    def on_trash(self) -> None:
        """One of which Bank Transactions stand is not deleted."""
        draft.before_delete(self)

    def onload(self) -> None:
        """Whoever opens it reads it in his own language."""
        for_the_reader(self, "reason_parts", "reason", "cure")
        for_the_reader(self, "findings_parts", "findings")
        for_the_reader(self, "compared_parts", "compared")
        for_the_reader(self, "account_doubt_parts", "account_doubt")
        draft.offer(self)
