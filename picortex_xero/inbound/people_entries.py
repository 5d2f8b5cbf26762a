"""What people enter in Xero that pays nothing of ours becomes drafts here, once, where the company has chosen so: manual journals, money spent and received. Each is noted as a row
(Xero Incoming Record), decided by what is pure in incoming/, and written with its link in one transaction: the link keeps it from ever being sent back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents.identity import identity
from ..engine import limits, links, log, outbox, peoples_own, reading
from ..engine.contexts import STAY_THERE, Context
from ..engine.isolation import read_alone
from ..engine.leases import Lease
from ..engine.wake import wake
from ..incoming import month, perhaps_here, same_here
from ..incoming.journal import CODED_THERE, CONTACT_BACK, HERE_ALREADY, TWICE, Draft, Waits
from ..incoming.way_back import ACCOUNT_BACK, TAX_BACK, TRACKING_BACK
from ..xero.records import xero_element
from ..xero.records.registry import BANK_TRANSACTION, CREDIT_NOTE, INVOICE, MANUAL_JOURNAL, object_at
from . import booked_months, dimensions, people_own, people_rows
from .incoming_rows import (
    DOCTYPE,
    DRAFT,
    ENTERED,
    GONE,
    REMOVED,
    SAVEPOINT,
    TO_DECIDE,
    WAITING,
    Row,
    apart,
    decided_by_people,
    in_turn,
    refused,
    say,
    tell,
)
from .people_kinds import DOCUMENTS, ENTRIES
from .people_rows import UNREAD, Element, Kind

TOLD = "entries-back"
# What records become here.
MADE = ("Journal Entry", "Sales Invoice", "Purchase Invoice")
# What these wait for shows by itself here: a mapping, a contact that is matched, a document that is in Xero by now, one that is gone here as it is there.
LOOKED_AT_AGAIN = (
    ACCOUNT_BACK,
    TAX_BACK,
    TRACKING_BACK,
    "bank-not-mapped-back",
    "bank-several-back",
    CONTACT_BACK,
    HERE_ALREADY,
    CODED_THERE,
    month.BOOKED,
    REMOVED,
)


KINDS: tuple[Kind, ...] = (ENTRIES, DOCUMENTS)
ENDPOINTS = tuple(endpoint for kind in KINDS for endpoint in kind.endpoints)
# Rows that are none of payments (inbound/coming_back.py).
NO_PAYMENTS = (*ENDPOINTS, month.ENDPOINT)
# Which part of a document its record in Xero is, by the list that shows it.
PARTS = {
    MANUAL_JOURNAL.endpoint: "journal",
    BANK_TRANSACTION.endpoint: "journal",
    INVOICE.endpoint: "invoice",
    CREDIT_NOTE.endpoint: "credit",
}


def wanted(connection: str) -> list[Kind]:
    """The kinds of records that become drafts here."""
    chosen = frappe.db.get_value("Xero Connection", connection, [kind.setting for kind in KINDS], as_dict=True) or {}
    return [kind for kind in KINDS if (chosen.get(kind.setting) or STAY_THERE) != STAY_THERE]


def lists(connection: str, endpoints: Sequence[str]) -> set[str]:
    """Those of these lists that are read for what becomes drafts here."""
    return {each for kind in wanted(connection) for each in kind.endpoints if each in endpoints}


def followed(connection: str, endpoint: str, ids: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Of these records the id in lower case and the document here of those whose row tells what becomes of them in Xero."""
    if endpoint not in ENDPOINTS or not ids:
        return frozenset()
    names = [people_rows.key(connection, endpoint, each.lower()) for each in ids if each]
    told = {"name": ("in", names), "state": ("in", (DRAFT, ENTERED, WAITING)), "reference_name": ("is", "set")}
    rows = frappe.get_all(DOCTYPE, filters=told, fields=["xero_id", "reference_name"])
    return frozenset((str(row["xero_id"]).casefold(), str(row["reference_name"])) for row in rows)


def is_due(connection: str) -> bool:
    """Whether something is to be decided."""
    mine = {"connection": connection, "endpoint": ("in", ENDPOINTS)}
    if frappe.db.exists(DOCTYPE, {**mine, "state": ENTERED, "reason_code": UNREAD}):
        return True
    return bool(frappe.db.exists(DOCTYPE, {**mine, "state": TO_DECIDE})) and bool(wanted(connection))


