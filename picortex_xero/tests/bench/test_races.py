"""Lost races on real MariaDB are no errors: another transaction changes a row between our reading and our writing of it, with
`innodb_snapshot_isolation` on (the default from MariaDB 11.6 on; every such write is then refused with error 1020) and off."""

from __future__ import annotations

import time
import unittest.mock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.utils.background_jobs import get_queue

from picortex_xero.documents.identity import Identity
from picortex_xero.engine import attempts, leases, outbox, record_element
from picortex_xero.engine import run as dispatch
from picortex_xero.engine import wake as waking
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books, submit
from picortex_xero.tests.bench.case import OUTBOX, BenchCase, measured, on_bench

STATE, ATTEMPT = "Xero Connection State", "Xero Attempt"
ISOLATION = "innodb_snapshot_isolation"
# Where the other transaction comes in between: what is about to be called, and the row that it is about.
MOMENTS: dict[str, tuple[Any, str, Callable[[tuple[Any, ...]], tuple[str, str]]]] = {
    "claim": (dispatch, "_claimable", lambda args: (OUTBOX, args[2].row["name"])),
    "stamp": (attempts.Attempt, "stamp", lambda args: (ATTEMPT, args[0].key)),
    "lease": (leases.Lease, "_extend", lambda args: (STATE, args[0].connection)),
    "record": (record_element, "record_element", lambda args: (OUTBOX, args[2]["entry"])),
    "hand over": (leases.Lease, "release", lambda args: (STATE, args[0].connection)),
}


@on_bench
class TestRaces(BenchCase):
    """The worker is kept out: a job counts as queued that is not, so none is queued, and the runs are this process's own."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books = Books.create()
        organisation = xero.Organisation(cls.books.company, ("Branch", list(cls.books.CENTRES)))
        cls.organisation = organisation
        cls.connection = xero.connect(cls.books.company, organisation)
        xero.map_books(cls.connection, cls.books)
        xero.go_live(cls.connection, cls.books.first_day)

    @contextmanager
    def isolation(self, value: str) -> Iterator[None]:
        """This connection's own setting until the block ends."""
        before = frappe.db.sql(f"SELECT @@SESSION.{ISOLATION}")[0][0]
        frappe.db.sql(f"SET SESSION {ISOLATION}={value}")
        try:
            yield
        finally:
            frappe.db.sql(f"SET SESSION {ISOLATION}={int(before)}")

    def somebody_else(self, doctype: str, name: str) -> None:
        """Another connection changes the row and commits."""
        mine = frappe.local.db
        frappe.connect(set_admin_as_user=False)
        try:
            frappe.db.sql(f"UPDATE `tab{doctype}` SET `modified`=`modified` + INTERVAL 1 SECOND WHERE `name`=%s", (name,))
            frappe.db.commit()
        finally:
            frappe.db.close()
            frappe.local.db = mine

    def test_a_lost_race_is_no_error_and_nothing_is_sent_twice(self) -> None:
        if not frappe.db.sql("SHOW VARIABLES LIKE %s", (ISOLATION,)):
            self.skipTest(f"this MariaDB has no {ISOLATION}")
        lost: dict[str, int] = {}
        for value in ("ON", "OFF"):
            for moment in MOMENTS:
                with self.subTest(moment=moment, isolation=value), self.isolation(value):
                    lost[f"{moment}, {value}"] = self.race(moment)
        measured("lost_races", {**lost, "mariadb": frappe.db.sql("SELECT VERSION()")[0][0]})
        self.assertTrue(any(count for name, count in lost.items() if name.endswith("ON")), "no race was ever lost: nothing was tried")

    def keep_the_worker_out(self) -> None:
        """Let it end what is queued, then wake it no more. The mark is there until a job of this connection has begun: a worker that has just
        taken one is in neither list."""
        queue, mark, stop = get_queue("short"), waking._mark(self.connection), time.monotonic() + 30
        while (frappe.cache.get(mark) or queue.count or queue.started_job_registry.count) and time.monotonic() < stop:
            time.sleep(0.1)
        frappe.cache.set(mark, 1, ex=300)

    def race(self, moment: str) -> int:
        """One invoice, sent while somebody else comes in between once; how many races were lost."""
        owner, name, about = MOMENTS[moment]
        whole, met, lost = getattr(owner, name), [], []

        def raced(*args: Any, **kwargs: Any) -> Any:
            if not met:
                doctype, row = about(args)
                frappe.db.sql(f"SELECT `modified` FROM `tab{doctype}` WHERE `name`=%s", (row,))
                self.somebody_else(doctype, row)
                met.append(row)
            try:
                return whole(*args, **kwargs)
            except frappe.QueryDeadlockError:
                lost.append(moment)
                raise

        self.keep_the_worker_out()
        errors = frappe.db.count("Error Log")
        invoice = submit(self.books.invoice(True, [("PANEL", 1, 71)]))
        with unittest.mock.patch.object(owner, name, raced):
            stop = time.monotonic() + 30
            while time.monotonic() < stop:
                dispatch.run(self.connection)
                if all(step["state"] == "Synced" for step in self.steps(reference_name=invoice.name)):
                    break
                time.sleep(0.1)  # a worker that began before may hold the lease yet
        frappe.cache.delete(waking._mark(self.connection))
        self.assertTrue(met, f"the other one never came in between: {self.steps(reference_name=invoice.name)}")
        self.assertEqual([step["state"] for step in self.steps(reference_name=invoice.name)], ["Synced"])
        self.assertEqual(frappe.db.count("Error Log"), errors)
        self.assertEqual([each["InvoiceNumber"] for each in self.organisation.read("Invoices")].count(invoice.name), 1)
        return len(lost)

    def test_the_queues_time_limit_inside_a_statement_passes_through(self) -> None:
        """A step of a document that does not exist, looked at under a savepoint: the row stays as it is."""
        from rq.timeouts import JobTimeoutException

        key = outbox.add(
            self.connection, self.books.company, Identity("Sales Invoice", "NOT-THERE", "2026-01-01 00:00:00.000001"), "invoice"
        )
        self.keep_the_worker_out()
        frappe.db.commit()
        with unittest.mock.patch.object(dispatch, "_gone", side_effect=JobTimeoutException("the job ran for too long")):
            dispatch.run(self.connection)
        self.assertEqual([step["state"] for step in self.steps(step_key=key)], ["Pending"])
        dispatch.run(self.connection)
        self.assertEqual([step["state"] for step in self.steps(step_key=key)], ["Superseded"])
        frappe.cache.delete(waking._mark(self.connection))
