"""Recorded times moved to the site's now: the hourly search looks at what was modified lately, and a recording lies in the past.

A time that was recorded once is moved once: what the host left as it was keeps its time, so `modified` changes exactly where it did
in ERPNext. `creation` of documents stays, for it is part of their identity.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


class Timeline:
    """The times of one site, recorded and moved."""

    def __init__(self) -> None:
        self._moved: dict[str, str] = {}

    def at(self, record: dict[str, Any], now: datetime) -> dict[str, Any]:
        """The event as if it ended now (the site's time)."""
        docs = [*([record["doc"]] if record.get("doc", {}).get("modified") else []), *record.get("after", [])]
        rows = [*record.get("gl", []), *(row for voucher in record.get("ledger", []) for row in voucher["rows"])]
        times = [doc["modified"] for doc in docs if doc.get("modified")] + [row["creation"] for row in rows if row.get("creation")]
        fresh = [each for each in times if each not in self._moved]
        if fresh:
            ahead = now - datetime.fromisoformat(max(fresh))
            self._moved |= {each: _text(datetime.fromisoformat(each) + ahead) for each in fresh}
        moved = dict(record)
        if "doc" in record:
            moved["doc"] = self._doc(record["doc"])
        moved["after"] = [self._doc(doc) for doc in record.get("after", [])]
        moved["gl"] = [self._row(row) for row in record.get("gl", [])]
        moved["ledger"] = [{**each, "rows": [self._row(row) for row in each["rows"]]} for each in record.get("ledger", [])]
        return moved

    def _doc(self, doc: dict[str, Any]) -> dict[str, Any]:
        if not doc.get("modified"):
            return doc
        time = self._moved[doc["modified"]]
        rows = {
            name: [{**row, "modified": time} if isinstance(row, dict) else row for row in value]
            for name, value in doc.items()
            if isinstance(value, list)
        }
        return {**doc, **rows, "modified": time}

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "creation": self._moved[row["creation"]]} if row.get("creation") else row


def _text(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="microseconds")


def seconds_from(recorded_at: str, now: datetime) -> float:
    """How far a clock must be set for a recording made at `recorded_at` (with its offset); `now` is aware."""
    return (datetime.fromisoformat(recorded_at) - now) / timedelta(seconds=1)
