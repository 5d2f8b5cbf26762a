"""A month of one company's documents: October 2026, weekday by weekday, made through ERPNext.

Seeded, so that a second recording has the same documents. It decides what is typed; every figure that
results is ERPNext's. Amounts that a payment needs (outstanding) are read back from ERPNext.
"""

from __future__ import annotations

import datetime
import random
from typing import Any

import frappe

from recorder.documents import Recorder
from recorder.masters import CENTRES, ITEMS, RATES, Books
from recorder.oddities import Oddities
from recorder.payments import Payments

SERIES = {"Sales Invoice": "SI", "Purchase Invoice": "PI", "Payment Entry": "PAY"}
FIRST = datetime.date(2026, 10, 1)
WEEKDAYS = [day for day in (FIRST + datetime.timedelta(n) for n in range(31)) if day.weekday() < 5]
PAYMENTS_FROM = 4  # the weekday (counting from 0) on which the first invoices are old enough to be paid


class Month:
    """One company's October. `run` makes the documents; the recorder holds them."""

    def __init__(self, books: Books) -> None:
        self.books, self.place = books, books.place
        self.rng = random.Random(f"month {books.code}")
        self.recorder = Recorder()
        self.payments = Payments(books, self.recorder, self.rng)
        self.bill_number = 4100

    def run(self) -> None:
        """Spread the document counts of `companies.json` over the weekdays."""
        sizes = self.place["sizes"]
        oddities = Oddities(self.books, self.payments, self.recorder, self._price_list)
        for number, day in enumerate(WEEKDAYS):
            for doctype, size in (("Purchase Invoice", sizes["bills"]), ("Sales Invoice", sizes["sales"])):
                for _ in range(_due(size, number, len(WEEKDAYS))):
                    self._tidy_up(self.recorder.submit(self.invoice(doctype, day)), number)
            late = number - PAYMENTS_FROM
            for kind in ("receipts", "payments"):
                for _ in range(_due(sizes[kind], late, len(WEEKDAYS) - PAYMENTS_FROM)):
                    self.payments.settle(kind == "receipts", day)
            oddities.of(number, day)

    def _tidy_up(self, doc: Any, number: int) -> None:
        """Now and then an unpaid document was wrong: cancelled, or cancelled and amended."""
        draw = self.rng.random()
        if draw < 0.02:
            self.recorder.cancel(doc.doctype, doc.name)
        elif draw < 0.055:
            typed = dict(self.recorder.records[-1]["input"])
            self.recorder.cancel(doc.doctype, doc.name)
            first, *others = typed["items"]
            typed["items"] = [{**first, "qty": first["qty"] + 1}, *others]
            self.recorder.amend(doc.name, typed)

    def invoice(self, doctype: str, day: datetime.date) -> dict[str, Any]:
        """What a person types into one invoice of that day."""
        sale = doctype == "Sales Invoice"
        kind = "customers" if sale else "suppliers"
        rng, place, foreign = self.rng, self.place, self.place["foreign_customers" if sale else "foreign_suppliers"]
        party = rng.choice(sorted(foreign)) if rng.random() < place["abroad"] else rng.choice(place[kind])
        currency = foreign.get(party, self.books.currency)
        abroad = currency != self.books.currency
        included = not abroad and rng.random() < place["inclusive"]
        compound = not abroad and "compound" in place and rng.random() < 0.3
        items = [self._line(doctype, abroad) for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 3, 4, 5, 8)))]
        if rng.random() < 0.3:
            items = [{**item, "cost_center": self.books.of(rng.choice(CENTRES))} for item in items]
        return {
            "doctype": doctype,
            "naming_series": f"{place['abbr']}-{SERIES[doctype]}-.#####",
            "company": self.books.company,
            kind[:-1]: party,
            "posting_date": str(day),
            "set_posting_time": 1,
            "due_date": str(day + datetime.timedelta(place["terms"])),
            "currency": currency,
            "conversion_rate": round(_rate(currency, self.books.currency) * rng.uniform(0.985, 1.015), 4) if abroad else 1,
            **self._price_list(doctype),
            "ignore_pricing_rule": 1,
            "disable_rounded_total": int(rng.random() < 0.7),
            "items": items,
            **self._taxes(doctype, included, compound, rng.random() < 0.08),
            **self._discount(),
            **(self._order_number() if sale else self._bill_number(day)),
        }

    def _price_list(self, doctype: str) -> dict[str, Any]:
        side = "selling" if doctype == "Sales Invoice" else "buying"
        base = self.books.currency
        return {f"{side}_price_list": f"{side.title()} {base}", "price_list_currency": base, "plc_conversion_rate": 1}

    def _order_number(self) -> dict[str, Any]:
        return {"po_no": f"PO-{self.rng.randint(2000, 9999)}"} if self.rng.random() < 0.4 else {}

    def _bill_number(self, day: datetime.date) -> dict[str, Any]:
        self.bill_number += self.rng.randint(1, 9)
        return {"bill_no": f"{self.rng.choice(('INV-', '', 'A'))}{self.bill_number}", "bill_date": str(day)}

    def _taxes(self, doctype: str, included: bool, compound: bool, freight: bool) -> dict[str, Any]:
        rows = self.books.tax_rows(doctype, included, compound)
        typed: dict[str, Any] = {"taxes_and_charges": self.books.template(included, compound), "taxes": rows}
        if freight:
            actual = {"charge_type": "Actual", "account_head": self.books.freight(doctype), "description": "Freight",
                      "tax_amount": self.rng.choice((12.5, 18.0, 27.45, 65.0))}  # fmt: skip
            if doctype == "Purchase Invoice":
                actual |= {"category": "Total", "add_deduct_tax": "Add"}
            if included or compound or len(rows) > 1:
                typed["taxes"] = [*rows, actual]
            else:
                taxed = {**rows[0], "charge_type": "On Previous Row Total", "row_id": "1"}
                typed = {"taxes": [actual, taxed]}
        return typed

    def _discount(self) -> dict[str, Any]:
        if self.rng.random() >= 0.08:
            return {}
        where = self.rng.choice(("Net Total", "Grand Total"))
        return {"apply_discount_on": where, "additional_discount_percentage": self.rng.choice((2.5, 5, 7.5, 10))}

    def _line(self, doctype: str, abroad: bool) -> dict[str, Any]:
        rng = self.rng
        sale = doctype == "Sales Invoice"
        codes = [code for code, item in ITEMS.items() if bool(item[2]) == sale]
        # A hardware yard also buys what it sells.
        code = rng.choice(codes if sale or rng.random() < 0.8 else ["PANEL", "POST", "GATE", "HINGE"])
        price = float(ITEMS[code][1]) * self.place["scale"] * rng.choice((1, 1, 1, 0.97, 1.04))
        places = 4 if code in ("SCREW", "POST", "TIMBER", "WIRE", "FUEL") else 2
        line: dict[str, Any] = {"item_code": code, "qty": self._quantity(code)}
        if rng.random() < 0.12:
            line |= {"price_list_rate": round(price, places), "discount_percentage": rng.choice((5, 10, 12.5, 15))}
        else:
            line["rate"] = round(price, places)
        if not sale:
            line["rate"] = round(price * 0.8, places)
            line = {name: value for name, value in line.items() if name in ("item_code", "qty", "rate")}
        templates = sorted(self.place["item_tax"])
        if abroad:
            # What leaves or enters the country carries no local tax here.
            line["item_tax_template"] = self.books.of("Exempt" if "Exempt" in templates else templates[-1])
        elif rng.random() < 0.1:
            line["item_tax_template"] = self.books.of(rng.choice(templates))
        return line

    def _quantity(self, code: str) -> float:
        rng = self.rng
        if code in ("SCREW", "WIRE"):
            return rng.choice((100, 250, 500, 1250, 2000))
        if code in ("STAIN", "TIMBER", "FUEL"):
            return round(rng.uniform(2, 80), rng.choice((0, 1, 2, 3)))
        if code in ("LABOUR", "ADVICE"):
            return rng.choice((0.5, 0.75, 1, 1.25, 2, 3.5, 7.25, 12))
        return 1 if code in ("RENT", "POWER") else rng.randint(1, 12)


def _due(size: int, number: int, days: int) -> int:
    """How many of `size` fall on weekday `number` of `days`, spread evenly."""
    return 0 if number < 0 else size * (number + 1) // days - size * number // days


def _rate(currency: str, base: str) -> float:
    """About what one unit of the currency costs."""
    return RATES[currency, base]


def record(code: str) -> tuple[Books, Recorder]:
    """Create the company, make its month, return both."""
    books = Books(code)
    books.create()
    frappe.clear_cache()
    month = Month(books)
    month.run()
    return books, month.recorder
