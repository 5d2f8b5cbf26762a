"""What of imports of history goes in a round: only where nothing of live traffic can, and calls are left for it."""

from __future__ import annotations

from collections.abc import Callable

from ..xero.records.base import BATCH_LIMIT
from . import history, history_budget, history_steps, limits, outbox
from .clock import now
from .planned_step import PlannedStep
from .round_batches import BATCHES, Batch, fullest

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
    """The fullest requests of what imports bring, none of it claimed yet, while calls are left for imports; such as are not full only where nothing will fill
    them. Then their notes and files. `ready` gives those of some steps that can go. Part of the caller's transaction."""
    runs = history.sending(connection)
    if not runs:
        return []
    history_budget.count_live(connection)
    if not history_budget.may_go(connection):
        return []
    found: list[PlannedStep] = []
    seen: set[str] = set()
    # Twice: deciding about an invoice may have added the step of its contact, which can go at once.
    for _again in range(2):
        rows = [row for row in outbox.due(connection, now(), CANDIDATES, history=runs) if row["name"] not in seen]
        seen |= {row["name"] for row in rows}
        for at in range(0, len(rows), AT_ONCE):
            if len(fullest(found, False)) == BATCHES:
                # What this round sends is known: the others are decided when their turn comes, by what Xero has then.
                return fullest(found, False)
            found += ready(rows[at : at + AT_ONCE])
    part = history.sends_part(connection)
    made = fullest(found, part)
    if not made and part and limits.to_spare(connection):
        made = fullest(ready(outbox.due(connection, now(), EXTRAS, extra=True, history=runs)), part)
    return made


def is_due(connection: str) -> bool:
    """Whether a step of an import can go now. What waits until its request is full is no work yet."""
    if history_steps.wanted_by_live(connection, now(), history.standing(connection)):
        return True
    runs = history.sending(connection)
    if not runs or not history_budget.may_go(connection) or not history.sends_part(connection):
        return False
    return bool(outbox.due(connection, now(), 1, history=runs) or outbox.due(connection, now(), 1, extra=True, history=runs))
