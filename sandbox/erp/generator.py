"""Seeded random Sales and Purchase Invoices: inputs only, no result is computed here.

`invoice(seed)` gives the same invoice for the same seed on every machine (random.Random is specified to be
reproducible for the methods used). The shares below are what the generator aims at; `test_generator` measures them.

It was written and committed before the app's translator, so that it cannot have been fitted to it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import Decimal

from sandbox.erp.typed import (
    ACTUAL,
    ON_NET_TOTAL,
    ON_PREVIOUS_ROW_TOTAL,
    Charge,
    Invoice,
    Line,
)
from sandbox.erp.typed import (
    FREIGHT as FREIGHT_SYMBOL,
)

# Share of documents ...
SALES = 0.6
UNTAXED = 0.04
INCLUSIVE = {"AU": 0.35, "NZ": 0.35, "UK": 0.35, "US": 0.10}  # of the taxed ones; US prices rarely include tax
COMPOUND_US = 0.25  # of the taxed US ones: a third component on the previous row's total
FREIGHT = 0.12
FREIGHT_TAXED = 0.6  # of the exclusive taxed ones with freight: a tax on the total after freight
DOCUMENT_DISCOUNT = 0.18
DISCOUNT_ON_GRAND_TOTAL = 0.5  # of the discounted ones; the others are on the net total
DISCOUNT_AS_AMOUNT = 0.5  # of the discounted ones; the others are typed as a percentage
ROUNDED_TOTAL = 0.3
FOREIGN = 0.15
COST_CENTRES = 0.4  # documents whose lines name cost centres
FOUR_PLACE_HOST = 0.6  # sites that customised price fields to four decimals; others keep ERPNext's two
# ... and of lines
OTHER_RATE = 0.25  # lines of taxed documents with an item tax template (zero-rated, reduced ...)
LINE_DISCOUNT = 0.15
NEGATIVE_LINE = 0.03  # of the lines after the first

LINE_COUNTS = (((1, 1), 0.25), ((2, 5), 0.45), ((6, 12), 0.2), ((13, 20), 0.1))
PRICE_PLACES = ((0, 0.15), (1, 0.1), (2, 0.4), (3, 0.15), (4, 0.2))
QUANTITY_PLACES = ((0, 0.6), (1, 0.12), (2, 0.16), (3, 0.12))

COUNTRIES = ("AU", "NZ", "UK", "US")
CURRENCY = {"AU": "AUD", "NZ": "NZD", "UK": "GBP", "US": "USD"}
ITEMS = ("PANEL", "POST", "STAIN", "LABOUR", "SCREW", "GATE", "HINGE", "ADVICE")
CENTRES = ("Main", "North", "South")

# Component account -> standard rate in percent, in the order of the rows.
COMPONENTS = {
    "AU": {"GST": Decimal(10)},
    "NZ": {"GST": Decimal(15)},
    "UK": {"VAT": Decimal(20)},
    "US": {"State Tax": Decimal("6.25"), "County Tax": Decimal("1.375")},
}
DISTRICT = ("District Tax", Decimal("0.5"))

# Item tax templates: name -> account -> percent.
TEMPLATES = {
    "AU": {"GST free": {"GST": Decimal(0)}},
    "NZ": {"Zero-rated": {"GST": Decimal(0)}},
    "UK": {"Zero-rated": {"VAT": Decimal(0)}, "Reduced": {"VAT": Decimal(5)}},
    "US": {
        "Exempt": {"State Tax": Decimal(0), "County Tax": Decimal(0), "District Tax": Decimal(0)},
        "State only": {"County Tax": Decimal(0), "District Tax": Decimal(0)},
        "Groceries": {"State Tax": Decimal(1), "County Tax": Decimal("1.375")},
    },
}

# (company currency, document currency) -> about how much company currency one unit costs
EXCHANGE = {
    ("AUD", "USD"): 1.52, ("AUD", "NZD"): 0.91, ("NZD", "AUD"): 1.09, ("NZD", "USD"): 1.66,
    ("NZD", "EUR"): 1.93, ("GBP", "EUR"): 0.87, ("GBP", "USD"): 0.76, ("USD", "EUR"): 1.16,
    ("USD", "GBP"): 1.31,
}  # fmt: skip


def _weighted(rng: random.Random, table: Sequence[tuple[object, float]]) -> object:
    values, weights = zip(*table)
    return rng.choices(values, weights)[0]


def _places(rng: random.Random, value: float, places: int, least: int = 1) -> Decimal:
    """`value` with exactly at most `places` decimals, never below `least` units of the last place."""
    return Decimal(max(least, round(value * 10**places))).scaleb(-places)


def _price(rng: random.Random) -> Decimal:
    """A price between about 0.05 and 2,000, evenly spread over the orders of magnitude."""
    places = _weighted(rng, PRICE_PLACES)
    assert isinstance(places, int)
    # A price that shows only in the third or fourth decimal is typically a small one: screws, litres, units.
    low, high = (-1.3, 2.5) if places > 2 else (0.0, 3.3)
    return _places(rng, 10 ** rng.uniform(low, high), places)


def _quantity(rng: random.Random) -> Decimal:
    places = _weighted(rng, QUANTITY_PLACES)
    assert isinstance(places, int)
    return _places(rng, 10 ** rng.uniform(0.0, 1.6 if rng.random() < 0.9 else 2.7), places)


def _line(rng: random.Random, country: str, taxed: bool, centres: bool) -> Line:
    template = rng.choice(sorted(TEMPLATES[country])) if taxed and rng.random() < OTHER_RATE else None
    price, discounted = _price(rng), rng.random() < LINE_DISCOUNT
    percent = _places(rng, rng.uniform(1, 40), rng.choice((0, 0, 1, 2))) if discounted else None
    return Line(
        item=rng.choice(ITEMS),
        qty=_quantity(rng),
        rate=None if discounted else price,
        price_list_rate=price if discounted else None,
        discount_percentage=percent,
        tax_template=template,
        tax_rates=TEMPLATES[country][template] if template else None,
        cost_center=rng.choice(CENTRES) if centres else None,
    )


def _about(line: Line) -> Decimal:
    """The line's worth, near enough to keep generated totals positive."""
    return line.qty * (line.rate or line.price_list_rate or Decimal(0))