def notice(context: Context, lease: Lease, endpoint: str, peoples: Sequence[Element], elements: Sequence[Element]) -> None:
    """Note what a list of Xero's shows: of `peoples` (inbound/unlinked.py) what is new since the connection went live, of all `elements` what has a row here already, or had one before a reinstall. Reads by
    its id what the list shows without lines. Commits."""
    kind = next((each for each in KINDS if endpoint in each.endpoints), None)
    if kind is None or not elements:
        return
    ids = {xero_element.linked_id(each, object_at(endpoint).id_field).lower(): each for each in elements}
    names = {people_rows.key(context.connection, endpoint, xero_id): each for xero_id, each in ids.items() if xero_id}
    fields = ["name", "state", "record", "reference_doctype", "reference_name", "reason_code"]
    known = frappe.get_all(DOCTYPE, filters={"name": ("in", list(names))}, fields=fields) if names else []
    for row in known:
        if (shown := kind.read(endpoint, element := _whole(context, lease, endpoint, names[row["name"]]))) is not None:
            people_rows.seen_again(kind, row, shown, element)
    rows = {row["name"] for row in known}
    _note_linked(
        context, lease, kind, endpoint, {each: ids[each] for each in ids if people_rows.key(context.connection, endpoint, each) not in rows}
    )
    if any(xero_element.gone(each) for each in elements):
        people_own.look_anew(context.connection)
    if kind in wanted(context.connection) and limits.may_send(context.connection):
        for element in peoples:
            shown = kind.read(endpoint, element)
            if shown is None or not shown.stands or shown.date < str(context.go_live_date or "9999"):
                continue
            if people_rows.key(context.connection, endpoint, shown.xero_id) not in rows:
                element = _whole(context, lease, endpoint, element)
                if (shown := kind.read(endpoint, element)) is not None and shown.stands:
                    people_rows.note(context, kind, shown, element)
    frappe.db.commit()


def _note_linked(context: Context, lease: Lease, kind: Kind, endpoint: str, elements: dict[str, Element]) -> None:
    """Write the rows anew of records, by id, that documents here were made of: after a reinstall their links are back, and their rows are not. What differs is told, and from
    then on what is changed in Xero."""
    for linked in links.by_records(context.connection, list(elements)):
        if linked["endpoint"] != endpoint or not peoples_own.is_of_people(linked):
            continue
        doctype, name = str(linked["reference_doctype"]), str(linked["reference_name"])
        element = _whole(context, lease, endpoint, elements[str(linked["xero_id"]).lower()])
        shown, docstatus = kind.read(endpoint, element), frappe.db.get_value(doctype, name, "docstatus")
        if shown is None or docstatus is None or int(docstatus) == 2:
            continue
        people_rows.note(context, kind, shown, element)
        row = people_own.of_row(people_rows.key(context.connection, endpoint, shown.xero_id))
        row |= {"reference_doctype": doctype, "reference_name": name}
        differs = not shown.stands or bool(_edited(context, row))
        problem = people_rows.otherwise(kind.named(shown), name, shown.stands) if differs else None
        state = WAITING if problem else ENTERED if int(docstatus) else DRAFT
        say(row["name"], state, problem, reference_doctype=doctype, reference_name=name)


def _whole(context: Context, lease: Lease, endpoint: str, element: Element) -> Element:
    """The record with its lines."""
    if element.get("LineItems") or element.get("JournalLines") or xero_element.gone(element):
        return element
    xero_id = xero_element.linked_id(element, object_at(endpoint).id_field)
    there, found = read_alone(context, lease, partial(reading.one, context, lease, endpoint, xero_id))
    return found if there and found else element


def decide_all(context: Context) -> None:
    """Look at what became of the drafts, and decide what is to be decided, each in a transaction of its own. Commits."""
    fields = people_own.FIELDS
    mine: dict[str, Any] = {"connection": context.connection, "endpoint": ("in", ENDPOINTS)}
    for doctype in MADE:
        for row in decided_by_people(context.connection, doctype, fields, without=(month.ENDPOINT,)):
            _apart(row, partial(_look, context, row))
    endpoints = tuple(each for kind in wanted(context.connection) for each in kind.endpoints)
    if endpoints:
        _decide_those(context, {**mine, "endpoint": ("in", endpoints)}, fields)
    # What is perhaps here already is not sent in this run.
    context.perhaps_there = people_own.release(context.connection)
    frappe.db.commit()


def _decide_those(context: Context, mine: dict[str, Any], fields: list[str]) -> None:
    rows = in_turn({**mine, "state": TO_DECIDE}, fields)
    rows += in_turn({**mine, "state": WAITING, "reason_code": ("in", LOOKED_AT_AGAIN)}, fields)
    for row in rows:
        _apart(row, partial(_decide, context, row))
    if rows:
        tell(
            context.connection,
            TOLD,
            ("in", ENDPOINTS),
            _("Something that was entered in Xero waits for you"),
            _("{count} records that were entered in Xero wait for you"),
        )
        frappe.db.commit()


def _apart(row: Row, work: Callable[[], None]) -> None:
    apart(row, work, lambda: _unexpected(str(row["what"])))


def _look(context: Context, row: Row) -> None:
    """What became of a draft: deleted, and decided anew; or submitted, and compared with what Xero has."""
    state = people_own.state_of(row)
    if state is None:
        _free(context, row)
        say(row["name"], TO_DECIDE, reference_doctype=None, reference_name=None)
    elif state == 2 and not people_own.follow(row):
        say(row["name"], WAITING, peoples_own.cancelled_here(str(row["what"]), str(row["reference_name"])))
    elif state == 1 and not people_own.being_sent(context.connection, row["reference_doctype"], row["reference_name"]):
        people_own.is_it(row, _edited(context, row))


