"""Lines of vouchers besides payments and journals: an invoice paid on the spot, a bill that was paid already, an expense claim that is paid by its line."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe.utils import add_days, nowdate

from picortex_xero.api import bank_matching
from picortex_xero.tests.bench.bank_lines import Bank
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import BenchCase, on_bench


@on_bench
class TestOtherVouchers(BenchCase):
    """One company's bank account."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.bank = Bank()
        cls.books = cls.bank.books
        mode = frappe.get_doc("Mode of Payment", "Wire Transfer")
        mode.append("accounts", {"company": cls.books.company, "default_account": cls.books.of("Trading Account")})
        mode.save()
        frappe.db.commit()

    def matched(self, line: Any, doctype: str, name: str) -> str:
        """The first reading is this voucher; it is accepted, and the line is whole. Returns the act."""
        self.bank.propose()
        frappe.db.rollback()
        reading = bank_matching.line(line.name)["readings"][0]
        self.assertEqual([(doctype, name)], [(each["doctype"], each["name"]) for each in reading["parts"]])
        act = str(bank_matching.accept(line.name, reading["key"])["act"])
        frappe.db.commit()
        self.assertEqual(0, frappe.db.get_value("Bank Transaction", line.name, "unallocated_amount"))
        return act

    def undone(self, act: str, line: Any, left: float) -> None:
        bank_matching.undo(act)
        frappe.db.commit()
        self.assertEqual(left, frappe.db.get_value("Bank Transaction", line.name, "unallocated_amount"))

    def test_a_sale_paid_on_the_spot(self) -> None:
        paid = {"payments": [{"mode_of_payment": "Wire Transfer", "account": self.books.of("Trading Account"), "amount": 46.0}]}
        sale = submit(self.books.invoice(True, [("PANEL", 1, 46.0)], -6, included=True, is_pos=1, **paid))
        line = self.bank.line(46.0, f"EFTPOS {sale.name}", day=-5)
        act = self.matched(line, "Sales Invoice", sale.name)
        cleared = {"parent": sale.name, "parenttype": "Sales Invoice"}
        self.assertEqual(str(line.date), str(frappe.db.get_value("Sales Invoice Payment", cleared, "clearance_date")))
        again = self.bank.line(46.0, f"EFTPOS {sale.name}", day=-4)
        self.bank.propose()
        self.assertNotIn(
            "Sales Invoice", [part["doctype"] for each in bank_matching.line(again.name)["readings"] for part in each["parts"]]
        )
        self.undone(act, line, 46.0)
        self.assertIsNone(frappe.db.get_value("Sales Invoice Payment", cleared, "clearance_date"))

    def test_a_bill_that_was_paid_with_its_entry(self) -> None:
        paid = {
            "is_paid": 1,
            "mode_of_payment": "Wire Transfer",
            "cash_bank_account": self.books.of("Trading Account"),
            "paid_amount": 92.0,
        }
        bill = submit(self.books.invoice(False, [("PANEL", 1, 92.0)], -6, included=True, **paid))
        line = self.bank.line(-92.0, f"BENCH SUPPLIER {bill.bill_no}", day=-5)
        act = self.matched(line, "Purchase Invoice", bill.name)
        self.assertEqual(str(line.date), str(frappe.db.get_value("Purchase Invoice", bill.name, "clearance_date")))
        self.undone(act, line, 92.0)
        self.assertIsNone(frappe.db.get_value("Purchase Invoice", bill.name, "clearance_date"))

    def test_an_expense_claim_is_paid_by_its_line(self) -> None:
        if not frappe.db.exists("DocType", "Expense Claim"):
            self.skipTest("HRMS is not on this bench")
        claim = self.claim(63.5)
        line = self.bank.line(-63.5, f"REIMBURSEMENT {claim.name}", day=-3)
        act = self.matched(line, "Expense Claim", claim.name)
        ((doctype, name),) = json.loads(frappe.db.get_value("Xero Bank Act", act, "done"))["made"]
        payment = frappe.get_doc(doctype, name)
        self.assertEqual(
            ("Payment Entry", 1, "Employee", 63.5, "Expense Claim"),
            (doctype, payment.docstatus, payment.party_type, payment.paid_amount, payment.references[0].reference_doctype),
        )
        self.assertEqual((63.5, "Paid"), frappe.db.get_value("Expense Claim", claim.name, ["total_amount_reimbursed", "status"]))
        self.undone(act, line, 63.5)
        self.assertEqual(0, frappe.db.get_value("Expense Claim", claim.name, "total_amount_reimbursed"))

    def claim(self, amount: float) -> Any:
        """An approved claim of an employee of the company."""
        # HRMS gives an approver this role, and leaves it.
        of_approver = {"parent": "Administrator", "role": "Expense Approver"}
        if not frappe.db.exists("Has Role", of_approver):
            self.addCleanup(frappe.db.commit)
            self.addCleanup(frappe.db.delete, "Has Role", of_approver)
        employee = frappe.get_doc(
            {
                "doctype": "Employee", "first_name": f"Ada {self.books.abbr}", "company": self.books.company, "gender": "Female",
                "date_of_birth": "1990-01-01", "date_of_joining": "2020-01-01", "status": "Active", "expense_approver": "Administrator",
            }
        ).insert()  # fmt: skip
        kind = f"Taxi {self.books.abbr}"
        accounts = [{"company": self.books.company, "default_account": self.books.of("Travel Expenses")}]
        frappe.get_doc({"doctype": "Expense Claim Type", "expense_type": kind, "accounts": accounts}).insert()
        day = add_days(nowdate(), -6)
        expense = {
            "expense_type": kind,
            "expense_date": day,
            "amount": amount,
            "sanctioned_amount": amount,
            "cost_center": self.books.of("Main"),
        }
        values = {
            "employee": employee.name, "company": self.books.company, "posting_date": day, "expense_approver": "Administrator", "approval_status": "Approved",
            "payable_account": self.books.of("Creditors"), "cost_center": self.books.of("Main"), "expenses": [expense],
        }  # fmt: skip
        return submit(frappe.get_doc({"doctype": "Expense Claim", **values}))
