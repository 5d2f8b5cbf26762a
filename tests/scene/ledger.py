"""What ever happened to the records of Xero's ledger."""

from __future__ import annotations

from collections import Counter

from sandbox.rig import Rig


def created(rig: Rig, resource: str = "Invoices", action: str = "created") -> int:
    """How many records of a resource were ever made (or what else was done to them)."""
    return sum(change["resource"] == resource and change["action"] == action for change in rig.xero.ledger()["changes"])


def actions(rig: Rig, resource: str, action: str) -> Counter[str]:
    """How often something happened to each record of Xero's ledger."""
    changes = rig.xero.ledger(parts="changes")["changes"]
    return Counter(change["id"] for change in changes if change["resource"] == resource and change["action"] == action)
