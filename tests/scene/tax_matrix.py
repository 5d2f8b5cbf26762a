"""Tax types by class of accounts: which tax of ERPNext's each of Xero's types may stand for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from picortex_xero.accounting.money import plain
from picortex_xero.accounting.tax_types import listed

DIRECTIONS = ("Sales", "Purchases")


def key_for(element: dict[str, Any], direction: str, by_class: bool = False) -> str:
    """A tax of ERPNext's that is shown on documents as Xero shows this type: none, at its rate, added and taken off again, or an amount of tax.

    `by_class`: as an ordinary line bears it, also where the type is for amounts of tax."""
    known, rate = listed(element), Decimal(str(element["EffectiveRate"]))
    if known.of_amounts and not by_class:
        return "GST - KS (fixed amount)"
    if known.shows_zero and direction == "Purchases" and rate:
        return f"GST - KS @ {plain(rate):f} + GST - KS @ -{plain(rate):f}"
    return f"GST - KS @ {plain(rate):f}" if rate and not known.shows_zero else "No tax"
