"""What the matching is given and what it answers.

Amounts are `Decimal` in the currency beside them. A sign says where money goes for the company: positive in, negative out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..accounting.texts import Text

# What a proposal says of a line. VOUCHERS: it is payment of these vouchers, or the same as they are. TRANSFER: its other side is a line of another account of the
# company. RETURNED: it takes back an earlier line. DUPLICATE: an earlier line has paid what it shows (paid twice, or imported twice): for a person to look at.
# CODED: nothing explains it, and it is entered on an account, by a rule or as the same payee was before.
VOUCHERS, TRANSFER, RETURNED, DUPLICATE, CODED = "vouchers", "transfer", "returned", "duplicate", "coded"
# What the part of a line is that its vouchers do not explain.
FEE, CENTS, DISCOUNT, OVERPAID = "fee", "cents", "discount", "overpaid"
# As what a line is entered that no voucher explains, in ERPNext's words.
JOURNAL_ENTRY, BANK_ENTRY, PAYMENT_ENTRY = "Journal Entry", "Bank Entry", "Payment Entry"
# From this score on nothing but the company's threshold decides; what has a rival stays below it.
SURE, DOUBTFUL = 90, 60

# One side of one voucher: DocType, name, bank account ("" of an open invoice).
Key = tuple[str, str, str]


@dataclass(frozen=True)
class OwnAccount:
    """A bank account of the company. `number`: as the bank prints it."""

    name: str
    currency: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A customer, supplier or employee. `name` is ERPNext's key, `title` the name people know; `numbers` the bank accounts of theirs that ERPNext has."""

    party_type: str
    name: str
    title: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voucher:
    """A submitted voucher that a line could be about.

    Open ones (Sales Invoice, Purchase Invoice, Expense Claim; a credit or debit note is one with `amount` the other way): `amount` is what is still open.
    Those that moved money and wait for their line (Payment Entry, Journal Entry) have `bank_account`, and `amount` is what moved on it; of an internal transfer each
    side is one with the same name. `reference`: the other side's number (a bill's, an order's, a cheque's).
    """

    doctype: str
    name: str
    party_type: str
    party: str
    posting_date: date
    amount: Decimal
    currency: str
    total: Decimal | None = None
    due_date: date | None = None
    reference: str = ""
    bank_account: str = ""
    remarks: str = ""

    @property
    def key(self) -> Key:
        return self.doctype, self.name, self.bank_account

    @property
    def quoted(self) -> str:
        """The number of which the other side knows the neighbours: ours of a sales invoice, theirs of a bill or a payment."""
        return self.name if self.doctype in ("Sales Invoice", "Expense Claim") else self.reference


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a bank statement that is not reconciled. What the bank does not give is empty."""

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


@dataclass(frozen=True, slots=True)
class Coding:
    """As what a line is entered. `entry`: JOURNAL_ENTRY, BANK_ENTRY (a journal of that type), or PAYMENT_ENTRY (on account of `party`; then `account` may be "", the party's own, and there is no tax).
    `tax_template`: of `tax_doctype` (Sales or Purchase Taxes and Charges Template), "" for none; its tax is in the line's amount. `cost_center`: "" for the company's."""

    account: str
    entry: str = JOURNAL_ENTRY
    tax_doctype: str = ""
    tax_template: str = ""
    cost_center: str = ""
    party_type: str = ""
    party: str = ""


@dataclass(frozen=True)
class Settings:
    """What the company chose. `automatic_from`: the score from which a match is made without a person. `cents`: a difference so small is written off with a number shown."""

    automatic_from: int = SURE
    cents: Decimal = Decimal("0.10")


@dataclass(frozen=True)
class Books:
    """All that a matching looks at together. `closed_until`: days up to this one are closed; `rates`: units of the company's currency for one unit of another."""

    currency: str
    accounts: tuple[OwnAccount, ...]
    parties: tuple[Party, ...]
    vouchers: tuple[Voucher, ...]
    lines: tuple[Line, ...]
    closed_until: date | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a voucher, in its currency, signed as the voucher is."""

    voucher: Key
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Proposal:
    """One reading of a line. `difference`: what of the line the vouchers do not explain, in the line's currency (a fee held back is negative on money in); 0 where the
    currencies differ. `other_line`: the other side of a transfer, the line taken back, or the one that paid before. `score`: 0 to 100. `reasons`: why, and what speaks
    against it. `automatic`: a person need not look."""

    line: str
    kind: str
    vouchers: tuple[Part, ...]
    score: int
    reasons: tuple[Text, ...]
    difference: Decimal = Decimal(0)
    difference_is: str = ""
    other_line: str = ""
    automatic: bool = False
    coding: Coding | None = None
