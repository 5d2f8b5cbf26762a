"""What a person has said shall not go to Xero, and why (Skip, under To fix). Nothing of it is sent until somebody presses Retry on it."""

from __future__ import annotations

from ..accounting.causes import document
from ..accounting.problems import Problem
from ..accounting.texts import NONE, _
from .step import SKIPPED

BY_A_PERSON = "skipped-by-person"


def is_skipped(state: str, reason_code: str) -> bool:
    """Whether a person has said of a step that it shall not go to Xero."""
    return state == SKIPPED and reason_code == BY_A_PERSON


def skipped(user: str, why: str) -> Problem:
    """Why nothing is sent: a person has said so, and has given a reason."""
    return Problem(BY_A_PERSON, _("{user} decided that it does not go to Xero: {reason}").format(user=user, reason=why), NONE)


def settles(doctype: str, name: str) -> Problem:
    """Held: what it settles does not go to Xero."""
    return Problem(
        "settles-skipped",
        _("It settles {name}, which a person decided not to send to Xero").format(name=name),
        _("Skip this too, or enter it in Xero by hand and press Done by Hand; to send both, press Retry on {name}").format(name=name),
        held=True,
        causes=(document(doctype, name),),
    )
