"""How the bank lines of one company are matched."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.reconciling import settings


class XeroBankSetting(Document):
    """One row per company; a company without one matches nothing."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        automatic: DF.Literal["Off", "With What Is Entered", "And Enter Payments"]
        automatic_from: DF.Int
        busy_until: DF.Datetime | None
        cents: DF.Currency
        company: DF.Link
        cost_center: DF.Link | None
        discount_account: DF.Link | None
        enabled: DF.Check
        fee_account: DF.Link | None
        leave_drafts: DF.Check
        looked_at: DF.Datetime | None
        looked_at_stamp: DF.SmallText | None
        submit_categorised: DF.Check
        write_off_account: DF.Link | None
        write_off_up_to: DF.Currency
    # end: auto-generated types

    def validate(self) -> None:
        """Nothing is kept that could not be followed."""
        settings.check(self)
