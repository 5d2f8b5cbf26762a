"""Documents for an import of history, put into the stand-in host in bulk: recorded pairs of an invoice and its receipt, and bills, under new names, spread over
ten months."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from benchmarks import documents
from sandbox.rig import Rig

FIRST, DAYS = date(2026, 1, 5), 300
# Of ten documents five are sales invoices, three receipts and two bills.
INVOICES, RECEIPTS, BILLS = 5, 3, 2
# So many tens are written at once.
AT_ONCE = 200
Record = dict[str, Any]
Rows = dict[str, list[Record]]


@dataclass
class Books:
    """What was put into the host: by name, or a supplier's number, what it is worth in Xero."""

    invoices: dict[str, Decimal] = field(default_factory=dict)
    bills: dict[str, Decimal] = field(default_factory=dict)
    payments: dict[str, Decimal] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.invoices) + len(self.bills) + len(self.payments)


def fill(rig: Rig, count: int, customers: int, first: date = FIRST, days: int = DAYS, stem: str = "HIST") -> Books:
    """Put `count` submitted documents into the host, whole tens, dated on so many days from the first on, their names beginning with the stem."""
    parties = documents.customers(rig, customers, f"Customer of {stem}")
    made, tens = Books(), max(1, count // 10)
    with rig.frappe() as frappe:
        pairs = [
            (_Form(frappe, pair[0]), _Form(frappe, pair[1]))
            for pair in documents.pairs(rig)
            if documents.amount(pair[0]) == documents.amount(pair[1])
        ]
        bills = [_Form(frappe, each) for each in _plain_bills(rig)]
        rows: Rows = {}
        for ten in range(tens):
            for number in range(INVOICES):
                at = ten * INVOICES + number
                invoice, receipt = pairs[at % len(pairs)]
                day, name = first + timedelta(days=at * days // (tens * INVOICES)), f"{stem}-{at:06}"
                words = {invoice.name: name, receipt.name: f"{name}-PAY", invoice.customer: parties[at % len(parties)]}
                invoice.copy(rows, words, day, at)
                made.invoices[name] = invoice.worth
                if number < RECEIPTS:
                    receipt.copy(rows, words, day + timedelta(days=1), at)
                    made.payments[name] = receipt.worth
            for number in range(BILLS):
                at = ten * BILLS + number
                bill, day = bills[at % len(bills)], first + timedelta(days=at * days // (tens * BILLS))
                number_there = f"{stem}-S-{at:06}"
                bill.copy(rows, {bill.name: f"{stem}-BILL-{at:06}"}, day, at, bill_no=number_there, bill_date=str(day))
                made.bills[number_there] = bill.worth
            if ten % AT_ONCE == AT_ONCE - 1:
                _write(frappe, rows)
        _write(frappe, rows)
    return made


class _Form:
    """A recorded document as rows of its tables, to be written again and again under other names."""

    def __init__(self, frappe: Any, record: Record) -> None:
        doc = record["doc"]
        self.name, self.customer, self.worth = str(record["name"]), str(doc.get("customer") or ""), documents.amount(record)
        self._head: Record = frappe.get_doc({name: value for name, value in doc.items() if not isinstance(value, list)})._row()
        self._doctype = str(doc["doctype"])
        rows = [row for value in doc.values() if isinstance(value, list) for row in value]
        parent = {"parent": self.name, "parenttype": self._doctype}
        self._rows: list[tuple[str, Record]] = [(str(row["doctype"]), frappe.get_doc({**row, **parent})._row()) for row in rows]

    def copy(self, rows: Rows, words: dict[str, str], day: date, number: int, **more: Any) -> None:
        """Add it to `rows` by DocType, under other names (`words`), on another day."""
        stamp = f"{day} 09:00:00.{number % 1_000_000:06}"
        stamps: Record = {"creation": stamp, "modified": stamp, "docstatus": 1}
        dates: Record = {each: str(day) for each in ("posting_date", "due_date") if each in self._head}
        head = {**_renamed(self._head, words), **dates, **stamps, **more}
        rows.setdefault(self._doctype, []).append(head)
        for place, (doctype, row) in enumerate(self._rows):
            rows.setdefault(doctype, []).append({**_renamed(row, words), **stamps, "name": f"{head['name']}-{place}"})


def _renamed(row: Record, words: dict[str, str]) -> Record:
    # What is empty needs no column: a table of the host has two hundred.
    return {name: words.get(value, value) if isinstance(value, str) else value for name, value in row.items() if value is not None}


def _write(frappe: Any, rows: Rows) -> None:
    for doctype, made in rows.items():
        alike: dict[tuple[str, ...], list[list[Any]]] = {}
        for each in made:
            alike.setdefault(tuple(each), []).append(list(each.values()))
        for columns, values in alike.items():
            frappe.db.bulk_insert(doctype, columns, values)
    rows.clear()
    frappe.db.commit()


def _plain_bills(rig: Rig) -> list[Record]:
    currency, gone = rig.company["default_currency"], {each["name"] for each in rig.documents if each["event"] == "cancel"}
    return [
        each
        for each in rig.documents
        if each["doctype"] == "Purchase Invoice"
        and each["event"] == "submit"
        and each["name"] not in gone
        and not each.get("attention")
        and each["doc"]["currency"] == currency
        and not any(each["doc"].get(odd) for odd in ("is_return", "amended_from", "advances", "is_paid"))
    ]
