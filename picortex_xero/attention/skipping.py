"""Skip: a person says that a document shall not go to Xero, and why. Retry takes that back."""

from __future__ import annotations

import frappe

from ..documents import skipped
from ..documents.identity import Identity
from ..engine import causes, full_names, log, outbox
from ..engine.outbox import Row
from ..engine.wake import wake
from . import by_hand


def possible(connection: str, who: Identity, steps: list[Row]) -> bool:
    """Whether something of the document waits for a person that would make a record in Xero."""
    return bool(_stopped(connection, who, steps))


def skip(connection: str, who: Identity, why: str) -> int:
    """Skip what waits for a person, with all other parts of the document that are not in Xero; returns how many steps. What is to be taken back from
    Xero is no choice of this kind. Part of the caller's transaction."""
    steps = outbox.steps_of(connection, who)
    stopped = _stopped(connection, who, steps)
    if stopped:
        stopped += by_hand.not_sent_yet(connection, who, steps)
    said = skipped.skipped(full_names.mine(), why)
    closed = [each for each in stopped if by_hand.close(each, said)]
    for each in closed:
        log.write(connection, each["company"], who, "Chosen", said.message)
    if closed:
        frappe.db.after_commit.add(lambda: wake(connection))
    return len(closed)


def _stopped(connection: str, who: Identity, steps: list[Row]) -> list[Row]:
    found = [each for each in steps if each["state"] in causes.WAITING and not each["kept_by"]]
    return [each for each in found if by_hand.makes(each) and not by_hand.is_linked(connection, who, each)]
