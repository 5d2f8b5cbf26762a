"""A cost centre and the tracking option that stands for it."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.connection import mapping_checks, xero_lists
from picortex_xero.engine.wake import after_saving


class XeroTrackingMapping(Document):
    """One row per connection and cost centre."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        company: DF.Link | None
        connection: DF.Link
        cost_center: DF.Link
        host_key: DF.Data | None
        last_checked: DF.Datetime | None
        takes_what_comes_back: DF.Check
        tracking_category: DF.Autocomplete
        tracking_option: DF.Autocomplete
    # end: auto-generated types

    def validate(self) -> None:
        """Category and option must be active in Xero under exactly these names."""
        xero_lists.keep_unique(self, self.cost_center)
        xero_lists.tracking(xero_lists.stored(self.connection), self.tracking_category, self.tracking_option)
        self.last_checked = xero_lists.read_at(self.connection)
        mapping_checks.takes_what_comes_back(self, "tracking_category", "tracking_option")

    def on_update(self) -> None:
        """What waited for this choice goes."""
        mapping_checks.takes_it_alone(self, "tracking_category", "tracking_option")
        after_saving(self.connection)

    def on_trash(self) -> None:
        """A broader choice may stand in for this one now."""
        after_saving(self.connection)
