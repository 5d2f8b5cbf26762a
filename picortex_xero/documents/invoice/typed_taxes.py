"""Tax typed as an amount ('Actual' rows on tax accounts): the document's own tax, tax on imports, or what a US tax service worked out.

An amount that comes to mapped rates of the document's own lines is their tax: they get that tax type and the amount as TaxAmount. Any other
amount becomes a line of its own: with the type that the admin chose for amounts without a rate ("GST (fixed amount)": tax on imports), in
the United States without tax on the liability account, since services such as Avalara and TaxJar work it out by address and write 'Actual'
rows (ERPNext's own TaxJar integration, erpnext_integrations/taxjar_integration.py in version 13). An amount that may or may not be the
tax of the document's own lines waits for a person, and so does one that is less than their tax: a part claim, a limited one or a remainder
is no tax on imports.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass
class Typed:
    """The state of a document while its typed taxes are sorted: `rows` with what was typed for the same lines joined in its first row, the
    lines without those that an explained row had, and the positions of the explained rows."""

    builder: LineBuilder
    rows: list[Row]
    lines: list[TaxLine]
    explained: list[int] = field(default_factory=list)

    def sort(self, account: str) -> None:
        """Give the document's own lines what was typed on one account: each row by itself, where that explains them all, as with a row for each
        rate; else all together; else those that are explained."""
        typed = [line for line in self.lines if line.charge_row is not None and line.fixed == account]
        places = [line.charge_row or 0 for line in typed]
        # Tax on tax, and what is taken off again, are no tax of the lines alone.
        if any(line.parts or line.net <= ZERO or deducted(self.rows[at]) for line, at in zip(typed, places)):
            return
        alone = self._one_by_one(account, places)
        together = self._found(account, self._total(places), self._candidates(account))
        explained = [each for each in alone if each[2].rates is not None]
        if len(explained) < len(places) and together.rates is not None:
            explained = [(places, self._candidates(account), together)]
        elif len(explained) < len(places) and (
            any(each[2].doubtful for each in alone) or (together.doubtful and not explained) or self._belongs_nowhere(account)
        ):
            self.builder.note(_doubtful(self.builder, account, self._total(places)))
        elif left := [at for at in places if not any(at in of_rows for of_rows, _lines, _found in explained)]:
            rest, most = self._total(left), self._most(account)
            if rest < most and not left_by_service(self.builder):
                self.builder.note(_part(self.builder, account, rest, most))
        for of_rows, candidates, found in explained:
            self._give(account, of_rows, candidates, found.rates or ())

    def _belongs_nowhere(self, account: str) -> bool:
        """Whether an amount that no rate explains is no tax on imports, as on a sale: nobody is to be sent from one mapping to the next until
        it stands on whatever account takes it, unless somebody has chosen a type for such amounts already."""
        builder = self.builder
        chosen = builder.mapping.tax(builder.direction, fixed_name(account), "", account)
        on_a_sale = builder.direction == "Sales" and not left_by_service(builder)
        return on_a_sale and isinstance(chosen, Problem) and bool(self._rates(account))

    def _total(self, places: list[int]) -> Decimal:
        return sum((row_total(self.rows[at]) for at in places), ZERO)

    def _one_by_one(self, account: str, places: list[int]) -> list[tuple[list[int], list[TaxLine], Explanation]]:
        """What each row is the tax of, no line being taxed by two of them: (places, the lines asked about, the explanation)."""
        left, found = self._candidates(account), []
        for at in places:
            explanation = self._found(account, self._total([at]), left)
            found.append(([at], left, explanation))
            left = [line for line, rate in zip(left, explanation.rates or [ZERO] * len(left)) if not rate]
        return found

    def _give(self, account: str, places: list[int], candidates: list[TaxLine], rates: tuple[Decimal, ...]) -> None:
        """Tax the lines with what the rows at these places come to together."""
        at, total = places[0], self._total(places)
        for line, rate in zip(candidates, rates):
            if rate:
                line.parts.append((account, rate))
                line.exact[at], line.typed = line.net * rate / HUNDRED, True
            elif _own(line, account) == ZERO and line.rates[account] != "N/A":
                line.parts.append((account, ZERO))
        amounts = {each: total if each == at else ZERO for each in places}
        self.rows = [
            {**row, "tax_amount": amounts[each], "tax_amount_after_discount_amount": amounts[each]} if each in amounts else row
            for each, row in enumerate(self.rows)
        ]
        self.lines = [line for line in self.lines if not (line.fixed and line.charge_row in amounts)]
        self.explained.append(at)

    def _candidates(self, account: str) -> list[TaxLine]:
        """The lines that may carry a typed tax: those that no rate taxes already, and none that is an amount of tax itself or tax withheld."""
        return [
            line
            for line in self.lines
            if not line.fixed
            and not any(rate for taxed_by, rate in line.parts if taxed_by == account or not line.typed)
            and not self._withheld(line)
        ]

    def _most(self, account: str) -> Decimal:
        """The tax of all its own lines: at the rate that a line has on this account already, else at the highest that is mapped."""
        rates = self._rates(account)
        return sum(
            (
                line.net * next((rate for taxed_by, rate in line.parts if taxed_by == account), rates[-1] if rates else ZERO) / HUNDRED
                for line in self.lines
                if not line.fixed and not self._withheld(line) and _own(line, account) != ZERO
            ),
            ZERO,
        ).quantize(self.builder.unit)

    def _withheld(self, line: TaxLine) -> bool:
        return line.charge_row is not None and bool(self.rows[line.charge_row].get("is_tax_withholding_account"))

    def _rates(self, account: str) -> list[Decimal]:
        """The rates that the account is mapped with, in this direction where there are any."""
        mapping = self.builder.mapping
        mapped = [(row[0], row[1]) for row in (*mapping.taxes, *mapping.class_taxes)]
        rates = accounts_rates([key for direction, key in mapped if direction == self.builder.direction], account)
        return rates or accounts_rates([key for _, key in mapped], account)

    def _found(self, account: str, total: Decimal, candidates: list[TaxLine]) -> Explanation:
        builder, rates = self.builder, self._rates(account)
        taxable = [Taxable(line.net, _own(line, account), line.charge_row is not None) for line in candidates]
        discounted = any(item.get("taxed_as") for item in builder.doc.get("items") or [])
        found = explain(total, taxable, rates, builder.unit, search=not discounted and not left_by_service(builder))
        if discounted and found.rates is None and not left_by_service(builder):
            # Discounts on accounts of their own are lines, too, and not to be taxed apart from what they are taken off.
            return Explanation(None, True)
        if found.rates is None and not found.doubtful and decimal(builder.doc.get("discount_amount")):
            before = [
                Taxable(decimal(item.get("amount")), _own(line, account)) for item, line in zip(builder.doc.get("items") or [], self.lines)
            ]
            # Typed before a discount on the whole document: it is their tax, but more than what is charged now can carry.
            return Explanation(None, explain(total, before, rates, builder.unit, search=False).rates is not None)
        return found


def with_typed_taxes(builder: LineBuilder, rows: list[Row], lines: list[TaxLine]) -> Typed:
    """Give the document's own lines the tax that was typed for them."""
    state = Typed(builder, rows, lines)
    # Of a day's joined counter sales, what was charged on which item is in ERPNext's detail; nothing is taken from its joined figures.
    if not builder.doc.get("is_consolidated"):
        for account in dict.fromkeys(line.fixed for line in lines if line.charge_row is not None and line.fixed):
            state.sort(account)
    return state


