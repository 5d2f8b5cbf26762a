"""A payment that somebody has entered in Xero, as Xero's list of payments shows it: one, or all of a batch together, since they are one line at the bank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, decimal
from ..xero.records import xero_element
from ..xero.records.registry import BATCH_PAYMENT, CREDIT_NOTE, INVOICE, OVERPAYMENT, PAYMENT, PREPAYMENT

Element = dict[str, Any]
# What a payment is for, by the type that Xero gives it: the list of the record, the field of its id, and whether money comes in.
TYPES: dict[str, tuple[str, str, bool]] = {
    "ACCRECPAYMENT": (INVOICE.endpoint, INVOICE.id_field, True),
    "ACCPAYPAYMENT": (INVOICE.endpoint, INVOICE.id_field, False),
    "ARCREDITPAYMENT": (CREDIT_NOTE.endpoint, CREDIT_NOTE.id_field, False),
    "APCREDITPAYMENT": (CREDIT_NOTE.endpoint, CREDIT_NOTE.id_field, True),
    "AROVERPAYMENTPAYMENT": (OVERPAYMENT.endpoint, OVERPAYMENT.id_field, False),
    "APOVERPAYMENTPAYMENT": (OVERPAYMENT.endpoint, OVERPAYMENT.id_field, True),
    "ARPREPAYMENTPAYMENT": (PREPAYMENT.endpoint, PREPAYMENT.id_field, False),
    "APPREPAYMENTPAYMENT": (PREPAYMENT.endpoint, PREPAYMENT.id_field, True),
}
STANDS = "AUTHORISED"
# A Data field of ERPNext's.
LONGEST_REFERENCE = 140


@dataclass(frozen=True)
class Part:
    """What one payment pays: the record (endpoint, id in lower case), and how much, in the record's currency."""

    payment_id: str
    target: tuple[str, str]
    amount: Decimal


@dataclass(frozen=True)
class IncomingPayment:
    """`endpoint` and `xero_id` name the one record that stands for it in Xero: the payment, or the batch that it belongs to. `bank_amount`: in the currency of
    the bank account; `rate`: units of the record's currency for one of the base currency, 0 where Xero shows none; `account`: the id of Xero's bank account."""

    endpoint: str
    xero_id: str
    parts: tuple[Part, ...]
    comes_in: bool
    date: str
    account: str
    bank_amount: Decimal
    rate: Decimal
    reference: str
    stands: bool
    updated: datetime | None
    # All payments of the batch are here: Xero's list shows only those that have changed.
    whole: bool = True

    @property
    def amount(self) -> Decimal:
        """All parts, in the currency of what they pay."""
        return sum((part.amount for part in self.parts), ZERO)


def read(elements: Iterable[Element]) -> list[IncomingPayment]:
    """Payments of Xero's list, those of one batch together; what shows no type, target, date or amount that could be read is left out."""
    groups: dict[tuple[str, str], list[Element]] = {}
    for element in elements:
        batch = xero_element.named_id(element, "BatchPayment", "BatchPaymentID") or xero_element.linked_id(element, "BatchPaymentID")
        own = xero_element.linked_id(element, PAYMENT.id_field)
        if own:
            groups.setdefault((BATCH_PAYMENT.endpoint, batch.lower()) if batch else (PAYMENT.endpoint, own.lower()), []).append(element)
    return [made for place, group in groups.items() if (made := _payment(place, group))]


def _payment(place: tuple[str, str], elements: list[Element]) -> IncomingPayment | None:
    parts = [part for each in elements if (part := _part(each))]
    first = elements[0]
    date = xero_element.calendar_date(first)
    if not parts or len(parts) != len(elements) or not date:
        return None
    standing = [each for each in elements if each.get("Status") == STANDS]
    return IncomingPayment(
        place[0],
        place[1],
        tuple(parts),
        TYPES[str(first["PaymentType"])][2],
        date,
        xero_element.named_id(first, "Account", "AccountID").lower(),
        sum((decimal(each.get("BankAmount") or each.get("Amount")) for each in elements), ZERO),
        decimal(first.get("CurrencyRate")),
        " ".join(str(first.get("Reference") or "").split())[:LONGEST_REFERENCE],
        len(standing) == len(elements),
        max((at for each in elements if (at := xero_element.updated(each))), default=None),
        _is_whole(first, parts),
    )


def _is_whole(element: Element, parts: list[Part]) -> bool:
    batch = element.get("BatchPayment")
    total = xero_element.money(batch.get("TotalAmount")) if isinstance(batch, dict) else ""
    return not total or decimal(total) == sum((part.amount for part in parts), ZERO)


def _part(element: Element) -> Part | None:
    kind = TYPES.get(str(element.get("PaymentType")))
    if kind is None:
        return None
    endpoint, id_field, _comes_in = kind
    # GET shows the credit note of a refund under Invoice (xero/records/payment.py).
    target = next(iter(xero_element.ids_within(element, (id_field,))), "") or xero_element.named_id(element, "Invoice", INVOICE.id_field)
    amount = decimal(element.get("Amount"))
    if not target or amount <= ZERO:
        return None
    return Part(xero_element.linked_id(element, PAYMENT.id_field).lower(), (endpoint, target.lower()), amount)


def alone(payment: IncomingPayment, part: Part) -> IncomingPayment:
    """One payment of a batch for itself. Batches are in the organisation's own currency (Xero's documentation, "BatchPayments")."""
    return replace(payment, endpoint=PAYMENT.endpoint, xero_id=part.payment_id, parts=(part,), bank_amount=part.amount, whole=True)


def with_all_of(payment: IncomingPayment, batch: Element) -> IncomingPayment:
    """A batch of which a part was shown, with all of its payments as the batch itself names them; as it was where they do not add up to its total."""
    shown = [each for each in batch.get("Payments") or [] if isinstance(each, dict)]
    parts = [
        Part(
            xero_element.linked_id(each, PAYMENT.id_field).lower(),
            (INVOICE.endpoint, xero_element.named_id(each, "Invoice", INVOICE.id_field).lower()),
            decimal(each.get("Amount")),
        )
        for each in shown
    ]
    total = decimal(batch.get("TotalAmount"))
    if not parts or any(not part.target[1] or part.amount <= ZERO for part in parts) or sum((part.amount for part in parts), ZERO) != total:
        return payment
    at_bank = sum((decimal(each.get("BankAmount") or each.get("Amount")) for each in shown), ZERO)
    return replace(payment, parts=tuple(parts), bank_amount=at_bank, whole=True, stands=batch.get("Status") == STANDS)
