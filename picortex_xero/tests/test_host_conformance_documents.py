"""Documents, permissions, messages, jobs and the rest of what the app uses. Same tests on a bench and the stand-in."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import json
import time
import uuid
from datetime import date, datetime
from pathlib import Path
from typing import Any

import frappe
from frappe.utils import cint, cstr, escape_html, flt, fmt_money, formatdate, get_url, get_url_to_form, getdate, now, now_datetime, nowdate
from frappe.utils.password import decrypt, encrypt

import picortex_xero
from picortex_xero.engine import write_protection
from picortex_xero.tests.conformance import AUTH, LINK, OUTBOX, HostTestCase

MANIFEST = Path(picortex_xero.__file__).resolve().parents[1] / "sandbox" / "host" / "manifest.json"


class TestDocument(HostTestCase):
    """insert, save, db_set, delete, and what they refuse."""

    def test_a_new_document_has_name_defaults_and_times(self) -> None:
        doc = frappe.new_doc(OUTBOX)
        self.assertEqual((doc.state, doc.tries, doc.name), ("Pending", None, None))
        made = self.authorisation()
        self.assertRegex(made.name, r"^[a-z0-9]{10}$")
        self.assertEqual((made.owner, made.docstatus, made.reason), ("Administrator", 0, None))

    def test_a_select_without_default_takes_its_first_option(self) -> None:
        doc = frappe.get_doc({"doctype": AUTH}).insert(ignore_permissions=True)
        self.assertEqual(doc.grant_type, "Authorisation Code")

    def test_numbers_and_times_in_memory_before_and_after_reading_back(self) -> None:
        doc = frappe.new_doc(OUTBOX)
        doc.set("connection", "conformance")
        doc.db_insert()
        self.assertEqual((doc.tries, doc.amount, type(doc.modified)), (None, None, str))
        again = frappe.get_doc(OUTBOX, doc.name)
        self.assertEqual((again.tries, again.amount, type(again.modified)), (0, 0.0, datetime))

    def test_a_document_that_is_submitted_says_so_once(self) -> None:
        made = {
            "doctype": "Xero Cash Summary",
            "name": frappe.generate_hash(length=10),
            "posting_date": "2026-11-28",
            "direction": "Paid",
            "number": 1,
        }
        doc = frappe.get_doc(made)
        doc.flags.ignore_links = doc.flags.ignore_mandatory = True
        with write_protection.own_writes():
            doc.insert(ignore_permissions=True)
            self.assertEqual(frappe.db.get_value(doc.doctype, doc.name, "docstatus"), 0)
            events: list[str] = []
            run = doc.run_method
            doc.run_method = lambda method, *given, **named: (events.append(method), run(method, *given, **named))[1]
            doc.submit()
        self.assertEqual(frappe.db.get_value(doc.doctype, doc.name, "docstatus"), 1)
        self.assertEqual([each for each in events if "submit" in each or each == "before_save"], ["before_submit", "on_submit"])

    def test_a_required_field_is_missed(self) -> None:
        with self.assertRaises(frappe.MandatoryError):
            frappe.get_doc({"doctype": LINK}).insert(ignore_permissions=True)

    def test_an_option_that_does_not_exist_is_refused(self) -> None:
        with self.assertRaises(frappe.ValidationError):
            self.authorisation(grant_type="Nonsense")

    def test_a_link_that_leads_nowhere_is_refused(self) -> None:
        with self.assertRaises(frappe.LinkValidationError):
            self.authorisation(user="nobody@nowhere.example")

    def test_text_that_is_too_long_is_refused(self) -> None:
        with self.assertRaises(frappe.CharacterLengthExceededError):
            self.authorisation(refresh_owner="x" * 141)

    def test_a_taken_unique_value_is_refused_with_a_message(self) -> None:
        self.authorisation(subject_key="conformance-twice")
        frappe.clear_messages()
        with self.assertRaises(frappe.UniqueValidationError):
            self.authorisation(subject_key="conformance-twice")
        self.assertTrue(frappe.local.message_log)
        with self.assertRaises(frappe.ValidationError) as caught:
            frappe.throw("Smith &amp; &lt;b&gt;")
        self.assertEqual(str(caught.exception), "Smith &amp; &lt;b&gt;")
        frappe.clear_messages()
        self.assertFalse(frappe.local.message_log)

    def test_an_empty_unique_value_may_repeat(self) -> None:
        names = [self.authorisation(pending_state_hash="").name for _ in range(2)]
        self.assertEqual([frappe.db.get_value(AUTH, n, "pending_state_hash") for n in names], [None, None])

    def test_a_taken_name_is_a_duplicate(self) -> None:
        frappe.get_doc({"doctype": "Role", "role_name": "Conformance"}).insert()
        with self.assertRaises(frappe.DuplicateEntryError):
            frappe.get_doc({"doctype": "Role", "role_name": "Conformance"}).insert()
        frappe.get_doc({"doctype": "Role", "role_name": "Conformance"}).insert(ignore_if_duplicate=True)

    def test_what_does_not_exist(self) -> None:
        with self.assertRaises(frappe.DoesNotExistError):
            frappe.get_doc(AUTH, "nothing")
        with self.assertRaises(frappe.DoesNotExistError):
            frappe.get_meta("No Such DocType")

    def test_save_and_reload(self) -> None:
        doc = self.authorisation(scopes="a")
        first = doc.modified
        doc.set("scopes", "b")
        doc.save(ignore_permissions=True)
        self.assertGreater(str(doc.modified), str(first))
        self.assertEqual(frappe.db.get_value(AUTH, doc.name, "scopes"), "b")
        frappe.db.set_value(AUTH, doc.name, "scopes", "c")
        doc.reload()
        self.assertEqual(doc.scopes, "c")

    def test_saving_over_someone_elses_change_is_refused(self) -> None:
        doc = self.authorisation()
        other = frappe.get_doc(AUTH, doc.name)
        other.set("scopes", "other")
        other.save(ignore_permissions=True)
        doc.set("scopes", "mine")
        with self.assertRaises(frappe.TimestampMismatchError):
            doc.save(ignore_permissions=True)

    def test_db_set_writes_at_once(self) -> None:
        doc = self.authorisation()
        doc.db_set("scopes", "a")
        doc.db_set({"reason": "b", "refresh_owner": "c"}, update_modified=False)
        stored = frappe.db.get_value(AUTH, doc.name, ["scopes", "reason", "refresh_owner"])
        self.assertEqual((tuple(stored), doc.reason), (("a", "b", "c"), "b"))

    def test_db_insert_checks_nothing(self) -> None:
        doc = frappe.get_doc({"doctype": AUTH, "subject_key": "conformance-db-insert"})
        doc.db_insert()
        self.assertEqual(frappe.db.exists(AUTH, {"subject_key": "conformance-db-insert"}), doc.name)

    def test_as_dict_and_get(self) -> None:
        doc = frappe.get_doc(AUTH, self.authorisation(access_expires_at="2026-04-01 10:00:00").name)
        values = doc.as_dict()
        self.assertEqual((values["doctype"], values.name), (AUTH, doc.name))
        self.assertEqual(doc.get("access_expires_at"), datetime(2026, 4, 1, 10))
        self.assertEqual(doc.get("no_such_field", "default"), "default")
        self.assertIsNone(doc.get("no_such_field"))
        self.assertTrue(doc.meta.has_field("scopes"))

    def test_a_document_without_a_value_stores_null_and_zero(self) -> None:
        doc = frappe.get_doc({"doctype": LINK, "link_key": frappe.generate_hash(length=20)})
        doc.db_insert()
        row = frappe.db.get_value(LINK, doc.name, ["xero_number", "remote_total", "adopted"], as_dict=True)
        self.assertEqual((row.xero_number, row.remote_total, row.adopted), (None, 0, 0))

    def test_delete(self) -> None:
        doc = self.authorisation()
        doc.delete(ignore_permissions=True)
        self.assertIsNone(frappe.db.exists(AUTH, doc.name))


class TestPermissions(HostTestCase):
    """Roles decide; Administrator may everything."""

    def test_guest_may_not_and_administrator_may(self) -> None:
        self.assertTrue(frappe.has_permission(AUTH, "read"))
        name = self.authorisation().name
        frappe.set_user("Guest")
        self.assertFalse(frappe.has_permission(AUTH, "read"))
        self.assertFalse(frappe.has_permission(AUTH, ptype="write", doc=frappe.get_doc(AUTH, name)))
        with self.assertRaises(frappe.PermissionError):
            frappe.has_permission(AUTH, "read", throw=True)
        with self.assertRaises(frappe.PermissionError):
            frappe.get_doc(AUTH, name).check_permission("read")

    def test_insert_asks_unless_told_not_to(self) -> None:
        frappe.set_user("Guest")
        with self.assertRaises(frappe.PermissionError):
            frappe.get_doc({"doctype": AUTH, "grant_type": "Authorisation Code"}).insert()
        self.assertEqual(self.authorisation().owner, "Guest")

    def test_roles(self) -> None:
        self.assertIn("Xero Admin", frappe.get_roles())
        self.assertEqual(frappe.get_roles("Guest"), ["Guest"])
        self.assertTrue(frappe.has_permission(AUTH, "read", user="Administrator"))


class TestMessages(HostTestCase):
    """throw, msgprint, the Error Log."""

    def test_throw_raises_and_leaves_a_message(self) -> None:
        with self.assertRaisesRegex(frappe.PermissionError, "no way"):
            frappe.throw("no way", exc=frappe.PermissionError, title="Title")
        self.assertTrue(frappe.local.message_log)
        with self.assertRaises(frappe.ValidationError):
            frappe.throw("no way")

    def test_the_error_log_survives_a_rollback(self) -> None:
        """Its table is MyISAM: what log_error writes is there at once and stays."""
        try:
            raise ValueError("conformance")
        except ValueError:
            self.assertIn("ValueError: conformance", frappe.get_traceback())
            logged = frappe.log_error(title="Conformance", message="a\nb", reference_doctype=AUTH, reference_name="x")
        row = frappe.db.get_value("Error Log", logged.name, ["method", "error", "reference_name"], as_dict=True)
        self.assertEqual((row.method, row.error, row.reference_name), ("Conformance", "a\nb", "x"))
        self.committed("Error Log", logged.name)
        frappe.db.savepoint("before_error")
        other = frappe.log_error(title="Conformance", message="c\nd")
        frappe.db.rollback(save_point="before_error")
        self.committed("Error Log", other.name)
        self.assertEqual(frappe.db.exists("Error Log", other.name), other.name)
        undone = self.authorisation().name
        frappe.db.rollback()
        self.assertEqual(frappe.db.exists("Error Log", logged.name), logged.name)
        self.assertIsNone(frappe.db.exists(AUTH, undone))

    def test_small_ones(self) -> None:
        self.assertEqual(frappe.scrub("Sales Invoice"), "sales_invoice")
        self.assertEqual(frappe.parse_json('{"a": [1]}').a, [1])
        self.assertEqual(json.loads(frappe.as_json({"b": 1, "a": date(2026, 4, 1)})), {"a": "2026-04-01", "b": 1})
        self.assertEqual(len(frappe.generate_hash(length=8)), 8)
        self.assertEqual(frappe._("Conformance of hosts"), "Conformance of hosts")
        self.assertIsNone(frappe._dict().anything)
        self.assertEqual(frappe.get_attr("frappe.utils.cint")("7"), 7)


class TestTimesAndAddresses(HostTestCase):
    """frappe.utils."""

    def test_numbers_and_text(self) -> None:
        self.assertEqual([cint(v) for v in ("7", 7.9, None, "x", True)], [7, 7, 0, 0, 1])
        self.assertEqual([flt(v) for v in ("7.5", None, "x", "1,234.5")], [7.5, 0.0, 0.0, 1234.5])
        self.assertEqual([cstr(v) for v in (None, 5, "x")], ["", "5", "x"])
        self.assertEqual(escape_html('<a href="x">\'&'), "&lt;a href=&quot;x&quot;&gt;&apos;&amp;")
        self.assertEqual([escape_html(v) for v in (None, 5)], [None, 5])
        # Each site has its own formats: only what holds in all of them.
        self.assertEqual([formatdate(v) for v in ("", None)], ["", ""])
        for part in ("2026", "11", "28"):
            self.assertIn(part, formatdate("2026-11-28"))
        self.assertEqual([each for each in fmt_money("1234.50", precision=2) if each.isdigit()], list("123450"))

    def test_dates(self) -> None:
        self.assertEqual([getdate(v) for v in ("2026-04-01", datetime(2026, 4, 1, 5))], [date(2026, 4, 1)] * 2)
        self.assertIsNone(now_datetime().tzinfo)
        self.assertEqual(nowdate(), now_datetime().date().isoformat())
        self.assertIsInstance(datetime.fromisoformat(now()), datetime)

    def test_addresses(self) -> None:
        self.assertTrue(get_url("/api/x").startswith("http"))
        self.assertTrue(get_url("/api/x").endswith("/api/x"))
        self.assertTrue(get_url_to_form("Sales Invoice", "ACC-1").endswith("/app/sales-invoice/ACC-1"))


class TestServices(HostTestCase):
    """Encryption, Redis, jobs, hooks, configuration."""

    def test_encryption(self) -> None:
        secret = '{"token": "ä"}'
        stored = encrypt(secret)
        self.assertNotIn("token", stored)
        self.assertNotEqual(encrypt(secret), stored)
        self.assertEqual(decrypt(stored), secret)
        with self.assertRaises(frappe.ValidationError):
            decrypt("gAAAAABnot-a-token")

    def test_workers_name_their_queues_and_the_scheduler_says_whether_it_is_switched_on(self) -> None:
        from frappe.utils.background_jobs import get_workers
        from frappe.utils.scheduler import is_scheduler_inactive

        self.assertIn(is_scheduler_inactive(verbose=False), (True, False))
        for worker in get_workers():
            self.assertTrue(
                {name.rpartition(":")[2] for name in worker.queue_names()} <= {"short", "default", "long"}, worker.queue_names()
            )

    def test_cache_keys_are_prefixed_only_by_make_key(self) -> None:
        plain = f"conformance:{uuid.uuid4()}"
        key = frappe.cache.make_key(plain)
        self.addCleanup(frappe.cache.delete, key)
        self.assertTrue(frappe.cache.set(key, 1, nx=True, ex=60))
        self.assertFalse(frappe.cache.set(key, 2, nx=True, ex=60))
        self.assertEqual((frappe.cache.get(key), frappe.cache.get(plain)), (b"1", None))
        self.assertEqual(frappe.cache.delete(key), 1)
        self.assertIsNone(frappe.cache.get(key))

    def test_enqueue_pushes_now_with_user_and_arguments(self) -> None:
        frappe.set_user("Guest")
        job = frappe.enqueue("frappe.utils.cint", queue="short", timeout=17, s="7")
        self.addCleanup(job.delete)
        self.assertEqual((job.timeout, job.kwargs["user"], job.kwargs["kwargs"]), (17, "Guest", {"s": "7"}))
        self.assertEqual((job.kwargs["site"], job.kwargs["method"]), (frappe.local.site, "frappe.utils.cint"))
        self.assertTrue(job.origin.endswith("short"))

    def test_hooks_are_lists_and_merged(self) -> None:
        self.assertEqual(frappe.get_hooks("app_name", app_name="picortex_xero"), ["picortex_xero"])
        for handlers in frappe.get_hooks("doc_events", app_name="picortex_xero").values():
            self.assertTrue(all(isinstance(paths, list) for paths in handlers.values()))
        self.assertEqual(list(frappe.get_hooks("no_such_hook")), [])

    def test_configuration(self) -> None:
        self.assertIsNone(frappe.conf.get("no_such_setting"))
        self.assertTrue(frappe.local.site)
        field = frappe.get_meta(AUTH).get_field("subject_key")
        self.assertEqual((field.fieldtype, field.unique), ("Data", 1))
        self.assertFalse(frappe.get_meta(AUTH).has_field("no_such_field"))
        self.assertEqual(frappe.get_meta(AUTH).get_table_fields(), [])

    def test_realtime_and_logger_do_not_raise(self) -> None:
        frappe.publish_realtime("conformance", {"a": 1}, doctype=AUTH, docname="x", after_commit=True)
        frappe.publish_realtime("conformance", {"a": 1}, user="Administrator")
        frappe.logger("picortex_xero").warning("conformance")

    def test_every_symbol_and_keyword_of_the_manifest_exists(self) -> None:
        if not MANIFEST.exists():
            self.skipTest(f"the app is installed without its repository: no {MANIFEST.name}")
        missing = [problem for item in json.loads(MANIFEST.read_text("utf-8"))["functions"].items() for problem in _missing(*item)]
        self.assertEqual(missing, [])


class TestWorker(HostTestCase):
    """What becomes of a job. Skipped, by name, where no worker takes it within ten seconds."""

    def finished(self, key: str, fail: bool) -> str:
        """Enqueue the job and wait for its end; the job's status."""
        job = frappe.enqueue("picortex_xero.tests.conformance.job", queue="short", key=key, fail=fail)
        deadline = time.monotonic() + 10
        while str(job.get_status(refresh=True)) in ("queued", "started"):
            if time.monotonic() > deadline:
                job.delete()
                self.skipTest("no worker took the job")
            time.sleep(0.05)
        return str(job.get_status(refresh=True)).removeprefix("JobStatus.").lower()

    def test_a_job_runs_as_who_enqueued_it_and_is_committed(self) -> None:
        key = frappe.generate_hash(length=20)
        frappe.set_user("Guest")
        self.assertIsNone(frappe.db.exists(AUTH, {"subject_key": key}))  # this read fixes what the transaction sees
        self.assertEqual(self.finished(key, fail=False), "finished")
        self.assertIsNone(frappe.db.exists(AUTH, {"subject_key": key}))
        frappe.db.rollback()
        row = frappe.db.get_value(AUTH, {"subject_key": key}, ["name", "refresh_owner"], as_dict=True)
        self.committed(AUTH, row.name)
        self.assertEqual(row.refresh_owner, "Guest")

    def test_a_job_that_raises_is_rolled_back_and_logged(self) -> None:
        key = frappe.generate_hash(length=20)
        self.assertEqual(self.finished(key, fail=True), "failed")
        frappe.db.rollback()
        self.assertIsNone(frappe.db.exists(AUTH, {"subject_key": key}))
        logged = frappe.get_all("Error Log", filters={"error": ["like", f"%{key}%"]}, fields=["name", "method"])
        self.assertEqual([row.method for row in logged], ["picortex_xero.tests.conformance.job"])
        self.committed("Error Log", logged[0].name)


