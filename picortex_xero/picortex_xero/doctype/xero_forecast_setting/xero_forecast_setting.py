"""What a company's forecast of cash counts, and below which sum people are told."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.cash_flow import settings


class XeroForecastSetting(Document):
    """One row per company; a company without one has a forecast with everything in it, and none is kept."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        company: DF.Link
        enabled: DF.Check
        in_transit_account: DF.Link | None
        in_transit_days: DF.Int
        lowest_allowed: DF.Currency
        opening_from: DF.Literal["ERPNext", "Xero"]
        tell: DF.Check
        told_on: DF.Date | None
        weeks: DF.Int
        with_cash: DF.Check
        with_orders: DF.Check
        with_payroll: DF.Check
        with_repeated: DF.Check
    # end: auto-generated types

    def validate(self) -> None:
        """Nothing is kept that could not be followed."""
        settings.check(self)
