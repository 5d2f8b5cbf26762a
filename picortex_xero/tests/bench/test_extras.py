"""Files and notes through ERPNext itself: a real File, a real print, real workers."""

from __future__ import annotations

from typing import Any

import frappe

from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import BenchCase, measured, milliseconds, on_bench

FILES = ("attach_invoice_pdf", "attach_bill_files")
PDF = b"%PDF-1.4 \xff\xfe original"


@on_bench
class TestNotesAndFiles(BenchCase):
    """Switched on for this class alone."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, cls.organisation, cls.connection = xero.shared()
        xero.follow_files(cls, cls.connection, *FILES)

    def attach(self, doc: Any, name: str) -> Any:
        """A person attaches a file, in a transaction of its own."""
        values = {"doctype": "File", "file_name": name, "content": PDF, "is_private": 1}
        return frappe.get_doc({**values, "attached_to_doctype": doc.doctype, "attached_to_name": doc.name}).insert()

    def files(self, doc: Any) -> list[tuple[str, str]]:
        """Role and state of a document's file steps."""
        return [(row["role"], row["state"]) for row in self.steps(reference_name=doc.name) if row["role"].startswith("attachment")]

    def test_1_the_suppliers_original_follows_now_and_later(self) -> None:
        bill = self.books.invoice(False, [("GATE", 1, 32)])
        bill.insert()
        first = self.attach(bill, "original.pdf")
        bill.reload()
        bill.submit()
        frappe.db.commit()
        self.wait_for_worker(self.connection, 60, sweeping=True)
        self.assertEqual(self.files(bill), [(f"attachment-{first.name}", "Synced")])
        later: list[Any] = []
        measured("file_attached_to_a_synced_bill_ms", round(milliseconds(lambda: later.append(self.attach(bill, "later.pdf"))), 1))
        frappe.db.commit()
        self.wait_for_worker(self.connection, 60, sweeping=True)
        self.assertEqual(self.files(bill)[1:], [(f"attachment-{later[0].name}", "Synced")])
        shown = next(each for each in self.organisation.read("Invoices") if each["InvoiceNumber"] == bill.bill_no)
        self.assertTrue(shown["HasAttachments"])

    def test_2_the_invoice_pdf_follows_or_says_why_not(self) -> None:
        doc = submit(self.books.invoice(True, [("PANEL", 1, 33)]))
        self.wait_for_worker(self.connection, 60, sweeping=True)
        (row,) = [row for row in self.steps(reference_name=doc.name) if row["role"] == "attachment-print"]
        measured("invoice_pdf", {"state": row["state"], "reason": row["reason"]})
        # A host without wkhtmltopdf cannot print; the invoice is in Xero all the same.
        self.assertTrue(row["state"] == "Synced" or "wkhtmltopdf" in row["reason"], row["reason"])
        self.assertEqual([each["state"] for each in self.steps(reference_name=doc.name, role="invoice")], ["Synced"])

    def test_3_a_payment_is_noted_with_its_user(self) -> None:
        invoice = submit(self.books.invoice(True, [("PANEL", 1, 34)]))
        payment = submit(self.books.payment([(invoice, invoice.outstanding_amount)], "Trading Account"))
        self.wait_for_worker(self.connection, 60, sweeping=True)
        self.assertEqual([row["state"] for row in self.steps(reference_name=payment.name, role="note-payment-1")], ["Synced"])
        link = frappe.db.get_value("Xero Link", {"reference_name": payment.name}, "xero_id")
        (said,) = self.organisation.history("Payments", link)
        self.assertTrue(said.startswith(f"Entered in PiCortex as Payment Entry {payment.name} by "), said)
        self.assertIn(f"/app/payment-entry/{payment.name}", said)
