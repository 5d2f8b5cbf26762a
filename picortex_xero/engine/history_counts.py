"""Where the documents of an import of history stand."""

from __future__ import annotations

from typing import Any

import frappe

from . import history_steps, protocol

# The roles of the first steps of documents, by which they are counted.
FIRST = ("invoice", "credit", "payment", "journal")
MOST = 1000


def standing(run: str) -> dict[str, int]:
    """By the columns of an import how many of its documents stand where: one read of an index."""
    rows = frappe.db.sql(
        "SELECT `state`, COUNT(*) FROM `tabXero Outbox Entry` WHERE `history_run`=%(run)s AND `role` IN %(first)s GROUP BY `state`",
        {"run": run, "first": FIRST},
    )
    by_state = {str(row[0]): int(row[1]) for row in rows}
    return {
        "in_xero": by_state.get(protocol.SYNCED, 0),
        "held": by_state.get(protocol.HELD, 0) + by_state.get(protocol.ATTENTION, 0),
        "left_out": by_state.get(protocol.SKIPPED, 0) + by_state.get(protocol.SUPERSEDED, 0),
    }


def on_their_way(run: str) -> int:
    """How many of its steps will go on by themselves, or are with Xero."""
    flying = frappe.db.sql(
        "SELECT COUNT(*) FROM `tabXero Outbox Entry` WHERE `history_run`=%(run)s AND `state` IN %(flying)s",
        {"run": run, "flying": protocol.IN_FLIGHT},
    )
    return history_steps.pool(run)[0] + int(flying[0][0])


def counts(run: str) -> dict[str, int]:
    """The same as `standing`, with what was in Xero already."""
    return {**standing(run), "was_there": len(was_there(run))}


def was_there(run: str) -> list[dict[str, Any]]:
    """The documents of an import that were in Xero already: linked with what was there, or waiting until a person says whether they are it."""
    return list(
        frappe.db.sql(
            "SELECT s.`name` AS `step`, s.`reference_doctype`, s.`reference_name`, s.`state`, s.`posting_date`, s.`amount`, s.`currency`, l.`xero_number`, l.`xero_id`, l.`endpoint` "
            "FROM `tabXero Outbox Entry` AS s LEFT JOIN `tabXero Link` AS l ON l.`connection`=s.`connection` AND l.`reference_doctype`=s.`reference_doctype` "
            "AND l.`reference_name`=s.`reference_name` AND l.`role`=s.`role` AND l.`adopted`=1 "
            "WHERE s.`history_run`=%(run)s AND s.`role` IN %(first)s AND (l.`name` IS NOT NULL OR COALESCE(s.`kept_by`, '')<>'') "
            "ORDER BY s.`posting_date`, s.`reference_name` LIMIT 1000",
            {"run": run, "first": FIRST},
            as_dict=True,
        )
    )
