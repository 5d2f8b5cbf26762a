"""A bank or cash account and the Xero account that payments are entered on."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from picortex_xero.connection import mapping_checks, xero_lists
from picortex_xero.engine.screen_texts import stored
from picortex_xero.engine.wake import after_saving


class XeroPaymentMapping(Document):
    """One row per connection and bank or cash account."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.Link
        bank_feed: DF.Literal["", "Here", "Only in Xero", "Here and in Xero"]
        company: DF.Link | None
        connection: DF.Link
        host_key: DF.Data | None
        last_checked: DF.Datetime | None
        payments_entered: DF.Literal["Here and in Xero", "Only Here", "Only in Xero"]
        takes_what_comes_back: DF.Check
        xero_account_id: DF.Autocomplete
        xero_account_name: DF.Data | None
        xero_currency: DF.Link | None
    # end: auto-generated types

    def validate(self) -> None:
        """The Xero account must be a bank account or allow payments."""
        xero_lists.keep_unique(self, self.account)
        found = xero_lists.payment_account(xero_lists.stored(self.connection), self.xero_account_id)
        base_currency = frappe.get_cached_value("Xero Connection", self.connection, "base_currency")
        mapping_checks.must_move_money(self.account, found, base_currency)
        self.xero_account_id, self.xero_account_name = found["AccountID"], stored(found.get("Name"))
        self.xero_currency = found.get("CurrencyCode") or None
        self.last_checked = xero_lists.read_at(self.connection)

    def on_update(self) -> None:
        """What waited for this choice goes."""
        after_saving(self.connection)

    def on_trash(self) -> None:
        """A broader choice may stand in for this one now."""
        after_saving(self.connection)
