"""The whole protocol of a step: its states and every allowed move between them.

This table is the only authority over states. `sync.outbox.move` applies it to rows; nothing else writes a state (a test says so).
"""

from __future__ import annotations

from ..documents.step import (
    ATTENTION,
    FINISHED,
    HELD,
    IN_FLIGHT,
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
# Roles of steps that take something back: "void" and "void-..." of a cancelled document, "undo-..." of single records of a live one.
TAKES_BACK = ("void", "undo")

MOVES: dict[str, dict[str, str]] = {
    PENDING: {
        "claim": SENDING,
        "hold": HELD,
        "problem": ATTENTION,
        "supersede": SUPERSEDED,
        "doubled": ATTENTION,
        # Dated before the go-live date, which was moved after the document was captured; or a note or file that Xero would not take.
        "skip": SKIPPED,
        # A prerequisite was found done already: a contact that exists, a void of what never was.
        "recorded": SYNCED,
    },
    SENDING: {
        "recorded": SYNCED,
        "refused": ATTENTION,
        "hold": HELD,
        # Certain that nothing was written: never sent, or a 429.
        "release": PENDING,
        # Sent, and no answer that says what happened.
        "unclear": UNKNOWN,
        # Only what is no part of the books, a note or a file.
        "skip": SKIPPED,
    },
    UNKNOWN: {"recorded": SYNCED, "refused": ATTENTION, "hold": HELD, "absent": PENDING, "release": PENDING, "skip": SKIPPED},
    HELD: {"release": PENDING, "supersede": SUPERSEDED, "problem": ATTENTION, "doubled": ATTENTION},
    ATTENTION: {"retry": PENDING, "supersede": SUPERSEDED, "recorded": SYNCED},
    # "doubled": the search has found a record of it in Xero beside the one that is known, whatever became of the step.
    SKIPPED: {"retry": PENDING, "supersede": SUPERSEDED, "doubled": ATTENTION},
    SYNCED: {"doubled": ATTENTION},
    SUPERSEDED: {"doubled": ATTENTION},
}


class ForbiddenMove(Exception):
    """Somebody asked for a move that the table does not know; the row is left alone."""


def after(state: str, event: str) -> str:
    """The state that `event` leads to from `state`. Raises ForbiddenMove."""
    try:
        return MOVES[state][event]
    except KeyError:
        raise ForbiddenMove(f"A step that is {state} cannot take the move '{event}'") from None
