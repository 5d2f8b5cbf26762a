"""An undo as the page Undo shows it. Nothing here asks who may see it: api/undoing.py does."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.money import decimal, half_up
from ..accounting.texts import Text, _
from ..documents.undoing import MARKS
from ..engine import full_names, screen_texts
from ..engine.undo_rows import ROW, RUN, STATES

# Runs and imports that are listed, and documents on one page.
LISTED, PAGE = 20, 50
HEAD = (
    *(
        "name",
        "connection",
        "what",
        "history_run",
        "from_time",
        "to_time",
        "state",
        "phase",
        "started_at",
        "started_by",
        "confirmed_at",
        "confirmed_by",
    ),
    *(
        "finished_at",
        "reason",
        "cure",
        "reason_parts",
        "documents",
        "undoable",
        "unless_locked",
        "stays",
        "by_credit",
        "by_hand",
        "approved",
        "extras",
    ),
    *("undone", "with_person", "left_over", "at_once"),
)
SAYS: dict[str, Text] = {
    "Undoable": _("undone: drafts and allocations are removed, what is not sent yet is not sent"),
    "Undoable Unless Locked": _("undone: approved records are voided or deleted, unless their period is locked until then"),
    "Stays": _("stay as they are: nothing of them is in Xero, or it was there before"),
    "By Credit Note Only": _("by credit note only: their period is closed, and a Xero Admin presses Credit in Open Period for each"),
    "By Hand Only": _("by hand only: a person has to do something in Xero, and this then goes on by itself"),
}
COLUMNS = {
    "Undoable": "undoable",
    "Undoable Unless Locked": "unless_locked",
    "Stays": "stays",
    "By Credit Note Only": "by_credit",
    "By Hand Only": "by_hand",
}


def shown(connection: str, run: str) -> dict[str, Any]:
    """`run`: the undo of that name, or the newest one ({} for none), with `marks` (each `mark`, `count`, `says`), `states` (each `state`, `count`) and `said` (sentences
    about all of it); `runs`: the others, newest first; `imports`: imports of history that can be undone."""
    fields = ["name", "what", "state", "phase", "started_at", "documents", "undone", "with_person"]
    runs = frappe.get_all(RUN, filters={"connection": connection}, fields=fields, order_by="started_at desc", limit=LISTED)
    name = run or (runs[0]["name"] if runs else "")
    imports = frappe.get_all(
        "Xero History Run",
        filters={"connection": connection, "state": ("in", ("Stopped", "Done"))},
        fields=["name", "mode", "from_date", "to_date", "documents", "finished_at"],
        order_by="started_at desc",
        limit=LISTED,
    )
    return {"run": _head(name) if name else {}, "runs": runs, "imports": imports}


def documents(run: str, mark: str, state: str, start: int) -> dict[str, Any]:
    """One page of the documents of an undo with this mark and in this state ("" for any): `rows`, `page`, `more`. Each row has `row` (its name), `doctype`, `name`, `date`, `amount`,
    `currency`, `mark`, `why`, `to_do`, `state`, `said`, `cure`; text, not escaped."""
    filters: dict[str, Any] = {"undo_run": run, **({"mark": mark} if mark else {}), **({"state": state} if state else {})}
    fields = [
        "name",
        "reference_doctype",
        "reference_name",
        "posting_date",
        "amount",
        "currency",
        "mark",
        "why",
        "to_do",
        "state",
        "said",
        "cure",
        "texts",
    ]
    rows = frappe.get_all(ROW, filters=filters, fields=fields, order_by="place asc, name asc", limit_start=start, limit=PAGE + 1)
    return {"rows": [_row(row) for row in rows[:PAGE]], "page": PAGE, "more": len(rows) > PAGE}


def _head(name: str) -> dict[str, Any]:
    row = dict(frappe.db.get_value(RUN, name, HEAD, as_dict=True) or {})
    counted = frappe.db.sql(f"SELECT `state`, COUNT(*) FROM `tab{ROW}` WHERE `undo_run`=%(run)s GROUP BY `state`", {"run": name})
    by_state = {str(each[0]): int(each[1]) for each in counted}
    people = full_names.of(each for each in (row["started_by"], row["confirmed_by"]) if each)
    return {
        **row,
        "reason": screen_texts.said(row["reason"], row["reason_parts"], "reason"),
        "cure": screen_texts.said(row["cure"], row["reason_parts"], "cure"),
        "started_by": people.get(row["started_by"], ""),
        "confirmed_by": people.get(row["confirmed_by"], ""),
        "marks": [
            {"mark": mark, "count": row[COLUMNS[mark]], "says": screen_texts.in_words(SAYS[mark])} for mark in MARKS if row[COLUMNS[mark]]
        ],
        "states": [{"state": state, "count": by_state[state]} for state in STATES if by_state.get(state)],
        "said": [screen_texts.in_words(each) for each in _said(row)],
    }


def _said(row: dict[str, Any]) -> list[Text]:
    found = []
    if row["approved"]:
        found.append(
            _(
                "One approved record is voided. It stays in Xero as voided, and its number is used up: what is sent again later gets another number"
            )
            if row["approved"] == 1
            else _(
                "{count} approved records are voided. They stay in Xero as voided, and their numbers are used up: what is sent again later gets another number"
            ).format(count=row["approved"])
        )
    if row["extras"]:
        one = _("One history note or file stays on its record")
        found.append(one if row["extras"] == 1 else _("{count} history notes and files stay on their records").format(count=row["extras"]))
    found.append(_("Contacts stay in Xero. The documents stay as they are in ERPNext, and nothing sends them again by itself"))
    return found


def _row(row: dict[str, Any]) -> dict[str, Any]:
    amount = decimal(row["amount"])
    return {
        "row": row["name"],
        "doctype": row["reference_doctype"],
        "name": row["reference_name"],
        "date": str(row["posting_date"] or ""),
        "amount": str(half_up(amount)) if amount else "",
        "currency": row["currency"] or "",
        "mark": row["mark"],
        "state": row["state"],
        **{name: screen_texts.said(row[name], row["texts"], name) for name in ("why", "to_do", "said", "cure")},
    }
