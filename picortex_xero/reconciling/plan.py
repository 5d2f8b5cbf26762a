"""What has to be done so that ERPNext's books say what a reading of a bank line says: pure, without a host.

What is entered is allocated to the line. What is open is paid first, by one Payment Entry for each party and ledger account. What neither explains (a fee held back, cents, a discount) is a deduction
of that Payment Entry, or a Journal Entry where all is entered already; what is too much stays unallocated on the Payment Entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..accounting.money import ZERO
from ..accounting.texts import Text, _, amount
from ..banking.values import CENTS, DISCOUNT, FEE, OVERPAID, Part, Proposal
from .rows import SALE

# Which account of the company takes a difference of a kind.
ACCOUNTS = {FEE: "fee_account", CENTS: "write_off_account", DISCOUNT: "discount_account"}


class CannotBeDone(Exception):
    """Why a reading cannot be accepted as it is; `said` is for a person."""

    def __init__(self, said: Text) -> None:
        super().__init__(str(said))
        self.said = said


@dataclass(frozen=True)
class Open:
    """An open invoice or note as it is now. `account`: its receivable or payable; `outstanding`, in `currency`, signed as ERPNext has it: a note's is negative."""

    doctype: str
    name: str
    party_type: str
    party: str
    account: str
    currency: str
    outstanding: Decimal
    cost_center: str = ""


@dataclass(frozen=True)
class ToPay:
    """A Payment Entry to be made. `moved`: what moves on the bank account, positive in; `settled`: what that is in the currency of the party's account, by document, signed as ERPNext has it.
    `deduction`: a cost, in the bank's currency; a gain is negative."""

    party_type: str
    party: str
    account: str
    currency: str
    moved: Decimal
    settled: tuple[tuple[Open, Decimal], ...]
    deduction: Decimal = ZERO
    deduction_account: str = ""


@dataclass(frozen=True)
class Plan:
    """`entered`: what is allocated, how much of it. `payments`: made first, then allocated. `apart`: a cost (a gain is negative) that a Journal Entry posts beside what is entered, on `apart_account`."""

    entered: tuple[Part, ...] = ()
    payments: tuple[ToPay, ...] = ()
    apart: Decimal = ZERO
    apart_account: str = ""


@dataclass(frozen=True)
class Wanted:
    """What a person says a line is about. `left`: what is open of the line, in its `currency`, positive in. `rest`: what the parts leave of it (FEE, CENTS, DISCOUNT go to `account`, OVERPAID to nobody's);
    "" leaves that open on the line."""

    left: Decimal
    currency: str
    parts: tuple[Part, ...]
    rest: str = ""
    account: str = ""


def of_reading(reading: Proposal, left: Decimal, currency: str, accounts: Mapping[str, str]) -> Wanted:
    """What accepting a reading of a line asks for. `accounts`: the company's for what is left over, by the field's name."""
    account = accounts.get(ACCOUNTS.get(reading.difference_is, ""), "") if reading.difference else ""
    return Wanted(left, currency, reading.vouchers, reading.difference_is if reading.difference else "", account or "")


Group = list[tuple[Open, Decimal]]


def plan(wanted: Wanted, now: Mapping[tuple[str, str], Open]) -> Plan:
    """What has to be done. `now`: the open documents as they are. Raises CannotBeDone with why not."""
    if not wanted.parts:
        raise CannotBeDone(_("Choose what the line is about"))
    entered = tuple(each for each in wanted.parts if each.voucher[2])
    groups = _groups([each for each in wanted.parts if not each.voucher[2]], now)
    if any(known.currency != wanted.currency for group in groups.values() for known, _part in group):
        return _across_currencies(wanted, entered, groups)
    explained = sum((each.amount for each in wanted.parts), ZERO)
    off = wanted.left - explained if wanted.rest else ZERO
    if not wanted.rest and (explained * wanted.left < ZERO or abs(explained) > abs(wanted.left)):
        raise CannotBeDone(_("Together that is {amount} more than the line").format(amount=amount(abs(explained - wanted.left))))
    if off and wanted.rest == OVERPAID and not groups:
        raise CannotBeDone(_("What is entered is less than the line: choose what the rest is"))
    if off and wanted.rest != OVERPAID and not wanted.account:
        raise CannotBeDone(_NO_ACCOUNT[wanted.rest])
    apart = -off if off and not groups else ZERO
    return Plan(entered, _payments(groups, off, wanted), apart, wanted.account if apart else "")


_NO_ACCOUNT = {
    FEE: _("Choose an account for bank fees in the company's Xero Bank Setting"),
    CENTS: _("Choose an account for small differences in the company's Xero Bank Setting"),
    DISCOUNT: _("Choose an account for discounts in the company's Xero Bank Setting"),
}


def _groups(paid: Iterable[Part], now: Mapping[tuple[str, str], Open]) -> dict[tuple[str, str, str], Group]:
    """By party and ledger account the documents that are paid, with how much of each, signed as the bank sees it."""
    groups: dict[tuple[str, str, str], Group] = {}
    for each in paid:
        known = now.get(each.voucher[:2])
        if known is None or not known.outstanding:
            raise CannotBeDone(_("{name} is not open any more").format(name=each.voucher[1]))
        if as_host(known, each.amount) * known.outstanding < ZERO or abs(each.amount) > abs(known.outstanding):
            raise CannotBeDone(
                _("Of {name} only {amount} are open any more").format(name=each.voucher[1], amount=amount(abs(known.outstanding)))
            )
        groups.setdefault((known.party_type, known.party, known.account), []).append((known, each.amount))
    return groups


def as_host(known: Open, signed: Decimal) -> Decimal:
    """An amount as the bank sees it, signed as ERPNext has it on the document: of a sale money in is positive, of a bill money out."""
    return signed if known.doctype == SALE else -signed


def _across_currencies(wanted: Wanted, entered: tuple[Part, ...], groups: Mapping[tuple[str, str, str], Group]) -> Plan:
    """All of the line pays documents of one party in another currency: the two amounts are the rate."""
    if entered or len(groups) != 1:
        raise CannotBeDone(_("A line pays documents in another currency only alone, and of one party"))
    ((_key, group),) = groups.items()
    return Plan(payments=(_payment(group, wanted.left, ZERO, ""),))


def _payments(groups: Mapping[tuple[str, str, str], Group], off: Decimal, wanted: Wanted) -> tuple[ToPay, ...]:
    """One for each party and account; the largest takes the difference."""
    largest = max(groups, key=lambda each: abs(sum((part for _known, part in groups[each]), ZERO)), default=None)
    made = []
    for at, group in groups.items():
        extra = off if at == largest else ZERO
        cost = -extra if wanted.rest != OVERPAID else ZERO
        made.append(_payment(group, sum((part for _known, part in group), ZERO) + extra, cost, wanted.account))
    return tuple(made)


def _payment(group: Group, moved: Decimal, cost: Decimal, account: str) -> ToPay:
    known = group[0][0]
    settled = tuple((each, as_host(each, part)) for each, part in group)
    return ToPay(known.party_type, known.party, known.account, known.currency, moved, settled, cost, account if cost else "")
