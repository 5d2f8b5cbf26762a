"""What of a credit somebody has taken off an invoice in Xero: a credit note, an overpayment or a prepayment, as Xero's lists of those show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, decimal
from ..xero.records import xero_element
from ..xero.records.registry import ALLOCATION, CREDITS, INVOICE, object_at

Element = dict[str, Any]


@dataclass(frozen=True)
class IncomingAllocation:
    """`endpoint` names the credit ("CreditNotes/<id>/Allocations"), `xero_id` the allocation; ids in lower case. `amount`: in the currency of both."""

    endpoint: str
    xero_id: str
    invoice: str
    amount: Decimal
    currency: str
    date: str
    stands: bool
    updated: datetime | None

    @property
    def credit(self) -> tuple[str, str]:
        """The credit's list and id."""
        endpoint, xero_id, _rest = self.endpoint.split("/")
        return endpoint, xero_id.lower()

    @property
    def target(self) -> tuple[str, str]:
        """The invoice's list and id."""
        return INVOICE.endpoint, self.invoice


def below(credit: tuple[str, str]) -> str:
    """Where the allocations of a credit (list, id) are."""
    return f"{credit[0]}/{credit[1]}/{ALLOCATION.endpoint}"


def read(endpoint: str, elements: Iterable[Element]) -> list[IncomingAllocation]:
    """The allocations of credits at `endpoint`; one without id, invoice, date or amount is left out, as is every one of a credit without a date."""
    return [made for element in elements for each in element.get("Allocations") or [] if (made := _allocation(endpoint, element, each))]


def _allocation(endpoint: str, credit: Element, element: Any) -> IncomingAllocation | None:
    if endpoint not in CREDITS or not isinstance(element, dict):
        return None
    credit_id, own = xero_element.linked_id(credit, object_at(endpoint).id_field), xero_element.linked_id(element, ALLOCATION.id_field)
    invoice = xero_element.named_id(element, "Invoice", INVOICE.id_field)
    amount, date = decimal(element.get("Amount")), xero_element.calendar_date(element) or xero_element.calendar_date(credit)
    if not (credit_id and own and invoice and date) or amount <= ZERO:
        return None
    return IncomingAllocation(
        below((endpoint, credit_id)),
        own.lower(),
        invoice.lower(),
        amount,
        str(credit.get("CurrencyCode") or ""),
        date,
        element.get("IsDeleted") is not True and not xero_element.gone(credit),
        xero_element.updated(credit),
    )
