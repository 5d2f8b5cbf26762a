"""ERPNext's tax rows, divided over the lines of a document so that they add up to the cent.

ERPNext rounds each tax row once over the whole document, Xero rounds every line. ERPNext's rows are right: the exact share of each line is
computed by following `charge_type` and `row_id` in order, and the row's cents are then dealt out by largest remainder. ERPNext's own
breakdown is no source: `item_wise_tax_detail` of version 15 is keyed by item code and merges lines; `item_wise_tax_details` of version 16
is rounded and in company currency (both observed).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from .money import CENT, ZERO, decimal, plain

NO_TAX = "No tax"
FIXED = " (fixed amount)"
HUNDRED = Decimal(100)


@dataclass
class TaxLine:
    """A line that can carry tax: an invoice item, or an 'Actual' charge row turned into a line.

    `net` is in document currency, after all discounts. `parts` collects (account, rate in per cent) of every tax row that applies; the rate
    is negative where the row is deducted. `exact` is the exact tax of each row by its position; `tax` is the line's share in whole cents
    once allocated. `fixed` is the tax account of a line that is itself an amount of tax (import GST). `typed`: its tax was typed as an
    amount, not computed from a rate. `cost_of`: the account of a tax on it that is not claimed, but a part of its cost.
    """

    net: Decimal
    rates: dict[str, Any] = field(default_factory=dict)
    template: str = ""
    charge_row: int | None = None
    parts: list[tuple[str, Decimal]] = field(default_factory=list)
    exact: dict[int, Decimal] = field(default_factory=dict)
    tax: Decimal = ZERO
    fixed: str = ""
    typed: bool = False
    cost_of: str = ""

    def part(self, net: Decimal, tax: Decimal) -> TaxLine:
        """The same line for a part of its amount, with this part of its tax."""
        exact = {at: share * net / self.net for at, share in self.exact.items()}
        return replace(self, net=net, tax=tax, exact=exact)

    @property
    def charged_elsewhere(self) -> bool:
        """Whether the item tax template has a rate that is not 0, so that a line without tax is none of its doing: the document has no row
        for that tax. ERPNext 16 writes "N/A" where a template switches a tax off."""
        return self.tax_key == NO_TAX and any(rate != "N/A" and decimal(rate) for rate in self.rates.values())

    @property
    def tax_key(self) -> str:
        """The name of the taxes on this line, added ones first: "GST - KS @ 15", several joined by " + "; "VAT - MI @ 20 + VAT - MI @ -20"
        for a reverse charge, "GST - KS (fixed amount)", or "No tax"."""
        if self.fixed:
            return fixed_name(self.fixed)
        added = [part for part in self.parts if not part[1].is_signed()]
        taken = [part for part in self.parts if part[1].is_signed()]
        charged = [part for part in added + taken if part[1]] or added[:1] + taken[:1]
        return " + ".join(part_name(account, rate) for account, rate in charged) or NO_TAX

    @property
    def paired(self) -> bool:
        """Whether tax is both added and deducted on this line, as in a reverse charge, where the buyer accounts for it."""
        return any(rate.is_signed() for _, rate in self.parts) and any(not rate.is_signed() for _, rate in self.parts)

    @property
    def left_over(self) -> Decimal:
        """The sum of all tax rows on this line before rounding; for a reverse charge, what does not cancel out."""
        return sum(self.exact.values(), ZERO)

    def self_assessed(self) -> Decimal:
        """The tax that the added rows of a reverse charge put on this line, before rounding. A row is taken off by "Deduct" on a purchase, by
        a rate below 0 on a sale, which has no such choice; `parts` and `exact` have the rows in the same order."""
        return sum((share for (_account, rate), share in zip(self.parts, self.exact.values()) if not rate.is_signed()), ZERO)


def part_name(account: str, rate: Decimal) -> str:
    """The name of one tax at one rate in tax mappings: "GST - KS @ 15"; a deducted one "GST - KS @ -15"."""
    return f"{account} @ {plain(rate):f}"


def fixed_name(account: str) -> str:
    """The name in tax mappings of a tax that is an amount without a rate: "GST - KS (fixed amount)"."""
    return account + FIXED


def is_fixed(key: str) -> bool:
    """Whether a tax key names an amount without a rate."""
    return key.endswith(FIXED)


def charged_rates(key: str) -> list[Decimal]:
    """The rates (per cent) in a tax key that are not zero."""
    return [Decimal(rate) for rate in re.findall(r" @ (-?[0-9.]+)(?= \+ |$)", key) if Decimal(rate)]


def rate_in(key: str, account: str) -> Decimal:
    """The rate (per cent) of an account in a tax key, where it is added; 0 where the key is not about it. Account names may themselves
    contain " + "."""
    said = re.search(rf" \+ {re.escape(account)} @ ([0-9.]+)(?= \+ |$)", f" + {key}")
    return Decimal(said[1]) if said else ZERO


def deducts(key: str) -> bool:
    """Whether a tax key has a deducted part."""
    return bool(re.search(r" @ -[0-9.]+(?= \+ |$)", key))


def accounts_rates(keys: Iterable[str], account: str) -> list[Decimal]:
    """The rates (per cent) that an account is mapped with; what is taken off again, as in a reverse charge, is none."""
    return sorted({rate for key in keys if not deducts(key) and (rate := rate_in(key, account))})


def names_account(key: str, account: str) -> bool:
    """Whether a tax key contains this account. Account names may themselves contain " + ", so the key is searched, not split."""
    return f" + {account} @ " in f" + {key}" or key == fixed_name(account)


def renamed_account(key: str, old: str, new: str) -> str:
    """The tax key once the account `old` is called `new`."""
    if key == fixed_name(old):
        return fixed_name(new)
    return f" + {key}".replace(f" + {old} @ ", f" + {new} @ ").removeprefix(" + ")


def template_key(rows: Sequence[dict[str, Any]], rates: dict[str, Any]) -> str:
    """The tax key that a line gets from the rows of a template, with the rates of an item tax template (or none)."""
    line = TaxLine(HUNDRED, rates)
    spread(rows, [line], range(len(rows)))
    return line.tax_key


def deducted(row: dict[str, Any]) -> bool:
    """Whether a row is deducted from the document."""
    return row.get("add_deduct_tax") == "Deduct"


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
    return -total if deducted(row) else total


def allocate_row(row: dict[str, Any], exact: Sequence[Decimal], weights: Sequence[Decimal], unit: Decimal = CENT) -> list[Decimal] | None:
    """A tax row's cents dealt out over its lines (see `allocate`). A deducted row is dealt out as a positive amount and then negated, so
    that both halves of a reverse charge get the same cents on every line and cancel out."""
    if not (deducted(row) or decimal(row.get("rate")) < ZERO):
        return allocate(row_total(row), exact, weights, unit)
    parts = allocate(-row_total(row), [-share for share in exact], weights, unit)
    return None if parts is None else [-part for part in parts]


def charge_lines(position: int, row: dict[str, Any], items: Sequence[TaxLine]) -> list[TaxLine]:
    """An 'Actual' (or other charge) row as lines. ERPNext taxes it item by item in proportion to net amounts, each share at its item's
    rates (observed on ERPNext 15.71 with freight over mixed rates), so there is one line for each different set of item rates."""
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


def settle_charges(rows: Sequence[dict[str, Any]], lines: Sequence[TaxLine], unit: Decimal = CENT) -> list[TaxLine]:
    """Join the shares of a charge that have the same taxes, and round them to whole cents (`unit`) that add up to its row."""
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
        for line, net in zip(shares, allocate(row_total(rows[position or 0]), nets, nets, unit) or nets):
            line.net = net
    return settled + list(merged.values())


def spread(rows: Sequence[dict[str, Any]], lines: Sequence[TaxLine], tax_rows: Sequence[int]) -> None:
    """Give each line its exact share of every row in `tax_rows` (positions in `rows`), and note which rates apply to it.

    Charge lines (`charge_row` set) take part only in rows based on the charge: 'On Previous Row Total' after it, or 'On Previous Row
    Amount' of it.
    """
    wanted = set(tax_rows)
    for position, row in enumerate(rows):
        if position not in wanted:
            continue
        for line in lines:
            base = _base(rows, position, line, wanted)
            if base is None:
                continue
            rate = _rate(row, line)
            if rate is None:
                continue
            share = base * rate / HUNDRED
            # copy_negate keeps the sign of a deducted rate of 0, which is another tax treatment than an added rate of 0.
            line.parts.append((row["account_head"], rate.copy_negate() if deducted(row) else rate))
            line.exact[position] = -share if deducted(row) else share


def _rate(row: dict[str, Any], line: TaxLine) -> Decimal | None:
    """The row's rate (per cent) on this line: the item's own where it names the account, else the row's; None where it does not apply."""
    if row["account_head"] in line.rates:
        own = line.rates[row["account_head"]]
        # ERPNext 16 writes "N/A" where an item tax template switches a tax off for the item.
        return None if own == "N/A" else decimal(own)
    return decimal(row.get("rate"))


