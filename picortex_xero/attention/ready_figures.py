"""How many records are ready to match in Xero by our estimate, for the home page: worked out anew after ten minutes, since it looks at everything that is not reconciled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import frappe
from frappe.utils import getdate, nowdate

from ..compat import let_pass
from . import ready_to_match

KEY = "picortex_xero_ready"
KEPT_SECONDS = 600


def of(connections: Sequence[str]) -> tuple[int, int]:
    """How many are ready, and how many are not, in these companies together."""
    each = [_kept(connection) for connection in connections]
    return sum(ready for ready, _not in each), sum(not_ready for _ready, not_ready in each)


def _kept(connection: str) -> tuple[int, int]:
    key = frappe.cache.make_key(f"{KEY}:{connection}")
    try:
        if kept := frappe.cache.get(key):
            ready, not_ready = kept.decode().split()
            return int(ready), int(not_ready)
    except Exception as error:
        # Without a cache it only takes longer.
        let_pass(error)
    found = _anew(connection)
    try:
        frappe.cache.set(key, f"{found[0]} {found[1]}", ex=KEPT_SECONDS)
    except Exception as error:
        let_pass(error)
    return found


def _anew(connection: str) -> tuple[int, int]:
    company = str(frappe.db.get_value("Xero Connection", connection, "company"))
    today: date = getdate(nowdate())
    return ready_to_match.ready_and_not(ready_to_match.look(connection, company, today, 0))
