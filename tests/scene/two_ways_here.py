"""What a person in ERPNext does while another one works in Xero: sells, buys, pays, gives back, books, cancels, submits what came, and decides what is listed."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.contacts import save
from tests.scene.journals import BANK, entry
from tests.scene.payments import paying
from tests.scene.two_ways_host import BILL, CLAIMS, ENTRY, JOURNAL, SALE, left, worth

DAY = "2026-11-20"
CHANGED, ROW = "Xero Changed Record", "Xero Incoming Record"
COSTS = ("Office Rent", "Utility Expenses", "Telephone Expenses", "Travel Expenses")
Document = dict[str, Any]


class Here:
    """`unsold`, `unbought`: what may still be entered; `mine`: by name the documents that this person has entered, with their docstatus."""

    rig: Rig
    chance: random.Random
    unsold: list[scene.Record]
    unbought: list[scene.Record]

    def __init__(self) -> None:
        self.mine: dict[str, scene.Record] = {}
        self.numbers = 0
        self.typed: dict[str, str] = {}

    # Looking

    def read(self, work: Any) -> Any:
        return scene.with_site(self.rig, work)

    def documents(self, doctype: str, *docstatus: int) -> list[Document]:
        def work(frappe: Any) -> list[Document]:
            names = frappe.get_all(doctype, filters={"docstatus": ("in", docstatus or (1,))}, pluck="name", order_by="name asc")
            return [frappe.get_doc(doctype, name).as_dict() for name in names]

        return list(self.read(work))

    def claims(self) -> list[Document]:
        """All invoices, bills and returns that are submitted here."""
        return [each for doctype in CLAIMS for each in self.documents(doctype)]

    def left(self, doc: Document) -> Decimal:
        return Decimal(self.read(lambda frappe: left(frappe, (doc["doctype"], doc["name"]))))

    def next_name(self, kind: str) -> str:
        self.numbers += 1
        return f"TW-{kind}-{self.numbers}"

    def a_cent_more(self) -> Decimal:
        """An amount that nothing else has, by which a journal is known on both sides."""
        self.numbers += 1
        return Decimal("20.00") + Decimal(self.numbers) / 100

    def enter(self, *records: scene.Record) -> None:
        for record in records:
            self.mine[record["name"]] = record
        self.rig.play(list(records))

    def named(self, record: Document) -> scene.Record:
        """A document of the database as a recorded one."""
        doc = {field: value for field, value in record.items() if not field.startswith("_")}
        return {"event": "submit", "doctype": doc["doctype"], "name": doc["name"], "doc": doc}

    # What he does

    def sell(self) -> str:
        if not self.unsold:
            return ""
        sale = self.unsold.pop()
        self.enter(sale)
        return f"sell {sale['name']}"

    def buy(self) -> str:
        if not self.unbought:
            return ""
        bill = self.unbought.pop()
        self.enter(bill)
        return f"buy {bill['name']}"

    def settle(self) -> str:
        """Money is received or paid for one document, or for two of one party."""
        owed = [each for each in self.claims() if not each["is_return"] and self.left(each) >= 10]
        if not owed:
            return ""
        first = self.chance.choice(owed)
        party = first.get("customer") or first.get("supplier")
        others = [each for each in owed if (each.get("customer") or each.get("supplier")) == party and each["name"] != first["name"]]
        chosen = [first, *others[:1]] if self.chance.random() < 0.5 else [first]
        rows = [(self.named(each), self.chance.choice([Decimal(10), min(self.left(each), Decimal(25))])) for each in chosen]
        amount = sum((part for _each, part in rows), Decimal(0))
        record = self._paying(first, party, amount, rows)
        self.enter(record)
        said = ", ".join(f"{each['name']} {part}" for each, part in rows)
        return f"settle {said} ({record['name']})"

    def _paying(self, first: Document, party: str, amount: Decimal, rows: list[tuple[scene.Record, Decimal]]) -> scene.Record:
        name = self.next_name("PAY")
        more: dict[str, Any] = {"party": party, "party_name": party, "total_allocated_amount": float(amount), "reference_no": name}
        more |= {"unallocated_amount": 0.0, "posting_date": DAY}
        if first["doctype"] == SALE:
            return paying(self.rig, name, amount, rows, False, **more)
        made = paying(self.rig, name, amount, rows, True, party_type="Supplier", **more)
        made["doc"]["paid_to"] = first["credit_to"]
        return made

    def give_back(self) -> str:
        """The whole of what nothing was paid of; taken off it at once, or kept for later."""
        whole = [each for each in self.claims() if not each["is_return"] and self.left(each) == worth(each)]
        if not whole:
            return ""
        doc = self.chance.choice(whole)
        at_once = self.chance.random() < 0.5
        if self.read(lambda frappe: frappe.db.exists(doc["doctype"], f"{doc['name']}-RET")):
            return ""
        record = {**scene.returned(self.mine.get(doc["name"]) or self.named(doc), at_once=at_once), "after": []}
        self.enter(record)
        return f"give {doc['name']} back{' at once' if at_once else ''}"

    def apply_credit(self) -> str:
        claims = self.claims()
        credits = [each for each in claims if each["is_return"] and self.left(each) <= -10]
        pairs = [
            (credit, each)
            for credit in credits
            for each in claims
            if each["doctype"] == credit["doctype"]
            and not each["is_return"]
            and (each.get("customer") or each.get("supplier")) == (credit.get("customer") or credit.get("supplier"))
            and self.left(each) >= 10
        ]
        if not pairs:
            return ""
        credit, doc = self.chance.choice(pairs)
        amount = self.chance.choice([Decimal(10), min(-self.left(credit), self.left(doc))])
        record = {**scene.reconciled(self.named(doc), self.named(credit), amount, self.next_name("REC")), "after": []}
        self.enter(record)
        return f"take {amount} of {credit['name']} off {doc['name']}"

    def book(self) -> str:
        """A journal, or money spent or received without a document."""
        amount = float(self.a_cent_more())
        one, other = self.chance.sample(COSTS, 2)
        kind = self.chance.choice(["JV", "SPENT", "GOT"])
        name = self.next_name(kind)
        if kind == "JV":
            record = scene.journal(self.rig, (one, amount), (other, -amount), name=name, posting_date=DAY)
        else:
            sign = 1 if kind == "SPENT" else -1
            record = entry(self.rig, (one, sign * amount, {}), (BANK, -sign * amount, {}), name=name, posting_date=DAY)
        self.enter(record)
        return f"book {amount} ({name})"

    def cancel(self) -> str:
        """What nothing here stands on: ERPNext refuses it else."""
        entries, journals, claims = self.documents(ENTRY), self.documents(JOURNAL), self.claims()
        used = {row["reference_name"] for each in entries for row in each["references"]}
        used |= {row["reference_name"] for each in journals for row in each["accounts"]}
        used |= {each["return_against"] for each in claims if each["return_against"]}
        free = [*entries, *journals, *(each for each in claims if each["name"] not in used)]
        if not free:
            return ""
        doc = self.chance.choice(free)
        self.rig.play([scene.cancelling(self.named(doc))])
        self.mine.pop(doc["name"], None)
        return f"cancel {doc['name']}"

    def drafts(self) -> list[Document]:
        return [each for doctype in (JOURNAL, ENTRY, *CLAIMS) for each in self.documents(doctype, 0)]

    def submit_draft(self) -> str:
        found = self.drafts()
        if not found:
            return ""
        doc = self.chance.choice(found)
        self.read(lambda frappe: frappe.get_doc(doc["doctype"], doc["name"]).submit())
        return f"submit the draft {doc['name']}"

    def delete_draft(self) -> str:
        found = self.drafts()
        if not found:
            return ""
        doc = self.chance.choice(found)
        self.read(lambda frappe: frappe.get_doc(doc["doctype"], doc["name"]).delete())
        return f"delete the draft {doc['name']}"

    def decide(self) -> str:
        """Of what is listed under Changed in Xero one is taken over, or put back."""
        from picortex_xero.api import changes

        rows = self.read(
            lambda frappe: frappe.get_all(CHANGED, filters={"state": ("in", ("Open", "Told"))}, pluck="name", order_by="name asc")
        )
        if not rows:
            return ""
        about = {name: self.read(lambda frappe, name=name: frappe.db.get_value(CHANGED, name, "reference_name")) for name in rows}
        row = min(rows, key=lambda name: about[name]) if self.chance.random() < 0.5 else max(rows, key=lambda name: about[name])
        shown = self.read(lambda _frappe: changes.show(row))
        may = [each["choice"] for each in shown["choices"] if each["may"] and each["choice"] in ("take_over", "put_back")]
        if not may:
            return ""
        choice = self.chance.choice(may)
        try:
            self.read(lambda _frappe: getattr(changes, choice)(row))
        except Exception as refused:
            return f"{choice} of {about[row]} is refused: {str(refused)[:80]}"
        if choice == "take_over":
            self.mine.pop(about[row], None)
        return f"{choice} of {about[row]}"

    def change_customer(self) -> str:
        sales = self.documents(SALE)
        if not sales:
            return ""
        customer = str(self.chance.choice(sales)["customer"])
        self.numbers += 1
        address = self.typed[customer] = f"here{self.numbers}@rata.example"
        save(self.rig, customer, email_id=address)
        return f"{customer} has the address {address} here"


__all__ = ["BILL", "SALE", "Here"]
