"""Steps of the outbox that belong to imports of history: plain reads without locks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import frappe

from ..documents.identity import Identity
from ..documents.role import role
from . import causes, outbox
from .protocol import PENDING, UNFINISHED

DOCTYPE = outbox.DOCTYPE
MOST_WANTED = 400


def history_of(connection: str, who: Identity) -> str:
    """The import of history that brings this document; "" for live traffic."""
    return next((str(row["history_run"]) for row in outbox.steps_of(connection, who) if row["history_run"]), "")


def wanted_by_live(connection: str, at: datetime, paused: tuple[str, ...]) -> list[outbox.Row]:
    """Steps of imports of history, and of what an undo takes back, that live traffic waits for, a few hundred at most: these go with it. Of a `paused` import only contacts do. A plain
    read without locks."""
    # Only where a step of an import is waited for: any number of live steps may wait for something that waits for a person. Contacts are few, and much waits for each.
    waiting = (
        f"SELECT l.`blocked_on` FROM `tab{DOCTYPE}` AS l INNER JOIN `tab{DOCTYPE}` AS b ON b.`name`=l.`blocked_on` "
        "WHERE l.`connection`=%(connection)s AND l.`state`='Pending' AND l.`blocked_on`<>'' AND COALESCE(l.`history_run`, '')='' "
        "AND NOT (COALESCE(l.`undo_run`, '')<>'' AND SUBSTR(l.`role`, 1, 5)='undo-') "
        "AND b.`state`='Pending' AND (b.`history_run`<>'' OR (b.`undo_run`<>'' AND SUBSTR(b.`role`, 1, 5)='undo-')) GROUP BY l.`blocked_on` "
        f"ORDER BY MIN(CASE WHEN b.`role`='contact' THEN 0 ELSE 1 END), MIN(b.`due_at`), l.`blocked_on` LIMIT {MOST_WANTED}"
    )
    names = [row[0] for row in frappe.db.sql(waiting, {"connection": connection})]
    found: list[outbox.Row] = []
    seen: set[str] = set()
    while names := [name for name in dict.fromkeys(names) if name not in seen]:
        seen |= set(names)
        rows = [row for row in outbox.named(names) if (row["history_run"] or row["undo_run"]) and row["state"] == PENDING]
        # What it waits for itself, such as the contact of an invoice.
        names = [row["blocked_on"] for row in rows if row["blocked_on"]]
        rows = [row for row in rows if row["history_run"] not in paused or role(row["role"]).of_party]
        found += [row for row in rows if not row["blocked_on"] and row["due_at"] <= at]
    return found


def pool(history: str) -> tuple[int, int]:
    """How many Pending steps of an import could go now, or later by themselves, and how many wait for another step that is on its way."""
    on_its_way = tuple(state for state in UNFINISHED if state not in causes.WAITING)
    found = frappe.db.sql(
        "SELECT SUM(CASE WHEN COALESCE(s.`blocked_on`, '')='' AND COALESCE(s.`awaits`, '')='' THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN b.`state` IN %(states)s THEN 1 ELSE 0 END) "
        f"FROM `tab{DOCTYPE}` AS s LEFT JOIN `tab{DOCTYPE}` AS b ON b.`name`=s.`blocked_on` WHERE s.`history_run`=%(history)s AND s.`state`='Pending'",
        {"history": history, "states": on_its_way},
    )
    return int(found[0][0] or 0), int(found[0][1] or 0)


def of_history(history: str, states: Sequence[str], after: str, limit: int) -> list[outbox.Row]:
    """Steps of an import in these states, page by page by name, after the name `after`."""
    rows = frappe.db.sql(
        f"SELECT {outbox.COLUMNS} FROM `tab{DOCTYPE}` WHERE `history_run`=%(history)s AND `state` IN %(states)s AND `name`>%(after)s ORDER BY `name` LIMIT {int(limit)}",
        {"history": history, "states": tuple(states), "after": after},
        as_dict=True,
    )
    return list(rows)
