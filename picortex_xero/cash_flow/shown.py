"""A forecast as screens show it: figures as numbers, reasons in the reader's language, everything else as stored. What draws it escapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO
from ..accounting.texts import _
from ..engine.screen_texts import in_words
from . import reading, settings
from .curve import MONTH, WEEK, Bucket, Curve
from .forecast import Forecast
from .scenarios import Later, Lost, Scenario
from .values import IN_XERO, Line

MOST_LINES = 500
# Days later than expected that a scenario may ask for.
LONGEST_DELAY = 365
# What a line is, for readers.
WORDS = {
    "Invoice": _("Invoice"),
    "Bill": _("Bill"),
    "Credit": _("Credit or advance"),
    "Expense Claim": _("Expense claim"),
    "Sales Order": _("Sales order"),
    "Purchase Order": _("Purchase order"),
    "Repeated": _("Repeated document"),
    "Payroll": _("Wages"),
    "Tax Payment": _("Tax payment"),
    "Dated Ahead": _("Entered ahead"),
    "In Transit": _("Transfer in transit"),
    "Own Line": _("Own line"),
}


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see. `currency`: "" for everything in the company's. Days later, of one customer or of all; who is lost, and whether with what is open."""

    company: str
    today: date
    currency: str = ""
    later: int = 0
    later_customer: str = ""
    lost: str = ""
    open_too: bool = False

    @property
    def scenarios(self) -> list[Scenario]:
        """As they are taken, one after the other."""
        found: list[Scenario] = [Lost(self.lost, self.open_too)] if self.lost else []
        return [*found, *([Later(self.later, self.later_customer)] if self.later > 0 else [])]


def both(asked: Asked) -> tuple[Forecast, Forecast]:
    """As it is expected, and under the scenarios; the same where there is none. Raises reading.NoRate."""
    expected = reading.of(asked.company, asked.today)
    return expected, expected.under(asked.scenarios) if asked.scenarios else expected


def page(asked: Asked) -> dict[str, Any]:
    """Everything but the lines."""
    chosen = settings.of(asked.company)
    expected, under = both(asked)
    curve, plain = under.curve(asked.currency), expected.curve(asked.currency)
    lowest = curve.lowest()
    limit = chosen.limit if not asked.currency else None
    return {
        "from": expected.first.isoformat(),
        "until": expected.last.isoformat(),
        "currency": asked.currency or expected.base,
        "base": expected.base,
        "currencies": expected.currencies(),
        "opening": _number(curve.opening),
        "closing": _number(curve.balances()[-1][1]),
        "accounts": [
            {"account": each.account, "currency": each.currency, "amount": _number(each.amount), "base": _number(each.base)}
            for each in expected.opening.balances
            if each.amount and (not asked.currency or each.currency == asked.currency)
        ],
        "weeks": _buckets(curve, plain, WEEK),
        "months": _buckets(curve, plain, MONTH),
        "lowest": {
            "day": lowest.day.isoformat(),
            "balance": _number(lowest.balance),
            "since": lowest.since.isoformat(),
            "causes": [line(each, curve) for each in lowest.causes],
        },
        "limit": None if limit is None else _number(limit),
        "below": limit is not None and lowest.balance < limit,
        "scenarios": [in_words(each.said().text) for each in under.scenarios],
        "kinds": _kinds(curve),
        "beyond": _beyond(under, asked.currency),
        "left_out": len(expected.left_out),
        "xero_read_at": str(expected.read_at) if expected.read_at else None,
        "opening_said": [in_words(each) for each in expected.opening.said],
    }


def _buckets(curve: Curve, plain: Curve, of: str) -> list[dict[str, Any]]:
    """`expected`: the closing without a scenario."""
    without = plain.buckets(of)
    return [{**_bucket(each), "expected": _number(other.closing)} for each, other in zip(curve.buckets(of), without)]


def _bucket(each: Bucket) -> dict[str, Any]:
    figures = {name: _number(getattr(each, name)) for name in ("opening", "into", "out", "closing", "lowest")}
    return {"first": each.first.isoformat(), "last": each.last.isoformat(), **figures}


def _kinds(curve: Curve) -> list[dict[str, Any]]:
    """How much of each kind comes and goes."""
    found: dict[str, Decimal] = {}
    for each in curve.lines:
        found[each.item.kind] = found.get(each.item.kind, ZERO) + curve.amount(each)
    return [{"kind": kind, "amount": _number(amount)} for kind, amount in sorted(found.items())]


def _beyond(forecast: Forecast, currency: str) -> dict[str, Any]:
    """What no day of the forecast has: how many lines, and what they come to."""
    mine = [each for each in forecast.beyond() if not currency or each.item.currency == currency]
    never = [each for each in mine if each.expected is None]
    total = sum((each.amount if currency else each.base for each in mine), ZERO)
    return {"lines": len(mine), "amount": _number(total), "not_counted_on": len(never)}


def lines(asked: Asked, first: date, last: date) -> dict[str, Any]:
    """The lines that are expected from one day to another, as they come; `more`: how many others there are."""
    _expected, under = both(asked)
    curve = under.curve(asked.currency)
    mine = [each for each in listed(under, asked.currency) if each.expected is not None and first <= each.expected <= last]
    return {"rows": [line(each, curve) for each in mine[:MOST_LINES]], "more": max(0, len(mine) - MOST_LINES)}


def listed(forecast: Forecast, currency: str = "") -> Sequence[Line]:
    """The lines of the curve."""
    return [each for each in forecast.within() if not currency or each.item.currency == currency]


def line(each: Line, curve: Curve) -> dict[str, Any]:
    """One line. `amount` is in the curve's currency, `own` in its own."""
    item = each.item
    return {
        "kind": item.kind,
        "doctype": item.doctype if item.book != IN_XERO else "",
        "name": item.name,
        "part": item.part,
        "party": item.party_name or item.party,
        "amount": _number(curve.amount(each)),
        "own": _number(each.amount),
        "currency": item.currency,
        "due": item.due.isoformat() if item.due else None,
        "expected": each.expected.isoformat() if each.expected else None,
        "why": in_words(each.why.text),
        "book": item.book,
    }


def _number(amount: Decimal) -> str:
    """Exact, as the Desk reads numbers."""
    return f"{amount:f}"
