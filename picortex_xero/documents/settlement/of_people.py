"""A payment that somebody has entered in Xero, and that says something else here than there: a program changes nothing of what people have entered."""

from __future__ import annotations

from ...accounting.problems import Problem
from ...accounting.texts import _

CODE = "other-than-entered-there"


def says_otherwise(name: str) -> Problem:
    """Held: the payment was changed here, by Payment Reconciliation for one, after it was the same as in Xero."""
    return Problem(
        CODE,
        _("{name} was entered in Xero by somebody, and was changed here since: it settles something else than in Xero").format(name=name),
        _(
            "Where it is right here: remove the payment in Xero, and enter it there on what {name} settles; it is linked by itself. Where Xero is right: match {name} with that again here, and press Retry"
        ).format(name=name),
        held=True,
    )
