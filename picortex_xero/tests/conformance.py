"""What the host conformance tests share: rows to work on, and the record of which test ended how.

The same tests run on a bench and on the sandbox's stand-in for it; the two records are compared by test name. With
PICORTEX_CONFORMANCE_RECORD=<file> each run adds its outcomes to that JSON file. With PICORTEX_BENCH_RECORD=<file> outcomes go there
with times and the reasons of skips and failures.
"""

from __future__ import annotations

import functools
import json
import os
import time
import unittest
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import frappe
from frappe.tests.utils import FrappeTestCase

from picortex_xero.engine import write_protection

AUTH = "Xero Authorisation"  # has a unique Data field, a Datetime, Selects, and texts
LINK = "Xero Link"  # has Currency, Check and Int
OUTBOX = "Xero Outbox Entry"  # has a Date and a Datetime
OUTCOMES: dict[str, str] = {}
DETAILS: dict[str, dict[str, Any]] = {}


def _recorded(name: str, test: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(test)
    def run(self: unittest.TestCase) -> None:
        started = time.monotonic()
        _note(name, "failed", reason="did not end")
        try:
            test(self)
        except unittest.SkipTest as skipped:
            _note(name, "skipped", reason=str(skipped))
            raise
        except BaseException as failure:
            _note(name, "failed", reason=f"{type(failure).__name__}: {failure}"[:1500])
            raise
        parts = _failed_parts(self)
        if parts:  # unittest goes on after a part (subTest) that failed, and returns
            _note(name, "failed", reason="; ".join(parts)[:1500])
            return
        _note(name, "passed", seconds=round(time.monotonic() - started, 2))

    return run


def _failed_parts(test: unittest.TestCase) -> list[str]:
    """The subTests of a test that failed, each with its error's last line."""
    outcome: Any = getattr(test, "_outcome", None)
    result = getattr(outcome, "result", None)
    told = [*result.failures, *result.errors] if result else []
    parts = [f"{part}: {error.strip().splitlines()[-1]}" for part, error in told if getattr(part, "test_case", None) is test]
    # Python 3.10 tells the result only once the whole test has ended.
    return parts or ([] if getattr(outcome, "success", True) else ["a part of it (subTest) failed"])


def _note(name: str, outcome: str, **details: Any) -> None:
    OUTCOMES[name] = outcome
    DETAILS[name] = {"outcome": outcome, **details}


def _write_record() -> None:
    for variable, found in (("PICORTEX_CONFORMANCE_RECORD", OUTCOMES), ("PICORTEX_BENCH_RECORD", DETAILS)):
        place = os.environ.get(variable)
        if place:
            path = Path(place)
            known = json.loads(path.read_text("utf-8")) if path.exists() else {}
            path.write_text(json.dumps({**known, **found}, indent=1, sort_keys=True) + "\n", "utf-8")


class OnPurpose(Exception):
    """Raised by a job of these tests; whoever reads the worker's log can tell it from a real error."""


def job(key: str, fail: bool) -> None:
    """Runs in the worker: insert a document, then end well or badly."""
    with write_protection.own_writes():
        frappe.get_doc({"doctype": AUTH, "subject_key": key, "refresh_owner": frappe.session.user}).insert(ignore_permissions=True)
    if fail:
        raise OnPurpose(f"conformance job {key} fails")


class HostTestCase(FrappeTestCase):
    """Every test starts from a rolled back transaction, and its outcome is recorded."""

    # These tests are about Frappe and only need tables to write to, so they may write what the app alone may write. The bench suite may
    # not.
    as_the_app = True

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name, test in list(vars(cls).items()):
            if name.startswith("test_"):
                setattr(cls, name, _recorded(f"{cls.__name__}.{name}", test))

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.addClassCleanup(_write_record)

    def setUp(self) -> None:
        frappe.db.rollback()
        frappe.set_user("Administrator")
        frappe.clear_messages()
        if self.as_the_app:
            writing = ExitStack()
            writing.enter_context(write_protection.own_writes())
            self.addCleanup(writing.close)
        self.addCleanup(frappe.set_user, "Administrator")
        self.addCleanup(frappe.db.rollback)

    def authorisation(self, **values: Any) -> Any:
        """An inserted, uncommitted document."""
        defaults = {"doctype": AUTH, "grant_type": "Authorisation Code", "subject_key": frappe.generate_hash(length=20)}
        return frappe.get_doc({**defaults, **values}).insert(ignore_permissions=True)

    def rows(self, doctype: str, fields: list[str], values: list[list[Any]], **options: Any) -> list[str]:
        """Rows by SQL (no link checks), uncommitted; their names in order."""
        names = [frappe.generate_hash(length=10) for _ in values]
        frappe.db.bulk_insert(doctype, ["name", *fields], [[n, *v] for n, v in zip(names, values)], **options)
        return names

    def committed(self, doctype: str, name: str) -> None:
        """Remove a row that this test committed, at its end."""

        def remove() -> None:
            frappe.db.rollback()
            frappe.db.delete(doctype, {"name": name})
            frappe.db.commit()

        self.addCleanup(remove)
