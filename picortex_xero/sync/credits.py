"""Taking credit off an invoice where no room decides that yet: a journal that uses a return, and what an invoice writes off. What is decided is
settlement/allocation's already.
"""

from __future__ import annotations

from ..documents.base import Plan
from ..documents.decisions import Send
from ..documents.facts import load
from ..documents.journal_entry.rows import Journal
from ..documents.needs import Facts
from ..documents.settlement.allocation import Side, credit_taken, needs_of_allocation, take_off
from ..documents.step import step
from ..documents.translation import Translation
from ..engine.apply import apply
from ..engine.context import Context
from ..engine.facts import LOADERS, WAVES
from ..engine.lease import Lease
from ..engine.looking import look
from ..engine.outbox import Row
from .work import Work, planned


def ready_applied_by_journal(context: Context, row: Row, entry: Journal) -> Work | None:
    """A journal that takes a return off an invoice, as Payment Reconciliation makes them: one allocation, never a manual journal."""
    taken, used = sorted(entry.legs, key=lambda leg: bool(leg.row["reference_is_return"]))
    doctype = used.row["reference_type"]
    credit, invoice = (doctype, used.row["reference_name"]), (doctype, taken.row["reference_name"])
    facts = Facts()
    for _ in range(WAVES):
        load(context.books, needs_of_allocation(step(row), credit, invoice, facts), facts, LOADERS)
    decided = take_off(step(row), entry.doc, credit, invoice, abs(taken.own), facts)
    if isinstance(decided, Plan):
        return planned(row, decided)
    apply(row, decided)
    return None


def look_allocation(context: Context, lease: Lease, batch: list[Work]) -> list[tuple[Work, Translation]]:
    """Read both sides, then allocate what is written off."""
    work = batch[0]
    applied, invoice = work.applied, work.targets[0]
    assert applied is not None
    endpoint, _, xero_id = applied.parent.partition("/")
    credit = Side(applied.credit, (endpoint, xero_id))
    plan = credit_taken(step(work.row), work.doc, credit, Side(invoice["name"], ("Invoices", invoice["xero_id"])), applied.amount)
    decision = plan.decide(look(context, lease, [plan]))
    apply(work.row, decision)
    if not isinstance(decision.outcome, Send):
        return []
    work.remaining = decision.outcome.remaining
    return [(work, decision.outcome.translation)]
