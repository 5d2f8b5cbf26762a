"""What a report of the host is given: columns, rows, what is said over them, and a chart. Everything that comes from Xero or from people is text here: no screen and no print takes it for HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ..accounting.texts import Text, _, day, joined, plain
from ..engine.screen_texts import html, in_words, stored
from ..reports import months
from ..reports.kinds import Kind
from ..reports.periods import Period
from ..reports.tables import SECTION, Row
from ..xero.report_rows import ACCOUNT
from . import standing
from .chosen import Chosen

Column = dict[str, Any]
MONTHS = (_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"))
PRESS = _("Press Refresh From Xero to read it")


@dataclass
class Drawn:
    """`said`: sentences over the table; `read_at`: when the oldest of its figures was read (UTC), where a report is of one reading."""

    columns: list[Column] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    chart: dict[str, Any] | None = None
    read_at: datetime | None = None

    def execute(self) -> tuple[list[Column], list[dict[str, Any]], str, dict[str, Any] | None]:
        """As Frappe wants it of a report. A row says of every column that it has nothing there: what a row lacks, Frappe's screens show as zero."""
        nothing = {str(each["fieldname"]): None for each in self.columns}
        rows = [{**nothing, **row} for row in self.rows]
        return self.columns, rows, "<br>".join(html(in_words(each)) for each in self.said), self.chart


def head(chosen: Chosen, kind: Kind, read_at: datetime | None, empty: bool = False, lacking: Iterable[Period] = ()) -> list[str]:
    """What stands over every report: as of when, whether something has changed since, what is wrong, and what was not read."""
    stands = standing.of(chosen.connection)[kind.name]
    said: list[str] = []
    if read_at:
        said.append(_("As of {time} (UTC), read from Xero").format(time=read_at.strftime("%Y-%m-%d %H:%M")))
        if stands.out_of_date and stands.out_of_date > read_at:
            said.append(_("Out of date: something was sent, or Xero has told of a change, since then"))
    else:
        said.append(joined(". ", [_("This was not read from Xero yet"), PRESS]))
    if read_at and empty:
        said.append(_("Xero has no figures for this"))
    if without := [joined(" ", [day(each.first), day(each.last)]) for each in lacking]:
        said.append(joined(". ", [_("Not read yet: {days}").format(days=joined(", ", without)), PRESS]))
    if stands.failure:
        said.append(joined(". ", [_("Not read now: {why}").format(why=stands.failure.why), stands.failure.cure]))
    return said


def text(fieldname: str, label: str, width: int, fieldtype: str = "Data", options: str = "") -> Column:
    """A column of texts or links."""
    aligned = {"align": "left"} if fieldtype == "Data" else {}
    return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, "options": options, **aligned}


def money(fieldname: str, label: str, width: int = 130) -> Column:
    """A column of amounts in the currency of the row."""
    return {"fieldname": fieldname, "label": label, "fieldtype": "Currency", "width": width, "options": "currency"}


def statement_rows(rows: Iterable[Row], fields: Sequence[str], currency: str) -> list[dict[str, Any]]:
    """Rows of a statement: sections and totals bold, accounts one step in."""
    return [statement_row(each, fields, currency) for each in rows]


def statement_row(row: Row, fields: Sequence[str], currency: str) -> dict[str, Any]:
    values = {} if row.kind == SECTION else dict(zip(fields, row.values))
    return {
        "title": stored(row.title),
        "xero_account": row.account,
        "indent": 1 if row.kind == ACCOUNT else 0,
        "bold": int(row.kind != ACCOUNT),
        "currency": currency,
        **values,
    }


def named(period: Period, balance: bool) -> Text:
    """A period over its column: a balance by its last day, a whole month by its name."""
    if not balance and (period.first.day, period.last) == (1, months.end(period.first)):
        return joined(" ", [MONTHS[period.first.month - 1], plain(str(period.first.year))])
    return day(period.last) if balance else _("{first} to {last}").format(first=day(period.first), last=day(period.last))


def chart(
    labels: Sequence[str], sides: Sequence[tuple[str, Sequence[Decimal | None]]], currency: str, kind: str = "bar"
) -> dict[str, Any] | None:
    """A chart of these sides; None where a value was not read, since a chart would show a zero."""
    if not labels or any(value is None for _label, values in sides for value in values):
        return None
    return {
        "data": {
            "labels": list(labels),
            "datasets": [{"name": in_words(name), "values": list(values)} for name, values in sides],
        },
        "type": kind,
        "fieldtype": "Currency",
        "currency": currency,
    }


def short(on: date) -> str:
    """A month under a bar."""
    return on.strftime("%Y-%m")
