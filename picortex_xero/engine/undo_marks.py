"""Marking the documents of an undo, before anything is done: what becomes of each in Xero, as it was read last, and what stays there for good."""

from __future__ import annotations

import time
from typing import Any

import frappe

from ..accounting.texts import _
from ..attention.before_cancel import standing_of
from ..compat import let_pass
from ..connection import periods as closed
from ..documents.cancel_outlook import Standing
from ..documents.periods import Periods
from ..documents.removal import DRAFTS
from ..documents.step import step as as_step
from ..documents.undoing import BY_CREDIT, BY_HAND, STAYS, UNDOABLE, UNLESS_LOCKED, Mark, mark, stands
from ..xero.records.registry import EXTRAS, OBJECTS, object_at
from . import outbox, slices, undo_rows
from .clock import now
from .undo_rows import ROW, RUN, SELECTED, Row

AT_ONCE = 100
READY = "Ready"
SAVEPOINT = "picortex_xero_mark"
FAILED = Mark(BY_HAND, _("It could not be looked at"), _("Tell your administrator: the Error Log has the details"))
# Where an approved record is voided, and so stays to be seen.
VOIDED = tuple(each.endpoint for each in OBJECTS if "VOIDED" in (each.undone("AUTHORISED"), each.undone("POSTED")) and not each.is_advance)
COLUMNS = {UNDOABLE: "undoable", UNLESS_LOCKED: "unless_locked", STAYS: "stays", BY_CREDIT: "by_credit", BY_HAND: "by_hand"}


def go_on(run: Row, stop: float) -> None:
    """Find the documents, mark each, count them; then it is ready for a person to press Undo. Until `stop` (time.monotonic()). Commits."""
    name = str(run["name"])
    if not (_found(run, stop) and _marked(run, stop)):
        if frappe.db.get_value(RUN, name, "state") == slices.RUNNING:
            slices.later(RUN, name, now(), _("It goes on by itself"))
        return
    if frappe.db.get_value(RUN, name, "state") == slices.RUNNING:
        slices.end(RUN, name, READY, None, None, **_counts(name))


def _found(run: Row, stop: float) -> bool:
    last = str(run["position"] or "")
    while run["what"] != SELECTED and last != "~":
        found = undo_rows.found_after(run, last)
        undo_rows.add(run, found)
        last = str(found[-1]["name"]) if len(found) == undo_rows.PAGE else "~"
        slices.alive(RUN, str(run["name"]), position=last, documents=undo_rows.count(str(run["name"])))
        if time.monotonic() > stop:
            return False
    return True


def _marked(run: Row, stop: float) -> bool:
    doc = frappe.get_doc("Xero Connection", run["connection"])
    periods = closed.of(doc)
    while rows := undo_rows.unmarked(str(run["name"]), AT_ONCE):
        for doctype, its in undo_rows.by_doctype(rows).items():
            _page(doc, periods, doctype, its)
        slices.alive(RUN, str(run["name"]))
        if time.monotonic() > stop:
            return False
    return True


def _page(doc: Any, periods: Periods, doctype: str, rows: list[Row]) -> None:
    """Mark these documents. Where one of them makes that fail, each is marked by itself, and that one is a person's."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        _whole_page(doc, periods, doctype, rows)
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        if len(rows) > 1:
            for row in rows:
                _page(doc, periods, doctype, [row])
            return
        frappe.log_error(title=f"Xero: {doctype} {rows[0]['reference_name']} could not be marked for an undo"[:140])
        _write(rows[0], FAILED, [], [])


def _whole_page(doc: Any, periods: Periods, doctype: str, rows: list[Row]) -> None:
    docs = [{"name": row["reference_name"], "creation": row["reference_creation"]} for row in rows]
    steps, _links, standing = standing_of(doc, doctype, docs)
    settlers = {name for its in standing.values() for each in its for name in each.settled_by}
    together = undo_rows.names_among(str(rows[0]["undo_run"]), settlers)
    for row in rows:
        its, known = standing[row["reference_name"]], steps[row["reference_name"]]
        dated = str(known[0]["posting_date"] or "") if known else ""
        _write(row, mark(its, [as_step(each) for each in known], dated, periods, together), its, known)


def _write(row: Row, its: Mark, standing: list[Standing], steps: list[outbox.Row]) -> None:
    first: Row = steps[0] if steps else {"posting_date": None, "amount": 0, "currency": ""}
    # What pays or is taken off goes first, so that nothing waits for long.
    place = max((object_at(each.link.endpoint).undo_rank for each in standing if stands(each.link)), default=0)
    undo_rows.write(
        row,
        {"why": its.why, "to_do": its.to_do},
        mark=its.word,
        place=place,
        state=undo_rows.STAYS if its.word == STAYS else undo_rows.WAITING,
        posting_date=first["posting_date"],
        amount=first["amount"],
        currency=first["currency"],
    )


def _counts(run: str) -> dict[str, int]:
    """How many documents of each mark, how many approved records are voided, and how many notes and files stay on them."""
    rows = frappe.db.sql(f"SELECT `mark`, COUNT(*) FROM `tab{ROW}` WHERE `undo_run`=%(run)s GROUP BY `mark`", {"run": run})
    by_mark = {str(row[0]): int(row[1]) for row in rows}
    mine = (
        f"FROM `tab{{of}}` AS o JOIN `tab{ROW}` AS r ON r.`connection`=o.`connection` AND r.`reference_doctype`=o.`reference_doctype` "
        "AND r.`reference_name`=o.`reference_name` WHERE r.`undo_run`=%(run)s AND "
    )
    approved = frappe.db.sql(
        "SELECT COUNT(*) "
        + mine.format(of="Xero Link")
        + "r.`mark`=%(undone)s AND o.`endpoint` IN %(voided)s AND o.`remote_status` NOT IN %(not_so)s",
        {"run": run, "voided": VOIDED, "undone": UNLESS_LOCKED, "not_so": (*DRAFTS, "VOIDED", "DELETED", "Credited")},
    )
    extras = frappe.db.sql(
        "SELECT COUNT(*) " + mine.format(of=outbox.DOCTYPE) + "o.`kind` IN %(extras)s AND o.`state`='Synced'",
        {"run": run, "extras": EXTRAS},
    )
    return {
        **{column: by_mark.get(word, 0) for word, column in COLUMNS.items()},
        "documents": sum(by_mark.values()),
        "approved": int(approved[0][0]),
        "extras": int(extras[0][0]),
    }
