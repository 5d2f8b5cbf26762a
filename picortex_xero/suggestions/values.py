"""What is compared, and what is suggested.

Confidence is kept in whole hundredths: 0 to 100 points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from ..accounting.texts import Text, _

HIGH, MEDIUM, LOW = "High", "Medium", "Low"
# The fewest points of each band. Below the last nothing is suggested.
BANDS = ((HIGH, 85), (MEDIUM, 60), (LOW, 35))
# The most that a guess may have which something speaks against, in each band.
BELOW_HIGH, BELOW_MEDIUM = 80, 55
LEAST = BANDS[-1][1]

# ERPNext's root types and Xero's classes of accounts. A suggestion never leaves its class.
CLASS_OF = {"Asset": "ASSET", "Liability": "LIABILITY", "Equity": "EQUITY", "Income": "REVENUE", "Expense": "EXPENSE"}
ACTIVE, BANK, INVENTORY = "ACTIVE", "BANK", "INVENTORY"


@dataclass(frozen=True)
class HostAccount:
    """A posting account of ERPNext. `name` is its key ("5204 - Rent - KS"), `title` its Account Name ("Rent"), if known; `parents` are the
    groups it is in, the nearest first. `bank_number` is an IBAN or account number, where its Bank Account has one."""

    name: str
    number: str = ""
    root_type: str = ""
    account_type: str = ""
    currency: str = ""
    parents: tuple[str, ...] = ()
    title: str = ""
    bank_number: str = ""


@dataclass(frozen=True)
class XeroAccount:
    """An account of Xero's chart, with the words of its API. `bank_type` is BANK, CREDITCARD or PAYPAL."""

    code: str
    name: str
    type: str = ""
    account_class: str = ""
    tax_type: str = ""
    system_account: str = ""
    status: str = ACTIVE
    bank_type: str = ""
    currency: str = ""
    account_id: str = ""
    bank_number: str = ""

    @classmethod
    def listed(cls, element: Mapping[str, Any]) -> XeroAccount:
        """From an element of Xero's Accounts list."""
        names = "Code Name Type Class TaxType SystemAccount Status BankAccountType CurrencyCode AccountID BankAccountNumber".split()
        code, name, kind, belongs, tax, system, status, bank, currency, key, number = (str(element.get(each) or "") for each in names)
        return cls(code, name, kind, belongs, tax, system, status or ACTIVE, bank, currency, key, number)


@dataclass(frozen=True)
class HostTax:
    """A tax that documents use, as a row of Xero Tax Mapping names it: `key` is "GST - KS @ 15", "Import GST - KS (fixed amount)" or "No tax".
    `words` are further names that say what it is: the account's, the tax template's."""

    direction: str
    key: str
    template: str = ""
    account_class: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class CostCentre:
    """A cost centre (or another dimension's value) of ERPNext; `title` is its own name without the company's abbreviation."""

    name: str
    title: str = ""


@dataclass(frozen=True)
class TrackingOption:
    """An option of one of Xero's tracking categories."""

    option_id: str
    name: str
    category: str = ""
    status: str = ACTIVE


@dataclass(frozen=True)
class Suggestion:
    """What may stand for it in Xero: `target` is the account's code, the bank account's or option's id, or the tax type."""

    target: str
    points: int
    reason: Text = field(compare=False)

    @property
    def confidence(self) -> Decimal:
        """From 0 to 1."""
        return Decimal(self.points) / 100

    @property
    def band(self) -> str:
        """HIGH, MEDIUM or LOW."""
        return next((band for band, least in BANDS if self.points >= least), LOW)


@dataclass(frozen=True)
class Nothing:
    """Nothing is suggested, and why. `kept`: what it is in Xero takes no lines of documents, so that nobody has anything to choose."""

    reason: Text
    kept: bool = False


Answer = Suggestion | Nothing
Found = TypeVar("Found", HostAccount, XeroAccount, HostTax, CostCentre, TrackingOption)
UNKNOWN = _("Nothing in Xero has this name or this meaning")


def in_order(values: Iterable[Found]) -> list[Found]:
    """Each value once, in an order of its own: what is suggested does not depend on the order in which lists were read."""
    return sorted(set(values), key=repr)
