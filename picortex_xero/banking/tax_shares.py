"""What of an amount that moved on a bank account is tax, by the rows of one of ERPNext's tax templates: the money that moved has the tax in it, whatever the template says of prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..accounting.money import CENT, ZERO, nearest
from ..accounting.texts import Text, _

# ERPNext's charge types that are a part of the amount; others (Actual, On Item Quantity) are an amount of their own.
NET, OF_AMOUNT, OF_TOTAL = "On Net Total", "On Previous Row Amount", "On Previous Row Total"
HUNDRED = Decimal(100)


class NoShare(Exception):
    """Why a template cannot be used for a bank line; `said` is for a person."""

    def __init__(self, said: Text) -> None:
        super().__init__(str(said))
        self.said = said


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A row of a template. `rate` in percent; `row`: from 1, which former row `on` means; `deducted`: taken off (a bill's only)."""

    account: str
    rate: Decimal
    on: str = NET
    row: int = 0
    deducted: bool = False
    cost_center: str = ""


@dataclass(frozen=True, slots=True)
class Shares:
    """`net` and what each row is of the amount, with its sign; together exactly the amount. A row of nothing is left out."""

    net: Decimal
    taxes: tuple[tuple[TaxRow, Decimal], ...]


def shares(amount: Decimal, rows: Sequence[TaxRow], unit: Decimal = CENT) -> Shares:
    """The amount, which has the taxes in it, taken apart; figures are whole units, and what rounding leaves is in the net. Raises NoShare."""
    factors: list[Decimal] = []
    for at, row in enumerate(rows):
        factors.append(_factor(row, rows[:at], factors))
    whole = Decimal(1) + sum(factors, ZERO)
    if whole <= ZERO:
        raise NoShare(_("These taxes leave nothing of the amount"))
    taxes = [(row, nearest(amount * factor / whole, unit)) for row, factor in zip(rows, factors)]
    return Shares(amount - sum((share for _row, share in taxes), ZERO), tuple(each for each in taxes if each[1]))


def _factor(row: TaxRow, former: Sequence[TaxRow], factors: Sequence[Decimal]) -> Decimal:
    """What a row is of a net of 1."""
    if row.on == NET:
        base = Decimal(1)
    elif row.on in (OF_AMOUNT, OF_TOTAL):
        if not 0 < row.row <= len(former):
            raise NoShare(_("{account}: it is charged on a row that is not before it").format(account=row.account))
        base = factors[row.row - 1] if row.on == OF_AMOUNT else Decimal(1) + sum(factors[: row.row], ZERO)
        # What was taken off is a base with its sign turned.
        base = -base if row.on == OF_AMOUNT and former[row.row - 1].deducted else base
    else:
        raise NoShare(
            _("{account} is charged as {how}, which is no part of a bank line's amount").format(account=row.account, how=row.on or "?")
        )
    factor = base * row.rate / HUNDRED
    return -factor if row.deducted else factor
