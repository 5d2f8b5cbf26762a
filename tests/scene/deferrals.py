"""Invoices with deferred revenue and what Process Deferred Accounting leaves in their ledger."""

from __future__ import annotations

from typing import Any

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene

DEFERRED, DEFERRED_CODE = "Deferred Revenue", "835"
BOOKED_BY = "Process Deferred Accounting"


def deferred(rig: Rig) -> scene.Record:
    """A plain invoice whose first row is deferred, to an account that is mapped."""
    (record,) = scene.invoices(rig)
    made, account = scene.copied(record, f"{record['name']}-DEF"), f"{DEFERRED} - {rig.company['abbr']}"
    made["doc"]["items"][0].update(enable_deferred_revenue=1, deferred_revenue_account=account)

    def add(frappe: Any) -> None:
        storage.store({"doctype": "Account", "name": account, "creation": record["doc"]["creation"], "company": rig.company["name"]})
        values = {"connection": rig.connection, "account": account, "xero_account_code": DEFERRED_CODE}
        frappe.get_doc({"doctype": "Xero Account Mapping", **values}).insert(ignore_permissions=True)

    scene.with_site(rig, add)
    return made


def book(rig: Rig, record: scene.Record, months: dict[str, float]) -> None:
    """What Process Deferred Accounting leaves in the ledger of the invoice, now."""
    abbr = rig.company["abbr"]
    rows: list[dict[str, Any]] = []
    for date, due in months.items():
        common = {"posting_date": date, "against_voucher_type": BOOKED_BY, "against_voucher": f"PDA-{date}", "is_cancelled": 0}
        rows.append({**common, "account": f"Deferred Revenue - {abbr}", "debit": due, "credit": 0.0})
        rows.append({**common, "account": f"Sales - {abbr}", "debit": 0.0, "credit": due})
    scene.with_site(rig, lambda frappe: _post(record, rows))


def _post(record: scene.Record, rows: list[dict[str, Any]]) -> None:
    from frappe.utils import now_datetime

    storage.post(record["doctype"], record["name"], rows, str(now_datetime()))
