"""A document that is to go to Xero where somebody has perhaps entered it too (incoming/perhaps_here.py)."""

from __future__ import annotations

from ..accounting.problems import Problem
from ..accounting.texts import _
from .base import Books
from .step import Step

CODE = "listed-there-too"


def problem(step: Step, books: Books) -> Problem | None:
    """Held until a person has said whether it is the one in Xero; None where nothing there looks like it, or it goes all the same."""
    if (step.who.doctype, step.who.name) not in books.perhaps_there or CODE in step.late_for:
        return None
    return Problem(
        CODE,
        _("Something that looks like {name} was entered in Xero, and waits in Entered in Xero").format(name=step.who.name),
        _(
            "Open Entered in Xero: where it is this one, press It Is This One, and nothing is sent; where it is another one, press It Is Another One, and both stand"
        ),
        held=True,
    )
