"""What a forecast of cash is made of. Amounts are positive where money comes in, negative where it goes out; days are dates of the company's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from ..accounting.money import ZERO, half_up
from ..accounting.texts import NONE, Text

CUSTOMER, SUPPLIER, EMPLOYEE = "Customer", "Supplier", "Employee"
# Where a document is.
HERE, IN_XERO = "ERPNext", "Xero"
# What a line is.
INVOICE, BILL, CREDIT, CLAIM = "Invoice", "Bill", "Credit", "Expense Claim"
SALES_ORDER, PURCHASE_ORDER, REPEATED = "Sales Order", "Purchase Order", "Repeated"
PAYROLL, TAX, AHEAD, IN_TRANSIT, OWN = "Payroll", "Tax Payment", "Dated Ahead", "In Transit", "Own Line"
KINDS = (INVOICE, BILL, CREDIT, CLAIM, SALES_ORDER, PURCHASE_ORDER, REPEATED, PAYROLL, TAX, AHEAD, IN_TRANSIT, OWN)
# What is open and was entered as a document: each of these is in a forecast exactly once.
OPEN = (INVOICE, BILL, CREDIT, CLAIM)


@dataclass(frozen=True)
class Why:
    """A reason that is put into words only where somebody reads it: there are thousands. `values` may be reasons themselves."""

    template: Text = NONE
    values: tuple[tuple[str, object], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.template)

    @property
    def text(self) -> Text:
        """In words."""
        given = {name: value.text if isinstance(value, Why) else value for name, value in self.values}
        return self.template.format(**given) if given else self.template

    def __str__(self) -> str:
        return str(self.text)


NO_REASON = Why()


def because(template: Text, **values: object) -> Why:
    """The reason that this template is with these values."""
    return Why(template, tuple(values.items()))


@dataclass(frozen=True)
class Item:
    """Something that will move money. `left`: in `currency`. `part` tells instalments and repetitions of one document apart, and is part of what it is called by. `rate`: base currency for one of
    `currency`, as the document has it; 0 where it has none. `planned`: a day that a person has said (in Xero, or as release day of a bill), or that the source fixes; `why`: what says so, "" for
    a day that Xero has. `fixed`: nothing known of who pays moves it. `blocked`: why it moves nothing until somebody says otherwise."""

    kind: str
    doctype: str
    name: str
    left: Decimal
    currency: str
    day: date
    due: date | None = None
    part: str = ""
    party_type: str = ""
    party: str = ""
    party_name: str = ""
    rate: Decimal = ZERO
    planned: date | None = None
    why: Why = NO_REASON
    fixed: bool = False
    blocked: Why = NO_REASON
    book: str = HERE

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from every other."""
        return (self.book, self.doctype, self.name, self.part)

    @property
    def is_credit(self) -> bool:
        """Whether it is taken off what its party pays or is paid, instead of being paid itself."""
        return (self.left < ZERO) if self.party_type == CUSTOMER else (self.left > ZERO and self.party_type in (SUPPLIER, EMPLOYEE))


@dataclass(frozen=True)
class Line:
    """A part of the curve: `amount` of an item in its currency, and `base` in the company's, on the `expected` day and why then. None: it is not counted on in any week, and is listed so."""

    item: Item
    amount: Decimal
    base: Decimal
    expected: date | None
    why: Why

    def on(self, day: date | None, why: Why) -> Line:
        """The same on another day."""
        return Line(self.item, self.amount, self.base, day, why)


@dataclass(frozen=True)
class Balance:
    """What one bank or cash account holds, in its currency and in the company's."""

    account: str
    currency: str
    amount: Decimal
    base: Decimal


@dataclass(frozen=True)
class Opening:
    """What all accounts hold at the end of a day, and which book says so. `said`: what whoever reads it has to know of it; `read_at`: when Xero was asked (UTC), where it is Xero's."""

    balances: tuple[Balance, ...]
    at: date
    book: str = HERE
    said: tuple[Text, ...] = ()
    read_at: datetime | None = None

    def total(self, currency: str = "") -> Decimal:
        """Of the accounts in that currency; of all in base currency without one."""
        if currency:
            return sum((each.amount for each in self.balances if each.currency == currency), ZERO)
        return sum((each.base for each in self.balances), ZERO)


@dataclass(frozen=True)
class Rates:
    """What one of each currency is worth in the company's now. A currency without a rate is taken at the document's own."""

    base: str
    known: Mapping[str, Decimal] = field(default_factory=dict)

    def in_base(self, amount: Decimal, currency: str, own: Decimal = ZERO) -> Decimal:
        """To the cent. Raises KeyError where there is no rate at all: nothing is shown at a rate that nobody has."""
        if currency == self.base:
            return amount
        rate = self.known.get(currency) or own
        if not rate:
            raise KeyError(currency)
        return half_up(amount * rate)
