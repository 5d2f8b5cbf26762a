"""Bank lines that no voucher explains: entered by a rule, as their payee's were before, or as a person says, with their tax; as drafts; undone; learned from, but never from what was made of Xero's data."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils import add_days, nowdate

from picortex_xero.api import bank_matching, bank_rules
from picortex_xero.tests.bench.bank_lines import Bank
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.case import BenchCase, on_bench
from picortex_xero.tests.bench.people import acting_as, dismiss, person

PURCHASE = "Purchase Taxes and Charges Template"


@on_bench
class TestCategorising(BenchCase):
    """A company with a rule for its power and a tax template of 15 %."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.bank = Bank()
        cls.books = cls.bank.books
        cls.template = f"GST 15 Bills - {cls.books.abbr}"
        gst = {"account_head": cls.books.of("GST"), "rate": 15, "charge_type": "On Net Total", "description": "GST"}
        if not frappe.db.exists(PURCHASE, cls.template):
            made = {"title": "GST 15 Bills", "company": cls.books.company, "taxes": [{**gst, "category": "Total", "add_deduct_tax": "Add"}]}
            cls.template = str(frappe.get_doc({"doctype": PURCHASE, **made}).insert().name)
        cls.rule = cls.new_rule(
            "Power", "POWERCO", "Office Rent", tax_doctype=PURCHASE, tax_template=cls.template, cost_center=cls.books.of("North")
        )
        frappe.db.commit()

    @classmethod
    def new_rule(cls, title: str, text: str, account: str, **more: Any) -> Any:
        values = {"company": cls.books.company, "title": title, "text_contains": text, "account": cls.books.of(account), **more}
        return frappe.get_doc({"doctype": "Xero Bank Rule", **values}).insert()

    def told(self, call: Callable[[], Any]) -> str:
        """What a person is told who may not do it, or not any more."""
        with self.assertRaises((frappe.ValidationError, frappe.PermissionError)) as caught:
            call()
        frappe.db.rollback()
        frappe.clear_messages()
        return str(caught.exception)

    def readings(self, line: Any) -> list[dict[str, Any]]:
        frappe.db.rollback()
        return list(bank_matching.line(line.name)["readings"])

    def accept(self, line: Any, at: int = 0) -> Any:
        """The document that was made."""
        done = bank_matching.accept(line.name, self.readings(line)[at]["key"])
        frappe.db.commit()
        ((doctype, name),) = json.loads(frappe.db.get_value("Xero Bank Act", done["act"], "done"))["made"]
        return frappe.get_doc(doctype, name), str(done["act"])

    def stands(self, line: Any, left: float = 0.0) -> None:
        frappe.db.rollback()
        self.assertEqual(left, frappe.db.get_value("Bank Transaction", line.name, "unallocated_amount"))

    def rows(self, doc: Any) -> list[tuple[str, float, float]]:
        return sorted((each.account.rsplit(" - ", 1)[0], each.debit, each.credit) for each in doc.accounts)

    def test_a_rule_makes_a_draft_with_its_tax_and_the_line_is_matched_once_it_is_submitted(self) -> None:
        line = self.bank.line(-115.0, "DD POWERCO 8812", day=-5, reference="DD8812")
        self.bank.propose()
        row = self.bank.row(line)
        self.assertEqual(("Proposed", "coded", 0), (row.state, row.kind, row.ready))
        self.assertIn("Your rule Power", row.why)
        reading = self.readings(line)[0]
        self.assertEqual(["100.00", "15.00"], [each["amount"] for each in reading["rows"]])
        doc, act = self.accept(line)
        self.assertEqual(
            (0, "Waiting for Drafts", "Draft"),
            (doc.docstatus, frappe.db.get_value("Xero Bank Act", act, "state"), self.bank.row(line).state),
        )
        self.assertEqual([("GST", 15.0, 0.0), ("Office Rent", 100.0, 0.0), ("Trading Account", 0.0, 115.0)], self.rows(doc))
        self.assertEqual(
            ("DD8812", str(line.date), "Powerco", self.books.of("North")),
            (doc.cheque_no, str(doc.posting_date), doc.pay_to_recd_from, doc.accounts[1].cost_center),
        )
        self.stands(line, 115.0)
        # A second draft of the same line would enter it twice.
        self.assertEqual([], self.readings(line))
        coding = json.dumps({"account": self.books.of("Office Rent")})
        self.assertIn("has made a draft for this line", self.told(lambda: bank_matching.categorise(line.name, "-115", coding)))
        doc.submit()
        frappe.db.commit()
        self.bank.propose()
        self.stands(line)
        self.assertEqual(("Done", "Accepted"), (frappe.db.get_value("Xero Bank Act", act, "state"), self.bank.row(line).state))
        bank_matching.undo(act)
        frappe.db.commit()
        self.stands(line, 115.0)
        self.assertEqual(2, frappe.db.get_value("Journal Entry", doc.name, "docstatus"))

    def test_a_draft_is_undone_and_gone(self) -> None:
        line = self.bank.line(-23.0, "DD POWERCO 8813", day=-5)
        self.bank.propose()
        doc, act = self.accept(line)
        bank_matching.undo(act)
        frappe.db.commit()
        self.assertFalse(frappe.db.exists("Journal Entry", doc.name))
        self.bank.propose()
        self.assertEqual("Undone", self.bank.row(line).state)
        self.assertEqual("coded", self.readings(line)[0]["kind"])

    def test_what_is_submitted_at_once_is_matched_at_once_whatever_the_direction(self) -> None:
        self.setting(submit_categorised=1)
        try:
            line = self.bank.line(23.0, "POWERCO REFUND", day=-5)
            self.bank.propose()
            doc, _act = self.accept(line)
            self.assertEqual([("GST", 0.0, 3.0), ("Office Rent", 0.0, 20.0), ("Trading Account", 23.0, 0.0)], self.rows(doc))
            self.stands(line)
            self.assertEqual(str(line.date), str(frappe.db.get_value("Journal Entry", doc.name, "clearance_date")))
        finally:
            self.setting(submit_categorised=0)

    def setting(self, **values: Any) -> None:
        setting = frappe.get_doc("Xero Bank Setting", self.bank.setting.name)
        setting.update(values)
        setting.save()
        frappe.db.commit()

    def entered(self, text: str, amount: float, account: str, day: int, **more: Any) -> Any:
        """A line that a person has entered in ERPNext himself."""
        line = self.bank.line(amount, text, day=day)
        side, other = ("debit", "credit") if amount < 0 else ("credit", "debit")
        size = abs(amount)
        rows = [
            {"account": self.books.of("Trading Account"), f"{other}_in_account_currency": size},
            {"account": self.books.of(account), f"{side}_in_account_currency": size, "cost_center": self.books.of("Main"), **more},
        ]
        doc = {
            "voucher_type": "Bank Entry",
            "company": self.books.company,
            "posting_date": line.date,
            "cheque_no": text,
            "cheque_date": line.date,
        }
        made = submit(frappe.get_doc({"doctype": "Journal Entry", **doc, "accounts": rows}))
        line.add_payment_entries([{"payment_doctype": "Journal Entry", "payment_name": made.name}])
        line.save()
        frappe.db.commit()
        return made

    def memory(self, payee: str) -> list[Any]:
        frappe.db.rollback()
        wanted = {"company": self.books.company, "payee": payee}
        return list(
            frappe.get_all(
                "Xero Bank Memory", filters=wanted, fields=["name", "account", "times", "state", "seen_in"], order_by="times desc"
            )
        )

    def test_what_people_enter_is_learned_seen_fixed_and_forgotten(self) -> None:
        made = [self.entered(f"CARD GRIDWAY FUEL {at}", -40.0 - at, "Travel Expenses", -9 + at) for at in range(3)]
        line = self.bank.line(-61.5, "CARD GRIDWAY FUEL 77", day=-4)
        self.bank.propose()
        (row,) = self.memory("GRIDWAY FUEL")
        self.assertEqual((self.books.of("Travel Expenses"), 3, "Learned"), (row.account, row.times, row.state))
        self.assertEqual({each.name for each in made}, set(row.seen_in.split("\n")))
        (reading,) = self.readings(line)
        self.assertIn("3 of 3 lines of GRIDWAY FUEL were entered so", reading["why"][0])
        # Fixed by a person: another account, and that for good.
        doc = frappe.get_doc("Xero Bank Memory", row.name)
        doc.account = self.books.of("Marketing Expenses")
        doc.save()
        frappe.db.commit()
        self.assertEqual("Always", doc.state)
        self.bank.propose()
        self.assertEqual(self.books.of("Marketing Expenses"), self.readings(line)[0]["coding"]["account"])
        # Forgotten: nothing of the payee is proposed, and learning does not bring it back.
        for each in self.memory("GRIDWAY FUEL"):
            frappe.db.set_value("Xero Bank Memory", each.name, "state", "Forgotten")
        frappe.db.commit()
        self.bank.propose()
        self.assertEqual([], self.readings(line))
        self.assertEqual({"Forgotten"}, {each.state for each in self.memory("GRIDWAY FUEL")})

    def test_it_abstains_where_the_payee_was_entered_in_several_ways(self) -> None:
        self.entered("CARD BRAEBURN ONE", -10.0, "Travel Expenses", -9)
        self.entered("CARD BRAEBURN ONE", -11.0, "Marketing Expenses", -8)
        line = self.bank.line(-12.0, "CARD BRAEBURN ONE", day=-4)
        self.bank.propose()
        self.assertEqual("Abstained", self.bank.row(line).state)
        self.assertEqual(2, len(self.readings(line)))

    def test_nothing_is_learned_from_what_was_made_of_xeros_data(self) -> None:
        theirs = self.entered("TILLWORTH SUPPLIES", -30.0, "Travel Expenses", -9)
        ours = self.entered("TILLWORTH SUPPLIES", -31.0, "Marketing Expenses", -8)
        linked = self.entered("TILLWORTH SUPPLIES", -32.0, "Office Rent", -8)
        amended = self.amended(self.entered("TILLWORTH SUPPLIES", -33.0, "Sales", -8))
        self.note("Xero Incoming Record", theirs, state="Entered Here")
        self.note("Xero Incoming Record", amended[0], state="Gone")
        self.note(
            "Xero Link",
            linked,
            adopted=1,
            endpoint="BankTransactions",
            marker="{}",
            content="",
            link_key=linked.name,
            remote_key=linked.name,
        )
        line = self.bank.line(-34.0, "TILLWORTH SUPPLIES", day=-4)
        self.bank.propose()
        self.assertEqual([self.books.of("Marketing Expenses")], [each.account for each in self.memory("TILLWORTH SUPPLIES")])
        self.assertEqual([ours.name], [each.seen_in for each in self.memory("TILLWORTH SUPPLIES")])
        self.assertEqual(self.books.of("Marketing Expenses"), self.readings(line)[0]["coding"]["account"])

    def note(self, doctype: str, made: Any, **values: Any) -> None:
        from picortex_xero.engine.standard_columns import standard

        row = {"name": frappe.generate_hash(length=12), **standard(), "company": self.books.company, **values}
        row |= {"reference_doctype": made.doctype, "reference_name": made.name}
        frappe.db.bulk_insert(doctype, list(row), [tuple(row.values())])
        frappe.db.commit()
        self.addCleanup(frappe.db.commit)
        self.addCleanup(lambda: frappe.db.delete(doctype, {"name": row["name"]}))

    def amended(self, made: Any) -> tuple[Any, Any]:
        """What was made, cancelled, and its amendment, which explains the line."""
        name = frappe.get_all("Bank Transaction Payments", filters={"payment_entry": made.name}, pluck="parent")[0]
        made.reload()
        made.cancel()
        again = frappe.copy_doc(made)
        again.docstatus, again.amended_from = 0, made.name
        submit(again)
        line = frappe.get_doc("Bank Transaction", name)
        line.add_payment_entries([{"payment_doctype": "Journal Entry", "payment_name": again.name}])
        line.save()
        frappe.db.commit()
        return made, again

    def test_tax_that_people_typed_is_learned_by_its_template(self) -> None:
        line = self.bank.line(-57.5, "INKWELL PRINT", day=-7)
        rows = [
            {"account": self.books.of("Trading Account"), "credit_in_account_currency": 57.5},
            {"account": self.books.of("Marketing Expenses"), "debit_in_account_currency": 50.0, "cost_center": self.books.of("South")},
            {"account": self.books.of("GST"), "debit_in_account_currency": 7.5, "cost_center": self.books.of("Main")},
        ]
        doc = {"voucher_type": "Journal Entry", "company": self.books.company, "posting_date": line.date, "accounts": rows}
        made = submit(frappe.get_doc({"doctype": "Journal Entry", **doc}))
        line.add_payment_entries([{"payment_doctype": "Journal Entry", "payment_name": made.name}])
        line.save()
        frappe.db.commit()
        following = self.bank.line(-23.0, "INKWELL PRINT", day=-4)
        self.bank.propose()
        coding = self.readings(following)[0]["coding"]
        self.assertEqual(
            (self.books.of("Marketing Expenses"), self.template, self.books.of("South")),
            (coding["account"], coding["tax_template"], coding["cost_center"]),
        )

    def test_a_person_says_otherwise_and_it_is_remembered(self) -> None:
        line = self.bank.line(-46.0, "QUILLON STORAGE", day=-5)
        self.bank.propose()
        self.assertEqual(("Abstained", 0), (self.bank.row(line).state, self.bank.row(line).explained))
        coding = json.dumps({"account": self.books.of("Office Rent"), "tax_doctype": PURCHASE, "tax_template": self.template})
        self.assertEqual(["40.00", "6.00"], [each["amount"] for each in bank_matching.coding_rows(line.name, coding)["rows"]])
        bank_matching.categorise(line.name, "-46", coding, 1)
        frappe.db.commit()
        following = self.bank.line(-46.0, "QUILLON STORAGE", day=-4)
        self.bank.propose()
        reading = self.readings(following)[0]
        self.assertEqual((self.template, 94), (reading["coding"]["tax_template"], reading["score"]))
        self.assertIn("You said", reading["why"][0])

    def test_what_erpnext_could_not_follow_is_told_and_nothing_is_made(self) -> None:
        line = self.bank.line(-19.0, "ODDMENTS", day=-5)
        debtors, savings = self.books.of("Debtors"), self.books.of("Savings Account")
        other = Bank()
        for coding, said in (
            ({"account": debtors}, "account of parties"),
            ({"account": savings}, "bank account of the company"),
            ({"account": self.books.of("Indirect Expenses")}, "is a group"),
            ({"account": other.books.of("Office Rent")}, "is not of"),
            ({"account": self.books.of("Office Rent"), "cost_center": other.books.of("North")}, "is not of"),
            ({"entry": "Payment Entry"}, "wants a party"),
            ({}, "Choose an account"),
        ):
            self.assertIn(said, self.told(lambda coding=coding: bank_matching.categorise(line.name, "-19", json.dumps(coding))), coding)
        self.assertIn(
            "has changed since",
            self.told(lambda: bank_matching.categorise(line.name, "-18", json.dumps({"account": self.books.of("Office Rent")}))),
        )
        self.assertEqual(0, frappe.db.count("Xero Bank Act", {"bank_transaction": line.name}))

    def test_money_on_account_of_a_party(self) -> None:
        line = self.bank.line(-75.0, "DEPOSIT FOR FENCE", day=-5)
        coding = {"entry": "Payment Entry", "party_type": "Supplier", "party": self.books.party("Supplier")}
        bank_matching.categorise(line.name, "-75", json.dumps(coding))
        frappe.db.commit()
        act = frappe.get_all("Xero Bank Act", filters={"bank_transaction": line.name}, fields=["done", "what"])[0]
        ((doctype, name),) = json.loads(act["done"])["made"]
        doc = frappe.get_doc(doctype, name)
        self.assertEqual(("Payment Entry", 0, 75.0, "Pay"), (doctype, doc.docstatus, doc.unallocated_amount, doc.payment_type))
        doc.submit()
        frappe.db.commit()
        self.bank.propose()
        self.stands(line)

    def test_nothing_is_entered_in_a_closed_period(self) -> None:
        line = self.bank.line(-51.0, "DD POWERCO OLD", day=-25)
        settings = frappe.get_doc("Accounts Settings")
        settings.acc_frozen_upto = add_days(nowdate(), -20)
        settings.save()
        frappe.db.commit()
        try:
            self.bank.propose()
            reading = self.readings(line)[0]
            self.assertIn("closed until", reading["why"][-1])
            self.assertIn("Nothing is entered on", self.told(lambda: bank_matching.accept(line.name, reading["key"])))
        finally:
            settings.reload()
            settings.acc_frozen_upto = None
            settings.save()
            frappe.db.commit()

    def test_nothing_of_an_account_whose_feed_is_only_in_xero(self) -> None:
        from picortex_xero.engine.standard_columns import standard

        line = self.bank.line(-33.0, "DD POWERCO SAVINGS", day=-5, account=self.bank.savings)
        connection = {"name": frappe.generate_hash(length=12), **standard(), "company": self.books.company, "state": "Setup"}
        mapping = {
            "name": frappe.generate_hash(length=12), **standard(), "company": self.books.company, "connection": connection["name"],
            "account": self.books.of("Savings Account"), "bank_feed": "Only in Xero", "xero_account_id": "an-id",
        }  # fmt: skip
        for doctype, row in (("Xero Connection", connection), ("Xero Payment Mapping", mapping)):
            frappe.db.bulk_insert(doctype, list(row), [tuple(row.values())])
        frappe.db.commit()
        try:
            self.bank.propose()
            shown = bank_matching.line(line.name)
            self.assertEqual([], shown["readings"])
            self.assertIn("only in Xero", shown["line"]["not_coded"])
            coding = json.dumps({"account": self.books.of("Office Rent")})
            self.assertIn("only in Xero", self.told(lambda: bank_matching.categorise(line.name, "-33", coding)))
        finally:
            for doctype, row in (("Xero Connection", connection), ("Xero Payment Mapping", mapping)):
                frappe.db.delete(doctype, {"name": row["name"]})
            frappe.db.commit()
        self.bank.propose()
        self.assertEqual("coded", self.readings(line)[0]["kind"])

    def test_what_rules_would_have_caught(self) -> None:
        books = Bank()
        first = {"company": books.books.company, "account": books.books.of("Travel Expenses")}
        rules = [
            frappe.get_doc({"doctype": "Xero Bank Rule", **first, "title": title, **conditions}).insert()
            for title, conditions in (
                ("Taxis", {"text_contains": "TAXI\nCAB"}),
                ("Small", {"most_amount": 50}),
                ("Off", {"text_contains": "CAB", "enabled": 0}),
            )
        ]
        self.assertEqual([10, 20, 30], [each.place for each in rules])
        books.line(-20.0, "CITY TAXI", day=-5)
        books.line(-60.0, "HARBOUR CAB", day=-5)
        books.line(-30.0, "BAKER", day=-4)
        frappe.db.commit()
        found = bank_rules.preview(books.books.company)
        figures = {each["title"]: (each["caught"], each["open"], each["earlier"]) for each in found["rules"]}
        self.assertEqual({"Taxis": (2, 2, 0), "Small": (1, 1, 1), "Off": (0, 0, 1)}, figures)
        rows = bank_rules.caught(rules[1].name)["rows"]
        self.assertEqual([("BAKER", ""), ("CITY TAXI", "Taxis")], sorted((each["description"], each["first"]) for each in rows))
        self.assertIn(
            "would catch every line", self.told(lambda: frappe.get_doc({"doctype": "Xero Bank Rule", **first, "title": "All"}).insert())
        )

    def test_whoever_may_not_see_a_company_enters_nothing_in_it(self) -> None:
        line = self.bank.line(-29.0, "DD POWERCO 9", day=-5)
        self.bank.propose()
        key = self.readings(line)[0]["key"]
        other = Bank()
        clerk = person("categoriser", "Xero Accountant", "Accounts User")
        frappe.get_doc({"doctype": "User Permission", "user": clerk, "allow": "Company", "for_value": other.books.company}).insert()
        frappe.db.commit()
        try:
            with acting_as(clerk):
                coding = json.dumps({"account": self.books.of("Office Rent")})
                for call in (
                    lambda: bank_matching.accept(line.name, key),
                    lambda: bank_matching.categorise(line.name, "-29", coding),
                    lambda: bank_rules.preview(self.books.company),
                    lambda: bank_rules.caught(self.rule.name),
                ):
                    self.told(call)
                self.assertEqual([], frappe.get_list("Xero Bank Memory", filters={"company": self.books.company}))
                ours = other.line(-29.0, "DD POWERCO 9", day=-5)
                foreign = json.dumps({"account": self.books.of("Office Rent")})
                self.told(lambda: bank_matching.categorise(ours.name, "-29", foreign))
        finally:
            dismiss(clerk)
        self.stands(line, 29.0)
