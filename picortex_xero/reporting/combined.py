"""Profit and Loss or Balance Sheet of several companies in one currency, added up: what was read of each, at the rates that ERPNext keeps. Nothing is eliminated, and Xero is asked nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import getdate, nowdate

from ..accounting.money import plain
from ..accounting.texts import NONE, Text, _, day, joined
from ..accounting.texts import plain as word
from ..connection import current, xero_lists
from ..engine.screen_texts import html, in_words, stored
from ..reports import combined, months, periods, rates, tables
from ..reports.figures import ASSET, EXPENSE, LIABILITY, REVENUE, UnknownAccount
from ..reports.kinds import BALANCE_SHEET, PROFIT_AND_LOSS
from ..reports.periods import Period
from ..reports.rates import Known, Rate
from ..reports.tables import Row, Value
from ..xero.report_rows import ACCOUNT, TOTAL
from . import chosen, drawn, exchange, reading, snapshots
from .chosen import Chosen
from .drawn import Drawn
from .tiles import UNKNOWN

BALANCES = "Balance Sheet"
# Beside each other on a screen.
MOST = 30
NOTHING_ELIMINATED = _("Added up, nothing eliminated: what these companies sold to, or owe, each other stands on both sides")
JOINED = _("Accounts of several companies are one line where they have the same class and the same name in Xero")
AT_CLOSING = _(
    "Balance Sheet at the rate of its day, equity too; the result of the financial year at its average rate, as Profit and Loss shows it. What lies between them is the translation difference"
)


@dataclass(frozen=True)
class _Mine:
    """One company's part: its figures, or None with why; which rates were taken."""

    of: Chosen
    book: combined.Book | None
    read_at: datetime | None = None
    empty: bool = False
    lacking: tuple[Period, ...] = ()
    why: Text = NONE
    rates: tuple[Text, ...] = ()


def execute(filters: Any) -> Any:
    """The report of the host. Throws where the user may not see one of the companies."""
    return drawn_of(filters).execute()


def drawn_of(filters: Any) -> Drawn:
    """`filters`: `companies` (all that the user may see, where none is chosen), `currency`, `statement`, `from_date`, `to_date`, `basis`."""
    filters = filters if isinstance(filters, Mapping) else {}
    balances, currency = filters.get("statement") == BALANCES, filters.get("currency")
    frappe.has_permission(snapshots.DOCTYPE, "read", throw=True)
    if not isinstance(currency, str) or not frappe.db.exists("Currency", currency):
        frappe.throw(html(in_words(_("Choose the currency in which the companies are shown"))))
    given = {key: value for key, value in filters.items() if key not in ("companies", "tracking", "compare", "periodicity")}
    # Each is checked as in a report of its own: who may not see it is told nothing of it.
    of = [chosen.of({**given, "company": each}) for each in _companies(filters.get("companies"))]
    known = exchange.entered((each.currency for each in of), str(currency))
    mine = [_mine(each, balances, str(currency), rates.between(known, each.currency, str(currency))) for each in of]
    found = combined.combined([each.book for each in mine], balances)
    fields = [*(f"c{at}" for at in range(len(mine))), "together"]
    rows = [drawn.statement_row(each, fields, str(currency)) for each in _rows(found, balances, len(fields))]
    notes = [*(said for each in mine for said in each.rates), *([AT_CLOSING] if balances else []), JOINED, NOTHING_ELIMINATED]
    rows += [drawn.statement_row(Row(ACCOUNT, in_words(each), "", ()), fields, str(currency)) for each in notes]
    columns = [
        drawn.text("title", in_words(_("Account")), 320),
        *(drawn.money(field, in_words(joined(" ", [stored(each.of.company), f"({currency})"])), 170) for field, each in zip(fields, mine)),
        drawn.money("together", in_words(_("Together ({currency})").format(currency=str(currency))), 170),
    ]
    said = _said(mine, balances)
    return Drawn(columns, rows, said, _chart(found, mine, balances, str(currency)))


def _companies(given: Any) -> list[str]:
    """Those that were chosen, else all that are connected and that the user may see. Throws."""
    found = [each.strip() for each in given.split(",")] if isinstance(given, str) else given or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found) or len(found) > MOST:
        frappe.throw(html(in_words(_("Choose at most {count} companies").format(count=str(MOST)))))
    names = list(dict.fromkeys(each for each in found if each)) or [each["company"] for each in current.seen()]
    if not names:
        frappe.throw(html(in_words(_("Choose a company that is connected to Xero"))))
    return names[:MOST]


def _mine(of: Chosen, balances: bool, currency: str, known: Known) -> _Mine:
    period = Period(months.start(of.last if balances else of.first), months.end(of.last))
    kind = BALANCE_SHEET if balances else PROFIT_AND_LOSS
    read = snapshots.of_months(of.connection, kind, period.first, period.last, of.cash)
    if not read:
        return _Mine(of, None, why=_("This was not read from Xero yet"))
    lines, lacking = periods.of_periods(read.statement, [period], not balances)
    if lacking:
        return _Mine(of, None, read.read_at, lacking=lacking, why=_("Not every month of it was read from Xero yet"))
    rate, result_rate, why, said = _rates(of, period, balances, currency, known)
    if rate is None or result_rate is None:
        return _Mine(of, None, read.read_at, why=why, rates=said)
    amounts = {line.account: value for line, (value,) in lines if line.kind == ACCOUNT and value is not None}
    book = combined.Book(amounts, _accounts(of.connection), rate, result_rate)
    try:
        combined.combined([book], balances)
    except UnknownAccount:
        return _Mine(of, None, read.read_at, why=UNKNOWN, rates=said)
    return _Mine(of, book, read.read_at, read.statement.empty, rates=said)


