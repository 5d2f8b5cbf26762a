"""What a person types into a Sales or Purchase Invoice: the vocabulary of the random invoices.

Owns the shapes only. Nothing here rounds, adds or decides; the generator makes these and
`erpnext_rounding` reads them. Account and cost centre names are symbols ("GST", "Freight", "North"); the
recorder turns them into a company's real names.

Units: money and prices in document currency, rates in percent, `conversion_rate` in company currency per
one unit of document currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

ON_NET_TOTAL = "On Net Total"
ON_PREVIOUS_ROW_AMOUNT = "On Previous Row Amount"
ON_PREVIOUS_ROW_TOTAL = "On Previous Row Total"
ACTUAL = "Actual"

FREIGHT = "Freight"  # the account symbol of Actual rows: income on sales, expense on bills


@dataclass(frozen=True)
class Line:
    """One typed item row.

    Either `rate` is typed, or `price_list_rate` with `discount_percentage` and the host computes the rate;
    with both a rate and a price list rate, the typed rate stands. `tax_rates` is the item tax template's
    content: account symbol -> percent.
    """

    item: str
    qty: Decimal
    rate: Decimal | None = None
    price_list_rate: Decimal | None = None
    discount_percentage: Decimal | None = None
    tax_template: str | None = None
    tax_rates: Mapping[str, Decimal] | None = None
    cost_center: str | None = None


@dataclass(frozen=True)
class Charge:
    """One typed row of the taxes table. `row_id` counts from 1; `amount` is for Actual rows only."""

    charge_type: str
    account: str
    rate: Decimal = Decimal(0)
    amount: Decimal | None = None
    row_id: int | None = None
    included: bool = False


@dataclass(frozen=True)
class Invoice:
    """One typed invoice. `rate_places` is the host's precision of price fields (2 unless customised)."""

    doctype: str
    country: str
    currency: str
    company_currency: str
    lines: tuple[Line, ...]
    charges: tuple[Charge, ...] = ()
    conversion_rate: Decimal = Decimal(1)
    apply_discount_on: str | None = None
    discount_percentage: Decimal | None = None
    discount_amount: Decimal | None = None
    rounded_total: bool = False
    rate_places: int = 2

    @property
    def inclusive(self) -> bool:
        """Whether any tax row is included in the prices."""
        return any(charge.included for charge in self.charges)


def to_json(value: Any) -> Any:
    """`value` as plain JSON: Decimals become strings, so nothing passes through a float; empty is left out."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [to_json(member) for member in value]
    if isinstance(value, Mapping):
        return {key: to_json(member) for key, member in value.items()}
    if isinstance(value, (Line, Charge, Invoice)):
        pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: to_json(member) for name, member in pairs if member not in (None, (), False)}
    return value


def _decimals(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """`data` with the named members, where present, turned into Decimals."""
    return {key: Decimal(value) if key in names else value for key, value in data.items()}


def from_json(data: Mapping[str, Any]) -> Invoice:
    """The inverse of `to_json` for an Invoice."""
    head = _decimals(data, "conversion_rate", "discount_percentage", "discount_amount")
    lines = []
    for row in data["lines"]:
        line = _decimals(row, "qty", "rate", "price_list_rate", "discount_percentage")
        if "tax_rates" in line:
            line["tax_rates"] = {account: Decimal(rate) for account, rate in line["tax_rates"].items()}
        lines.append(Line(**line))
    head["lines"] = tuple(lines)
    head["charges"] = tuple(Charge(**_decimals(row, "rate", "amount")) for row in data.get("charges", ()))
    return Invoice(**head)
