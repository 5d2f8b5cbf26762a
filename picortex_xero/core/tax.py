"""The host's tax rows, taken apart line by line and put back together to the cent.

ERPNext rounds each tax row once over the whole document, Xero rounds every line. The host's row is the truth: its exact share per
line is worked out by walking `charge_type` and `row_id` in order (`item_wise_tax_detail` is keyed by item code and merges lines,
so it is no source), and the row's cents are dealt out by largest remainder. Rule: accounting_rules "Tax parity".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from .money import CENT, ZERO, decimal, plain

NO_TAX = "No tax"
HUNDRED = Decimal(100)


@dataclass
class TaxLine:
    """A line that can carry tax: an invoice item, or an 'Actual' charge row turned into a line.

    `net` is in document currency, after all discounts. `parts` collects (account, rate) of every tax row that applies and
    `exact` the exact tax of each row by its position; `tax` is the line's share in whole cents once allocated.
    """

    net: Decimal
    rates: dict[str, Any] = field(default_factory=dict)
    template: str = ""
    charge_row: int | None = None
    parts: list[tuple[str, Decimal]] = field(default_factory=list)
    exact: dict[int, Decimal] = field(default_factory=dict)
    tax: Decimal = ZERO

    @property
    def tax_key(self) -> str:
        """The host's name for the taxes on this line: "GST - KS @ 15", several joined by " + ", or "No tax"."""
        charged = [part for part in self.parts if part[1]] or self.parts[:1]
        return " + ".join(part_name(account, rate) for account, rate in charged) or NO_TAX


def part_name(account: str, rate: Decimal) -> str:
    """The name of one tax at one rate, as tax mappings know it: "GST - KS @ 15"."""
    return f"{account} @ {plain(rate):f}"


def item_rates(item_tax_rate: Any) -> dict[str, Any]:
    """An item row's `item_tax_rate` (JSON text, dict or empty) as {tax account: rate}."""
    if not item_tax_rate:
        return {}
    rates = json.loads(item_tax_rate) if isinstance(item_tax_rate, str) else item_tax_rate
    return rates if isinstance(rates, dict) else {}


def row_total(row: dict[str, Any]) -> Decimal:
    """What a tax row adds to the document, in document currency; negative for a deducted row."""
    amount = row.get("tax_amount_after_discount_amount")
    total = decimal(row.get("tax_amount") if amount is None else amount)
    return -total if row.get("add_deduct_tax") == "Deduct" else total


def charge_lines(position: int, row: dict[str, Any], items: Sequence[TaxLine]) -> list[TaxLine]:
    """An 'Actual' (or other charge) row as lines: ERPNext taxes it item by item in proportion to net amounts, each share at its
    item's rates (observed on freight over mixed rates), so there is one line per different set of item rates."""
    total, whole = row_total(row), sum((item.net for item in items), ZERO)
    groups: dict[tuple[str, str], list[TaxLine]] = {}
    for item in items:
        groups.setdefault((json.dumps(item.rates, sort_keys=True, default=str), item.template), []).append(item)
    if len(groups) < 2 or not whole:
        first = items[0] if items else TaxLine(ZERO)
        return [TaxLine(total, first.rates, first.template, charge_row=position)]
    return [
        TaxLine(total * sum((item.net for item in group), ZERO) / whole, group[0].rates, group[0].template, charge_row=position)
        for group in groups.values()
    ]


def settle_charges(rows: Sequence[dict[str, Any]], lines: Sequence[TaxLine]) -> list[TaxLine]:
    """Join the shares of a charge that came out with the same taxes, and bring them to whole cents that add up to its row."""
    settled = [line for line in lines if line.charge_row is None]
    merged: dict[tuple[int, tuple[tuple[str, Decimal], ...], str], TaxLine] = {}
    for line in lines:
        if line.charge_row is None:
            continue
        line.template = line.template if line.parts else ""
        same = merged.setdefault((line.charge_row, tuple(line.parts), line.template), line)
        if same is not line:
            same.net += line.net
            same.exact = {at: same.exact[at] + share for at, share in line.exact.items()}
    for position in {line.charge_row for line in merged.values()}:
        shares = [line for line in merged.values() if line.charge_row == position]
        nets = [line.net for line in shares]
        for line, net in zip(shares, allocate(row_total(rows[position or 0]), nets, nets) or nets):
            line.net = net
    return settled + list(merged.values())


def spread(rows: Sequence[dict[str, Any]], lines: Sequence[TaxLine], tax_rows: Sequence[int]) -> None:
    """Give each line its exact share of every row in `tax_rows` (positions in `rows`) and note which rates apply to it.

    Charge lines (`charge_row` set) take part only in rows that are based on the charge: 'On Previous Row Total' after it, or 'On
    Previous Row Amount' of it.
    """
    wanted = set(tax_rows)
    for position, row in enumerate(rows):
        if position not in wanted:
            continue
        for line in lines:
            base = _base(row, line, wanted)
            if base is None:
                continue
            rate = _rate(row, line)
            if rate is None:
                continue
            line.parts.append((row["account_head"], rate))
            line.exact[position] = base * rate / HUNDRED


def _rate(row: dict[str, Any], line: TaxLine) -> Decimal | None:
    """The row's rate on this line: the item's own where it names the account, else the row's; None where it does not apply."""
    if row["account_head"] in line.rates:
        own = line.rates[row["account_head"]]
        # ERPNext 16 writes "N/A" where an item tax template switches a tax off for the item.
        return None if own == "N/A" else decimal(own)
    return decimal(row.get("rate"))


def _base(row: dict[str, Any], line: TaxLine, wanted: set[int]) -> Decimal | None:
    """What the row's rate is applied to on this line; None where the row does not touch it."""
    charge_type = row.get("charge_type")
    if charge_type == "On Net Total":
        return None if line.charge_row is not None else line.net
    previous = int(row.get("row_id") or 0) - 1
    if charge_type == "On Previous Row Amount":
        return line.net if line.charge_row == previous else line.exact.get(previous)
    if charge_type == "On Previous Row Total":
        if line.charge_row is not None and line.charge_row > previous:
            return None
        return line.net + sum((share for at, share in line.exact.items() if at <= previous and at in wanted), ZERO)
    return None


def allocate(total: Decimal, exact: Sequence[Decimal], weights: Sequence[Decimal]) -> list[Decimal] | None:
    """Deal `total` over lines in whole cents, nearest to `exact`, so that the parts add up to it.

    Largest remainder first; ties go to the larger taxable amount (`weights`), then to the earlier line. None where the shares and
    the total are further apart than a cent a line: then somebody typed the tax, and no rounding explains it.
    """
    if abs(total - sum(exact, ZERO)) > CENT * len(exact):
        return None
    floors = [share.quantize(CENT, rounding=ROUND_FLOOR) for share in exact]
    cents = int((total - sum(floors, ZERO)) / CENT)
    order = sorted(range(len(exact)), key=lambda at: (-(exact[at] - floors[at]), -abs(weights[at]), at))
    if cents < 0:
        # The host rounded below the sum of floors: take cents back where the remainder was smallest.
        for at in reversed(order[cents:]):
            floors[at] -= CENT
        return floors
    if cents > len(order):
        return None
    for at in order[:cents]:
        floors[at] += CENT
    return floors
