"""Writes recorded documents, changed fields and ledger rows into a stand-in site exactly as the host stored them, without any event."""

from __future__ import annotations

from typing import Any


def store(doc: dict[str, Any]) -> Any:
    """`put`; returns the stand-in's document as it is read back."""
    import frappe

    return frappe.get_doc(*put(doc))


def put(doc: dict[str, Any]) -> tuple[str, str]:
    """Write a recorded document and its rows as they are, replacing the same name; returns DocType and name."""
    import frappe

    document = frappe.get_doc(dict(doc))
    remove(document.doctype, document.name)
    _insert(document)
    for df in document.meta._table_fields:
        for row in document.get(df.fieldname):
            row.name = row.name or frappe.generate_hash(length=10)
            row.creation, row.modified = row.creation or document.creation, row.modified or document.modified
            _insert(row)
    return document.doctype, document.name


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
    """Replace a voucher's ledger rows by these, and its rows of the Payment Ledger, which ERPNext makes of them (`get_payment_ledger_entries`); `creation` of
    rows that carry none."""
    import frappe

    voucher = {"voucher_type": voucher_type, "voucher_no": voucher_no}
    frappe.db.delete("GL Entry", voucher)
    frappe.db.delete("Payment Ledger Entry", voucher)
    # A recording leaves out what its account says.
    company = frappe.db.get_value("Account", rows[0]["account"], "company") if rows else ""
    named = {"name": ("in", sorted({row["account"] for row in rows})), "account_type": ("in", ("Receivable", "Payable"))}
    found = frappe.get_all("Account", filters=named, fields=["name", "account_type"]) if rows else []
    kinds = {each["name"]: each["account_type"] for each in found}
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
        if row["account"] in kinds:
            _note_open(kinds[row["account"]], values)


def _note_open(kind: str, row: dict[str, Any]) -> None:
    """What a ledger row on receivables or payables moves of what is open: positive where more is owed."""
    import frappe

    sign = 1 if kind == "Receivable" else -1
    sides = [float(row.get(f"{side}_in_account_currency") or 0) for side in ("debit", "credit")]
    of_it = {
        name: row.get(name)
        for name in ("creation", "company", "account", "party_type", "party", "posting_date", "voucher_type", "voucher_no")
    }
    against = (row.get("against_voucher_type") or row["voucher_type"], row.get("against_voucher") or row["voucher_no"])
    made = {
        "doctype": "Payment Ledger Entry",
        "name": frappe.generate_hash(length=10),
        "modified": row["creation"],
        "docstatus": 1,
        **of_it,
        "against_voucher_type": against[0],
        "against_voucher_no": against[1],
        "amount_in_account_currency": sign * (sides[0] - sides[1]),
        "delinked": int(row.get("is_cancelled") or 0),
    }
    _insert(frappe.get_doc(made))
