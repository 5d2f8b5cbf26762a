"""Money that somebody has received or paid in advance in Xero: an over- or prepayment, as Xero's list of bank transactions shows it, which alone names the bank account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, decimal
from ..xero.records import xero_element
from ..xero.records.base import XeroObject
from ..xero.records.registry import BANK_TRANSACTION, OVERPAYMENT, PREPAYMENT
from .payment import LONGEST_REFERENCE

Element = dict[str, Any]
# By the second half of the bank transaction's type: what it is in Xero.
KINDS: dict[str, XeroObject] = {"OVERPAYMENT": OVERPAYMENT, "PREPAYMENT": PREPAYMENT}


@dataclass(frozen=True)
class IncomingAdvance:
    """`endpoint` and `xero_id` (lower case) name the over- or prepayment, `transaction` the bank transaction that it was made as. `amount` and the `tax` inside it are in
    `currency`; `rate`: units of that for one of the base currency, 0 where Xero shows none; `contact`, `account`: ids in Xero; `said`: its lines' text."""

    endpoint: str
    xero_id: str
    transaction: str
    contact: str
    comes_in: bool
    date: str
    account: str
    amount: Decimal
    tax: Decimal
    currency: str
    rate: Decimal
    said: str
    stands: bool
    updated: datetime | None

    @property
    def type(self) -> str:
        """Xero's type of the bank transaction."""
        kind = next(name for name, each in KINDS.items() if each.endpoint == self.endpoint)
        return f"{'RECEIVE' if self.comes_in else 'SPEND'}-{kind}"


def read(elements: Iterable[Element]) -> list[IncomingAdvance]:
    """The advances among bank transactions; one that does not show its id, contact, bank account, date or amount is left out."""
    return [made for element in elements if (made := _advance(element))]


def _advance(element: Element) -> IncomingAdvance | None:
    direction, _dash, kind = str(element.get("Type") or "").partition("-")
    if kind not in KINDS or direction not in ("RECEIVE", "SPEND"):
        return None
    of = KINDS[kind]
    xero_id, contact = xero_element.linked_id(element, of.id_field), xero_element.contact_id(element)
    account, date = xero_element.named_id(element, "BankAccount", "AccountID"), xero_element.calendar_date(element)
    amount = decimal(element.get("Total"))
    if not (xero_id and contact and account and date) or amount <= ZERO:
        return None
    lines = [str(each.get("Description") or "") for each in element.get("LineItems") or [] if isinstance(each, dict)]
    return IncomingAdvance(
        of.endpoint,
        xero_id.lower(),
        xero_element.linked_id(element, BANK_TRANSACTION.id_field),
        contact.lower(),
        direction == "RECEIVE",
        date,
        account.lower(),
        amount,
        decimal(element.get("TotalTax")),
        str(element.get("CurrencyCode") or ""),
        decimal(element.get("CurrencyRate")),
        " ".join(" ".join([str(element.get("Reference") or ""), *lines]).split())[:LONGEST_REFERENCE],
        not xero_element.gone(element),
        xero_element.updated(element),
    )
