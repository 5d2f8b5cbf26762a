"""Rules on the rig, as an admin makes them, and what goes by them."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene


def make(rig: Rig, title: str, outcome: str, *conditions: tuple[str, str, str], **more: Any) -> str:
    rows = [{"joined": "and", "field_name": field, "operator": operator, "value": value} for field, operator, value in conditions]
    values = {"connection": rig.connection, "title": title, "outcome": outcome, "for_invoices": 1, "enabled": 1, "conditions": rows, **more}
    return str(
        scene.with_site(rig, lambda frappe: frappe.get_doc({"doctype": "Xero Sync Rule", **values}).insert(ignore_permissions=True).name)
    )


def go(rig: Rig) -> None:
    """What is due goes, and no time passes."""
    scene.sweep(rig)
    rig.dispatch()
    rig.dispatch()
