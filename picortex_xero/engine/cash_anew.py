"""Takes back Xero Cash Summaries that count a document which goes itself now, or was cancelled, and makes them again without it (documents/cash_summary/counted.py).

Every minute and after every run, of what decisions have marked (`MakeAnew`).
"""

from __future__ import annotations

import frappe
from frappe.utils import getdate

from ..accounting.texts import Text, _
from ..compat import let_pass
from ..documents.base import Books
from ..documents.cash_summary.counted import SUMMARY, left, needs_of_rows
from ..documents.identity import Identity, moment
from ..documents.needs import Facts
from ..documents.role import role
from ..documents.step import SKIPPED
from . import log, outbox
from .cash_summaries import ROW, SUBMITTED, Row, begins, booked, chosen, made_of
from .contexts import books_of
from .gather import load
from .write_protection import own_writes

CANCELLED = 2
# Summaries that one call makes anew.
AT_ONCE = 50
SAVEPOINT = "picortex_xero_cash"
COLUMNS = (
    "connection",
    "company",
    "reference_doctype",
    "reference_name",
    "reference_creation",
    "rule",
    "amount",
    "base_amount",
    "currency",
    "counted_key",
)


def make_anew(connection: str) -> int:
    """Take back the summaries that count what they should not, and make them again without; returns how many. Commits one by one."""
    names = frappe.get_all(
        SUMMARY,
        filters={"connection": connection, "make_anew": 1, "docstatus": SUBMITTED},
        pluck="name",
        order_by="name asc",
        limit=AT_ONCE,
    )
    if not names:
        return 0
    books = books_of(frappe.get_doc("Xero Connection", connection))
    done = 0
    for name in names:
        frappe.db.savepoint(SAVEPOINT)
        try:
            done += _anew(books, name)
        except Exception as error:
            let_pass(error)
            frappe.db.rollback(save_point=SAVEPOINT)
            frappe.log_error(title=f"Xero: {name} could not be made anew"[:140])
        frappe.db.commit()
    return done


def _anew(books: Books, name: str) -> int:
    """Cancel one summary and make it again with what it counts rightly, or let one that does not go stand without the rest; 0 where it counts all rightly. Part of the caller's transaction."""
    doc, facts = frappe.get_doc(SUMMARY, name), Facts()
    said = doc.as_dict()
    load(books, needs_of_rows(said), facts)
    kept = left(said["rows"], facts)
    if len(kept) == len(said["rows"]):
        frappe.db.set_value(SUMMARY, name, "make_anew", 0, update_modified=False)
        return 0
    gone = [row for row in said["rows"] if row not in kept and row["counted_key"]]
    who = Identity(SUMMARY, name, moment(said["creation"]))
    if _left_out(books.connection, who):
        # It stays as that person said, whatever else it counts: nothing of it is in Xero that could be taken back, and the rest is not summarised again.
        _count_no_more(gone)
        frappe.db.set_value(SUMMARY, name, "make_anew", 0, update_modified=False)
        _note(books, who, gone, _("It stays as somebody said, and does not count {name} any more ({count} in all)"))
        return int(bool(gone))
    with own_writes():
        doc.flags.ignore_permissions = True
        doc.docstatus = CANCELLED
        doc.save()
    _count_no_more(said["rows"])
    _note(books, who, gone, _("Taken back, since it counted {name} ({count} in all)"))
    if kept:
        rows = [{column: row[column] for column in COLUMNS} for row in kept]
        booked_to = {**_booked(books, said), "amended_from": name}
        made_of(books, said["account"], getdate(said["posting_date"]), said["direction"], rows, booked_to)
    return 1


def _count_no_more(rows: list[Row]) -> None:
    for row in rows:
        frappe.db.set_value(ROW, row["name"], "counted_key", None, update_modified=False)


def _note(books: Books, who: Identity, gone: list[Row], text: Text) -> None:
    if gone:
        log.write(books.connection, books.company, who, "Chosen", text.format(count=len(gone), name=gone[0]["reference_name"]))


def _left_out(connection: str, who: Identity) -> bool:
    """Whether a person has said that a summary does not go to Xero (an undo, Skip, Done by Hand): then it stays so, and is not made again."""
    mine = [step for step in outbox.steps_of(connection, who) if role(step["role"]).makes]
    return bool(mine) and max(mine, key=lambda step: int(step["generation"]))["state"] == SKIPPED


def _booked(books: Books, said: Row) -> Row:
    """Where the money of a summary that is made anew goes: as it is chosen now, else where it went."""
    now = next((each for each in chosen(books.connection) if each["account"] == said["account"]), None)
    if now is None or getdate(said["posting_date"]) < begins(books, now):
        return {"against_account": said["against_account"], "tax_type": said["tax_type"]}
    return booked(now, said["direction"])
