"""The result of a translator: a function from an ERPNext document to the element of a request to Xero, one module for each object in Xero.

Every translator returns a `Translation` or raises `problems.Refused` with ALL problems of the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..accounting.currencies import too_many_decimals
from ..accounting.money import decimals
from ..accounting.plain_text import element
from ..accounting.problems import Refused
from ..accounting.texts import NONE, Text, _

# Amounts of which Xero keeps two decimals, and cuts off what is more without a word (a unit amount has four).
AMOUNTS = ("Amount", "BankAmount", "LineAmount", "TaxAmount", "DiscountAmount")


@dataclass(frozen=True)
class Reason:
    """Why one line has its account and its tax type: a sentence for each, naming the choice (and where it was made) that decided."""

    line: str
    account: str
    account_why: str
    tax_type: str
    tax_why: str


@dataclass(frozen=True)
class Translation:
    """One element of a request body and what Xero must answer to it.

    `body` holds Decimals; `marker` names the fields that find the element again in an answer or a probe; `total` and `tax` are
    what Xero must return, in document currency (None where the object has no such figure). `reasons` stand in the order of the lines.
    `content` is a file's own bytes, which `body` then only describes. `said` are remarks for the document's history
    when it goes: what Xero will make of it in another way than ERPNext, as the admin has accepted. `noted` goes there once it is in Xero.

    Translators put the host's texts in as they are: here, for every record that is sent, they become what goes to Xero
    (accounting/plain_text.py), in `body` and `marker` alike. Raises Refused where an amount has more decimals than Xero keeps; translators that know
    more of the currency say so first.
    """

    body: dict[str, Any]
    marker: dict[str, Any]
    total: Decimal | None = None
    tax: Decimal | None = None
    reasons: list[Reason] = field(default_factory=list)
    content: bytes = b""
    said: tuple[Text, ...] = ()
    noted: Text = NONE

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", element(self.body))
        object.__setattr__(self, "marker", element(self.marker))
        if wrong := [amount for amount in _amounts(self.body) if decimals(amount) > 2]:
            what = _("{amount} has more than two decimals; Xero keeps two").format(amount=wrong[0])
            raise Refused([too_many_decimals(what, str(self.body.get("CurrencyCode") or ""))])


def _amounts(value: Any) -> Iterator[Decimal]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name in AMOUNTS and isinstance(each, Decimal):
                yield each
            else:
                yield from _amounts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _amounts(each)
