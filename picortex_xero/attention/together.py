"""What a person decides about many documents at once: not to send them, that they were done in Xero by hand, that their money may go,
that they go although their period is closed. Each is decided as by
its own button, with its own lines in the history."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import frappe

from ..accounting.causes import Cause
from ..compat import let_pass
from ..documents.registry import SUBMITTED
from ..engine import outbox, stuck
from ..engine.wake import wake
from . import by_hand, skipping, status, to_fix

SKIP, DONE, RELEASE, LATE = "skip", "done", "release", "late"
WHAT = (SKIP, DONE, RELEASE, LATE)
# Documents that are selected one by one; those of one cause that are looked through at once.
MOST, MOST_OF_A_CAUSE = 500, 5_000
# Documents after which what was decided is kept, and seconds after which the person is told and may go on.
PAGE, SECONDS = 50, 20
# So many of those that stay as they are get named.
NAMED = 20
SAVEPOINT = "xero_one_of_many"
Named = tuple[str, str]


def of_these(decision: str, documents: Iterable[Named], reason: str = "") -> dict[str, Any]:
    """Decide about these documents, each (DocType, name): `done` (how many), `left` (names of those of which nothing of that kind waits), `waiting` (how
    many there was no time for). Commits."""
    return _each(decision, list(dict.fromkeys(documents)), reason, lambda doctype, name: True)


def of_cause(
    decision: str, connection: str, cause: tuple[str, str], code: str, reason: str = "", as_of: datetime | None = None
) -> dict[str, Any]:
    """The same of all documents that wait for one cause (its kind and key), or that waited when the person read it (`as_of`, UTC): what came after that he has not seen.
    What he may not read is left."""
    found = [row for row in stuck.steps(connection, Cause(*cause), code, 0, MOST_OF_A_CAUSE) if not as_of or row["since"] <= as_of]
    documents: dict[Named, None] = {}
    for at in range(0, len(found), MOST):
        steps = {step["name"]: step for step in outbox.named([row["step"] for row in found[at : at + MOST]])}
        for row in found[at : at + MOST]:
            if step := steps.get(row["step"]):
                documents[step["reference_doctype"], step["reference_name"]] = None
    return _each(decision, list(documents), reason, lambda doctype, name: bool(frappe.has_permission(doctype, "read", doc=name)))


def _each(decision: str, documents: list[Named], reason: str, readable: Callable[[str, str], bool]) -> dict[str, Any]:
    stop, done = time.monotonic() + SECONDS, 0
    left: list[str] = []
    for at, (doctype, name) in enumerate(documents):
        if time.monotonic() > stop:
            frappe.db.commit()
            return {"done": done, "left": left[:NAMED], "waiting": len(documents) - at}
        if doctype in SUBMITTED and readable(doctype, name) and _one(decision, doctype, name, reason):
            done += 1
        else:
            left.append(name)
        if at % PAGE == PAGE - 1:
            frappe.db.commit()
    frappe.db.commit()
    return {"done": done, "left": left[:NAMED], "waiting": 0}


def _one(decision: str, doctype: str, name: str, reason: str) -> int:
    """Decide about one document, returns how many of its steps moved; one of which that fails stays as it is, and the others go on."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        connection, who = status.of_document(doctype, name)
        if decision == SKIP:
            return skipping.skip(connection, who, reason)
        if decision == DONE:
            return by_hand.done(connection, who)
        if decision == LATE:
            return to_fix.send_late(connection, who)
        released = to_fix.release_document(connection, who)
        if released:
            frappe.db.after_commit.add(lambda: wake(connection))
        return released
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: {name} could not be decided together with others"[:140])
        return 0
