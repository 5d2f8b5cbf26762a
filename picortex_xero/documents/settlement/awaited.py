"""Payments of a bank account that are entered in Xero, as the company has declared: what is entered here is not sent, and waits for the same one there."""

from __future__ import annotations

from ...accounting.mapping import ONLY_THERE, Mapping
from ...accounting.problems import Problem
from ...accounting.texts import _
from .settlement import Settlement

AWAITED = "awaited-from-xero"


def awaited(settlement: Settlement, mapping: Mapping) -> Problem | None:
    """Why a payment waits whose bank account says so."""
    account = settlement.bank_side.account
    found = mapping.payment_accounts.get(account)
    if found is None or found.entered != ONLY_THERE:
        return None
    return Problem(
        AWAITED,
        _("{name} is not sent: payments of {account} are entered in Xero").format(name=settlement.name, account=account),
        _(
            "Enter it in Xero; it is linked with this one as soon as Xero's payments are read. Or choose for {account} under Bank and payment accounts that payments are entered here too, and press Retry"
        ).format(account=account),
        held=True,
    )
