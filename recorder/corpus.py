"""A year of random but valid documents of one company, of every kind, made through ERPNext in order of date.

Seeded: a second recording types the same documents. It decides only what is typed. What ERPNext refuses is
counted with its words and left out; nothing is made up in its place.
"""

from __future__ import annotations

import copy
import datetime
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import frappe

from recorder.case_books import CaseBooks
from recorder.chains import ROW_FIELDS, as_a_new_request
from recorder.documents import INVOICES, _state
from recorder.forms import bill, deduction, goods_return, journal, on_party, transfer
from recorder.masters import PLACES
from recorder.month import Month
from recorder.packing import pack
from recorder.payments import Payments

NAMES = {
    "NZ": {"name": "Pohutukawa Supplies Ltd", "abbr": "PS"}, "AU": {"name": "Karri Tools Pty Ltd", "abbr": "KT"},
    "UK": {"name": "Severn Fabrication Ltd", "abbr": "SF"}, "US": {"name": "Juniper Mesa Outfitters Inc", "abbr": "JM"},
}  # fmt: skip
FIRST, LAST = datetime.date(2026, 4, 1), datetime.date(2026, 11, 20)
KINDS = (*INVOICES, "Payment Entry", "Journal Entry")
# kind -> how often in a hundred; what each types stands in the method of that name
WEIGHTS = {
    "sale": 36, "bill": 20, "receipt": 13, "paying": 8, "overpaid": 2, "advance": 3, "short": 3, "returned": 5, "entry": 5,
    "moved": 2, "counter": 1, "paid_bill": 1, "cancelled": 2, "amended": 2, "allocated": 2,
}  # fmt: skip


class CorpusBooks(CaseBooks):
    """A company of `companies.json` under another name, with the accounts of the cases."""

    def __init__(self, code: str) -> None:
        self.code, self.place = code, PLACES[code] | NAMES[code]
        self.company, self.currency = self.place["name"], self.place["currency"]
        self.foreign = sorted({currency for currency in self.place["banks"].values() if currency != self.currency})
        self._made = 0


