"""A bank's statement file on a real ERPNext: shown before anything is made, imported once, resumed, taken back; and for whom."""

from __future__ import annotations

import os
import time
from typing import Any
from unittest import mock

import frappe
from frappe.utils import add_days, nowdate

from picortex_xero.api import statement_import as api
from picortex_xero.engine import jobs, slices
from picortex_xero.statement_import import work
from picortex_xero.tests.bench.books import Books, ensure
from picortex_xero.tests.bench.case import BenchCase, measured, on_bench
from picortex_xero.tests.bench.people import acting_as, dismiss, person

IMPORT, LINE, BANK_LINE = "Xero Statement Import", "Xero Statement Line", "Bank Transaction"
HEADER = "Date,Amount,Payee,Particulars,Reference,Balance"


@on_bench
class TestStatementImport(BenchCase):
    """A company with a bank account in NZD."""

    books: Books
    bank: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        frappe.set_user("Administrator")
        cls.books = Books.create()
        queue = mock.patch.object(slices, "queue")
        queue.start()
        cls.addClassCleanup(queue.stop)

    def setUp(self) -> None:
        super().setUp()
        frappe.set_user("Administrator")
        name = f"Statement {frappe.generate_hash(length=6)}"
        ensure("Bank", "Bench Bank", bank_name="Bench Bank")
        # ERPNext lets one bank account stand for a ledger account.
        parent = self.books.of("Bank Accounts")
        ledger = {
            "doctype": "Account",
            "account_name": name,
            "company": self.books.company,
            "parent_account": parent,
            "account_type": "Bank",
        }
        account = frappe.get_doc({**ledger, "account_currency": "NZD"}).insert().name
        self.bank = str(
            frappe.get_doc(
                {
                    "doctype": "Bank Account", "account_name": name, "bank": "Bench Bank", "is_company_account": 1, "company": self.books.company,
                    "account": account, "bank_account_no": "01-0123-0123456-00",
                }
            ).insert().name
        )  # fmt: skip
        frappe.db.commit()

    def uploaded(self, content: str | bytes, name: str = "statement.csv", owner: str = "Administrator") -> str:
        with acting_as(owner):
            file = {"doctype": "File", "file_name": f"{frappe.generate_hash(length=5)}-{name}", "is_private": 1, "content": content}
            return str(frappe.get_doc(file).insert(ignore_permissions=True).file_url)

    def draft(self, content: str | bytes, **values: Any) -> Any:
        url = self.uploaded(content)
        doc = frappe.get_doc({"doctype": IMPORT, "bank_account": self.bank, "statement_file": url, **values}).insert()
        frappe.db.commit()
        return doc

    def csv(self, count: int, start: int = 0, opening: int = 1000) -> str:
        """Lines of 10.00 in, three a day, the oldest first: opening balance `opening` before the first."""
        rows = [HEADER]
        for at in range(start, start + count):
            day = add_days("2026-01-13", at // 3)
            rows.append(f"{day},10.00,Payer {at},Invoice {at},INV-{at},{opening + 10 * (at + 1)}.00")
        return "\n".join(rows)

    def through(self, doc: Any, rounds: int = 5) -> Any:
        for _ in range(rounds):
            jobs.go_on(IMPORT, doc.name)
            doc.reload()
            if doc.state != "Running":
                return doc
        self.fail(f"still {doc.state}")

    def imported(self, content: str | bytes, **values: Any) -> Any:
        doc = self.draft(content, **values)
        self.assertTrue(api.start(statement_import=doc.name))
        frappe.db.commit()
        return self.through(doc)

    def transactions(self, **filters: Any) -> list[dict[str, Any]]:
        fields = [
            "name",
            "date",
            "deposit",
            "withdrawal",
            "description",
            "reference_number",
            "transaction_id",
            "docstatus",
            "bank_party_name",
            "currency",
        ]
        return list(frappe.get_all(BANK_LINE, filters={"bank_account": self.bank, **filters}, fields=fields, order_by="date asc, name asc"))

    def test_a_file_is_shown_and_then_imported(self) -> None:
        doc = self.draft(self.csv(7))
        self.assertEqual((doc.state, doc.file_format, doc.lines, doc.fresh, doc.total), ("Draft", "CSV", 7, 7, 70))
        self.assertEqual((doc.opening_balance, doc.closing_balance), (1000, 1070))
        self.assertEqual((doc.date_column, doc.amount_column, doc.balance_column), ("1: Date", "2: Amount", "6: Balance"))
        self.assertEqual(self.transactions(), [], "nothing before somebody presses Import")
        self.assertTrue(api.start(statement_import=doc.name))
        frappe.db.commit()
        self.through(doc)
        self.assertEqual((doc.state, doc.made, doc.fresh, doc.there), ("Done", 7, 0, 0), doc.as_dict())
        rows = self.transactions()
        self.assertEqual({row["docstatus"] for row in rows}, {1})
        self.assertEqual(
            (rows[0]["deposit"], rows[0]["reference_number"], rows[0]["bank_party_name"], rows[0]["currency"]),
            (10, "INV-0", "Payer 0", "NZD"),
        )
        self.assertEqual(len({row["transaction_id"] for row in rows}), 7)
        self.assertIn("come to the same", doc.compared)
        self.assertFalse(api.start(statement_import=doc.name), "nothing is left to do")

    def test_files_that_overlap_double_nothing(self) -> None:
        self.imported(self.csv(9))
        doc = self.imported(self.csv(9, 6, 1000))
        self.assertEqual((doc.made, doc.there), (6, 3))
        self.assertEqual(len(self.transactions()), 15)
        again = self.imported(self.csv(9))
        self.assertEqual((again.made, again.there), (0, 9))

    def test_what_came_another_way_waits_for_a_person(self) -> None:
        plaid = {
            "doctype": BANK_LINE,
            "bank_account": self.bank,
            "company": self.books.company,
            "currency": "NZD",
            "date": "2026-01-13",
            "deposit": 10,
        }
        frappe.get_doc({**plaid, "description": "Payer 1 invoice", "transaction_id": frappe.generate_hash()}).submit()
        doc = self.imported(self.csv(3))
        self.assertEqual((doc.made, doc.perhaps), (2, 1))
        (line,) = frappe.get_all(LINE, filters={"statement_import": doc.name, "state": "Perhaps There"}, fields=["name", "party_name"])
        self.assertEqual(line["party_name"], "Payer 1")
        self.assertEqual(api.decide(statement_import=doc.name, lines=[line["name"]], wanted=1), 1)
        frappe.db.commit()
        self.through(doc)
        self.assertEqual((doc.made, doc.perhaps, len(self.transactions())), (3, 0, 4))

    def test_it_goes_on_after_a_worker_that_died(self) -> None:
        doc = self.draft(self.csv(120))
        api.start(statement_import=doc.name)
        frappe.db.commit()
        real, seen = work._make, []

        def dies(row: dict[str, Any], line: dict[str, Any]) -> None:
            seen.append(line["name"])
            if len(seen) == 70:
                raise KeyboardInterrupt
            real(row, line)

        with mock.patch.object(work, "_make", dies), self.assertRaises(KeyboardInterrupt):
            work.go_on(doc.name, time.monotonic() + 600)
        frappe.db.rollback()
        frappe.set_user("Administrator")
        self.assertEqual(len(self.transactions()), 50, "whole batches stand")
        frappe.db.set_value(IMPORT, doc.name, "due_at", "2020-01-01")
        frappe.db.commit()
        self.through(doc)
        self.assertEqual((doc.state, doc.made, len(self.transactions())), ("Done", 120, 120))

    def test_taken_back_but_for_what_is_reconciled(self) -> None:
        doc = self.imported(self.csv(4))
        kept = self.transactions()[0]["name"]
        frappe.db.set_value(BANK_LINE, kept, "allocated_amount", 10)
        frappe.db.commit()
        self.assertTrue(api.take_back(statement_import=doc.name))
        frappe.db.commit()
        self.through(doc)
        self.assertEqual((doc.state, doc.taken_away, doc.kept), ("Done", 3, 1), doc.as_dict())
        self.assertEqual([row["name"] for row in self.transactions()], [kept])
        with self.assertRaises(frappe.ValidationError):
            frappe.delete_doc(IMPORT, doc.name)
        frappe.db.set_value(BANK_LINE, kept, "allocated_amount", 0)
        api.take_back(statement_import=doc.name)
        frappe.db.commit()
        self.through(doc)
        self.assertEqual((doc.state, self.transactions()), ("Taken Back", []))
        self.assertEqual(self.imported(self.csv(4)).made, 4, "and the same file comes again")

    def test_dates_that_could_be_either_are_asked_and_remembered(self) -> None:
        text = "Date,Amount,Details\n03/04/2026,-5.00,Coffee\n04/04/2026,-6.00,Tea"
        doc = self.draft(text)
        self.assertIn("day first or month first", doc.reason)
        self.assertEqual((doc.lines, doc.date_order), (0, ""))
        with self.assertRaises(frappe.ValidationError):
            api.start(statement_import=doc.name)
        doc.reload()
        doc.date_order = "Day First"
        doc.save()
        self.assertEqual((doc.reason, doc.lines, str(doc.from_date)), ("", 2, "2026-04-03"))
        api.start(statement_import=doc.name)
        frappe.db.commit()
        self.through(doc)
        following = self.draft("Date,Amount,Details\n05/04/2026,-7.00,Cake")
        self.assertEqual((following.date_order, str(following.from_date)), ("Day First", "2026-04-05"))

    def test_another_account_and_another_currency(self) -> None:
        text = "Account,Date,Amount,Details\n12-3456-7654321-00,2026-04-03,-5.00,Coffee"
        doc = self.draft(text)
        self.assertIn("12-3456-7654321-00", doc.account_doubt)
        with self.assertRaises(frappe.ValidationError):
            api.start(statement_import=doc.name)
        right = self.draft(text.replace("12-3456-7654321-00", "01 0123 0123456 00"))
        self.assertFalse(right.account_doubt)
        other = self.draft("Date,Amount,Currency,Details\n2026-04-03,-5.00,USD,Coffee")
        self.assertIn("USD", other.reason)
        self.assertEqual(other.lines, 0)

    def test_hostile_and_wrong_files(self) -> None:
        entities = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Document>&b;</Document>'
        before = frappe.db.count(IMPORT)
        for content in (entities, b"%PDF-1.4 nothing", b"PK\x03\x04 nothing", b"\x00\x01\x02\x03,\xff\xfe\xfd"):
            with self.assertRaises(frappe.ValidationError):
                self.draft(content)
            frappe.db.rollback()
        for url in ("/private/files/../../site_config.json", "https://example.com/a.csv", "/private/files/not-there.csv"):
            with self.assertRaises(frappe.ValidationError):
                frappe.get_doc({"doctype": IMPORT, "bank_account": self.bank, "statement_file": url}).insert()
            frappe.db.rollback()
        self.assertEqual(frappe.db.count(IMPORT), before)
        # Any text may be a CSV: it stays, so that its columns can be chosen, and is not imported.
        doc = self.draft("x" * 10)
        self.assertEqual((doc.lines, doc.fresh), (0, 0))
        with self.assertRaises(frappe.ValidationError):
            api.start(statement_import=doc.name)

    def test_what_a_browser_sends_for_our_fields_does_not_count(self) -> None:
        other = frappe.get_all("Company", filters={"name": ("!=", self.books.company)}, pluck="name", limit=1)[0]
        doc = self.draft(self.csv(2), state="Done", made=99, company=other, due_at=nowdate(), phase="Taking Back")
        self.assertEqual((doc.state, doc.made, doc.company, doc.phase), ("Draft", 0, self.books.company, ""))

    def test_who_may(self) -> None:
        both = person("statement-both", "Xero Accountant", "Accounts Manager")
        ours = person("statement-ours", "Xero Accountant")
        other = person("statement-other", "Xero Accountant", "Accounts Manager")
        self.addCleanup(dismiss, both, ours, other)
        away = frappe.get_all("Company", filters={"name": ("!=", self.books.company)}, pluck="name", limit=1)[0]
        frappe.get_doc({"doctype": "User Permission", "user": other, "allow": "Company", "for_value": away}).insert()
        frappe.db.commit()
        url = self.uploaded(self.csv(3), owner=both)
        with acting_as(both):
            doc = frappe.get_doc({"doctype": IMPORT, "bank_account": self.bank, "statement_file": url}).insert()
            frappe.db.commit()
        for user in (ours, other):
            mine = self.uploaded(self.csv(2), owner=user)
            with acting_as(user), self.assertRaises(frappe.PermissionError):
                frappe.get_doc({"doctype": IMPORT, "bank_account": self.bank, "statement_file": mine}).insert()
            frappe.db.rollback()
            with acting_as(user), self.assertRaises(frappe.PermissionError):
                api.start(statement_import=doc.name)
            frappe.db.rollback()
        with acting_as(other):
            for call in (api.lines, api.stop, api.take_back):
                with self.assertRaises(frappe.PermissionError):
                    call(statement_import=doc.name)
            with self.assertRaises(frappe.PermissionError):
                api.decide(statement_import=doc.name, lines=[], wanted=1)
        with acting_as(both):
            self.assertTrue(api.start(statement_import=doc.name))
            frappe.db.commit()
        self.through(doc)
        self.assertEqual((doc.made, {row["docstatus"] for row in self.transactions()}), (3, {1}))
        self.assertEqual(frappe.get_all(BANK_LINE, filters={"bank_account": self.bank}, pluck="owner"), [both] * 3)
        url = self.uploaded("Date,Amount,Details\n2026-04-03,-5.00,Secret")
        with acting_as(ours), self.assertRaises(frappe.ValidationError):
            api_file(url)

    def test_many_lines(self) -> None:
        many = int(os.environ.get("STATEMENT_LINES") or 2000)
        begun = time.monotonic()
        doc = self.draft(self.csv(many))
        shown = time.monotonic()
        api.start(statement_import=doc.name)
        frappe.db.commit()
        self.through(doc)
        self.assertEqual(doc.made, many)
        measured(
            f"statement import: {many:,} lines", {"shown_s": round(shown - begun, 1), "imported_s": round(time.monotonic() - shown, 1)}
        )


def api_file(url: str) -> bytes:
    """What the import reads of a file that the user may not read."""
    from picortex_xero.statement_import import facts
    from picortex_xero.statements.values import Unreadable

    try:
        return facts.content(url)
    except Unreadable as unreadable:
        raise frappe.ValidationError(str(unreadable)) from unreadable
