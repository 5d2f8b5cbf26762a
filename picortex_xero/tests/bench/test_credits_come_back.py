"""Credits, advances, refunds, fees and payments that people move in Xero, on a real ERPNext: outstanding agrees on both sides, and nothing is sent back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import add_days, nowdate

from picortex_xero.api import incoming as incoming_api
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import on_bench
from picortex_xero.tests.bench.comes_back import ROW, ComesBack


@on_bench
class TestCreditsComeBack(ComesBack):
    """A company whose credits and advances are entered in Xero."""

    def sale(self, price: float, **more: Any) -> tuple[Any, str]:
        """A submitted invoice that is in Xero, with its id there; GST of 15 % comes on top."""
        doc = submit(self.books.invoice(True, [("PANEL", 1, price)], **more))
        return doc, self.sent(doc)

    def returned(self, price: float, **more: Any) -> tuple[Any, str]:
        """A credit note on its own that is in Xero."""
        doc = submit(self.books.invoice(True, [("PANEL", -1, price)], is_return=1, **more))
        return doc, self.sent(doc)

    def advance(self, kind: str, amount: str, sale: bool = True, day: int = -2, currency: str = "NZD", bank: str = "090") -> dict[str, Any]:
        party = self.books.party("Customer" if sale else "Supplier", currency)
        contact = frappe.db.get_value(
            "Xero Link", {"connection": self.connection, "reference_name": party, "endpoint": "Contacts"}, "xero_id"
        )
        line = {"Description": "On account", "LineAmount" if kind == "OVERPAYMENT" else "UnitAmount": amount}
        if kind == "PREPAYMENT":
            line |= {"Quantity": "1", "AccountCode": "200", "TaxType": "NONE"}
        return dict(
            self.organisation.person(
                "enter_bank_transaction", Type=f"{'RECEIVE' if sale else 'SPEND'}-{kind}", Contact={"ContactID": contact},
                BankAccount={"Code": bank}, Date=add_days(nowdate(), day), LineAmountTypes="NoTax", LineItems=[line],
            )
        )  # fmt: skip

    def made_of(self, xero_id: str) -> Any:
        frappe.db.rollback()
        (row,) = frappe.get_all(
            ROW,
            filters={"connection": self.connection, "xero_id": xero_id.lower()},
            fields=["state", "reason", "reference_doctype", "reference_name"],
        )
        self.assertEqual(row["state"], "Entered Here", row)
        return frappe.get_doc(row["reference_doctype"], row["reference_name"])

    def allocations(self) -> int:
        return sum(
            len(each.get("Allocations") or [])
            for what in ("CreditNotes", "Overpayments", "Prepayments")
            for each in self.organisation.read(what)
        )

    def test_a_credit_note_taken_off_an_invoice_in_xero(self) -> None:
        (sale, sale_id), (back, back_id) = self.sale(100), self.returned(40)
        self.organisation.person("allocate_credit_note", CreditNoteID=back_id, InvoiceID=sale_id, Amount="30.00")
        self.look("CreditNotes")
        self.agree(sale, sale_id)
        self.assertEqual((self.open_here(sale), self.open_here(back)), (Decimal("85.00"), Decimal("-16.00")), self.rows(sale))
        before = self.allocations()
        self.look("CreditNotes")
        self.assertEqual(self.allocations(), before, "nothing is sent back")
        (row,) = self.rows(sale)
        (step,) = self.steps(reference_name=row["reference_name"], role="journal")
        self.assertEqual((row["state"], step["state"]), ("Entered Here", "Synced"))
        (taken,) = [each["Allocations"] for each in self.organisation.read("CreditNotes") if each["CreditNoteID"] == back_id]
        self.organisation.person("remove_allocation", CreditNoteID=back_id, AllocationID=taken[0]["AllocationID"])
        self.look("CreditNotes")
        (step,) = self.steps(reference_name=row["reference_name"], role="journal")
        self.assertEqual((step["state"], step["reason_code"]), ("Needs Attention", "gone-from-xero"))
        journal = frappe.get_doc("Journal Entry", row["reference_name"])
        journal.cancel()
        frappe.db.commit()
        self.wait_for_worker(self.connection, sweeping=True)
        self.agree(sale, sale_id)
        self.assertEqual(self.allocations(), before - 1)

    def test_an_overpayment_its_allocation_and_its_refund(self) -> None:
        sale, sale_id = self.sale(50)
        entered = self.advance("OVERPAYMENT", "100.00")
        self.look()
        made = self.made_of(entered["OverpaymentID"])
        self.assertEqual((made.docstatus, made.paid_amount, made.unallocated_amount), (1, 100, 100))
        self.organisation.person("allocate_overpayment", OverpaymentID=entered["OverpaymentID"], InvoiceID=sale_id, Amount="57.50")
        self.look()
        self.agree(sale, sale_id)
        made.reload()
        self.assertEqual((self.open_here(sale), made.unallocated_amount), (0, 42.5))
        refund = self.organisation.person(
            "refund_credit", OverpaymentID=entered["OverpaymentID"], Amount="42.50", Date=add_days(nowdate(), -1)
        )
        before = self.allocations(), self.payments()
        self.look()
        back = self.made_of(refund["PaymentID"])
        made.reload()
        # ERPNext writes nothing on the refund: the advance names it.
        self.assertEqual((back.payment_type, back.paid_amount, made.unallocated_amount), ("Pay", 42.5, 0))
        self.assertIn(back.name, [row.reference_name for row in made.references])
        self.look()
        self.assertEqual((self.allocations(), self.payments()), before, "nothing is sent back")
        steps = [step for name in (made.name, back.name) for step in self.steps(reference_name=name) if not step["role"].startswith("note")]
        self.assertEqual({step["state"] for step in steps} - {"Synced", "Superseded"}, set(), steps)

    def test_a_prepayment_to_a_supplier_taken_for_its_bill_at_once(self) -> None:
        bill = submit(self.books.invoice(False, [("PANEL", 1, 20)]))
        bill_id = self.sent(bill)
        entered = self.advance("PREPAYMENT", "30.00", sale=False)
        self.organisation.person("allocate_overpayment", PrepaymentID=entered["PrepaymentID"], InvoiceID=bill_id, Amount="23.00")
        self.look()
        self.look()
        self.agree(bill, bill_id)
        made = self.made_of(entered["PrepaymentID"])
        self.assertEqual((self.open_here(bill), made.payment_type, made.unallocated_amount), (0, "Pay", 7))

    def test_in_another_currency_and_where_a_person_confirms_it(self) -> None:
        frappe.db.set_value("Xero Connection", self.connection, "payments_from_xero", "Become Drafts")
        frappe.db.commit()
        try:
            sale, sale_id = self.sale(100, currency="USD", rate=1.6)
            back, back_id = self.returned(20, currency="USD", rate=1.5)
            self.organisation.person("allocate_credit_note", CreditNoteID=back_id, InvoiceID=sale_id, Amount="23.00")
            entered = self.advance("OVERPAYMENT", "200.00", currency="USD", bank="091")
            self.look("CreditNotes")
            (row,) = self.rows(sale)
            self.assertEqual((row["state"], row["reason_code"]), ("Waiting", "credit-to-confirm"), row)
            incoming_api.enter_here(incoming=row["name"])
            frappe.db.commit()
            (name,) = frappe.get_all(ROW, filters={"xero_id": entered["OverpaymentID"]}, pluck="reference_name")
            draft = frappe.get_doc("Payment Entry", name)
            self.assertEqual((draft.docstatus, draft.paid_from_account_currency, round(draft.unallocated_amount, 2)), (0, "USD", 200))
            draft.submit()
            frappe.db.commit()
            self.look("CreditNotes")
            self.agree(sale, sale_id)
            self.assertEqual((self.open_here(sale), self.open_here(back)), (92, 0))
        finally:
            frappe.db.set_value("Xero Connection", self.connection, "payments_from_xero", "Are Submitted")
            frappe.db.commit()
        self.organisation.person("allocate_overpayment", OverpaymentID=entered["OverpaymentID"], InvoiceID=sale_id, Amount="92.00")
        before = self.allocations()
        self.look()
        self.agree(sale, sale_id)
        draft.reload()
        self.assertEqual((self.open_here(sale), round(draft.unallocated_amount, 2)), (0, 108))
        self.look()
        self.assertEqual(self.allocations(), before, "nothing is sent back")

    def test_more_than_is_due_becomes_a_payment_and_an_advance(self) -> None:
        sale, sale_id = self.sale(10)
        both = self.organisation.person("receive_payment", InvoiceID=sale_id, Amount="15.00", Date=add_days(nowdate(), -2))
        self.look()
        self.agree(sale, sale_id)
        self.assertEqual(self.open_here(sale), 0)
        self.assertEqual(self.made_of(both["BankTransaction"]["OverpaymentID"]).unallocated_amount, 3.5)

    def test_moved_to_another_invoice(self) -> None:
        (one, one_id), (other, other_id) = self.sale(60), self.sale(60)
        payment = self.pay(one_id, "69.00")
        self.look()
        first = self.rows(one)[0]["reference_name"]
        self.organisation.person("delete_payment", PaymentID=payment["PaymentID"])
        self.pay(other_id, "69.00")
        self.look()
        (row,) = self.rows(other)
        self.assertEqual((row["state"], row["reason_code"]), ("Waiting", "moved-in-xero"), row)
        (step,) = self.steps(reference_name=first, role="payment")
        self.assertEqual((step["state"], step["reason_code"]), ("Needs Attention", "moved-in-xero"))
        self.assertIn(other.name, step["reason"])
        self.assertEqual((self.open_here(one), self.open_here(other)), (0, 69), "nothing changes by itself")
        incoming_api.move_here(incoming=row["name"])
        frappe.db.commit()
        self.look()
        self.agree(one, one_id)
        self.agree(other, other_id)
        self.assertEqual((self.open_here(one), self.open_here(other)), (69, 0))

    def test_a_receivable_in_company_currency_gains_and_loses(self) -> None:
        for got, bank in (("150.00", "090"), ("170.00", "090"), (None, "091")):
            debtors = self.books.of("Debtors")
            sale, sale_id = self.sale(100, currency="USD", rate=1.6, customer=self.books.party("Customer"), debit_to=debtors)
            self.pay(sale_id, str(self.in_xero(sale_id)), bank, **({"BankAmount": got} if got else {}))
            self.look()
            self.agree(sale, sale_id)
            self.assertEqual(self.open_here(sale), 0, self.rows(sale))
            made = frappe.get_doc("Payment Entry", self.rows(sale)[0]["reference_name"])
            self.assertEqual((made.unallocated_amount, made.difference_amount), (0, 0))

    def test_a_fee_is_a_document_of_its_own_in_xero(self) -> None:
        sale, sale_id = self.sale(80)
        self.pay(sale_id, "92.00")
        self.organisation.person(
            "enter_bank_transaction", Type="SPEND", Contact={"Name": "The bank"}, BankAccount={"Code": "090"}, Date=add_days(nowdate(), -2),
            LineItems=[{"Description": "Fee", "UnitAmount": "2.50", "AccountCode": "404", "TaxType": "NONE", "Quantity": "1"}],
        )  # fmt: skip
        self.look()
        self.agree(sale, sale_id)
        self.assertEqual(self.open_here(sale), 0)
        made = frappe.get_doc("Payment Entry", self.rows(sale)[0]["reference_name"])
        self.assertEqual((made.paid_amount, made.deductions), (92, []))

    def test_each_account_says_where_its_payments_are_entered(self) -> None:
        mapping = frappe.db.get_value(
            "Xero Payment Mapping", {"connection": self.connection, "account": self.books.of("Trading Account")}, "name"
        )
        (one, one_id), (other, other_id) = self.sale(31), self.sale(32)
        try:
            frappe.db.set_value("Xero Payment Mapping", mapping, "payments_entered", "Only Here")
            frappe.db.commit()
            self.pay(one_id, "35.65")
            self.look()
            (row,) = self.rows(one)
            self.assertEqual((row["state"], row["reason_code"]), ("Waiting", "to-be-entered-here"))
            incoming_api.enter_here(incoming=row["name"])
            frappe.db.commit()
            self.look()
            self.agree(one, one_id)
            frappe.db.set_value("Xero Payment Mapping", mapping, "payments_entered", "Only in Xero")
            frappe.db.commit()
            ours = submit(self.books.payment([(other, 36.8)], "Trading Account", day=-1))
            self.wait_for_worker(self.connection)
            (step,) = self.steps(reference_name=ours.name, role="payment")
            self.assertEqual((step["state"], step["reason_code"]), ("Held", "awaited-from-xero"))
            self.pay(other_id, "36.80")
            self.look()
            self.assertEqual([(row["state"], row["reference_name"]) for row in self.rows(other)], [("Matched", ours.name)])
            (step,) = self.steps(reference_name=ours.name, role="payment")
            self.assertEqual(step["state"], "Synced")
            self.agree(other, other_id)
        finally:
            frappe.db.set_value("Xero Payment Mapping", mapping, "payments_entered", "Here and in Xero")
            frappe.db.commit()
