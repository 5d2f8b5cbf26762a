"""Which payments here are in Xero, and which are only awaited there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import frappe

from ..documents.settlement.awaited import AWAITED
from ..documents.settlement.entered_too import CODE as ENTERED_THERE_TOO
from ..documents.step import ASIDE, HELD
from ..xero.records.base import GONE
from .known import ADVANCE

LINK, STEP, AT_ONCE = "Xero Link", "Xero Outbox Entry", 500


def linked(names: Iterable[str], doctype: str = ADVANCE) -> set[str]:
    """Those of these Payment Entries, or journals, that are in Xero, or were in more than one record. One whose only record was removed there is not: what is entered there anew is
    perhaps the same money."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for some in _some(names):
        filters = {"reference_doctype": doctype, "reference_name": ("in", some)}
        for row in frappe.get_all(LINK, filters=filters, fields=["reference_name", "role", "sequence", "remote_status"]):
            if int(row["sequence"] or 0) < ASIDE:
                found[row["reference_name"]].append(row)
    return {name for name, rows in found.items() if not _is_removed(rows)}


def _is_removed(rows: list[dict[str, Any]]) -> bool:
    return len(rows) == 1 and (rows[0]["role"], int(rows[0]["sequence"] or 1)) == ("payment", 1) and rows[0]["remote_status"] in GONE


def in_part(names: Iterable[str]) -> set[str]:
    """Those of these Payment Entries that are in Xero in part: another part waits, since somebody has perhaps entered it there."""
    found: set[str] = set()
    for some in _some(names):
        filters = {"reference_doctype": ADVANCE, "reference_name": ("in", some), "state": HELD, "reason_code": ENTERED_THERE_TOO}
        found.update(frappe.get_all(STEP, filters=filters, pluck="reference_name"))
    return found


def awaited(names: Iterable[str], doctype: str = ADVANCE) -> set[str]:
    """Those of these Payment Entries, or journals, that wait to be entered in Xero, as their bank account says (documents/settlement/awaited.py)."""
    found: set[str] = set()
    for some in _some(names):
        filters = {"reference_doctype": doctype, "reference_name": ("in", some), "state": HELD, "reason_code": AWAITED}
        found.update(frappe.get_all(STEP, filters=filters, pluck="reference_name"))
    return found


def _some(names: Iterable[str]) -> list[Sequence[str]]:
    ordered = sorted(set(names))
    return [ordered[at : at + AT_ONCE] for at in range(0, len(ordered), AT_ONCE)]
