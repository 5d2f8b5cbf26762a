"""Imports of history on the standing rig: everything recorded lies before the go-live date, and what people press."""

from __future__ import annotations

import time
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

GO_LIVE, FIRST, LAST = "2026-11-20", "2026-01-01", "2026-11-19"
EVERY = ("Invoice", "Bill", "Credit Note", "Supplier Credit Note", "Payment", "Journal")


def before_going_live(rig: Rig, records: list[scene.Record], date: str = GO_LIVE) -> None:
    """These documents were submitted, and the company went live after them."""
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", date))
    rig.play(records)
    assert not rig.steps()


def begin(rig: Rig, kinds: tuple[str, ...] = EVERY, first: str = FIRST, last: str = LAST) -> str:
    """Somebody starts an import of history; its name."""
    from picortex_xero.engine import history

    return str(scene.with_site(rig, lambda _frappe: history.start(rig.connection, "History", first, last, kinds)))


def press(rig: Rig, what: str, run: str) -> bool:
    """Pause, resume or stop it."""
    from picortex_xero.engine import history

    return bool(scene.with_site(rig, lambda _frappe: getattr(history, what)(run)))


def work(rig: Rig, run: str, seconds: float = 60.0) -> None:
    """One slice of the job."""
    from picortex_xero.engine import jobs

    scene.with_site(rig, lambda _frappe: jobs.go_on("Xero History Run", run) if seconds else None)


def shown(rig: Rig, run: str) -> dict[str, Any]:
    """The row of an import."""
    with rig.frappe() as frappe:
        return dict(frappe.get_all("Xero History Run", filters={"name": run}, fields=["*"])[0])


def through(rig: Rig, run: str, rounds: int = 30) -> dict[str, Any]:
    """Let minutes pass until it is over; its row."""
    for _round in range(rounds):
        work(rig, run)
        rig.dispatch()
        work(rig, run)
        row = shown(rig, run)
        if row["state"] not in ("Running",):
            return row
        rig.advance(61)
    raise TimeoutError(
        f"{row} {rig.counts()} {[(s['reference_name'], s['role'], s['state'], s['reason']) for s in scene.moving(rig)][:10]}"
    )


def elapsed(began: float) -> float:
    """Seconds since `began` (time.monotonic())."""
    return time.monotonic() - began
