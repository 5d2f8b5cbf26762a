"""A tax of the host and the Xero tax type that stands for it."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.connection import mapping_checks, xero_lists
from picortex_xero.engine.screen_texts import stored
from picortex_xero.engine.wake import after_saving


class XeroTaxMapping(Document):
    """One row per connection, direction, tax and (where given) item tax template and class of accounts; the narrowest decides."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account_class: DF.Literal["", "Expense", "Income", "Fixed Asset", "Asset", "Liability", "Equity"]
        company: DF.Link | None
        connection: DF.Link
        direction: DF.Literal["Sales", "Purchases"]
        host_key: DF.Data | None
        item_tax_template: DF.Link | None
        last_checked: DF.Datetime | None
        takes_what_comes_back: DF.Check
        tax: DF.Autocomplete
        tax_type: DF.Autocomplete
        xero_rate: DF.Float
        xero_tax_name: DF.Data | None
    # end: auto-generated types

    def validate(self) -> None:
        """The tax type must be one that documents of this direction may carry on these accounts; its rate is Xero's, never typed."""
        self.tax = " ".join((self.tax or "").split())
        # Rows from before there were classes keep their key.
        narrowed = [self.account_class] if self.account_class else []
        xero_lists.keep_unique(self, self.direction, self.tax, self.item_tax_template or "", *narrowed)
        found = xero_lists.mapped_tax(xero_lists.stored(self.connection), self.tax_type, self.direction, self.tax, self.account_class or "")
        self.xero_tax_name, self.xero_rate = stored(found.get("Name")), found.get("EffectiveRate")
        self.last_checked = xero_lists.read_at(self.connection)
        mapping_checks.takes_what_comes_back(self, "direction", "tax_type")

    def on_update(self) -> None:
        """What waited for this choice goes."""
        mapping_checks.takes_it_alone(self, "direction", "tax_type")
        after_saving(self.connection)

    def on_trash(self) -> None:
        """A broader choice may stand in for this one now."""
        after_saving(self.connection)
