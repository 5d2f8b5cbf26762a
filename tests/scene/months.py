"""Months of Xero's trial balance: ledger rows of the books here, and journals that a person amends."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene


def post(rig: Rig, doctype: str, name: str, date: str, *amounts: tuple[str, float]) -> None:
    """Ledger rows of a voucher here: account (without the company) and amount, debit positive."""

    def work(frappe: Any) -> None:
        from sandbox.host.storage import post as written

        rows = [
            {"account": f"{account} - {rig.company['abbr']}", "posting_date": date, "is_cancelled": 0,
             "debit": max(amount, 0), "credit": max(-amount, 0)}
            for account, amount in amounts
        ]  # fmt: skip
        written(doctype, name, rows, f"{date} 10:00:00")

    scene.with_site(rig, work)


def call(rig: Rig, method: str, *arguments: Any) -> Any:
    """Press a button of Entered in Xero."""

    def work(_frappe: Any) -> Any:
        from picortex_xero.api import incoming

        return getattr(incoming, method)(*arguments)

    return scene.with_site(rig, work)


def read_trial_balance(rig: Rig) -> None:
    """Somebody allows it, here and at Xero."""

    def allow(frappe: Any) -> None:
        from picortex_xero.connection import connecting as consents
        from picortex_xero.connection import widening
        from tests.scene import connecting

        frappe.db.set_value("Xero Connection", rig.connection, "read_trial_balance", 1)
        given = connecting.consent(widening.more_permissions("Administrator", rig.connection))
        consents.finish("Administrator", given["state"], given["code"])

    scene.with_site(rig, allow)


def submit(rig: Rig, name: str, total: float) -> None:
    """A person submits a draft journal."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Journal Entry", name)
        doc.total_debit = total  # ERPNext has worked it out
        doc.submit()

    scene.with_site(rig, work)


def cancel(rig: Rig, name: str) -> None:
    """A person cancels a journal."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Journal Entry", name)
        doc.docstatus = 2
        doc.save()

    scene.with_site(rig, work)


def amended(rig: Rig, name: str, total: float) -> str:
    """A person cancels a journal, amends it and submits that; its name."""
    cancel(rig, name)

    def work(frappe: Any) -> str:
        before = frappe.get_doc("Journal Entry", name)
        rows = [{field: row.get(field) for field in ("account", "debit", "credit", "debit_in_account_currency", "credit_in_account_currency")}
                for row in before.accounts]  # fmt: skip
        kept = {field: before.get(field) for field in ("company", "voucher_type", "posting_date", "user_remark")}
        return str(frappe.get_doc({"doctype": "Journal Entry", **kept, "accounts": rows, "amended_from": name}).insert().name)

    made = scene.with_site(rig, work)
    submit(rig, made, total)
    return str(made)
