"""A fee in a payment's deductions -> Spend Money (or, the other way round, Receive Money) with its tax.

Kept back from what was settled, it goes through a bank-type clearing account, which a payment of the invoice has filled and this brings
back to zero (golden pair 10). On top of what was settled it is beside the payment in the bank itself (inference, grade C: one line of the
statement is then matched with two transactions). Inclusive, because the host's deduction is gross.
"""

from __future__ import annotations

from decimal import Decimal

from ...accounting.mapping import Mapping
from ...accounting.money import half_up
from ...accounting.problems import Problem, Refused
from ..invoice.lines import RATE_DECIMALS
from ..translation import Translation
from .bank_transaction import BankLine, bank_transaction
from .deductions import booked_on, tax_inside
from .payment import bank_account
from .plan import Plan, fee_reference, spent
from .settlement import Settlement, SpendOrReceive


def fee(settlement: Settlement, mapping: Mapping, plan: Plan, number: int, contact_id: str, url: str) -> Translation:
    """The BankTransaction element of the `number`-th fee (from 1). Raises Refused with all problems."""
    deduction = plan.fees[number - 1]
    bank, problems = (deduction.choice.clearing, []) if plan.short else bank_account(settlement, mapping)
    amount = deduction.gross if plan.short else spent(settlement, mapping, deduction, plan.own)
    rate = None if plan.short or settlement.bank_side.currency == mapping.base_currency else deduction.gross / amount
    code, refused = booked_on(settlement, mapping, deduction)
    tax, wrong = tax_inside(settlement, deduction, amount)
    problems += refused + wrong + ([] if rate is None else inexact(settlement.name, amount, rate, deduction.gross))
    if problems or bank is None or deduction.choice.tax_type is None:
        raise Refused(problems)
    line = BankLine(
        deduction.description,
        amount,
        code,
        deduction.choice.tax_type,
        mapping.tracking.get(deduction.cost_center),
        None if deduction.tax is None else tax,
    )
    return bank_transaction(
        _what(settlement, plan.short),
        contact_id,
        bank,
        settlement.posting_date,
        fee_reference(settlement, number),
        [line],
        "Inclusive",
        rate,
        url,
    )


def inexact(name: str, amount: Decimal, rate: Decimal, base: Decimal) -> list[Problem]:
    """Xero keeps six decimals of a rate (rules file (a) Details): where that moves the base amount by a cent, a clearing account would
    keep it for ever. `rate` is company currency per unit."""
    sent = half_up(1 / rate, RATE_DECIMALS)
    if sent and half_up(amount / sent) == half_up(base):
        return []
    return [
        Problem(
            "rate-inexact",
            f"{name} moves {amount} worth {base}, which no exchange rate with Xero's six decimals gives to the cent",
            f"Enter it in Xero by hand and book the cents that stay in the clearing account as an exchange difference of {name}",
            held=True,
        )
    ]


def _what(settlement: Settlement, short: bool) -> SpendOrReceive:
    return "SPEND" if settlement.receives is short else "RECEIVE"
