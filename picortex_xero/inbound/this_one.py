"""A person says that what somebody has entered in Xero is a document that is here already: both are linked, and nothing is sent. It may be dated otherwise here, where the person has seen
that: each side keeps its day. What differs in anything else is another one."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.texts import Text, _
from ..documents.identity import identity
from ..documents.step import IN_FLIGHT
from ..engine import contexts, full_names, links, log, outbox
from ..engine.contexts import Context
from ..engine.screen_texts import in_words
from ..engine.wake import wake
from ..incoming import perhaps_here, same_here
from . import people_own, people_rows
from .incoming_rows import DRAFT, WAITING, Row, say
from .people_entries import KINDS

PARTS = {"Sales Invoice": "invoice", "Purchase Invoice": "invoice", "Journal Entry": "journal"}
PAYMENT_ENTRY = "Payment Entry"


def offered(name: str) -> list[dict[str, Any]]:
    """The documents here that look like what waits: `doctype`, `name`, `draft`, `date` (here) and `there` (in Xero; yyyy-mm-dd), `differs`: why it cannot be it, in words of the
    reader; [] where nothing is to be chosen."""
    row = people_own.of_row(name)
    context = contexts.load(row["connection"]) if _waits(row) else None
    found = []
    for doctype, known_as in perhaps_here.of_record(row["record"]) if context else ():
        if frappe.db.exists(doctype, known_as):
            doc = frappe.get_doc(doctype, known_as)
            dated = str(doc.posting_date)[:10]
            differs = _a_payment(known_as) if doctype == PAYMENT_ENTRY else _differs(context, row, doc, dated)
            found.append(
                {
                    "doctype": doctype,
                    "name": known_as,
                    "draft": not int(doc.docstatus),
                    "date": dated,
                    "there": _of(row).date,
                    "differs": in_words(differs) if differs else "",
                }
            )
    return found


def this_one(name: str, voucher: str, agreed: str = "") -> None:
    """What was entered in Xero is this document here: both are linked, and nothing is sent. `agreed`: the day here (yyyy-mm-dd), where a person has seen that Xero has another one.
    Throws where it cannot be it. Part of the caller's transaction."""
    row = people_own.of_row(name)
    chosen = next((each for each in perhaps_here.of_record(row["record"]) if each[1] == voucher), None)
    doctype = chosen[0] if chosen and _waits(row) else ""
    if not doctype:
        people_own.refuse(_("It has moved on meanwhile: load it anew"))
    doc = frappe.get_doc(doctype, voucher)
    doc.check_permission("read")
    if doctype == PAYMENT_ENTRY:
        people_own.refuse(_a_payment(voucher))
    if doc.docstatus == 2:
        people_own.refuse(_("It has moved on meanwhile: load it anew"))
    context = contexts.load(row["connection"])
    if why := _differs(context, row, doc, agreed):
        people_own.refuse(why)
    steps = outbox.of_documents(row["connection"], doctype, [voucher])
    if any(each["state"] in IN_FLIGHT for each in steps):
        people_own.refuse(_("{name} is being sent to Xero just now; try again in a minute").format(name=voucher))
    linked = links.add(
        row["connection"],
        row["company"],
        identity(doc.as_dict()),
        "credit" if doc.get("is_return") else PARTS[doctype],
        1,
        row["endpoint"],
        row["xero_id"],
        status="AUTHORISED",
        currency=row["currency"],
        total=row["amount"],
        adopted=True,
    )
    if not linked:
        people_own.refuse(_("It has moved on meanwhile: load it anew"))
    said = _("{user} said that it is {what} in Xero").format(user=full_names.mine(), what=str(row["what"]))
    log.write(row["connection"], row["company"], identity(doc.as_dict()), "Linked", said)
    say(name, DRAFT, reference_doctype=doctype, reference_name=voucher, record=perhaps_here.agreeing(row["record"], agreed))
    for step in steps:
        outbox.decide_anew(step)
    frappe.db.after_commit.add(lambda: wake(row["connection"]))


def _waits(row: Row) -> bool:
    return (row["state"], row["reason_code"]) == (WAITING, perhaps_here.HERE_ALREADY)


def _kind(row: Row) -> people_rows.Kind:
    return next(each for each in KINDS if row["endpoint"] in each.endpoints)


def _of(row: Row) -> Any:
    return people_rows.of_record(_kind(row), row)


def _a_payment(name: str) -> Text:
    return _(
        "{name} is a payment, and in Xero it is none. Where it is the same money, cancel {name}: what is in Xero then becomes a draft here"
    ).format(name=name)


def _differs(context: Context | None, row: Row, doc: Any, agreed: str) -> Text | None:
    """Why a document is not what was entered in Xero, if so."""
    if context is None:
        return _("The connection is not live now")
    kind, entered = _kind(row), _of(row)
    found = kind.otherwise(context, entered, doc, False, agreed)
    return same_here.edited(kind.named(entered), str(doc.name), found).message if found else None
