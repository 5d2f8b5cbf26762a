"""A kind's mapping as a spreadsheet, and back: .xlsx with the host's own utilities, or CSV.

A cell that a spreadsheet program would take for a formula is written with an apostrophe before it, which is taken away again when it is read.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import frappe
from frappe import _
from frappe.utils.xlsxutils import make_xlsx, read_xlsx_file_from_attached_file

from ..compat import let_pass
from ..connection import xero_lists
from ..engine.screen_texts import html
from . import changes, saving
from .kinds import ACCOUNTS, BANKS, FEES, KINDS, TAXES, TRACKING, Key, Kind, Values
from .rows import Row, Screen
from .saving import UNSEEN, Entry, Refused

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS = 5000
# What a file may come to once it is unpacked.
MOST_BYTES = 30_000_000
# Where a row or a cell of a sheet stands: its column (none for a row) and its row.
PLACE = re.compile(rb'<(?:\w+:)?(?:row|c)\b[^>]*?\br="([A-Z]*)(\d{1,9})"')
FARTHEST_ROW, FARTHEST_COLUMN = 6_000, re.compile(rb"A?[A-Z]?")
XLSX, CSV = "xlsx", "csv"
# The host takes HTML out of a sheet of any other name; a name in a mapping stays as it is.
SHEET = "Data Export"
# Stored by Xero's id; people know the code.
BY_ID = ("xero_account_id", "clearing_account")
TREATMENTS = ("Hold", "Fee", "Credit note")


def columns(kind: str) -> list[tuple[str, str]]:
    """The columns of a kind: what each is called in the reader's language, and the field that it holds ("" where it is only to be read)."""
    used = [(_("Documents"), ""), (_("Amount"), "")]
    suggested = [(_("Suggested"), ""), (_("Confidence"), "")]
    heads = {
        ACCOUNTS: [
            (_("Account"), "account"),
            *used,
            (_("Xero Account Code"), "xero_account_code"),
            (_("Xero Account Name"), ""),
            (_("Another Class on Purpose"), "other_class"),
        ],
        TAXES: [
            (_("Direction"), "direction"),
            (_("Tax in ERPNext"), "tax"),
            (_("Item Tax Template"), "item_tax_template"),
            (_("Account Class"), "account_class"),
            *used,
            (_("Xero Tax Type"), "tax_type"),
            (_("Xero Tax Name"), ""),
        ],
        BANKS: [
            (_("Bank or Cash Account"), "account"),
            *used,
            (_("Xero Account Code or ID"), "xero_account_id"),
            (_("Xero Account Name"), ""),
        ],
        TRACKING: [
            (_("Cost Center"), "cost_center"),
            *used,
            (_("Tracking Category"), "tracking_category"),
            (_("Tracking Option"), "tracking_option"),
        ],
        FEES: [
            (_("Account of the Deduction"), "account"),
            *used,
            (_("In Xero It Is"), "treatment"),
            (_("Xero Tax Type"), "tax_type"),
            (_("Clearing Account"), "clearing_account"),
            (_("Contact of the Fee"), "contact_name"),
        ],
    }
    return [*heads[kind], *suggested]


@dataclass(frozen=True)
class Line:
    """A row of a sheet: its number there, what it says of which mapping, or why it cannot be read."""

    number: int
    label: str
    entry: Entry | None
    problem: str = ""


def export(connection: str, kind: str, form: str) -> bytes:
    """The sheet of a kind: every row of the screen, mapped or not."""
    screen, heads = Screen.of(connection), columns(kind)
    rows = [[head for head, _field in heads], *(_cells(row, screen, heads) for row in screen.rows(kind))]
    return packed(rows, form)


def packed(rows: Iterable[list[Any]], form: str) -> bytes:
    """A sheet of these rows, as a file of this form; no cell is a formula."""
    guarded = [[guard(cell) for cell in row] for row in rows]
    if form == XLSX:
        return bytes(make_xlsx(guarded, SHEET).getvalue())
    text = io.StringIO()
    csv.writer(text).writerows(guarded)
    # The mark by which spreadsheet programs know UTF-8.
    return text.getvalue().encode("utf-8-sig")


def guard(cell: Any) -> Any:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith((*FORMULA, "'")) else cell


