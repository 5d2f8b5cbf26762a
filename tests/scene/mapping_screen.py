"""A company whose documents were typed lately and whose mapping is still to be made, and the buttons of the mapping screen."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from sandbox.host.site import open_site
from sandbox.rig import Rig
from tests.scene import rig as scene

KINDS = ("Account", "Tax", "Payment", "Deduction", "Tracking")


def unmap(rig: Rig) -> None:
    """Nothing is mapped yet."""

    def work(frappe: Any) -> None:
        for kind in KINDS:
            frappe.db.delete(f"Xero {kind} Mapping", {"connection": rig.connection})

    scene.with_site(rig, work)


def lately(rig: Rig, records: list[scene.Record]) -> None:
    """These documents are submitted today, with their ledger."""
    today = str(scene.with_site(rig, lambda frappe: frappe.utils.now_datetime().date()))
    made = copy.deepcopy(records)
    for record in made:
        record["doc"]["posting_date"] = today
        for row in record["gl"]:
            row["posting_date"] = today
    rig.play(made)
    scene.with_site(rig, _count_anew(rig))


def _count_anew(rig: Rig) -> Callable[[Any], None]:
    def work(_frappe: Any) -> None:
        from picortex_xero.mapping_screen import usage

        usage.forget(rig.company["name"])

    return work


def press(rig: Rig, function: str, user: str = "Administrator", **arguments: Any) -> Any:
    """Call a function of the screen as this person; committed, or rolled back where it throws."""
    with open_site(rig.site, user) as frappe:
        from picortex_xero.api import mapping

        try:
            answer = getattr(mapping, function)(connection=rig.connection, **arguments)
        except Exception:
            frappe.db.rollback()
            raise
        frappe.db.commit()
        return frappe.local.response.get("filecontent") if function == "export" else answer


def shown(rig: Rig, mapping: str, user: str = "Administrator") -> dict[str, Any]:
    """The screen of a kind; its rows by what they are about."""
    found = press(rig, "show", user, mapping=mapping)
    return {**found, "rows": {row["label"]: row for row in found["rows"]}}