def _edited(context: Context, row: Row, accounts: bool = False) -> Problem | None:
    """Why what was made of a record is not what Xero has, if so."""
    kind = next(each for each in KINDS if row["endpoint"] in each.endpoints)
    entered = people_rows.of_record(kind, row)
    doc = frappe.get_doc(row["reference_doctype"], row["reference_name"])
    found = kind.otherwise(context, entered, doc, accounts, perhaps_here.agreed(row["record"]))
    return same_here.edited(kind.named(entered), str(row["reference_name"]), found) if found else None


def _free(context: Context, row: Row) -> None:
    """The record belongs to no document any more: its former one is deleted or cancelled, and takes nothing back in Xero."""
    for linked in links.by_records(context.connection, [row["xero_id"]]):
        if (linked["endpoint"], linked["reference_name"]) == (row["endpoint"], row["reference_name"]):
            links.forget(linked["name"])
    if row["reference_name"]:
        for step in outbox.of_documents(context.connection, row["reference_doctype"], [row["reference_name"]]):
            if step["role"] == "void":
                outbox.decide_anew(step)


def _decide(context: Context, row: Row) -> None:
    kind = next(each for each in KINDS if row["endpoint"] in each.endpoints)
    entered = people_rows.of_record(kind, row)
    state = people_own.state_of(row)
    if state in (0, 1):
        # It was changed or removed in Xero, and what was made of it is still here.
        if state and entered.stands and not _edited(context, row, accounts=True):
            people_own.is_it(row, None)
            return
        say(row["name"], WAITING, people_rows.otherwise(kind.named(entered), str(row["reference_name"]), entered.stands))
        return
    if state == 2 and people_own.follow(row):
        return
    if row["reference_name"]:
        _free(context, row)
    if any(each["endpoint"] == row["endpoint"] for each in links.by_records(context.connection, [row["xero_id"]])):
        # The answer to a request of ours came after it was listed, or it is another document's.
        frappe.db.delete(DOCTYPE, {"name": row["name"]})
        return
    if not entered.stands:
        say(row["name"], GONE, reference_doctype=None, reference_name=None)
        people_own.look_anew(context.connection)
        return
    certain = perhaps_here.is_another(row["record"])
    outcome = kind.decide(context, entered, certain)
    if (
        isinstance(outcome, Draft)
        and not certain
        and (booked := booked_months.waits(context.connection, kind.named(entered), entered.date))
    ):
        outcome = Waits(booked)
    if row["state"] == TO_DECIDE or isinstance(outcome, Draft) or outcome.problem.code != row["reason_code"]:
        # It is known now what comes of it: a journal that waits for that may be decided.
        people_own.look_anew(context.connection)
    match outcome:
        case Waits(problem, alike):
            record = perhaps_here.kept(row["record"], alike)
            say(row["name"], WAITING, problem, reference_doctype=None, reference_name=None, record=record)
        case Draft(voucher):
            _enter(context, row, kind, entered, voucher)


def _enter(context: Context, row: Row, kind: Kind, entered: Any, voucher: dict[str, Any]) -> None:
    what = kind.named(entered)
    try:
        doc = frappe.get_doc(people_rows.as_host(dimensions.filled(voucher)))
        doc.insert(ignore_permissions=True)
        if kind.differs and (problem := kind.differs(entered, doc)):
            frappe.db.rollback(save_point=SAVEPOINT)
            say(row["name"], WAITING, problem, reference_doctype=None, reference_name=None)
            return
    except frappe.ValidationError as error:
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.clear_messages()
        say(row["name"], WAITING, refused(what, str(error)), reference_doctype=None, reference_name=None)
        return
    made = doc.as_dict()
    linked = links.add(
        context.connection,
        context.company,
        identity(made),
        PARTS[row["endpoint"]],
        1,
        row["endpoint"],
        row["xero_id"],
        xero_number=getattr(entered, "number", ""),
        status="AUTHORISED",
        currency=entered.currency,
        total=entered.total,
        adopted=True,
    )
    if not linked:
        # Somebody linked it meanwhile.
        frappe.db.rollback(save_point=SAVEPOINT)
        return
    say(row["name"], DRAFT, reference_doctype=doc.doctype, reference_name=doc.name)
    said = _("Entered in Xero by somebody; here it is {name}").format(name=doc.name)
    log.write(context.connection, context.company, identity(made), "Linked", said)


def another_one(name: str) -> None:
    """A person says that what waits is none of the documents that look like it: it is entered. Part of the caller's transaction."""
    row = frappe.db.get_value(DOCTYPE, name, ["state", "connection", "reason_code"], as_dict=True)
    if row["state"] == WAITING and row["reason_code"] in (HERE_ALREADY, CODED_THERE, TWICE, month.BOOKED):
        people_rows.another_one(name)
        frappe.db.after_commit.add(lambda: wake(row["connection"]))


def _unexpected(what: str) -> Problem:
    return Problem(
        "unexpected",
        _("{what} that was entered in Xero could not be entered here").format(what=what),
        _("Tell your administrator: the Error Log has the details"),
    )
