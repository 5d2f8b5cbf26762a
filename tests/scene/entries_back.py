"""Journals and money that people enter in Xero, or here, and what they became."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

ROW = "Xero Incoming Record"


def rows(rig: Rig) -> dict[str, dict[str, Any]]:
    """By what it is called in Xero."""
    found = scene.with_site(rig, lambda frappe: frappe.get_all(ROW, fields=["*"], order_by="found_at asc"))
    return {row["what"].split(" ", 2)[-1]: row for row in found}


def drafts(rig: Rig) -> list[Any]:
    def work(frappe: Any) -> list[Any]:
        return [
            frappe.get_doc("Journal Entry", name).as_dict()
            for name in frappe.get_all("Journal Entry", pluck="name", order_by="creation asc")
        ]

    return list(scene.with_site(rig, work))


def journal(rig: Rig, text: str, *lines: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    made = [{"AccountCode": code, "LineAmount": amount, "TaxType": tax} for code, amount, tax in lines]
    given = {"Narration": text, "Date": "2026-11-20", "JournalLines": made, "LineAmountTypes": "Exclusive"}
    return dict(rig.xero.person("create_journal", **{**given, **more}))


def spend(rig: Rig, text: str, amount: str, code: str = "404", **more: Any) -> dict[str, Any]:
    line = {"AccountCode": code, "Description": text, "Quantity": "1", "UnitAmount": amount, "TaxType": "INPUT2"}
    given = {"Type": "SPEND", "Contact": {"Name": "Kea Cards"}, "BankAccount": {"Code": "090"}, "Date": "2026-11-20", "Reference": text}
    return dict(rig.xero.person("spend_or_receive", **given, LineItems=[line], LineAmountTypes="Exclusive", **more))


def choose(rig: Rig, **settings: str) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, settings))


def typed(rig: Rig, date: str, *sides: tuple[str, float], submit: bool = True, **more: Any) -> str:
    """A Journal Entry that a person types here, on accounts named without the company's suffix, debit positive."""

    def work(frappe: Any) -> str:
        accounts = []
        for account, amount in sides:
            side = "debit" if amount > 0 else "credit"
            accounts.append(
                {"account": f"{account} - {rig.company['abbr']}", side: abs(amount), f"{side}_in_account_currency": abs(amount)}
            )
        worth = sum(max(amount, 0.0) for _account, amount in sides)
        head = {"doctype": "Journal Entry", "company": rig.company["name"], "voucher_type": "Journal Entry", "posting_date": date}
        doc = frappe.get_doc({**head, "is_opening": "No", "total_debit": worth, "total_credit": worth, "accounts": accounts, **more})
        doc.insert(ignore_permissions=True)
        if submit:
            doc.submit()
        return str(doc.name)

    return str(scene.with_site(rig, work))


def press(rig: Rig, what: str, row: str, *more: str) -> Any:
    """A button of Entered in Xero, and the run that it wakes; what the call gives."""

    def work(_frappe: Any) -> Any:
        from picortex_xero.api import incoming

        return getattr(incoming, what)(row, *more)

    given = scene.with_site(rig, work)
    rig.dispatch()
    return given


def states(rig: Rig, name: str) -> list[tuple[str, str]]:
    return [(step["state"], step["reason_code"] or "") for step in rig.steps(reference_name=name)]
