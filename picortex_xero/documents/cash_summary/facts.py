"""Which cash summaries count a document. Read only."""

from __future__ import annotations

from typing import Any

import frappe

from ..base import Books
from ..fact_types import Named
from ..facts import Loaders, by_doctype
from ..role import role
from ..step import UNFINISHED
from .counted import COUNTED, SUMMARY, Counted

CANCELLED = 2


def counted(books: Books, keys: list[Named]) -> dict[Named, list[Counted]]:
    """By document its summaries that stand, and those that are cancelled and may stand in Xero still."""
    found: dict[Named, list[Counted]] = {key: [] for key in keys}
    rows = [row for doctype, names in by_doctype(keys) for row in _rows(books.connection, doctype, names)]
    taken_back = _taken_back(books.connection, sorted({row["summary"] for row in rows if row["docstatus"] == CANCELLED}))
    for row in rows:
        key, step = (row["reference_doctype"], row["reference_name"]), ""
        if key not in found:
            continue  # to MariaDB "inv-1" equals "INV-1"
        if row["docstatus"] == CANCELLED:
            if row["summary"] in taken_back and not taken_back[row["summary"]]:
                continue
            step = taken_back.get(row["summary"], "")
        found[key].append(Counted(row["summary"], row["reference_creation"], row["docstatus"] != CANCELLED, step))
    return found


def _rows(connection: str, doctype: str, names: list[str]) -> list[dict[str, Any]]:
    return list(
        frappe.db.sql(
            "SELECT r.`reference_doctype`, r.`reference_name`, r.`reference_creation`, s.`name` AS `summary`, s.`docstatus`"
            " FROM `tabXero Cash Summary Row` r JOIN `tabXero Cash Summary` s ON s.`name`=r.`parent`"
            " WHERE r.`connection`=%(connection)s AND r.`reference_doctype`=%(doctype)s AND r.`reference_name` IN %(names)s"
            " AND (r.`counted_key` IS NOT NULL OR s.`docstatus`=2) ORDER BY s.`creation` DESC, s.`name` DESC",
            {"connection": connection, "doctype": doctype, "names": tuple(names)},
            as_dict=True,
        )
    )


def _taken_back(connection: str, names: list[str]) -> dict[str, str]:
    """By cancelled summary what of it is not finished (a name in the outbox), "" where it is taken back; without those that nothing is asked for yet."""
    found: dict[str, str] = {}
    if not names:
        return found
    filters = {"connection": connection, "reference_doctype": SUMMARY, "reference_name": ("in", names)}
    rows = frappe.get_all("Xero Outbox Entry", filters=filters, fields=["name", "reference_name", "role", "state"], order_by="name asc")
    for name in names:
        mine = [(row, role(row["role"])) for row in rows if row["reference_name"] == name]
        open_ = [(row, its) for row, its in mine if row["state"] in UNFINISHED and not its.is_extra]
        waited_for = [row["name"] for row, its in sorted(open_, key=lambda each: not each[1].takes_back)]
        if waited_for or any(its.cancels for _row, its in mine):
            found[name] = waited_for[0] if waited_for else ""
    return found


LOADERS: Loaders = {COUNTED: counted}
