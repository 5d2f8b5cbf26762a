"""Xero's webhook over HTTP: what Frappe adds to an answer, what it does to a body, and that an event brings its record in by the worker."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from typing import Any

import frappe
import httpx

from picortex_xero.api import connect as connect_api
from picortex_xero.sync import jobs
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books, submit
from picortex_xero.tests.bench.case import BenchCase, on_bench
from picortex_xero.tests.bench.web import served

KEY = "key-of-the-bench"
EVENT, STEP = "Xero Inbound Event", "Xero Outbox Entry"


@on_bench
class TestWebhook(BenchCase):
    """With one invoice in Xero."""

    books: Books
    organisation: xero.Organisation
    connection: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, cls.organisation, cls.connection = xero.shared()
        cls.invoice = submit(cls.books.invoice(True, [("PANEL", 1, 73)]))
        connect_api.keep_webhook_key(secret=KEY)
        frappe.db.commit()
        running = ExitStack()
        cls.addClassCleanup(running.close)
        cls.address = running.enter_context(served(frappe.local.site, os.path.abspath(frappe.local.sites_path)))

    def post(self, body: str, signature: str) -> httpx.Response:
        headers = {"content-type": "application/json; charset=utf-8", "x-xero-signature": signature}
        return httpx.post(
            f"{self.address}/api/method/picortex_xero.api.webhook.receive", content=body.encode(), headers=headers, timeout=30
        )

    def deliveries(self, since: int) -> list[dict[str, str]]:
        return list(xero.control("GET", "webhooks", key=KEY, since=since)["deliveries"])

    def last(self) -> int:
        return int(xero.control("GET", "ledger", parts="changes")["last"])

    def events(self, **filters: Any) -> list[dict[str, Any]]:
        frappe.db.rollback()
        return frappe.get_all(EVENT, filters={"connection": self.connection, **filters}, fields=["*"])

    def test_only_what_xero_signed_comes_in_once_and_the_answer_is_bare(self) -> None:
        self.wait_for_worker(self.connection)
        errors = frappe.db.count("Error Log")
        since = self.last()
        # What comes within two seconds of our own request is taken for its echo (inbound/told.py: ECHO).
        time.sleep(3)
        self.organisation.person("void_invoice", InvoiceID=self.its_record())
        (one,) = self.deliveries(since)
        rows = len(self.events())
        for signature, status in (
            ("", 401),
            ("x" * 44, 401),
            (one["signature"][::-1], 401),
            (one["signature"], 200),
            (one["signature"], 200),
        ):
            answer = self.post(one["body"], signature)
            self.assertEqual((answer.status_code, answer.content, answer.headers.get_list("set-cookie")), (status, b"", []), signature)
        self.assertEqual(len(self.events()), rows + 1)
        self.assertEqual(self.post(one["body"] + " ", one["signature"]).status_code, 401)
        self.assertEqual(frappe.db.count("Error Log"), errors)
        self.assertEqual(httpx.get(f"{self.address}/api/method/picortex_xero.api.webhook.receive", timeout=30).status_code, 403)
        # What a person did is known without waiting for the turn of the list.
        jobs.sweep()
        self.wait_until(lambda: not self.events(state="Waiting"))
        frappe.db.rollback()
        found = frappe.db.get_value(STEP, {"reference_name": self.invoice.name, "role": "invoice"}, ["state", "reason_code"])
        self.assertEqual(tuple(found), ("Needs Attention", "gone-from-xero"))

    def its_record(self) -> str:
        frappe.db.rollback()
        return str(frappe.db.get_value("Xero Link", {"reference_name": self.invoice.name, "role": "invoice"}, "xero_id"))

    def wait_until(self, done: Any, seconds: float = 90) -> None:
        until = time.monotonic() + seconds
        while not done():
            self.assertLess(time.monotonic(), until, self.events(state="Waiting"))
            time.sleep(1)
            jobs.sweep()
