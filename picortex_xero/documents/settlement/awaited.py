"""Payments of a bank account that are entered in Xero, as the company has declared: what is entered here is not sent, and waits for the same one there."""

from __future__ import annotations

from ...accounting.mapping import ONLY_THERE
from ...accounting.problems import Problem
from ...accounting.texts import _
from ..base import Books
from .settlement import Settlement

AWAITED = "awaited-from-xero"


def awaited(settlement: Settlement, books: Books) -> Problem | None:
    """Why a payment waits whose bank account says so."""
    account = settlement.bank_side.account
    found = books.mapping.payment_accounts.get(account)
    if found is None or found.entered != ONLY_THERE:
        return None
    enter = _(
        "Enter it in Xero; it is linked with this one as soon as Xero's payments are read. Or choose for {account} under Bank and payment accounts that payments are entered here too, and it goes by itself"
    )
    choose = _(
        "Payments that are entered in Xero stay there: choose on the Xero Connection, What Comes Back From Xero, what becomes of them, and enter it in Xero. Or choose for {account} under Bank and payment accounts that payments are entered here too, and it goes by itself"
    )
    return Problem(
        AWAITED,
        _("{name} is not sent: payments of {account} are entered in Xero").format(name=settlement.name, account=account),
        (enter if books.payments_come_back else choose).format(account=account),
        held=True,
    )
