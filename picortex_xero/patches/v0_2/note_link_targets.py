"""Links of release 0.1 get rows that say what they settle (engine/link_targets), from their markers. Such a row is named after its content;
one that exists stays as it is, so the patch may be interrupted and run again."""

from __future__ import annotations

import json

from picortex_xero.engine import link_targets
from picortex_xero.patches.pages import pages
from picortex_xero.xero.records.registry import object_at


def execute() -> None:
    """Note what each link settles"""
    for rows in pages("Xero Link", {"marker": ("is", "set")}, ["connection", "company", "endpoint", "marker"]):
        link_targets.add(
            link_targets.Of(row["name"], row["connection"], row["company"], each)
            for row in rows
            for each in object_at(row["endpoint"]).settled(json.loads(row["marker"]))
        )
