"""Noting in the submit's own transaction that a document must appear in Xero: one insert, nothing else.

No HTTP call, commit or queueing here. No exception reaches the user: if deciding fails, the savepoint is rolled back, the failure is
logged, and the hourly search (engine/missed_search) finds the document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..compat import let_pass
from ..connection.current import RETIRED
from ..documents import registry
from ..documents.approvals.words import ASKED
from ..documents.base import Known
from ..documents.base import look_again as another_look
from ..documents.cash_summary.counted import is_made_anew
from ..documents.fact_types import Named
from ..documents.identity import INVOICE_DOCTYPES, Identity, brings_balance, identity, moment
from ..documents.registry import SUBMITTED, first_role, own_parts, room_name, room_with
from ..documents.rules.parents import parents
from ..documents.rules.words import BROKEN, SKIPS
from ..extras.file_rules import HEAD, SOURCES, WITH_FILES
from ..xero.records.registry import ATTACHMENT, CONTACT
from . import openings, outbox, peoples_own
from .protocol import HELD, SKIPPED
from .wake import wake

SAVEPOINT = "picortex_xero_capture"


def own_roles() -> dict[str, list[str]]:
    """By DocType of the documents that are sent the roles of the records that such a document itself becomes, without what comes besides."""
    return {doctype: sorted(own_parts(doctype)) for doctype in SUBMITTED}


def submitted(doc: Any) -> None:
    """A document was submitted: note that it must appear in Xero, where it is dated late enough, or amends what an import of history has brought, or is a
    cash summary that is made anew."""

    def write(connection: dict[str, Any]) -> int:
        history = "" if (live_now := _after_go_live(doc, connection) or is_made_anew(doc)) else _imported_before(doc, connection)
        if live_now or history:
            add_step(doc, first_role(doc.as_dict()), connection, history_run=history)
        return int(live_now or bool(history)) + peoples_own.amended(doc, connection["name"])

    _guarded(doc, write, _always)


def _imported_before(doc: Any, connection: dict[str, Any]) -> str:
    """The import of history that has brought what a document amends; "" for none."""
    if not doc.get("amended_from"):
        return ""
    rows = outbox.of_documents(connection["name"], doc.doctype, [doc.amended_from])
    return next((str(row["history_run"]) for row in rows if row["history_run"]), "")


def cancelled(doc: Any) -> None:
    """A document was cancelled: note that what it became in Xero must be taken back, and that opening documents which it had settled are looked at again."""

    def write(connection: dict[str, Any]) -> int:
        own = _after_go_live(doc, connection) or _known(doc, connection)
        looks = _look_at(_openings(parents(doc.as_dict()), connection), connection)
        return (_one(doc, "void", connection) if own else 0) + looks + peoples_own.cancelled(doc, connection["name"])

    _guarded(doc, write, _always)


def saved_again(doc: Any) -> None:
    """A submitted document was saved again: its room says what has to follow where it changed (`Room.after_change`).

    That holds for documents of any date: an advance from before the go-live date may settle an invoice from after it.
    """
    _guarded(doc, lambda connection: _after_change(doc, connection), _always)


def unreconciled(doc: Any) -> None:
    """An Unreconcile Payment was submitted: ERPNext took invoices off the payment or journal by SQL, so that one is looked at again."""
    if doc.voucher_type not in SUBMITTED:
        return
    named = [(str(row.reference_doctype), str(row.reference_name)) for row in getattr(doc, "allocations", None) or []]

    def write(connection: dict[str, Any]) -> int:
        settler = frappe.get_doc(doc.voucher_type, doc.voucher_no)
        openings = _openings(named, connection)
        return look_again(settler, connection) + _look_at(openings, connection)

    _guarded(doc, write, _always)


def _openings(named: list[Named], connection: dict[str, Any]) -> list[Named]:
    """Those of these documents that went, or go, to Xero with what was owed at a day."""
    found: list[Named] = []
    for doctype in INVOICE_DOCTYPES:
        its = [name for each, name in named if each == doctype]
        imported = openings.names(connection["name"], doctype, its)
        rows = frappe.get_all(doctype, filters={"name": ("in", its), "docstatus": 1}, fields=["name", "is_opening"]) if its else []
        found += [(doctype, row["name"]) for row in rows if row["is_opening"] == "Yes" or row["name"] in imported]
    return found


def _look_at(named: list[Named], connection: dict[str, Any]) -> int:
    """Look again at these documents, of which nothing was changed but what settles them."""
    return sum(look_again(frappe.get_doc(*each), connection) for each in named)


def attached(file: Any) -> None:
    """A file was attached. Where that is to a submitted document whose files are sent to Xero, note that this one must be sent too.

    Called for every upload on the site: any other upload costs one comparison, and a failure here never breaks an upload.
    """
    if file.get("attached_to_doctype") not in WITH_FILES or file.get("is_folder"):
        return
    doctype, name = file.attached_to_doctype, file.attached_to_name
    fields = ["name", "creation", "company", "docstatus", "posting_date"] + (["is_return"] if doctype in INVOICE_DOCTYPES else [])
    missed = f"Xero: a file of {doctype} {name} was not noted; attach it again, or add it in Xero by hand"
    try:
        doc = frappe.db.get_value(doctype, name, fields, as_dict=True)
    except Exception as error:
        let_pass(error)
        frappe.log_error(title=missed)
        return
    if not doc or doc.docstatus != 1:
        return  # files of a draft are found when the document is sent
    doc.doctype = doctype
    who = identity(doc)
    _guarded(
        doc,
        lambda connection: _file(doc, file.name, connection),
        lambda connection: _after_go_live(doc, connection) or bool(outbox.steps_of(connection["name"], who)),
        missed,
    )


def add_step(doc: Any, role: str, connection: dict[str, Any], revision: int = 1, history_run: str = "") -> None:
    """The one insert, for `connection` as `live` gives it; `history_run`: the import that it belongs to. A document without accounting effect is noted as
    skipped."""
    said = doc.as_dict()
    room = room_with(said)
    worth = registry.shown_worth(said)
    nothing = room.nothing(said) if role == room.first(said) else None
    outbox.add(
        connection["name"],
        doc.company,
        identity(said),
        role,
        room=room.name,
        revision=revision,
        state=SKIPPED if nothing else "Pending",
        problem=nothing,
        posting_date=doc.posting_date,
        amount=worth.amount,
        currency=worth.currency,
        history_run=history_run,
    )


def merged(doctype: str, name: str) -> None:
    """Two customers (or suppliers) were merged into `name`: where both are contacts in Xero, a person has to merge those too.

    Before this is called, Frappe has moved the links to the new name by SQL (dynamic links).
    """
    unsaid = f"Xero: the contacts of {doctype} {name} have to be merged in Xero by hand"
    try:
        found = frappe.get_all(
            "Xero Link",
            filters={"endpoint": CONTACT.endpoint, "reference_doctype": doctype, "reference_name": name},
            fields=["connection", "company", "xero_id", "xero_number"],
        )
        creation = moment(frappe.db.get_value(doctype, name, "creation"))
        retired = set(frappe.get_all("Xero Connection", filters={"state": RETIRED}, pluck="name"))
    except Exception as error:
        let_pass(error)
        frappe.log_error(title=unsaid)
        return
    frappe.db.savepoint(SAVEPOINT)
    try:
        for connection in {row["connection"] for row in found} - retired:
            contacts = {row["xero_id"]: row["xero_number"] for row in found if row["connection"] == connection}
            if len(contacts) > 1:
                _ask_to_merge(connection, found[0]["company"], Identity(doctype, name, creation), sorted(contacts.values()))
    except Exception as error:
        # A deadlock has undone the whole merge: `let_pass` raises, and the merge fails.
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=unsaid)


def _ask_to_merge(connection: str, company: str, who: Identity, names: list[str]) -> None:
    number = 1 + sum(step["role"].startswith("merged") for step in outbox.steps_of(connection, who))
    problem = Problem(
        "contacts-to-merge",
        _("{name} was merged from several here; in Xero they are still the contacts {names}").format(name=who.name, names=", ".join(names)),
        _("Merge them in Xero (Contacts, Options, Merge); then press Retry on the sync item, which says that it is done"),
        held=True,
    )
    outbox.add(connection, company, who, f"merged-{number}", state=HELD, problem=problem)


def look_again(doc: Any, connection: dict[str, Any]) -> int:
    """Add a step "recheck-n" for a submitted document and return 1; 0 where the document never had a step."""
    return _add_all(doc, another_look(_steps_of(doc, connection)), connection)


def _after_change(doc: Any, connection: dict[str, Any]) -> int:
    before, now = doc.get_doc_before_save(), doc.as_dict()
    before, room = before and before.as_dict(), room_with(now)
    if not room.changed(before, now):
        return _kept_back_anew(doc, connection)
    return _add_all(doc, room.after_change(before, now, _steps_of(doc, connection)), connection)


def _kept_back_anew(doc: Any, connection: dict[str, Any]) -> int:
    """What rules keep back is decided anew: a rule may name any field, such as the state of the host's Workflow, which moves on after the submit."""
    codes = (*SKIPS, *ASKED, BROKEN)
    kept = [step for step in outbox.steps_of(connection["name"], identity(doc.as_dict())) if step["reason_code"] in codes]
    return sum(outbox.decide_anew(step) for step in kept)


