"""What the mapping screen calls. Whoever reads a connection reads its mapping, whoever may write one chooses; the taxes are signed off by an
accountant or an admin (connection/who_may.py)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..connection import tax_sign_off, who_may
from ..engine.screen_texts import html
from ..mapping_screen import changes, saving, screen, spreadsheet, usage
from ..mapping_screen.kinds import DEFAULTS, FIELDS, KINDS, MARK, Key
from ..mapping_screen.saving import Entry
from . import sheets
from .arguments import asks, identifier, listed, name, one, text_or_nothing

CONNECTION = "Xero Connection"
LONGEST_VALUE, MOST_ROWS = 500, 2000
# As a form says that there is nothing.
NOTHING = (None, "", "null")


# Who may


def _may_read(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "read")


def _may_change(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "write")


def _may_sign(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "read")
    if not who_may.presses(frappe.get_roles()):
        frappe.throw(_("The taxes are checked by a Xero Accountant or a Xero Admin"), exc=frappe.PermissionError)


def _may_export(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "read")
    frappe.has_permission(CONNECTION, "export", throw=True)


# Kinds of arguments


def _kind(label: str, value: Any) -> str:
    """One of the kinds of mappings."""
    if not isinstance(value, str) or value not in KINDS:
        frappe.throw(_("{0} must be one of {1}").format(html(label), html(", ".join(KINDS))))
    return str(value)


def _kind_or_all(label: str, value: Any) -> str:
    """One of the kinds, or "" for all of them."""
    return "" if value == "" else _kind(label, value)


def _sheet_kind(label: str, value: Any) -> str:
    """A kind that is kept in spreadsheets."""
    if _kind(label, value) == DEFAULTS:
        frappe.throw(_("The defaults are no spreadsheet: choose them on the screen"))
    return str(value)


def _rows(label: str, value: Any) -> list[dict[str, Any]]:
    """A list of objects, or its JSON."""
    found = listed(label, value, MOST_ROWS)
    if not all(isinstance(each, dict) for each in found):
        frappe.throw(_("{0} must be a list of rows").format(html(label)))
    return found


def _rows_or_nothing(label: str, value: Any) -> list[dict[str, Any]] | None:
    """The same, or nothing."""
    return None if value in NOTHING else _rows(label, value)


def _keys_or_nothing(label: str, value: Any) -> list[Key] | None:
    """A list of keys, or nothing."""
    return None if value in NOTHING else [_key(label, each) for each in listed(label, value, MOST_ROWS)]


def _yes_or_no(label: str, value: Any) -> bool:
    """0 or 1."""
    if value not in (0, 1, "0", "1", True, False):
        frappe.throw(_("{0} must be 0 or 1").format(html(label)))
    return bool(int(value))


def _key(label: str, value: Any) -> Key:
    if not isinstance(value, list) or not all(isinstance(each, str) and len(each) <= LONGEST_VALUE for each in value):
        frappe.throw(_("{0} must name rows of the screen").format(html(label)))
    return tuple(value)


def _entries(kind: str, rows: list[dict[str, Any]]) -> list[Entry]:
    """The rows to save. Throws where one is none of this kind."""
    known, found = KINDS[kind], []
    for row in rows:
        key = _key("rows", row.get("key"))
        if len(key) != len(known.key_fields) or (kind == DEFAULTS and key[0] not in FIELDS):
            frappe.throw(_("{0} must name rows of the screen").format("rows"))
        entry = Entry(known, key, _values(kind, row.get("values")), row["was"] if "was" in row else saving.UNSEEN)
        found.append(entry)
    return found


def _values(kind: str, given: Any) -> dict[str, Any] | None:
    if given is None:
        return None
    fields = [*KINDS[kind].chosen, *filter(None, [KINDS[kind].mark])]
    if not isinstance(given, dict) or not set(given) <= set(fields) or not all(_is_value(each) for each in given.values()):
        frappe.throw(_("What was chosen must be one of {0}").format(html(", ".join(fields))))
    return {field: value or ("" if field not in ("other_class", MARK) else 0) for field, value in given.items()}


def _is_value(given: Any) -> bool:
    return given is None or given in (0, 1) or (isinstance(given, str) and len(given) <= LONGEST_VALUE)


# What


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read, connection=name, mapping=_kind)
def show(connection: str, mapping: str) -> dict[str, Any]:
    """One kind of mapping: what documents use (with amounts for whoever reads the books), what it is mapped to, what is suggested, and what may be chosen."""
    return screen.show(connection, mapping)


@frappe.whitelist(methods=["POST"])
@asks(_may_read, connection=name)
def count_again(connection: str) -> bool:
    """Count anew what documents use. True where the next look shows the figures of now; of a long ledger a job counts meanwhile."""
    return usage.count_now(str(frappe.db.get_value(CONNECTION, connection, "company")))


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, mapping=_kind, rows=_rows)
def save(connection: str, mapping: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Choose for one row or many; rows that are refused are said one by one, the others are saved."""
    return saving.save(connection, _entries(mapping, rows), changes.CHOSEN).shown()


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, mapping=_kind_or_all, keys=_keys_or_nothing, suggested=_rows_or_nothing, unsure=_yes_or_no)
def accept(
    connection: str,
    mapping: str = "",
    keys: list[Key] | None = None,
    suggested: list[dict[str, Any]] | None = None,
    unsure: bool = False,
) -> dict[str, Any]:
    """Accept suggestions: of these rows, or all of high confidence, of one kind or of all. `suggested` are the values that were shown for each of the
    keys: a row for which something else is suggested by now is refused, and so is one that is not of high confidence unless the person was asked about
    it (`unsure`)."""
    return screen.accept(connection, mapping, keys, suggested, unsure).shown()


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, batch=identifier)
def undo(connection: str, batch: str) -> dict[str, Any]:
    """Put back what stood before a press."""
    return saving.undo(connection, batch).shown()


@frappe.whitelist(methods=["POST"])
@asks(_may_sign, connection=name, seen=text_or_nothing)
def sign_taxes(connection: str, seen: str = "") -> None:
    """Say that the taxes are mapped as they are filed; any later change shows. `seen` is that of `show`: refused where they were changed since."""
    screen.sign_taxes(connection, seen)


@frappe.whitelist(methods=["POST"])
@asks(_may_sign, connection=name)
def withdraw_taxes(connection: str) -> None:
    """Take back that the taxes were checked; whoever checked them may, and an admin."""
    tax_sign_off.withdraw(connection)


@frappe.whitelist(methods=["GET"])
@asks(_may_export, connection=name, mapping=_sheet_kind, form=sheets.form)
def export(connection: str, mapping: str, form: str = spreadsheet.XLSX) -> None:
    """A kind of mapping as a spreadsheet."""
    sheets.answer(f"xero-mapping-{mapping}", form, spreadsheet.export(connection, mapping, form))


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, mapping=_sheet_kind, filename=text_or_nothing, content=sheets.content)
def preview_sheet(connection: str, mapping: str, filename: str, content: bytes) -> dict[str, Any]:
    """What a spreadsheet would change, and which of its rows are wrong; nothing is changed."""
    return spreadsheet.preview(connection, mapping, filename, content)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, mapping=_sheet_kind, filename=text_or_nothing, content=sheets.content, right_ones=_yes_or_no)
def import_sheet(connection: str, mapping: str, filename: str, content: bytes, right_ones: bool = False) -> dict[str, Any]:
    """Take over a spreadsheet: all of it or nothing, unless only the right rows are wanted."""
    return spreadsheet.apply(connection, mapping, filename, content, right_ones)
