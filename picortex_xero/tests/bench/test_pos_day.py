"""A day of POS sales, consolidated into invoices by ERPNext itself: the tax of each item is read from wherever this version keeps it.

Observed: ERPNext 15.71 keeps it in `item_wise_tax_detail` of each tax row, ERPNext 16 in a table of its own, `item_wise_tax_details`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import now_datetime, nowdate

from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import BenchCase, measured, on_bench


@on_bench
class TestCounter(BenchCase):
    """POS invoices, their closing, and the invoices that it makes of them."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, cls.organisation, cls.connection = xero.shared()
        books, cash = cls.books, cls.books.of("Cash")
        if frappe.get_meta("POS Settings").has_field("invoice_type"):
            # ERPNext 16 makes an ordinary invoice of each counter sale unless told otherwise.
            cls.addClassCleanup(cls._invoice_type, frappe.db.get_single_value("POS Settings", "invoice_type"))
            cls._invoice_type("POS Invoice")
        mode = frappe.get_doc("Mode of Payment", "Cash")
        if not any(row.company == books.company for row in mode.accounts):
            mode.append("accounts", {"company": books.company, "default_account": cash})
            mode.save()
        if not frappe.db.exists("Xero Payment Mapping", {"connection": cls.connection, "account": cash}):
            values = {"connection": cls.connection, "account": cash, "xero_account_id": "090"}
            frappe.get_doc({"doctype": "Xero Payment Mapping", **values}).insert()
        for left in frappe.get_all(
            "POS Opening Entry", filters={"docstatus": 1, "status": "Open", "company": ("like", "Bench Fencing %")}, pluck="name"
        ):
            frappe.get_doc("POS Opening Entry", left).cancel()  # of a run that broke off
        cls.profile = books.of("Counter")
        if not frappe.db.exists("POS Profile", cls.profile):
            fields = {
                "company": books.company,
                "currency": "NZD",
                "warehouse": books.of("Stores"),
                "selling_price_list": "Bench selling NZD",
            }
            fields |= {"write_off_account": books.of("Write Off"), "write_off_cost_center": books.of("Main"), "write_off_limit": 1}
            fields |= {
                "income_account": books.of("Sales"),
                "cost_center": books.of("Main"),
                "ignore_pricing_rule": 1,
                "disable_rounded_total": 1,
            }
            fields |= {"account_for_change_amount": cash, "payments": [{"mode_of_payment": "Cash", "default": 1}]}
            frappe.get_doc({"doctype": "POS Profile", "__newname": cls.profile, **fields}).insert()
        frappe.db.commit()

    @classmethod
    def _invoice_type(cls, value: str) -> None:
        frappe.db.set_single_value("POS Settings", "invoice_type", value)
        frappe.db.commit()

    def sold(self, lines: list[tuple[Any, ...]], amount: float) -> Any:
        """A sale at the counter, paid in cash."""
        fields = {"is_pos": 1, "pos_profile": self.profile, "update_stock": 0, "naming_series": "BENCH-POS-.#####"}
        typed = self.books.invoice(True, lines, 0, included=True, **fields).as_dict()
        typed.update(
            {"doctype": "POS Invoice", "payments": [{"mode_of_payment": "Cash", "account": self.books.of("Cash"), "amount": amount}]}
        )
        for row in (*typed["items"], *typed["taxes"]):
            for field in ("doctype", "name", "parent", "parenttype"):
                row.pop(field, None)
            row.pop("__islocal", None)
        return submit(frappe.get_doc(typed))

    def closed(self, opened: str) -> Any:
        from erpnext.accounts.doctype.pos_closing_entry.pos_closing_entry import make_closing_entry_from_opening

        closing = make_closing_entry_from_opening(frappe.get_doc("POS Opening Entry", opened))
        for row in closing.payment_reconciliation:
            row.closing_amount = row.expected_amount
        return submit(closing)

    def test_a_day_arrives_to_the_cent_with_its_return(self) -> None:
        from erpnext.accounts.doctype.pos_invoice.pos_invoice import make_sales_return

        fields = {"company": self.books.company, "pos_profile": self.profile, "user": frappe.session.user, "posting_date": nowdate()}
        fields |= {"period_start_date": now_datetime(), "balance_details": [{"mode_of_payment": "Cash", "opening_amount": 50}]}
        opened = submit(frappe.get_doc({"doctype": "POS Opening Entry", **fields}))
        first = self.sold([("PANEL", 1, 229.8), ("POST", 3, 14.4, "Zero-rated")], 273)
        sales = [first, self.sold([("PANEL", 2, 12.49), ("SCREW", 3, 0.34)], 26)]
        back = make_sales_return(first.name)
        back.update({"naming_series": "BENCH-POS-.#####", "posting_date": nowdate()})
        sales.append(submit(back))
        closing = self.closed(opened.name)
        made = sorted({frappe.db.get_value("POS Invoice", doc.name, "consolidated_invoice") for doc in sales})
        self.assertTrue(all(made) and len(made) == 2, made)
        tables = frappe.get_meta("Sales Invoice").has_field("item_wise_tax_details")
        for name in made:
            doc = frappe.get_doc("Sales Invoice", name)
            self.assertEqual({row.charge_type for row in doc.taxes}, {"Actual"}, "consolidated rows are typed figures")
            self.assertTrue(doc.get("item_wise_tax_details") if tables else doc.taxes[0].item_wise_tax_detail)
        self.wait_for_worker(self.connection, 90, sweeping=True)
        shown = {each["InvoiceNumber"]: each for each in self.organisation.read("Invoices")}
        shown |= {each["CreditNoteNumber"]: each for each in self.organisation.read("CreditNotes")}
        for name in made:
            doc = frappe.get_doc("Sales Invoice", name)
            steps = [(row["role"], row["state"], row["reason_code"], row["reason"]) for row in self.steps(reference_name=name)]
            self.assertIn(name, shown, steps)
            self.assertEqual(shown[name]["Total"], abs(Decimal(str(doc.grand_total))), steps)
            self.assertEqual(shown[name]["TotalTax"], abs(Decimal(str(doc.total_taxes_and_charges))), steps)
        measured("counter_sales", {"consolidated": made, "tax_table_of_16": bool(tables)})
        # Its date is today's, and later tests go live as of yesterday: the closing is cancelled, and its invoices with it.
        closing.reload()
        closing.cancel()
        frappe.db.commit()
        self.wait_for_worker(self.connection, 120, sweeping=True)
        statuses = {each["InvoiceNumber"]: each["Status"] for each in self.organisation.read("Invoices")}
        statuses |= {each["CreditNoteNumber"]: each["Status"] for each in self.organisation.read("CreditNotes")}
        self.assertEqual({name: statuses[name] for name in made}, dict.fromkeys(made, "VOIDED"))
