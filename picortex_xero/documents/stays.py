"""What stays in Xero although its document here is cancelled, until somebody removes it there or says that it is right (Done by Hand)."""

from __future__ import annotations

from ..accounting.problems import Problem
from ..accounting.texts import _

# What people had in Xero: a payment of it may be another one here by now (inbound/paid_here.py).
ADOPTED_STAYS = "adopted-stays"


def adopted(name: str, number: str) -> Problem:
    """The record was in Xero before its document here."""
    return Problem(
        ADOPTED_STAYS,
        _("{name} was cancelled here; {number} was in Xero before and stays there").format(name=name, number=number),
        _("If it is not owed, void {number} in Xero, then press Retry; if it is, press Done by Hand").format(number=number),
        held=True,
    )


def of_people(name: str) -> Problem:
    """People have entered the record there, and the document here was made of it or is the same."""
    return Problem(
        ADOPTED_STAYS,
        _("{name} was cancelled here; it was entered in Xero, and stays there").format(name=name),
        _("If it is wrong there too, remove it in Xero, then press Retry; if it is right there, press Done by Hand"),
        held=True,
    )


def not_taken_over(name: str) -> Problem:
    """A draft here had taken over the record, and was deleted: whether it is owed a person says."""
    return Problem(
        "not-taken-over",
        _("{name} is cancelled here, and the draft that had taken over its record in Xero was deleted: in Xero it stands").format(
            name=name
        ),
        _(
            "If it is not owed, void or delete it in Xero, and this goes on by itself; to have it here, do that first and amend {name}. If it is right as it is there, press Done by Hand"
        ).format(name=name),
        held=True,
    )