def unguarded(cell: str) -> str:
    """What was guarded, as it was."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*FORMULA, "'")) else cell


def _cells(row: Row, screen: Screen, heads: list[tuple[str, str]]) -> list[Any]:
    known: dict[str, Any] = dict(zip(row.kind.key_fields, row.key)) | (row.stored.values if row.stored else {})
    if "other_class" in known:
        known["other_class"] = _("Yes") if known["other_class"] else ""
    codes = {each["AccountID"]: each["Code"] for each in screen.lists["accounts"] if each["Code"]}
    known |= {name: codes.get(known[name], known[name]) for name in BY_ID if known.get(name)}
    name = _name(row, screen)
    suggestion = row.suggested
    read_only = [row.used.documents, row.used.amount, name]
    cells, told = [], iter(read_only)
    for _head, fieldname in heads[:-2]:
        cells.append(known.get(fieldname, "") if fieldname else next(told))
    return [*cells, screen.choices.said(row.values or {}) if suggestion else "", f"{suggestion.confidence:.2f}" if suggestion else ""]


def _name(row: Row, screen: Screen) -> str:
    return screen.choices.said(row.stored.values) if row.stored else ""


def read(connection: str, kind: str, filename: str, content: bytes) -> list[Line]:
    """The rows of a sheet. Throws where it is no sheet of this kind."""
    ids = {each["Code"]: each["AccountID"] for each in xero_lists.stored(connection)["accounts"] if each["Code"]}
    lines, seen = [], dict[Key, int]()
    for number, filled in table(filename, content, [(head, fieldname) for head, fieldname in columns(kind) if fieldname]):
        filled |= {name: ids.get(filled[name], filled[name]) for name in BY_ID if name in filled}
        line = _line(KINDS[kind], number, filled)
        if line.entry and line.entry.key in seen:
            line = Line(number, line.label, None, str(_("It stands in row {0} already").format(seen[line.entry.key])))
        elif line.entry:
            seen[line.entry.key] = number
        lines.append(line)
    return lines


def table(filename: str, content: bytes, wanted: list[tuple[str, str]]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a sheet that are not empty: the number of each there, and its cells by field. `wanted`: what each column is called, and its field.
    Throws where the file is no sheet, too large, or lacks one of the columns."""
    rows = _rows(filename, content)
    if len(rows) > MOST_ROWS:
        frappe.throw(_("This file has more than {0} rows").format(html(MOST_ROWS)))
    heads = [_text(cell) for cell in rows[0]] if rows else []
    missing = [head for head, _field in wanted if head not in heads]
    if missing:
        frappe.throw(
            _("This is no sheet of this mapping: it has no column {0}. Export the mapping and fill that in").format(
                html(", ".join(missing))
            )
        )
    at = {fieldname: heads.index(head) for head, fieldname in wanted}
    found = (
        (number, {fieldname: _text(row[place]) if place < len(row) else "" for fieldname, place in at.items()})
        for number, row in enumerate(rows[1:], 2)
    )
    return [(number, filled) for number, filled in found if any(filled.values())]


def _line(kind: Kind, number: int, cells: dict[str, str]) -> Line:
    key = tuple(cells[name] for name in kind.key_fields)
    # Where payments of a bank account are entered is no column: it stays as it is.
    chosen: Values = {name: cells[name] for name in kind.chosen if name in cells}
    label = kind.label(key)
    if kind.name == FEES and not chosen["treatment"]:
        chosen = {}
    elif kind.name != FEES and not any(value for name, value in chosen.items() if name != "other_class"):
        chosen = {}
    if not chosen:
        # A row that says nothing is left as it is: a mapping is taken away on the screen, never by an empty cell.
        return Line(number, label, None)
    if "other_class" in chosen:
        chosen["other_class"] = int(chosen["other_class"].casefold() not in ("", "0", "no", _("No").casefold(), "false"))
    if "treatment" in chosen and chosen["treatment"] not in TREATMENTS:
        return Line(number, label, None, str(_("{0} must be one of {1}").format(_("In Xero It Is"), ", ".join(TREATMENTS))))
    if kind.name == TAXES and key[0] not in ("Sales", "Purchases"):
        return Line(number, label, None, str(_("{0} must be one of {1}").format(_("Direction"), "Sales, Purchases")))
    return Line(number, label, Entry(kind, key, chosen, UNSEEN))


