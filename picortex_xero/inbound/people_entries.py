"""What people enter in Xero that pays nothing of ours becomes drafts here, once, where the company has chosen so: manual journals, money spent and received. Each is noted as a row
(Xero Incoming Record), decided by what is pure in incoming/, and written with its link in one transaction: the link keeps it from ever being sent back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, _
from ..attention import notifications
from ..documents.identity import identity
from ..engine import contexts, limits, links, log, outbox, peoples_own, reading
from ..engine.contexts import STAY_THERE, Context
from ..engine.isolation import read_alone
from ..engine.leases import Lease
from ..engine.wake import wake
from ..incoming import invoice, month, perhaps_here, same_here
from ..incoming.journal import CODED_THERE, CONTACT_BACK, HERE_ALREADY, Draft, Waits
from ..incoming.way_back import ACCOUNT_BACK, TAX_BACK, TRACKING_BACK
from ..xero.records import xero_element
from ..xero.records.registry import BANK_TRANSACTION, CREDIT_NOTE, INVOICE, MANUAL_JOURNAL, object_at
from . import booked_months, people_own, people_rows
from .incoming_rows import DOCTYPE, DRAFT, ENTERED, GONE, MOST, SAVEPOINT, TO_DECIDE, WAITING, Row, apart, say
from .people_kinds import DOCUMENTS, ENTRIES
from .people_rows import REMOVED, UNREAD, Element, Kind

TOLD = "entries-back"
FIRST_FOUND = "found_at asc, name asc"
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
    """Note what a list of Xero's shows: of `peoples` (inbound/unlinked.py) what is new since the connection went live, of all `elements` what has a row here already. Reads by
    its id what the list shows without lines. Commits."""
    kind = next((each for each in KINDS if endpoint in each.endpoints), None)
    if kind is None or not elements:
        return
    ids = {xero_element.linked_id(each, object_at(endpoint).id_field).lower(): each for each in elements}
    names = {people_rows.key(context.connection, endpoint, xero_id): each for xero_id, each in ids.items() if xero_id}
    fields = ["name", "state", "record", "reference_name", "reason_code"]
    known = frappe.get_all(DOCTYPE, filters={"name": ("in", list(names))}, fields=fields) if names else []
    for row in known:
        if (shown := kind.read(endpoint, element := _whole(context, lease, endpoint, names[row["name"]]))) is not None:
            people_rows.seen_again(kind, row, shown, element)
    if kind in wanted(context.connection) and limits.may_send(context.connection):
        rows = {row["name"] for row in known}
        for element in peoples:
            shown = kind.read(endpoint, element)
            if shown is None or not shown.stands or shown.date < str(context.go_live_date or "9999"):
                continue
            if people_rows.key(context.connection, endpoint, shown.xero_id) not in rows:
                element = _whole(context, lease, endpoint, element)
                if (shown := kind.read(endpoint, element)) is not None and shown.stands:
                    people_rows.note(context, kind, shown, element)
    frappe.db.commit()


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
    for row in frappe.get_all(DOCTYPE, filters={**mine, "state": DRAFT}, fields=fields, order_by=FIRST_FOUND, limit=MOST):
        _apart(row, partial(_look, context, row))
    endpoints = tuple(each for kind in wanted(context.connection) for each in kind.endpoints)
    if endpoints:
        _decide_those(context, {**mine, "endpoint": ("in", endpoints)}, fields)
    # What is perhaps here already is not sent in this run.
    context.perhaps_there = people_own.release(context.connection)
    frappe.db.commit()


def _decide_those(context: Context, mine: dict[str, Any], fields: list[str]) -> None:
    rows = frappe.get_all(DOCTYPE, filters={**mine, "state": TO_DECIDE}, fields=fields, order_by=FIRST_FOUND, limit=MOST)
    again = {**mine, "state": WAITING, "reason_code": ("in", LOOKED_AT_AGAIN)}
    rows += frappe.get_all(DOCTYPE, filters=again, fields=fields, order_by=FIRST_FOUND, limit=MOST)
    for row in rows:
        _apart(row, partial(_decide, context, row))
    if rows:
        _tell(context.connection)
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
    found = kind.otherwise(context, entered, frappe.get_doc(row["reference_doctype"], row["reference_name"]), accounts)
    return same_here.edited(kind.named(entered), str(row["reference_name"]), found) if found else None


def this_one(name: str, voucher: str) -> None:
    """A person says that what waits is this document here. Part of the caller's transaction."""
    people_own.this_one(name, voucher, _why_not)


def _why_not(row: Row, doc: Any) -> Text | None:
    context = contexts.load(row["connection"])
    if context is None:
        return _("The connection is not live now")
    problem = _edited(context, {**row, "reference_doctype": doc.doctype, "reference_name": doc.name})
    return problem.message if problem else None


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
        return
    certain = people_rows.is_certain(row["record"])
    outcome = kind.decide(context, entered, certain)
    if (
        isinstance(outcome, Draft)
        and not certain
        and (booked := booked_months.waits(context.connection, kind.named(entered), entered.date))
    ):
        outcome = Waits(booked)
    match outcome:
        case Waits(problem, alike):
            record = perhaps_here.kept(row["record"], alike)
            say(row["name"], WAITING, problem, reference_doctype=None, reference_name=None, record=record)
        case Draft(voucher):
            _enter(context, row, kind, entered, voucher)


def _enter(context: Context, row: Row, kind: Kind, entered: Any, voucher: dict[str, Any]) -> None:
    what = kind.named(entered)
    try:
        doc = frappe.get_doc(people_rows.as_host(voucher))
        doc.insert(ignore_permissions=True)
        if kind.differs and (problem := kind.differs(entered, doc)):
            frappe.db.rollback(save_point=SAVEPOINT)
            say(row["name"], WAITING, problem, reference_doctype=None, reference_name=None)
            return
    except frappe.ValidationError as refused:
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.clear_messages()
        say(row["name"], WAITING, _refused(what, str(refused)), reference_doctype=None, reference_name=None)
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
    if row["state"] == WAITING and row["reason_code"] in (HERE_ALREADY, CODED_THERE, invoice.TWICE, month.BOOKED):
        people_rows.another_one(name)
        frappe.db.after_commit.add(lambda: wake(row["connection"]))


def _tell(connection: str) -> None:
    """People are told once that entries from Xero wait, and again when none did and one does."""
    waiting = frappe.db.count(DOCTYPE, {"connection": connection, "state": WAITING, "endpoint": ("in", ENDPOINTS)})
    if not waiting:
        notifications.over(connection, TOLD)
        return
    what = (
        _("Something that was entered in Xero waits for you")
        if waiting == 1
        else _("{count} records that were entered in Xero wait for you").format(count=waiting)
    )
    notifications.tell_once(connection, TOLD, what, _("Open Entered in Xero on the workspace: each says why, and what to do"))


def _refused(what: Text, why: str) -> Problem:
    return Problem(
        "refused-here",
        _("ERPNext does not take {what} that was entered in Xero: {why}").format(what=what, why=why[:300]),
        _("Put right what it says, and press Retry; or enter it here by hand, and press Done by Hand"),
        held=True,
    )


def _unexpected(what: str) -> Problem:
    return Problem(
        "unexpected",
        _("{what} that was entered in Xero could not be entered here").format(what=what),
        _("Tell your administrator: the Error Log has the details"),
    )
