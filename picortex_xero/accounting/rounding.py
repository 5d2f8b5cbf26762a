"""Xero's own arithmetic, predicted: unit prices, line amounts and tax per line.

Sources: fact sheet 5 "Tax and rounding" and the rules file (b): LineAmount = Quantity x UnitAmount, rounded half up to two
decimals; UnitAmount keeps four decimals with unitdp=4; tax is computed and rounded per line, then added up; inclusive tax is
gross - round(gross / (1 + rate), 2).
"""

from __future__ import annotations

from decimal import Decimal

from .money import ZERO, decimals, half_up

UNIT_DECIMALS = 4
QUANTITY_DECIMALS = 4
HUNDRED = Decimal(100)


def line_amount(quantity: Decimal, unit_amount: Decimal) -> Decimal:
    """What Xero makes of Quantity x UnitAmount."""
    return half_up(quantity * unit_amount)


def unit_price(quantity: Decimal, price: Decimal, amount: Decimal) -> tuple[Decimal, Decimal]:
    """Quantity and UnitAmount whose product Xero rounds to exactly `amount`.

    Prefers the host's own price; then the four-decimal price nearest to amount / quantity; where neither gives `amount`, one unit
    at `amount` (Xero's rounding guide), so the total never depends on the price's decimals.
    """
    if quantity and decimals(quantity) <= QUANTITY_DECIMALS and quantity > ZERO:
        for candidate in (price, half_up(amount / quantity, UNIT_DECIMALS)):
            if decimals(candidate) <= UNIT_DECIMALS and line_amount(quantity, candidate) == amount:
                return quantity, candidate
    return Decimal(1), amount


def line_tax(amount: Decimal, rate: Decimal, inclusive: bool) -> Decimal:
    """The tax Xero itself would put on one line of `amount` at `rate` per cent."""
    if inclusive:
        return amount - half_up(amount / (1 + rate / HUNDRED))
    return half_up(amount * rate / HUNDRED)
