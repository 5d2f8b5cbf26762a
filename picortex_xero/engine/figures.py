"""How many steps are where, for the home page: each figure is one statement for all connections that a user may see.

The outbox keeps every step that ever was, most of them Synced, and these are never counted. What is not finished is counted from the index of connection,
state, kind and creation alone, without a look at the rows; of what is held, and of what was left out this month, the rows are read by the same index. What
came to Xero today is counted by the links of the day, which have an index of their own, and what waits for an approval by the index of `awaits`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ..documents.step import ENDED, HELD, SKIPPED, UNFINISHED
from ..xero.records.registry import EXTRAS
from . import links, outbox

Row = dict[str, Any]
# Notes and files are no documents.
OF_DOCUMENTS = "(`kind` IS NULL OR `kind` NOT IN %(extras)s)"


def unfinished(connections: Sequence[str]) -> list[Row]:
    """`connection`, `state`, `steps` (how many) of what is not finished."""
    return _of(
        connections,
        f"SELECT `connection`, `state`, COUNT(*) AS steps FROM `tab{outbox.DOCTYPE}` "
        f"WHERE `connection` IN %(connections)s AND `state` IN %(states)s AND {OF_DOCUMENTS} GROUP BY `connection`, `state`",
        states=UNFINISHED,
    )


def awaiting_approval(connections: Sequence[str]) -> list[Row]:
    """`connection`, `steps`: what waits until a person approves a record in Xero; it is Pending."""
    return _of(
        connections,
        f"SELECT `connection`, COUNT(*) AS steps FROM `tab{outbox.DOCTYPE}` "
        "WHERE `awaits`>'' AND `state`='Pending' AND `connection` IN %(connections)s GROUP BY `connection`",
    )


def held(connections: Sequence[str]) -> list[Row]:
    """`connection`, `reason_code`, `steps`, `example` (one step's name) of what is held."""
    return _of(
        connections,
        f"SELECT `connection`, `reason_code`, COUNT(*) AS steps, MAX(`name`) AS example FROM `tab{outbox.DOCTYPE}` "
        f"WHERE `connection` IN %(connections)s AND `state`=%(held)s AND {OF_DOCUMENTS} GROUP BY `connection`, `reason_code`",
        held=HELD,
    )


def left_out(connections: Sequence[str], since: str) -> list[Row]:
    """`connection`, `reason_code`, `steps`, `example` of what was captured since that day (yyyy-mm-dd) and is not sent."""
    return _of(
        connections,
        f"SELECT `connection`, `reason_code`, COUNT(*) AS steps, MAX(`name`) AS example FROM `tab{outbox.DOCTYPE}` "
        f"WHERE `connection` IN %(connections)s AND `state`=%(skipped)s AND `creation`>=%(since)s AND {OF_DOCUMENTS} "
        "GROUP BY `connection`, `reason_code`",
        skipped=SKIPPED,
        since=since,
    )


def arrived(connections: Sequence[str], doctypes: Sequence[str], since: str) -> int:
    """How many documents of these DocTypes got a record in Xero since that day (yyyy-mm-dd) that stands there."""
    rows = _of(
        connections,
        f"SELECT `reference_doctype`, COUNT(DISTINCT `reference_name`) AS documents FROM `tab{links.DOCTYPE}` "
        "WHERE `connection` IN %(connections)s AND `creation`>=%(since)s AND `reference_doctype` IN %(doctypes)s "
        "AND (`remote_status` IS NULL OR `remote_status` NOT IN %(ended)s) GROUP BY `reference_doctype`",
        doctypes=tuple(doctypes),
        since=since,
        ended=ENDED,
    )
    return sum(int(row["documents"]) for row in rows)


def _of(connections: Sequence[str], query: str, **values: Any) -> list[Row]:
    if not connections:
        return []
    return list(frappe.db.sql(query, {"connections": tuple(connections), "extras": EXTRAS, **values}, as_dict=True))
