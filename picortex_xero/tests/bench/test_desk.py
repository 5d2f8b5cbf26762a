"""The Desk with the app: forms, who may do what, companies kept apart, deleting and renaming host documents, log clearing."""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any

import frappe
from erpnext.accounts.doctype.account.account import update_account_number
from frappe.core.doctype.log_settings.log_settings import run_log_clean_up
from frappe.desk.form import load
from frappe.desk.form.meta import get_meta

from picortex_xero.accounting.texts import Text
from picortex_xero.api import connect as connect_api
from picortex_xero.api import status as status_api
from picortex_xero.connection import who_may
from picortex_xero.documents.identity import Identity, moment
from picortex_xero.engine import links, log
from picortex_xero.engine.clock import now
from picortex_xero.sync import jobs
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books, submit
from picortex_xero.tests.bench.case import BenchCase, on_bench
from picortex_xero.tests.bench.people import MAPPINGS, WRITTEN_BY_THE_APP, acting_as, dismiss, person

OF_A_COMPANY = ("Xero Connection", *WRITTEN_BY_THE_APP, *MAPPINGS)


@on_bench
class TestDesk(BenchCase):
    """With one invoice that is in Xero."""

    books: Books
    organisation: xero.Organisation
    connection: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, cls.organisation, cls.connection = xero.shared()
        cls.invoice = submit(cls.books.invoice(True, [("PANEL", 1, 61)]))
        paid = submit(cls.books.invoice(True, [("PANEL", 1, 60)]))
        submit(cls.books.payment([(paid, paid.outstanding_amount)], "Trading Account"))
        xero.lists_of(cls, cls.connection, cls.books)
        cls.admin, cls.accountant = person("admin", "Xero Admin"), person("accountant", "Xero Accountant", "Accounts User")
        cls.clerk, cls.nobody = person("clerk", "Accounts User"), person("nobody", "Employee")
        cls.addClassCleanup(dismiss, cls.admin, cls.accountant, cls.clerk, cls.nobody)

    def doctypes(self) -> list[str]:
        return frappe.get_all("DocType", filters={"module": "PiCortex Xero"}, pluck="name")

    def test_every_form_loads(self) -> None:
        self.assertGreaterEqual(len(self.doctypes()), 12)
        for doctype in self.doctypes():
            frappe.response.docs = []
            load.getdoctype(doctype)
            self.assertEqual(frappe.response.docs[0].name, doctype)
            self.assertEqual(frappe.new_doc(doctype).doctype, doctype)
            if frappe.get_meta(doctype).issingle or (name := frappe.db.get_value(doctype, {}, "name")):
                load.getdoc(doctype, doctype if frappe.get_meta(doctype).issingle else name)

    def test_indexes_came_with_their_doctypes(self) -> None:
        wanted = {
            "Xero Outbox Entry": [["connection", "state", "due_at"], ["reference_doctype", "reference_name"]],
            "Xero Link": [["reference_doctype", "reference_name"]],
            "Xero Link Target": [["connection", "xero_id"], ["link"]],
            "Xero Step Cause": [["connection", "kind", "cause_key", "look"], ["connection", "code", "kind", "cause_key"], ["step"]],
        }
        for doctype, columns in wanted.items():
            there: dict[str, list[str]] = {}
            for row in frappe.db.sql(f"SHOW INDEX FROM `tab{doctype}`", as_dict=True):
                there.setdefault(row["Key_name"], []).append(row["Column_name"])
            for each in columns:
                self.assertIn(each, there.values(), doctype)

    def test_the_indicator_script_is_in_the_forms(self) -> None:
        for doctype in ("Sales Invoice", "Purchase Invoice", "Payment Entry"):
            self.assertIn("picortex_xero.api.status", get_meta(doctype, cached=False).get("__js") or "")

    def test_the_desk_knows_which_documents_are_sent(self) -> None:
        started = frappe._dict()
        for path in frappe.get_hooks("extend_bootinfo", app_name="picortex_xero"):
            frappe.get_attr(path)(bootinfo=started)
        self.assertEqual(
            started.xero_documents, ["Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry", "Xero Cash Summary"]
        )

    def test_the_scheduler_knows_our_jobs(self) -> None:
        jobs = frappe.get_all(
            "Scheduled Job Type", filters={"method": ("like", "picortex_xero.%")}, fields=["method", "frequency", "cron_format", "stopped"]
        )
        found = {job["method"]: (job["frequency"], job["cron_format"] or "", job["stopped"]) for job in jobs}
        self.assertEqual(
            found,
            {
                "picortex_xero.engine.jobs.sweep": ("Cron", "* * * * *", 0),
                "picortex_xero.engine.jobs.digest": ("Cron", "0 7 * * *", 0),
                "picortex_xero.engine.jobs.find_missed": ("Hourly Long", "", 0),
                "picortex_xero.engine.jobs.bank_proposals": ("Cron", "*/10 * * * *", 0),
                "picortex_xero.engine.jobs.bank_proposals_nightly": ("Cron", "30 2 * * *", 0),
                "picortex_xero.engine.jobs.forecasts": ("Cron", "15 5 * * *", 0),
                "picortex_xero.engine.jobs.monthly_packs": ("Cron", "25 * * * *", 0),
            },
        )

    def test_nobody_without_a_role_has_a_right(self) -> None:
        """What each role may is in test_roles.py."""
        for user in (self.clerk, self.nobody):
            with acting_as(user):
                for doctype in self.doctypes():
                    granted = [right for right in ("read", "write", "create", "delete", "submit") if frappe.has_permission(doctype, right)]
                    self.assertEqual(granted, [], (user, doctype))

    def test_connecting_is_for_admins_only(self) -> None:
        functions = [f for _, f in inspect.getmembers(connect_api, inspect.isfunction) if f in frappe.whitelisted]
        self.assertGreaterEqual(len(functions), 9)
        for function in functions:
            needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
            values = {p.name: self.connection if p.name == "connection" else "2026-01-01" for p in needed}
            readers = [] if who_may.ACCOUNTANT in who_may.ENDPOINTS[f"connect.{function.__name__}"] else [self.accountant]
            for user in (*readers, self.clerk, self.nobody, "Guest"):
                with acting_as(user), self.assertRaises(frappe.PermissionError, msg=f"{function.__name__} as {user}"):
                    function(**values)

    def test_what_each_role_reads_of_a_document(self) -> None:
        self.wait_for_worker(self.connection, 60, sweeping=True)
        arguments = (self.invoice.doctype, self.invoice.name)
        with acting_as(self.clerk):
            self.assertEqual(set(status_api.document_status(*arguments)), {"message", "colour"})
            with self.assertRaises(frappe.PermissionError):
                status_api.retry(*arguments)
        with acting_as(self.accountant):
            self.assertEqual(status_api.document_status(*arguments)["number"], self.invoice.name)
            self.assertEqual(status_api.retry(*arguments), 0)
        for user in (self.nobody, "Guest"):
            for function in (status_api.document_status, status_api.retry):
                with acting_as(user), self.assertRaises(frappe.PermissionError):
                    function(*arguments)

    def test_a_user_permission_on_company_keeps_companies_apart(self) -> None:
        other = frappe.db.get_value("Company", {"name": ("!=", self.books.company)}, "name")
        self.assertTrue(other, "the site has one company only")
        self.wait_for_worker(self.connection, 60, sweeping=True)
        with acting_as(self.accountant):
            for doctype in OF_A_COMPANY:
                self.assertTrue(frappe.get_list(doctype, filters={"company": self.books.company}), doctype)
        permission = frappe.get_doc(
            {"doctype": "User Permission", "user": self.accountant, "allow": "Company", "for_value": other}
        ).insert()
        frappe.db.commit()
        self.addCleanup(frappe.db.commit)
        self.addCleanup(permission.delete)
        with acting_as(self.accountant):
            for doctype in OF_A_COMPANY:
                self.assertEqual(frappe.get_list(doctype, filters={"company": self.books.company}), [], doctype)
            with self.assertRaises(frappe.PermissionError):
                frappe.get_doc("Xero Connection", self.connection).check_permission("read")
            with self.assertRaises(frappe.PermissionError):
                status_api.document_status(self.invoice.doctype, self.invoice.name)

    def test_a_host_document_can_be_cancelled_and_deleted(self) -> None:
        setting = frappe.db.get_single_value("Accounts Settings", "delete_linked_ledger_entries")
        self.addCleanup(frappe.db.commit)
        self.addCleanup(frappe.db.set_single_value, "Accounts Settings", "delete_linked_ledger_entries", setting)
        frappe.db.set_single_value("Accounts Settings", "delete_linked_ledger_entries", 1)
        doc = submit(self.books.invoice(True, [("PANEL", 1, 62)]))
        self.wait_for_worker(self.connection, 60, sweeping=True)
        linked = frappe.get_all("Xero Link", filters={"reference_name": doc.name}, pluck="xero_id")
        self.assertEqual(len(linked), 1)
        doc = frappe.get_doc(doc.doctype, doc.name)
        doc.cancel()
        frappe.db.commit()
        frappe.delete_doc(doc.doctype, doc.name)
        frappe.db.commit()
        self.assertFalse(frappe.db.exists(doc.doctype, doc.name))
        self.wait_for_worker(self.connection, 60, sweeping=True)
        there = {each["InvoiceID"]: each["Status"] for each in self.organisation.read("Invoices")}
        states = [(row["role"], row["state"], row["reason"]) for row in self.steps(reference_name=doc.name)]
        self.assertEqual(there[linked[0]], "VOIDED", states)

    def customer(self, name: str) -> str:
        frappe.get_doc({"doctype": "Customer", "customer_name": name, "customer_group": "All Customer Groups", "territory": "All Territories",
                        "default_currency": "NZD"}).insert()  # fmt: skip
        doc = self.books.invoice(True, [("PANEL", 1, 63)])
        doc.customer = name
        submit(doc)
        self.wait_for_worker(self.connection, 60, sweeping=True)
        return name

    def contact_of(self, customer: str) -> list[str]:
        who = Identity("Customer", customer, moment(frappe.db.get_value("Customer", customer, "creation")))
        return [link["xero_id"] for link in links.of(self.connection, who)]

    def test_a_renamed_customer_keeps_its_contact(self) -> None:
        old = self.customer(f"{self.books.abbr} Before Rename")
        before, contacts = self.contact_of(old), len(self.organisation.read("Contacts"))
        self.assertEqual(len(before), 1)
        new = frappe.rename_doc("Customer", old, f"{self.books.abbr} After Rename")
        frappe.db.commit()
        self.assertEqual(self.contact_of(new), before)
        doc = self.books.invoice(True, [("PANEL", 1, 64)])
        doc.customer = new
        submit(doc)
        self.wait_for_worker(self.connection, 60, sweeping=True)
        self.assertEqual([row["state"] for row in self.steps(reference_name=doc.name)], ["Synced"])
        self.assertEqual(len(self.organisation.read("Contacts")), contacts)

    def test_a_renamed_bank_account_changes_no_payment(self) -> None:
        """Frappe writes the new name into submitted payments; what a bank statement is reconciled with stays as it is."""
        invoice = submit(self.books.invoice(True, [("PANEL", 1, 66)]))
        payment = submit(self.books.payment([(invoice, invoice.outstanding_amount)], "Trading Account"))
        self.wait_for_worker(self.connection, 60, sweeping=True)
        before, old = self.organisation.read("Payments"), payment.paid_to
        new = update_account_number(old, "Renamed Account")
        self.addCleanup(frappe.db.commit)
        self.addCleanup(update_account_number, new, "Trading Account")
        frappe.db.commit()
        self.assertEqual(frappe.db.get_value("Payment Entry", payment.name, "paid_to"), new)
        # As reconciling with the bank statement does: no event, only a later `modified`.
        frappe.db.set_value("Payment Entry", payment.name, "clearance_date", frappe.utils.nowdate())
        frappe.db.commit()
        for _ in range(2):
            jobs.find_missed()
            frappe.db.commit()
            self.wait_for_worker(self.connection, 60, sweeping=True)
        self.assertEqual(self.organisation.read("Payments"), before)
        steps = [(row["role"], row["state"]) for row in self.steps(reference_name=payment.name) if not row["role"].startswith("note")]
        self.assertEqual(steps, [("payment", "Synced")])

    def test_merged_customers_keep_the_contact_of_the_one_that_stays(self) -> None:
        gone, stays = self.customer(f"{self.books.abbr} Merged Away"), self.customer(f"{self.books.abbr} Stays")
        kept, contacts = self.contact_of(stays), len(self.organisation.read("Contacts"))
        frappe.rename_doc("Customer", gone, stays, merge=True)
        frappe.db.commit()
        self.assertEqual(self.contact_of(stays), kept)
        asked = [row for row in self.steps(reference_name=stays) if row["role"].startswith("merged")]
        self.assertEqual([(row["state"], row["reason_code"]) for row in asked], [("Held", "contacts-to-merge")])
        doc = self.books.invoice(True, [("PANEL", 1, 65)])
        doc.customer = stays
        submit(doc)
        self.wait_for_worker(self.connection, 60, sweeping=True)
        self.assertEqual([row["state"] for row in self.steps(reference_name=doc.name)], ["Synced"])
        there = next(each for each in self.organisation.read("Invoices") if each["InvoiceNumber"] == doc.name)
        self.assertEqual(there["Contact"]["ContactID"], kept[0])
        self.assertEqual(len(self.organisation.read("Contacts")), contacts)

    def test_logs_are_cleared_and_open_attempts_stay(self) -> None:
        log.write(self.connection, self.books.company, None, "Linked", Text("An old line"))
        line = frappe.db.get_value("Xero Sync Log", {"message": "An old line"}, "name")
        frappe.db.set_value("Xero Sync Log", line, "at", "2020-01-01")
        old: dict[str, Any] = {"connection": self.connection, "sealed_at": "2020-01-01", "creation": "2020-01-01", "modified": "2020-01-01"}
        names = []
        for state in ("Sealed", "Resolved"):
            names.append(frappe.generate_hash(length=10))
            # `next_at` later than this test: the worker must not look at it
            values = {"name": names[-1], **old, "state": state, "next_at": now() + timedelta(minutes=50)}
            frappe.db.bulk_insert("Xero Attempt", list(values), [tuple(values.values())])
        self.addCleanup(frappe.db.commit)
        self.addCleanup(frappe.db.delete, "Xero Attempt", {"name": ("in", names)})
        run_log_clean_up()
        rows = {row.ref_doctype: row.days for row in frappe.get_single("Log Settings").logs_to_clear}
        self.assertEqual((rows.get("Xero Sync Log"), rows.get("Xero Attempt")), (730, 30))
        self.assertFalse(frappe.db.exists("Xero Sync Log", line))
        self.assertTrue(frappe.db.exists("Xero Attempt", names[0]))
        self.assertFalse(frappe.db.exists("Xero Attempt", names[1]))
