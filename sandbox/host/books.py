"""Plays a recording of a real ERPNext site into a stand-in site: masters first, then each submit and cancel.

A document is stored exactly as the host stored it (no figure is computed here); around it the app's `doc_events` fire
in Frappe's order, in one transaction, and the commit runs the after-commit callbacks. Recording format: `sandbox.erp`.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.host import tables

# Table fields of the DocTypes the app reads: a recording that saw no row of one must still give [] and not None.
CHILD_TABLES = {
    "Sales Invoice": {"items": "Sales Invoice Item", "taxes": "Sales Taxes and Charges", "payments": "Sales Invoice Payment",
                      "advances": "Sales Invoice Advance", "payment_schedule": "Payment Schedule"},
    "Purchase Invoice": {"items": "Purchase Invoice Item", "taxes": "Purchase Taxes and Charges",
                         "advances": "Purchase Invoice Advance", "payment_schedule": "Payment Schedule"},
    "Payment Entry": {"references": "Payment Entry Reference", "deductions": "Payment Entry Deduction",
                      "taxes": "Advance Taxes and Charges"},
    "Item Tax Template": {"taxes": "Item Tax Template Detail"},
    "Journal Entry": {"accounts": "Journal Entry Account"},
}  # fmt: skip
READERS = [
    {"role": role, "read": 1, "write": write, "create": write, "submit": write, "cancel": write}
    for role, write in (("Accounts User", 1), ("Accounts Manager", 1), ("Auditor", 0))
]
_NOT_FIELDS = {"doctype", "docstatus", "idx", "name", "owner", "creation", "modified", "modified_by"}
_NOT_FIELDS |= {"parent", "parentfield", "parenttype"}


def load(recording: dict[str, Any]) -> list[dict[str, Any]]:
    """Create the recording's DocTypes and masters on the connected site and commit; returns the companies."""
    from frappe._context import local

    for definition in definitions(recording):
        tables.install(definition)
    for company in recording["companies"]:
        store(_company(company))
        for docs in company["masters"].values():
            for doc in docs:
                store(doc)
    local.db.commit()
    return recording["companies"]


def _company(company: dict[str, Any]) -> dict[str, Any]:
    """The Company document without what the recording adds to it."""
    return {k: v for k, v in company.items() if k not in ("code", "masters", "documents", "final")} | {"doctype": "Company"}


def definitions(recording: dict[str, Any]) -> list[dict[str, Any]]:
    """DocType definitions for every doctype of the recording: types from its schema, else from the values seen."""
    fields: dict[str, dict[str, dict[str, Any]]] = {}
    for doctype, known in recording.get("schema", {}).items():
        fields[doctype] = {name: {"fieldname": name, "fieldtype": kind} for name, kind in known.items()}
    children: set[str] = set()
    for parent, listed in CHILD_TABLES.items():
        for name, child in listed.items():
            if parent in fields and child in fields:
                fields[parent][name] = {"fieldname": name, "fieldtype": "Table", "options": child}
                children.add(child)
    for doc in _documents(recording):
        _learn(doc, fields, children)
    return [
        {"name": doctype, "module": "Accounts", "istable": int(doctype in children), "autoname": "prompt",
         "fields": list(known.values()), "permissions": [] if doctype in children else READERS}
        for doctype, known in fields.items()
    ]  # fmt: skip


