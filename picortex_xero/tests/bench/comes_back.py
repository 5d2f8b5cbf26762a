"""A company whose payments are entered in Xero, on a real ERPNext: what people do there, and what is looked at here."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import frappe
import httpx
from frappe.utils import add_days, nowdate

from picortex_xero.engine import run
from picortex_xero.sync import jobs
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books
from picortex_xero.tests.bench.case import XERO_ADDRESS, BenchCase

ROW, STATE = "Xero Incoming Record", "Xero Connection State"


class ComesBack(BenchCase):
    """Tests of one company and its organisation, whose payments come back and are submitted."""

    books: Books
    organisation: xero.Organisation
    connection: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, cls.organisation, cls.connection = xero.of_its_own()
        frappe.db.set_value("Xero Connection", cls.connection, "payments_from_xero", "Are Submitted")
        frappe.db.commit()

    # What people do, and what is looked at ------------------------------------------------------------------------
    def sent(self, doc: Any) -> str:
        """The document's id in Xero, once it is there."""
        self.wait_for_worker(self.connection)
        frappe.db.rollback()
        xero_id = frappe.db.get_value("Xero Link", {"reference_doctype": doc.doctype, "reference_name": doc.name}, "xero_id")
        self.assertTrue(xero_id, doc.name)
        return str(xero_id)

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

    def look(self, *lists: str) -> None:
        """The turn of every list has come, of these too; the worker reads, and everything that was found is decided."""
        frappe.db.rollback()
        wanted = {"Payments", "BankTransactions", "Overpayments", "Prepayments", *lists}
        until = time.monotonic() + 120
        while not wanted <= set(self.cursors()):
            # Reading one begins with the first run in which it is wanted.
            self.assertLess(time.monotonic(), until, self.cursors())
            jobs.sweep()
            run.run(self.connection)
            time.sleep(1)
        cursors = self.cursors()
        for each in cursors.values():
            each["read"] = "2026-01-01T00:00:00"
        frappe.db.set_value(STATE, self.connection, "read_until", json.dumps(cursors), update_modified=False)
        frappe.db.commit()
        until = time.monotonic() + 120
        while True:
            jobs.sweep()
            time.sleep(1)
            known = self.cursors()
            again = [name for name, each in known.items() if each["read"] < "2026-01-02"]
            if not again and not frappe.db.exists(ROW, {"connection": self.connection, "state": "To Decide"}):
                break
            self.assertLess(time.monotonic(), until, known)
        self.wait_for_worker(self.connection)

    def cursors(self) -> dict[str, Any]:
        """How far each list is read."""
        frappe.db.rollback()
        return dict(json.loads(frappe.db.get_value(STATE, self.connection, "read_until") or "{}"))

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
