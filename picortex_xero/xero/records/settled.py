"""What a Xero record settles, read from its marker: a payment or a refund one record, a batch payment several, an allocation one."""

from __future__ import annotations

from typing import Any

SETTLING = ("Payments", "BatchPayments", "Allocations")
NAMED = ("InvoiceID", "CreditID")


def settles(endpoint: str, marker: dict[str, Any]) -> list[str]:
    """The ids of the invoices, credit notes, over- and prepayments that a record at `endpoint` settles, each once; empty for what settles
    nothing. `endpoint` is the one its link names ("Overpayments/<id>/Allocations" for an allocation)."""
    if endpoint.rpartition("/")[2] not in SETTLING:
        return []
    named = [marker[field] for field in NAMED if marker.get(field)]
    return list(dict.fromkeys(str(each) for each in (*named, *(member[0] for member in marker.get("Members") or []))))
