"""DocType definitions for what a recording holds: from its schema where it has one, else from the values seen."""

from __future__ import annotations

import re
from typing import Any

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
# What the app searches for by company and date: a recording without one must still know the DocType. Beside each its further columns by type,
# as long as no recording holds one.
VOUCHERS: dict[str, dict[str, str]] = {"Sales Invoice": {}, "Purchase Invoice": {}, "Payment Entry": {}, "Journal Entry": {}}
_EVERY_VOUCHER = {"Data": "company amended_from", "Date": "posting_date"}
# Settings of ERPNext 15.71 that the app reads; that for bills has no discount accounting.
SETTINGS: list[dict[str, Any]] = [
    {"name": name, "module": module, "issingle": 1, "fields": [{"fieldname": field, "fieldtype": "Check"}], "permissions": []}
    for name, module, field in (
        ("Selling Settings", "Selling", "enable_discount_accounting"),
        ("Buying Settings", "Buying", "maintain_same_rate"),
    )
]
SETTINGS.append(
    {
        "name": "Stock Settings",
        "module": "Stock",
        "issingle": 1,
        "fields": [{"fieldname": "stock_uom", "fieldtype": "Data"}],
        "permissions": [],
    }
)
READERS = [
    {"role": role, "read": 1, "write": write, "create": write, "submit": write, "cancel": write}
    for role, write in (("Accounts User", 1), ("Accounts Manager", 1), ("Auditor", 0))
]
_NOT_FIELDS = {"doctype", "docstatus", "idx", "name", "owner", "creation", "modified", "modified_by"}
_NOT_FIELDS |= {"parent", "parentfield", "parenttype"}
# Recordings leave out what is empty: these columns are there all the same.
_LEDGER = {
    "Data": "account company party_type party account_currency voucher_type voucher_no against_voucher_type against_voucher cost_center is_opening",
    "Float": "debit credit debit_in_account_currency credit_in_account_currency",
    "Date": "posting_date",
    "Check": "is_cancelled",
}
_PAYMENT_LEDGER = {
    "Data": "company account party_type party voucher_type voucher_no against_voucher_type against_voucher_no",
    "Float": "amount_in_account_currency",
    "Date": "posting_date",
    "Check": "delinked",
}

# What ERPNext 15.71 has an index of, of what the app searches by. A payment's day has none there.
INDEXED = {
    "Sales Invoice": "customer posting_date return_against",
    "Purchase Invoice": "supplier posting_date bill_no return_against",
    "Payment Entry": "party_type reference_date",
    "Payment Entry Reference": "reference_doctype reference_name",
    "Journal Entry": "company posting_date",
    "Journal Entry Account": "account reference_type reference_name",
    "GL Entry": "account party posting_date voucher_no against_voucher",
    "Payment Ledger Entry": "account party posting_date voucher_no against_voucher_no",
}


_BANK_TRANSACTION = {
    "Data": "company bank_account currency description reference_number transaction_id transaction_type status party_type party "
    "bank_party_name bank_party_iban bank_party_account_number",
    "Currency": "deposit withdrawal allocated_amount unallocated_amount", "Date": "date",
}  # fmt: skip


def definitions(recording: dict[str, Any]) -> list[dict[str, Any]]:
    """DocType definitions for every doctype of the recording: types from its schema, else from the values seen."""
    fields: dict[str, dict[str, dict[str, Any]]] = {}
    for doctype, known in recording.get("schema", {}).items():
        fields[doctype] = {name: {"fieldname": name, "fieldtype": kind} for name, kind in known.items()}
    for doctype, columns in VOUCHERS.items():
        fields.setdefault(doctype, _columns(_EVERY_VOUCHER) | _columns(columns))
    children: set[str] = set()
    for parent, listed in CHILD_TABLES.items():
        for name, child in listed.items():
            if parent in fields and child in fields:
                fields[parent][name] = {"fieldname": name, "fieldtype": "Table", "options": child}
                children.add(child)
    fields["GL Entry"] = _columns(_LEDGER)
    fields["Payment Ledger Entry"] = _columns(_PAYMENT_LEDGER)
    # Masters that the app reads on every site, whether or not a company has any.
    fields.setdefault(
        "Bank Account", _columns({"Data": "account company iban bank_account_no party_type party", "Check": "is_company_account"})
    )
    fields.setdefault("Bank Transaction", _columns(_BANK_TRANSACTION))
    fields.setdefault("Bank Transaction Payments", _columns({"Data": "payment_document payment_entry", "Currency": "allocated_amount"}))
    children.add("Bank Transaction Payments")
    # Asked for by what it was joined into, on every site.
    fields.setdefault("POS Invoice", _columns({"Data": "consolidated_invoice"}))
    for doc in _documents(recording):
        _learn(doc, fields, children)
    for doctype, columns in INDEXED.items():
        for column in columns.split():
            if column in fields.get(doctype, {}):
                fields[doctype][column]["search_index"] = 1
    return SETTINGS + [
        {"name": doctype, "module": "Accounts", "istable": int(doctype in children), "autoname": "hash",
         "fields": list(known.values()), "permissions": [] if doctype in children else READERS}
        for doctype, known in fields.items()
    ]  # fmt: skip


def _columns(by_type: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {name: {"fieldname": name, "fieldtype": kind} for kind, names in by_type.items() for name in names.split()}


def company_of(company: dict[str, Any]) -> dict[str, Any]:
    """The Company document without what the recording adds to it."""
    return {k: v for k, v in company.items() if k not in ("code", "masters", "documents", "final")} | {"doctype": "Company"}


def _documents(recording: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    events = [event for case in recording.get("cases", ()) for event in case["events"] if "doc" not in event]
    for company in recording["companies"]:
        found.append(company_of(company))
        found += [doc for docs in company["masters"].values() for doc in docs]
        events += company["documents"]
    for event in events:
        stored = [event["doc"]] if "doc" in event and event["event"] != "tool" else []
        found += [*stored, *(each for each in event.get("after", []) if "creation" in each)]
        found += [{"doctype": "GL Entry", **row} for row in event.get("gl", [])]
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
