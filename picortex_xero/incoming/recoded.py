"""What here stands for the account, the tax and the tracking that somebody has given a line of an invoice or bill in Xero. Decides on values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, decimal
from ..accounting.problems import Problem
from ..accounting.tax import NO_TAX
from ..accounting.texts import NONE, _
from .way_back import PURCHASES, SALES, TAX_BACK, WayBack

_PART = re.compile(r"(.+?) @ (-?[0-9.]+)(?: \+ |$)")
ON_NET = "On Net Total"


@dataclass(frozen=True)
class Recoded:
    """`templates`: what each item tax template of the company says of its accounts, by rate in per cent; `sells`: it is a sale."""

    back: WayBack
    templates: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    sells: bool = True

    def account(self, code: str) -> str | Problem:
        """The account here for one of Xero's, by its code."""
        return self.back.account(code)

    def cost_center(self, tags: Iterable[tuple[str, str]]) -> str | Problem:
        """The cost centre here for the tracking of a line, (category, option) each."""
        return self.back.cost_center(tags)

    def template(self, tax_type: str, taxes: Sequence[Mapping[str, Any]]) -> str | Problem:
        """The item tax template that gives a row this tax of Xero's in a document with these tax rows; "" where it needs none."""
        found = self.back.tax(tax_type, [SALES if self.sells else PURCHASES])
        if isinstance(found, Problem):
            return found
        if found.template:
            return found.template
        rows = {str(row.get("account_head")): decimal(row.get("rate")) for row in taxes if row.get("charge_type") == ON_NET}
        rates = {} if found.here == NO_TAX else {account: Decimal(rate) for account, rate in _PART.findall(found.here)}
        if _charged(rates) == _charged(rows):
            return ""
        wanted = {account: rates.get(account, ZERO) for account in {**rows, **rates}}
        fitting = [name for name, says in self.templates.items() if all(says.get(each) == rate for each, rate in wanted.items())]
        if len(fitting) == 1 and rates.keys() <= rows.keys():
            return fitting[0]
        return Problem(TAX_BACK, _("no item tax template here gives a row the tax {tax} alone").format(tax=found.here), NONE, held=True)


def _charged(rates: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {account: rate for account, rate in rates.items() if rate}
