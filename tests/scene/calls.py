"""Arguments with which every whitelisted function may be called."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene


def plain(rig: Rig, record: dict[str, Any]) -> dict[str, Any]:
    """For each parameter of any of them a value that is right."""
    return {
        "connection": rig.connection, "tenant_id": rig.xero.tenant, "company": rig.company["name"],
        "doctype": record["doctype"], "name": record["name"], "date": "2026-10-01", "state": "s", "code": "c", "error": "",
        "client_id": "id", "secret": "secret", "xero_id": "00000000-1111-2222-3333-444444444444",
        "kind": "account", "cause_key": "Sales - KS", "step": "taxes", "user": "nobody@example.com",
        "mapping": "accounts", "rows": [], "keys": None, "batch": "abc", "form": "csv", "filename": "a.csv", "content": "", "right_ones": 0,
        "names": [record["name"]], "items": [], "outcome": "Approved", "start": 0, "as_of": "", "seen": "", "suggested": None, "unsure": 0, "reason": "Not ours", "note": "",
        "said": "Look", "how": "In the Desk",
        "preview": "abc", "run": "abc", "history_run": "abc", "incoming": "abc", "change": "abc", "what": "A Document", "from_date": "2026-01-01", "to_date": "2026-01-31", "kinds": ["Invoice"], "look_in_xero": 0, "start_at": 0,
        "by_hand": 0, "decision": "done", "documents": [[record["doctype"], record["name"]]],
        "mode": "Drafts Only", "contact": "", "contact_name": "", "supplier": "", "supplier_name": "", "question": "two_payments_of_one_day_are_two",
        "scope": "used", "show": "open", "party_type": "", "search": "", "text": "a", "parties": [["Customer", "A"]],
        "account": "Sales - KS", "account_name": "A", "account_type": "EXPENSE", "tax_type": "NONE", "cost_center": "Main - KS",
        "category": "A", "option": "A", "screen": "to-fix", "ties": 0, "upload": "upload-1", "place": 0, "other_site_is_gone": 0,
        "undo_run": "abc", "selection": "Sent Between", "from_time": "2026-10-01 00:00:00", "to_time": "2026-10-02 00:00:00", "mark": "", "steps": [], "document": "abc",
        "rule": "abc", "kind_of": "Invoice", "enabled": 1, "send": "Hourly", "send_at": "", "start_date": "", "target_status": "", "rules": [],
        "choice": "Code in Xero", "received_account": "", "received_tax_type": "", "paid_account": "", "paid_tax_type": "",
        "on": 1, "doctypes": ["Account"], "turn": "mine", "payment": "another", "voucher": "another", "agreed": "", "month": "2020-01",
        "pairs": [["Customer", "A", "00000000-1111-2222-3333-444444444444"]], "words": "a",
        "bank_transaction": "another", "reading": "abc", "bank_account": "", "least": "", "most": "", "unexplained": 0, "left": "1", "parts": [], "rest": "", "act": "another", "coding": {"account": f"Sales - {rig.company['abbr']}"}, "remember": 0, "bank_rule": "bank-rule",
        "bank_transaction_name": "another", "vouchers": "[]", "document_types": "[]", "filter_by_reference_date": 0, "to_reference_date": "", "from_reference_date": "",
        "currency": "", "later": 0, "later_customer": "", "lost": "", "open_too": 0, "first": "2026-11-01", "last": "2026-11-30",
        "statement_import": "statement", "wanted": 0, "line_state": "", "lines": [], "report": "Trial Balance", "host_report": "Xero Trial Balance", "filters": "{}",
    }  # fmt: skip


def sound(rig: Rig, record: dict[str, Any], function: str, parameters: list[str]) -> dict[str, Any]:
    """Arguments that are right."""
    from picortex_xero.engine.standard_columns import standard

    def read(frappe: Any) -> tuple[str, str]:
        steps = frappe.get_all("Xero Outbox Entry", filters={"reference_name": record["name"]}, pluck="name")
        return frappe.get_all("Xero Authorisation", pluck="name")[0], steps[0]

    def begun(frappe: Any, doctype: str) -> str:
        from picortex_xero.engine import slices

        found = frappe.get_all(doctype, pluck="name", limit=1)
        return str(
            found[0] if found else slices.begin(doctype, {"connection": rig.connection, "company": rig.company["name"], "state": "Done"})
        )

    def a_rule(frappe: Any) -> str:
        known = frappe.get_all("Xero Sync Rule", pluck="name", limit=1)
        values = {"connection": rig.connection, "title": "Any", "outcome": "Sync", "for_invoices": 1, "enabled": 0}
        return str(known[0] if known else frappe.get_doc({"doctype": "Xero Sync Rule", **values}).insert(ignore_permissions=True).name)

    def entered(frappe: Any) -> str:
        found = frappe.get_all("Xero Incoming Record", pluck="name", limit=1)
        row = {"name": "entered", **standard(), "connection": rig.connection, "company": rig.company["name"], "state": "Gone"}
        if not found:
            frappe.db.bulk_insert("Xero Incoming Record", list(row), [tuple(row.values())])
        return str(found[0] if found else row["name"])

    def changed(frappe: Any) -> str:
        row = {"name": "changed", **standard(), "connection": rig.connection, "company": rig.company["name"], "state": "Over"}
        if not frappe.db.exists("Xero Changed Record", "changed"):
            frappe.db.bulk_insert("Xero Changed Record", list(row), [tuple(row.values())])
        return "changed"

    def a_bank_line(frappe: Any) -> None:
        if not frappe.db.exists("Bank Transaction", "another"):
            of_both = {"name": "another", **standard(), "company": rig.company["name"]}
            for doctype, row in (
                ("Bank Transaction", of_both),
                (
                    "Xero Bank Act",
                    {**of_both, "bank_transaction": "another", "state": "Done", "done": '{"lines": {}, "clear": [], "made": []}'},
                ),
            ):
                frappe.db.bulk_insert(doctype, list(row), [tuple(row.values())])

    scene.with_site(rig, a_bank_line)

    def a_bank_rule(frappe: Any) -> None:
        row = {"name": "bank-rule", **standard(), "company": rig.company["name"], "title": "Any", "text_contains": "any"}
        if not frappe.db.exists("Xero Bank Rule", "bank-rule"):
            frappe.db.bulk_insert("Xero Bank Rule", list(row), [tuple(row.values())])

    scene.with_site(rig, a_bank_rule)

    def a_statement(frappe: Any) -> None:
        row = {"name": "statement", **standard(), "company": rig.company["name"], "state": "Done", "lines": 0}
        if not frappe.db.exists("Xero Statement Import", "statement"):
            frappe.db.bulk_insert("Xero Statement Import", list(row), [tuple(row.values())])

    scene.with_site(rig, a_statement)
    authorisation, step = scene.with_site(rig, read)
    change = scene.with_site(rig, changed)
    incoming = scene.with_site(rig, entered)
    preview, run, imported, undo = (
        scene.with_site(rig, lambda frappe, each=each: begun(frappe, each))
        for each in ("Xero Preview Run", "Xero Test Run", "Xero History Run", "Xero Undo Run")
    )
    rule = scene.with_site(rig, a_rule)
    values = plain(rig, record) | {
        "authorisation": authorisation,
        "name": record["name"] if "doctype" in parameters else step, "preview": preview, "run": run, "history_run": imported, "undo_run": undo, "incoming": incoming, "change": change, "steps": [step], "rule": rule, "user": "accountant@example.com",
    }  # fmt: skip
    if function == "link":
        values["doctype"] = "Customer"
    return {name: values[name] for name in parameters}
