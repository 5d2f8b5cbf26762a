"""Xero's reports and the forecast of cash on a real ERPNext: figures as the ledger has them, as Frappe runs, exports and allows its reports."""

from __future__ import annotations

import json
import os
import shutil
from decimal import Decimal
from typing import Any, ClassVar
from unittest.mock import patch

import frappe
from frappe.utils import add_days, add_months, get_first_day, get_last_day, nowdate

from picortex_xero.api import cash_flow as cash_api
from picortex_xero.api import reports as reports_api
from picortex_xero.compat import printed
from picortex_xero.engine import jobs
from picortex_xero.monthly_pack import sending as packs
from picortex_xero.reporting import reports as host_reports
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import on_bench
from picortex_xero.tests.bench.own_company import OwnCompany
from picortex_xero.tests.bench.people import acting_as, dismiss, person
from picortex_xero.tests.bench.web import served

CONNECTION = "Xero Connection"
PROFIT, TRIAL, BESIDE, RECEIVABLES = "Xero Profit and Loss", "Xero Trial Balance", "ERPNext beside Xero", "Xero Aged Receivables"
FORECAST = "Xero Cash Forecast"


def run(report: str, **filters: Any) -> dict[str, Any]:
    """A report as the Desk runs it."""
    from frappe.desk.query_report import run as run_report

    frappe.db.rollback()
    return dict(run_report(report, json.dumps(filters), ignore_prepared_report=True))


def rows(report: str, **filters: Any) -> list[dict[str, Any]]:
    """Its rows, without the sum that Frappe adds below some."""
    return [each for each in run(report, **filters)["result"] if isinstance(each, dict)]


