"""What a person says of a row of what was entered in Xero (journals, money, invoices, bills), and what became of the document that was made of it."""

from __future__ import annotations

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import NONE, Text, _
from ..documents.entered_there import CODE as LISTED_THERE_TOO
from ..documents.identity import identity
from ..documents.step import IN_FLIGHT, PENDING
from ..documents.typed_there import CODE as TYPED_THERE_TOO
from ..engine import apply, full_names, log, outbox, peoples_own
from ..engine.screen_texts import html, in_words
from ..incoming import perhaps_here
from ..incoming.same_here import EDITED
from . import entering
from .incoming_rows import BY_HAND, CHANGED, DOCTYPE, DRAFT, ENTERED, LEFT_OUT, OPEN, UNWANTED, WAITING, Row, say
from .people_rows import UNREAD

FIELDS = ["name", "state", "connection", "company", "reason_code", "record", "endpoint", "xero_id", "currency", "amount", "what"]
FIELDS += ["reference_doctype", "reference_name"]


def of_row(name: str) -> Row:
    """A row with what is asked of it here."""
    return dict(frappe.db.get_value(DOCTYPE, name, FIELDS, as_dict=True))


def state_of(row: Row) -> int | None:
    """Whether the document of a row is a draft (0), submitted (1) or cancelled (2); None where there is none."""
    if not row["reference_name"]:
        return None
    found = frappe.db.get_value(row["reference_doctype"], row["reference_name"], "docstatus")
    return None if found is None else int(found)


def being_sent(connection: str, doctype: str, name: str) -> bool:
    """Whether something of a document is to be decided, or on its way."""
    return any(each["state"] in (PENDING, *IN_FLIGHT) for each in outbox.of_documents(connection, doctype, [name]))


def is_it(row: Row, problem: Problem | None) -> None:
    """What was made of a record is submitted: it is that, or a person's (`problem`), in the list and under its own step. Part of the caller's transaction."""
    steps = outbox.of_documents(row["connection"], row["reference_doctype"], [row["reference_name"]])
    if problem:
        say(row["name"], WAITING, problem)
        for step in steps:
            apply.raise_problem(step["name"], problem)
        return
    look_anew(row["connection"])
    # Payments that were entered in Xero before are read now (inbound/people_payments.py).
    say(row["name"], ENTERED, reason_code=UNREAD if row["reference_doctype"] != "Journal Entry" else "")
    _let_go(steps)


def _let_go(steps: list[Row]) -> None:
    for step in steps:
        if step["reason_code"] == EDITED:
            outbox.decide_anew(step)


def refuse(why: Text) -> None:
    """Throw, in the reader's words."""
    frappe.throw(html(in_words(why)))


def done_by_hand(name: str) -> None:
    """A person has done it, or does not want it. A document here that is looked after stays so: what is changed in Xero later is told. Part of the caller's transaction."""
    row = of_row(name)
    if row["state"] not in (*OPEN, DRAFT):
        return
    if (row["state"], row["reason_code"]) == (WAITING, perhaps_here.HERE_ALREADY):
        refuse(_("Press It Is This One, or It Is Another One: otherwise it would be in Xero twice"))
    said = _("{user} did it by hand").format(user=full_names.mine())
    state = state_of(row)
    if state in (0, 1) and row["reason_code"] in (CHANGED, EDITED):
        say(name, ENTERED if state else DRAFT)
        doc = frappe.get_doc(row["reference_doctype"], row["reference_name"])
        log.write(row["connection"], row["company"], identity(doc.as_dict()), "Chosen", said)
        _let_go(outbox.of_documents(row["connection"], row["reference_doctype"], [row["reference_name"]]))
    else:
        # The link stays, also that of a draft which is deleted then: it is not entered again.
        say(name, LEFT_OUT, Problem(UNWANTED if state == 0 else BY_HAND, said, NONE))


def release(connection: str) -> frozenset[tuple[str, str]]:
    """Documents that no waiting row names any more are decided anew; returns those that are still named. Part of the caller's transaction."""
    named = perhaps_here.named(connection)
    for step in entering.held(connection, LISTED_THERE_TOO):
        if (step["reference_doctype"], step["reference_name"]) not in named:
            outbox.decide_anew(step)
    return named


def look_anew(connection: str) -> None:
    """It is known now what something that was entered in Xero is: journals that wait for that are decided anew. Part of the caller's transaction."""
    for step in entering.held(connection, TYPED_THERE_TOO):
        outbox.decide_anew(step)


def follow(row: Row) -> bool:
    """What was made of a record was cancelled: its amendment is that record now, where there is one. Part of the caller's transaction."""
    doc = peoples_own.amendment(row)
    return bool(doc and peoples_own.amended(doc, row["connection"]))