class Year(Month):
    """The company's documents; `records` holds them as events, `refused` counts what ERPNext would not take."""

    first, last, weights = FIRST, LAST, WEIGHTS

    def __init__(self, books: CorpusBooks) -> None:
        super().__init__(books)
        self.rng = random.Random(f"year {books.code}")
        self.payments = Payments(books, self, self.rng)  # type: ignore[arg-type]
        self.records: list[dict[str, Any]] = []
        self.events, self.name, self.title = self.records, "year", "Entry of the year"
        self.masters: dict[str, list[dict[str, Any]]] = {}
        self.refused: Counter[str] = Counter()
        self.done: list[tuple[str, str]] = []

    def run(self, count: int) -> None:  # type: ignore[override]
        """Type until `count` documents were submitted, spread evenly over the days."""
        days = (self.last - self.first).days
        while (submitted := sum(record["event"] == "submit" for record in self.records)) < count:
            day = self.first + datetime.timedelta(min(days, days * submitted // count))
            kind = "sale" if submitted < 12 else self.rng.choices(list(self.weights), list(self.weights.values()))[0]
            make: Callable[[datetime.date], Any] = getattr(self, kind)
            try:
                make(day)
            except frappe.ValidationError as error:
                frappe.db.rollback()
                self.refused[f"{kind}: {type(error).__name__}: {str(error)[:90]}"] += 1
            frappe.clear_messages()

    def own(self, doctype: str, name: str) -> None:
        self.masters.setdefault(doctype, []).append(pack(frappe.get_doc(doctype, name)))

    # What happens ------------------------------------------------------------------------------------------------

    def submit(self, typed: dict[str, Any], _attention: str | None = None) -> Any:
        def do() -> Any:
            doc = frappe.get_doc(copy.deepcopy(typed))  # the host writes into what it is given
            doc.insert()
            doc.submit()
            self.done.append((doc.doctype, doc.name))
            return doc

        return self._event("submit", do, typed)

    def cancel(self, doctype: str, name: str) -> Any:
        def do() -> Any:
            doc = frappe.get_doc(doctype, name)
            doc.cancel()
            return doc

        return self._event("cancel", do, None)

    def _event(self, kind: str, do: Callable[[], Any], typed: dict[str, Any] | None) -> Any:
        """Run it, commit, record it with every document that the event left changed (by its time of change)."""
        since = frappe.utils.now()
        as_a_new_request()
        doc = do()
        frappe.db.commit()
        record: dict[str, Any] = {"event": kind, "doctype": doc.doctype, "name": doc.name} | ({"input": typed} if typed else {})
        if kind != "tool":
            doc.reload()
        record["doc"] = pack(dict(doc, **typed)) if kind == "tool" and typed else pack(doc)
        if kind == "submit":
            record["gl"] = _rows(doc.doctype, doc.name)
        record["after"], record["ledger"] = [], []
        for doctype in KINDS:
            changed = {"company": self.books.company, "modified": [">=", since], "name": ["!=", doc.name]}
            for other in frappe.get_all(doctype, changed, ["name", "creation"], order_by="creation, name"):
                whole = doctype not in INVOICES or str(other.creation) >= since
                record["after"].append(pack(frappe.get_doc(doctype, other.name)) if whole else _state(doctype, other.name))
                rows = _rows(doctype, other.name)
                if any(row["creation"] >= since for row in rows):
                    record["ledger"].append({"voucher_type": doctype, "voucher_no": other.name, "rows": rows})
        self.records.append(record)
        return doc

    # What is typed -----------------------------------------------------------------------------------------------

    def sale(self, day: datetime.date) -> None:
        self.submit(self.invoice("Sales Invoice", day))

    def bill(self, day: datetime.date) -> None:
        self.submit(self.invoice("Purchase Invoice", day))

    def receipt(self, day: datetime.date) -> None:
        self._settle(True, day)

    def paying(self, day: datetime.date) -> None:
        self._settle(False, day)

    def _settle(self, is_sale: bool, day: datetime.date) -> None:
        if self.payments.open_invoices(is_sale, day - datetime.timedelta(3)):
            self.payments.settle(is_sale, day)

    def _open(self, day: datetime.date, domestic: bool = True, is_sale: bool = True) -> Any:
        found = [row for row in self.payments.open_invoices(is_sale, day) if not domestic or row.currency == self.books.currency]
        return self.rng.choice(found) if found else None

    def overpaid(self, day: datetime.date) -> None:
        if chosen := self._open(day):
            self.submit(self.payments.typed(True, day, [chosen], [chosen.outstanding_amount], extra=self.rng.choice((5, 50, 120.5))))

    def advance(self, day: datetime.date) -> None:
        is_sale = self.rng.random() < 0.6
        if chosen := self._open(day, False, is_sale):
            self.submit({**self.payments.typed(is_sale, day, [chosen], [self.rng.choice((100.0, 400.0, 750.25))]), "references": []})

    def short(self, day: datetime.date) -> None:
        """A fee or write-off kept back from a domestic receipt."""
        if chosen := self._open(day):
            typed = self.payments.typed(True, day, [chosen], [chosen.outstanding_amount])
            kept = round(min(chosen.outstanding_amount / 2, self.rng.choice((0.05, 4.85, 15.0, chosen.outstanding_amount * 0.027))), 2)
            came = round(chosen.outstanding_amount - kept, 2)
            symbol = self.rng.choice(("Bank Fees", "Merchant Fees", "Bad Debts", "Discounts Allowed"))
            self.submit(typed | {"paid_amount": came, "received_amount": came, "deductions": [deduction(self, symbol, kept)]})

    def returned(self, day: datetime.date) -> None:
        doctype = self.rng.choice(("Sales Invoice", "Sales Invoice", "Purchase Invoice"))
        recent = [name for kind, name in self.done if kind == doctype][-30:]
        if not recent:
            return
        doc = frappe.get_doc(doctype, self.rng.choice(recent))
        if (
            doc.docstatus == 1 and not doc.is_return and not doc.is_pos
            if doctype == "Sales Invoice"
            else doc.docstatus == 1 and not doc.is_return
        ):
            note = goods_return(self, doc, self.rng.choice((0, 1)), 1.0, str(max(day, doc.posting_date)), self.rng.random() < 0.5)
            self.submit(note)

    def entry(self, day: datetime.date) -> None:
        rng, books = self.rng, self.books
        amount = round(rng.uniform(10, 900), 2)
        expense = rng.choice(("Utility Expenses", "Office Rent", "Telephone Expenses", "Marketing Expenses"))
        tax = next(iter(books.place["taxes"]))
        rate = books.place["taxes"][tax]
        vat = round(amount * rate / 100, 2)
        owed = round(amount + vat, 2)
        party = rng.choice(books.place["customers"])
        rows, kind = rng.choice((
            ([(expense, amount, 0), ("Clearing", 0, amount)], "Journal Entry"),
            ([(expense, amount, 0, {"cost_center": books.of("North")}), ("Clearing", 0, amount)], "Journal Entry"),
            ([(expense, amount, 0), (tax, vat, 0), ("Clearing", 0, owed)], "Journal Entry"),
            ([("Bank Fees", amount, 0), (books.bank(), 0, amount)], "Bank Entry"),
            ([(books.bank(), amount, 0), ("Interest Received", 0, amount)], "Bank Entry"),
            ([(books.bank(), amount, 0), ("Cash", 0, amount)], "Contra Entry"),
            ([("Debtors", amount, 0, on_party("Customer", party)), ("Interest Received", 0, amount)], "Journal Entry"),
            ([("Depreciation", amount, 0), ("Accumulated Depreciation", 0, amount)], "Depreciation Entry"),
        ))  # fmt: skip
        self.submit(journal(self, rows, kind, str(day)))

    def moved(self, day: datetime.date) -> None:
        books, amount = self.books, round(self.rng.uniform(100, 3000), 2)
        others = [currency for currency in books.foreign if currency in books.place["banks"].values()]
        if others and self.rng.random() < 0.5:
            from recorder.masters import RATES

            currency = self.rng.choice(others)
            came = round(amount * RATES[currency, books.currency] * self.rng.uniform(0.98, 1.02), 2)
            typed = transfer(self, books.bank(currency), books.bank(), amount, came, (came / amount, 1))
        else:
            typed = transfer(self, books.of("Cash"), books.bank(), amount)
        self.submit({**typed, "posting_date": str(day), "reference_date": str(day)})

    def counter(self, day: datetime.date) -> None:
        from recorder.cases.stock import profile

        typed = self.invoice("Sales Invoice", day)
        while typed["currency"] != self.books.currency:
            typed = self.invoice("Sales Invoice", day)
        draft = frappe.get_doc(copy.deepcopy(typed)).insert()
        due = draft.rounded_total or draft.grand_total
        frappe.db.rollback()
        paid = [{"mode_of_payment": "Cash", "amount": due}]
        self.submit({**typed, "is_pos": 1, "pos_profile": profile(self), "payments": paid})

    def paid_bill(self, day: datetime.date) -> None:
        typed = bill(
            self, self.rng.choice(self.books.place["suppliers"]), [("RENT", 1, round(self.rng.uniform(50, 900), 2))], str(day), str(day)
        )
        draft = frappe.get_doc(copy.deepcopy(typed)).insert()
        due = draft.grand_total
        frappe.db.rollback()
        self.submit(typed | {"is_paid": 1, "mode_of_payment": "Wire Transfer", "cash_bank_account": self.books.bank(), "paid_amount": due,
                             "bill_no": f"P{len(self.records)}"})  # fmt: skip

    def cancelled(self, _day: datetime.date) -> None:
        doctype, name = self.rng.choice(self.done[-60:])
        if frappe.db.get_value(doctype, name, "docstatus") == 1:
            self.cancel(doctype, name)

    def amended(self, _day: datetime.date) -> None:
        doctype, name = self.rng.choice(self.done[-40:])
        record = next(record for record in self.records if record["event"] == "submit" and record["name"] == name)
        if doctype not in INVOICES or frappe.db.get_value(doctype, name, "docstatus") != 1 or record["input"].get("is_return"):
            return
        self.cancel(doctype, name)
        first, *others = record["input"]["items"]
        self.submit({**record["input"], "items": [{**first, "qty": first["qty"] + 1}, *others], "amended_from": name})

    def allocated(self, _day: datetime.date) -> None:
        """An unallocated receipt or an open credit note goes to the customer's oldest open invoice."""
        form = frappe.get_doc("Payment Reconciliation")
        free = frappe.get_all("Payment Entry", {"company": self.books.company, "docstatus": 1, "payment_type": "Receive", "party_type": "Customer",
                              "unallocated_amount": [">", 0.01], "paid_from": self.books.of("Debtors")}, pluck="party", order_by="name")  # fmt: skip
        notes = frappe.get_all("Sales Invoice", {"company": self.books.company, "docstatus": 1, "is_return": 1, "outstanding_amount": ["<", 0],
                               "debit_to": self.books.of("Debtors")}, pluck="customer", order_by="name")  # fmt: skip
        parties = sorted({*free, *notes})
        if not parties:
            return
        party = self.rng.choice(parties)
        form.update(
            {
                "company": self.books.company,
                "party_type": "Customer",
                "party": party,
                "receivable_payable_account": self.books.of("Debtors"),
            }
        )
        form.get_unreconciled_entries()
        if not form.payments or not form.invoices:
            return
        form.allocate_entries(frappe._dict(payments=[form.payments[0].as_dict()], invoices=[form.invoices[0].as_dict()]))
        row = form.allocation[0]
        typed = {"party": party, "payment": row.reference_name, "invoice": row.invoice_number, "allocated_amount": row.allocated_amount}

        def do() -> Any:
            form.reconcile()
            return frappe._dict(doctype="Payment Reconciliation", name="Payment Reconciliation")

        self._event("tool", do, typed)


def _rows(doctype: str, name: str) -> list[dict[str, Any]]:
    fields = [field for field in ROW_FIELDS if field not in ("name", "voucher_type", "voucher_no")]
    rows = frappe.get_all("GL Entry", {"voucher_type": doctype, "voucher_no": name}, fields, order_by="creation, name")
    return [pack(dict(row)) for row in rows]


def record(code: str, count: int) -> tuple[CorpusBooks, Year]:
    """Create the company and make its year."""
    books = CorpusBooks(code)
    books.create()
    frappe.clear_cache()
    year = Year(books)
    year.run(count)
    return books, year
