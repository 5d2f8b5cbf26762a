"""Records of Xero's near some days: what may be the same as documents of those days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from ..documents.base import Shown
from ..documents.history import coded
from ..xero.records import xero_element
from . import reading
from .contexts import Context
from .leases import Lease


def near(context: Context, lease: Lease, endpoint: str, windows: Iterable[tuple[str, str]], condition: str = "") -> Shown:
    """The records of an endpoint dated in these windows (first and last day, yyyy-mm-dd) that meet a condition of Xero's `where`, one list for each span of days.
    Raises reading.Interrupted, send.LeaseLost."""
    found, complete = list[dict[str, Any]](), True
    for first, last in coded.together(windows):
        days = f"Date>={xero_element.asked_day(first)} AND Date<={xero_element.asked_day(last)}"
        where = f"{condition} AND {days}" if condition else days
        shown = reading.listing(context, lease, endpoint, f"where={quote(where, safe='')}", True, "")
        found += shown.elements
        complete = complete and shown.complete
    return Shown(found, complete)