def _missing(symbol: str, keywords: list[str]) -> list[str]:
    """What the running host lacks of one manifest entry."""
    if symbol.startswith("frappe.get_meta()"):
        thing: Any = getattr(frappe.get_meta("Role"), symbol.rpartition(".")[2], None)
    else:
        try:
            thing = frappe.get_attr(symbol) if symbol.count(".") == 1 else _walk(symbol)
        except AttributeError as error:
            return [f"{symbol}: {error}"]
    parameters = inspect.signature(thing).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return []
    named = [keyword for keyword in keywords if keyword not in ("*", "**")]
    return [f"{symbol}({keyword}=)" for keyword in named if keyword not in parameters]


def _walk(symbol: str) -> Any:
    """What a dotted name leads to: a module as far as there are modules, then attributes."""
    parts = symbol.split(".")
    for end in range(len(parts) - 1, 0, -1):
        with contextlib.suppress(ModuleNotFoundError):
            return functools.reduce(getattr, parts[end:], importlib.import_module(".".join(parts[:end])))
    raise AttributeError(symbol)


class TestMail(HostTestCase):
    """E-mails are queued in the transaction, or refused where nothing sends any."""

    def test_an_email_is_queued_or_refused_at_once(self) -> None:
        before = frappe.db.count("Email Queue")
        try:
            frappe.sendmail(
                recipients=["reader@picortex.example"],
                subject="What waits",
                message="Look",
                attachments=[{"fname": "look.pdf", "fcontent": b"%PDF-1.4"}],
                reference_doctype="User",
                reference_name="Administrator",
            )
        except Exception as refused:
            self.assertEqual(type(refused).__name__, "OutgoingEmailError")
            return
        self.assertEqual(frappe.db.count("Email Queue"), before + 1)
