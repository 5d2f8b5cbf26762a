"""A tax of the host and the Xero tax type that stands for it."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.sync import offers


class XeroTaxMapping(Document):
    """One row per connection, direction, tax and (where given) item tax template."""

    def validate(self) -> None:
        """The tax type must be active; its rate is Xero's, never typed."""
        self.tax = " ".join((self.tax or "").split())
        offers.keep_unique(self, self.direction, self.tax, self.item_tax_template or "")
        found = offers.tax_rate(offers.stored(self.connection), self.tax_type)
        self.xero_tax_name, self.xero_rate = found.get("Name"), found.get("EffectiveRate")
        self.last_checked = offers.read_at(self.connection)
