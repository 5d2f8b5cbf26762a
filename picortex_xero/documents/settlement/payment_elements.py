"""A Payment of an invoice, a refund of a credit, or a BatchPayment where one line of the bank statement settles several invoices.

`breakdown.py` says which of these a settlement becomes; here each of them is built. A refund is a payment on the credit note, overpayment or
prepayment (Xero's developer documentation, Payments). A foreign invoice on a receivable in company currency is paid in the invoice's
currency, at the invoice's own rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.currencies import too_many_decimals
from ...accounting.exchange import Converted, converted
from ...accounting.mapping import Mapping, PaymentAccount
from ...accounting.money import CENT, ZERO, decimals, half_up, plain
from ...accounting.problems import Problem, Refused
from ...accounting.texts import _
from ...xero.records import document_names
from ..translation import Translation
from .settlement import Settlement, Side

REFERENCE_LIMIT = 255


@dataclass(frozen=True)
class PayableInXero:
    """An invoice, or the credit that a refund pays back, as Xero shows it just before a payment is built.

    `currency`, `amount_due` (of a credit: what remains of it) and `status` are Xero's; `rate` is ERPNext's conversion_rate (company
    units per document unit); `settles` says that this payment is the last one and leaves nothing outstanding in ERPNext; `field` is
    how a payment names it: Invoice, CreditNote, Overpayment or Prepayment.
    """

    xero_id: str
    currency: str
    amount_due: Decimal
    status: str
    rate: Decimal
    settles: bool
    field: str = "Invoice"


@dataclass(frozen=True)
class PlannedPayment:
    """One payment to be: `amount` (positive, party account's currency) for reference number `at` from 0.

    `moved` is what its account moves in its own currency: the bank's, or company currency where `clearing` stands in for the bank.
    `later` is what further steps still take off the same document. `name` is the document's in ERPNext.
    """

    at: int
    name: str
    amount: Decimal
    moved: Decimal
    reference: str
    clearing: PaymentAccount | None = None
    later: Decimal = ZERO


def is_batch(settlement: Settlement, legs: list[PlannedPayment], targets: list[PayableInXero], mapping: Mapping) -> bool:
    """Several invoices in base currency from a base-currency account: one batch payment, one line on the bank statement.

    Xero takes neither credits nor foreign currencies in one (its developer documentation, Batch Payments).
    """
    base, paid = mapping.base_currency, [targets[leg.at] for leg in legs if not leg.clearing]
    return (
        len(paid) > 1 and settlement.bank_side.currency == base and all(each.currency == base and each.field == "Invoice" for each in paid)
    )


def batch_payment(settlement: Settlement, mapping: Mapping, legs: list[PlannedPayment], targets: list[PayableInXero]) -> Translation:
    """The BatchPayment element over the legs that come from the bank. Raises Refused."""
    bank, problems = bank_account(settlement, mapping)
    members: list[dict[str, Any]] = []
    for leg in legs:
        problems += _checks(leg, targets[leg.at], leg.amount)
        members.append({"Invoice": {"InvoiceID": targets[leg.at].xero_id}, "Amount": plain(leg.amount)})
    if problems or bank is None:
        raise Refused(problems)
    body = {
        "Account": {"AccountID": bank.account_id},
        "Date": settlement.posting_date,
        "Reference": reference_text(settlement),
        "Payments": members,
    }
    marker = {
        "Reference": body["Reference"],
        "Account": bank.account_id,
        "Date": body["Date"],
        "Members": sorted([m["Invoice"]["InvoiceID"], str(half_up(m["Amount"]))] for m in members),
    }
    return Translation(body, marker, sum((leg.amount for leg in legs), ZERO))


def payment(settlement: Settlement, mapping: Mapping, leg: PlannedPayment, target: PayableInXero) -> Translation:
    """The Payment element of one leg. Raises Refused."""
    bank, problems = (leg.clearing, []) if leg.clearing else bank_account(settlement, mapping)
    currency = mapping.base_currency if leg.clearing else settlement.bank_side.currency
    if currency not in (target.currency, mapping.base_currency):
        problems.append(third_currency(settlement, currency, leg.name, target.currency, mapping.base_currency))
    amount = _amount(settlement, leg, target)
    problems += _checks(leg, target, amount)
    if currency != target.currency and decimals(leg.moved) > 2 >= decimals(amount):
        what = _("{amount} {currency} at the bank has more than two decimals; Xero keeps two").format(amount=leg.moved, currency=currency)
        problems.append(too_many_decimals(what, currency))
    if not leg.clearing and currency == target.currency != settlement.party_side.currency:
        problems += _as_the_bank_moved(settlement, leg, target, amount)
    rate = own_rate(settlement, mapping) if currency == target.currency else None
    problems += rate.problems if rate else []
    if problems or bank is None:
        raise Refused(problems)
    body: dict[str, Any] = {
        target.field: {f"{target.field}ID": target.xero_id},
        "Account": {"AccountID": bank.account_id},
        "Date": settlement.posting_date,
        "Amount": plain(amount),
        "Reference": leg.reference,
    }
    if currency != target.currency:
        body["BankAmount"] = plain(leg.moved)
    elif rate:
        body["CurrencyRate"] = rate.rate
    named = "InvoiceID" if target.field == "Invoice" else "CreditID"
    marker = {"Reference": leg.reference, named: target.xero_id, "Amount": amount}
    return Translation(body, marker, amount, said=rate.said if rate else ())


def own_rate(settlement: Settlement, mapping: Mapping) -> Converted | None:
    """The rate at which the bank moves its own currency; None in base currency. Judged by the whole of a payment, so that never one part
    of it goes and another is held."""
    side, amount = settlement.bank_side, settlement.bank_amount
    if side.currency == mapping.base_currency:
        return None
    return converted(settlement.name, amount, amount * side.rate, side.rate, mapping.base_currency, mapping.accept_rates)


def third_currency(settlement: Settlement, bank: str, name: str, currency: str, base: str) -> Problem:
    """Held: the bank is in neither the document's nor the base currency. Xero does not document how it converts such a payment."""
    return Problem(
        "payment-third-currency",
        _("{name} moves {bank}, {invoice} is in {currency}, and neither is {base}, the currency of the books").format(
            name=settlement.name, bank=bank, invoice=name, currency=currency, base=base
        ),
        _(
            "Choose a Clearing Account on the Xero Connection and press Retry, or in Xero pay {invoice} from a clearing account in {base} and enter a spend or receive of the {bank} against that clearing account"
        ).format(invoice=name, base=base, bank=bank),
        held=True,
    )


def bank_account(settlement: Settlement, mapping: Mapping) -> tuple[PaymentAccount | None, list[Problem]]:
    """The Xero account of the bank side, or what stands in the way."""
    return mapped_bank(settlement.bank_side, mapping)


def mapped_bank(side: Side, mapping: Mapping) -> tuple[PaymentAccount | None, list[Problem]]:
    """The Xero account of a side's bank or cash account, or what stands in the way."""
    found = mapping.payment_account(side.account, side.currency)
    return (None, [found]) if isinstance(found, Problem) else (found, [])


def reference_text(settlement: Settlement, sequence: int = 0) -> str:
    own = document_names.part(settlement.name, sequence)
    return f"{own} {settlement.reference_number}".strip()[:REFERENCE_LIMIT]


def _amount(settlement: Settlement, leg: PlannedPayment, target: PayableInXero) -> Decimal:
    """The payment in the document's currency. A foreign invoice on a base-currency receivable is converted at its own rate, and the
    payment that settles it takes Xero's own amount due, so that no cent stays open."""
    if settlement.party_side.currency == target.currency:
        return leg.amount
    converted = half_up(leg.amount / target.rate)
    return target.amount_due if target.settles and abs(target.amount_due - converted) <= 5 * CENT else converted


def _as_the_bank_moved(settlement: Settlement, leg: PlannedPayment, target: PayableInXero, amount: Decimal) -> list[Problem]:
    """A foreign invoice on a party account in company currency, paid in its own currency: in Xero the invoice falls by what the bank moves. By
    how much it falls here was worked out from company currency, so that both may differ. Shares of several invoices are rounded to a cent."""
    apart = abs(leg.moved - amount)
    if apart <= (CENT if len(settlement.parts) > 1 else ZERO):
        return []
    known = {"moved": f"{leg.moved:.2f}", "currency": target.currency, "invoice": leg.name}
    return [
        Problem(
            "payment-bank-differs",
            _("{name} moves {moved} {currency} at the bank, {invoice} falls by {amount} {currency}").format(
                name=settlement.name, amount=f"{amount:.2f}", **known
            ),
            _(
                "Cancel it and enter it anew with the amount in {currency} that the bank moved and the amount of {invoice} that this pays; or enter in Xero by hand the {moved} {currency} as the payment of {invoice}, and what your accountant wants for the difference"
            ).format(**known),
            held=True,
        )
    ]


def _checks(leg: PlannedPayment, target: PayableInXero, amount: Decimal) -> list[Problem]:
    found = []
    if decimals(amount) > 2:
        found.append(
            too_many_decimals(
                _("{amount} for {name} has more than two decimals; Xero keeps two").format(amount=amount, name=leg.name), target.currency
            )
        )
    if target.status in ("AUTHORISED", "PAID") and amount + leg.later > target.amount_due:
        found.append(
            Problem(
                "payment-exceeds-due",
                _("{name} has {amount_due} {currency} left in Xero, the payment takes {amount} of it").format(
                    name=leg.name, amount_due=target.amount_due, currency=target.currency, amount=amount + leg.later
                ),
                _(
                    "See in Xero what else was paid or credited on {name}. Where that is this very payment, as from a bank feed: enter there what of it is still missing, then press Done by Hand. Else remove it there and press Retry, or cancel this payment here"
                ).format(name=leg.name),
            )
        )
    return found
