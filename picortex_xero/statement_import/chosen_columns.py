"""The columns of a CSV as fields of a form, "3: Amount" for the third, and back. What a person chose is kept with the headings, and serves the account's next file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from ..accounting.texts import _
from ..statements.columns import DAY_FIRST, MONTH_FIRST, YEAR_FIRST, Columns
from ..statements.values import Unreadable

# The field of the form by the field of Columns.
COLUMN_FIELDS = {
    "date": "date_column",
    "amount": "amount_column",
    "money_in": "money_in_column",
    "money_out": "money_out_column",
    "mark": "mark_column",
    "reference": "reference_column",
    "party_name": "party_column",
    "balance": "balance_column",
    "account": "account_column",
}
FORM_FIELDS = (*COLUMN_FIELDS.values(), "text_columns", "first_line", "date_order", "decimal_comma", "money_out_positive")
ORDERS = {DAY_FIRST: "Day First", MONTH_FIRST: "Month First", YEAR_FIRST: "Year First"}
NEEDED = {"delimiter", "first_row", "date", "texts"}
LONGEST_HEADING, MOST_COLUMNS = 60, 100


def headings(rows: Sequence[Sequence[str]], first_line: int) -> list[str]:
    """What stands above each column: the row before the first line, or the first line itself where there is none above it."""
    width = min(MOST_COLUMNS, max((len(row) for row in rows[: first_line + 50]), default=0))
    above = rows[first_line - 1] if 0 < first_line <= len(rows) else rows[0] if rows else []
    named = [re.sub(r"\s+", " ", cell.lstrip("\ufeff")).strip()[:LONGEST_HEADING] for cell in above[:width]]
    return named + [""] * (width - len(named))


def on_the_form(columns: Columns, named: Sequence[str]) -> dict[str, Any]:
    """The fields of the form that show these columns."""
    values: dict[str, Any] = {field: _shown(getattr(columns, of), named) for of, field in COLUMN_FIELDS.items()}
    return values | {
        "text_columns": ", ".join(str(at + 1) for at in columns.texts),
        "first_line": columns.first_row + 1,
        "date_order": ORDERS.get(columns.order, ""),
        "decimal_comma": int(columns.decimal == ","),
        "money_out_positive": int(columns.money_out_positive),
    }


def of_the_form(values: Mapping[str, Any], width: int, before: Columns | None) -> Columns:
    """The columns that the form says; what it has no field for stays as it was before. Raises Unreadable where it says none that can be."""
    places = {of: _column(values.get(field), width) for of, field in COLUMN_FIELDS.items()}
    if places["date"] is None:
        raise Unreadable(_("Choose the column of the date"))
    two = places["money_in"] is not None and places["money_out"] is not None
    if places["amount"] is None and not two:
        raise Unreadable(_("Choose the column of the amount, or one for money in and one for money out"))
    if places["amount"] is not None and (places["money_in"] is not None or places["money_out"] is not None):
        raise Unreadable(_("Choose either one column of the amount, or one for money in and one for money out"))
    texts = tuple(
        at for part in re.split(r"[,;\s]+", str(values.get("text_columns") or "")) if part and (at := _number(part, width)) is not None
    )
    orders = {said: order for order, said in ORDERS.items()}
    base = before or Columns("", 0, 0)
    return replace(
        base,
        first_row=max(0, int(values.get("first_line") or 1) - 1),
        texts=texts,
        order=orders.get(str(values.get("date_order") or ""), ""),
        decimal="," if int(values.get("decimal_comma") or 0) else ".",
        money_out_positive=bool(int(values.get("money_out_positive") or 0)),
        **places,  # type: ignore[arg-type]
    )


def kept(columns: Columns | None, named: Sequence[str]) -> str:
    """Columns and headings as they are stored."""
    return json.dumps({"headings": list(named), "columns": asdict(columns) if columns else None}, ensure_ascii=False)


def loaded(stored: str | None) -> tuple[Columns | None, list[str]]:
    """What `kept` stored; None and [] where there is nothing, or what a later release wrote."""
    try:
        found = json.loads(stored or "{}")
        named = [str(each) for each in found.get("headings") or []]
        values = found.get("columns")
        # A release that knew fewer columns chose those that it knew.
        if not values or not NEEDED <= set(values) <= {each.name for each in fields(Columns)}:
            return None, named
        return Columns(**{**values, "texts": tuple(values["texts"])}), named
    except (ValueError, TypeError, AttributeError):
        return None, []


def fits(columns: Columns, named: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether columns that were chosen for a file with these headings may serve this file: it has the same ones, in the same row."""
    return bool(named) and columns.first_row > 0 and headings(rows, columns.first_row) == list(named)


def _shown(at: int | None, named: Sequence[str]) -> str:
    return "" if at is None else f"{at + 1}: {named[at] if at < len(named) else ''}".rstrip(": ")


def _column(value: Any, width: int) -> int | None:
    found = re.match(r"\s*(\d{1,4})\s*(?::|$)", str(value or ""))
    if not str(value or "").strip():
        return None
    if not found:
        raise Unreadable(_("{text} is no column of the file").format(text=str(value)[:40]))
    return _number(found[1], width)


def _number(text: str, width: int) -> int:
    if not text.isdigit() or not 0 < int(text) <= width:
        raise Unreadable(_("{text} is no column of the file").format(text=text[:40]))
    return int(text) - 1
