"""On a real ERPNext: payroll and employees never go to Xero, files keep their bytes, renamed parties keep their contacts."""

from __future__ import annotations

import json
import secrets
import unittest
from typing import Any

import frappe
import httpx
from frappe.utils import add_days, nowdate

from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import ensure, submit
from picortex_xero.tests.bench.case import XERO_ADDRESS, BenchCase, on_bench

WAGE = 4321.09
FILES = ("attach_bill_files",)


def small_pdf() -> bytes:
    """A whole PDF that reads as text in one of the encodings that Frappe 16 tries; it takes no broken one."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        b"<< /Title (caf\xe9 " + secrets.token_hex(4).encode() + b") >>",
    ]
    made, places = b"%PDF-1.4\r\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\r\n" % number + part + b"\r\nendobj\r\n"
    table = b"xref\r\n0 5\r\n0000000000 65535 f\r\n" + b"".join(b"%010d 00000 n\r\n" % place for place in places)
    return made + table + b"trailer\r\n<< /Size 5 /Root 1 0 R /Info 4 0 R >>\r\nstartxref\r\n%d\r\n%%%%EOF\r\n" % len(made)


class Shared(BenchCase):
    """The company, its organisation and its connection of this run."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, cls.organisation, cls.connection = xero.shared()

    def drained(self) -> None:
        self.wait_for_worker(self.connection, 90, sweeping=True)

    def journal(self, rows: list[dict[str, Any]], **fields: Any) -> Any:
        """A submitted Journal Entry over the company's accounts, amounts as debits."""
        typed = [
            {
                "account": self.books.of(row.pop("symbol")),
                ("debit" if row["amount"] > 0 else "credit") + "_in_account_currency": abs(row.pop("amount")),
                "cost_center": self.books.of("Main"),
                **row,
            }
            for row in rows
        ]
        day = add_days(nowdate(), -3)
        head = {"doctype": "Journal Entry", "company": self.books.company, "posting_date": day, "accounts": typed}
        return submit(frappe.get_doc({**head, **fields}))


