"""Writes recorded documents, changed fields and ledger rows into a stand-in site exactly as the host stored them, without any event."""

from __future__ import annotations

from typing import Any


def store(doc: dict[str, Any]) -> Any:
    """Write a recorded document and its rows as they are, replacing the same name; returns the stand-in's document."""
    import frappe

    document = frappe.get_doc(dict(doc))
    remove(document.doctype, document.name)
    _insert(document)
    for df in document.meta._table_fields:
        for row in document.get(df.fieldname):
            row.name = row.name or frappe.generate_hash(length=10)
            row.creation, row.modified = row.creation or document.creation, row.modified or document.modified
            _insert(row)
    return frappe.get_doc(document.doctype, document.name)


def remove(doctype: str, name: str) -> None:
    """Take a document and its rows out of the tables, without any event."""
    from frappe._context import local

    local.db.delete(doctype, {"name": name})
    for df in local_meta(doctype)._table_fields:
        local.db.delete(df.options, {"parent": name, "parenttype": doctype})


def local_meta(doctype: str) -> Any:
    """The DocType as the stand-in knows it."""
    from frappe._meta import get_meta

    return get_meta(doctype)


def _insert(document: Any) -> None:
    from frappe._context import local

    row = document._row()
    local.db.bulk_insert(document.doctype, list(row), [list(row.values())])


def change(doctype: str, name: str, fields: dict[str, Any]) -> None:
    """Set recorded fields of a stored document as they are, `modified` only where it is among them. LookupError where it is not stored."""
    import frappe

    if not frappe.db.exists(doctype, name):
        raise LookupError(f"the recording changes {doctype} {name} before it was submitted")
    frappe.db.set_value(doctype, name, fields, update_modified=False)


def post(voucher_type: str, voucher_no: str, rows: list[dict[str, Any]], creation: str = "") -> None:
    """Replace a voucher's ledger rows by these; `creation` of rows that carry none."""
    import frappe

    voucher = {"voucher_type": voucher_type, "voucher_no": voucher_no}
    frappe.db.delete("GL Entry", voucher)
    # A recording leaves out what its account says.
    company = frappe.db.get_value("Account", rows[0]["account"], "company") if rows else ""
    for row in rows:
        values = {
            "name": frappe.generate_hash(length=10),
            "creation": creation,
            "company": company,
            **row,
            **voucher,
            "doctype": "GL Entry",
        }
        _insert(frappe.get_doc({"modified": values["creation"], "docstatus": 1, **values}))