def _steps_of(doc: Any, connection: dict[str, Any]) -> list[Known]:
    return [(step["role"], int(step["generation"])) for step in outbox.steps_of(connection["name"], identity(doc.as_dict()))]


def _add_all(doc: Any, asked: list[Known], connection: dict[str, Any]) -> int:
    for role, revision in asked:
        add_step(doc, role, connection, revision)
    return len(asked)


def live(company: str) -> dict[str, Any] | None:
    """The company's connection (name, go_live_date, opening_documents) once it has gone live or watches, whatever has become of it since (paused, its
    sign-in dead, disconnected), until another organisation takes its place; while it watches, go_live_date is the day from which it does. One read of a
    table with a row for each company."""
    found = frappe.db.get_value(
        "Xero Connection",
        {"company": company, "state": ("!=", RETIRED)},
        ["name", "go_live_date", "watched_from", "opening_documents"],
        as_dict=True,
    )
    if not found or not (found["go_live_date"] or found["watched_from"]):
        return None
    return {**found, "go_live_date": found["go_live_date"] or found["watched_from"]}


def _one(doc: Any, role: str, connection: dict[str, Any]) -> int:
    add_step(doc, role, connection)
    return 1


def _file(doc: Any, file: str, connection: dict[str, Any]) -> int:
    """Add the step of the file where the connection's setting is on; returns how many steps were added."""
    source = SOURCES[(doc.doctype, first_role(doc))]
    if not frappe.db.get_value("Xero Connection", connection["name"], source.setting):
        return 0
    outbox.add(connection["name"], doc.company, identity(doc), HEAD + file, room=room_name(doc), kind=ATTACHMENT.made_by.name)
    return 1


