"""The states of a step (one row of the outbox) and every allowed move between them.

No other list of moves exists. `engine.outbox.move` applies this one to rows; nothing else writes a step's state, which a test checks.
"""

from __future__ import annotations

from ..documents.role import TAKES_BACK
from ..documents.step import (
    ATTENTION,
    FINISHED,
    HELD,
    IN_FLIGHT,
    MARKS,
    PENDING,
    SENDING,
    SKIPPED,
    SUPERSEDED,
    SYNCED,
    UNFINISHED,
    UNKNOWN,
    UNSENT,
)

__all__ = [
    "ATTENTION",
    "FINISHED",
    "HELD",
    "IN_FLIGHT",
    "MARKS",
    "PENDING",
    "SENDING",
    "SKIPPED",
    "SUPERSEDED",
    "SYNCED",
    "UNFINISHED",
    "UNKNOWN",
    "UNSENT",
]
__all__ += ["ForbiddenMove", "MOVES", "STATES", "TAKES_BACK", "after"]
STATES = (PENDING, HELD, SENDING, SYNCED, UNKNOWN, ATTENTION, SKIPPED, SUPERSEDED)

MOVES: dict[str, dict[str, str]] = {
    PENDING: {
        "claim": SENDING,
        "hold": HELD,
        "problem": ATTENTION,
        "supersede": SUPERSEDED,
        "doubled": ATTENTION,
        # Dated before the go-live date, which was moved after the document was captured; or a note or file that Xero would not take.
        "skip": SKIPPED,
        # Found to be done already: a contact that Xero has, a void of something that never was in Xero.
        "recorded": SYNCED,
    },
    SENDING: {
        "recorded": SYNCED,
        "refused": ATTENTION,
        "hold": HELD,
        # Xero has certainly written nothing: never sent, or answered with 429 (too many requests).
        "release": PENDING,
        # Sent, and no answer that says what happened.
        "unclear": UNKNOWN,
        # Only a note or a file, which are no part of the books.
        "skip": SKIPPED,
    },
    UNKNOWN: {"recorded": SYNCED, "refused": ATTENTION, "hold": HELD, "absent": PENDING, "release": PENDING, "skip": SKIPPED},
    # "leave out": a person says that it shall not be in Xero (attention/removed.py).
    HELD: {"release": PENDING, "supersede": SUPERSEDED, "problem": ATTENTION, "doubled": ATTENTION, "leave out": SKIPPED},
    ATTENTION: {"retry": PENDING, "supersede": SUPERSEDED, "recorded": SYNCED, "leave out": SKIPPED},
    # "doubled": Xero has a second record of it besides the linked one, whatever became of the step (engine/duplicates).
    SKIPPED: {"retry": PENDING, "supersede": SUPERSEDED, "doubled": ATTENTION},
    # "differs": Xero has an approved record otherwise than it was sent; "raise": somebody has voided, deleted or changed it there; "retry": what
    # is in Xero with a warning is compared again; "undone": an undo that a person has started has taken it back (engine/undo_work).
    SYNCED: {"doubled": ATTENTION, "differs": ATTENTION, "raise": ATTENTION, "retry": PENDING, "undone": SKIPPED},
    SUPERSEDED: {"doubled": ATTENTION},
}


class ForbiddenMove(Exception):
    """A move was asked for that MOVES does not have; the row is left as it is."""


def after(state: str, event: str) -> str:
    """The state that `event` leads to from `state`. Raises ForbiddenMove."""
    try:
        return MOVES[state][event]
    except KeyError:
        raise ForbiddenMove(f"A step that is {state} cannot take the move '{event}'") from None
