"""Xero's own arithmetic, predicted: unit prices, line amounts and tax per line.

Xero's documentation ("Rounding in Xero", "Invoices"): LineAmount = Quantity x UnitAmount, rounded half up to two decimals; UnitAmount keeps
four decimals with unitdp=4; tax is rounded per line, then added up; inclusive tax is gross - round(gross / (1 + rate), 2).
"""

from __future__ import annotations

from decimal import Decimal

from .money import ZERO, decimals, half_up

UNIT_DECIMALS = 4
QUANTITY_DECIMALS = 4
HUNDRED = Decimal(100)


def line_amount(quantity: Decimal, unit_amount: Decimal) -> Decimal:
    """Quantity x UnitAmount as Xero rounds it."""
    return half_up(quantity * unit_amount)


def unit_price(quantity: Decimal, price: Decimal, amount: Decimal) -> tuple[Decimal, Decimal]:
    """Quantity and UnitAmount whose product Xero rounds to exactly `amount`.

    First choice is ERPNext's own price, then the four-decimal price nearest to amount / quantity. Where neither gives `amount`: one unit at
    `amount` (Xero's documentation, "Rounding in Xero"), so that the total never depends on the decimals of the price.
    """
    if quantity and decimals(quantity) <= QUANTITY_DECIMALS and quantity > ZERO:
        for candidate in (price, half_up(amount / quantity, UNIT_DECIMALS)):
            if decimals(candidate) <= UNIT_DECIMALS and line_amount(quantity, candidate) == amount:
                return quantity, candidate
    return Decimal(1), amount


def line_tax(amount: Decimal, rate: Decimal, inclusive: bool) -> Decimal:
    """The tax that Xero itself would put on one line of `amount` at `rate` per cent."""
    if inclusive:
        return amount - half_up(amount / (1 + rate / HUNDRED))
    return half_up(amount * rate / HUNDRED)
