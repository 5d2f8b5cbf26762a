"""Records that Xero has twice, found and told: what no fence could stop.

Between the transport's last look at the clock and the operating system's send a worker may be stopped for as long as it likes. If meanwhile
somebody else sends the same document again, Xero may end up with two. That can only happen to requests whose answer was not clear at once, so
that only their kinds' lists are read, for a day after each of them (`Attempt.watch_until`).
"""

from __future__ import annotations

from typing import Any

import frappe

from ..core import echo
from ..core.problems import Problem
from . import attempts, exchange, limits, links, log, outbox
from . import context as contexts
from . import lease as leases
from .attempts import Attempt
from .context import Context
from .lease import Lease
from .members import Member, identity_of, link_role
from .tokens import NotNow, ReconnectNeeded

CODE = "twice-in-xero"


def find(connection: str) -> int:
    """Look for records that Xero has twice; returns how many documents were found to have some. Commits."""
    watched = [attempt for attempt in attempts.watched(connection) if not (attempt.kind.undo or attempt.kind.extra or attempt.kind.revises)]
    context = contexts.load(connection) if watched else None
    if context is None or not limits.may_send(connection) or not limits.to_spare(connection):
        return 0
    lease = leases.acquire(connection)
    if lease is None:
        return 0
    try:
        context.renew_token()
        return sum(_look(context, lease, attempt) for attempt in watched)
    except (exchange.Interrupted, exchange.LeaseLost, NotNow, ReconnectNeeded):
        # The next hour asks again.
        return 0
    finally:
        frappe.db.rollback()
        lease.release()


def _look(context: Context, lease: Lease, attempt: Attempt) -> int:
    elements = exchange.records_since(context, lease, attempt)
    found = 0
    for member in attempt.members:
        own = [each for each in echo.listed(attempt.kind, member, elements)[0] if echo.linked_id(each, attempt.kind.id_field)]
        who, role = identity_of(member), link_role(member)
        ids = [echo.linked_id(each, attempt.kind.id_field) for each in own]
        others = links.of_others(context.connection, attempt.endpoint, ids, who, role) if ids else set()
        free = [each for each in own if echo.linked_id(each, attempt.kind.id_field) not in others]
        if len(free) > 1:
            found += _say(context, attempt, member, free)
    frappe.db.commit()
    return found


def _say(context: Context, attempt: Attempt, member: Member, records: list[dict[str, Any]]) -> int:
    """Leave the document's step to a person, once for as long as it stands."""
    row = outbox.get(name=member["entry"])
    if not row or row["reason_code"] == CODE:
        return 0
    linked = next((link for link in links.of(context.connection, identity_of(member)) if link["xero_id"] in _ids(attempt, records)), None)
    keep = f" (not {linked['xero_number'] or linked['xero_id']}, which is linked here)" if linked and len(_ids(attempt, records)) > 1 else ""
    problem = Problem(
        CODE,
        f"Xero has {len(records)} live records of {member['docname']}: {', '.join(_ids(attempt, records))}",
        f"Void in Xero the ones that are too many{keep}, then press Retry",
    )
    if row["state"] == "Synced":
        outbox.move(row, "doubled", problem)
    else:
        outbox.note(row, reason_code=problem.code, reason=problem.message, cure=problem.cure, told=0)
    log.write(context.connection, member["company"], identity_of(member), "Twice in Xero", problem.message)
    return 1


def _ids(attempt: Attempt, records: list[dict[str, Any]]) -> list[str]:
    return [echo.linked_id(each, attempt.kind.id_field) for each in records]
