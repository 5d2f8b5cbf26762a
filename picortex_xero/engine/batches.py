"""What waits for its batch, and who lets documents go before: rows of the outbox that a setting or rule keeps back (documents/rules).

Every update is by primary key.
"""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.texts import Text, _
from ..documents.rules.words import BATCH
from ..documents.step import PENDING
from . import full_names, log, outbox
from .clock import now
from .wake import wake

# So many rows are changed by one statement, and found at once.
AT_ONCE, MOST = 500, 100_000


def decide_anew(connection: str) -> int:
    """Settings or rules have changed: decide what waits for its batch anew. Returns how many steps. Part of the caller's transaction."""
    return _set(connection, _waiting(connection), None)


def send_now(connection: str) -> int:
    """A person wants all that waits for its batch to go now. Returns how many steps. Part of the caller's transaction."""
    count = _set(connection, _waiting(connection), now())
    if count:
        log.of_connection(connection, _("{user} sent the batch: {count} went at once").format(user=full_names.mine(), count=count))
    return count


def send_now_of(steps: list[outbox.Row]) -> int:
    """The same of these steps of one document."""
    names = [each["name"] for each in steps if waits_for_batch(each)]
    if names:
        _set(steps[0]["connection"], names, now())
        _note(steps[0], _("{user} pressed Send Now: it does not wait for its batch").format(user=full_names.mine()))
    return len(names)


def waits_for_batch(step: outbox.Row) -> bool:
    """Whether a step waits for its batch."""
    return bool(step["state"] == PENDING and step["reason_code"] == BATCH)


def _note(step: outbox.Row, said: Text) -> None:
    log.write(step["connection"], step["company"], outbox.identity(step), "Chosen", said)


def _waiting(connection: str) -> list[str]:
    filters = {"connection": connection, "state": PENDING, "reason_code": BATCH}
    return list(frappe.get_all(outbox.DOCTYPE, filters=filters, pluck="name", limit=MOST))


def _set(connection: str, names: list[str], at: Any) -> int:
    """Let these go now, or (`at` None) wait for the next batch, if any."""
    outbox.let_go(names, not_before=at)
    if names:
        frappe.db.after_commit.add(lambda: wake(connection))
    return len(names)
