"""Money as Decimal: reading ERPNext's numbers without binary noise, and rounding as Xero does.

Frappe returns Currency columns as float. `str` of such a float is the shortest text that reads back to it, which is the number that ERPNext
shows; that text becomes the Decimal.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal("0")


def decimal(value: Any) -> Decimal:
    """`value` (None, int, float, str or Decimal) as an exact Decimal; None and "" are 0.

    Raises ValueError for anything that is not a finite number.
    """
    if value is None or value == "":
        return ZERO
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number") from error
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number")
    return number


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """Round half away from zero, as Xero rounds lines and taxes (Xero's documentation, "Rounding in Xero")."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def nearest(value: Decimal, unit: Decimal) -> Decimal:
    """Round half away from zero to whole cents, or to another unit such as whole yen."""
    return value.quantize(unit, rounding=ROUND_HALF_UP)


def decimals(value: Decimal) -> int:
    """How many decimals `value` really has: 1.50 -> 1, 100 -> 0."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain(value: Decimal) -> Decimal:
    """`value` without trailing zeros and never in E-notation: what goes into a request body."""
    stripped = value.normalize()
    return stripped.quantize(Decimal(1)) if stripped == stripped.to_integral_value() else stripped
