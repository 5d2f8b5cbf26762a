"""Submits and cancels documents through ERPNext and records what went in and what came out."""

from __future__ import annotations

import copy
from typing import Any

import frappe

from recorder.packing import pack

GL_FIELDS = [
    "account", "party_type", "party", "debit", "credit", "debit_in_account_currency",
    "credit_in_account_currency", "account_currency", "against_voucher_type", "against_voucher",
    "cost_center", "posting_date",
]  # fmt: skip
INVOICES = ("Sales Invoice", "Purchase Invoice")


class Recorder:
    """The documents of one company in the order they happened."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []

    def submit(self, typed: dict[str, Any], attention: str | None = None) -> Any:
        """Insert and submit what was typed; returns ERPNext's document. `attention` is the reason why a person should look
        at it, None for ordinary ones."""
        doc = frappe.get_doc(copy.deepcopy(typed))  # the host writes into what it is given
        doc.insert()
        doc.submit()
        self._record("submit", doc, attention, input=typed)
        return doc

    def cancel(self, doctype: str, name: str, attention: str | None = None) -> None:
        """Cancel a submitted document."""
        before = _paid_by(doctype, name)
        doc = frappe.get_doc(doctype, name)
        doc.cancel()
        self._record("cancel", doc, attention, unlinked=before)

    def amend(self, name: str, typed: dict[str, Any]) -> Any:
        """Submit what was typed as the amendment of a cancelled document."""
        return self.submit({**typed, "amended_from": name})

    def _record(self, event: str, doc: Any, attention: str | None, unlinked: Any = (), **more: Any) -> None:
        frappe.db.commit()
        frappe.clear_messages()
        doc.reload()
        record = {"event": event, "doctype": doc.doctype, "name": doc.name, **more, "doc": pack(doc)}
        if attention:
            record["attention"] = attention
        if event == "submit":
            record["gl"] = _ledger(doc.doctype, doc.name)
        record["after"] = _after(doc) + [pack(frappe.get_doc("Payment Entry", name)) for name in unlinked]
        self.records.append(record)

    def final(self) -> dict[str, dict[str, Any]]:
        """{doctype: {name: state}} of everything recorded, as it stands now."""
        found: dict[str, dict[str, Any]] = {}
        for record in self.records:
            doctype, name = record["doctype"], record["name"]
            fields = ["docstatus", "status"] + (["outstanding_amount"] if doctype in INVOICES else [])
            found.setdefault(doctype, {})[name] = frappe.db.get_value(doctype, name, fields, as_dict=True)
        return found


def _ledger(doctype: str, name: str) -> list[dict[str, Any]]:
    rows = frappe.get_all("GL Entry", {"voucher_type": doctype, "voucher_no": name}, GL_FIELDS, order_by="creation, name")
    return [pack(dict(row)) for row in rows]


def _paid_by(doctype: str, name: str) -> list[str]:
    """Submitted payments that refer to an invoice, which cancelling it will change."""
    if doctype not in INVOICES:
        return []
    refer = {"reference_doctype": doctype, "reference_name": name, "docstatus": 1}
    return frappe.get_all("Payment Entry Reference", refer, pluck="parent", distinct=True)


def _after(doc: Any) -> list[dict[str, Any]]:
    """Other documents as this one left them: the invoices a payment refers to, and the exchange gain or
    loss journals that the host makes with it."""
    others: list[dict[str, Any]] = []
    for row in doc.get("references") or []:
        others.append(_state(row.reference_doctype, row.reference_name))
    if doc.get("return_against"):
        others.append(_state(doc.doctype, doc.return_against))
    if doc.doctype == "Payment Entry":
        refer = {"reference_type": "Payment Entry", "reference_name": doc.name}
        for name in frappe.get_all("Journal Entry Account", refer, pluck="parent", distinct=True):
            others.append(pack(frappe.get_doc("Journal Entry", name)))
    return others


def _state(doctype: str, name: str) -> dict[str, Any]:
    fields = ["outstanding_amount", "status", "docstatus", "modified"]
    state = frappe.db.get_value(doctype, name, fields, as_dict=True)
    return {"doctype": doctype, "name": name, **state, "modified": str(state.modified)}
