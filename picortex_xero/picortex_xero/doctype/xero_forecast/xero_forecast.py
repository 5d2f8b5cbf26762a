"""A forecast of cash as it was on a day."""

from __future__ import annotations

from frappe.model.document import Document


class XeroForecast(Document):
    """One row per company and day."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        closing: DF.Currency
        company: DF.Link
        currency: DF.Link | None
        forecast_key: DF.Data | None
        last_day: DF.Date | None
        lowest: DF.Currency
        lowest_day: DF.Date | None
        made_on: DF.Date | None
        opening: DF.Currency
        weeks: DF.Code | None
    # end: auto-generated types
