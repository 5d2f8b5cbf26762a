"""Nothing that a rule holds back reaches Xero without the leave the rule wants: submitted over REST, from the form, from a list, amended, agreed to by two people at
once in two processes. The record of who agreed is complete, and nobody writes it by hand."""

from __future__ import annotations

import json
import os
import threading
from contextlib import ExitStack
from typing import Any

import frappe
import httpx

from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import BenchCase, measured, milliseconds, on_bench, spread
from picortex_xero.tests.bench.people import dismiss, person
from picortex_xero.tests.bench.web import Caller, served

API = "picortex_xero.api.approvals."
RECORD = "Xero Approval"
SALE = "Sales Invoice"


@on_bench
class TestApprovals(BenchCase):
    """A clerk enters invoices, two people agree one after the other, each of them by a web process of his own."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, cls.organisation, cls.connection = xero.of_its_own()
        approves = ("Xero Approver", "Accounts User")
        cls.users = {"clerk": person("clerk", "Accounts User"), "ann": person("ann", *approves), "bob": person("bob", *approves)}
        cls.addClassCleanup(dismiss, *cls.users.values())
        rule = {
            "doctype": "Xero Sync Rule",
            "connection": cls.connection,
            "title": "Two agree",
            "outcome": "Hold for approval",
            "enabled": 1,
        }
        steps = [{"approver_role": "Xero Approver"}, {"people": cls.users["bob"], "least": 1000}]
        frappe.get_doc({**rule, "for_invoices": 1, "no_self_approval": 1, "approval_steps": steps}).insert()
        frappe.db.commit()
        running = ExitStack()
        cls.addClassCleanup(running.close)
        site, sites = frappe.local.site, os.path.abspath(frappe.local.sites_path)
        addresses = [running.enter_context(served(site, sites)) for _ in range(2)]
        cls.callers = {who: Caller.of(addresses[who == "bob"], user) for who, user in cls.users.items()}

    def draft(self, rate: float) -> str:
        doc = self.books.invoice(True, [("PANEL", 1, rate)])
        doc.insert()
        frappe.db.commit()
        return str(doc.name)

    def shown(self, who: str, name: str) -> list[dict[str, Any]]:
        """The document as it is shown to this approver, as a press names it."""
        answer = self.callers[who].call(f"{API}waiting", "query", doctype=SALE, name=name)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return [{part: row[part] for part in ("doctype", "name", "seen")} for row in answer.json()["message"]["documents"]]

    def press(self, who: str, items: list[dict[str, Any]], outcome: str = "Approved", note: str = "") -> httpx.Response:
        return self.callers[who].call(f"{API}decide", "json", items=items, outcome=outcome, note=note)

    def agree(self, who: str, *names: str) -> list[bool]:
        answer = self.press(who, [each for name in names for each in self.shown(who, name)])
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return [each["done"] for each in answer.json()["message"]]

    def sent(self) -> set[str]:
        return {each["InvoiceNumber"] for each in self.organisation.read("Invoices") if each["Status"] not in ("VOIDED", "DELETED")}

    def state(self, name: str) -> tuple[str, str]:
        (step,) = self.steps(connection=self.connection, reference_name=name, role="invoice")
        return step["state"], step["reason_code"]

    def test_no_door_leads_past_the_approval(self) -> None:
        rest, form, one, two = (self.draft(rate) for rate in (5000, 20, 30, 40))
        clerk = self.callers["clerk"]
        self.assertEqual(clerk.send("PUT", f"/api/resource/{SALE}/{rest}", json={"docstatus": 1}).status_code, 200)
        saved = clerk.call("frappe.desk.form.save.savedocs", "form", doc=frappe.get_doc(SALE, form).as_json(), action="Submit")
        self.assertEqual(saved.status_code, 200, saved.text[:500])
        bulk = "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs"
        self.assertEqual(clerk.call(bulk, "form", doctype=SALE, docnames=json.dumps([one, two]), action="submit").status_code, 200)
        self.wait_for_worker(self.connection)
        every = [rest, form, one, two]
        self.assertEqual([self.state(name) for name in every], [("Held", "rule-approval")] * 4)
        self.nothing_else_lets_it_go(rest)
        self.assertEqual(self.sent() & {*every}, set())

        self.assertEqual(self.agree("ann", *every), [True] * 4)
        self.wait_for_worker(self.connection)
        self.assertEqual(self.sent() & {*every}, {form, one, two})
        self.assertEqual(self.state(rest), ("Held", "rule-approval"))
        self.assertEqual(self.agree("ann", rest), [False], "nobody agrees twice")
        self.assertEqual(self.agree("bob", rest), [True])
        self.wait_for_worker(self.connection)
        self.assertIn(rest, self.sent())
        kept = frappe.get_all(
            RECORD, filters={"reference_name": rest}, fields=["number", "person", "outcome", "rule", "steps"], order_by="number asc"
        )
        expected = [(number, self.users[who], "Approved", "Two agree", 2) for number, who in ((1, "ann"), (2, "bob"))]
        self.assertEqual([tuple(row.values()) for row in kept], expected)

        # Amended, it is another document.
        frappe.get_doc(SALE, rest).cancel()
        frappe.db.commit()
        amended = frappe.copy_doc(frappe.get_doc(SALE, rest))
        amended.amended_from, amended.docstatus = rest, 0
        submit(amended)
        self.wait_for_worker(self.connection)
        self.assertEqual(self.state(amended.name), ("Held", "rule-approval"))
        self.assertEqual(self.sent() & {rest, amended.name}, set())

    def nothing_else_lets_it_go(self, name: str) -> None:
        """Whoever presses something else, or writes the rows."""
        clerk, ann = self.callers["clerk"], self.callers["ann"]
        (step,) = self.steps(connection=self.connection, reference_name=name, role="invoice")
        seen = self.shown("ann", name)
        self.assertEqual(clerk.call(f"{API}waiting", "query", doctype=SALE, name=name).status_code, 403)
        self.assertEqual(self.press("clerk", seen).status_code, 403)
        forged = {"connection": self.connection, "reference_doctype": SALE, "reference_name": name, "number": 1, "outcome": "Approved"}
        for caller in (clerk, ann):
            self.assertEqual(
                caller.send("PUT", f"/api/resource/Xero Outbox Entry/{step['name']}", json={"state": "Pending"}).status_code, 403
            )
            self.assertEqual(caller.send("POST", f"/api/resource/{RECORD}", json=forged).status_code, 403)
            self.assertEqual(caller.call("picortex_xero.api.status.retry", "json", doctype=SALE, name=name).status_code, 403)
        # Who may retry, retries: it is decided anew, and waits.
        from picortex_xero.api import status

        status.retry(SALE, name)
        frappe.db.commit()
        self.wait_for_worker(self.connection)
        self.assertEqual(self.state(name), ("Held", "rule-approval"))

    def test_two_at_once_in_two_processes_count_once(self) -> None:
        names = [submit(self.books.invoice(True, [("PANEL", 1, 50 + number)])).name for number in range(6)]
        self.wait_for_worker(self.connection)
        items = [each for name in names for each in self.shown("ann", name)]
        self.assertEqual(len(items), len(names))
        together, answers = threading.Barrier(2), {}

        def press(who: str, mine: list[dict[str, Any]]) -> None:
            together.wait()
            answers[who] = self.press(who, mine)

        # Each from the other end, so that they meet.
        people = [threading.Thread(target=press, args=args) for args in (("ann", items), ("bob", items[::-1]))]
        for each in people:
            each.start()
        for each in people:
            each.join()
        self.assertEqual(
            [answer.status_code for answer in answers.values()], [200, 200], [answer.text[:500] for answer in answers.values()]
        )
        done = {who: {each["name"]: each["done"] for each in answer.json()["message"]} for who, answer in answers.items()}
        self.assertEqual([sum(done[who].get(name, False) for who in done) for name in names], [1] * len(names), done)
        frappe.db.rollback()
        self.assertEqual(frappe.db.count(RECORD, {"reference_name": ("in", names)}), len(names))
        self.wait_for_worker(self.connection)
        self.assertEqual(self.sent() & {*names}, {*names})
        numbers = [each["InvoiceNumber"] for each in self.organisation.read("Invoices")]
        self.assertEqual([numbers.count(name) for name in names], [1] * len(names))

    def test_how_long_the_page_takes(self) -> None:
        for number in range(20):
            submit(self.books.invoice(True, [("PANEL", 1, 10 + number)]))
        self.wait_for_worker(self.connection)
        answer = self.callers["bob"].call(f"{API}page", "query", company=self.books.company)
        self.assertEqual((answer.status_code, len(answer.json()["message"]["documents"])), (200, answer.json()["message"]["total"]))
        times = [milliseconds(lambda: self.callers["bob"].call(f"{API}page", "query", company=self.books.company)) for _ in range(5)]
        measured("approvals_page", spread(times))
