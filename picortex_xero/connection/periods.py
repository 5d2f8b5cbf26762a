"""The closed periods of a connection: what its admin has entered, and Xero's locks as its lists were last read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe

from ..documents.periods import Periods
from . import xero_lists

FIELDS = ("tax_filed_until", "conversion_date")


def of(doc: Any) -> Periods:
    """Those of a Xero Connection (its document)."""
    locked = xero_lists.locked_until(doc.name)
    return Periods(locked.isoformat() if locked else "", *_entered(doc))


def as_they_are(connection: str, known: Periods) -> Periods:
    """The same with what an admin has entered by now; the locks are as the lists were read."""
    filed, conversion = _entered(frappe.db.get_value("Xero Connection", connection, FIELDS, as_dict=True) or {})
    return replace(known, filed_until=filed, conversion_date=conversion)


def _entered(row: Any) -> tuple[str, str]:
    filed, conversion = (str(row.get(name) or "") for name in FIELDS)
    return filed, conversion
