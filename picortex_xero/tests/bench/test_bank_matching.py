"""Bank lines with what ERPNext has: proposed with reasons, accepted, written off, split, undone; by two people; in a closed period; with what was cancelled meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils import add_days, nowdate

from picortex_xero.api import bank_matching, bank_tool
from picortex_xero.tests.bench.bank_lines import Bank
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import BenchCase, on_bench


@on_bench
class TestBankMatching(BenchCase):
    """A company's lines, one after the other."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.bank = Bank()

    def told(self, call: Callable[[], Any]) -> str:
        """What a person is told who may not do it, or not any more."""
        with self.assertRaises(frappe.ValidationError) as caught:
            call()
        frappe.db.rollback()
        frappe.clear_messages()
        return str(caught.exception)

    def shown(self, line: Any) -> dict[str, Any]:
        frappe.db.rollback()
        return bank_matching.line(line.name)

    def accept(self, line: Any, at: int = 0) -> str:
        done = bank_matching.accept(line.name, self.shown(line)["readings"][at]["key"])
        frappe.db.commit()
        return str(done["act"])

    def stands(self, line: Any, left: float = 0.0) -> Any:
        frappe.db.rollback()
        found = frappe.get_doc("Bank Transaction", line.name)
        self.assertEqual(found.unallocated_amount, left)
        return found

    def test_an_unpaid_invoice_is_paid_and_that_is_undone(self) -> None:
        invoice = self.bank.sale(115.0)
        line = self.bank.line(115.0, f"PAYMENT {invoice.name}", reference="REF-1")
        self.bank.propose()
        row = self.bank.row(line)
        self.assertEqual(("Proposed", 1), (row.state, row.ready))
        reading = self.shown(line)["readings"][0]
        self.assertIn(invoice.name, reading["why"][0])
        self.assertTrue(reading["pays"])
        act = self.accept(line)
        found = self.stands(line)
        payment = frappe.get_doc("Payment Entry", found.payment_entries[0].payment_entry)
        self.assertEqual(
            ("REF-1", str(line.date), 115.0), (payment.reference_no, str(payment.posting_date), payment.references[0].allocated_amount)
        )
        self.assertEqual(str(payment.clearance_date), str(line.date))
        self.assertEqual(frappe.db.get_value("Sales Invoice", invoice.name, "outstanding_amount"), 0)
        self.assertEqual(self.bank.row(line).state, "Accepted")
        bank_matching.undo(act)
        frappe.db.commit()
        self.stands(line, 115.0)
        self.assertEqual(frappe.db.get_value("Payment Entry", payment.name, "docstatus"), 2)
        self.assertEqual(frappe.db.get_value("Sales Invoice", invoice.name, "outstanding_amount"), 115.0)
        self.bank.propose()
        self.assertEqual(self.bank.row(line).state, "Undone")
        self.assertIn("undone this meanwhile", self.told(lambda: bank_matching.undo(act)))
        self.accept(line)
        self.stands(line)

    def test_what_is_entered_is_matched_and_undone(self) -> None:
        invoice = self.bank.sale(230.0)
        payment = submit(self.bank.books.payment([(invoice, 230.0)], "Trading Account", -4))
        line = self.bank.line(230.0, f"CREDIT {payment.reference_no}", reference=payment.reference_no)
        self.bank.propose()
        act = self.accept(line)
        self.assertEqual(self.stands(line).payment_entries[0].payment_entry, payment.name)
        self.assertEqual(str(frappe.db.get_value("Payment Entry", payment.name, "clearance_date")), str(line.date))
        bank_matching.undo(act)
        frappe.db.commit()
        self.stands(line, 230.0)
        self.assertEqual((1, None), frappe.db.get_value("Payment Entry", payment.name, ["docstatus", "clearance_date"]))

    def test_one_line_for_several_and_several_for_one(self) -> None:
        first, second = self.bank.sale(101.0), self.bank.sale(57.5)
        both = self.bank.line(158.5, f"INV {first.name} {second.name}")
        self.bank.propose()
        self.accept(both)
        self.stands(both)
        self.assertEqual([0, 0], [frappe.db.get_value("Sales Invoice", each.name, "outstanding_amount") for each in (first, second)])
        bill = self.bank.bill(400.0)
        parts = [self.bank.line(-150.0, f"PART {bill.name}"), self.bank.line(-250.0, f"REST {bill.name}")]
        self.bank.propose()
        for each in parts:
            self.accept(each)
            self.stands(each)
        self.assertEqual(frappe.db.get_value("Purchase Invoice", bill.name, "outstanding_amount"), 0)

    def test_cents_and_fees_go_to_the_companys_accounts(self) -> None:
        invoice = self.bank.sale(77.0)
        line = self.bank.line(76.95, f"INV {invoice.name}")
        self.bank.propose()
        self.accept(line)
        payment = frappe.get_doc("Payment Entry", self.stands(line).payment_entries[0].payment_entry)
        self.assertEqual([(self.bank.books.of("Write Off"), 0.05)], [(each.account, each.amount) for each in payment.deductions])
        self.assertEqual(frappe.db.get_value("Sales Invoice", invoice.name, "outstanding_amount"), 0)
        other = self.bank.sale(90.0)
        entered = submit(self.bank.books.payment([(other, 90.0)], "Trading Account", -4))
        less = self.bank.line(87.5, "PAYOUT LESS FEE")
        frappe.db.commit()
        parts = [["Payment Entry", entered.name, 1, "90"]]
        act = bank_matching.put_together(less.name, "87.5", json.dumps(parts), "fee")["act"]
        frappe.db.commit()
        self.stands(less)
        made = json.loads(frappe.db.get_value("Xero Bank Act", act, "done"))["made"]
        self.assertEqual(["Journal Entry"], [each[0] for each in made])
        cleared = [frappe.db.get_value(doctype, name, "clearance_date") for doctype, name in [*made, ["Payment Entry", entered.name]]]
        self.assertEqual([str(less.date)] * 2, [str(each) for each in cleared])
        bank_matching.undo(act)
        frappe.db.commit()
        self.stands(less, 87.5)
        self.assertEqual(2, frappe.db.get_value("Journal Entry", made[0][1], "docstatus"))
        self.assertIsNone(frappe.db.get_value("Payment Entry", entered.name, "clearance_date"))

    def test_a_line_is_split_and_the_rest_stays_open(self) -> None:
        invoice = self.bank.sale(40.0)
        line = self.bank.line(100.0, "COUNTER")
        bank_matching.put_together(line.name, "100", [["Sales Invoice", invoice.name, 0, "30"]])
        frappe.db.commit()
        self.stands(line, 70.0)
        self.assertEqual(frappe.db.get_value("Sales Invoice", invoice.name, "outstanding_amount"), 10.0)
        said = self.told(lambda: bank_matching.put_together(line.name, "70", [["Sales Invoice", invoice.name, 0, "11"]]))
        self.assertIn("Of", said)
        self.assertIn("10", said)

    def test_a_transfer_between_own_accounts_is_entered_once_for_both(self) -> None:
        out = self.bank.line(-500.0, "TRANSFER TO SAVINGS")
        into = self.bank.line(500.0, "TRANSFER FROM TRADING", account=self.bank.savings)
        self.bank.propose()
        self.assertEqual("transfer", self.bank.best(out).kind)
        act = self.accept(out)
        payment = self.stands(out).payment_entries[0].payment_entry
        self.assertEqual(payment, self.stands(into).payment_entries[0].payment_entry)
        self.assertEqual(("Internal Transfer", 500.0), frappe.db.get_value("Payment Entry", payment, ["payment_type", "paid_amount"]))
        self.assertIn("reconciled", self.told(lambda: bank_matching.accept(into.name, "0123456789abcdef")))
        bank_matching.undo(act)
        frappe.db.commit()
        self.stands(out, 500.0)
        self.stands(into, 500.0)

    def test_a_returned_payment_takes_the_earlier_line_back(self) -> None:
        paid = self.bank.line(-66.6, "DIRECT DEBIT POWERCO", day=-6)
        back = self.bank.line(66.6, "RETURNED DIRECT DEBIT POWERCO", day=-4)
        self.bank.propose()
        act = self.accept(back)
        for each in (paid, back):
            self.stands(each)
        bank_matching.undo(act)
        frappe.db.commit()
        for each in (paid, back):
            self.stands(each, 66.6)

    def test_who_comes_second_is_told_and_nothing_is_done_twice(self) -> None:
        invoice = self.bank.sale(31.0)
        line = self.bank.line(31.0, f"PAY {invoice.name}")
        self.bank.propose()
        key = self.shown(line)["readings"][0]["key"]
        self.accept(line)
        self.assertIn("has reconciled this line meanwhile", self.told(lambda: bank_matching.accept(line.name, key)))
        self.assertEqual(1, frappe.db.count("Payment Entry Reference", {"reference_name": invoice.name, "docstatus": 1}))

    def test_what_was_cancelled_or_paid_meanwhile_is_told(self) -> None:
        invoice = self.bank.sale(44.0)
        payment = submit(self.bank.books.payment([(invoice, 44.0)], "Trading Account", -4))
        line = self.bank.line(44.0, f"PAY {payment.reference_no}", reference=payment.reference_no)
        self.bank.propose()
        key = next(each["key"] for each in self.shown(line)["readings"] if each["parts"][0]["name"] == payment.name)
        frappe.get_doc("Payment Entry", payment.name).cancel()
        frappe.db.commit()
        self.assertIn("was cancelled meanwhile", self.told(lambda: bank_matching.accept(line.name, key)))
        self.stands(line, 44.0)
        self.bank.propose()
        reading = self.shown(line)["readings"][0]
        frappe.get_doc("Sales Invoice", invoice.name).cancel()
        frappe.db.commit()
        self.assertIn("is not open any more", self.told(lambda: bank_matching.accept(line.name, reading["key"])))

    def test_nothing_is_entered_in_a_closed_period(self) -> None:
        invoice = self.bank.sale(52.0, -30)
        line = self.bank.line(52.0, f"PAY {invoice.name}", day=-25)
        settings = frappe.get_doc("Accounts Settings")
        settings.acc_frozen_upto = add_days(nowdate(), -20)
        settings.save()
        frappe.db.commit()
        try:
            self.bank.propose()
            row = self.bank.row(line)
            self.assertEqual((0, "Proposed"), (row.ready, row.state))
            self.assertIn("closed until", row.why)
            key = self.shown(line)["readings"][0]["key"]
            self.assertIn("Nothing is entered on", self.told(lambda: bank_matching.accept(line.name, key)))
        finally:
            settings.reload()
            settings.acc_frozen_upto = None
            settings.save()
            frappe.db.commit()
        self.stands(line, 52.0)

    def test_the_reconciliation_tool_has_ours_first_and_pays(self) -> None:
        invoice = self.bank.sale(63.0)
        decoy = self.bank.sale(64.0)
        submit(self.bank.books.payment([(decoy, 63.0)], "Trading Account", -4))
        line = self.bank.line(63.0, f"PAY {invoice.name}")
        self.bank.propose()
        dates = {"from_date": add_days(nowdate(), -60), "to_date": nowdate()}
        frappe.local.form_dict = frappe._dict()
        found = bank_tool.get_linked_payments(line.name, json.dumps(["payment_entry", "sales_invoice"]), **dates)
        self.assertEqual(("Sales Invoice", invoice.name), (found[0]["doctype"], found[0]["name"]))
        self.assertIn("The line shows", found[0]["reference_no"])
        self.assertEqual(len({(each["doctype"], each["name"]) for each in found}), len(found))
        chosen = [{"payment_doctype": "Sales Invoice", "payment_name": invoice.name, "amount": 63.0}]
        bank_tool.reconcile_vouchers(line.name, json.dumps(chosen))
        frappe.db.commit()
        self.assertEqual("Payment Entry", self.stands(line).payment_entries[0].payment_document)
        self.assertEqual(frappe.db.get_value("Sales Invoice", invoice.name, "outstanding_amount"), 0)

    def test_the_tool_is_erpnexts_own_where_nothing_is_matched_here(self) -> None:
        invoice = self.bank.sale(73.0)
        line = self.bank.line(73.0, f"PAY {invoice.name}")
        self.bank.propose()
        dates = {"from_date": add_days(nowdate(), -60), "to_date": nowdate()}
        frappe.db.set_value("Xero Bank Setting", self.bank.setting.name, "enabled", 0)
        try:
            found = bank_tool.get_linked_payments(line.name, json.dumps(["payment_entry", "sales_invoice"]), **dates)
            self.assertEqual([], [each for each in found if each["name"] == invoice.name])
        finally:
            frappe.db.rollback()


