"""Loads from the database what decisions have to know of ERPNext documents, steps and links: in bulk, never row by row, and read only.

What only one room asks for is loaded by that room's own facts.py; `engine/gather.py` finds them by their place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import frappe

from ..xero.records.registry import CONTACT as XERO_CONTACT
from . import registry
from .as_opening import as_opening, of_run
from .base import Books
from .fact_types import CONTACT, DOCUMENT, FILE, HEAD, LINKS, SETTLING_DOCUMENTS, STEPS, USER_NAME, Contact, Doc, Named
from .identity import INVOICE_DOCTYPES, Identity, moment
from .needs import Fact, Facts, Needs, Unread
from .party import turned_down as party_turned_down
from .party.contact import NAME_FIELDS, PARTIES, party_name
from .party.postal import ADDRESSES, TELLING
from .party.turned_down import FIELD as TURNED_DOWN
from .step import ASIDE, Link, Step, link, own_links, own_steps, step
from .unchanged import RENAMINGS, Renaming

LINK_FIELDS = (
    "name reference_doctype reference_name reference_creation role sequence generation endpoint xero_id xero_number remote_status remote_total "
    "currency marker sent_lines content content_version content_at adopted creation remote_picture remote_updated remote_contact"
).split()
STEP_FIELDS = (
    "name reference_doctype reference_name reference_creation role generation state posting_date amount currency kind mark reason_code blocked_on tries "
    "number_suffix kept_by failing released_by changed_fields approved_by not_before rule history_run late_for late_by owner undo_run creation"
).split()
HEADS = (
    "creation docstatus posting_date currency conversion_rate outstanding_amount party_account_currency is_return is_opening payment_type "
    "paid_from_account_currency paid_to_account_currency"
).split()
# At most so many names in one SQL statement.
AT_ONCE = 500
# At most so many renamings are read, the newest ones.
MOST_RENAMINGS = 1000


Loaders = dict[Fact[Any, Any], Callable[[Books, list[Any]], dict[Any, Any]]]


def load(books: Books, needs: Needs, facts: Facts, loaders: Loaders) -> None:
    """Load what of these needs is not known yet into `facts`."""
    wanted: dict[Fact[Any, Any], list[Any]] = {}
    for fact, key in facts.missing(needs):
        wanted.setdefault(fact, []).append(key)
    for fact, keys in wanted.items():
        facts.add(fact, loaders[fact](books, sorted(keys)))


def documents(books: Books, keys: list[Named]) -> dict[Named, Doc | None]:
    """Whole documents with the tables that matter, one read for each table."""
    found: dict[Named, Doc | None] = dict.fromkeys(keys)
    for doctype, names in by_doctype(keys):
        for row in frappe.get_all(doctype, filters={"name": ("in", names)}, fields=["*"]):
            found[doctype, row["name"]] = {**row, "doctype": doctype}
        wanted = registry.tables()
        for table in frappe.get_meta(doctype).get_table_fields():
            if table.fieldname in wanted:
                _rows(found, doctype, names, table.fieldname, table.options)
                continue
            for name in names:
                if doc := found[doctype, name]:
                    doc[table.fieldname] = Unread(doctype, table.fieldname)
        if doctype in INVOICE_DOCTYPES and books.openings:
            _as_openings(books, found, doctype, names)
        if doctype in PARTIES:
            _addresses(found, doctype, names)
            _turned_down(books.connection, found, doctype, names)
    return found


def _as_openings(books: Books, found: dict[Named, Doc | None], doctype: str, names: list[str]) -> None:
    """Invoices and bills that an import of what was open at a date has chosen, or a preview of one chooses, are seen as opening documents."""
    runs = imported_by(books, doctype, names)
    for name in names:
        if (doc := found[doctype, name]) and (chosen := of_run(books.openings, runs.get((name, moment(doc["creation"])), ""))):
            found[doctype, name] = as_opening(doc, chosen)


def as_decided(books: Books, doc: Doc) -> Doc:
    """A document that was read otherwise, as decisions about it see it."""
    found: dict[Named, Doc | None] = {(doc["doctype"], doc["name"]): doc}
    if doc["doctype"] in INVOICE_DOCTYPES and books.openings:
        _as_openings(books, found, doc["doctype"], [doc["name"]])
    return found[doc["doctype"], doc["name"]] or doc


def imported_by(books: Books, doctype: str, names: list[str]) -> dict[tuple[str, str], str]:
    """By name and creation the import that has taken up a document last; without those that none has. A name may have come to another document since."""
    filters = {"connection": books.connection, "reference_doctype": doctype, "reference_name": ("in", names), "history_run": ("!=", "")}
    fields = ["reference_name", "reference_creation", "history_run"]
    rows = frappe.get_all("Xero Outbox Entry", filters=filters, fields=fields, order_by="creation asc, name asc")
    return {(row["reference_name"], moment(row["reference_creation"])): row["history_run"] for row in rows}


def _turned_down(connection: str, found: dict[Named, Doc | None], doctype: str, names: list[str]) -> None:
    """The contacts of which a person has said that they are another one."""
    refused = turned_down(connection, [(doctype, name) for name in names])
    for name in names:
        if doc := found.get((doctype, name)):
            doc[TURNED_DOWN] = refused.get((doctype, name), [])


def turned_down(connection: str, keys: Iterable[Named] | None = None) -> dict[Named, list[str]]:
    """By party the ids (lower case) of the contacts of Xero that a person has said to be another one; of these parties, or of all."""
    wanted, found = None if keys is None else set(keys), dict[Named, list[str]]()
    filters = {"connection": connection, "kind": party_turned_down.CONTACTS, "how": party_turned_down.TURNED_DOWN, "undone": 0}
    for row in frappe.get_all(party_turned_down.DOCTYPE, filters=filters, fields=["row_key", "after"]):
        doctype, name = json.loads(row["row_key"])
        if wanted is None or (doctype, name) in wanted:
            found.setdefault((doctype, name), []).append(json.loads(row["after"])["xero_id"].casefold())
    return found


def _addresses(found: dict[Named, Doc | None], doctype: str, names: list[str]) -> None:
    """The postal addresses of parties, each in the order in which they were made."""
    of_it = {"parenttype": "Address", "link_doctype": doctype, "link_name": ("in", names)}
    whose = frappe.get_all("Dynamic Link", filters=of_it, fields=["parent", "link_name"])
    fields = ["name", *TELLING]
    rows = (
        frappe.get_all(
            "Address", filters={"name": ("in", [each["parent"] for each in whose])}, fields=fields, order_by="creation asc, name asc"
        )
        if whose
        else []
    )
    for name in names:
        if doc := found.get((doctype, name)):
            mine = {each["parent"] for each in whose if each["link_name"] == name}
            doc[ADDRESSES] = [row for row in rows if row["name"] in mine]


def _rows(found: dict[Named, Doc | None], doctype: str, names: list[str], table: str, child: str) -> None:
    of_it = {"parenttype": doctype, "parentfield": table, "parent": ("in", names)}
    for name in names:
        if doc := found[doctype, name]:
            doc[table] = []
    for row in frappe.get_all(child, filters=of_it, fields=["*"], order_by="idx asc"):
        if doc := found.get((doctype, row["parent"])):
            doc[table].append({**row, "doctype": child})


def heads(books: Books, keys: list[Named]) -> dict[Named, Doc | None]:
    """Single fields of documents (HEAD), those of them that the DocType has; None for one that is gone."""
    found: dict[Named, Doc | None] = dict.fromkeys(keys)
    for doctype, names in by_doctype(keys):
        meta = frappe.get_meta(doctype)
        fields = ["name", *(name for name in HEADS if name in ("creation", "docstatus") or meta.has_field(name))]
        for row in frappe.get_all(doctype, filters={"name": ("in", names)}, fields=fields):
            found[doctype, row["name"]] = {**row, "doctype": doctype}
    return found


def payment_ledger(doctype: str, names: list[str], dated: tuple[str, str]) -> list[dict[str, Any]]:
    """The rows of the Payment Ledger against documents, positive where the party, or we to a supplier, owe more. The general ledger does not tell: what Payment
    Reconciliation settles later stands there against its own voucher (`reconcile_against_document`, read in ERPNext 15.71)."""
    filters = {"against_voucher_type": doctype, "against_voucher_no": ("in", names), "posting_date": dated, "delinked": 0}
    fields = ["voucher_type", "voucher_no", "against_voucher_no", "amount_in_account_currency", "creation", "posting_date"]
    return list(frappe.get_all("Payment Ledger Entry", filters=filters, fields=fields))


def links(books: Books, keys: list[Named]) -> dict[Named, list[Link]]:
    """All links under these names, but for those that were set aside."""
    found: dict[Named, list[Link]] = {key: [] for key in keys}
    for row in _under(books, "Xero Link", keys, LINK_FIELDS, "creation asc"):
        if int(row["sequence"]) < ASIDE:
            found[row["reference_doctype"], row["reference_name"]].append(link(row))
    return found


def steps(books: Books, keys: list[Named]) -> dict[Named, list[Step]]:
    """All steps under these names."""
    found: dict[Named, list[Step]] = {key: [] for key in keys}
    for row in _under(books, "Xero Outbox Entry", keys, STEP_FIELDS, "due_at asc, creation asc, name asc"):
        found[row["reference_doctype"], row["reference_name"]].append(step(row))
    return found


def _under(books: Books, table: str, keys: list[Named], fields: list[str], order: str) -> Iterator[dict[str, Any]]:
    known = set(keys)
    for doctype, names in by_doctype(keys):
        filters = {"connection": books.connection, "reference_doctype": doctype, "reference_name": ("in", names)}
        for row in frappe.get_all(table, filters=filters, fields=fields, order_by=order):
            # To MariaDB "inv-1" equals "INV-1" and "é" equals "e"; as names they differ.
            if (row["reference_doctype"], row["reference_name"]) in known:
                yield dict(row)


def settling_documents(books: Books, keys: list[Named]) -> dict[Named, list[Named]]:
    """Payments, journals and returns whose rows name these invoices and bills; a few indexed reads."""
    found: dict[Named, set[Named]] = {key: set() for key in keys}
    named_by = registry.settling_rows()
    for doctype, names in by_doctype(keys):
        for rows in named_by:
            field = rows.name_field
            for row in frappe.get_all(rows.child, filters={rows.doctype_field: doctype, field: ("in", names)}, fields=[field, "parent"]):
                if (doctype, row[field]) in found:
                    found[doctype, row[field]].add((rows.parent, row["parent"]))
        for row in frappe.get_all(doctype, filters={"return_against": ("in", names)}, fields=["name", "return_against"]):
            if (doctype, row["return_against"]) in found:
                found[doctype, row["return_against"]].add((doctype, row["name"]))
    # Payments first, then journals, then returns: the order in which a person would look.
    order = [rows.parent for rows in named_by]
    return {
        key: sorted(each, key=lambda who: (order.index(who[0]) if who[0] in order else len(order), who[1])) for key, each in found.items()
    }


def contacts(books: Books, keys: list[Named]) -> dict[Named, Contact]:
    """Parties with their contacts in Xero; one that was renamed while Xero answered is found by its creation."""
    owners: dict[Named, Doc] = {}
    for doctype, names in by_doctype(keys):
        meta = frappe.get_meta(doctype)
        fields = ["name", "creation", *(field for field in NAME_FIELDS if meta.has_field(field))]
        for row in frappe.get_all(doctype, filters={"name": ("in", names)}, fields=fields):
            owners[doctype, row["name"]] = row
    linked = links(books, keys)
    asked = steps(books, [key for key in keys if key in owners and not linked[key]])
    found = {}
    for key in keys:
        owner = owners.get(key)
        if owner is None:
            found[key] = Contact(None)
            continue
        who = Identity(*key, moment(owner["creation"]))
        mine = [each for each in own_links(linked[key], who) if each.endpoint == XERO_CONTACT.endpoint]
        own = tuple(each for each in own_steps(asked.get(key, []), who) if each.role.part == "contact")
        found[key] = Contact(who, party_name(owner) or who.name, mine[-1].xero_id if mine else "", "", own)
    return found | _renamed(books, {key: each for key, each in found.items() if each.who and not each.xero_id})


def _renamed(books: Books, without: dict[Named, Contact]) -> dict[Named, Contact]:
    """Parties whose contact is linked under a former name: a renaming and Xero's answer can be committed at the same time, neither seeing
    the other. They are found by their creation time, unless that has no microseconds: many documents may share it."""
    found = {}
    for doctype, names in by_doctype(without):
        creations = {who.creation: who for name in names if (who := without[doctype, name].who) and not who.creation.endswith(".000000")}
        filters = {"connection": books.connection, "endpoint": XERO_CONTACT.endpoint, "reference_doctype": doctype}
        rows = frappe.get_all(
            "Xero Link", filters={**filters, "reference_creation": ("in", list(creations))}, fields=["reference_name", "reference_creation", "xero_id"]
        ) if creations else []  # fmt: skip
        former: dict[str, dict[str, str]] = {}
        for row in rows:
            who = creations[row["reference_creation"]]
            if row["reference_name"] != who.name:
                former.setdefault(who.creation, {})[row["reference_name"]] = row["xero_id"]
        for creation, others in former.items():
            who, name = creations[creation], next(iter(others))
            unclear = len(others) != 1 or frappe.db.exists(doctype, name) or frappe.db.count(doctype, {"creation": creation}) != 1
            if not unclear:
                known = without[doctype, who.name]
                found[doctype, who.name] = Contact(who, known.name, others[name], name, known.steps)
    return found


def by_doctype(keys: Iterable[Named]) -> Iterator[tuple[str, list[str]]]:
    """Names by DocType, no more of them than go into one statement."""
    names: dict[str, list[str]] = {}
    for doctype, name in keys:
        names.setdefault(doctype, []).append(name)
    for doctype, each in names.items():
        for at in range(0, len(each), AT_ONCE):
            yield doctype, each[at : at + AT_ONCE]


def user_names(books: Books, keys: list[str]) -> dict[str, str]:
    """Full names of users; the user id for one that is gone."""
    rows = frappe.get_all("User", filters={"name": ("in", keys)}, fields=["name", "full_name"])
    return {key: key for key in keys} | {row["name"]: row["full_name"] or row["name"] for row in rows}


def files(books: Books, keys: list[str]) -> dict[str, Doc | None]:
    """The File rows of attached files; None for one that is gone."""
    rows = frappe.get_all("File", filters={"name": ("in", keys)}, fields=["name", "file_name", "file_url", "file_size"])
    return dict.fromkeys(keys) | {row["name"]: dict(row) for row in rows}


def renamings(books: Books, keys: list[str]) -> dict[str, list[Renaming]]:
    """The newest renamings, whatever key was asked for."""
    fields = ["creation", "reference_doctype", "former_name", "present_name"]
    rows = frappe.get_all("Xero Former Name", fields=fields, order_by="creation desc", limit=MOST_RENAMINGS)
    found = [Renaming(moment(row["creation"]), row["reference_doctype"], row["former_name"], row["present_name"]) for row in rows]
    return dict.fromkeys(keys, found)


LOADERS: Loaders = {
    DOCUMENT: documents,
    HEAD: heads,
    LINKS: links,
    STEPS: steps,
    SETTLING_DOCUMENTS: settling_documents,
    CONTACT: contacts,
    USER_NAME: user_names,
    FILE: files,
    RENAMINGS: renamings,
}
