"""How many documents are where, for the home page: each figure is one statement for all connections that a user may see.

The outbox keeps every step that ever was, most of them Synced, and these are never counted. A document is counted once, however many steps it has. Of what
is not finished, and of what was left out this month, rows are found by the index of connection, state, kind and day; what came to Xero today is counted by
the links of the day, which have an index of their own, and what waits for an approval by the index of `awaits`. What waits for a person is counted by
its causes (engine/stuck.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ..documents.step import ATTENTION, ENDED, IN_FLIGHT, PENDING, SKIPPED
from ..xero.records.registry import EXTRAS
from . import links, outbox

Row = dict[str, Any]
# Notes and files are no documents.
OF_DOCUMENTS = "(`kind` IS NULL OR `kind` NOT IN %(extras)s)"


def on_their_way(connections: Sequence[str]) -> list[Row]:
    """`connection`, `documents`: what is on its way to Xero, and waits for nobody."""
    return _documents(connections, f"`state` IN %(states)s AND COALESCE(`awaits`, '')='' AND {OF_DOCUMENTS}", states=(PENDING, *IN_FLIGHT))


def awaiting_approval(connections: Sequence[str]) -> list[Row]:
    """`connection`, `documents`: what waits until a person approves a record in Xero; it is Pending."""
    return _documents(connections, f"`awaits`>'' AND `state`=%(pending)s AND {OF_DOCUMENTS}", pending=PENDING)


def wrong(connections: Sequence[str]) -> list[Row]:
    """`connection`, `steps`: with how many steps there is something wrong."""
    return _of(
        connections,
        f"SELECT `connection`, COUNT(*) AS steps FROM `tab{outbox.DOCTYPE}` "
        f"WHERE `connection` IN %(connections)s AND `state`=%(attention)s AND {OF_DOCUMENTS} GROUP BY `connection`",
        attention=ATTENTION,
    )


def left_out(connections: Sequence[str], since: str) -> list[Row]:
    """`reason_code`, `documents`, `example` (one step's name) of what was left out since that day (yyyy-mm-dd, the site's). What only was to be
    taken back is not left out by not taking it back."""
    return _of(
        connections,
        f"""
        SELECT step.`reason_code` AS reason_code, COUNT(*) AS documents, MAX(step.`name`) AS example FROM (
            SELECT MIN(`name`) AS `name` FROM `tab{outbox.DOCTYPE}`
            WHERE `connection` IN %(connections)s AND `state`=%(skipped)s AND `left_out_on`>=%(since)s AND {OF_DOCUMENTS}
                AND `role` NOT LIKE 'void%%' AND `role` NOT LIKE 'undo%%'
            GROUP BY `connection`, `reference_doctype`, `reference_name`
        ) each_document
        JOIN `tab{outbox.DOCTYPE}` step ON step.`name`=each_document.`name` GROUP BY step.`reason_code`
        """,
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


def _documents(connections: Sequence[str], where: str, **values: Any) -> list[Row]:
    """`connection`, `documents`: of how many documents there is a step of this kind."""
    return _of(
        connections,
        f"SELECT `connection`, COUNT(*) AS documents FROM (SELECT DISTINCT `connection`, `reference_doctype`, `reference_name` "
        f"FROM `tab{outbox.DOCTYPE}` WHERE `connection` IN %(connections)s AND {where}) each_document GROUP BY `connection`",
        **values,
    )


def _of(connections: Sequence[str], query: str, **values: Any) -> list[Row]:
    if not connections:
        return []
    return list(frappe.db.sql(query, {"connections": tuple(connections), "extras": EXTRAS, **values}, as_dict=True))
