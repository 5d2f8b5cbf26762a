"""A host account and the Xero account that stands for it."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.connection import mapping_checks, xero_lists
from picortex_xero.engine.screen_texts import stored
from picortex_xero.engine.wake import after_saving


class XeroAccountMapping(Document):
    """One row per connection and host account."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.Link
        company: DF.Link | None
        connection: DF.Link
        host_key: DF.Data | None
        last_checked: DF.Datetime | None
        other_class: DF.Check
        takes_what_comes_back: DF.Check
        xero_account_class: DF.Data | None
        xero_account_code: DF.Autocomplete
        xero_account_name: DF.Data | None
    # end: auto-generated types

    def validate(self) -> None:
        """The Xero account must exist, take lines and be of the account's class, unless it is another one on purpose; there may be one mapping for an
        account."""
        xero_lists.keep_unique(self, self.account)
        found = xero_lists.account(xero_lists.stored(self.connection), self.xero_account_code)
        if not self.other_class:
            mapping_checks.must_be_of_class(self.account, found)
        self.xero_account_name, self.xero_account_class = stored(found.get("Name")), stored(found.get("Class"))
        self.last_checked = xero_lists.read_at(self.connection)
        mapping_checks.takes_what_comes_back(self, "xero_account_code")

    def on_update(self) -> None:
        """What waited for this choice goes."""
        mapping_checks.takes_it_alone(self, "xero_account_code")
        after_saving(self.connection)

    def on_trash(self) -> None:
        """A broader choice may stand in for this one now."""
        after_saving(self.connection)
