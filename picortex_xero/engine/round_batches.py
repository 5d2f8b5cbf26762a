"""Which steps go in one request, and which requests of those that could be made: pure on claimed steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..xero.records.base import BATCH_LIMIT

if TYPE_CHECKING:
    # At runtime it would bring the host along.
    from .planned_step import PlannedStep

# Requests of one round.
BATCHES = 4
# So many steps have their facts gathered together: as many as can be sent at once; and so few first.
ROUND, FEW = BATCHES * BATCH_LIMIT, 4 * BATCHES
Batch = list["PlannedStep"]


def by_and_by(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """A few steps first: where each is a request by itself, as the removal of a payment is, these fill the round, and no facts are gathered of the others."""
    ends = [0, FEW, ROUND, *range(2 * ROUND, len(rows) + ROUND, ROUND)]
    return (rows[begin:end] for begin, end in pairwise(ends) if rows[begin:end])


def fits(batch: Batch, step: PlannedStep) -> bool:
    """Whether a step may go in the same request as those of a batch."""
    if not batch or batch[0].kind is not step.kind:
        return not batch
    if (batch[0].row["request_group"] or "") != (step.row["request_group"] or ""):
        # Xero answered these with an internal error: no other step goes with them.
        return False
    return len(batch) < _limit((*batch, step))


def is_full(batch: Batch) -> bool:
    """Whether no further step has room in it."""
    return len(batch) >= _limit(batch)


def _limit(batch: Iterable[PlannedStep]) -> int:
    limits = [1 if each.kind.alone else int(each.row["batch_limit"] or 0) or BATCH_LIMIT for each in batch]
    return min(limits, default=BATCH_LIMIT)


def fullest(steps: list[PlannedStep], part: bool) -> list[Batch]:
    """Of the requests that these steps would make, up to four: full ones, and with `part` the fullest of the others where there are fewer. No two have a
    document or record in common."""
    made: list[Batch] = []
    for step in steps:
        batch = next((batch for batch in made if fits(batch, step) and _apart(batch, step)), None)
        if batch is None:
            made.append(batch := [])
        batch.append(step)
    made.sort(key=lambda batch: (not is_full(batch), -len(batch)))
    found: list[Batch] = []
    taken: set[str] = set()
    for batch in made:
        if len(found) == BATCHES or not (part or is_full(batch)):
            break
        chains = {each for step in batch for each in step.chain}
        if not chains & taken:
            found.append(batch)
            taken |= chains
    return found


def _apart(batch: Batch, step: PlannedStep) -> bool:
    return all(not each.chain & step.chain for each in batch)
