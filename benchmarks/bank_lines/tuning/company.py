"""Makes the company: its accounts, customers, suppliers, employees, prices, series."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from benchmarks.bank_lines.tuning.books import Books, Partner
from benchmarks.bank_lines.tuning.countries import FANCY, TRADES, Country
from benchmarks.bank_lines.values import OwnAccount

PROCESSORS = ("STRIPE", "SQUARE", "PAYPAL", "TYRO", "SHOPIFY", "ZETTLE")
SERIES = ("ACC-SINV-{year}-{number:05}", "INV-{number:05}", "INV-{number}", "SI-{short}-{number:04}", "{number}", "INV{number:06}")


def company(rng: Random, country: Country, lines: int) -> Books:
    """A company whose bank accounts have about so many lines, without vouchers yet."""
    months = 3 if lines < 1_500 else 6 if lines < 8_000 else rng.choice((9, 12))
    first = date(2026, 1, 1) - timedelta(days=rng.randrange(0, 240))
    last = first + timedelta(days=months * 30)
    rates = {currency: Decimal(rate) for currency, rate in country.foreign}
    accounts = [OwnAccount("Operating", country.currency, country.code, country.account_number(rng))]
    if rng.random() < 0.75 or lines >= 3_000:
        accounts.append(OwnAccount("Savings", country.currency, country.code, country.account_number(rng)))
    if rng.random() < 0.5 or lines >= 3_000:
        accounts.append(OwnAccount(f"{country.foreign[0][0]} Account", country.foreign[0][0], country.code, country.account_number(rng)))
    if rng.random() < 0.4:
        accounts.append(OwnAccount("Payroll", country.currency, country.code, country.account_number(rng)))
    prices = [rng.choice((rng.randrange(2, 60) * 500, rng.randrange(2, 40) * 2_500, rng.randrange(900, 90_000))) for _ in range(40)]
    name = f"{rng.choice(FANCY)} {rng.choice(TRADES)} {country.legal[0]}"
    coded = rng.random() < 0.7
    books = Books(rng, country, name, accounts, first, last, prices, rates, [], [], [], coded, rng.choice(SERIES))
    seen: dict[str, int] = {}
    size = max(60, lines // 14)
    for number in range(size):
        books.customers.append(_partner(books, "Customer", number, seen))
    for number in range(max(30, lines // 40)):
        books.suppliers.append(_partner(books, "Supplier", number, seen))
    for utility in country.utilities:
        made = _partner(books, "Supplier", len(books.suppliers), seen)
        made.title, made.trading, made.currency = utility, "", country.currency
        made.code = made.code if coded else utility
        books.suppliers.append(made)
    for number in range(max(8, min(60, lines // 150))):
        books.employees.append(_partner(books, "Employee", number, seen))
    return books


def person(books: Books) -> str:
    return f"{books.rng.choice(books.country.given)} {books.rng.choice(books.country.family)}"


def _firm(books: Books) -> str:
    rng, country = books.rng, books.country
    kind = rng.randrange(5)
    if kind == 0:
        stem = f"{rng.choice(country.family)} {rng.choice(TRADES)}"
    elif kind == 1:
        stem = f"{rng.choice(country.family)} & {rng.choice(('Sons', 'Partners', 'Co', rng.choice(country.family)))}"
    elif kind == 2:
        stem = f"{rng.choice(country.places)} {rng.choice(TRADES)} {rng.choice(('Services', 'Group', 'Supplies', 'Solutions', ''))}".strip()
    else:
        stem = (
            f"{rng.choice(FANCY)} {rng.choice(TRADES)}"
            if rng.random() < 0.6
            else f"{rng.choice(FANCY)} {rng.choice(country.places)} {rng.choice(TRADES)}"
        )
    return stem


def _partner(books: Books, party_type: str, number: int, seen: dict[str, int]) -> Partner:
    rng, country = books.rng, books.country
    private = party_type == "Employee" or (party_type == "Customer" and rng.random() < 0.2)
    title = person(books) if private else f"{_firm(books)} {rng.choice(country.legal)}".strip()
    seen[title] = seen.get(title, 0) + 1
    if seen[title] > 1:
        # ERPNext appends a number, when it names by title.
        title = (
            f"{title} {rng.choice(country.places)}"
            if not private
            else f"{title.split(' ')[0]} {rng.choice('ABCDEFGHJKLMNPRSTW')} {title.split(' ', 1)[1]}"
        )
        seen[title] = seen.get(title, 0) + 1
        if seen[title] > 1:
            title = f"{title} - {seen[title] - 1}"
    code = (
        f"{ {'Customer': 'CUST', 'Supplier': 'SUPP', 'Employee': 'HR-EMP'}[party_type] }-{number + 101:05}"
        if books.coded_parties or party_type == "Employee"
        else title
    )
    foreign = party_type != "Employee" and rng.random() < 0.05
    currency = rng.choice([each for each, _ in country.foreign][:2]) if foreign else country.currency
    trading = "" if private or rng.random() < 0.85 else f"{rng.choice(FANCY)} {rng.choice(TRADES)}"
    payers = tuple(person(books) if rng.random() < 0.5 else f"{_firm(books)} Holdings" for _ in range(2))
    fixed = books.taxed(rng.choice(books.prices[:3])) if party_type == "Customer" else 0
    series = rng.choice(("{number}", "INV-{number}", "{number:06}", "SI{number:05}", "R-{year}-{number:04}", "A{number}"))
    return Partner(
        party_type,
        code,
        title,
        trading,
        payers,
        country.account_number(rng),
        rng.random() < 0.3,
        currency,
        fixed,
        series,
        rng.randrange(100, 60_000),
    )
