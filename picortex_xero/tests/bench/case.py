"""What the bench tests stand on: being on a bench, waiting for the worker, measurements for the record, a second connection."""

from __future__ import annotations

import importlib.util
import json
import os
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frappe

from picortex_xero.tests.conformance import HostTestCase

XERO_ADDRESS = os.environ.get("PICORTEX_BENCH_XERO", "")
STAGE = os.environ.get("PICORTEX_BENCH_STAGE", "first")
ON_BENCH = bool(XERO_ADDRESS) and importlib.util.find_spec("erpnext") is not None
OUTBOX = "Xero Outbox Entry"

on_bench = unittest.skipUnless(ON_BENCH and STAGE == "first", "needs a bench: make test-bench BENCH=... SITE=...")
after_reinstall = unittest.skipUnless(ON_BENCH and STAGE == "reinstalled", "runs after the app was removed and installed again")


def measured(name: str, value: Any) -> None:
    """Put a figure into the record of the run (a JSON file named by PICORTEX_BENCH_MEASURED) and show it."""
    print(f"\n[measured] {name}: {json.dumps(value, default=str)}", flush=True)
    place = os.environ.get("PICORTEX_BENCH_MEASURED")
    if place:
        path = Path(place)
        known = json.loads(path.read_text("utf-8")) if path.exists() else {}
        path.write_text(json.dumps({**known, name: value}, indent=1, default=str), "utf-8")


def milliseconds(action: Callable[[], Any]) -> float:
    """How long `action` takes."""
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def spread(times: list[float]) -> dict[str, float]:
    """Count, median and 95th percentile of milliseconds. ValueError where nothing was measured."""
    if not times:
        raise ValueError("nothing was measured")
    ordered = sorted(times)
    return {
        "n": len(ordered),
        "median_ms": round(ordered[len(ordered) // 2], 2),
        "p95_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2),
    }


class BenchCase(HostTestCase):
    """Tests here commit: they make their own company with a name of its own, and tidy up what is the site's."""

    as_the_app = False

    def steps(self, **filters: Any) -> list[dict[str, Any]]:
        """Outbox rows, read in a transaction of their own."""
        frappe.db.rollback()
        return frappe.get_all(OUTBOX, filters=filters, fields=["*"], order_by="creation asc")

    def counts(self, connection: str) -> dict[str, int]:
        """Outbox rows of a connection per state."""
        found: dict[str, int] = {}
        for step in self.steps(connection=connection):
            found[step["state"]] = found.get(step["state"], 0) + 1
        return found

    def wait_for_worker(self, connection: str, seconds: float = 60, sweeping: bool = False) -> float:
        """Wait until nothing is on its way any more; the seconds it took. With `sweeping` as the scheduler would, every few seconds."""
        from picortex_xero.sync import jobs

        started = time.monotonic()
        swept = started
        # All states of one moment: a step moves from one to the other, and makes further steps, between two reads.
        while {"Pending", "Sending", "Unknown"} & set(self.counts(connection)):
            if time.monotonic() - started > seconds:
                rows = [
                    (row["reference_name"], row["role"], row["state"], row["reason"], row["blocked_on"], str(row["due_at"]))
                    for row in self.steps(connection=connection)
                    if row["state"] in ("Pending", "Sending", "Unknown")
                ]
                state = frappe.db.get_value(
                    "Xero Connection State", connection, ["paused_until", "paused_reason", "lease_until", "last_good_call"], as_dict=True
                )
                self.fail(f"not drained after {seconds} s: {self.counts(connection)}; {state}; {rows[:10]}")
            if sweeping and time.monotonic() - swept > 3:
                swept = time.monotonic()
                jobs.sweep()
            time.sleep(0.2)
        return round(time.monotonic() - started, 2)
