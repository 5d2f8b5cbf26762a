"""Tax typed as an amount ('Actual' rows on tax accounts): the document's own tax, tax on imports, or what a US tax service worked out.

An amount that comes to mapped rates of the document's own lines is their tax: they get that tax type and the amount as TaxAmount. Any other
amount becomes a line of its own: with the type that the admin chose for amounts without a rate ("GST (fixed amount)": tax on imports), in
the United States without tax on the liability account, since services such as Avalara and TaxJar work it out by address and write 'Actual'
rows (ERPNext's own TaxJar integration, erpnext_integrations/taxjar_integration.py in version 13). An amount that may or may not be the
tax of the document's own lines waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal
from ...accounting.problems import Problem
from ...accounting.tax import HUNDRED, TaxLine, accounts_rates, deducted, fixed_name, row_total
from ...accounting.texts import Text, _
from ...accounting.typed_tax import Explanation, Taxable, explain
from .line_builder import LineBuilder

BY_SERVICE = ("US",)
Row = dict[str, Any]


@dataclass(frozen=True)
class Typed:
    """`rows` with what was typed on one account joined in its first row, the lines without those that an explained row had, and the
    positions of the explained rows."""

    rows: list[Row]
    lines: list[TaxLine]
    explained: list[int]


def with_typed_taxes(builder: LineBuilder, rows: list[Row], lines: list[TaxLine], unit: Decimal) -> Typed:
    """Give the document's own lines the tax that was typed for them."""
    explained: list[int] = []
    if builder.doc.get("is_consolidated"):
        # A day's counter sales: what was charged on which item is in ERPNext's detail, and nothing is taken from its joined figures.
        return Typed(rows, lines, explained)
    for account in dict.fromkeys(line.fixed for line in lines if line.charge_row is not None and line.fixed):
        typed = [line for line in lines if line.charge_row is not None and line.fixed == account]
        places = [line.charge_row or 0 for line in typed]
        # Tax on tax, and what is taken off again, are no tax of the lines alone.
        if any(line.parts or line.net <= ZERO or deducted(rows[at]) for line, at in zip(typed, places)):
            continue
        doubtful = False
        for group in dict.fromkeys([tuple(places), *((at,) for at in places)]):
            if set(group) & set(explained):
                continue
            total = sum((row_total(rows[at]) for at in group), ZERO)
            found = _explained(builder, account, total, lines, unit)
            doubtful = found.doubtful
            if found.rates is not None:
                rows = _joined(rows, group, total)
                explained.append(group[0])
                _tax(_candidates(account, lines), account, group[0], found.rates)
                lines = [line for line in lines if line not in typed or line.charge_row not in group]
            elif doubtful and len(group) == 1:
                builder.note(_doubtful(builder, account, total))
    return Typed(rows, lines, explained)


def left_by_service(builder: LineBuilder) -> bool:
    """Whether what is typed on a tax account is what a tax service worked out: owed to the state, and no tax rate of Xero's."""
    return builder.mapping.country in BY_SERVICE


def _candidates(account: str, lines: list[TaxLine]) -> list[TaxLine]:
    """The lines that may carry a typed tax: those that no rate taxes already, and none that is an amount of tax itself."""
    return [
        line
        for line in lines
        if not line.fixed
        and not any(rate for _, rate in line.parts if not line.typed)
        and not any(part[0] == account for part in line.parts)
    ]


def _explained(builder: LineBuilder, account: str, total: Decimal, lines: list[TaxLine], unit: Decimal) -> Explanation:
    mapped = [(row[0], row[1]) for row in (*builder.mapping.taxes, *builder.mapping.class_taxes)]
    rates = accounts_rates([key for direction, key in mapped if direction == builder.direction], account)
    rates = rates or accounts_rates([key for _, key in mapped], account)
    taxable = [Taxable(line.net, _own(line, account)) for line in _candidates(account, lines)]
    found = explain(total, taxable, rates, unit, search=not left_by_service(builder))
    if found.rates is None and not found.doubtful and decimal(builder.doc.get("discount_amount")):
        before = [Taxable(decimal(item.get("amount")), _own(line, account)) for item, line in zip(builder.doc.get("items") or [], lines)]
        # Typed before a discount on the whole document: it is their tax, but more than what is charged now can carry.
        return Explanation(None, explain(total, before, rates, unit, search=False).rates is not None)
    return found


def _own(line: TaxLine, account: str) -> Decimal | None:
    """The rate that an item tax template gives the line; a charge has none of its own."""
    if line.charge_row is not None or account not in line.rates:
        return None
    return ZERO if line.rates[account] == "N/A" else decimal(line.rates[account])


def _joined(rows: list[Row], group: tuple[int, ...], total: Decimal) -> list[Row]:
    amounts = {at: total if at == group[0] else ZERO for at in group}
    return [
        {**row, "tax_amount": amounts[at], "tax_amount_after_discount_amount": amounts[at]} if at in amounts else row
        for at, row in enumerate(rows)
    ]


def _tax(lines: list[TaxLine], account: str, at: int, rates: tuple[Decimal, ...]) -> None:
    for line, rate in zip(lines, rates):
        if rate:
            line.parts.append((account, rate))
            line.exact[at], line.typed = line.net * rate / HUNDRED, True
        elif line.charge_row is None and line.rates.get(account, "N/A") != "N/A":
            line.parts.append((account, ZERO))


def _doubtful(builder: LineBuilder, account: str, total: Decimal) -> Problem:
    known: dict[str, Text | str] = {"document": builder.title, "total": f"{total:f}", "account": account}
    if builder.direction == "Purchases":
        resolution = _(
            'Cancel it here and enter it again with the supplier\'s tax as a row with its rate (On Net Total), untaxed lines by an item tax template; tax on imports as an item line of its own on {account}, mapped as "{fixed}". Or enter it in Xero by hand'
        ).format(account=account, fixed=fixed_name(account))
    else:
        resolution = _(
            "Cancel it here and enter it again with the tax as a row with its rate (On Net Total), untaxed lines by an item tax template; or enter it in Xero by hand"
        )
    return Problem(
        "tax-typed",
        _(
            "{document} has {total} of tax typed on {account}, and the mapped rates do not say for certain which of its lines it is the tax of"
        ).format(**known),
        resolution,
        held=True,
    )
