"""What is known here when it is decided what becomes of what people enter in Xero: documents, bank accounts, payments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..accounting.money import ZERO
from ..accounting.problems import Problem
from .payment import IncomingPayment

Named = tuple[str, str]
# An advance that is refunded is a Payment Entry itself.
ADVANCE = "Payment Entry"


@dataclass(frozen=True)
class Target:
    """The document here that a payment pays. `outstanding`: in the currency of the party's account, negative for a return; `there`: still submitted;
    `draft`: not yet, as an amendment that takes over Xero's record; `from_xero`: a draft that came from Xero itself, and what pays it is read once it is submitted; `deleted`: it is no more, and
    nothing else is known of it."""

    doctype: str
    name: str
    party_type: str
    party: str
    account: str
    account_currency: str
    currency: str
    outstanding: Decimal
    there: bool
    cost_center: str = ""
    # Company currency for one of `currency`.
    rate: Decimal = Decimal(1)
    # Where ERPNext demands that what is paid is allocated by payment terms: each with what is open of it, in the order in which they fall due.
    terms: tuple[tuple[str, Decimal], ...] = ()
    draft: bool = False
    from_xero: bool = False
    deleted: bool = False

    @property
    def converted(self) -> bool:
        """Whether its party is kept in another currency than it is in."""
        return self.account_currency != self.currency


@dataclass(frozen=True)
class Bank:
    """The bank or cash account here that stands for Xero's. `entered_here`: its payments are to be entered here, never in Xero."""

    account: str
    currency: str
    entered_here: bool = False


@dataclass(frozen=True)
class OwnPayment:
    """A payment here that pays the same document and is not in Xero: submitted, or a draft. `pays`: what it allocates to each document, and `amount` its whole money, in
    the currency of the party's account: more than it allocates where something stays on account or is deducted. `awaited`: it is to be entered in Xero, and not sent.
    `at_bank`: what the bank account moves, in its currency; `rest`: what stays on account; `doctype`: a journal may pay, too; `in_doubt`: it cannot be the one in Xero by itself,
    since parts of it are there, or since nobody knows yet what a journal becomes; `reference`: what it says of itself (a number of the bank or cheque)."""

    name: str
    draft: bool
    pays: frozenset[tuple[Named, Decimal]]
    amount: Decimal
    date: str
    account: str
    awaited: bool = False
    at_bank: Decimal = ZERO
    rest: Decimal = ZERO
    doctype: str = ADVANCE
    in_doubt: bool = False
    reference: str = ""


@dataclass(frozen=True)
class Moved:
    """A payment here of the same amount, day and bank account, whose own payment was removed in Xero: `pays` names what it pays here."""

    name: str
    pays: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What is known here of what a payment pays. `targets` by the record in Xero; `bank`: or why there is none; `on_its_way`: a request of ours that pays one of
    the targets has not been answered yet; `moved`: what it may have been here before; `exchange_account`, `cost_center`: of the company, for gains and losses;
    `chosen`: which payment here a person said it is; `apart`: payments of the batch have come back for themselves; `undecided`: the other payments in Xero that
    pay one of these documents and of which nobody has decided yet; `documents`: which document each record that they pay is here."""

    company: str
    base_currency: str
    targets: Mapping[tuple[str, str], Target]
    bank: Bank | Problem
    own: tuple[OwnPayment, ...] = ()
    on_its_way: bool = False
    moved: tuple[Moved, ...] = ()
    exchange_account: str = ""
    cost_center: str = ""
    chosen: str = ""
    apart: bool = False
    undecided: tuple[IncomingPayment, ...] = ()
    documents: Mapping[tuple[str, str], Named] = field(default_factory=dict)

    def as_entered(self) -> Known:
        """The same where a person says that it is entered, whatever is like it here and wherever payments are entered."""
        bank = replace(self.bank, entered_here=False) if isinstance(self.bank, Bank) else self.bank
        return replace(self, own=(), moved=(), bank=bank)
