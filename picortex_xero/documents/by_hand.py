"""What a person has entered, or taken back, in Xero by hand, and has said so (Done by Hand on the document). The app does nothing more for it:
not when what it waited for is cured, and not when its document is cancelled."""

from __future__ import annotations

from collections.abc import Iterable

from ..accounting.problems import Problem
from ..accounting.texts import NONE, Text, _
from .role import Purpose
from .step import SKIPPED, Step

BY_HAND = "done-by-hand"


def entered(steps: Iterable[Step]) -> list[Step]:
    """Those steps whose record a person has entered in Xero by hand."""
    return [each for each in steps if each.role.purpose is Purpose.CREATE and is_done(each.state, each.reason_code)]


def is_done(state: str, reason_code: str) -> bool:
    """Whether a person has said of a step that it is done by hand."""
    return state == SKIPPED and reason_code == BY_HAND


def done(user: str, reason: Text | str) -> Problem:
    """Why nothing is sent: a person has done it; `reason` is what the step waited for."""
    said = _("{user} did it in Xero by hand ({reason})") if reason else _("{user} did it in Xero by hand")
    return Problem(BY_HAND, said.format(user=user, reason=reason), NONE)


def settles(name: str, credit: str = "") -> Problem:
    """Held: what it settles has no record that the app knows. `credit`: what would be taken off it is in Xero."""
    cure = (
        _("In Xero, take {credit}, which is there already, off {name} by hand; then press Done by Hand").format(credit=credit, name=name)
        if credit
        else _("Enter it in Xero by hand too, then press Done by Hand")
    )
    return Problem("settles-by-hand", _("It settles {name}, which a person entered in Xero by hand").format(name=name), cure, held=True)


def further(name: str) -> Problem:
    """Held: a further part of a document whose other parts were entered by hand."""
    return Problem(
        "part-by-hand",
        _("{name} was entered in Xero by hand, and this belongs to it").format(name=name),
        _("Enter this in Xero by hand too, where it is not there yet, then press Done by Hand"),
        held=True,
    )


def take_back_too(name: str, part: bool) -> Problem:
    """Held: a cancelled document that a person has entered in Xero, or a `part` of it."""
    said = (
        _("A payment or another part of {name} was entered in Xero by hand, and {name} is cancelled here")
        if part
        else _("{name} was entered in Xero by hand, and is cancelled here")
    )
    return Problem(
        "cancel-by-hand",
        said.format(name=name),
        _("Void or delete it in Xero, or reverse it where its period is locked; then press Done by Hand"),
        held=True,
    )
