"""What of imports of history, and of what an undo takes back, goes in a round: only where nothing of live traffic can, and calls are left for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import frappe

from ..xero.records.base import BATCH_LIMIT
from . import history, history_budget, history_steps, limits, outbox
from .clock import now
from .planned_step import PlannedStep
from .round_batches import BATCHES, Batch, by_and_by, fullest

# Steps that are looked at for a round, and notes and files.
CANDIDATES, EXTRAS = 400, 20
# So many have their facts gathered together: half of what a round sends.
AT_ONCE = BATCHES * BATCH_LIMIT // 2
Ready = Callable[[list[outbox.Row]], list[PlannedStep]]


def of_live(connection: str, limit: int) -> list[outbox.Row]:
    """The due steps of live traffic, and those of imports that it waits for."""
    wanted = history_steps.wanted_by_live(connection, now(), history.standing(connection))
    return [*outbox.due(connection, now(), limit), *wanted]


def batches(connection: str, ready: Ready) -> list[Batch]:
    """While calls are left for them the fullest requests of what is taken back by an undo, else of what imports bring, none of it claimed yet; of imports such as are
    not full only where nothing will fill them. Then their notes and files. `ready` gives those of some steps that can go. Part of the caller's transaction."""
    back, runs = outbox.due(connection, now(), CANDIDATES, undo=True), history.sending(connection)
    if not (back or runs):
        return []
    history_budget.count_live(connection)
    if not history_budget.may_go(connection):
        return []
    if made := fullest(_enough(by_and_by(back), ready), True):
        return made
    found: list[PlannedStep] = []
    seen: set[str] = set()
    # Twice: deciding about an invoice may have added the step of its contact, which can go at once.
    for _again in range(2):
        rows = [row for row in outbox.due(connection, now(), CANDIDATES, history=runs) if row["name"] not in seen]
        seen |= {row["name"] for row in rows}
        found = _enough((rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)), ready, found)
    part = history.sends_part(connection)
    made = fullest(found, part)
    if not made and part and limits.to_spare(connection):
        made = fullest(ready(outbox.due(connection, now(), EXTRAS, extra=True, history=runs)), part)
    return made


def _enough(parts: Iterable[list[outbox.Row]], ready: Ready, found: Sequence[PlannedStep] = ()) -> list[PlannedStep]:
    """What of these steps can go, besides what was found, up to the part with which four requests are full: the others are decided when their turn comes, by what Xero
    has then."""
    made = list(found)
    for rows in parts:
        if len(fullest(made, False)) == BATCHES:
            break
        made += ready(rows)
    return made


def all_below(rows: Iterable[outbox.Row]) -> bool:
    """Whether none of these steps is live traffic: imports bring them, or undos take something back with them that nobody wants at once. What live traffic takes along
    is live traffic's."""
    others = [row for row in rows if not row["history_run"]]
    undos = {row["undo_run"] for row in others if row["undo_run"] and row["role"].startswith("undo-")}
    if any(row["undo_run"] not in undos or not row["role"].startswith("undo-") for row in others):
        return False
    return not undos or not frappe.db.exists("Xero Undo Run", {"name": ("in", sorted(undos)), "at_once": 1})


def count_live(connection: str) -> None:
    """Where imports or undos have something to send, count what live traffic takes, if that is due: who asks then what is left for them does not count it once more
    with each question. Part of the caller's transaction."""
    if outbox.due(connection, now(), 1, undo=True) or history.sending(connection):
        history_budget.count_live(connection)


def is_due(connection: str) -> bool:
    """Whether a step of an import or an undo can go now. What waits until its request is full is no work yet."""
    if history_steps.wanted_by_live(connection, now(), history.standing(connection)):
        return True
    back, runs = outbox.due(connection, now(), 1, undo=True), history.sending(connection)
    if not (back or runs) or not history_budget.may_go(connection):
        return False
    if back:
        return True
    if not history.sends_part(connection):
        return False
    return bool(outbox.due(connection, now(), 1, history=runs) or outbox.due(connection, now(), 1, extra=True, history=runs))