@on_bench
class TestWithoutAPerson(BenchCase):
    """What is sure is matched by itself where the company has switched that on, and kept as drafts where it wants them."""

    def test_off_by_default_then_what_is_entered_then_payments(self) -> None:
        bank = Bank()
        invoice, other = bank.sale(81.0), bank.sale(82.0)
        payment = submit(bank.books.payment([(other, 82.0)], "Trading Account", -4))
        paid, entered = bank.line(81.0, f"PAY {invoice.name}"), bank.line(82.0, "PAY", reference=payment.reference_no)
        bank.propose()
        self.assertEqual(["Proposed"] * 2, [bank.row(each).state for each in (paid, entered)])
        for automatic, states in (("With What Is Entered", ["Proposed", "Automatic"]), ("And Enter Payments", ["Automatic", "Automatic"])):
            setting = frappe.get_doc("Xero Bank Setting", bank.setting.name)
            setting.automatic = automatic
            setting.save()
            frappe.db.commit()
            bank.propose()
            self.assertEqual(states, [bank.row(each).state for each in (paid, entered)])
        act = frappe.get_all("Xero Bank Act", filters={"bank_transaction": paid.name}, fields=["name", "automatic", "why"])[0]
        self.assertEqual(1, act["automatic"])
        self.assertIn(invoice.name, act["why"])
        bank_matching.undo(act["name"])
        frappe.db.commit()
        bank.propose()
        # What a person took back stays with him.
        self.assertEqual("Undone", bank.row(paid).state)

    def test_drafts_wait_until_they_are_submitted(self) -> None:
        bank = Bank(leave_drafts=1)
        invoice = bank.sale(91.0)
        line = bank.line(91.0, f"PAY {invoice.name}")
        bank.propose()
        key = bank_matching.line(line.name)["readings"][0]["key"]
        act = bank_matching.accept(line.name, key)["act"]
        frappe.db.commit()
        self.assertEqual(("Waiting for Drafts", "Draft"), (frappe.db.get_value("Xero Bank Act", act, "state"), bank.row(line).state))
        ((_doctype, name),) = json.loads(frappe.db.get_value("Xero Bank Act", act, "done"))["made"]
        frappe.get_doc("Payment Entry", name).submit()
        frappe.db.commit()
        bank.propose()
        self.assertEqual(("Done", "Accepted"), (frappe.db.get_value("Xero Bank Act", act, "state"), bank.row(line).state))
        self.assertEqual(0, frappe.db.get_value("Bank Transaction", line.name, "unallocated_amount"))
