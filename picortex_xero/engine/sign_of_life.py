"""When the job of every minute ran last on this site, whether or not a company is connected: kept in the cache, so that losing it costs a minute."""

from __future__ import annotations

from datetime import datetime

import frappe

from ..compat import let_pass
from .clock import now

KEY = "picortex_xero_swept"
KEPT_SECONDS = 24 * 3600


def note() -> None:
    """The job runs. Never raises."""
    try:
        frappe.cache.set(frappe.cache.make_key(KEY), now().isoformat(), ex=KEPT_SECONDS)
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not note that the job of every minute ran: {error}")


def last() -> datetime | None:
    """When it ran last (UTC); None where that is not known."""
    try:
        kept = frappe.cache.get(frappe.cache.make_key(KEY))
    except Exception as error:
        let_pass(error)
        return None
    return datetime.fromisoformat(kept.decode()) if kept else None
