"""What becomes of a document that was made of what somebody entered in Xero, and that is cancelled or amended here: Xero's record belongs to the amendment, and is never a second one."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents.identity import identity
from ..documents.step import ENDED, WERE_THERE
from . import apply, links, log, outbox, protocol

ROW = "Xero Incoming Record"
CANCELLED = "cancelled-here-back"
NOTHING_SAID = {"reason": "", "cure": "", "reason_code": "", "reason_parts": ""}
Doc = dict[str, Any]


def amended(doc: Any, connection: str) -> int:
    """An amendment, submitted or a draft, is from now on the record in Xero of which the document that it amends was made; returns how many records it has taken over. Part of the
    caller's transaction."""
    former = doc.get("amended_from")
    if not former:
        return 0
    rows = _rows(connection, doc.doctype, former)
    known = {(row["endpoint"], row["xero_id"]) for row in rows}
    taken = 0
    for link in links.whole_of_documents(connection, doc.doctype, [former]):
        if not _of_people(link, known):
            continue
        links.hand_over(link["name"], identity(doc.as_dict()), link["remote_picture"] or "")
        taken += 1
    # Another choice (Take It Over) has handed the record over already.
    rows = [row for row in rows if _belongs_to(row, connection, doc)]
    if not (taken or rows):
        return 0
    why = _("{name} amends it, and is what was entered in Xero").format(name=doc.name)
    for step in outbox.of_documents(connection, doc.doctype, [former]):
        if step["state"] in protocol.UNSENT and not step["kept_by"]:
            apply.supersede(step, why)
    for row in rows:
        # The next run looks what it is (inbound/people_entries.py).
        values = {**NOTHING_SAID, "state": "Draft Here", "reference_name": doc.name}
        frappe.db.set_value(ROW, row["name"], values, update_modified=False)
    log.write(connection, doc.company, identity(doc.as_dict()), "Linked", why)
    return taken or len(rows)


def amendment(row: Doc) -> Any:
    """The document that amends what was made of a record and was cancelled, or an amendment of that; None where there is none."""
    name, found = row["reference_name"], None
    while following := frappe.get_all(
        row["reference_doctype"], filters={"amended_from": name}, pluck="name", order_by="creation desc", limit=1
    ):
        name = following[0]
        found = frappe.get_doc(row["reference_doctype"], name)
        if found.docstatus < 2:
            return found
    return None


def _belongs_to(row: Doc, connection: str, doc: Any) -> bool:
    linked = links.by_records(connection, [row["xero_id"]])
    return any((each["endpoint"], each["reference_name"]) == (row["endpoint"], doc.name) for each in linked)


def cancelled(doc: Any, connection: str) -> int:
    """What was made of a record was cancelled: a person says whether it goes in Xero too, or is entered anew. Returns how many rows say so. Part of the caller's transaction."""
    rows = [
        row for row in _rows(connection, doc.doctype, doc.name) if row["state"] in ("Draft Here", "Entered Here", "Waiting", "To Decide")
    ]
    for row in rows:
        values = {"state": "Waiting", **outbox.said(cancelled_here(str(row["what"]), doc.name))}
        frappe.db.set_value(ROW, row["name"], values, update_modified=False)
    return len(rows)


def cancelled_here(what: str, name: str) -> Problem:
    """Why the record of a cancelled document waits."""
    return Problem(
        CANCELLED,
        _("{name} was cancelled here, and {what} of which it was made stands in Xero").format(name=name, what=what),
        _(
            "Where it is wrong there too, remove it in Xero. Else amend {name}: the amendment is then what Xero has; or press Retry, and it is entered here anew. Or leave it, and press Done by Hand"
        ).format(name=name),
        held=True,
    )


def _rows(connection: str, doctype: str, name: str) -> list[Doc]:
    filters = {"connection": connection, "reference_doctype": doctype, "reference_name": name, "endpoint": ("in", list(WERE_THERE))}
    return list(frappe.get_all(ROW, filters=filters, fields=["name", "state", "what", "endpoint", "xero_id"]))


def _of_people(link: Doc, known: set[tuple[str, str]]) -> bool:
    """Whether a link is of what somebody has entered in Xero, and it stands there: a row says so, or the link."""
    stands = link["remote_status"] not in ENDED
    return stands and (is_of_people(link) or (_was_there(link) and (link["endpoint"], link["xero_id"]) in known))


def is_of_people(link: Doc) -> bool:
    """Whether a link says by itself that it is of what somebody has entered in Xero: nothing was ever compared for it."""
    return _was_there(link) and not link["content"]


def _was_there(link: Doc) -> bool:
    return bool(link["adopted"] and link["endpoint"] in WERE_THERE and (link["marker"] or "{}") == "{}")
