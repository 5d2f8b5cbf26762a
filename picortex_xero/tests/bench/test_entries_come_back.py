"""What people enter in Xero that pays nothing of ours, on a real ERPNext: drafts that it takes, submitted by hand, with Xero's figures, and nothing is sent back."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import add_days, nowdate

from picortex_xero.api import incoming as incoming_api
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import on_bench
from picortex_xero.tests.bench.own_company import OwnCompany

ROW = "Xero Incoming Record"
LISTS = ("Invoices", "CreditNotes", "ManualJournals", "BankTransactions")


@on_bench
class TestEntriesComeBack(OwnCompany):
    """A company whose accountant works in Xero."""

    settings = dict.fromkeys(("entries_from_xero", "documents_from_xero", "payments_from_xero"), "Become Drafts")
    lists = LISTS

    def rows(self) -> dict[str, Any]:
        frappe.db.rollback()
        fields = ["name", "what", "state", "reason", "reason_code", "reference_doctype", "reference_name"]
        return {row["what"]: row for row in frappe.get_all(ROW, filters={"connection": self.connection}, fields=fields)}

    def test_drafts_are_taken_by_erpnext_and_nothing_is_sent_back(self) -> None:
        books, person, day = self.books, self.organisation.person, add_days(nowdate(), -2)
        submit(books.invoice(True, [("PANEL", 1, 50)], -3))
        submit(books.invoice(False, [("PANEL", 1, 40)], -3))
        frappe.db.commit()
        self.look(turns=2)

        def contact(party: str) -> dict[str, str]:
            wanted = {"connection": self.connection, "endpoint": "Contacts", "reference_doctype": party}
            return {"ContactID": frappe.db.get_value("Xero Link", wanted, "xero_id")}

        def line(amount: str, code: str, tax: str) -> dict[str, str]:
            return {"Description": "Advice", "Quantity": "1", "UnitAmount": amount, "AccountCode": code, "TaxType": tax}

        north = {"Tracking": [{"Name": "Branch", "Option": "North"}]}
        sides: list[dict[str, Any]] = [
            {"AccountCode": "469", "LineAmount": "100.00", "TaxType": "INPUT2", **north},
            {"AccountCode": "493", "LineAmount": "-115.00", "TaxType": "NONE"},
        ]
        person("create_journal", Narration="Moved", Date=day, LineAmountTypes="Exclusive", JournalLines=sides)
        money = {"Contact": {"Name": "Kea"}, "Date": day, "LineAmountTypes": "Exclusive"}
        bank = {"BankAccount": {"Code": "091"}, "CurrencyRate": "0.5873"}
        person("spend_or_receive", Type="SPEND", Reference="Flight", LineItems=[line("77.77", "493", "NONE")], **bank, **money)
        paper = {"Date": day, "DueDate": add_days(nowdate(), 20), "Status": "AUTHORISED", "LineAmountTypes": "Exclusive"}
        mixed = [line("100.00", "200", "OUTPUT2"), line("40.00", "200", "ZERORATED")]
        sold = person("create_invoice", Type="ACCREC", InvoiceNumber="X-1", Contact=contact("Customer"), LineItems=mixed, **paper)
        billed = [line("200.00", "469", "INPUT2")]
        person("create_invoice", Type="ACCPAY", InvoiceNumber="B-7", Contact=contact("Supplier"), LineItems=billed, **paper)
        person("create_credit_note", Type="ACCRECCREDIT", CreditNoteNumber="C-1", Contact=contact("Customer"), LineItems=mixed[:1], **paper)
        person(
            "create_invoice",
            Type="ACCREC",
            InvoiceNumber="X-2",
            Contact=contact("Customer"),
            LineItems=[line("10", "260", "OUTPUT2")],
            **paper,
        )
        person("pay_invoice", InvoiceID=sold["InvoiceID"], Amount="15.00", Account={"Code": "090"}, Date=day)
        self.look(turns=2)
        found = self.rows()
        waiting = found.pop("Invoice X-2")
        self.assertEqual((waiting["state"], waiting["reason_code"]), ("Waiting", "account-not-mapped-back"), waiting)
        self.assertEqual({row["state"] for row in found.values()}, {"Draft Here"}, found)
        self.assertEqual(len(found), 5, found)
        sent = {each: len(self.organisation.read(each)) for each in LISTS}
        totals = {}
        for what, row in found.items():
            doc = frappe.get_doc(row["reference_doctype"], row["reference_name"])
            doc.submit()
            totals[what] = doc.get("grand_total") or doc.total_debit
        frappe.db.commit()
        self.assertEqual(
            totals,
            {
                "Manual journal Moved": 115,
                "Money spent Flight": 132.42,
                "Invoice X-1": 155,
                "Bill B-7": 230,
                "Credit note C-1": -115,
            },
        )
        # One account takes what comes back: what waited is entered.
        row = frappe.get_doc("Xero Account Mapping", {"connection": self.connection, "account": books.of("Service")})
        row.takes_what_comes_back = 1
        row.save()
        frappe.db.commit()
        self.look(turns=2)
        self.wait_for_worker(self.connection)
        after = self.rows()
        self.assertEqual(after["Invoice X-2"]["state"], "Draft Here", after["Invoice X-2"])
        self.assertEqual({after[what]["state"] for what in found}, {"Entered Here"})
        self.assertEqual({each: len(self.organisation.read(each)) for each in LISTS}, sent, "nothing is sent back")
        names = [row["reference_name"] for row in found.values()]
        steps = frappe.get_all("Xero Outbox Entry", filters={"reference_name": ("in", names), "connection": self.connection}, pluck="state")
        self.assertEqual(steps, ["Synced"] * len(names))
        paid = {"reference_name": found["Invoice X-1"]["reference_name"]}
        self.assertEqual(frappe.get_all("Payment Entry Reference", filters=paid, pluck="allocated_amount"), [15])
        # Removed in Xero after the submit: a person cancels it here, and Xero's is left alone.
        person(
            "void_invoice",
            InvoiceID=next(each["InvoiceID"] for each in self.organisation.read("Invoices") if each["InvoiceNumber"] == "B-7"),
        )
        self.look(turns=2)
        gone = self.rows()["Bill B-7"]
        self.assertEqual(gone["reason_code"], "removed-in-xero-back", gone)
        frappe.get_doc(gone["reference_doctype"], gone["reference_name"]).cancel()
        frappe.db.commit()
        incoming_api.retry(gone["name"])
        frappe.db.commit()
        # The worker is at it perhaps.
        self._run_until(lambda: self.rows()["Bill B-7"]["state"] == "Gone")
