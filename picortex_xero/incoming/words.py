"""Why something that was entered in Xero waits for a person, where several kinds of it say the same."""

from __future__ import annotations

from decimal import Decimal

from ..accounting.problems import Problem
from ..accounting.texts import _, amount, joined
from .known import Bank, Moved, Target

MOVED = "moved-in-xero"


def moved_in_xero(moved: tuple[Moved, ...], targets: list[Target]) -> Problem:
    """Held: a payment was removed in Xero, and one of the same amount, day and bank account was entered on another document."""
    names, pays = joined(", ", [each.name for each in moved]), joined(", ", [name for each in moved for name in each.pays])
    return Problem(
        MOVED,
        _("{names} pays {pays} here; in Xero that payment was removed, and one of the same amount was entered on {others}").format(
            names=names, pays=pays, others=joined(", ", [each.name for each in targets])
        ),
        _(
            "Where it was moved: cancel {names} (Move Here does it), and the payment is entered on {others} by itself. Where both are different money: press Enter Here, and see what became of {names}"
        ).format(names=names, others=joined(", ", [each.name for each in targets])),
        held=True,
    )


def to_be_entered_here(bank: Bank, paid: Decimal, currency: str) -> Problem:
    """Held: payments of this account are entered here, as the company has declared, and somebody has entered one in Xero."""
    return Problem(
        "to-be-entered-here",
        _("{amount} {currency} were entered in Xero on {account}, whose payments are entered here").format(
            amount=amount(f"{paid:.2f}"), currency=currency, account=bank.account
        ),
        _(
            "Enter the payment here, and press Retry: both are one. Or press Enter Here; or choose under Bank and payment accounts that payments of {account} are entered in both"
        ).format(account=bank.account),
        held=True,
    )
