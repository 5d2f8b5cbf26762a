"""What the admin chose for one kind of document: whether it goes to Xero, when, from which day on, and with which status."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.connection import sync_rules


class XeroSyncSetting(Document):
    """One row per connection and kind of document; a kind without a row goes at once."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        company: DF.Link | None
        connection: DF.Link
        enabled: DF.Check
        host_key: DF.Data | None
        kind: DF.Literal["Invoice", "Bill", "Credit Note", "Supplier Credit Note", "Payment", "Journal"]
        send: DF.Literal["Real time", "Hourly", "Daily"]
        send_at: DF.Time | None
        start_date: DF.Date | None
        target_status: DF.Literal["", "DRAFT", "SUBMITTED", "AUTHORISED"]
    # end: auto-generated types

    def validate(self) -> None:
        """A daily batch has its time, and what makes no sense together is refused."""
        sync_rules.check_setting(self)

    def on_update(self) -> None:
        """What waits, or was skipped by a setting or rule, is decided anew."""
        sync_rules.changed(self)

    def on_trash(self) -> None:
        """The kind goes at once again."""
        sync_rules.removed(self)
