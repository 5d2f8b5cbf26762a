"""What keeps a document whose bank or cash account has no account in Xero that serves, or that has a line on one."""

from __future__ import annotations

from . import causes
from .problems import Problem
from .texts import _

UNKNOWN = "?"  # The currency of a Xero account that is not in the organisation's lists as last read; it equals no other.
TO_A_BANK = _("Map {account} to a {currency} bank account under Bank and payment accounts in Mapping")


def other_currency(host_account: str, own: str, theirs: str) -> Problem:
    """It is mapped to an account in another currency."""
    return Problem(
        "payment-account-currency",
        _("{account} is in {own}, the Xero account it is mapped to is in {theirs}").format(account=host_account, own=own, theirs=theirs),
        TO_A_BANK.format(account=host_account, currency=own),
        causes=(causes.payment_account(host_account),),
    )


def line_on_money(host_account: str) -> Problem:
    """A line of a document is on it."""
    return Problem(
        "line-on-bank-account",
        _("A line is on the bank or cash account {account}; in Xero no line of a document is on a bank account").format(
            account=host_account
        ),
        _(
            "Cancel and amend the document with the account on that line that says what it is for; money that moved on {account} is a Payment Entry or a Journal Entry of its own. Only where {account} is no bank account in Xero, map it under Accounts in Mapping and press Retry"
        ).format(account=host_account),
    )


def unmapped(host_account: str, own: str, default: tuple[str, str] | None) -> Problem:
    """It is in the currency `own` and not mapped, and the default account (its id and currency) is in another, or there is none."""
    account, named = host_account or _("(none)"), host_account or _("the account")
    if default is None:
        message = _("The bank or cash account {account} has no account in Xero yet").format(account=account)
        resolution = _("Map {account} under Bank and payment accounts in Mapping").format(account=named)
    elif default[1] == UNKNOWN:
        message = _(
            "The bank or cash account {account} has no account in Xero of its own, and the Default Payment Account is not among the organisation's accounts"
        ).format(account=account)
        resolution = _(
            "Map {account} to a {currency} bank account under Bank and payment accounts in Mapping; or press Refresh From Xero on the Xero Connection, and choose the Default Payment Account anew if it is gone"
        ).format(account=named, currency=own)
    else:
        message = _(
            "The bank or cash account {account} is in {own} and has no account in Xero yet: the Default Payment Account is in {currency} and serves only that"
        ).format(account=account, own=own, currency=default[1])
        resolution = TO_A_BANK.format(account=named, currency=own)
    # The default is known by its currency, which Xero's lists say.
    further = (causes.xero_account(default[0]),) if default else ()
    return Problem("payment-account-unmapped", message, resolution, causes=(causes.payment_account(host_account), *further))