def left_by_service(builder: LineBuilder) -> bool:
    """Whether what is typed on a tax account is what a tax service worked out: owed to the state, and no tax rate of Xero's."""
    return builder.mapping.country in BY_SERVICE


def _own(line: TaxLine, account: str) -> Decimal | None:
    """The rate that an item tax template gives the line; a charge has none of its own."""
    if line.charge_row is not None or account not in line.rates:
        return None
    return ZERO if line.rates[account] == "N/A" else decimal(line.rates[account])


_OF_A_SALE = _(
    "Cancel it here and enter it again with the tax as a row with its rate (On Net Total), untaxed lines by an item tax template, and cents by which its figure differs as a row (Actual) on an account for rounding; or enter it in Xero by hand with the tax that it has here"
)


def _doubtful(builder: LineBuilder, account: str, total: Decimal) -> Problem:
    known: dict[str, Text | str] = {"document": builder.title, "total": f"{total:f}", "account": account}
    if builder.direction == "Purchases":
        resolution = _(
            'Cancel it here and enter it again with the tax of the supplier as a row with its rate (On Net Total), untaxed lines by an item tax template, and cents by which the figure of the supplier differs as a row (Actual) on an account for rounding; tax on imports as an item line of its own on {account}, mapped as "{fixed}". Or enter it in Xero by hand with the tax that the supplier shows'
        ).format(account=account, fixed=fixed_name(account))
    else:
        resolution = _OF_A_SALE
    return Problem(
        "tax-typed",
        _(
            "{document} has {total} of tax typed on {account}, and the mapped rates do not say for certain which of its lines it is the tax of"
        ).format(**known),
        resolution,
        held=True,
    )


def _part(builder: LineBuilder, account: str, total: Decimal, most: Decimal) -> Problem:
    known: dict[str, Text | str] = {"document": builder.title, "total": f"{total:f}", "account": account, "most": f"{most:f}"}
    if builder.direction == "Purchases":
        resolution = _(
            """Cancel it here and enter it again. Where only a part of the tax may be claimed: the part of the price that it is the tax of as an item line with the tax as a row with its rate (On Net Total), the rest, with the tax that is not claimed in its price, as a line with an item tax template of 0 %. Where it is cents by which the supplier's figure differs: as a row (Actual) on an account for rounding. Where it is tax on imports: as an item line of its own on {account}, mapped as "{fixed}". Or enter it in Xero by hand"""
        ).format(account=account, fixed=fixed_name(account))
    else:
        resolution = _OF_A_SALE
    return Problem(
        "tax-typed",
        _(
            "{document} has {total} of tax typed on {account}, which no mapped rate explains; it is less than the tax of its own lines ({most}), so it may be a part of that and is not sent as tax on imports"
        ).format(**known),
        resolution,
        held=True,
    )
