"""What needs attention is told in the Desk's own notifications: once per cause, to those who may see the company."""

from __future__ import annotations

import frappe

from picortex_xero.accounting.problems import Problem
from picortex_xero.attention import notifications
from picortex_xero.documents.identity import Identity
from picortex_xero.engine import outbox
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books
from picortex_xero.tests.bench.case import BenchCase, on_bench
from picortex_xero.tests.bench.people import dismiss

HOSTILE = "Xero says: <img src=x onerror=alert(1)> & sons"


@on_bench
class TestTelling(BenchCase):
    """Two admins, one of them of another company only."""

    def setUp(self) -> None:
        super().setUp()
        books = Books.create()
        self.company = books.company
        self.connection = xero.connect(books.company, xero.Organisation(books.company, ("Branch", list(books.CENTRES))))
        self.users = {who: self._admin(f"{who}-{frappe.generate_hash(length=6)}@bench.example") for who in ("here", "elsewhere")}
        other = frappe.get_all("Company", filters={"name": ("!=", books.company)}, pluck="name", limit=1)[0]
        limit = {"doctype": "User Permission", "user": self.users["elsewhere"], "allow": "Company", "for_value": other}
        frappe.get_doc(limit).insert()
        frappe.db.commit()

    def _admin(self, email: str) -> str:
        doc = {"doctype": "User", "email": email, "first_name": "Admin", "send_welcome_email": 0, "roles": [{"role": "Xero Admin"}]}
        frappe.get_doc(doc).insert(ignore_permissions=True)
        self.addCleanup(dismiss, email)
        return email

    def stuck(self, number: int) -> None:
        """A step that needs a person."""
        who = Identity("Sales Invoice", f"TOLD-{number}", "2026-01-01 00:00:00.000001")
        row = outbox.get(step_key=outbox.add(self.connection, self.company, who, "invoice"))
        assert row
        outbox.move(row, "problem", Problem("xero-refused", HOSTILE, "Correct it, then press Retry"))

    def entries(self, who: str) -> list[dict[str, str]]:
        filters = {"for_user": self.users[who]}
        return frappe.get_all("Notification Log", filters=filters, fields=["name", "subject", "email_content", "document_type", "type"])

    def test_one_cause_is_told_once_to_those_who_may_see_the_company(self) -> None:
        for number in range(3):
            self.stuck(number)
        emails = frappe.db.count("Email Queue")
        notifications.tell(self.connection)
        notifications.tell(self.connection)
        self.stuck(9)
        notifications.tell(self.connection)
        (entry,) = self.entries("here")
        self.assertEqual(self.entries("elsewhere"), [])
        self.assertEqual((entry["document_type"], entry["type"]), ("Xero Outbox Entry", "Alert"))
        self.assertNotIn("<img", entry["subject"] + entry["email_content"])
        self.assertIn("2 more", entry["email_content"])
        self.assertEqual(frappe.db.count("Email Queue"), emails, "mail comes with the Desk's home")
        notifications.tell_once(self.connection, "paused", "Xero refuses this sign-in", "Connect again")
        notifications.tell_once(self.connection, "paused", "Xero refuses this sign-in", "Connect again")
        frappe.db.commit()
        self.assertEqual(len(self.entries("here")), 2)
        self.assertEqual([cause["code"] for cause in notifications.standing(self.connection)], ["paused"])
