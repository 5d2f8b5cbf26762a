"""A settlement: money from or to a customer or supplier, money between own bank accounts, or invoices set off against bills.

It is made from a Payment Entry (payment_entry/as_settlement.py), or from a Journal Entry that is in effect a payment
(journal_entry/as_settlement.py); all records in Xero are built from it alone. Amounts are as in ERPNext: allocated amounts are in the party
account's currency, negative where a credit is paid back; deductions are in company currency, cost positive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Literal

from ...accounting.currencies import currency_decimals
from ...accounting.money import ZERO, decimal, decimals, half_up
from ..identity import INVOICE_DOCTYPES, Identity

SETTLES = {"Customer": "Sales Invoice", "Supplier": "Purchase Invoice"}
ORDERS = ("Sales Order", "Purchase Order")
PAYMENT_ENTRY = "Payment Entry"

# What a bank account's movement is in Xero: the type of its BankTransaction.
SpendOrReceive = Literal["SPEND", "RECEIVE"]


class SettlementKind(Enum):
    """Which way money goes: from the party, to the party, between two own accounts; or none moves, and invoices are set off against
    bills."""

    RECEIVE = "receive"
    PAY = "pay"
    TRANSFER = "transfer"
    SET_OFF = "set-off"


@dataclass(frozen=True)
class Side:
    """An account that money leaves or arrives at: ERPNext's `account` ("" where no money moves), the `amount` in its `currency`, company
    currency per unit of that (`rate`), and what the amount is worth in company currency (`base`)."""

    account: str
    currency: str
    amount: Decimal
    rate: Decimal
    base: Decimal


@dataclass(frozen=True)
class SettledDocument:
    """What is allocated to one document, in the party account's currency; negative for a return."""

    doctype: str
    name: str
    allocated: Decimal


@dataclass(frozen=True)
class DeductionRow:
    """A row of a payment's deductions, in company currency: positive where money is missing from a receipt, or was paid on top. An
    `exchange` difference is not sent, as Xero computes its own."""

    account: str
    amount: Decimal
    description: str = ""
    cost_center: str = ""
    exchange: bool = False


@dataclass(frozen=True)
class TaxRow:
    """A row of a payment's own taxes, as an advance with tax has them. `inside`: it is part of the amount paid; `withheld`: it is
    deducted."""

    account: str
    rate: Decimal
    amount: Decimal
    inside: bool = True
    withheld: bool = False


@dataclass(frozen=True)
class Settlement:
    """Money `leaves` one account and `arrives` at another, one of them the party's, or both own. `parts` are the documents that it is
    allocated to, in the order of the references. `advance_account`: ERPNext books what is not allocated on an account of its own for
    advances. `private`: it is about payroll or an employee (`payroll.PAYROLL`, `payroll.PERSONAL`), as it says itself; "" else."""

    who: Identity
    posting_date: str
    kind: SettlementKind
    leaves: Side
    arrives: Side
    party_type: str = ""
    party: str = ""
    reference_number: str = ""
    parts: tuple[SettledDocument, ...] = ()
    deductions: tuple[DeductionRow, ...] = ()
    taxes: tuple[TaxRow, ...] = ()
    advance_account: bool = False
    private: str = ""

    @property
    def name(self) -> str:
        """The document's name in ERPNext."""
        return self.who.name

    @property
    def named_party(self) -> tuple[str, str]:
        """DocType and name of the party, under which its contact is known."""
        return self.party_type, self.party

    @property
    def receives(self) -> bool:
        """Whether the party's money arrives at the bank."""
        return self.kind is SettlementKind.RECEIVE

    @property
    def spend_or_receive(self) -> SpendOrReceive:
        """What the bank does, in Xero's word for it."""
        return "RECEIVE" if self.receives else "SPEND"

    @property
    def forward(self) -> bool:
        """Money from a customer or to a supplier; else it is paid back, or moves between own accounts."""
        return (self.kind, self.party_type) in ((SettlementKind.RECEIVE, "Customer"), (SettlementKind.PAY, "Supplier"))

    @property
    def refund(self) -> bool:
        """Money to a customer or from a supplier, who gets back or gives back what was paid before."""
        return self.kind in (SettlementKind.RECEIVE, SettlementKind.PAY) and not self.forward

    @property
    def between_currencies(self) -> bool:
        """Whether the money changes its currency on the way."""
        return self.leaves.currency != self.arrives.currency

    @property
    def bank_side(self) -> Side:
        """Where the bank or cash account is; of a transfer the one that the money leaves."""
        return self.arrives if self.receives else self.leaves

    @property
    def party_side(self) -> Side:
        """Where the receivable or payable account is."""
        return self.leaves if self.receives else self.arrives

    @property
    def bank_amount(self) -> Decimal:
        """What the bank moved, as posted. ERPNext keeps the amount of a payment with a discount unrounded (709.4416) but posts it rounded
        to the cent (709.44; observed on ERPNext 15.71)."""
        return self.posted(self.bank_side)

    @property
    def party_amount(self) -> Decimal:
        """What the party paid or got, as it was posted, in its account's currency. `unallocated_amount` is no measure of what is left: with
        several foreign invoices ERPNext compares sums rounded in base currency and leaves a remainder below a cent
        (observed on ERPNext 15.71)."""
        return self.posted(self.party_side)

    def posted(self, side: Side) -> Decimal:
        """The amount of one side. Only a payment with deductions or between two currencies is rounded, to the decimals that its currency has: there ERPNext keeps what it
        multiplied (USD 33.33 at 1.6789: 55.957737) and posts it rounded (55.96; observed on ERPNext 15.71). In any other, more than two are a setting
        that Xero cannot follow."""
        places = max(2, currency_decimals(side.currency))
        worked_out = bool(self.deductions) or self.between_currencies
        return half_up(side.amount, places) if worked_out and decimals(side.amount) > places else side.amount


def rate_of(value: object) -> Decimal:
    """An exchange rate of ERPNext, which leaves out that of company currency."""
    return decimal(value) or Decimal(1)


def parts_of(rows: Iterable[tuple[str, str, Decimal]]) -> tuple[SettledDocument, ...]:
    """What (doctype, name, allocated) rows settle, one part for each document in the order of the rows: the payment terms of one invoice
    are added up, and what comes to nothing is left out."""
    sums: dict[tuple[str, str], Decimal] = {}
    for doctype, name, allocated in rows:
        sums[doctype, name] = sums.get((doctype, name), ZERO) + allocated
    return tuple(SettledDocument(doctype, name, amount) for (doctype, name), amount in sums.items() if amount)


def settled(settlement: Settlement) -> list[SettledDocument]:
    """The parts that Xero knows: invoices and returns; of a refund also the advances it pays back."""
    known = (*INVOICE_DOCTYPES, *([] if settlement.forward else [PAYMENT_ENTRY]))
    return [part for part in settlement.parts if part.doctype in known]
