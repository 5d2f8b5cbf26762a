"""A company whose payments are entered in Xero, on a real ERPNext: what people do there, and what is looked at here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
import httpx
from frappe.utils import add_days, nowdate

from picortex_xero.tests.bench.case import XERO_ADDRESS
from picortex_xero.tests.bench.own_company import OwnCompany

ROW = "Xero Incoming Record"


class ComesBack(OwnCompany):
    """Tests of one company and its organisation, whose payments come back and are submitted."""

    settings = {"payments_from_xero": "Are Submitted"}
    lists = ("Payments", "BankTransactions", "Overpayments", "Prepayments")

    # What people do, and what is looked at ------------------------------------------------------------------------
    def pay(self, xero_id: str, amount: str, bank: str = "090", day: int = -2, **more: Any) -> dict[str, Any]:
        return dict(
            self.organisation.person(
                "pay_invoice",
                InvoiceID=xero_id,
                Amount=amount,
                Account={"Code": bank},
                Date=add_days(nowdate(), day),
                Reference="EFT",
                **more,
            )
        )

    def other_app(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self.organisation.token}", "Xero-Tenant-Id": self.organisation.tenant, "Accept": "application/json",
            "Content-Type": "application/json",
        }  # fmt: skip
        answer = httpx.put(f"{XERO_ADDRESS}/api.xro/2.0/{path}", json=body, headers=headers, timeout=60)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return dict(answer.json())

    def open_here(self, doc: Any) -> Decimal:
        frappe.db.rollback()
        return Decimal(str(frappe.db.get_value(doc.doctype, doc.name, "outstanding_amount"))).quantize(Decimal("0.01"))

    def in_xero(self, xero_id: str, what: str = "Invoices") -> Decimal:
        (found,) = [each for each in self.organisation.read(what) if each["InvoiceID" if what == "Invoices" else "CreditNoteID"] == xero_id]
        return Decimal(str(found["AmountDue" if what == "Invoices" else "RemainingCredit"]))

    def rows(self, doc: Any) -> list[dict[str, Any]]:
        frappe.db.rollback()
        wanted = {"connection": self.connection, "about": ("like", f"%{doc.name}%")}
        return frappe.get_all(
            ROW, filters=wanted, fields=["name", "state", "reason", "reason_code", "reference_name"], order_by="found_at asc"
        )

    def agree(self, doc: Any, xero_id: str) -> None:
        self.assertEqual(self.open_here(doc), self.in_xero(xero_id), (doc.name, self.rows(doc)))

    def payments(self) -> int:
        return len([each for each in self.organisation.read("Payments") if each["Status"] == "AUTHORISED"])
