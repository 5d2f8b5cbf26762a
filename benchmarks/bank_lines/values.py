"""What a generator of bank lines makes: what ERPNext shows of a company's bank lines and open vouchers, and apart from it the truth.

Amounts are `Decimal` with the places of their currency. A sign says where money goes for the company: positive in, negative out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# Kinds of truth. Vouchers: the line is payment of, or the same as, these vouchers. Transfer: its other side is a line of another account of the company.
# Returned: it takes back an earlier line (a returned direct debit, a bounced payment). Nothing: none of the vouchers and lines has to do with it.
VOUCHERS, TRANSFER, RETURNED, NOTHING = "vouchers", "transfer", "returned", "nothing"


@dataclass(frozen=True)
class OwnAccount:
    """A bank account of the company. `number`: as the bank prints it (IBAN, BSB and number, sort code and number, routing and number)."""

    name: str
    currency: str
    country: str
    number: str


@dataclass(frozen=True)
class Party:
    """A customer, supplier or employee. `name` is ERPNext's key, `title` the name people know; `numbers` the bank accounts of theirs that ERPNext has."""

    party_type: str
    name: str
    title: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Voucher:
    """A submitted voucher that a bank line could be about.

    Open ones (Sales Invoice, Purchase Invoice, Expense Claim; a credit or debit note is one with `amount` the other way): `amount` is what is still open.
    Those that moved money and wait for their bank line (Payment Entry, Journal Entry): `amount` is what moved on `bank_account`; of an internal transfer each side
    is a Voucher of its own with the same `name`.
    """

    doctype: str
    name: str
    party_type: str
    party: str
    posting_date: date
    amount: Decimal
    currency: str
    # Of an invoice: its total, and when it is due.
    total: Decimal | None = None
    due_date: date | None = None
    # The other side's number: a supplier's bill_no, a customer's po_no; of a payment its reference_no.
    reference: str = ""
    # Only of what moved money.
    bank_account: str = ""
    # What ERPNext's remarks or the cheque's text say.
    remarks: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """One side of one voucher."""
        return self.doctype, self.name, self.bank_account


@dataclass(frozen=True)
class Line:
    """A line of a bank statement, as ERPNext's Bank Transaction has it. What a bank does not give is empty."""

    name: str
    bank_account: str
    date: date
    amount: Decimal
    currency: str
    description: str
    reference: str = ""
    transaction_type: str = ""
    party_name: str = ""
    party_number: str = ""
    transaction_id: str = ""


@dataclass(frozen=True)
class Answer:
    """What is right for a line.

    `vouchers`: each voucher's key and how much of it, in the voucher's currency, signed as the voucher. `difference`: what of the line's amount the vouchers do not
    explain, in the line's currency (a fee held back is negative on money in, a cent too much positive); 0 where line and vouchers have different currencies.
    `line`: the other side of a transfer, or the line that is taken back.
    """

    kind: str
    vouchers: tuple[tuple[tuple[str, str, str], Decimal], ...] = ()
    difference: Decimal = Decimal(0)
    line: str = ""


@dataclass(frozen=True)
class Truth:
    """The truth of one line. `case`: the type of case, for the tables. `decidable`: exactly one answer fits what line, vouchers and lines show, and it is a match
    (never NOTHING). `trap`: an equal amount lies about that is not the answer."""

    case: str
    answer: Answer
    decidable: bool
    trap: bool = False


@dataclass(frozen=True)
class World:
    """One company's bank lines and vouchers; `truths` by the line's name is not for the matcher. `closed_until`: days up to this one are closed in the books.
    `rates`: units of the company's currency for one unit of another, about the time of the lines."""

    seed: int
    country: str
    currency: str
    accounts: tuple[OwnAccount, ...]
    parties: tuple[Party, ...]
    vouchers: tuple[Voucher, ...]
    lines: tuple[Line, ...]
    closed_until: date | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    truths: Mapping[str, Truth] = field(default_factory=dict, repr=False)
