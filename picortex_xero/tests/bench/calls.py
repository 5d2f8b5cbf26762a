"""What the calls of the pages want besides a connection and a document: arguments that are right, for whoever tries every call."""

from __future__ import annotations

import json
from typing import Any

import frappe


def further(connection: str, company: str, invoice: str) -> dict[str, Any]:
    """By the parameter's name. A preview, a test run and a rule of the connection are there for it; part of the caller's transaction."""
    from picortex_xero.engine import slices
    from picortex_xero.engine.standard_columns import standard

    def begun(doctype: str) -> str:
        found = frappe.get_all(doctype, filters={"connection": connection}, pluck="name", limit=1)
        return str(found[0] if found else slices.begin(doctype, {"connection": connection, "company": company, "state": "Done"}))

    def a_rule() -> str:
        found = frappe.get_all("Xero Sync Rule", filters={"connection": connection}, pluck="name", limit=1)
        values = {"connection": connection, "title": "Any", "outcome": "Sync", "for_invoices": 1, "enabled": 0}
        return str(found[0] if found else frappe.get_doc({"doctype": "Xero Sync Rule", **values}).insert(ignore_permissions=True).name)

    def entered() -> str:
        found = frappe.get_all("Xero Incoming Record", filters={"connection": connection}, pluck="name", limit=1)
        row = {"name": f"entered-{connection}", **standard(), "connection": connection, "company": company, "state": "Gone"}
        if not found:
            frappe.db.bulk_insert("Xero Incoming Record", list(row), [tuple(row.values())])
        return str(found[0] if found else row["name"])

    def changed() -> str:
        row = {"name": f"changed-{connection}", **standard(), "connection": connection, "company": company, "state": "Over"}
        if not frappe.db.exists("Xero Changed Record", row["name"]):
            frappe.db.bulk_insert("Xero Changed Record", list(row), [tuple(row.values())])
        return str(row["name"])

    def of_a_bank_line() -> dict[str, str]:
        line = {
            "name": f"line-{connection}",
            **standard(),
            "company": company,
            "docstatus": 1,
            "date": "2026-01-31",
            "deposit": 1,
            "unallocated_amount": 1,
            "status": "Unreconciled",
        }
        act = {"name": f"act-{connection}", **standard(), "company": company, "bank_transaction": line["name"], "state": "Done"}
        for doctype, row in (("Bank Transaction", line), ("Xero Bank Act", act)):
            if not frappe.db.exists(doctype, row["name"]):
                frappe.db.bulk_insert(doctype, list(row), [tuple(row.values())])
        return {"bank_transaction": str(line["name"]), "bank_transaction_name": str(line["name"]), "act": str(act["name"])}

    step = frappe.db.get_value("Xero Outbox Entry", {"connection": connection}, "name") or "abc"
    return {
        "preview": begun("Xero Preview Run"), "run": begun("Xero Test Run"), "history_run": begun("Xero History Run"), "undo_run": begun("Xero Undo Run"), "incoming": entered(), "change": changed(), "names": [invoice], "step": "taxes", "user": "nobody@example.com",
        "mapping": "accounts", "rows": [], "keys": None, "batch": "abc", "form": "csv", "filename": "a.csv", "content": "", "right_ones": 0,
        "start": 0, "as_of": "", "seen": "", "suggested": None, "unsure": 0, "reason": "Not ours", "note": "", "said": "Look", "how": "In the Desk",
        "what": "A Document", "from_date": "2026-01-01", "to_date": "2026-01-31", "kinds": json.dumps(["Invoice"]), "look_in_xero": 0, "start_at": 0, "by_hand": 0, "decision": "done", "documents": [["Sales Invoice", invoice]], "mode": "Drafts Only", "contact": "",
        "contact_name": "", "question": "two_payments_of_one_day_are_two", "scope": "used", "show": "open", "party_type": "", "search": "",
        "text": "a", "parties": [["Customer", "A"]], "account": "Sales", "account_name": "A", "account_type": "EXPENSE", "tax_type": "NONE",
        "cost_center": "Main", "category": "A", "option": "A", "screen": "to-fix", "supplier": "", "supplier_name": "",
        "ties": 0, "upload": "upload-1", "place": 0, "other_site_is_gone": 0,
        "rule": a_rule(),
        "kind_of": "Invoice", "enabled": 1, "send": "Hourly", "send_at": "", "start_date": "", "target_status": "", "rules": [], "on": 1, "choice": "Code in Xero", "received_account": "", "received_tax_type": "", "paid_account": "", "paid_tax_type": "", "doctypes": ["Account"],
        "selection": "Sent Between", "from_time": "2026-10-01 00:00:00", "to_time": "2026-10-02 00:00:00", "mark": "", "steps": [step], "document": "abc",
        "items": [], "outcome": "Approved", "turn": "mine", "payment": "another", "voucher": "another", "agreed": "", "month": "2020-01",
        "pairs": [["Customer", "A", "00000000-1111-2222-3333-444444444444"]], "words": "a",
        **of_a_bank_line(), "reading": "abc", "bank_account": "", "least": "", "most": "", "unexplained": 0, "left": "1", "parts": [], "rest": "",
        "coding": {"account": income_account(company)}, "remember": 0, "bank_rule": a_bank_rule(company),
        "vouchers": "[]", "document_types": "[]", "filter_by_reference_date": 0, "to_reference_date": "", "from_reference_date": "",
        "currency": "", "later": 0, "later_customer": "", "lost": "", "open_too": 0, "first": "2026-11-01", "last": "2026-11-30",
        "statement_import": a_statement(company), "wanted": 0, "line_state": "", "lines": [], "report": "Trial Balance", "host_report": "Xero Trial Balance", "filters": "{}",
    }  # fmt: skip


def income_account(company: str) -> str:
    """An account of the company that a bank line may be entered on."""
    wanted = {"company": company, "is_group": 0, "root_type": "Income", "disabled": 0}
    return str(frappe.get_all("Account", filters=wanted, pluck="name", order_by="name asc", limit=1)[0])


def a_bank_rule(company: str) -> str:
    """The name of a rule for this company's bank lines; part of the caller's transaction."""
    from picortex_xero.engine.standard_columns import standard

    found = frappe.get_all("Xero Bank Rule", filters={"company": company}, pluck="name", limit=1)
    row = {"name": frappe.generate_hash(length=12), **standard(), "company": company, "title": "Any", "text_contains": "any"}
    row |= {"account": income_account(company), "enabled": 0, "entry": "Journal Entry", "direction": "Money In and Out"}
    if not found:
        frappe.db.bulk_insert("Xero Bank Rule", list(row), [tuple(row.values())])
    return str(found[0] if found else row["name"])


def a_statement(company: str) -> str:
    """The name of a bank statement's import of this company; part of the caller's transaction."""
    from picortex_xero.engine.standard_columns import standard

    found = frappe.get_all("Xero Statement Import", filters={"company": company}, pluck="name", limit=1)
    row = {"name": frappe.generate_hash(length=12), **standard(), "company": company, "state": "Done", "lines": 0}
    if not found:
        frappe.db.bulk_insert("Xero Statement Import", list(row), [tuple(row.values())])
    return str(found[0] if found else row["name"])


def fitting(endpoint: str, arguments: dict[str, Any], customer: str) -> dict[str, Any]:
    """The arguments as this call wants them: a contact is linked with a customer, never with an invoice."""
    return {**arguments, "doctype": "Customer", "name": customer} if endpoint.endswith("contacts.link") else arguments
