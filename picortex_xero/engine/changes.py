"""What people changed or removed in Xero, as rows (Xero Changed Record): one is open for each document, and a person decides it (attention/change_choices.py).

All part of the caller's transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import frappe
import simplejson
from frappe.utils import now_datetime

from ..accounting.problems import Problem
from ..accounting.texts import NONE, Text, _, dump, joined, load, plain, render
from ..compat import affected_rows
from ..documents.decisions import Differs
from ..documents.identity import Identity
from ..documents.step import ATTENTION, HELD
from ..documents.step import PUT_BACK as WANTED_BACK
from . import links, log, outbox
from .clock import now
from .screen_texts import shown, stored
from .standard_columns import standard

DOCTYPE = "Xero Changed Record"
OPEN, TOLD, BEING_PUT_BACK, DRAFT = "Open", "Told", "Being Put Back", "Draft Here"
TAKEN_OVER, PUT_BACK, LEFT, CHANGED_BACK, OVER = "Taken Over", "Put Back", "Left", "Changed Back", "Over"
# Somebody has still to decide it, or what was decided has still to come about.
UNDECIDED, STANDING = (OPEN, TOLD), (OPEN, TOLD, BEING_PUT_BACK)
FIELDS = [
    "name",
    "connection",
    "company",
    "state",
    "kind",
    "reference_doctype",
    "reference_name",
    "reference_creation",
    "changed_at",
    "changed_by",
    "records",
    "watched",
    "made_doctype",
    "made_name",
    "compared",
    "told_to",
    "found",
    "note",
    "texts",
]
LONGEST = 2000
Row = dict[str, Any]
Element = dict[str, Any]


def note(connection: str, company: str, effect: Differs) -> None:
    """List what was changed or removed; what is listed of that document already, and not decided yet, is brought up to date."""
    linked = frappe.db.get_value(links.DOCTYPE, effect.link, [*links.REFERENCE, "endpoint", "xero_id"], as_dict=True)
    if not linked:
        return
    who = identity(linked)
    former = standing(connection, who)
    records = records_of(former) if former else {}
    at = effect.at.isoformat() if effect.at else ""
    if effect.link in records and former and former["state"] != BEING_PUT_BACK:
        if records[effect.link]["at"] == at and records[effect.link]["kind"] == effect.kind and former["kind"] == effect.kind:
            return
    found = joined("; ", effect.found)
    records[effect.link] = {
        "endpoint": linked["endpoint"],
        "xero_id": linked["xero_id"],
        "kind": effect.kind,
        "at": at,
        "element": effect.element,
    }
    said = {
        "kind": effect.kind,
        "found": stored(found)[:LONGEST],
        "texts": dump(found=found),
        "changed_at": effect.at,
        "changed_by": "",
        "history_asked": 0,
        "records": as_json(records),
        "note": "",
    }
    if former:
        back = {"state": OPEN, "watched": ""} if former["state"] == BEING_PUT_BACK else {}
        frappe.db.set_value(DOCTYPE, former["name"], {**said, **back}, update_modified=False)
        return
    values = {
        "name": frappe.generate_hash(length=12),
        **standard(),
        "connection": connection,
        "company": company,
        "state": OPEN,
        "reference_doctype": who.doctype,
        "reference_name": who.name,
        "reference_creation": who.creation,
        "found_at": now(),
        "open_key": open_key(connection, who),
        **said,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)


def agrees(connection: str, link: str) -> None:
    """The record of a link is what it has to be again: what is listed of it is over, unless another record of the same document is listed as well."""
    linked = frappe.db.get_value(links.DOCTYPE, link, list(links.REFERENCE), as_dict=True)
    row = standing(connection, identity(linked)) if linked else None
    if row is None:
        return
    records = records_of(row)
    records.pop(link, None)
    if records:
        frappe.db.set_value(DOCTYPE, row["name"], "records", as_json(records), update_modified=False)
    else:
        close(row, PUT_BACK if row["state"] == BEING_PUT_BACK else CHANGED_BACK)


def close(row: Row, state: str, **fields: Any) -> None:
    """What is listed is decided, or over; the former columns stay as they are. Nothing is put back any more that something stands in the way of."""
    frappe.db.set_value(DOCTYPE, row["name"], {"state": state, "open_key": None, "note": "", **fields}, update_modified=False)
    row["state"] = state
    _end_todos(row["name"])
    for step in outbox.steps_of(row["connection"], identity(row)):
        if step["mark"] == WANTED_BACK and step["state"] in (HELD, ATTENTION) and not step["kept_by"]:
            outbox.move(
                step, "supersede", Problem("superseded", _("What was changed of it in Xero was decided otherwise, or is over"), NONE)
            )


def open_again(row: Row, why: Text) -> None:
    """What was chosen did not come about: it is open again, and says why."""
    texts = dump(found=text(row, "found", "texts"), note=why)
    values = {"state": OPEN, "watched": "", "note": stored(why)[:LONGEST], "texts": texts}
    frappe.db.set_value(DOCTYPE, row["name"], values, update_modified=False)


def text(row: Row, field: str, parts: str) -> Text:
    """A stored text of a row with what it is made of, so that it can be stored elsewhere and read in any language."""
    form = load(row[parts]).get(field)
    return plain(shown(row[field])) if form is None else Text(render(form), form)


def by_button(connection: str, who: Identity, state: str, **fields: Any) -> None:
    """A person has decided it by a button of the document or of To Fix."""
    if row := standing(connection, who):
        decided(row, state, **fields)


def decided(row: Row, state: str, why: str = "", **fields: Any) -> None:
    """This user decides it; where it stays to be seen whether Xero takes it (`BEING_PUT_BACK`), it remains listed."""
    fields |= {"decided_by": frappe.session.user, "decided_at": now(), "why": stored(why)}
    if state == BEING_PUT_BACK:
        frappe.db.set_value(DOCTYPE, row["name"], {"state": state, "note": "", **fields}, update_modified=False)
    else:
        close(row, state, **fields)


def say(row: Row, event: str, what: Text) -> None:
    """Add a line to the history of the document."""
    log.write(row["connection"], row["company"], identity(row), event, what)


def standing(connection: str, who: Identity) -> Row | None:
    """What is listed of a document and not over yet."""
    about = {"reference_doctype": who.doctype, "reference_name": who.name, "reference_creation": who.creation}
    found = frappe.db.get_value(DOCTYPE, {"connection": connection, "state": ("in", STANDING), **about}, FIELDS, as_dict=True)
    return dict(found) if found else None


def lock(name: str) -> bool:
    """Keep others from deciding it until this transaction ends; False where it is decided already."""
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET `modified`=%(at)s, `modified_by`=%(by)s WHERE `name`=%(name)s AND `state` IN %(undecided)s",
        {"at": now_datetime(), "by": frappe.session.user, "name": name, "undecided": UNDECIDED},
    )
    return affected_rows() == 1


def get(name: str) -> Row:
    """One row by its name."""
    return dict(frappe.db.get_value(DOCTYPE, name, FIELDS, as_dict=True))


def listed(connection: str, named: Iterable[str]) -> set[str]:
    """The links, by name, of which something is listed and not over yet; `named`: the names of their documents."""
    filters = {"connection": connection, "state": ("in", STANDING), "reference_name": ("in", sorted(set(named)))}
    return {link for row in frappe.get_all(DOCTYPE, filters=filters, fields=["records"]) for link in records_of(row)}


def identity(row: Row) -> Identity:
    """The document that a row is about."""
    return Identity(row["reference_doctype"], row["reference_name"], row["reference_creation"])


def records_of(row: Row) -> dict[str, dict[str, Any]]:
    """By the name of the link: `endpoint`, `xero_id`, `kind`, `at`, and the `element` as Xero shows it."""
    return dict(simplejson.loads(row["records"] or "{}", use_decimal=True))


def as_json(value: Any) -> str:
    """Values as a row keeps them, figures exactly."""
    return str(simplejson.dumps(value, use_decimal=True, default=str, ensure_ascii=False))


def open_key(connection: str, who: Identity) -> str:
    """What keeps a second one of the same document from being open."""
    return hashlib.sha256("\x1f".join((connection, who.doctype, who.name, who.creation)).encode()).hexdigest()[:40]


def _end_todos(name: str) -> None:
    for todo in frappe.get_all("ToDo", filters={"reference_type": DOCTYPE, "reference_name": name, "status": "Open"}, pluck="name"):
        doc = frappe.get_doc("ToDo", todo)
        doc.status = "Closed"
        doc.save(ignore_permissions=True)
