"""An independent reading of how ERPNext 15 turns a typed invoice into amounts, down to the cent.

Written from ERPNext's `taxes_and_totals` (15.71, public, GPL; read for its rules, nothing copied) and checked
against documents recorded from a real site. Imports nothing from the app, so the app can be held against it.
Names of results are the host's field names. Amounts are floats because the host's are: a tie at the third
decimal is decided by the float that carries it.

The rules, in order:

1. Line: typed rate rounded to the price field's places; else price list rate less the percentage, rounded.
   amount = rate x qty, to the currency's 2 places.
2. Prices that include tax: net_amount = amount / (1 + sum of the fractions of the rows that apply to the line), rounded.
3. A tax row is the *unrounded* sum over lines, rounded once. Actual rows are spread by net amount.
4. Inclusive: grand total is the gross total where it is at most 0.05 away from net + rows.
5. Document discount: spread over net amounts, cumulative rounding differences carried to the line at
   which they arise, then everything from 2 again without re-extracting tax.
6. Base currency: each figure is converted and rounded by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.erp.typed import ACTUAL, ON_NET_TOTAL, ON_PREVIOUS_ROW_AMOUNT, Charge, Invoice, Line
from tests.property.frappe_numbers import METHODS, whole_currency

CENTS = 2  # Currency fields of a site with the default number format
FLOAT = 3  # Float fields of a site with the default float precision
INCLUSIVE_DIFFERENCE = 0.05  # the largest gap between gross total and net + rows that ERPNext closes itself


@dataclass(frozen=True)
class Site:
    """The settings of a site that decide cents. `smallest` is Currency.smallest_currency_fraction_value."""

    rounding_method: str = "Banker's Rounding"
    smallest: Mapping[str, float] = field(default_factory=dict)


class _Calculation:
    """One invoice on its way to amounts; `lines` and `rows` carry the host's field names."""

    def __init__(self, invoice: Invoice, site: Site) -> None:
        self.invoice, self.site = invoice, site
        self.method = METHODS[site.rounding_method]
        self.conversion = float(invoice.conversion_rate)
        self.discount = 0.0
        self.discounted = False
        self.drift = 0.0
        self.undiscounted_total = 0.0
        self.totals: dict[str, float] = {}
        self.lines = [self._line(line) for line in invoice.lines]
        self.rows = [self._row(charge) for charge in invoice.charges]

    def cents(self, value: float) -> float:
        return self.method(value, CENTS)

    def price(self, value: float) -> float:
        return self.method(value, self.invoice.rate_places)

    def base(self, value: float) -> float:
        """A rounded document-currency amount in company currency, rounded to cents."""
        return self.cents(value * self.conversion)

    def _line(self, line: Line) -> dict[str, Any]:
        qty = self.method(float(line.qty), FLOAT)
        listed = self.price(float(line.price_list_rate or 0))
        percent = self.method(float(line.discount_percentage or 0), FLOAT)
        rate = self.price(float(line.rate or 0))
        if percent == 100:
            rate = 0.0
        elif not rate and listed:
            rate = self.price(listed * (1.0 - percent / 100.0))
        amount = self.cents(rate * qty)
        return {"qty": qty, "rate": rate, "net_rate": rate, "amount": amount, "net_amount": amount,
                "rates": {account: float(value) for account, value in (line.tax_rates or {}).items()}}  # fmt: skip

    def _row(self, charge: Charge) -> dict[str, Any]:
        actual = self.cents(float(charge.amount or 0)) if charge.charge_type == ACTUAL else 0.0
        return {"charge": charge, "tax_amount": actual, "tax_amount_after_discount_amount": 0.0, "total": 0.0}

    def _rate(self, charge: Charge, line: Mapping[str, Any]) -> float:
        return self.method(float(line["rates"].get(charge.account, charge.rate)), FLOAT)

    def run(self) -> None:
        """Once without the document discount and, where there is one, once more with it."""
        self._extract_included_tax()
        self._sum()
        self.discount = self._document_discount()
        if self.discount and self._spread_discount():
            self.discounted = True
            self._sum()
        self._round_total()

    def _extract_included_tax(self) -> None:
        if not self.invoice.inclusive:
            return
        for line in self.lines:
            fractions: list[float] = []
            through: list[float] = []  # 1 + the fractions up to and including each row
            for charge in self.invoice.charges:
                fraction = 0.0
                if charge.included:
                    fraction = self._rate(charge, line) / 100.0
                    if charge.charge_type != ON_NET_TOTAL:
                        assert charge.row_id
                        of_amount = charge.charge_type == ON_PREVIOUS_ROW_AMOUNT
                        fraction *= (fractions if of_amount else through)[charge.row_id - 1]
                fractions.append(fraction)
                through.append((through[-1] if through else 1) + fraction)
            together = sum(fractions)
            if line["qty"] and together:
                line["net_amount"] = self.cents(line["amount"] / (1 + together))
                line["net_rate"] = self.price(line["net_amount"] / line["qty"])

    def _sum(self) -> None:
        for line in self.lines:
            for name in ("rate", "net_rate"):
                line["base_" + name] = self.method(line[name] * self.conversion, self.invoice.rate_places)
            for name in ("amount", "net_amount"):
                line["base_" + name] = self.base(line[name])
        for total, of in (("total", "amount"), ("net_total", "net_amount")):
            self.totals[total] = self.cents(sum(line[of] for line in self.lines))
            self.totals["base_" + total] = self.cents(sum(line["base_" + of] for line in self.lines))
        self._sum_rows()
        self._grand_total()

    def _sum_rows(self) -> None:
        """Exact sums over the lines first; then rounding, row by row."""
        keep_undiscounted = self.discounted and self.invoice.apply_discount_on == "Grand Total"
        exact = self._exact_rows()
        running = self.totals["net_total"]
        if keep_undiscounted:
            self.drift = self._grand_total_drift(exact)
        elif self.invoice.apply_discount_on == "Grand Total":
            self.undiscounted_total = self._chained(exact)
        for row, amount in zip(self.rows, exact):
            rounded = self.cents(amount)
            row["tax_amount_after_discount_amount"] = rounded
            if row["charge"].charge_type != ACTUAL and not keep_undiscounted:
                row["tax_amount"] = rounded
            running = self.cents(running + rounded)
            row["total"] = running
            for name in ("tax_amount", "tax_amount_after_discount_amount", "total"):
                row["base_" + name] = self.base(row[name])

    def _exact_rows(self) -> list[float]:
        """Each row's amount, unrounded, accumulated over the lines in the host's order of additions."""
        sums = [0.0] * len(self.rows)
        left = {place: row["tax_amount"] for place, row in enumerate(self.rows)
                if row["charge"].charge_type == ACTUAL}  # fmt: skip
        net_total = self.totals["net_total"]
        for number, line in enumerate(self.lines, start=1):
            parts: list[float] = []
            through: list[float] = []
            for place, row in enumerate(self.rows):
                charge = row["charge"]
                if charge.charge_type == ACTUAL:
                    part = line["net_amount"] * row["tax_amount"] / net_total if net_total else 0.0
                    left[place] -= part
                    if number == len(self.lines):
                        part += left[place]
                elif charge.charge_type == ON_NET_TOTAL:
                    part = (self._rate(charge, line) / 100.0) * line["net_amount"]
                else:
                    of_amount = charge.charge_type == ON_PREVIOUS_ROW_AMOUNT
                    part = (self._rate(charge, line) / 100.0) * (parts if of_amount else through)[charge.row_id - 1]
                sums[place] += part
                parts.append(part)
                through.append((through[-1] if through else line["net_amount"]) + part)
        return sums

    def _chained(self, amounts: list[float]) -> float:
        """Net total plus the rows, rounded after each addition."""
        running = self.totals["net_total"]
        for amount in amounts:
            running = self.cents(running + amount)
        return running

    def _grand_total_drift(self, exact: list[float]) -> float:
        """What a discount on the grand total leaves over once every row is rounded again."""
        if not self.rows:
            return 0.0
        now = self._chained([self.cents(amount) for amount in exact])
        return self.cents(self.undiscounted_total - self.discount - now)

    def _inclusive_drift(self) -> float:
        """Gross total (and what is not included in it) against net total + rows."""
        outside = sum(row["tax_amount_after_discount_amount"] for row in self.rows if not row["charge"].included)
        gap = self.totals["total"] + outside - self.rows[-1]["total"]
        if self.discounted:
            gap -= self.discount
        gap = self.cents(gap)
        return gap if abs(gap) <= INCLUSIVE_DIFFERENCE else 0.0

    def _grand_total(self) -> None:
        if self.invoice.inclusive:
            self.drift = self._inclusive_drift()
        totals = self.totals
        last = self.rows[-1]["total"] if self.rows else totals["net_total"]
        grand = last + self.drift if self.rows else last
        taxes = self.cents(grand - totals["net_total"] - self.drift) if self.rows else 0.0
        totals["total_taxes_and_charges"] = taxes
        totals["base_total_taxes_and_charges"] = self.base(taxes)
        added = taxes
        if self.invoice.doctype == "Purchase Invoice":
            added = self.cents(sum(row["tax_amount_after_discount_amount"] for row in self.rows))
        totals["base_grand_total"] = self.base(grand) if added else totals["base_net_total"]
        totals["grand_total"] = self.cents(grand)

    def _document_discount(self) -> float:
        typed = self.invoice
        if typed.discount_percentage:
            of = "grand_total" if typed.apply_discount_on == "Grand Total" else "net_total"
            percent = self.method(float(typed.discount_percentage), FLOAT)
            return self.cents(self.totals[of] * percent / 100)
        return self.cents(float(typed.discount_amount or 0))

    def _discount_basis(self) -> float:
        """What the discount is a share of: a discount on the grand total leaves Actual rows, and the tax
        on them, out."""
        if self.invoice.apply_discount_on == "Net Total" or not self.rows:
            return self.totals["net_total"]
        fixed = 0.0
        single: dict[int, float] = {}
        through: dict[int, float] = {}
        for place, row in enumerate(self.rows, start=1):
            charge = row["charge"]
            if charge.charge_type == ACTUAL:
                part = row["tax_amount"]
            elif charge.row_id in single:
                known = single if charge.charge_type == ON_PREVIOUS_ROW_AMOUNT else through
                part = known[charge.row_id] * float(charge.rate) / 100
            else:
                continue
            fixed += part
            single[place], through[place] = part, fixed
        return self.undiscounted_total - fixed

    def _spread_discount(self) -> bool:
        basis = self._discount_basis()
        if not basis:
            return False
        exact_sum = rounded_sum = 0.0
        for line in self.lines:
            exact = line["net_amount"] - self.discount * line["net_amount"] / basis
            exact_sum += exact
            line["net_amount"] = self.cents(exact)
            rounded_sum += line["net_amount"]
            carried = self.cents(exact_sum - rounded_sum)
            if carried:
                line["net_amount"] = self.cents(line["net_amount"] + carried)
                rounded_sum += carried
            line["net_rate"] = self.price(line["net_amount"] / line["qty"]) if line["qty"] else 0.0
        return True

    def _round_total(self) -> None:
        totals = self.totals
        rounded = adjustment = 0.0
        if self.invoice.rounded_total:
            smallest = self.site.smallest.get(self.invoice.currency, 0.0)
            rounded = whole_currency(totals["grand_total"], smallest, self.method)
            adjustment = self.cents(rounded - totals["grand_total"])
        for name, value in (("rounded_total", rounded), ("rounding_adjustment", adjustment)):
            totals[name], totals["base_" + name] = value, self.base(value)
        totals["discount_amount"] = self.discount
        totals["base_discount_amount"] = self.base(self.discount)


def calculate(invoice: Invoice, site: Site) -> dict[str, Any]:
    """The amounts of `invoice` on `site`: header fields, `items` and `taxes`, by the host's field names."""
    work = _Calculation(invoice, site)
    work.run()
    items = [{name: value for name, value in line.items() if name != "rates"} for line in work.lines]
    taxes = [{name: value for name, value in row.items() if name != "charge"} for row in work.rows]
    return {**work.totals, "items": items, "taxes": taxes}