def _accounts(connection: str) -> dict[str, combined.Account]:
    if not xero_lists.read_at(connection):
        return {}
    listed = xero_lists.stored(connection)["accounts"]
    return {
        str(each["AccountID"]).lower(): combined.Account(str(each["Class"] or ""), str(each["Type"] or ""), stored(str(each["Name"] or "")))
        for each in listed
    }


def _rates(
    of: Chosen, period: Period, balances: bool, currency: str, known: Known
) -> tuple[Decimal | None, Decimal | None, Text, tuple[Text, ...]]:
    """The rate, that of the result of the year, why there is none, and what is said of them."""
    if of.currency == currency:
        return Decimal(1), Decimal(1), NONE, ()
    today: date = getdate(nowdate())
    until = min(period.last, max(today, period.first))
    if not balances:
        rate = rates.average(known, period.first, until)
        if rate is None:
            return None, None, _none(of, currency, until), ()
        return rate.value, Decimal(1), NONE, _averaged(of, currency, rate, period.first)
    at_end = rates.closing(known, period.last)
    if at_end is None:
        return None, None, _none(of, currency, period.last), ()
    said = (
        _("{company}: 1 {own} is {rate} {currency} at {day}, as entered for {entered}").format(
            company=of.company, own=of.currency, rate=_figure(at_end), currency=currency, day=day(period.last), entered=day(at_end.since)
        ),
    )
    begins = reading.known_year_begins(of.connection, period.last)
    if begins is None:
        return None, None, _("It is not known here when its financial year begins: press Refresh From Xero on the Xero Connection"), said
    average = rates.average(known, begins, min(period.last, max(today, begins)))
    if average is None:
        return None, None, _none(of, currency, period.last), said
    return at_end.value, average.value, NONE, (*said, *_averaged(of, currency, average, begins))


def _averaged(of: Chosen, currency: str, rate: Rate, first: date) -> tuple[Text, ...]:
    said = _("{company}: 1 {own} is {rate} {currency} on average of the days from {first} to {last} ({count} rates of ERPNext)").format(
        company=of.company,
        own=of.currency,
        rate=_figure(rate),
        currency=currency,
        first=day(rate.since),
        last=day(rate.until),
        count=str(rate.used),
    )
    if rate.since <= first:
        return (said,)
    return said, _("{company}: ERPNext has no rate for the days from {first} on before that; they are not in the average").format(
        company=of.company, first=day(first)
    )


def _figure(rate: Rate) -> str:
    return f"{plain(rate.value):f}"


def _none(of: Chosen, currency: str, until: date) -> Text:
    return _("ERPNext has no exchange rate from {own} to {currency} until {day}: enter a Currency Exchange").format(
        own=of.currency, currency=currency, day=day(until)
    )


def _said(mine: Sequence[_Mine], balances: bool) -> list[str]:
    kind = BALANCE_SHEET if balances else PROFIT_AND_LOSS
    said: list[str] = []
    for each in mine:
        heads = drawn.head(each.of, kind, each.read_at, each.empty, each.lacking) if each.why is not UNKNOWN else [UNKNOWN]
        parts = [*([each.why] if each.why and each.read_at and each.why is not UNKNOWN else []), *heads]
        said.append(_("{company}: {what}").format(company=each.of.company, what=joined(". ", [word(part) for part in parts])))
    if without := [each.of.company for each in mine if each.book is None]:
        said.append(
            _("There is no figure for all together without {companies}: cure it, or choose the others alone").format(
                companies=", ".join(without)
            )
        )
    return [*said, NOTHING_ELIMINATED]


def _rows(found: combined.Combined, balances: bool, width: int) -> Iterable[Row]:
    def total(label: Text, values: tuple[Value, ...]) -> Row:
        return Row(TOTAL, in_words(label), "", values)

    def section(label: Text) -> Row:
        return Row(tables.SECTION, in_words(label), "", (None,) * width)

    first, second = (ASSET, LIABILITY) if balances else (REVENUE, EXPENSE)
    names = (_("Assets"), _("Liabilities")) if balances else (_("Income"), _("Expenses"))
    for classed, label in zip((first, second), names):
        yield section(label)
        yield from found.lines[classed]
        yield total(_("Total"), found.totals[classed])
    yield total(_("Net assets") if balances else _("Net profit"), found.less(first, second))
    if balances:
        yield section(_("Equity"))
        yield from found.lines[combined.EQUITY]
        yield Row(ACCOUNT, in_words(_("Result of the financial year so far")), "", found.results)
        yield Row(ACCOUNT, in_words(_("Translation difference")), "", found.translation)
        yield total(_("Total"), found.less(first, second))
    yield section(_("How this was made"))


def _chart(found: combined.Combined, mine: Sequence[_Mine], balances: bool, currency: str) -> dict[str, Any] | None:
    first, second = (ASSET, LIABILITY) if balances else (REVENUE, EXPENSE)
    names = (_("Assets"), _("Liabilities"), _("Net assets")) if balances else (_("Income"), _("Expenses"), _("Net profit"))
    sides = (found.totals[first], found.totals[second], found.less(first, second))
    return drawn.chart([stored(each.of.company) for each in mine], [(name, side[:-1]) for name, side in zip(names, sides)], currency)