def _lines(rng: random.Random, country: str, taxed: bool) -> tuple[Line, ...]:
    span = _weighted(rng, LINE_COUNTS)
    assert isinstance(span, tuple)
    centres = rng.random() < COST_CENTRES
    lines: list[Line] = []
    worth = Decimal(0)
    for place in range(rng.randint(*span)):
        line = _line(rng, country, taxed, centres)
        if place and rng.random() < NEGATIVE_LINE:
            # Host invoices that are not returns take a negative price, not a negative quantity; a deposit
            # taken off again, say. At most a third of the rest, so that the invoice stays one.
            most = worth / 3 / line.qty
            price = min(_price(rng), most).quantize(Decimal("0.01")) or Decimal("0.01")
            line = Line(line.item, line.qty, rate=-price, tax_template=line.tax_template,
                        tax_rates=line.tax_rates, cost_center=line.cost_center)  # fmt: skip
            worth -= line.qty * price
        else:
            worth += _about(line) * Decimal("0.6")
        lines.append(line)
    return tuple(lines)


def _charges(rng: random.Random, country: str, taxed: bool) -> tuple[Charge, ...]:
    freight = rng.random() < FREIGHT
    inclusive = taxed and rng.random() < INCLUSIVE[country]
    compound = taxed and country == "US" and rng.random() < COMPOUND_US
    freight_taxed = freight and taxed and not inclusive and rng.random() < FREIGHT_TAXED
    rows: list[Charge] = []
    actual = Charge(ACTUAL, FREIGHT_SYMBOL, amount=_places(rng, 10 ** rng.uniform(0.5, 2.2), 2))
    if freight_taxed:
        rows.append(actual)
    if taxed:
        for account, rate in COMPONENTS[country].items():
            # Freight stands before the first component, which then taxes the total including it.
            if freight_taxed and len(rows) == 1:
                rows.append(Charge(ON_PREVIOUS_ROW_TOTAL, account, rate, row_id=1))
            else:
                rows.append(Charge(ON_NET_TOTAL, account, rate, included=inclusive))
        if compound:
            account, rate = DISTRICT
            rows.append(Charge(ON_PREVIOUS_ROW_TOTAL, account, rate, row_id=len(rows), included=inclusive))
    if freight and not freight_taxed:
        rows.append(actual)
    return tuple(rows)


def _discount(rng: random.Random, lines: Sequence[Line]) -> dict[str, object]:
    if rng.random() >= DOCUMENT_DISCOUNT:
        return {}
    where = "Grand Total" if rng.random() < DISCOUNT_ON_GRAND_TOTAL else "Net Total"
    if rng.random() < DISCOUNT_AS_AMOUNT:
        # At most a fifth of a low estimate of the total, at least a cent.
        total = float(sum((_about(line) for line in lines), Decimal(0))) * 0.5
        return {"apply_discount_on": where, "discount_amount": _places(rng, total * rng.uniform(0.01, 0.2), 2)}
    percent = _places(rng, rng.uniform(0.5, 25), rng.choice((0, 0, 1, 2)))
    return {"apply_discount_on": where, "discount_percentage": percent}


def _currency(rng: random.Random, base: str) -> tuple[str, Decimal]:
    if rng.random() >= FOREIGN:
        return base, Decimal(1)
    currency = rng.choice(sorted(other for company, other in EXCHANGE if company == base))
    about = EXCHANGE[base, currency] * rng.uniform(0.95, 1.05)
    return currency, _places(rng, about, rng.choice((2, 4, 4, 6, 9)))


def invoice(seed: int, country: str | None = None) -> Invoice:
    """The invoice of this seed; of this country where one is asked for."""
    rng = random.Random(seed)
    drawn = rng.choice(COUNTRIES)
    country = country or drawn
    taxed = rng.random() >= UNTAXED
    lines = _lines(rng, country, taxed)
    base = CURRENCY[country]
    currency, conversion_rate = _currency(rng, base)
    return Invoice(
        doctype="Sales Invoice" if rng.random() < SALES else "Purchase Invoice",
        country=country,
        currency=currency,
        company_currency=base,
        conversion_rate=conversion_rate,
        lines=lines,
        charges=_charges(rng, country, taxed),
        rounded_total=rng.random() < ROUNDED_TOTAL,
        rate_places=4 if rng.random() < FOUR_PLACE_HOST else 2,
        **_discount(rng, lines),  # type: ignore[arg-type]
    )


def shrink(failing: Invoice, fails: Callable[[Invoice], bool]) -> Invoice:
    """The smallest invoice found by dropping lines while `fails` still says True: for reading a failure."""
    from dataclasses import replace

    current, place = failing, 0
    while place < len(current.lines) and len(current.lines) > 1:
        fewer = replace(current, lines=current.lines[:place] + current.lines[place + 1 :])
        current, place = (fewer, place) if fails(fewer) else (current, place + 1)
    return current
