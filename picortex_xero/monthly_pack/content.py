"""What is in a pack, as HTML for the host's own print: tables of the reports as they were read, and the cash of the coming weeks. Every text and figure is escaped. Xero is asked nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ..accounting.texts import Text, _, amount, day, joined
from ..cash_flow import reading as cash
from ..cash_flow.curve import WEEK
from ..engine.clock import now
from ..engine.screen_texts import html, in_words, shown
from ..reporting import aged, chosen, snapshots, statements
from ..reporting.drawn import Drawn
from ..reports import months
from .chosen import Chosen

# Figures that were read longer ago are said to be old: reports are read at least once a day.
OLD = timedelta(hours=24)
MONTH = "%Y-%m"


@dataclass
class Content:
    """`read_at`: when the oldest of Xero's figures in it was read (UTC), None where there are none; `figures`: whether there is any at all."""

    body: list[str] = field(default_factory=list)
    read_at: datetime | None = None
    figures: bool = False

    @property
    def old(self) -> bool:
        """Whether somebody could take old figures for today's."""
        return bool(self.read_at and now() - self.read_at > OLD)


def made(of: Chosen, month: date, today: date) -> tuple[str, Content]:
    """The pack of a month (its first day), as HTML in the language of now."""
    content = Content()
    for part in of.parts:
        for title, drawn in _PARTS[part](of, month, today):
            content.body.append(f"<h3>{_safe(title)}</h3>{_said(drawn.said)}{_table(drawn)}")
            content.figures = content.figures or bool(drawn.rows)
            if drawn.read_at:
                content.read_at = min(content.read_at or drawn.read_at, drawn.read_at)
    head = [_("{company}: monthly pack of {month}").format(company=of.company, month=month.strftime(MONTH))]
    said = [_("Made on {day}").format(day=day(today))]
    if content.read_at:
        said.append(_("Xero's figures as of {time} (UTC), the oldest of them").format(time=_time(content.read_at)))
    if content.old:
        said.append(_("These figures are old: they were read more than a day before this was made"))
    bold = "".join(f"<p><b>{_safe(each)}</b></p>" for each in said)
    return f"<h2>{_safe(head[0])}</h2>{bold}{''.join(content.body)}", content


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")


def _chosen(of: Chosen, first: date, last: date, year_before: bool = False) -> chosen.Chosen:
    return chosen.Chosen(of.connection, of.company, of.currency, first, last, year_before=year_before)


def _profit(of: Chosen, month: date, _today: date) -> Iterator[tuple[Text, Drawn]]:
    yield _("Profit and Loss"), statements.profit_and_loss(_chosen(of, month, months.end(month), True))


def _balance(of: Chosen, month: date, _today: date) -> Iterator[tuple[Text, Drawn]]:
    yield _("Balance Sheet"), statements.balance_sheet(_chosen(of, month, months.end(month), True))


def _aged(of: Chosen, _month: date, today: date) -> Iterator[tuple[Text, Drawn]]:
    read = snapshots.open_at(of.connection)
    at = date.fromisoformat(read.at) if read else today
    for title, customers in ((_("Aged Receivables at {day}"), True), (_("Aged Payables at {day}"), False)):
        yield title.format(day=day(at)), aged.aged(_chosen(of, at, at), customers, True, False)


def _cash(of: Chosen, _month: date, today: date) -> Iterator[tuple[Text, Drawn]]:
    title = _("Cash of the coming weeks")
    try:
        forecast = cash.of(of.company, today)
    except cash.NoRate as trouble:
        yield title, Drawn(said=[trouble.said])
        return
    curve = forecast.curve()
    lowest = curve.lowest()
    columns = [{"fieldname": "title", "label": in_words(_("Week Until")), "fieldtype": "Data"}]
    for name, label in (("into", _("Comes In")), ("out", _("Goes Out")), ("closing", _("Left"))):
        columns.append({"fieldname": name, "label": in_words(label), "fieldtype": "Currency"})
    rows = [
        {"title": in_words(day(each.last)), "into": each.into, "out": each.out, "closing": each.closing, "bold": 0}
        for each in curve.buckets(WEEK)
    ]
    said = [
        _("{currency} {opening} are held now; the least is {least}, on {day}").format(
            currency=forecast.base, opening=amount(curve.opening), least=amount(lowest.balance), day=day(lowest.day)
        )
    ]
    yield title, Drawn(columns, rows, [*said, *forecast.opening.said])


_PARTS: dict[str, Callable[[Chosen, date, date], Iterator[tuple[Text, Drawn]]]] = {
    "pack_profit": _profit,
    "pack_balance": _balance,
    "pack_aged": _aged,
    "pack_cash": _cash,
}


def _said(said: Iterable[str]) -> str:
    return "".join(f"<p>{_safe(each)}</p>" for each in said)


def _safe(text: str) -> str:
    return html(in_words(text))


def _table(drawn: Drawn) -> str:
    if not drawn.rows:
        return ""
    head = "".join(f"<th{_right(each)}>{html(shown(str(each['label'])))}</th>" for each in drawn.columns)
    body = "".join(_row(drawn.columns, row) for row in drawn.rows)
    return f'<table class="table table-bordered table-condensed"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(columns: Iterable[dict[str, Any]], row: dict[str, Any]) -> str:
    cells = "".join(f"<td{_right(each)}>{_bold(row, _cell(row.get(each['fieldname'])))}</td>" for each in columns)
    return f"<tr>{cells}</tr>"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    # Names from Xero are kept with their entities.
    return html(in_words(amount(value)) if isinstance(value, (Decimal, int, float)) else shown(str(value)))


def _bold(row: dict[str, Any], cell: str) -> str:
    return f"<b>{cell}</b>" if row.get("bold") and cell else cell


def _right(column: dict[str, Any]) -> str:
    return ' class="text-right"' if column["fieldtype"] == "Currency" else ""


def subject(of: Chosen, month: date) -> Text:
    """What stands over the e-mail."""
    return _("{company}: monthly pack of {month}").format(company=of.company, month=month.strftime(MONTH))


def message(content: Content) -> Text:
    """What the e-mail says: as of when its figures are."""
    parts = [_("The pack is attached.")]
    if content.read_at:
        parts.append(_("Xero's figures as of {time} (UTC), the oldest of them").format(time=_time(content.read_at)))
    if content.old:
        parts.append(_("These figures are old: they were read more than a day before this was made"))
    return joined("\n", parts)
