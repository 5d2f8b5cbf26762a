"""A cost centre and the tracking option that stands for it."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.connection import lists as offers


class XeroTrackingMapping(Document):
    """One row per connection and cost centre."""

    def validate(self) -> None:
        """Category and option must be active in Xero under exactly these names."""
        offers.keep_unique(self, self.cost_center)
        offers.tracking(offers.stored(self.connection), self.tracking_category, self.tracking_option)
        self.last_checked = offers.read_at(self.connection)
