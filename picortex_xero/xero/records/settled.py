"""What a Xero record settles, read from its marker: a payment, refund or allocation one record, a batch payment several."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal

SETTLING = ("Payments", "BatchPayments", "Allocations")
NAMED = ("InvoiceID", "CreditID")


def settles(endpoint: str, marker: dict[str, Any]) -> list[str]:
    """The ids of the invoices, credit notes, over- and prepayments that a record at `endpoint` settles, each once; empty where it settles
    nothing. `endpoint` is the one its link names ("Overpayments/<id>/Allocations" for an allocation)."""
    if endpoint.rpartition("/")[2] not in SETTLING:
        return []
    named = [marker[field] for field in NAMED if marker.get(field)]
    return list(dict.fromkeys(str(each) for each in (*named, *(member[0] for member in marker.get("Members") or []))))


def taken_off(endpoint: str, marker: dict[str, Any], place: tuple[str, str]) -> Decimal:
    """How much a record at `endpoint` reduces the one at `place` (endpoint, id), in that one's currency: what is paid of it or credited to
    it, or what of a credit its allocations use."""
    if xero_id := place[1]:
        if endpoint.startswith(f"{place[0]}/{xero_id}/"):
            return decimal(marker.get("Amount"))
        if xero_id in settles(endpoint, marker):
            members = [decimal(amount) for member, amount in marker.get("Members") or [] if member == xero_id]
            return sum(members, ZERO) if members else decimal(marker.get("Amount"))
    return ZERO
