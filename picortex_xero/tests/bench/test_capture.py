"""What a submit costs with the app, counted and timed on the bench, and that nothing of ours can stop one."""

from __future__ import annotations

import time
from typing import Any
from unittest.mock import patch

import frappe
import redis
from frappe.utils import background_jobs
from frappe.utils.redis_wrapper import RedisWrapper

from picortex_xero.documents.registry import SUBMITTED
from picortex_xero.engine import capture, outbox, wake
from picortex_xero.sync import jobs
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books, submit
from picortex_xero.tests.bench.case import BenchCase, measured, milliseconds, on_bench, spread
from picortex_xero.tests.bench.watch import watching, without_the_app

PAIRS = 40
TRIES = 3
NOWHERE = "redis://127.0.0.1:1"


@on_bench
class TestCapture(BenchCase):
    """One insert, no call leaving the process, and a submit that passes whatever happens to us."""

    books: Books
    connection: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, _, cls.connection = xero.shared()
        for _ in range(3):  # what is loaded and cached on first use is no part of the comparison
            submit(cls.books.invoice(True, [("PANEL", 1, 50)]))

    def draft(self, sale: bool = True) -> Any:
        """A saved, unsubmitted invoice."""
        doc = self.books.invoice(sale, [("PANEL", 1, 50)])
        doc.insert()
        frappe.db.commit()
        doc.reload()
        return doc

    def submits(self) -> list[tuple[str, Any]]:
        """A draft of each kind."""
        paid = submit(self.books.invoice(True, [("PANEL", 1, 75)]))
        payment = self.books.payment([(paid, 10)], "Trading Account")
        payment.insert()
        frappe.db.commit()
        payment.reload()
        return [
            ("Sales Invoice", self.draft()),
            ("Purchase Invoice", self.draft(False)),
            ("Payment Entry", payment),
            ("Journal Entry", self.journal()),
        ]

    def journal(self) -> Any:
        """A draft between two mapped accounts, as old as the other documents."""
        debit, credit = self.books.of("Office Rent"), self.books.of("Service")
        rows = [{"account": debit, "debit_in_account_currency": 10}, {"account": credit, "credit_in_account_currency": 10}]
        day = frappe.utils.add_days(frappe.utils.nowdate(), -10)
        fields = {"doctype": "Journal Entry", "company": self.books.company, "posting_date": day, "accounts": rows}
        doc = frappe.get_doc(fields).insert()
        frappe.db.commit()
        doc.reload()
        return doc

    def test_one_insert_and_no_call_inside_the_transaction(self) -> None:
        figures = {}
        # Without what the app itself submits, in a job.
        for kind in (each for each in SUBMITTED if not each.startswith("Xero ")):
            for _ in range(2):  # the first ones fill what is remembered per process
                self.assertIn(kind, dict(self.submits()), "this suite submits no document of it")
                twin = dict(self.submits())[kind]
                with without_the_app(), watching() as bare:
                    twin.submit()
                frappe.db.rollback()
                doc = dict(self.submits())[kind]
                with watching() as seen:
                    doc.submit()
                    before_commit, count = list(seen.calls), len(seen.statements)
                    frappe.db.commit()
            self.assertEqual(before_commit, [], kind)
            self.assertEqual(len(seen.inserts()), 1, (kind, seen.ours()))
            self.assertIn("tabXero Outbox Entry", seen.inserts()[0])
            self.assertEqual(bare.ours(), [], kind)
            self.assertNotIn("http", seen.calls, kind)
            self.assertLessEqual(seen.calls.count("enqueue"), 1, kind)
            self.assertEqual(len(seen.ours()), 3, seen.ours())
            self.assertEqual(count - len(bare.statements), 3, (kind, count, len(bare.statements)))
            figures[kind] = {
                "without": len(bare.statements),
                "with": count,
                "ours": [each[:90] for each in seen.ours()],
            }
        measured("statements_per_submit", figures)

    def interleaved(self) -> dict[str, dict[str, float]]:
        """Milliseconds of a submit and its commit, with the app and without it in turn, and of the app's own part of it."""
        times: dict[str, list[float]] = {name: [] for name in ("without", "with", "commit without", "commit with", "handler")}
        add_step = capture.add_step

        def timed(*arguments: Any, **more: Any) -> None:
            times["handler"].append(milliseconds(lambda: add_step(*arguments, **more)))

        mark = frappe.cache.make_key(f"picortex_xero:wake:{self.connection}")
        for pair in range(PAIRS):
            for app in (pair % 2, 1 - pair % 2):
                doc = self.draft()
                frappe.cache.set(mark, 1, ex=60)  # the worker stays out of the way: a dispatch beside it would be measured, too
                if app:
                    with patch.object(capture, "add_step", timed):
                        times["with"].append(milliseconds(doc.submit))
                    times["commit with"].append(milliseconds(frappe.db.commit))
                else:
                    with without_the_app():
                        times["without"].append(milliseconds(doc.submit))
                        times["commit without"].append(milliseconds(frappe.db.commit))
        frappe.cache.delete(mark)
        # A defect of ours never stops a submit: that each was noted is asked for, or nothing of ours would be measured.
        self.assertEqual(len(times["handler"]), PAIRS, "the app noted not every submit")
        return {name: spread(values) for name, values in times.items()}

    def test_time_of_a_submit_with_and_without_interleaved(self) -> None:
        # A machine that is busy with something else is measured again; a bound that is missed every time is missed.
        for attempt in range(1, TRIES + 1):
            figures = self.interleaved()
            figures["handler"]["tries"] = attempt
            measured("submit_ms_interleaved", figures)
            # The rest of the difference is noise of two busy cores; the insert itself is what we answer for.
            insert = figures["handler"]["median_ms"] / figures["without"]["median_ms"]
            submit_with = figures["with"]["median_ms"] / figures["without"]["median_ms"]
            if insert < 0.05 and submit_with < 1.15:
                break
        self.assertLess(insert, 0.05, figures)
        self.assertLess(submit_with, 1.15, figures)
        mark = frappe.cache.make_key(f"picortex_xero:wake:{self.connection}")
        wakes = []
        for _ in range(PAIRS):
            frappe.cache.delete(mark)
            wakes.append(milliseconds(lambda: wake.wake(self.connection)))
        measured("wake_ms", spread(wakes))

    def test_a_failure_of_ours_leaves_the_submit_and_the_hourly_search_finds_it(self) -> None:
        doc = self.draft()
        with patch.object(outbox, "add", side_effect=RuntimeError("planted")):
            doc.submit()
        frappe.db.commit()
        self.assertEqual(frappe.db.get_value("Sales Invoice", doc.name, "docstatus"), 1)
        self.assertTrue(frappe.db.exists("GL Entry", {"voucher_no": doc.name}))
        self.assertEqual(self.steps(reference_name=doc.name), [])
        self.assertTrue(frappe.db.exists("Error Log", {"method": ("like", f"%{doc.name}%")}))
        jobs.find_missed()
        self.assertEqual(len(self.steps(reference_name=doc.name)), 1)
        self.wait_for_worker(self.connection, 60, sweeping=True)

    def test_a_failing_statement_of_ours_leaves_the_submit(self) -> None:
        doc = self.draft()
        bulk_insert = frappe.local.db.__class__.bulk_insert

        def broken(database: Any, doctype: str, fields: list[str], values: Any, **options: Any) -> Any:
            wrong = [*fields[:-1], "no_such_column"] if doctype == outbox.DOCTYPE else fields
            return bulk_insert(database, doctype, wrong, values, **options)

        with patch.object(frappe.local.db.__class__, "bulk_insert", broken):
            doc.submit()
        frappe.db.commit()
        self.assertEqual(frappe.db.get_value("Sales Invoice", doc.name, "docstatus"), 1)
        self.assertTrue(frappe.db.exists("GL Entry", {"voucher_no": doc.name}))

    def test_a_submit_that_is_rolled_back_leaves_no_step_and_wakes_nobody(self) -> None:
        doc = self.draft()
        with watching() as seen:
            doc.submit()
            frappe.db.rollback()
            frappe.db.commit()
        self.assertNotIn("enqueue", seen.calls)
        self.assertEqual(self.steps(reference_name=doc.name), [])

    def test_redis_down_during_submit(self) -> None:
        figures = {}
        for app in (False, True):
            doc = self.draft()
            with (
                patch.dict(frappe.conf, redis_queue=NOWHERE),
                patch.object(background_jobs, "_redis_queue_conn", None),
                patch.object(frappe, "cache", RedisWrapper.from_url(NOWHERE)),
            ):
                with self.assertRaises(redis.exceptions.ConnectionError):
                    background_jobs.get_redis_conn()
                started = time.perf_counter()
                if app:
                    doc.submit()
                    frappe.db.commit()
                else:
                    with without_the_app():
                        doc.submit()
                        frappe.db.commit()
                figures["with the app" if app else "without the app"] = round((time.perf_counter() - started) * 1000)
            self.assertEqual(frappe.db.get_value("Sales Invoice", doc.name, "docstatus"), 1)
        measured("submit_ms_while_redis_is_down", figures)
        self.assertLess(figures["with the app"] - figures["without the app"], 1500)
        self.assertEqual(len(self.steps(reference_name=doc.name)), 1)
        jobs.sweep()
        self.wait_for_worker(self.connection, 60, sweeping=True)
        self.assertEqual([step["state"] for step in self.steps(reference_name=doc.name)], ["Synced"])

    def test_only_the_queue_server_down_during_submit(self) -> None:
        self.wait_for_worker(self.connection, 60, sweeping=True)
        time.sleep(2)  # a dispatch that ends now would clear the mark
        mark = frappe.cache.make_key(f"picortex_xero:wake:{self.connection}")
        figures = []
        with patch.dict(frappe.conf, redis_queue=NOWHERE), patch.object(background_jobs, "_redis_queue_conn", None):
            bare = self.draft()
            with without_the_app():
                figures.append(round(milliseconds(bare.submit) + milliseconds(frappe.db.commit)))
            frappe.cache.delete(mark)
            docs = [self.draft() for _ in range(3)]
            figures += [round(milliseconds(doc.submit) + milliseconds(frappe.db.commit)) for doc in docs]
        measured("submit_ms_while_the_queue_server_is_down", {"without the app": figures[0], "first, then next ones": figures[1:]})
        # Frappe itself tries for about 4 seconds to reach the queue server; that must not happen to everybody.
        self.assertGreater(figures[1], 2000, "the first one no longer waits: then this test proves nothing")
        self.assertLess(max(figures[2:]), 2000)
        for doc in docs:
            self.assertEqual(len(self.steps(reference_name=doc.name)), 1)
        self.wait_for_worker(self.connection, 90, sweeping=True)
        self.assertEqual({step["state"] for doc in docs for step in self.steps(reference_name=doc.name)}, {"Synced"})
