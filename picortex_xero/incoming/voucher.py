"""The Payment Entry, as ERPNext takes it, of a payment that somebody has entered in Xero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..accounting.money import CENT, ZERO, half_up
from ..accounting.texts import _
from .known import ADVANCE, Bank, Known, Target
from .payment import IncomingPayment

RATE_DECIMALS = 9
# What rounding explains of what a document settles whose party is kept in another currency.
ROUNDING = 5 * CENT


def converts(targets: list[Target], known: Known) -> bool:
    """Whether documents in another currency than their party's account are paid by ERPNext's rules: the account is in company currency, and none of them is a return."""
    return all(each.account_currency == known.base_currency and each.outstanding >= ZERO for each in targets)


def allocated(target: Target, paid: Decimal) -> Decimal:
    """What a payment of `paid`, in the document's currency, settles of it in the currency of its party's account: at the document's own rate, and all that is open where
    rounding explains the difference. Negative for a return."""
    if not target.converted:
        return paid if target.outstanding >= ZERO else -paid
    worth = half_up(paid * target.rate)
    return target.outstanding if abs(target.outstanding - worth) <= ROUNDING else worth


def voucher(payment: IncomingPayment, targets: list[Target], bank: Bank, known: Known) -> dict[str, Any]:
    """The Payment Entry as ERPNext takes it. A refund pays a return: its row is negative, as where ERPNext makes one from a return."""
    if targets[0].converted:
        return _converted(payment, targets, bank, known)
    first, party_amount = targets[0], payment.amount
    bank_amount = party_amount if bank.currency == first.currency else payment.bank_amount
    rate = Decimal(1)
    if first.currency != known.base_currency:
        # Xero's rate is of the foreign currency for one of the base currency; ERPNext's the other way round.
        rate = (
            bank_amount / party_amount
            if bank.currency == known.base_currency
            else (1 / payment.rate if payment.rate > ZERO else Decimal(0))
        )
        rate = half_up(rate, RATE_DECIMALS)
    bank_rate = rate if bank.currency != known.base_currency else Decimal(1)
    return _entry(
        payment,
        targets,
        known,
        (first.account, first.account_currency, party_amount, rate),
        (bank.account, bank.currency, bank_amount, bank_rate),
    )


def _converted(payment: IncomingPayment, targets: list[Target], bank: Bank, known: Known) -> dict[str, Any]:
    """Of documents whose party is kept in company currency: what the bank moved, and as a row of its own what was gained or lost by the exchange."""
    first = targets[0]
    at_bank, rate = payment.bank_amount, Decimal(1)
    if bank.currency != known.base_currency:
        at_bank, rate = payment.amount, half_up(1 / payment.rate, RATE_DECIMALS) if payment.rate > ZERO else ZERO
    moved = half_up(at_bank * rate)
    settled = sum((allocated(each, part.amount) for each, part in zip(targets, payment.parts)), ZERO)
    made = _entry(
        payment,
        targets,
        known,
        (first.account, first.account_currency, moved, Decimal(1)),
        (bank.account, bank.currency, at_bank, rate),
    )
    # A cost is positive.
    lost = settled - moved if payment.comes_in else moved - settled
    row = {"account": known.exchange_account, "cost_center": first.cost_center or known.cost_center, "amount": lost}
    return made | ({"deductions": [row]} if lost else {})


def _references(target: Target, amount: Decimal) -> list[dict[str, Any]]:
    """The rows that allocate an amount to a document: one, or one for each payment term that it pays, what falls due first before the rest. What no term has open is on the
    last one, and ERPNext says why it does not take that."""
    row = {"reference_doctype": target.doctype, "reference_name": target.name}
    if not target.terms or target.converted or amount <= ZERO:
        return [{**row, "allocated_amount": amount}]
    dealt: dict[str, Decimal] = {}
    left = amount
    for term, open_ in target.terms:
        paid = min(left, max(open_, ZERO))
        dealt[term], left = dealt.get(term, ZERO) + paid, left - paid
    dealt[target.terms[-1][0]] += left
    return [{**row, "payment_term": term, "allocated_amount": paid} for term, paid in dealt.items() if paid]


Side = tuple[str, str, Decimal, Decimal]


def _entry(payment: IncomingPayment, targets: list[Target], known: Known, party: Side, at_bank: Side) -> dict[str, Any]:
    first = targets[0]
    source, target = (party, at_bank) if payment.comes_in else (at_bank, party)
    made: dict[str, Any] = {
        "doctype": "Payment Entry",
        "company": known.company,
        "payment_type": "Receive" if payment.comes_in else "Pay",
        "posting_date": payment.date,
        "party_type": first.party_type,
        "party": first.party,
        "paid_from": source[0],
        "paid_from_account_currency": source[1],
        "paid_amount": source[2],
        "source_exchange_rate": source[3],
        "paid_to": target[0],
        "paid_to_account_currency": target[1],
        "received_amount": target[2],
        "target_exchange_rate": target[3],
        "reference_no": payment.reference or str(_("Entered in Xero")),
        "reference_date": payment.date,
        "references": [
            row
            for each, part in zip(targets, payment.parts)
            if each.doctype != ADVANCE
            for row in _references(each, allocated(each, part.amount))
        ],
    }
    return made | ({"cost_center": first.cost_center} if first.cost_center else {})
