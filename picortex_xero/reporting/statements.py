"""Profit and Loss, Balance Sheet, Trial Balance, Bank Summary, and budget against actual: what was read of them, as reports of the host. Xero is asked nothing."""

from __future__ import annotations

from decimal import Decimal

from ..accounting.texts import _
from ..engine.screen_texts import in_words
from ..reports import figures, reading, tables
from ..reports.figures import ASSET, EXPENSE, LIABILITY, REVENUE
from ..reports.kinds import BALANCE_SHEET, BANK_SUMMARY, BUDGET, PROFIT_AND_LOSS, TRIAL_BALANCE, Kind
from ..reports.periods import Period
from ..reports.reading import Statement
from ..reports.tables import Row
from ..xero.report_rows import ACCOUNT, TOTAL
from . import drawn, snapshots
from .chosen import Chosen
from .drawn import Drawn
from .tiles import UNKNOWN, classes


def profit_and_loss(chosen: Chosen) -> Drawn:
    """Income and expenses by periods, with what they come to."""
    return _by_periods(chosen, PROFIT_AND_LOSS)


def balance_sheet(chosen: Chosen) -> Drawn:
    """What is there at the ends of periods: Xero makes it at month ends alone."""
    return _by_periods(chosen, BALANCE_SHEET)


def _by_periods(chosen: Chosen, kind: Kind) -> Drawn:
    of, flows = chosen.periods, kind == PROFIT_AND_LOSS
    option = chosen.option if flows else ""
    read = snapshots.of_months(chosen.connection, kind, min(each.first for each in of), max(each.last for each in of), chosen.cash, option)
    if not read:
        return Drawn(said=drawn.head(chosen, kind, None))
    rows, lacking = tables.in_periods(read.statement, of, flows)
    fields = [f"p{at}" for at in range(len(of))]
    columns = [drawn.text("title", in_words(_("Account")), 300)]
    columns += [drawn.money(name, in_words(drawn.named(each, not flows)), 165) for name, each in zip(fields, of)]
    values = drawn.statement_rows(rows, fields, read.currency)
    if chosen.year_before:
        for at in range(0, len(of), 2):
            columns.insert(1 + at // 2 * 3 + 2, drawn.money(f"d{at}", in_words(_("Change"))))
            for row in values:
                now, before = row.get(f"p{at}"), row.get(f"p{at + 1}")
                if now is not None and before is not None:
                    row[f"d{at}"] = now - before
    said = drawn.head(chosen, kind, read.read_at, read.statement.empty, lacking)
    made = Drawn(columns, values, said, read_at=read.read_at)
    _with_chart(chosen, made, read.statement, of, lacking, flows, read.currency)
    return made


def _with_chart(
    chosen: Chosen, made: Drawn, statement: Statement, of: tuple[Period, ...], lacking: tuple[Period, ...], flows: bool, currency: str
) -> None:
    of_accounts = classes(chosen.connection)
    shown = [each for at, each in enumerate(of) if each not in lacking and not (chosen.year_before and at % 2)]
    first, second = (REVENUE, EXPENSE) if flows else (ASSET, LIABILITY)
    names = (_("Income"), _("Expenses"), _("Net profit")) if flows else (_("Assets"), _("Liabilities"), _("Net assets"))
    found: list[tuple[Decimal, Decimal]] = []
    try:
        for each in shown:
            sums = figures.of_class(statement, each.month_ends if flows else each.month_ends[-1:], of_accounts)
            found.append((sums[first], sums[second]))
    except figures.UnknownAccount:
        made.said.append(UNKNOWN)
        return
    sides = [
        (names[0], [each[0] for each in found]),
        (names[1], [each[1] for each in found]),
        (names[2], [each[0] - each[1] for each in found]),
    ]
    if not statement.empty:
        made.chart = drawn.chart([drawn.short(each.last) for each in shown], sides, currency)


def trial_balance(chosen: Chosen) -> Drawn:
    """Every account at the end of a day."""
    asked = chosen.asked(TRIAL_BALANCE, chosen.last)
    read = snapshots.of_days(chosen.connection, asked)
    if not read:
        return Drawn(said=drawn.head(chosen, TRIAL_BALANCE, None))
    fields = ("debit", "credit", "movement")
    rows = [
        Row(each.kind, each.title, each.account, (max(held, Decimal(0)), max(-held, Decimal(0)), each.amounts[reading.MOVEMENT]))
        for each in read.statement.lines
        for held in (each.amounts[reading.BALANCE],)
    ]
    if rows:
        rows.append(Row(TOTAL, in_words(_("Total")), "", tables.totals(rows, len(fields))))
    columns = [
        drawn.text("title", in_words(_("Account")), 320),
        drawn.money("debit", in_words(_("Debit"))),
        drawn.money("credit", in_words(_("Credit"))),
        drawn.money("movement", in_words(_("Moved this month")), 150),
    ]
    said = drawn.head(chosen, TRIAL_BALANCE, read.read_at, read.statement.empty)
    return Drawn(columns, drawn.statement_rows(rows, fields, read.currency), said)


def bank_summary(chosen: Chosen) -> Drawn:
    """What came in and went out of each bank account between two days."""
    read = snapshots.of_days(chosen.connection, chosen.asked(BANK_SUMMARY))
    if not read:
        return Drawn(said=drawn.head(chosen, BANK_SUMMARY, None))
    of = (reading.OPENING, reading.RECEIVED, reading.SPENT, reading.CLOSING)
    labels = (_("Opening balance"), _("Received"), _("Spent"), _("Closing balance"))
    rows = [each for each in tables.in_columns(read.statement, of) if each.kind == ACCOUNT]
    accounts = list(rows)
    if rows:
        rows.append(Row(TOTAL, in_words(_("Total")), "", tables.totals(rows, len(of))))
    fields = ("opening", "received", "spent", "closing")
    columns = [drawn.text("title", in_words(_("Bank account")), 280)]
    columns += [drawn.money(name, in_words(label), 150) for name, label in zip(fields, labels)]
    said = drawn.head(chosen, BANK_SUMMARY, read.read_at, read.statement.empty)
    picture = drawn.chart(
        [each.title for each in accounts], [(_("Closing balance"), [each.values[-1] for each in accounts])], read.currency
    )
    return Drawn(columns, drawn.statement_rows(rows, fields, read.currency), said, picture)


def budget(chosen: Chosen) -> Drawn:
    """Actual beside the overall budget, by account and period."""
    of = chosen.periods
    first, last = min(each.first for each in of), max(each.last for each in of)
    actual = snapshots.of_months(chosen.connection, PROFIT_AND_LOSS, first, last)
    planned = snapshots.of_months(chosen.connection, BUDGET, first, last)
    if not actual or not planned:
        return Drawn(said=drawn.head(chosen, BUDGET if actual else PROFIT_AND_LOSS, None))
    found, lacking = tables.budgeted(actual.statement, planned.statement, of, classes(chosen.connection))
    fields = [f"{side}{at}" for at in range(len(of)) for side in ("actual", "budget", "difference")]
    columns = [drawn.text("title", in_words(_("Account")), 280)]
    for at, each in enumerate(of):
        when = in_words(drawn.named(each, False))
        for side, label in (("actual", _("Actual")), ("budget", _("Budget")), ("difference", _("Difference"))):
            columns.append(drawn.money(f"{side}{at}", f"{in_words(label)} {when}", 170))
    rows: list[Row] = []
    sums = {}
    for classed, label in ((REVENUE, _("Income")), (EXPENSE, _("Expenses"))):
        rows += [Row(tables.SECTION, in_words(label), "", ()), *found[classed]]
        sums[classed] = tables.totals(found[classed], len(fields))
        rows.append(Row(TOTAL, in_words(_("Total")), "", sums[classed]))
    net = tables.less(sums[REVENUE], sums[EXPENSE])
    rows.append(Row(TOTAL, in_words(_("Net profit")), "", net))
    read_at = min(actual.read_at, planned.read_at)
    said = drawn.head(chosen, BUDGET, read_at, planned.statement.empty, lacking)
    whole = [at for at, each in enumerate(of) if each not in lacking]
    picture = drawn.chart(
        [drawn.short(of[at].last) for at in whole],
        [(_("Actual"), [net[3 * at] for at in whole]), (_("Budget"), [net[3 * at + 1] for at in whole])],
        planned.currency,
    )
    return Drawn(columns, drawn.statement_rows(rows, fields, planned.currency), said, picture)
