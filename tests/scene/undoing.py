"""Having documents taken back in Xero that stand here: marked, undone, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene


def marked(rig: Rig, **what: Any) -> str:
    """Mark documents for an undo; its name."""

    def work(frappe: Any) -> str:
        from picortex_xero.engine import undoing

        return undoing.look(rig.connection, **what)

    run = str(scene.with_site(rig, work))
    slice_of(rig, run)
    return run


def all_sent(rig: Rig) -> dict[str, Any]:
    """The choice of everything that was ever sent."""
    return {"what": "Sent Between", "from_time": datetime(2020, 1, 1), "to_time": datetime(2040, 1, 1)}


def slice_of(rig: Rig, run: str) -> None:
    """One slice of the work, if its time has come."""

    def work(_frappe: Any) -> None:
        from picortex_xero.engine import jobs

        jobs.go_on("Xero Undo Run", run)

    scene.with_site(rig, work)


def press(rig: Rig, function: str, run: str) -> Any:
    """Somebody presses Undo ("start"), Pause, Go On ("resume") or Stop."""

    def work(frappe: Any) -> Any:
        from picortex_xero.engine import undoing

        return getattr(undoing, function)(run)

    return scene.with_site(rig, work)


def through(rig: Rig, run: str, rounds: int = 12) -> dict[str, Any]:
    """Let it go on until it is over; its row."""
    for _ in range(rounds):
        slice_of(rig, run)
        if head(rig, run)["state"] != "Running":
            return head(rig, run)
        for _again in range(2):
            rig.dispatch()
        rig.advance(60)
    raise AssertionError((head(rig, run), rows(rig, run)))


def head(rig: Rig, run: str) -> dict[str, Any]:
    """The row of an undo."""
    with rig.frappe() as frappe:
        return dict(frappe.get_all("Xero Undo Run", filters={"name": run}, fields=["*"])[0])


def rows(rig: Rig, run: str) -> dict[str, dict[str, Any]]:
    """Its documents by name."""
    with rig.frappe() as frappe:
        return {row["reference_name"]: dict(row) for row in frappe.get_all("Xero Undo Row", filters={"undo_run": run}, fields=["*"])}
