"""The lines of a statement as rows (Xero Statement Line), each with what becomes of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.texts import Text, _, dump
from ..engine.screen_texts import stored
from ..engine.standard_columns import standard
from ..statements.identity import identities
from ..statements.values import Statement
from . import facts
from .facts import LINE
from .perhaps_there import Said, matched

NEW, MADE, THERE, PERHAPS, LEFT_OUT = "New", "Made", "There Already", "Perhaps There", "Left Out"
REFUSED, TAKEN_AWAY, STAYS = "Refused", "Taken Away", "Stays"
# The figure of the import by the state of its lines.
FIGURES = {
    NEW: "fresh",
    MADE: "made",
    THERE: "there",
    PERHAPS: "perhaps",
    LEFT_OUT: "left_out",
    REFUSED: "refused",
    TAKEN_AWAY: "taken_away",
    STAYS: "kept",
}
FIELDS = (
    *("name", "position", "date", "amount", "currency", "description", "reference", "party_name", "party_number", "transaction_type"),
    *("transaction_id", "state", "bank_transaction", "wanted", "reason", "reason_parts"),
)
LONGEST, LONGEST_TYPE, LONGEST_TEXT = 140, 50, 5000
CANCELLED = _("{name} is cancelled: delete it, and import the file again, where the line is to come back")


def write(import_name: str, account: facts.Account, statement: Statement) -> dict[str, int]:
    """Put the lines of a statement in the place of those that the import has; its figures. Part of the caller's transaction."""
    frappe.db.delete(LINE, {"statement_import": import_name})
    ids = identities(account.name, statement.lines)
    rows = []
    for position, (name, line) in enumerate(zip(ids, statement.lines), start=1):
        rows.append(
            {
                "name": frappe.generate_hash(length=12),
                **standard(frappe.session.user),
                "statement_import": import_name,
                "company": account.company,
                "bank_account": account.name,
                "position": position,
                "date": line.date,
                "amount": line.amount,
                "currency": account.currency,
                "description": stored(line.description[:LONGEST_TEXT]),
                "reference": stored(line.reference)[:LONGEST],
                "party_name": stored(line.party_name)[:LONGEST],
                "party_number": stored(line.party_number)[:LONGEST],
                "transaction_type": stored(line.transaction_type)[:LONGEST_TYPE],
                "transaction_id": name,
                "state": NEW,
                "bank_transaction": "",
                "wanted": 0,
                "reason": "",
                "reason_parts": "",
            }
        )
    _place(account.name, rows)
    if rows:
        frappe.db.bulk_insert(LINE, list(rows[0]), [tuple(row.values()) for row in rows])
    return {figure: sum(row["state"] == state for row in rows) for state, figure in FIGURES.items()}


def place_again(import_name: str, bank_account: str) -> None:
    """Look once more which lines that are not imported yet are there, or perhaps. Part of the caller's transaction."""
    rows = page(import_name, "", 0, 0)
    waiting = [row for row in rows if row["state"] in (NEW, PERHAPS)]
    before = {row["name"]: (row["state"], row["bank_transaction"]) for row in waiting}
    decided = {str(row["bank_transaction"]) for row in rows if row["bank_transaction"] and (row["wanted"] or row["state"] == LEFT_OUT)}
    _place(bank_account, waiting, {str(row["transaction_id"]) for row in rows}, decided)
    for row in waiting:
        if (row["state"], row["bank_transaction"]) != before[row["name"]]:
            says(
                row["name"], row["state"], bank_transaction=row["bank_transaction"], reason=row["reason"], reason_parts=row["reason_parts"]
            )


def _place(bank_account: str, rows: list[dict[str, Any]], ids: set[str] | None = None, decided: set[str] | None = None) -> None:
    """Set the state of lines that are not imported. `ids`: of all lines of the file; `decided`: Bank Transactions about which a person has said whether a line is one."""
    if not rows:
        return
    ids = ids if ids is not None else {row["transaction_id"] for row in rows}
    there = facts.by_id(row["transaction_id"] for row in rows)
    open_ones = []
    for row in rows:
        if one := there.get(row["transaction_id"]):
            why = CANCELLED.format(name=one["name"]) if one["docstatus"] == 2 else Text("")
            row.update(state=THERE, bank_transaction=one["name"], reason=stored(why), reason_parts=dump(reason=why))
        elif not row["wanted"]:
            row.update(state=NEW, bank_transaction="")
            open_ones.append(row)
    if not open_ones:
        return
    days = [getdate(row["date"]) for row in open_ones]
    others = [each for each in facts.on_days(bank_account, min(days), max(days), ids) if each.name not in (decided or set())]
    found = matched([_said(row) for row in open_ones], others)
    for row in open_ones:
        if name := found.get(row["transaction_id"]):
            row.update(state=PERHAPS, bank_transaction=name)


def _said(row: dict[str, Any]) -> Said:
    day: date = getdate(row["date"])
    texts = " ".join(str(row[each] or "") for each in ("description", "reference", "party_name"))
    return Said(row["transaction_id"], day, facts.money(row["amount"]) if not isinstance(row["amount"], Decimal) else row["amount"], texts)


def page(import_name: str, state: str, start: int, length: int) -> list[dict[str, Any]]:
    """Lines in the order of the file, those of one state or all (""); `length` 0 for all of them."""
    filters = {"statement_import": import_name, **({"state": state} if state else {})}
    found = frappe.get_all(LINE, filters=filters, fields=list(FIELDS), order_by="position asc", limit_start=start, limit=length)
    return [dict(row) for row in found]


def figures(import_name: str) -> dict[str, int]:
    """How many lines are in each state, by the field of the import."""
    rows = frappe.db.sql(
        "SELECT `state`, COUNT(*) FROM `tabXero Statement Line` WHERE `statement_import`=%(name)s GROUP BY `state`", {"name": import_name}
    )
    counted = {str(state): int(count) for state, count in rows}
    return {figure: counted.get(state, 0) for state, figure in FIGURES.items()}


def says(line: str, state: str, **fields: Any) -> None:
    """What became of a line. Part of the caller's transaction."""
    frappe.db.set_value(LINE, line, {"state": state, **fields}, update_modified=False)
