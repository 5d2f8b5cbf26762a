"""A payment that no document tells of, once or again and again."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.cash_flow import own_lines


class XeroForecastLine(Document):
    """One or several lines of the curve."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.Link | None
        amount: DF.Currency
        amount_from: DF.Literal["This Amount", "What an Account Has Collected"]
        company: DF.Link
        covers_until: DF.Int
        currency: DF.Link | None
        direction: DF.Literal["Out", "In"]
        disabled: DF.Check
        first_day: DF.Date
        frequency: DF.Literal["Once", "Weekly", "Fortnightly", "Monthly", "Every Two Months", "Quarterly", "Half-yearly", "Yearly"]
        kind: DF.Literal["Own Line", "Tax Payment"]
        last_day: DF.Date | None
        title: DF.Data
    # end: auto-generated types

    def validate(self) -> None:
        """Nothing is kept that could not be followed."""
        own_lines.check(self)
