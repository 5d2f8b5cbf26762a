"""What is said where a record of ours was voided, deleted or changed in Xero by a person, and the codes of that.

A document whose record is gone is entered again only by a person (send_again.py), or left out by one.
"""

from __future__ import annotations

from ..accounting.problems import Problem
from ..accounting.terms import inside
from ..accounting.texts import NONE, Text, _, day, joined

GONE_FROM_XERO, NOT_IN_XERO, LEFT_OUT = "gone-from-xero", "not-in-xero", "left-out"
# It was taken back by an undo that a person has started (undoing.py).
UNDONE = "undone-in-xero"
# It was to be taken back by an undo, and a person has let it stay.
LET_STAY = "let-stay-in-xero"
# What a person wants not to be in Xero: never sent again by itself.
OUT = (LEFT_OUT, UNDONE)
# Its record is another one than was sent; RECODED: only in accounts, tax types or tracking of lines, while all amounts are as sent.
EDITED, RECODED = "edited-in-xero", "recoded-in-xero"
# Its total in Xero was another one than here when it was sent.
OTHER_TOTAL = "total-in-xero-differs"
# Its tax, or its lines.
OTHER_TAX, OTHER_LINES = "tax-in-xero-differs", "lines-in-xero-differ"
# What a person may accept: another coding, and what was put right in Xero in another way than by changing the record.
ACCEPTABLE = (RECODED, OTHER_TAX, OTHER_LINES, OTHER_TOTAL)
# What it settles is gone, or was left out.
TARGET_GONE = ("invoice-gone", "credit-gone", "settles-left-out")
# The codes of steps whose record is gone.
REMOVED = (GONE_FROM_XERO, NOT_IN_XERO)
# What happened to a record, as it is listed under Changed in Xero. The values are stored and stay.
VOIDED_THERE, DELETED_THERE = "Voided", "Deleted"
CHANGED_THERE, DETAILS_THERE, ON_BOTH_SIDES = "Changed", "Details Changed", "On Both Sides"
GONE_THERE = (VOIDED_THERE, DELETED_THERE)


def gone_from_xero(name: str, status: str = "") -> Problem:
    """It was in Xero, and was voided or deleted there by somebody (`status`, where that is known)."""
    if not status:
        what = _("{name} was voided or deleted in Xero").format(name=name)
    else:
        what = _("{name} was {status} in Xero").format(name=name, status=inside(status))
    return Problem(
        GONE_FROM_XERO,
        what,
        _("See who removed it there. Then press Send again to enter it anew in Xero, or Leave it out; or cancel it here"),
    )


def not_in_xero(name: str) -> Problem:
    """It was in Xero, and Xero says that it has no such record (404)."""
    return Problem(
        NOT_IN_XERO,
        _("Xero no longer shows {name}").format(name=name),
        _("Look for it in Xero. If it was removed there, press Send again to enter it anew, or Leave it out; or cancel it here"),
    )


def edited(name: str, found: list[Text], only_coding: bool) -> Problem:
    """Its record was changed in Xero by somebody. `only_coding`: see RECODED."""
    cure = (
        _("Where Xero is right, press Accept; else change it back in Xero, then press Retry")
        if only_coding
        else _(
            "Change it back in Xero (what was paid or credited of it there has to be removed first), then press Retry; where Xero is right, cancel it here, remove it in Xero, and amend it"
        )
    )
    return Problem(
        RECODED if only_coding else EDITED, _("{name} was changed in Xero: {found}").format(name=name, found=joined("; ", found)), cure
    )


def left_out(user: str, reason: str) -> Problem:
    """A person has decided that it shall not be in Xero."""
    return Problem(LEFT_OUT, _("{user} left it out of Xero ({reason})").format(user=user, reason=reason), NONE)


def undone(user: str, on: str) -> Problem:
    """It was in Xero, or on its way there, and an undo that `user` started on a day (yyyy-mm-dd) has taken it back."""
    return Problem(UNDONE, _("{user} had it undone in Xero on {date}").format(user=user, date=day(on)), NONE)


def let_stay(user: str) -> Problem:
    """It was to be taken back by an undo, and `user` has let it stay in Xero."""
    return Problem(LET_STAY, _("{user} lets it stay in Xero").format(user=user), NONE)


def settles_left_out(name: str) -> Problem:
    """Held: what it settles was left out of Xero by a person."""
    return Problem(
        "settles-left-out",
        _("It settles {name}, which a person left out of Xero").format(name=name),
        _("Press Leave it out where this shall not be in Xero either; else press Send again on what it settles"),
        held=True,
    )
