"""After the app was removed and installed again: connected anew with a later go-live date, nothing older is sent."""

from __future__ import annotations

import frappe
from frappe.utils import add_days, nowdate

from picortex_xero.sync import jobs
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books, submit
from picortex_xero.tests.bench.case import OUTBOX, BenchCase, after_reinstall, measured


@after_reinstall
class TestReinstall(BenchCase):
    """The company and its documents are those of the first stage."""

    def test_nothing_from_before_the_new_go_live_date_is_sent(self) -> None:
        self.assertEqual(
            [frappe.db.count(doctype) for doctype in (OUTBOX, "Xero Link", "Xero Connection", "Xero Authorisation")], [0, 0, 0, 0]
        )
        counted = {
            name: _documents(name) for name in frappe.get_all("Company", filters={"name": ("like", "Bench Fencing %")}, pluck="name")
        }
        company = max(counted, key=lambda name: sum(counted[name].values()))
        books = Books(company, frappe.db.get_value("Company", company, "abbr"), add_days(nowdate(), -1))
        mine, old = {"company": company, "docstatus": 1}, counted[company]
        self.assertGreater(sum(old.values()), 60)
        organisation = xero.Organisation(f"{company} again", ("Branch", list(books.CENTRES)))
        connection = xero.connect(company, organisation)
        xero.map_books(connection, books)
        xero.go_live(connection, books.first_day)
        jobs.find_missed()
        unpaid = frappe.get_all("Sales Invoice", filters={**mine, "outstanding_amount": (">", 0), "currency": "NZD"}, pluck="name", limit=2)
        frappe.get_doc("Sales Invoice", unpaid[0]).cancel()
        frappe.db.commit()
        jobs.find_missed()
        jobs.sweep()
        self.assertEqual(self.steps(), [])
        self.assertEqual(organisation.read("Invoices") + organisation.read("Contacts") + organisation.read("Payments"), [])
        new = submit(books.invoice(True, [("PANEL", 1, 77.77)], day=0))
        invoice = frappe.get_doc("Sales Invoice", unpaid[1])
        payment = submit(books.payment([(invoice, invoice.outstanding_amount)], "Trading Account", day=0))
        jobs.find_missed()
        self.wait_for_worker(connection, 60, sweeping=True)
        self.assertEqual([each["InvoiceNumber"] for each in organisation.read("Invoices")], [new.name])
        self.assertEqual(len(organisation.read("Contacts")), 1)
        self.assertEqual(organisation.read("Payments"), [])
        held = self.steps(reference_name=payment.name)
        self.assertEqual([(step["state"], step["reason_code"]) for step in held], [("Held", "invoice-not-in-xero")])
        measured(
            "after_reinstall",
            {"documents_before_go_live": old, "sent_of_them": 0, "sent_after": 1, "payment_of_an_old_invoice": held[0]["reason"]},
        )


def _documents(company: str) -> dict[str, int]:
    """How many submitted documents of each kind a company has."""
    submitted = {"company": company, "docstatus": 1}
    return {doctype: frappe.db.count(doctype, submitted) for doctype in ("Sales Invoice", "Purchase Invoice", "Payment Entry")}