def _guarded(
    doc: Any, write: Callable[[dict[str, Any]], int], wanted: Callable[[dict[str, Any]], bool] | None = None, missed: str = ""
) -> None:
    """Call `write` inside a savepoint. `wanted` says whether the document counts for a connection; by default it does from the go-live date
    on. `missed` is the title in the Error Log where it fails."""
    missed = missed or f"Xero: {doc.doctype} {doc.name} will be picked up by the hourly search"
    try:
        connection = live(doc.company)
        counts = connection and (wanted(connection) if wanted else _after_go_live(doc, connection))
    except Exception as error:
        let_pass(error)
        # A failed read (a table that the update has not made yet) leaves the user's transaction as it is.
        frappe.log_error(title=missed)
        return
    if not connection or not counts:
        return
    frappe.db.savepoint(SAVEPOINT)
    try:
        written = write(connection)
    except Exception as error:
        # A deadlock has undone the whole transaction, the user's part too: `let_pass` raises, and the submit fails.
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=missed)
        return
    if not written:
        return
    name = connection["name"]
    frappe.db.after_commit.add(lambda: wake(name))


def _always(connection: dict[str, Any]) -> bool:
    return True


def _known(doc: Any, connection: dict[str, Any]) -> bool:
    """Whether a document from before the go-live date has steps all the same, because the go-live date was moved."""
    return bool(outbox.steps_of(connection["name"], identity(doc.as_dict())))


def _after_go_live(doc: Any, connection: dict[str, Any]) -> bool:
    if not connection["go_live_date"]:
        return False
    return str(doc.posting_date) >= str(connection["go_live_date"]) or brings_balance(doc.as_dict(), connection["opening_documents"])
