"""How many steps of an import wait in the queue at once: few enough that the queue stays short, enough that requests go out full."""

from __future__ import annotations

from dataclasses import dataclass

from ...xero.records.base import BATCH_LIMIT

# Steps that could go at once: several kinds of them fill their requests.
READY = 12 * BATCH_LIMIT
# Steps that wait for one of those, as invoices do for a contact that Xero lacks.
WAITING = 2 * READY


@dataclass(frozen=True)
class Pool:
    """How many steps of an import could go now (`ready`), and wait for another one that is on its way (`waiting`). `over`: it comes to no further
    documents."""

    ready: int
    waiting: int
    over: bool = False

    @property
    def room(self) -> int:
        """How many documents may be added now. Where nothing is ready there is always room: what waits may wait for a person."""
        return 0 if self.is_full else READY - self.ready

    @property
    def is_full(self) -> bool:
        """Whether none is added now."""
        return self.ready >= READY or (self.waiting >= WAITING and self.ready > 0)

    @property
    def sends_part(self) -> bool:
        """Whether requests go that are not full: no more of their kind will come for now."""
        return self.over or self.is_full
