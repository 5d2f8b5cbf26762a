"""Payments that a person enters in Xero, on a real ERPNext: outstanding agrees on both sides, and nothing is sent back."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe.utils import add_days, nowdate

from picortex_xero.api import incoming as incoming_api
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import on_bench
from picortex_xero.tests.bench.comes_back import ComesBack


@on_bench
class TestPaymentsComeBack(ComesBack):
    """A company whose payments are entered in Xero."""

    # The cases ----------------------------------------------------------------------------------------------------
    def test_invoice_and_bill_in_part_and_whole_once_each(self) -> None:
        sale, bill = submit(self.books.invoice(True, [("PANEL", 1, 100)])), submit(self.books.invoice(False, [("PANEL", 1, 40)]))
        sale_id, bill_id = self.sent(sale), self.sent(bill)
        self.pay(sale_id, "50.00")
        self.look()
        self.agree(sale, sale_id)
        self.pay(sale_id, "65.00")
        self.pay(bill_id, "46.00")
        before = self.payments()
        self.look()
        self.agree(sale, sale_id)
        self.agree(bill, bill_id)
        self.assertEqual((self.open_here(sale), self.open_here(bill)), (0, 0))
        self.look()
        self.assertEqual(self.payments(), before, "nothing is sent back")
        self.assertEqual([row["state"] for row in [*self.rows(sale), *self.rows(bill)]], ["Entered Here"] * 3)
        made = frappe.get_doc("Payment Entry", self.rows(sale)[0]["reference_name"])
        self.assertEqual((made.docstatus, made.paid_to, made.reference_no), (1, self.books.of("Trading Account"), "EFT"))
        steps = self.steps(reference_name=made.name)
        self.assertEqual([(step["role"], step["state"]) for step in steps if not step["role"].startswith("note")], [("payment", "Synced")])

    def test_a_batch_is_one_entry_over_both_invoices(self) -> None:
        one, two = (submit(self.books.invoice(True, [("PANEL", 1, rate)])) for rate in (30, 20))
        ids = [self.sent(one), self.sent(two)]
        rows = [{"Invoice": {"InvoiceID": each}, "Amount": amount} for each, amount in zip(ids, (34.5, 10))]
        self.other_app(
            "BatchPayments", {"BatchPayments": [{"Account": {"Code": "090"}, "Date": add_days(nowdate(), -1), "Payments": rows}]}
        )
        self.look()
        self.agree(one, ids[0])
        self.agree(two, ids[1])
        self.assertEqual({row["reference_name"] for row in [*self.rows(one), *self.rows(two)]}.__len__(), 1)

    def test_another_currency_through_either_bank(self) -> None:
        for bank, rate in (("091", None), ("090", "200.00")):
            sale = submit(self.books.invoice(True, [("PANEL", 1, 100)], currency="USD", rate=1.6))
            xero_id = self.sent(sale)
            due = self.in_xero(xero_id)
            self.pay(xero_id, str(due), bank, **({"BankAmount": rate} if rate else {}))
            self.look()
            self.agree(sale, xero_id)
            made = frappe.get_doc("Payment Entry", self.rows(sale)[0]["reference_name"])
            self.assertEqual(Decimal(str(made.received_amount)), Decimal(rate) if rate else due)

    def test_entered_on_both_sides_is_one(self) -> None:
        sale = submit(self.books.invoice(True, [("PANEL", 1, 60)]))
        xero_id = self.sent(sale)
        draft = self.books.payment([(sale, 69.0)], "Trading Account", day=-1)
        draft.insert()
        frappe.db.commit()
        self.pay(xero_id, "69.00")
        self.look()
        self.assertEqual([row["reason_code"] for row in self.rows(sale)], ["same-as-draft"])
        before, row = self.payments(), self.rows(sale)[0]["name"]
        # What the row says to do; nothing of the payment may go before.
        frappe.db.set_value("Xero Connection", self.connection, "state", "Paused")
        frappe.db.commit()
        draft.submit()
        frappe.db.commit()
        incoming_api.retry(incoming=row)
        frappe.db.set_value("Xero Connection", self.connection, "state", "Live")
        frappe.db.commit()
        self.look()
        self.assertEqual([(row["state"], row["reference_name"]) for row in self.rows(sale)], [("Matched", draft.name)])
        self.agree(sale, xero_id)
        self.assertEqual(self.payments(), before)

    def test_removed_in_xero_and_cancelled_here(self) -> None:
        sale = submit(self.books.invoice(True, [("PANEL", 1, 90)]))
        xero_id = self.sent(sale)
        payment = self.pay(xero_id, "3.50")
        self.look()
        made = frappe.get_doc("Payment Entry", self.rows(sale)[0]["reference_name"])
        self.organisation.person("delete_payment", PaymentID=payment["PaymentID"])
        self.look()
        (step,) = self.steps(reference_name=made.name, role="payment")
        self.assertEqual((step["state"], step["reason_code"]), ("Needs Attention", "gone-from-xero"))
        made.reload()
        made.cancel()
        frappe.db.commit()
        self.wait_for_worker(self.connection, sweeping=True)
        self.agree(sale, xero_id)

    def test_a_closed_period_waits_for_a_person_and_then_goes(self) -> None:
        sale = submit(self.books.invoice(True, [("PANEL", 1, 80)]))
        xero_id = self.sent(sale)
        settings = frappe.get_doc("Accounts Settings")
        settings.acc_frozen_upto, settings.frozen_accounts_modifier = add_days(nowdate(), -1), "Auditor"
        settings.save()
        frappe.db.commit()
        try:
            self.pay(xero_id, "92.00")
            self.look()
            (row,) = self.rows(sale)
            self.assertEqual((row["state"], row["reason_code"]), ("Waiting", "refused-here"), row)
            self.assertEqual(self.open_here(sale), 92)
        finally:
            settings.reload()
            settings.acc_frozen_upto = None
            settings.save()
            frappe.db.commit()
        incoming_api.retry(incoming=row["name"])
        frappe.db.commit()
        self.look()
        self.agree(sale, xero_id)
