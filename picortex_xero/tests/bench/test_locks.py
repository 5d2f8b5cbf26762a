"""Locks and indexes on real MariaDB: nothing that a dispatch does may keep a person's submit waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils import add_to_date

from picortex_xero.compat import give_up_locks_when_stopped, lost_race
from picortex_xero.documents.identity import Identity
from picortex_xero.engine import leases, outbox
from picortex_xero.engine.clock import now
from picortex_xero.tests.bench.case import BenchCase, measured, milliseconds, on_bench, spread

CONNECTION = "lock-test"
STATE = "Xero Connection State"
MANY = 20_000


def identity(number: int) -> Identity:
    """A document that does not exist."""
    return Identity("Sales Invoice", f"LOCK-{number}", "2026-01-01 00:00:00.000001")


@on_bench
class TestLocks(BenchCase):
    """`self.other(...)` does something as a second user in a connection of its own."""

    def setUp(self) -> None:
        super().setUp()
        self.clear()
        self.addCleanup(self.clear)
        for number in range(3):
            outbox.add(CONNECTION, "", identity(number), "invoice")
        frappe.db.bulk_insert(STATE, ["name", "connection"], [(CONNECTION, CONNECTION)])
        frappe.db.commit()

    def clear(self) -> None:
        frappe.db.rollback()
        frappe.db.delete(outbox.DOCTYPE, {"connection": CONNECTION})
        frappe.db.delete(STATE, {"name": CONNECTION})
        frappe.db.commit()

    def other(self, action: Callable[[], Any], seconds: int = 2) -> float:
        """Run `action` in a second connection with this lock wait limit, and roll back; milliseconds it took.

        Not Frappe's own `secondary_connection`: on first use it leaves the second connection in place of the first.
        """
        mine = frappe.local.db
        frappe.connect(set_admin_as_user=False)
        try:
            frappe.db.sql(f"SET SESSION innodb_lock_wait_timeout = {seconds}")
            return milliseconds(action)
        finally:
            frappe.db.rollback()
            frappe.db.close()
            frappe.local.db = mine

    def add(self, number: int) -> Callable[[], Any]:
        """A person's submit: its one insert."""
        return lambda: outbox.add(CONNECTION, "", identity(number), "invoice")

    def test_an_uncommitted_claim_does_not_block_a_submit(self) -> None:
        rows = outbox.due(CONNECTION, now(), 10)
        self.assertEqual(len(rows), 3)
        for row in rows:
            self.assertTrue(outbox.move(row, "claim", epoch=1, attempt="", kind="invoice", tries=1))
        waits = [self.other(self.add(100 + number)) for number in range(10)]
        measured("insert_ms_beside_an_uncommitted_claim", spread(waits))
        self.assertLess(max(waits), 500)

    def test_the_test_would_notice_a_claim_by_status(self) -> None:
        frappe.db.sql(f"UPDATE `tab{outbox.DOCTYPE}` SET `state`='Sending' WHERE `connection`=%s AND `state`='Pending'", (CONNECTION,))
        with self.assertRaises(frappe.QueryTimeoutError):
            self.other(self.add(101), seconds=1)

    def test_each_state_a_dispatch_writes_leaves_submits_alone(self) -> None:
        for event in ("claim", "recorded"):
            row = next(row for row in outbox.due(CONNECTION, now(), 10))
            if event == "recorded":
                outbox.move(row, "claim", epoch=1, attempt="", kind="invoice", tries=1)
            self.assertTrue(outbox.move(row, event))
            self.assertLess(self.other(self.add(200)), 500, event)
        postponed = outbox.due(CONNECTION, now(), 10)[0]
        self.assertTrue(outbox.postpone(postponed, until=now(), blocked_on="elsewhere"))
        self.assertLess(self.other(self.add(201)), 500)

    def test_an_uncommitted_submit_does_not_block_a_claim(self) -> None:
        self.add(300)()

        def claim() -> None:
            rows = outbox.due(CONNECTION, now(), 10)
            self.assertEqual([row["reference_name"] for row in rows], ["LOCK-0", "LOCK-1", "LOCK-2"])
            for row in rows:
                self.assertTrue(outbox.move(row, "claim", epoch=1, attempt="", kind="invoice", tries=1))

        self.assertLess(self.other(claim), 500)

    def test_a_held_lease_row_does_not_block_a_submit(self) -> None:
        frappe.db.sql(f"UPDATE `tab{STATE}` SET `heartbeat`=%s WHERE `name`=%s", (now(), CONNECTION))
        self.assertLess(self.other(self.add(400)), 500)

    def test_a_worker_that_stands_still_loses_the_rows_it_has_locked(self) -> None:
        """Stopped between writing and committing, for longer than a job may say nothing; others go on."""
        row = outbox.due(CONNECTION, now(), 1)[0]
        mine = frappe.local.db
        frappe.connect(set_admin_as_user=False)
        stopped = frappe.local.db
        try:
            give_up_locks_when_stopped(1)
            self.assertTrue(outbox.move(dict(row), "claim", epoch=1, attempt="", kind="invoice", tries=1))
            frappe.local.db = mine
            time.sleep(2.5)
            self.assertLess(
                self.other(lambda: self.assertTrue(outbox.move(dict(row), "claim", epoch=2, attempt="", tries=1)), seconds=5), 500
            )
            frappe.local.db = stopped
            with self.assertRaises(Exception) as gone:
                frappe.db.sql("SELECT 1")
            self.assertTrue(lost_race(gone.exception), gone.exception)
        finally:
            frappe.local.db = mine

    def test_a_step_is_inserted_once_and_a_second_writer_waits_for_the_first(self) -> None:
        key = self.add(500)()
        self.assertEqual(self.add(500)(), key)
        self.assertEqual(frappe.db.count(outbox.DOCTYPE, {"step_key": key}), 1)
        with self.assertRaises(frappe.QueryTimeoutError):
            self.other(self.add(500), seconds=1)
        frappe.db.commit()
        self.assertLess(self.other(self.add(500), seconds=1), 500)
        self.assertEqual(frappe.db.count(outbox.DOCTYPE, {"step_key": key}), 1)

    def test_many_dispatchers_get_one_lease(self) -> None:
        site, taken, failed, start = frappe.local.site, [], [], threading.Barrier(6)

        def dispatcher() -> None:
            frappe.init(site=site)
            frappe.connect()
            try:
                start.wait()
                taken.append(leases.acquire(CONNECTION))
            except Exception as error:  # noqa: BLE001 - shown by the assertion below
                failed.append(repr(error))
            finally:
                frappe.destroy()

        threads = [threading.Thread(target=dispatcher) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        held = [lease for lease in taken if lease]
        self.assertEqual((failed, len(taken), len(held)), ([], 6, 1))
        frappe.db.rollback()
        self.assertEqual(frappe.db.get_value(STATE, CONNECTION, "lease_epoch"), 1)
        self.assertTrue(held[0].extend())
        held[0].release()
        self.assertFalse(held[0].extend())
        again = leases.acquire(CONNECTION)
        self.assertEqual(again and again.epoch, 2)

    def test_due_reads_its_index_with_many_rows(self) -> None:
        fields = ["name", "connection", "state", "due_at", "step_key", "reference_name", "creation", "attempt"]
        old = [(f"lock-{n}", CONNECTION, "Synced", now(), f"lock-{n}", f"OLD-{n}", now(), f"a{n // 50}") for n in range(MANY)]
        frappe.db.bulk_insert(outbox.DOCTYPE, fields, old)
        # What is due some day is not read either.
        later = add_to_date(now(), days=1)
        waiting = [(f"later-{n}", CONNECTION, "Pending", later, f"later-{n}", f"LATER-{n}", now(), "") for n in range(MANY)]
        frappe.db.bulk_insert(outbox.DOCTYPE, fields, waiting)
        frappe.db.commit()
        frappe.db.sql_ddl(f"ANALYZE TABLE `tab{outbox.DOCTYPE}`")
        with self.explained() as plans:
            times = [milliseconds(lambda: outbox.due(CONNECTION, now(), 400)) for _ in range(20)]
            self.assertEqual(len(outbox.due(CONNECTION, now(), 400)), 3)
        plan = plans[0]
        measured("due_query", {"rows": MANY, "index": plan["key"], "rows_examined": plan["rows"], **spread(times)})
        self.assertEqual(plan["key"], "connection_state_due_at_index")
        self.assertLess(int(plan["rows"]), 50)
        with self.explained() as plans:
            outbox.steps_of(CONNECTION, identity(1))
        self.assertIn("reference", str(plans[0]["key"]))
        self.assertLess(int(plans[0]["rows"]), 50)

    def explained(self) -> Any:
        """The plan of each select in the block that reads the outbox."""
        from contextlib import contextmanager
        from unittest.mock import patch

        database, sql, plans = frappe.local.db.__class__, frappe.local.db.__class__.sql, []

        def explain(db: Any, query: str, values: Any = (), **options: Any) -> Any:
            if query.lstrip().startswith("SELECT") and not plans:
                plans.extend(sql(db, f"EXPLAIN {query}", values, as_dict=True))
            return sql(db, query, values, **options)

        @contextmanager
        def patched() -> Any:
            with patch.object(database, "sql", explain):
                yield plans

        return patched()

    def test_a_claim_that_has_to_wait_ends_with_an_error_and_not_with_two_owners(self) -> None:
        row = outbox.due(CONNECTION, now(), 1)[0]
        mine = dict(row)
        self.assertTrue(outbox.move(mine, "claim", epoch=1, attempt="", kind="invoice", tries=1))
        started = time.monotonic()
        with self.assertRaises(frappe.QueryTimeoutError):
            self.other(lambda: outbox.move(dict(row), "claim", epoch=2, attempt="", kind="invoice", tries=1), seconds=1)
        self.assertLess(time.monotonic() - started, 5)
        frappe.db.commit()
        self.other(lambda: self.assertFalse(outbox.move(dict(row), "claim", epoch=2, attempt="", kind="invoice", tries=1)))