@on_bench
class TestPeople(Shared):
    """Payroll: every account is mapped, so that nothing but the app's own rule keeps it from Xero."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        books = cls.books
        ensure("Account", books.of("Wages Owed"), account_name="Wages Owed", company=books.company, account_type="Payable",
               parent_account=books.of("Accounts Payable"))  # fmt: skip
        ensure("Account", books.of("Wages"), account_name="Wages", company=books.company, parent_account=books.of("Indirect Expenses"))
        for symbol, code in (("Wages Owed", "814"), ("Wages", "477")):
            if not frappe.db.exists("Xero Account Mapping", {"connection": cls.connection, "account": books.of(symbol)}):
                values = {"connection": cls.connection, "account": books.of(symbol), "xero_account_code": code}
                frappe.get_doc({"doctype": "Xero Account Mapping", **values}).insert()
        cls.named = f"Aroha {secrets.token_hex(3)}"
        person = {"first_name": cls.named, "gender": "Female", "date_of_birth": "1990-02-03", "date_of_joining": "2020-01-01"}
        cls.employee = frappe.get_doc({"doctype": "Employee", "company": books.company, "status": "Active", **person}).insert().name
        frappe.db.commit()

    def held(self, doc: Any, code: str) -> None:
        self.drained()
        steps = self.steps(reference_name=doc.name)
        self.assertEqual({(step["state"], step["reason_code"], float(step["amount"])) for step in steps}, {("Held", code, 0.0)})
        self.nothing_of_it()

    def nothing_of_it(self) -> None:
        """Neither at Xero nor in rows of ours."""
        there = json.dumps([self.organisation.read(each) for each in ("ManualJournals", "BankTransactions", "Contacts")], default=str)
        ours = json.dumps(
            [frappe.get_all(each, fields=["*"]) for each in ("Xero Outbox Entry", "Xero Sync Log", "Xero Attempt")], default=str
        )
        for secret in (self.named, self.employee, "4321.09"):
            self.assertNotIn(secret, there)
            self.assertNotIn(secret, ours)

    def test_an_employee_is_known_by_name(self) -> None:
        """Whom a journal says that money was paid to."""
        from picortex_xero.documents.journal_entry import facts

        def known(typed: str | None) -> set[str]:
            return facts._employees({("Journal Entry", "JV"): {"pay_to_recd_from": typed}})

        name = frappe.db.get_value("Employee", self.employee, "employee_name")
        self.assertEqual(known(f" {name} "), {name})
        self.assertEqual(known("Nobody At All Ltd"), set())
        self.assertEqual(known(None), set())

    def payroll_entry(self) -> str:
        """A Payroll Entry to refer to; HRMS makes its journal in the form that is written here (payroll_entry.py, make_accrual_jv_entry)."""
        day = add_days(nowdate(), -3)
        fields = {
            "company": self.books.company,
            "posting_date": day,
            "start_date": day,
            "end_date": day,
            "currency": "NZD",
            "exchange_rate": 1,
        }
        fields |= {
            "payroll_frequency": "Monthly",
            "payroll_payable_account": self.books.of("Wages Owed"),
            "cost_center": self.books.of("Main"),
        }
        doc = frappe.get_doc({"doctype": "Payroll Entry", **fields})
        doc.flags.ignore_mandatory = doc.flags.ignore_validate = True
        return str(doc.insert().name)

    def test_1_a_payroll_journal_per_employee_and_its_bank_entry_are_held(self) -> None:
        if not frappe.db.exists("DocType", "Payroll Entry"):
            raise unittest.SkipTest("HRMS is not on this site")
        refers = {"reference_type": "Payroll Entry", "reference_name": self.payroll_entry()}
        person = {"party_type": "Employee", "party": self.employee}
        accrual = [{"symbol": "Wages", "amount": WAGE}, {"symbol": "Wages Owed", "amount": -WAGE, **refers, **person}]
        doc = self.journal(accrual, user_remark=f"Salary of {self.named}", title=self.named)
        self.held(doc, "journal-payroll")
        paid = [{"symbol": "Wages Owed", "amount": WAGE, **refers, **person}, {"symbol": "Trading Account", "amount": -WAGE}]
        bank = self.journal(paid, voucher_type="Bank Entry", cheque_no="1", cheque_date=nowdate())
        self.held(bank, "journal-payroll")
        from erpnext.accounts.doctype.journal_entry.journal_entry import make_reverse_journal_entry

        back = make_reverse_journal_entry(doc.name)
        back.posting_date = doc.posting_date
        self.held(submit(back), "journal-payroll")
        doc.reload()
        bank.cancel()
        frappe.db.commit()
        self.drained()
        self.assertEqual({step["state"] for step in self.steps(reference_name=bank.name)}, {"Superseded"})
        self.nothing_of_it()

    def test_2_an_employee_in_any_row_or_as_the_party_is_held(self) -> None:
        person = {"party_type": "Employee", "party": self.employee}
        rows = [{"symbol": "Wages", "amount": WAGE}, {"symbol": "Wages Owed", "amount": -WAGE, **person}]
        self.held(self.journal(rows), "journal-employee")
        fields = {"payment_type": "Pay", "company": self.books.company, "posting_date": add_days(nowdate(), -3), **person}
        fields |= {"paid_from": self.books.of("Trading Account"), "paid_to": self.books.of("Wages Owed"), "paid_amount": WAGE}
        fields |= {"received_amount": WAGE, "source_exchange_rate": 1, "target_exchange_rate": 1, "reference_no": self.named}
        self.held(submit(frappe.get_doc({"doctype": "Payment Entry", "reference_date": nowdate(), **fields})), "payment-other-party")


@on_bench
class TestFilesAsTheyAre(Shared):
    """What is on the disk is what arrives."""

    CONTENTS = (
        ("small.pdf", small_pdf()),
        ("bom.csv", b"\xef\xbb\xbfDate;Amount\r\n1;2\r\n"),
        ("cp1252.txt", b"Na\xefve \x80 9.50\r\nend"),
        ("utf16.csv", "Tōtara;7 €\r\n".encode("utf-16")),
        ("nulls.doc", b"\x00\x01\x02\x00"),
        ("plain #1 50%25 ü & b.txt", "Tōtara: 7 €\r\n\n\r".encode()),
    )

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        xero.follow_files(cls, cls.connection, *FILES)

    def test_every_byte_arrives(self) -> None:
        bill = submit(self.books.invoice(False, [("GATE", 1, 36)]))
        sent = {}
        for at, (name, content) in enumerate(self.CONTENTS):
            values = {"doctype": "File", "file_name": name, "content": content, "is_private": at % 2}
            file = frappe.get_doc({**values, "attached_to_doctype": bill.doctype, "attached_to_name": bill.name}).insert()
            sent[file.name[:6]] = content
        frappe.db.commit()
        self.drained()
        states = [(row["state"], row["reason"]) for row in self.steps(reference_name=bill.name) if row["role"].startswith("attachment")]
        self.assertEqual(states, [("Synced", "")] * len(sent), states)
        link = frappe.db.get_value("Xero Link", {"reference_name": bill.name, "endpoint": "Invoices"}, "xero_id")
        listed = self.read(f"Invoices/{link}/Attachments").json()["Attachments"]
        self.assertEqual(len(listed), len(sent))
        for each in listed:
            content = sent[each["FileName"].rpartition(".")[0][-6:]]
            self.assertEqual(each["ContentLength"], len(content), each["FileName"])
            self.assertEqual(self.read(f"Invoices/{link}/Attachments/{each['FileName']}").content, content, each["FileName"])

    def read(self, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.organisation.token}", "Xero-Tenant-Id": self.organisation.tenant}
        return httpx.get(f"{XERO_ADDRESS}/api.xro/2.0/{path}", headers={**headers, "Accept": "application/json"}, timeout=60)


@on_bench
class TestRenames(Shared):
    """Through Frappe's own rename, with whatever it makes of its own links."""

    def test_1_the_next_invoice_of_a_renamed_party_goes_to_its_contact(self) -> None:
        for sale, kind in ((True, "Customer"), (False, "Supplier")):
            with self.subTest(kind):
                old, new = f"{self.books.abbr} Old {kind}", f"{self.books.abbr} New {kind}"
                self._party(kind, old)
                first = submit(self._invoice(sale, old))
                self.drained()
                contacts = len(self.organisation.read("Contacts"))
                # Before the rename: where the host leaves its own ledger under the old name, it cannot cancel this one any more.
                self.cancelled(first, frappe.db.get_value("Xero Link", {"reference_name": first.name, "role": "invoice"}, "xero_id"))
                frappe.rename_doc(kind, old, new, show_alert=False)
                frappe.db.commit()
                # The way back and forth again: any number of times.
                frappe.rename_doc(kind, new, f"{new} 2", show_alert=False)
                frappe.rename_doc(kind, f"{new} 2", new, show_alert=False)
                frappe.db.commit()
                second = submit(self._invoice(sale, new))
                self.drained()
                self.assertEqual(len(self.organisation.read("Contacts")), contacts)
                found = frappe.get_all("Xero Link", filters={"reference_doctype": kind, "reference_name": new}, pluck="xero_id")
                self.assertEqual(len(found), 1)
                for ours in ("Xero Link", "Xero Outbox Entry", "Xero Sync Log"):
                    self.assertEqual(frappe.get_all(ours, filters={"reference_doctype": kind, "reference_name": old}), [], ours)
                shown = {each["InvoiceID"]: each["Contact"]["ContactID"] for each in self.organisation.read("Invoices")}
                links = [
                    frappe.db.get_value("Xero Link", {"reference_name": doc.name, "role": "invoice"}, "xero_id") for doc in (first, second)
                ]
                self.assertEqual({shown[each] for each in links}, set(found))
                self.cancelled(second, links[1])

    def test_2_mappings_follow_a_renamed_account_cost_centre_and_template(self) -> None:
        from picortex_xero.engine import chosen

        for doctype, symbol in (("Account", "GST"), ("Cost Center", "South"), ("Item Tax Template", "Zero-rated")):
            with self.subTest(doctype):
                old, new = self.books.of(symbol), self.books.of(f"{symbol} + 2")
                before = chosen.mapping(frappe.get_doc("Xero Connection", self.connection))
                frappe.rename_doc(doctype, old, new, force=True, show_alert=False)
                after = chosen.mapping(frappe.get_doc("Xero Connection", self.connection))
                self.assertNotEqual(repr(before), repr(after))
                self.assertEqual(repr(after).count(new), repr(before).count(old))
                for kind in ("Account", "Tax", "Payment", "Deduction", "Tracking"):
                    for name in frappe.get_all(f"Xero {kind} Mapping", filters={"connection": self.connection}, pluck="name"):
                        row = frappe.get_doc(f"Xero {kind} Mapping", name)
                        key = row.host_key
                        row.save()
                        self.assertEqual(row.host_key, key, f"{kind} {name}")
                frappe.rename_doc(doctype, new, old, force=True, show_alert=False)
                frappe.db.commit()
                self.assertEqual(repr(chosen.mapping(frappe.get_doc("Xero Connection", self.connection))), repr(before))

    def cancelled(self, doc: Any, xero_id: str) -> None:
        """Cancelled here, it is voided in Xero; nothing of these tests stays open for later ones."""
        doc.reload()
        doc.cancel()
        frappe.db.commit()
        self.drained()
        self.assertEqual([each["Status"] for each in self.organisation.read("Invoices") if each["InvoiceID"] == xero_id], ["VOIDED"])

    def _party(self, kind: str, name: str) -> None:
        field = kind.lower()
        groups = {
            "Customer": {"customer_group": "All Customer Groups", "territory": "All Territories"},
            "Supplier": {"supplier_group": "All Supplier Groups"},
        }
        ensure(kind, name, **{f"{field}_name": name, f"{field}_type": "Company"}, default_currency="NZD", **groups[kind])
        frappe.db.commit()

    def _invoice(self, sale: bool, party: str) -> Any:
        return self.books.invoice(sale, [("PANEL" if sale else "GATE", 1, 37)], **{"customer" if sale else "supplier": party})
