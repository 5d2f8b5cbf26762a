"""Steps that were left out before that was noted get the day of their last change. A step with a day is left alone, so the patch may be interrupted
and run again."""

from __future__ import annotations

from picortex_xero.documents.step import SKIPPED
from picortex_xero.engine import outbox
from picortex_xero.patches.pages import pages


def execute() -> None:
    """Note on which day each step was left out"""
    for rows in pages(outbox.DOCTYPE, {"state": SKIPPED, "left_out_on": ("is", "not set")}, ["modified"]):
        by_day: dict[str, list[str]] = {}
        for row in rows:
            by_day.setdefault(str(row["modified"])[:10], []).append(row["name"])
        for day, names in by_day.items():
            outbox.set_left_out_on(names, day)
