"""What the admin chose for the cash of one bank or cash account that Xero's bank shows without a document."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.connection import cash_choices


class XeroCashChoice(Document):
    """One row per connection and account; an account without a row is coded in Xero."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.Link
        choice: DF.Literal["Code in Xero", "Summarise Daily"]
        company: DF.Link | None
        connection: DF.Link
        from_date: DF.Date | None
        host_key: DF.Data | None
        looked_at: DF.Datetime | None
        paid_account: DF.Link | None
        paid_tax_type: DF.Autocomplete | None
        received_account: DF.Link | None
        received_tax_type: DF.Autocomplete | None
        summarised_until: DF.Date | None
    # end: auto-generated types

    def validate(self) -> None:
        """Nothing is kept that could not be posted."""
        cash_choices.check(self)

    def on_update(self) -> None:
        """Who chose what stands in the history, and days that are over are summarised."""
        cash_choices.changed(self)

    def on_trash(self) -> None:
        """The account is coded in Xero again."""
        cash_choices.removed(self)