@on_bench
class TestReports(OwnCompany):
    """A company with an invoice and a bill in Xero, and its reports read."""

    sale: Any
    bill: Any
    users: ClassVar[list[str]]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.sale = submit(cls.books.invoice(True, [("PANEL", 2, 100)]))
        cls.bill = submit(cls.books.invoice(False, [("GATE", 1, 40)]))
        frappe.db.set_value(CONNECTION, cls.connection, "read_reports", 1)
        frappe.db.commit()
        xero.consent()
        other = frappe.get_all("Company", filters={"name": ("!=", cls.books.company)}, pluck="name", limit=1)[0]
        cls.users = [
            person("reader", "Xero Auditor", "Accounts User"),
            person("elsewhere", "Xero Auditor", "Accounts User"),
            person("clerk", "Accounts User"),
        ]
        cls.addClassCleanup(dismiss, *cls.users)
        for user, company in zip(cls.users, (cls.books.company, other), strict=False):
            frappe.get_doc({"doctype": "User Permission", "user": user, "allow": "Company", "for_value": company}).insert()
        frappe.db.commit()

    def setUp(self) -> None:
        super().setUp()
        self.wait_for_worker(self.connection, sweeping=True)
        jobs.read_reports(self.connection)
        frappe.db.commit()

    def days(self) -> dict[str, str]:
        """Two months, in which all documents here are."""
        return {"from_date": str(get_first_day(add_months(nowdate(), -1))), "to_date": str(get_last_day(nowdate()))}

    def test_figures_are_those_of_the_documents_and_both_books_agree(self) -> None:
        company = {"company": self.books.company}
        found = run(PROFIT, **company, **self.days(), periodicity="Monthly", basis="Accrual", compare="", tracking="")
        self.assertIn("UTC", found["message"])
        sums: dict[str, Decimal] = {}
        for row in found["result"]:
            if isinstance(row, dict) and row.get("xero_account"):
                sums[row["xero_account"]] = sum(
                    (Decimal(str(row[each] or 0)) for each in row if each[0] == "p" and each[1:].isdigit()), Decimal(0)
                )
        self.assertEqual(sorted(sums.values()), [Decimal(40), Decimal(200)])
        self.assertTrue(found["chart"])
        owed = rows(RECEIVABLES, **company, to_date=nowdate(), documents=1)
        self.assertEqual([float(each["total"]) for each in owed if each.get("document") == self.sale.name], [230.0])
        # Of income and expenses both books have the same: all of it was sent.
        beside = [each for each in rows(BESIDE, **company, **self.days(), basis="Accrual") if each.get("xero_account")]
        self.assertEqual(sorted(Decimal(str(each["in_erpnext"])) for each in beside), [Decimal(-200), Decimal(40)])
        self.assertEqual([each["difference"] for each in beside], [0, 0])

    def test_every_report_runs_and_is_exported(self) -> None:
        from frappe.desk.query_report import export_query

        for report in host_reports.NAMES:
            filters = {"company": self.books.company, **self.days(), "periodicity": "Monthly", "basis": "Accrual", "xero_account": "200"}
            with self.subTest(report):
                found = run(report, **filters)
                self.assertTrue(found["columns"] or "was not read from Xero yet" in found["message"], found)
                if not found["columns"]:
                    continue
                frappe.local.form_dict = frappe._dict(
                    report_name=report, file_format_type="CSV", filters=json.dumps(filters), visible_idx="[]"
                )
                export_query()
                self.assertEqual(frappe.local.response["filename"].rpartition(".")[2], "csv")
                frappe.local.response = frappe._dict({"docs": []})

    def test_one_company_is_not_shown_to_who_may_see_another(self) -> None:
        reader, elsewhere, clerk = self.users
        with acting_as(reader):
            self.assertTrue(rows(PROFIT, company=self.books.company, **self.days(), periodicity="Monthly", basis="Accrual"))
            self.assertTrue([each for each in reports_api.tiles(self.books.company) if each["as_of"]])
            self.assertIn("weeks", cash_api.forecast(self.books.company))
        for user in (elsewhere, clerk):
            with self.subTest(user), acting_as(user):
                for report in (PROFIT, TRIAL, RECEIVABLES, FORECAST):
                    with self.assertRaises(frappe.PermissionError):
                        run(report, company=self.books.company, **self.days(), periodicity="Monthly", basis="Accrual")
                for asked in (reports_api.tiles, reports_api.tracking, cash_api.forecast, cash_api.compared):
                    with self.assertRaises(frappe.PermissionError):
                        asked(self.books.company)
                self.assertNotIn(self.books.company, [each["company"] for each in reports_api.companies()] if user == elsewhere else [])
                self.assertEqual(
                    frappe.get_list("Xero Report Snapshot", filters={"company": self.books.company}) if user == elsewhere else [], []
                )

    def test_the_forecast_has_both_documents_once_and_a_lost_customer_takes_one_away(self) -> None:
        company = self.books.company
        page = cash_api.forecast(company)
        self.assertEqual(page["trouble"] if "trouble" in page else "", "")
        lines = rows(FORECAST, company=company)
        own = [each["document"] for each in lines if each.get("document") in (self.sale.name, self.bill.name)]
        self.assertEqual(sorted(own), sorted([self.sale.name, self.bill.name]), "each once, although it is open in both books")
        lost = cash_api.forecast(company, lost=self.sale.customer, open_too=1)
        self.assertEqual(Decimal(page["closing"]) - Decimal(lost["closing"]), 230)
        later = cash_api.forecast(company, later=7)
        self.assertEqual(page["closing"], later["closing"])
        self.assertTrue(cash_api.lines(company, nowdate(), add_days(nowdate(), 60))["rows"])

    def test_the_monthly_pack_is_printed_and_mailed_once_to_who_may_see_it(self) -> None:
        reader, elsewhere, _clerk = self.users
        if not shutil.which("wkhtmltopdf"):
            self.skipTest("no wkhtmltopdf on this machine: the host cannot print")
        outgoing = {
            "email_id": "bench-out@picortex.example",
            "enable_outgoing": 1,
            "default_outgoing": 1,
            "smtp_server": "127.0.0.1",
            "no_smtp_authentication": 1,
        }
        if not frappe.db.exists("Email Account", {"default_outgoing": 1}):
            account = frappe.get_doc({"doctype": "Email Account", "email_account_name": "Bench Out", **outgoing}).insert()
            self.addCleanup(frappe.db.commit)
            self.addCleanup(account.delete)
        doc = frappe.get_doc(CONNECTION, self.connection)
        doc.update({"pack": 1, "pack_day": 5, "pack_profit": 1, "pack_balance": 1, "pack_aged": 1, "pack_cash": 1})
        doc.set("pack_people", [{"user": reader}, {"user": elsewhere}])
        doc.save()
        frappe.db.commit()
        # As Send Now does; the worker, which would print under the site's usual address, is not told.
        name = packs.press(self.connection)
        frappe.db.commit()
        # What a page loads while it is printed comes from the site's own address.
        sites = os.path.abspath(frappe.local.sites_path)
        with served(frappe.local.site, sites) as address, patch.dict(frappe.local.conf, host_name=address):
            for _again in range(2):
                packs.go_on(self.connection)
                frappe.db.commit()
            with acting_as(reader):
                self.assertEqual(printed("Xero Monthly Pack", name)[:4], b"%PDF")
        pack = frappe.get_doc("Xero Monthly Pack", name)
        self.assertEqual((pack.state, pack.sent_to, pack.left_out), ("Sent", reader, elsewhere), pack.reason)
        mails = frappe.get_all("Email Queue", filters={"reference_doctype": "Xero Monthly Pack", "reference_name": name}, pluck="name")
        self.assertEqual(len(mails), 1, "once, although two workers looked")
        mail = frappe.get_doc("Email Queue", mails[0])
        self.assertEqual([each.recipient for each in mail.recipients], [reader])
        self.assertIn("application/pdf", mail.message)
        with acting_as(elsewhere), self.assertRaises(frappe.PermissionError):
            frappe.get_doc("Xero Monthly Pack", name).check_permission("read")
