"""The fields of a document that a condition may name: any of its DocType's, and those that are meant alike in every kind (OWN)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..fact_types import Named

Doc = dict[str, Any]
# Types of values. What a field of Frappe's is, by its fieldtype; whatever is not named is TEXT.
NUMBER, DATE, CHECK, TEXT = "number", "date", "check", "text"
TYPES = {
    **dict.fromkeys(("Currency", "Float", "Int", "Percent", "Duration", "Rating", "Long Int"), NUMBER),
    **dict.fromkeys(("Date", "Datetime"), DATE),
    "Check": CHECK,
}
# Fields that hold no value of their own, or one that no rule can be made of.
NO_VALUE = (
    "Section Break", "Column Break", "Tab Break", "HTML", "Button", "Table", "Table MultiSelect", "Image", "Fold", "Heading", "Password",
    "Attach", "Attach Image", "Signature", "Geolocation", "Code", "JSON", "HTML Editor", "Text Editor", "Markdown Editor", "Barcode", "Icon",
)  # fmt: skip
NAME, AMOUNT = "name", "amount"
CUSTOMER, SUPPLIER = "customer", "supplier"
CUSTOMER_GROUP, SUPPLIER_GROUP, TERRITORY = "customer_group", "supplier_group", "territory"
COST_CENTER, PROJECT = "cost_center", "project"
# What is meant alike in documents of every kind, with its type and the DocType that it names.
OWN: Mapping[str, tuple[str, str]] = {
    NAME: (TEXT, ""),
    AMOUNT: (NUMBER, ""),
    CUSTOMER: (TEXT, "Customer"),
    SUPPLIER: (TEXT, "Supplier"),
    CUSTOMER_GROUP: (TEXT, "Customer Group"),
    SUPPLIER_GROUP: (TEXT, "Supplier Group"),
    TERRITORY: (TEXT, "Territory"),
    COST_CENTER: (TEXT, "Cost Center"),
    PROJECT: (TEXT, "Project"),
}
# Those of a party, read from its master where the document does not say them itself.
OF_PARTY = {CUSTOMER_GROUP: "Customer", SUPPLIER_GROUP: "Supplier", TERRITORY: "Customer"}
# The value of a document in company currency, by DocType; the first that is not zero.
AMOUNTS = {
    "Sales Invoice": ("base_grand_total",),
    "Purchase Invoice": ("base_grand_total",),
    "Payment Entry": ("base_received_amount", "base_paid_amount"),
    "Journal Entry": ("total_debit",),
}
# Tables whose rows have a cost centre, a project or a party of their own.
LINES = ("items", "accounts", "deductions")
Groups = Mapping[Named, Doc]


def parties(doc: Doc) -> list[Named]:
    """The customers and suppliers of a document: its own, or those in its rows (a journal's)."""
    found: list[Named] = []
    for doctype, field in (("Customer", CUSTOMER), ("Supplier", SUPPLIER)):
        if doc.get(field):
            found.append((doctype, str(doc[field])))
    rows = [doc, *(doc.get("accounts") or [])] if "party" in doc or "accounts" in doc else []
    found += [
        (str(row["party_type"]), str(row["party"]))
        for row in rows
        if row.get("party_type") in ("Customer", "Supplier") and row.get("party")
    ]
    return list(dict.fromkeys(found))


def values(field: str, doc: Doc, groups: Groups) -> list[Any]:
    """What a document says in a field: one value, or several where its lines differ; empty ones are left out. `groups` are the parties'
    masters."""
    if field == AMOUNT:
        return [next((doc[each] for each in AMOUNTS.get(doc["doctype"], ()) if doc.get(each)), 0)]
    if field in (CUSTOMER, SUPPLIER):
        return [name for doctype, name in parties(doc) if doctype == OWN[field][1]]
    if field in OF_PARTY and not doc.get(field):
        return [each for each in (groups.get(named, {}).get(field) for named in parties(doc) if named[0] == OF_PARTY[field]) if each]
    if field in (COST_CENTER, PROJECT):
        return list(dict.fromkeys(each for each in _everywhere(field, doc) if each not in (None, "")))
    value = doc.get(field)
    return [] if value in (None, "") else [value]


def _everywhere(field: str, doc: Doc) -> Iterator[Any]:
    yield doc.get(field)
    for table in LINES:
        for row in doc.get(table) or ():
            yield row.get(field)
