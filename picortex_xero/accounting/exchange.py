"""Xero's exchange rates, predicted: what an amount will be worth in base currency once Xero has kept the rate.

Xero takes CurrencyRate as foreign units per unit of base currency and keeps six decimals of it (its API description of CurrencyRate), while
ERPNext has base units per foreign unit. Where the base currency is weak, six decimals are few digits: one US dollar is 0.000062 of a
million rupiah, and two digits are off by up to one per cent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from .money import ZERO, half_up, plain
from .problems import Problem
from .texts import Text, _

RATE_DECIMALS = 6
# What the worth in base currency may differ by without anybody being asked: one unit of it, or 0.01 % where that is more.
UNIT, SHARE = Decimal(1), Decimal("0.0001")


@dataclass(frozen=True)
class Converted:
    """A rate as it is sent (`rate`, foreign units per base unit), why it cannot be, and, where the admin accepts what Xero makes of it, the
    difference in words for the history (`said`)."""

    rate: Decimal
    problems: list[Problem] = field(default_factory=list)
    said: tuple[Text, ...] = ()


def xero_rate(rate: Decimal) -> Decimal:
    """CurrencyRate for an exchange rate of ERPNext (base units per foreign unit); 0 where six decimals cannot show it."""
    return plain(half_up(1 / rate, RATE_DECIMALS)) if rate > ZERO else ZERO


def converted(
    name: str, amount: Decimal, worth: Decimal, rate: Decimal, base_currency: str, accepted: bool, to_the_cent: bool = False
) -> Converted:
    """The rate with which `amount` of the document `name` goes to Xero. `worth` is what it is worth here, in base currency; `rate` is base
    units per foreign unit. `to_the_cent`: the other side of it stands on a clearing account, which would keep any difference for ever.
    `accepted`: the admin takes what Xero makes of it (Accept Xero's Exchange Rates)."""
    sent = xero_rate(rate)
    if not sent:
        what = _("{name} has the exchange rate {rate}; Xero takes rates of at least 0.000001 per {base_currency}").format(
            name=name, rate=f"{plain(rate):f}", base_currency=base_currency
        )
        resolution = _("Correct the exchange rate and amend the document, or enter it in Xero by hand")
        return Converted(sent, [Problem("rate-unusable", what, resolution)])
    theirs = half_up(amount / sent)
    difference = abs(theirs - half_up(worth))
    if difference <= (ZERO if to_the_cent else max(UNIT, abs(worth) * SHARE)):
        return Converted(sent)
    what = _(
        "{name} is worth {worth} {base_currency} here; Xero keeps six decimals of a rate ({rate}) and makes it {theirs}: {difference} apart"
    ).format(
        name=name,
        worth=f"{half_up(worth):.2f}",
        base_currency=base_currency,
        rate=f"{sent:f}",
        theirs=f"{theirs:.2f}",
        difference=f"{difference:.2f}",
    )
    if accepted:
        return Converted(sent, [], (what,))
    if to_the_cent:
        resolution = _(
            "Enter it in Xero by hand and book what stays in the clearing account as an exchange difference of {name}; or choose Accept Xero's Exchange Rates on the Xero Connection and press Retry: then the difference stays there, and the history of {name} names it"
        ).format(name=name)
    else:
        resolution = _(
            "Where the accountant takes the difference, choose Accept Xero's Exchange Rates on the Xero Connection and press Retry: the history of {name} then names it. Else enter it in Xero by hand in {base_currency}"
        ).format(name=name, base_currency=base_currency)
    return Converted(sent, [Problem("rate-inexact", what, resolution, held=True)])