def _base(rows: Sequence[dict[str, Any]], position: int, line: TaxLine, wanted: set[int]) -> Decimal | None:
    """The amount that the row's rate applies to on this line; None where the row does not touch it."""
    charge_type, previous = rows[position].get("charge_type"), int(rows[position].get("row_id") or 0) - 1
    if charge_type == "On Net Total":
        return None if line.charge_row is not None else line.net
    if charge_type == "On Previous Row Amount":
        amount = line.net if line.charge_row == previous else line.exact.get(previous)
        # ERPNext takes the previous row's amount as it stands there, without the sign of a deduction.
        return -amount if amount is not None and deducted(rows[previous]) else amount
    if charge_type == "On Previous Row Total":
        if line.charge_row is not None and line.charge_row > previous:
            return None
        return line.net + sum((share for at, share in line.exact.items() if at <= previous and at in wanted), ZERO)
    return None


def allocate(total: Decimal, exact: Sequence[Decimal], weights: Sequence[Decimal], unit: Decimal = CENT) -> list[Decimal] | None:
    """Deal `total` over lines in whole cents (or another `unit`, as whole yen), each nearest to its `exact` share, so that the parts add up to it.

    Largest remainder first; ties go to the larger taxable amount (`weights`), then to the earlier line. None where the shares and the total
    differ by more than a cent for each line: then somebody typed the tax, and no rounding explains it; and where the total is no whole number of
    cents itself.
    """
    if total % unit or abs(total - sum(exact, ZERO)) > unit * len(exact):
        return None
    floors = [share.quantize(unit, rounding=ROUND_FLOOR) for share in exact]
    cents = int((total - sum(floors, ZERO)) / unit)
    order = sorted(range(len(exact)), key=lambda at: (-(exact[at] - floors[at]), -abs(weights[at]), at))
    if cents < 0:
        # ERPNext rounded to less than the sum of the floors: take cents back where the remainder was smallest.
        for at in reversed(order[cents:]):
            floors[at] -= unit
        return floors
    if cents > len(order):
        return None
    for at in order[:cents]:
        floors[at] += unit
    return floors
