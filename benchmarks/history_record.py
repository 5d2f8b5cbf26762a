"""docs/history-record.json: what the last run of `make history-long` for each tier measured."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks import checkout

RECORD = checkout.ROOT / "docs" / "history-record.json"
TIERS = {1000: "Starter", 5000: "Core"}
TOLERANCE = 0.10
# Below it a day is not full, and what disturbs an import counts for more than its documents.
HOURS_APART = 1
Record = dict[str, Any]


def apart(taken: float, forecast: float) -> float:
    """By what share of the forecast it was missed."""
    return abs(taken - forecast) / forecast if forecast else 0.0


def failed(run: Record) -> list[str]:
    """What one tier's run does not hold of what is promised."""
    found, forecast, taken = [], run["forecast"], run["taken"]
    hours = abs(taken["days"] - forecast["days"]) * 24
    if apart(taken["days"], forecast["days"]) > TOLERANCE and hours > HOURS_APART:
        found.append(f"it took {taken['days']} days, the forecast was {forecast['days']}")
    if run["calls refused with 429"]:
        found.append(f"{run['calls refused with 429']} calls were refused with 429")
    found += [f"{run[what]} documents {what}" for what in ("lost", "doubled") if run[what]]
    if sorted(run["disturbed by"]) != ["kill", "lock", "pause", "token"]:
        found.append(f"it was disturbed by {', '.join(run['disturbed by'])} only")
    marks = (run["undo"] or {}).get("by mark", {})
    found += [
        f"{each['documents'] - each['as it said']} documents marked {mark} came out otherwise"
        for mark, each in marks.items()
        if each["documents"] != each["as it said"]
    ]
    return found


def requests_apart(run: Record) -> float:
    """By what share of the forecast its count of requests was missed."""
    return apart(run["taken"]["requests"], run["forecast"]["requests"])


def read(path: Path = RECORD) -> Record:
    """By tier what was measured last; {} for none."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def write(run: Record, path: Path = RECORD) -> None:
    """Put one tier's run in the place of the one before."""
    made = {"date": datetime.now(timezone.utc).isoformat(timespec="seconds"), "commit": checkout.commit(checkout.ROOT), **run}
    path.write_text(json.dumps({**read(path), run["tier"]: made}, indent=1) + "\n", "utf-8")
