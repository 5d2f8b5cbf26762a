"""Is a cancel ready to go? What was never sent is superseded, what is in flight is waited for, what is in Xero has to be undone.

Nothing here talks to Xero.
"""

from __future__ import annotations

from typing import Any

from ..core import outbox as protocol
from ..core.documents import INVOICE_DOCTYPES, identity
from ..core.kinds import KINDS, UNDO_OF
from . import links, outbox
from .context import Context
from .outbox import Row
from .targets import waits_for_cancels
from .work import Work, sequence, supersede


def void(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """The work of a cancelled document's undo, or None after moving or postponing it. Part of the caller's transaction."""
    who = identity(doc)
    others = [step for step in outbox.steps_of(context.connection, who) if not step["role"].startswith("void")]
    for step in others:
        if step["state"] in protocol.IN_FLIGHT:
            outbox.postpone(row, blocked_on=step["name"])
            return None
        if step["state"] in protocol.UNSENT:
            supersede(step, f"{who.name} was cancelled before it was sent")
    linked = links.of(context.connection, who)
    mine_is = sequence(row["role"])
    if mine_is == 1:
        for link in linked:
            if link["sequence"] > 1:
                outbox.add(
                    context.connection,
                    context.company,
                    who,
                    f"void-{link['sequence']}",
                    generation=row["generation"],
                    posting_date=row["posting_date"],
                    amount=row["amount"],
                    currency=row["currency"],
                )
    mine = next((link for link in linked if link["sequence"] == mine_is), None)
    if mine is None:
        supersede(row, f"{who.name} was cancelled before it was sent")
        return None
    if _waits_for_payments(context, row, doc):
        return None
    made_by = {"Invoices": "invoice", "Payments": "payment", "BatchPayments": "batch-payment"}[mine["endpoint"]]
    return Work(row, doc, KINDS[UNDO_OF[made_by]], {who.digest, mine["xero_id"]}, xero_id=mine["xero_id"], linked=mine)


def _waits_for_payments(context: Context, row: Row, doc: dict[str, Any]) -> bool:
    """Xero voids no invoice that is paid: payments cancelled here, too, go first, as they do in the host."""
    return doc["doctype"] in INVOICE_DOCTYPES and waits_for_cancels(context, row, doc["doctype"], doc["name"])
