"""How often a note or a file is tried: it is no part of the books, so that nobody waits for it."""

from __future__ import annotations

from ..accounting.problems import Problem
from ..documents.step import Step

MOST = 5


def given_up(step: Step) -> Problem | None:
    """Why a note or file is skipped that was tried often enough; None where it is tried (again)."""
    if step.tries < MOST:
        return None
    problem = f"Xero did not take it in {MOST} tries; the document itself is not touched by that"
    return Problem("extra-given-up", problem, "Press Retry, or add it in Xero by hand")
