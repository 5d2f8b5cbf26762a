"""What a person in Xero does meanwhile: pays, allocates, books, edits and takes back, of what came from here and of his own."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

DAY = "2026-11-20"
COSTS = ("469", "445", "489", "493")
Element = dict[str, Any]


class There:
    """`own`: the ids of what this person has entered there; `bank`: the id of the bank account."""

    rig: Rig
    chance: random.Random
    bank: str
    numbers: int

    def __init__(self) -> None:
        self.own: set[str] = set()
        self.typed_there: dict[str, set[str]] = {}

    def a_cent_more(self) -> Decimal:
        raise NotImplementedError

    def _live(self, resource: str) -> list[Element]:
        return scene.live(self.rig, resource)

    def _owed(self) -> list[Element]:
        return [each for each in self._live("Invoices") if each["Status"] == "AUTHORISED" and scene.due(each) >= 10]

    def pay_there(self) -> str:
        if not (owed := self._owed()):
            return ""
        shown = self.chance.choice(owed)
        amount = self.chance.choice([Decimal(10), min(scene.due(shown), Decimal(40))])
        made = self.rig.xero.person(
            "pay_invoice", InvoiceID=shown["InvoiceID"], Amount=str(amount), Account={"AccountID": self.bank}, Date=DAY
        )
        self.own.add(made["PaymentID"])
        return f"pay {amount} of {shown['InvoiceNumber']} in Xero"

    def pay_batch_there(self) -> str:
        owed = self._owed()
        first = self.chance.choice(owed) if owed else None
        others = [each for each in owed if first and each["Type"] == first["Type"] and each["InvoiceID"] != first["InvoiceID"]]
        if first is None or not others:
            return ""
        same = [each for each in others if each["contact"] == first["contact"]] or others
        both = [first, self.chance.choice(same)]
        members = [{"Invoice": {"InvoiceID": each["InvoiceID"]}, "Amount": "11.00"} for each in both]
        made = self.rig.xero.person("pay_batch", Payments=members, Account={"AccountID": self.bank}, Date=DAY)
        self.own |= {made["BatchPaymentID"], *(each["PaymentID"] for each in made["Payments"])}
        return f"pay {' and '.join(each['InvoiceNumber'] for each in both)} in one batch in Xero"

    def delete_payment_there(self) -> str:
        batches = self._live("BatchPayments")
        if batches and self.chance.random() < 0.3:
            batch = self.chance.choice(batches)
            self.rig.xero.person("delete_batch_payment", BatchPaymentID=batch["BatchPaymentID"])
            return f"delete the batch {batch['TotalAmount']} in Xero"
        if not (live := self._live("Payments")):
            return ""
        one = self.chance.choice(live)
        self.rig.xero.person("delete_payment", PaymentID=one["PaymentID"])
        return f"delete {one['Amount']} ({one.get('Reference')}) in Xero"

    def void_there(self) -> str:
        free = [each for each in self._live("Invoices") if each["Status"] == "AUTHORISED" and not each["settled"] and not each["credited"]]
        notes = [
            each for each in self._live("CreditNotes") if each["Status"] == "AUTHORISED" and not each["settled"] and not each["credited"]
        ]
        if not free and not notes:
            return ""
        shown = self.chance.choice([*free, *notes])
        if "CreditNoteID" in shown:
            self.rig.xero.person("void_credit_note", CreditNoteID=shown["CreditNoteID"])
            return f"void {shown['CreditNoteNumber']} in Xero"
        self.rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
        return f"void {shown['InvoiceNumber']} in Xero"

    def edit_there(self) -> str:
        if not (live := self._live("Invoices")):
            return ""
        shown = self.chance.choice(live)
        change = self.chance.choice([{"DueDate": "2026-12-24"}, {"DueDate": "2026-12-24"}, {"Date": "2026-10-20", "DueDate": "2026-12-24"}])
        self.rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], **change)
        return f"edit {', '.join(change)} of {shown['InvoiceNumber']} in Xero"

    def allocate_there(self) -> str:
        notes = [each for each in self._live("CreditNotes") if each["Status"] == "AUTHORISED" and scene.due(each) >= 10]
        pairs = [
            (note, each)
            for note in notes
            for each in self._owed()
            if each["contact"] == note["contact"] and each["Type"] == note["Type"].removesuffix("CREDIT")
        ]
        if not pairs:
            return ""
        note, shown = self.chance.choice(pairs)
        amount = self.chance.choice([Decimal(12), min(scene.due(note), scene.due(shown))])
        amount = min(amount, scene.due(note), scene.due(shown))
        self.rig.xero.person("allocate_credit_note", CreditNoteID=note["CreditNoteID"], InvoiceID=shown["InvoiceID"], Amount=str(amount))
        return f"take {amount} of {note['CreditNoteNumber']} off {shown['InvoiceNumber']} in Xero"

    def take_allocation_back_there(self) -> str:
        found = [(note, each) for note in self._live("CreditNotes") for each in note["allocations"]]
        if not found:
            return ""
        note, allocation = self.chance.choice(found)
        self.rig.xero.person("remove_allocation", CreditNoteID=note["CreditNoteID"], AllocationID=allocation["AllocationID"])
        return f"take {allocation['Amount']} of {note['CreditNoteNumber']} back in Xero"

    def book_there(self) -> str:
        amount = self.a_cent_more()
        one, other = self.chance.sample(COSTS, 2)
        kind = self.chance.choice(["JOURNAL", "SPEND", "RECEIVE"])
        if kind == "JOURNAL":
            lines = [{"AccountCode": one, "LineAmount": str(amount), "TaxType": "NONE"}]
            lines += [{"AccountCode": other, "LineAmount": str(-amount), "TaxType": "NONE"}]
            made = self.rig.xero.person(
                "create_journal", Narration=f"Typed {amount}", Date=DAY, JournalLines=lines, LineAmountTypes="NoTax"
            )
            self.own.add(made["ManualJournalID"])
            return f"book {amount} in Xero"
        line = {"AccountCode": one, "Description": f"Typed {amount}", "Quantity": "1", "UnitAmount": str(amount), "TaxType": "NONE"}
        head = {"Type": kind, "Contact": {"Name": "Kea Cards"}, "BankAccount": {"AccountID": self.bank}, "Date": DAY}
        made = self.rig.xero.person("spend_or_receive", **head, Reference=f"Typed {amount}", LineItems=[line], LineAmountTypes="NoTax")
        self.own.add(made["BankTransactionID"])
        return f"{kind} {amount} in Xero"

    def _booked(self) -> list[tuple[str, Element]]:
        money = [each for each in self._live("BankTransactions") if each["Type"] in ("SPEND", "RECEIVE")]
        return [*(("journal", each) for each in self._live("ManualJournals")), *(("money", each) for each in money)]

    def edit_booked_there(self) -> str:
        """Another day of a journal or of money, of either side's."""
        if not (found := self._booked()):
            return ""
        kind, shown = self.chance.choice(found)
        day = self.chance.choice(["2026-11-18", "2026-11-19"])
        if kind == "journal":
            self.rig.xero.person("edit_journal", ManualJournalID=shown["ManualJournalID"], Date=day)
            return f"edit the journal {shown['debits']} in Xero"
        self.rig.xero.person("edit_bank_transaction", BankTransactionID=shown["BankTransactionID"], Date=day)
        return f"edit the money {shown['Total']} in Xero"

    def remove_booked_there(self) -> str:
        if not (found := self._booked()):
            return ""
        kind, shown = self.chance.choice(found)
        if kind == "journal":
            self.rig.xero.person("void_journal", ManualJournalID=shown["ManualJournalID"])
            return f"void the journal {shown['debits']} in Xero"
        self.rig.xero.person("delete_bank_transaction", BankTransactionID=shown["BankTransactionID"])
        return f"delete the money {shown['Total']} in Xero"

    def change_contact_there(self) -> str:
        """Of a customer whose invoices are there."""
        wanted = {each["contact"] for each in self._live("Invoices") if each["Type"] == "ACCREC"}
        contacts = [each for each in self.rig.xero.documents("Contacts") if each["ContactID"] in wanted]
        if not contacts:
            return ""
        one = self.chance.choice(contacts)
        self.numbers += 1
        address = f"there{self.numbers}@rata.example"
        self.rig.xero.person("edit_contact", ContactID=one["ContactID"], EmailAddress=address)
        self.typed_there.setdefault(one["ContactID"], set()).add(address)
        return f"{one['Name']} has the address {address} in Xero"