def _documents(recording: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for company in recording["companies"]:
        found.append(_company(company))
        found += [doc for docs in company["masters"].values() for doc in docs]
        for record in company["documents"]:
            found += [record["doc"], *(each for each in record.get("after", []) if "creation" in each)]
            found += [{"doctype": "GL Entry", "voucher_type": "", "voucher_no": "", **row} for row in record.get("gl", [])]
    return found


def _learn(doc: dict[str, Any], fields: dict[str, dict[str, dict[str, Any]]], children: set[str]) -> None:
    known = fields.setdefault(doc["doctype"], {})
    for name, value in doc.items():
        if name in _NOT_FIELDS or name.startswith("_"):
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            known[name] = {"fieldname": name, "fieldtype": "Table", "options": value[0]["doctype"]}
            children.add(value[0]["doctype"])
            for row in value:
                _learn(row, fields, children)
        elif name not in known and not isinstance(value, list):
            known[name] = {"fieldname": name, "fieldtype": _type_of(value)}


def _type_of(value: Any) -> str:
    if isinstance(value, float):
        return "Float"
    if isinstance(value, int):
        return "Int"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return "Date"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", value):
        return "Datetime"
    return "Data" if not isinstance(value, str) or len(value) < 100 else "Long Text"


def store(doc: dict[str, Any]) -> Any:
    """Write a recorded document and its rows as they are, replacing the same name; returns the stand-in's document."""
    import frappe

    document = frappe.get_doc(dict(doc))
    _remove(document)
    _insert(document)
    for df in document.meta._table_fields:
        for row in document.get(df.fieldname):
            row.name = row.name or frappe.generate_hash(length=10)
            row.creation, row.modified = row.creation or document.creation, row.modified or document.modified
            _insert(row)
    return frappe.get_doc(document.doctype, document.name)


def _remove(document: Any) -> None:
    from frappe._context import local

    local.db.delete(document.doctype, {"name": document.name})
    for df in document.meta._table_fields:
        local.db.delete(df.options, {"parent": document.name, "parenttype": document.doctype})


def _insert(document: Any) -> None:
    from frappe._context import local

    row = document._row()
    local.db.bulk_insert(document.doctype, list(row), [list(row.values())])


def play(record: dict[str, Any]) -> Any:
    """`submit` or `cancel` by the record's event; returns the document."""
    return submit(record) if record.get("event", "submit") == "submit" else cancel(record)


def submit(record: dict[str, Any]) -> Any:
    """Submit a recorded document in one transaction and commit. A handler that raises undoes all of it."""
    document = _in_one_transaction(record, 1, ("before_validate", "validate", "before_submit", "on_update"), ("on_submit", "on_change"))
    return document


def cancel(record: dict[str, Any]) -> Any:
    """Cancel it, likewise."""
    return _in_one_transaction(record, 2, ("before_cancel", "on_change"), ("on_cancel", "on_change"))


def _in_one_transaction(record: dict[str, Any], docstatus: int, before: tuple[str, ...], after: tuple[str, ...]) -> Any:
    import frappe

    try:
        document = store({**record["doc"], "docstatus": docstatus})
        for event in before:
            document.run_method(event)
        _post(record)
        for other in record.get("after", []):
            _others(other)
        for event in after:
            document.run_method(event)
    except Exception:
        frappe.db.rollback()
        raise
    frappe.db.commit()  # outside the try: what an after-commit callback raises comes after the data is safe
    return document


def _post(record: dict[str, Any]) -> None:
    """The ledger rows, as they stand after the event (the host's controller writes them before the app's handlers)."""
    import frappe

    for row in record.get("gl", []):
        values = {"name": frappe.generate_hash(length=10), "creation": record["doc"]["creation"], **row}
        values |= {"voucher_type": record["doctype"], "voucher_no": record["name"]}
        values.pop("doctype", None)
        frappe.db.bulk_insert("GL Entry", list(values), [list(values.values())])


def _others(other: dict[str, Any]) -> None:
    """What the host changed on another document: a state (by SQL, then on_change) or a whole document."""
    import frappe

    doctype, name = other["doctype"], other["name"]
    known = frappe.db.exists(doctype, name)
    if "creation" not in other:
        if not known:
            raise LookupError(f"the recording changes {doctype} {name} before it was submitted")
        changes = {key: value for key, value in other.items() if key not in ("doctype", "name")}
        frappe.db.set_value(doctype, name, changes, update_modified=False)
        frappe.get_doc(doctype, name).run_method("on_change")
        return
    document = store(other)
    if not known and document.docstatus == 1:  # made by the host inside this event, an exchange difference for instance
        document.run_method("on_submit")
        document.run_method("on_change")
