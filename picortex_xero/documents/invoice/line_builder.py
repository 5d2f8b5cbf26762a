"""An invoice's LineItems while they are built, and the problems found on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import CENT
from ...accounting.plain_text import one_line
from ...accounting.problems import Problem
from ...accounting.tax import TaxLine
from ...accounting.tax_types import TaxType
from ...accounting.texts import NONE, Text
from ...accounting.xero_items import code_of
from ..translation import Reason
from .posting import booked_on

DESCRIPTION_LIMIT = 4000


@dataclass
class Line:
    """One Xero line in the making: its body without TaxAmount, ERPNext's tax on it, its amount as sent (gross where tax is inclusive), the
    ERPNext account, and the tax row that it comes from (None for an item). `taxed_as`: of a discount, the account of what it is taken off,
    by which its tax type is chosen. `item_why`: why it goes without its item's code, where people may expect that."""

    body: dict[str, Any]
    source: TaxLine
    amount: Decimal
    account: str
    row: dict[str, Any] | None = None
    tax_type: TaxType | None = None
    taxed_as: str = ""
    item_why: Text = NONE


@dataclass
class LineBuilder:
    """The state of an invoice while it is built; `problems` collects everything that is wrong with it. `unit` is what its figures are
    rounded to. `untaxed` has the accounts of what no rate taxes: what tax on imports may be about."""

    doc: dict[str, Any]
    mapping: Mapping
    direction: str
    inclusive: bool = False
    unit: Decimal = CENT
    problems: list[Problem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    cost_centers: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    untaxed: list[str] = field(default_factory=list)

    def account_of(self, item: dict[str, Any]) -> str:
        """The ERPNext account that an item row is booked on."""
        return booked_on(self.doc, item)

    @property
    def title(self) -> str:
        """The document as people call it."""
        return f"{self.doc['doctype']} {self.doc['name']}"

    def note(self, problem: Problem) -> None:
        """Remember a problem, once."""
        if problem not in self.problems:
            self.problems.append(problem)

    def put(self, body: dict[str, Any], key: str, value: str | Problem) -> None:
        """Set `key` in the body, or note the problem that came in place of its value."""
        if isinstance(value, Problem):
            self.note(value)
        else:
            body[key] = value

    def name_item(self, line: Line, item: dict[str, Any]) -> None:
        """Give the line of an item that item's code, where Xero takes it; a line that stands for a discount or for tax has none."""
        if self.mapping.items and not line.taxed_as and not line.source.fixed:
            code, line.item_why = code_of(self.mapping.items, one_line(item.get("item_code")), self.direction)
            if code:
                line.body["ItemCode"] = code

    def explain(self, body: dict[str, Any], account_why: str, tax_why: str) -> None:
        """Keep why a line has its account and tax type."""
        self.reasons.append(Reason(body["Description"], body.get("AccountCode", ""), account_why, body["TaxType"], tax_why))
