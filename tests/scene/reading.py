"""People working in Xero, and the reader that comes by later."""

from __future__ import annotations

import json
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

# Longer than any endpoint waits for its turn.
TURN = 8 * 3600 + 60


def begin(rig: Rig) -> None:
    """Have everything sent, and the reading begun."""
    scene.settle(rig)
    rig.dispatch()


def pass_alive(rig: Rig, seconds: float) -> None:
    """Let time pass in which the scheduler's minutes have gone on and noted so: after a gap Xero's lists would be compared first."""
    rig.advance(seconds)

    def noted(frappe: Any) -> None:
        from picortex_xero.engine import clock

        clock.synchronise()
        frappe.db.set_value("Xero Connection State", rig.connection, "alive_at", clock.now(), update_modified=False)

    scene.with_site(rig, noted)


def read(rig: Rig, seconds: float = TURN) -> None:
    """Let time pass until every endpoint has its turn, and read; what was woken by it is done, too."""
    pass_alive(rig, seconds)
    rig.dispatch()
    scene.settle(rig)


def reads(rig: Rig, since: int = 0) -> list[dict[str, Any]]:
    """The calls with which changes were read."""
    return [call for call in rig.xero.calls(since) if call["method"] == "GET" and "if-modified-since" in call["headers"]]


def press(rig: Rig, what: str, record: scene.Record, user: str = "Administrator") -> int:
    """Somebody presses Send again ("send_again"), Leave it out ("leave_out") or Accept ("accept")."""
    from picortex_xero.api import status

    def work(frappe: Any) -> int:
        frappe.set_user(user)
        return int(getattr(status, what)(record["doctype"], record["name"]))

    return int(scene.with_site(rig, work))


def status(rig: Rig, record: scene.Record) -> dict[str, Any]:
    """What the form of a document says."""
    from picortex_xero.api import status as api

    return dict(scene.with_site(rig, lambda frappe: api.document_status(record["doctype"], record["name"])))


def told(rig: Rig, record: scene.Record) -> tuple[str, str, str]:
    """State, code and reason of the gravest step of a document."""
    from picortex_xero.attention.wording import speaker

    step = speaker(rig.steps(reference_name=record["name"]))
    assert step
    return step["state"], step["reason_code"] or "", step["reason"] or ""


def weekly_look(rig: Rig) -> None:
    """The last look at all lists was so long ago that the next one begins at any hour; a run comes by."""

    def work(frappe: Any) -> None:
        known = json.loads(frappe.db.get_value("Xero Connection State", rig.connection, "full_pass"))
        frappe.db.set_value("Xero Connection State", rig.connection, "full_pass", json.dumps({**known, "done": "2026-01-01T00:00:00"}))

    scene.with_site(rig, work)
    pass_alive(rig, 60)
    rig.dispatch()
