"""How often a note or a file is tried before it is skipped: neither is part of the books."""

from __future__ import annotations

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents.step import Step

MOST = 5


def given_up(step: Step) -> Problem | None:
    """Why a note or file is skipped that was tried often enough; None where it is tried (again)."""
    if step.tries < MOST:
        return None
    problem = _("Xero did not take it in {most} tries; the document itself is not touched by that").format(most=MOST)
    return Problem("extra-given-up", problem, _("Press Retry, or add it in Xero by hand"))
