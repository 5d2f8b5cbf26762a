"""What a person changes, voids or deletes in Xero, on a real ERPNext: it is listed with both sides, and each choice does what it says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import add_days, getdate, nowdate

from picortex_xero.api import changes as api
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import on_bench
from picortex_xero.tests.bench.own_company import OwnCompany

ROW = "Xero Changed Record"
LINE = ("ItemCode", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType", "Tracking")


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


@on_bench
class TestChangedInXero(OwnCompany):
    """A company whose documents somebody changes in Xero."""

    def there(self, xero_id: str) -> dict[str, Any]:
        (found,) = [each for each in self.organisation.read("Invoices") if each["InvoiceID"] == xero_id]
        return dict(found)

    def edit(self, xero_id: str, first: dict[str, Any] | None = None, **changes: Any) -> None:
        """Somebody edits an invoice; `first`: what of its first line."""
        if first:
            shown = self.there(xero_id)["LineItems"]
            rows = [{name: _plain(each[name]) for name in LINE if each.get(name)} for each in shown]
            changes["LineItems"] = [{**rows[0], **first}, *rows[1:]]
        self.organisation.person("edit_invoice", InvoiceID=xero_id, **changes)

    def listed(self, doc: Any) -> list[dict[str, Any]]:
        frappe.db.rollback()
        filters = {"connection": self.connection, "reference_doctype": doc.doctype, "reference_name": doc.name}
        return frappe.get_all(ROW, filters=filters, fields=["*"], order_by="found_at asc, name asc")

    def open(self, doc: Any) -> dict[str, Any]:
        rows = self.listed(doc)
        self.assertTrue(rows and rows[-1]["state"] in ("Open", "Told"), rows)
        return rows[-1]

    def may(self, doc: Any) -> dict[str, str]:
        """By choice why it cannot be chosen, "" where it can."""
        return {each["choice"]: each["why"] for each in api.show(self.open(doc)["name"])["choices"]}

    def step(self, doc: Any) -> tuple[str, str]:
        (found,) = [each for each in self.steps(reference_name=doc.name) if each["role"] in ("invoice", "payment")][-1:]
        return found["state"], found["reason_code"] or ""

    # The cases ----------------------------------------------------------------------------------------------------
    def test_an_edited_invoice_is_taken_over_by_a_draft_that_has_xeros_record(self) -> None:
        sale = submit(self.books.invoice(True, [("PANEL", 2, 100), ("PANEL", 1, 30)]))
        xero_id, dated, due = self.sent(sale), add_days(nowdate(), -1), add_days(nowdate(), 40)
        self.look()
        self.edit(
            xero_id, {"UnitAmount": 110, "Quantity": 3, "Description": "As agreed on site"}, Date=dated, DueDate=due, Reference="PO 77"
        )
        self.look()
        self.assertEqual(self.step(sale), ("Needs Attention", "edited-in-xero"))
        shown = api.show(self.open(sale)["name"])
        self.assertEqual(
            {each["choice"]: each["why"] for each in shown["choices"]}, dict.fromkeys(("take_over", "put_back", "leave", "tell"), "")
        )
        made = api.take_over(self.open(sale)["name"])
        frappe.db.commit()
        draft = frappe.get_doc("Sales Invoice", made["name"])
        self.assertEqual((draft.docstatus, draft.amended_from, draft.po_no), (0, sale.name, "PO 77"))
        self.assertEqual((getdate(draft.posting_date), getdate(draft.due_date)), (getdate(dated), getdate(due)))
        self.assertEqual((draft.items[0].qty, draft.items[0].rate, draft.items[1].rate), (3, 110, 30))
        self.assertIn("As agreed on site", draft.items[0].description)
        self.assertEqual(Decimal(str(draft.grand_total)), Decimal(str(self.there(xero_id)["Total"])))
        self.look()
        self.assertEqual(self.there(xero_id)["Status"], "AUTHORISED", "Xero's record stays")
        before = len(self.organisation.read("Invoices"))
        draft.submit()
        frappe.db.commit()
        self.wait_for_worker(self.connection)
        self.look(turns=2)
        self.assertEqual(self.step(draft), ("Synced", ""))
        self.assertEqual(len(self.organisation.read("Invoices")), before, "nothing is entered twice")
        self.assertEqual(self.listed(sale)[-1]["state"], "Taken Over")
        self.assertEqual(self.listed(draft), [])

    def test_what_has_no_counterpart_is_not_taken_over_and_is_put_back(self) -> None:
        sale, paid = submit(self.books.invoice(True, [("PANEL", 1, 100)])), submit(self.books.invoice(True, [("PANEL", 1, 50)]))
        sale_id, paid_id = self.sent(sale), self.sent(paid)
        other = next(each for each in ("260", "270", "201") if each != self.there(sale_id)["LineItems"][0]["AccountCode"])
        self.edit(sale_id, {"AccountCode": other, "UnitAmount": 90})
        self.edit(paid_id, {"UnitAmount": 70})
        self.organisation.person("pay_invoice", InvoiceID=paid_id, Amount="10.00", Account={"Code": "090"}, Date=nowdate())
        self.look()
        why = self.may(sale)
        self.assertIn("account", why["take_over"])
        self.assertEqual(why["put_back"], "")
        self.assertIn("paid or credited", self.may(paid)["put_back"])
        api.put_back(self.open(sale)["name"])
        frappe.db.commit()
        self.wait_for_worker(self.connection)
        self.look()
        self.assertEqual(self.listed(sale)[-1]["state"], "Put Back")
        self.assertEqual(Decimal(str(self.there(sale_id)["Total"])), Decimal(str(sale.grand_total)))
        self.assertEqual(self.step(sale)[0], "Synced")
        self.assertEqual(len(self.listed(sale)), 1, "our own echo opens none")
        api.leave(self.open(paid)["name"], "the customer agreed")
        frappe.db.commit()
        self.wait_for_worker(self.connection)
        self.look()
        self.assertEqual([(row["state"], row["why"]) for row in self.listed(paid)], [("Left", "the customer agreed")])
        self.assertEqual(self.step(paid)[0], "Synced")

    def test_a_void_is_taken_over_by_a_cancel_and_nothing_is_sent(self) -> None:
        sale = submit(self.books.invoice(True, [("PANEL", 1, 12)]))
        xero_id = self.sent(sale)
        self.organisation.person("void_invoice", InvoiceID=xero_id, By="Kim Lee")
        self.look()
        row = self.open(sale)
        self.assertEqual((row["kind"], row["changed_by"]), ("Voided", "Kim Lee"))
        api.take_over(row["name"])
        frappe.db.commit()
        self.wait_for_worker(self.connection)
        self.look()
        sale.reload()
        self.assertEqual((sale.docstatus, self.listed(sale)[-1]["state"], len(self.listed(sale))), (2, "Taken Over", 1))

    def test_a_removed_payment_is_cancelled_or_a_task_where_the_period_is_closed(self) -> None:
        sales = [submit(self.books.invoice(True, [("PANEL", 1, 20)])) for _each in range(2)]
        paid = [submit(self.books.payment([(each, each.grand_total)], "Trading Account")) for each in sales]
        ids = [self.sent(each) for each in paid]
        for each in ids:
            self.organisation.person("delete_payment", PaymentID=each)
        self.look()
        self.assertEqual([self.open(each)["kind"] for each in paid], ["Deleted"] * 2)
        api.take_over(self.open(paid[0])["name"])
        frappe.db.commit()
        self.assertEqual(frappe.db.get_value("Payment Entry", paid[0].name, "docstatus"), 2)
        self.assertEqual(frappe.db.get_value("Sales Invoice", sales[0].name, "outstanding_amount"), sales[0].grand_total)
        period = frappe.get_doc(
            {
                "doctype": "Accounting Period",
                "period_name": f"Closed {frappe.generate_hash(length=6)}",
                "company": self.books.company,
                "start_date": paid[1].posting_date,
                "end_date": paid[1].posting_date,
                "closed_documents": [{"document_type": "Payment Entry", "closed": 1}],
            }
        ).insert()
        frappe.db.commit()
        self.addCleanup(lambda: (frappe.delete_doc("Accounting Period", period.name), frappe.db.commit()))
        self.assertIn(period.name, self.may(paid[1])["take_over"])
        with self.assertRaises(frappe.ValidationError):
            api.take_over(self.open(paid[1])["name"])
        frappe.db.rollback()
        someone = api.people(self.open(paid[1])["name"])
        if someone:
            api.tell(self.open(paid[1])["name"], someone[0]["user"], "reverse it in the next period")
            frappe.db.commit()
            self.assertEqual(self.open(paid[1])["state"], "Told")
            self.assertTrue(frappe.db.exists("ToDo", {"reference_type": ROW, "reference_name": self.open(paid[1])["name"]}))