def _rows(filename: str, content: bytes) -> list[list[Any]]:
    if filename.casefold().endswith(f".{CSV}"):
        return _csv(content)
    if not filename.casefold().endswith(f".{XLSX}"):
        frappe.throw(_("Choose a file whose name ends in .xlsx or .csv"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(each.file_size for each in packed.infolist())
            reaches = _reaches(packed) if size <= MOST_BYTES else False
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):  # damaged, packed in another way, or with a password
        size, reaches = -1, False
    if size < 0:
        frappe.throw(_("This is no .xlsx file: save it anew as .xlsx, or as .csv"))
    if size > MOST_BYTES:
        frappe.throw(_("This file is too large"))
    if reaches:
        # The host's reader makes a cell of every place up to the last one: a stray one at the end of a sheet would be millions.
        frappe.throw(_("Something stands far below or beside the table in this file: copy the table into a new one, or save it as .csv"))
    try:
        return [list(row) for row in read_xlsx_file_from_attached_file(fcontent=content) or []]
    except Exception as error:
        # Whatever a damaged workbook makes the reader raise: the user is told, and nothing was read.
        let_pass(error)
    frappe.throw(_("This .xlsx file cannot be read: save it anew as .xlsx, or as .csv"))
    return []


def _reaches(packed: zipfile.ZipFile) -> bool:
    """Whether something stands farther away in a sheet than any mapping reaches."""
    parts = [each for each in packed.namelist() if each.startswith("xl/worksheets/") and each.endswith(".xml")]
    return any(
        int(row) > FARTHEST_ROW or not FARTHEST_COLUMN.fullmatch(column)
        for each in parts
        for column, row in PLACE.findall(packed.read(each))
    )


def _csv(content: bytes) -> list[list[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes as "CSV" in western languages.
        text = content.decode("cp1252", "replace")
    first = text.split("\n", 1)[0]
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
        return list(islice(rows, MOST_ROWS + 1))
    except csv.Error as error:
        frappe.throw(_("This .csv file cannot be read: {0}").format(html(error)))
        raise


def _text(cell: Any) -> str:
    """A cell as text. A spreadsheet program makes a number of a code: 200 is "200"."""
    if cell is None:
        return ""
    found = str(cell).strip()
    if not isinstance(cell, str) and found.endswith(".0"):
        found = found[:-2]
    return unguarded(found)


def preview(connection: str, kind: str, filename: str, content: bytes) -> dict[str, Any]:
    """What the sheet would change, row by row (`number`, `label`, `before`, `after`, `problem`); tried with the DocTypes' own checks, and
    nothing of it stays."""
    lines = read(connection, kind, filename, content)
    entries = [line.entry for line in lines if line.entry]
    return _shown(connection, kind, lines, saving.tried(connection, entries), "")


def apply(connection: str, kind: str, filename: str, content: bytes, right_ones: bool) -> dict[str, Any]:
    """Save the sheet: all of it, or nothing where a row is wrong; with `right_ones` the rows that are right. Part of the caller's
    transaction."""
    lines = read(connection, kind, filename, content)
    unreadable = any(line.problem for line in lines)
    entries = [line.entry for line in lines if line.entry]
    if unreadable and not right_ones:
        return _shown(connection, kind, lines, saving.tried(connection, entries), "")
    done = saving.save(connection, entries, changes.IMPORTED, all_or_nothing=not right_ones)
    return _shown(connection, kind, lines, done, done.batch)


def _shown(connection: str, kind: str, lines: list[Line], done: saving.Saved, batch: str) -> dict[str, Any]:
    said = Screen.of(connection).choices.said
    changed = {change.key: change for change in done.changed}
    refused: dict[Key, Refused] = {each.entry.key: each for each in done.refused}
    rows, same = [], 0
    for line in lines:
        key = line.entry.key if line.entry else None
        change, problem = changed.get(key) if key else None, line.problem or (refused[key].message if key in refused else "")
        if not change and not problem:
            same += 1
            continue
        before, after = (said(values) if values else "" for values in ((change.before, change.after) if change else (None, None)))
        rows.append({"number": line.number, "label": line.label, "before": before, "after": after, "problem": problem})
    wrong = sum(bool(row["problem"]) for row in rows)
    return {"rows": rows, "same": same, "wrong": wrong, "right": len(rows) - wrong, "batch": batch, "kind": kind}
