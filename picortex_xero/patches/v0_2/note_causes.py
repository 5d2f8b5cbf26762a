"""Steps that wait since release 0.1 get the causes of what they wait for, from their reason codes. Which account or tax it is nobody wrote down:
whatever is changed of that kind releases them. A step with causes is left alone, so the patch may be interrupted and run again."""

from __future__ import annotations

from typing import Any

import frappe

from picortex_xero.engine import causes, cures, outbox
from picortex_xero.patches.pages import pages


def execute() -> None:
    """Note what each waiting step waits for"""
    fields = ["connection", "company", "reference_doctype", "reference_name", "reason_code", "state"]
    for rows in pages(outbox.DOCTYPE, {"state": ("in", causes.WAITING)}, fields):
        known = set(frappe.get_all(causes.DOCTYPE, filters={"step": ("in", [row["name"] for row in rows])}, pluck="step"))
        by_connection: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            if row["name"] not in known:
                by_connection.setdefault(row["connection"], []).append(row)
        for connection, found in by_connection.items():
            with cures.before(connection):
                for row in found:
                    causes.write_former(row)
