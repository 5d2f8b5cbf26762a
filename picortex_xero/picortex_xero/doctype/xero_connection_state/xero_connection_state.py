"""What machines write about a connection."""

from __future__ import annotations

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroConnectionState(OwnRecord):
    """Written by the app only; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        alive_at: DF.Datetime | None
        company: DF.Link | None
        compare_since: DF.Datetime | None
        comparison: DF.Code | None
        connection: DF.Link | None
        day_calls_left: DF.Int
        day_limit: DF.Int
        day_limit_at: DF.Datetime | None
        digest_on: DF.Date | None
        fingerprint: DF.Data | None
        full_pass: DF.Code | None
        heartbeat: DF.Datetime | None
        history_calls: DF.Code | None
        imported: DF.Code | None
        last_good_call: DF.Datetime | None
        lease_epoch: DF.Int
        lease_owner: DF.Data | None
        lease_until: DF.Datetime | None
        lists_outdated: DF.Check
        lists_read_at: DF.Datetime | None
        lists_refreshed_at: DF.Datetime | None
        live_calls: DF.Code | None
        minute_calls_left: DF.Int
        next_month_try: DF.Datetime | None
        outages: DF.Int
        paused_reason: DF.SmallText | None
        paused_reason_parts: DF.Code | None
        paused_until: DF.Datetime | None
        question_overrides: DF.Code | None
        read_until: DF.Code | None
        reading_calls: DF.Code | None
        release_position: DF.Code | None
        releases_until: DF.Datetime | None
        report_calls: DF.Code | None
        reports: DF.Code | None
        reports_busy_until: DF.Datetime | None
        rights: DF.Code | None
        search_failed: DF.Code | None
        search_position: DF.Code | None
        steps_opened: DF.Code | None
        swept_until: DF.Datetime | None
        tax_stops: DF.Code | None
        taxes_checked: DF.Data | None
        taxes_checked_at: DF.Datetime | None
        taxes_checked_by: DF.Data | None
        told: DF.Code | None
        xero_ahead: DF.Data | None
        xero_items: DF.Code | None
        xero_lists: DF.Code | None
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "paused_reason_parts", "paused_reason")
