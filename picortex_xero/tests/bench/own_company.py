"""Tests of one company with an organisation of its own, where people work in Xero and Xero's lists are read: what they do is in the tests."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, ClassVar

import frappe

from picortex_xero.engine import run
from picortex_xero.sync import jobs
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books
from picortex_xero.tests.bench.case import BenchCase

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
LONG_AGO, NOT_SINCE = "2026-01-01T00:00:00", "2026-01-02"


class OwnCompany(BenchCase):
    """A company, its organisation and its live connection. `settings`: what its admin has chosen; `lists`: Xero's lists that are to be read in every turn."""

    settings: ClassVar[dict[str, str]] = {}
    lists: ClassVar[tuple[str, ...]] = ()
    books: Books
    organisation: xero.Organisation
    connection: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, cls.organisation, cls.connection = xero.of_its_own()
        if cls.settings:
            frappe.db.set_value(CONNECTION, cls.connection, cls.settings)
        frappe.db.commit()

    def sent(self, doc: Any) -> str:
        """The document's id in Xero, once it is there."""
        self.wait_for_worker(self.connection)
        frappe.db.rollback()
        xero_id = frappe.db.get_value("Xero Link", {"reference_doctype": doc.doctype, "reference_name": doc.name}, "xero_id")
        self.assertTrue(xero_id, doc.name)
        return str(xero_id)

    def look(self, *lists: str, turns: int = 1) -> None:
        """The turn of every list has come, of these too; what is read is decided, and what that wakes is done."""
        wanted = {*self.lists, *lists}
        # Reading one begins with the first run in which it is wanted.
        self._run_until(lambda: wanted <= set(self.cursors()))
        for _turn in range(turns):
            cursors = self.cursors()
            for each in cursors.values():
                each["read"] = LONG_AGO
            frappe.db.set_value(STATE, self.connection, "read_until", json.dumps(cursors), update_modified=False)
            frappe.db.commit()
            self._run_until(self._all_read)
        self.wait_for_worker(self.connection)

    def cursors(self) -> dict[str, Any]:
        """How far each list is read."""
        frappe.db.rollback()
        return dict(json.loads(frappe.db.get_value(STATE, self.connection, "read_until") or "{}"))

    def _all_read(self) -> bool:
        if any(each["read"] < NOT_SINCE for each in self.cursors().values()):
            return False
        return not frappe.db.exists("Xero Incoming Record", {"connection": self.connection, "state": "To Decide"})

    def _run_until(self, done: Callable[[], bool], seconds: float = 120) -> None:
        until = time.monotonic() + seconds
        jobs.sweep()
        run.run(self.connection)
        while not done():
            self.assertLess(time.monotonic(), until, self.cursors())
            time.sleep(1)
            jobs.sweep()
            run.run(self.connection)
