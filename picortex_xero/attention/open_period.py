"""Crediting in the open period what was cancelled after its period was locked in Xero: where it is offered, and a person's asking for it.

What then becomes of it is decided in documents/reversal.py.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import nowdate

from ..accounting.texts import _
from ..documents.identity import Identity
from ..documents.reversal import CLOSED, NOTE
from ..documents.role import REVERSAL
from ..engine import full_names, log, outbox, protocol
from ..engine.clock import now
from ..engine.outbox import Row
from ..engine.wake import wake
from ..xero.records.registry import INVOICE, KINDS


def stopped(steps: list[Row]) -> Row | None:
    """The cancel of an invoice or bill that waits because its period is locked in Xero; None where there is none."""
    held = [each for each in steps if each["state"] == protocol.HELD and each["reason_code"] in CLOSED]
    return next((each for each in held if KINDS[each["kind"]] is INVOICE.undone_by), None)


def credit(connection: str, who: Identity) -> bool:
    """Add the step for the credit note, dated today as the site has it, and let the cancel wait for it; False where nothing waits for it.
    Part of the caller's transaction."""
    cancel = stopped(outbox.steps_of(connection, who))
    if cancel is None or not outbox.move(cancel, "release", due_at=now(), attempt=""):
        return False
    outbox.add_sibling(cancel, f"{REVERSAL}-{NOTE}", posting_date=nowdate())
    said: Any = _("{user} had it credited in the open period").format(user=full_names.mine())
    log.write(connection, cancel["company"], who, "Chosen", said)
    frappe.db.after_commit.add(lambda: wake(connection))
    return True
