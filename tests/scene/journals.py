"""Journal entries with bank rows and parties, and the money of theirs in Xero."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

BANK = "Trading Account"


def entry(rig: Rig, *rows: tuple[str, float, dict[str, Any]], name: str = "JV-9", **changes: Any) -> scene.Record:
    """A journal whose rows may name parties and invoices."""
    made = scene.journal(
        rig, *((account, amount) for account, amount, _ in rows), name=name, **{"title": None, "cheque_no": "77", **changes}
    )
    for row, (_, _, further) in zip(made["doc"]["accounts"], rows):
        row.update(further)
    return made


def fee(rig: Rig, name: str = "JV-9", **changes: Any) -> scene.Record:
    """A bank fee of 12.50."""
    return entry(rig, ("Office Rent", 12.5, {}), (BANK, -12.5, {}), name=name, **changes)


def of(record: scene.Record) -> dict[str, Any]:
    """The fields of a row that settles an invoice or bill."""
    sale = record["doctype"] == "Sales Invoice"
    party = {"party_type": "Customer" if sale else "Supplier", "party": record["doc"]["customer" if sale else "supplier"]}
    return {**party, "reference_type": record["doctype"], "reference_name": record["name"]}


def states(rig: Rig, name: str = "JV-9") -> dict[str, str]:
    return {step["role"]: step["state"] for step in rig.steps(reference_name=name)}


def money(rig: Rig) -> dict[str, Any]:
    """The one spend-money or receive-money transaction in Xero's books."""
    (found,) = scene.live(rig, "BankTransactions")
    return found


def assert_taken_back(rig: Rig, record: scene.Record, *resources: str) -> None:
    rig.play([scene.cancelling(record)])
    scene.settle(rig)
    for resource in resources:
        assert scene.live(rig, resource) == []
    assert not [row for row in rig.steps(reference_name=record["name"]) if row["state"] not in ("Synced", "Superseded")]
