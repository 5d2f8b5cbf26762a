"""Two people at once: one in ERPNext, one in Xero, while the line between them fails now and then. Whatever they do, both sides come to the same in the end, or what is
open says why not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from sandbox.xero.process import ControlError
from tests.scene import rig as scene
from tests.scene.contacts import save
from tests.scene.reading import TURN, pass_alive

ENTRY, ROW = "Payment Entry", "Xero Incoming Record"
# What waits for a person, of a step and of what was entered in Xero.
OPEN_STEPS, OPEN_ROWS = ("Held", "Needs Attention"), ("Waiting",)
# What a call may meet: the line breaks before or after Xero has done it, or Xero says that it cannot.
TROUBLE = (("drop_after", {}), ("drop_before", {}), ("error_before", {"status": 503}), ("error_after", {"status": 500}), ("truncated", {}))
MOST_SALES = 4
Document = dict[str, Any]


@contextmanager
def amounts_worked_out() -> Iterator[None]:
    """As ERPNext does when it validates a Payment Entry: its amounts in company currency (here all of it is in that). The stand-in works nothing out."""
    from frappe.model.document import Document

    run = Document.run_method

    def work_out(self: Any, method: str) -> None:
        if self.doctype == ENTRY and method == "validate" and not self.base_paid_amount:
            self.base_paid_amount, self.base_received_amount = self.paid_amount, self.received_amount
        run(self, method)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Document, "run_method", work_out)
        yield


class Play:
    """What both people have done so far (`acts`, in words), and how it is judged. The same seed does the same."""

    def __init__(self, rig: Rig, seed: int) -> None:
        self.rig, self.chance = rig, random.Random(seed)
        self.acts: list[str] = []
        pairs = scene.settlements(rig)[:MOST_SALES]
        self.unsold = [sale for sale, _ in pairs]
        self.receipts = {sale["name"]: receipt for sale, receipt in pairs}
        self.sold: list[scene.Record] = []
        self.received = 0
        self.bank = scene.with_site(rig, self._bank)
        # By customer: the address that was typed here last, and those that were typed in Xero.
        self.typed: dict[str, str] = {}
        self.typed_there: dict[str, set[str]] = {}
        chosen = {"payments_from_xero": "Are Submitted", "update_contacts": 1}
        scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, chosen))

    def _bank(self, frappe: Any) -> str:
        row = {"connection": self.rig.connection, "account": next(iter(self.receipts.values()))["doc"]["paid_to"]}
        return str(frappe.db.get_value("Xero Payment Mapping", row, "xero_account_id"))

    # What they do

    def act(self) -> None:
        """One act of one of them, or of the line."""
        acts: list[tuple[int, Callable[[], str]]] = [
            (3, self.sell),
            (3, self.receive),
            (1, self.cancel_payment),
            (1, self.cancel_invoice),
            (4, self.pay_there),
            (2, self.delete_payment_there),
            (1, self.void_there),
            (1, self.edit_there),
            (1, self.change_customer),
            (1, self.change_contact_there),
            (3, self.trouble),
            (4, self.minutes),
            (2, self.hours),
        ]
        (does,) = self.chance.choices([each for _, each in acts], [weight for weight, _ in acts])
        try:
            said = does()
        except ControlError as refused:
            said = f"{does.__name__}: Xero refuses ({str(refused)[:60]})"
        if said:
            self.acts.append(said)

    def sell(self) -> str:
        if not self.unsold:
            return ""
        sale = self.unsold.pop()
        self.sold.append(sale)
        self.rig.play([sale])
        return f"sell {sale['name']}"

    def receive(self) -> str:
        """A receipt is entered here, of a part of what is still owed here."""
        owed = [(sale, left) for sale in self.sold if (left := self.owed(sale["name"])) >= 10]
        if not owed:
            return ""
        sale, left = self.chance.choice(owed)
        amount = float(self.chance.choice([Decimal(10), min(left, Decimal(25))]))
        self.received += 1
        figures = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), amount)
        record = scene.copied(self.receipts[sale["name"]], f"TW-PAY-{self.received}", total_allocated_amount=amount, **figures)
        record["doc"]["references"][0]["allocated_amount"] = amount
        self.rig.play([record])
        return f"receive {amount} for {sale['name']} ({record['name']})"

    def cancel_payment(self) -> str:
        entries = self.entries()
        if not entries:
            return ""
        entry = self.chance.choice(entries)
        doc = {field: value for field, value in entry.items() if not field.startswith("_")}
        self.rig.play([scene.cancelling({"doctype": ENTRY, "name": entry["name"], "doc": doc})])
        return f"cancel {entry['name']}"

    def cancel_invoice(self) -> str:
        """Only what nothing here pays: ERPNext refuses it else."""
        paid = {row["reference_name"] for each in self.entries() for row in each["references"]}
        free = [sale for sale in self.sold if sale["name"] not in paid and self.stands(sale["name"])]
        if not free:
            return ""
        sale = self.chance.choice(free)
        self.rig.play([scene.cancelling(sale)])
        return f"cancel {sale['name']}"

    def pay_there(self) -> str:
        owed = [each for each in scene.live(self.rig) if each["Status"] == "AUTHORISED" and scene.due(each) >= 10]
        if not owed:
            return ""
        shown = self.chance.choice(owed)
        amount = self.chance.choice([Decimal(10), min(scene.due(shown), Decimal(40))])
        self.rig.xero.person(
            "pay_invoice", InvoiceID=shown["InvoiceID"], Amount=str(amount), Account={"AccountID": self.bank}, Date="2026-11-20"
        )
        return f"pay {amount} of {shown['InvoiceNumber']} in Xero"

    def delete_payment_there(self) -> str:
        live = scene.live(self.rig, "Payments")
        if not live:
            return ""
        one = self.chance.choice(live)
        self.rig.xero.person("delete_payment", PaymentID=one["PaymentID"])
        return f"delete {one['Amount']} ({one.get('Reference')}) in Xero"

    def void_there(self) -> str:
        free = [each for each in scene.live(self.rig) if each["Status"] == "AUTHORISED" and not Decimal(each["settled"])]
        if not free:
            return ""
        shown = self.chance.choice(free)
        self.rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
        return f"void {shown['InvoiceNumber']} in Xero"

    def edit_there(self) -> str:
        live = scene.live(self.rig)
        if not live:
            return ""
        shown = self.chance.choice(live)
        self.rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], DueDate="2026-12-24")
        return f"edit {shown['InvoiceNumber']} in Xero"

    def change_customer(self) -> str:
        if not self.sold:
            return ""
        customer = str(self.chance.choice(self.sold)["doc"]["customer"])
        address = self.typed[customer] = f"here{len(self.acts)}@rata.example"
        save(self.rig, customer, email_id=address)
        return f"{customer} has the address {address} here"

    def change_contact_there(self) -> str:
        links = [each for each in self._links() if each["role"] == "contact"]
        if not links:
            return ""
        link = self.chance.choice(links)
        address = f"there{len(self.acts)}@rata.example"
        self.rig.xero.person("edit_contact", ContactID=link["xero_id"], EmailAddress=address)
        self.typed_there.setdefault(link["reference_name"], set()).add(address)
        return f"{link['reference_name']} has the address {address} in Xero"

    def trouble(self) -> str:
        kind, more = self.chance.choice(TROUBLE)
        method = self.chance.choice(["GET", "PUT", "POST"])
        self.rig.xero.fault(kind, method=method, path="/api.xro/", times=self.chance.randint(1, 3), **more)
        return f"the next {method} meets {kind}"

    def minutes(self) -> str:
        pass_alive(self.rig, self.chance.choice([30, 90, 400]))
        self.rig.dispatch()
        return "minutes"

    def hours(self) -> str:
        pass_alive(self.rig, TURN)
        self.rig.dispatch()
        return "hours"

    # What became of it

    def end(self) -> None:
        """The line is well again, and both have gone home: all turns come by until nothing moves."""
        self.rig.xero.clear_faults()
        for _each in range(4):
            pass_alive(self.rig, TURN)
            self.rig.dispatch()
            for _again in range(6):
                if not scene.moving(self.rig):
                    break
                pass_alive(self.rig, 400)
                self.rig.dispatch()
        assert not scene.moving(self.rig), [
            (row["reference_name"], row["role"], row["state"], row["reason"]) for row in scene.moving(self.rig)
        ]
        written, entered = len(scene.writes(self.rig)), len(self.entries(0, 1, 2))
        for _each in range(2):
            pass_alive(self.rig, TURN)
            self.rig.dispatch()
        assert (len(scene.writes(self.rig)), len(self.entries(0, 1, 2))) == (written, entered), "nothing goes to and fro"

    def entries(self, *docstatus: int) -> list[Document]:
        def work(frappe: Any) -> list[Document]:
            names = frappe.get_all(ENTRY, filters={"docstatus": ("in", docstatus or (1,))}, pluck="name", order_by="name asc")
            return [frappe.get_doc(ENTRY, name).as_dict() for name in names]

        return list(scene.with_site(self.rig, work))

    def stands(self, sale: str) -> bool:
        return bool(scene.with_site(self.rig, lambda frappe: frappe.db.get_value("Sales Invoice", sale, "docstatus")) == 1)

    def owed(self, sale: str) -> Decimal:
        """What is still to be paid of an invoice here; nothing of one that was cancelled."""
        if not self.stands(sale):
            return Decimal(0)
        (record,) = [each for each in self.sold if each["name"] == sale]
        rows = [row for each in self.entries() for row in each["references"] if row["reference_name"] == sale]
        return scene.total(record) - sum((Decimal(str(row["allocated_amount"])) for row in rows), Decimal(0))

    def differences(self) -> list[str]:
        """What is otherwise here than in Xero and nothing that is open says so, what is there twice, and what was sent back; in sentences."""
        found: list[str] = []
        steps, rows = self.rig.steps(), self._rows()
        links = self._links()
        entries = self.entries(0, 1, 2)
        about = {each["name"]: {row["reference_name"] for row in each["references"]} for each in entries}
        waiting = {step["reference_name"] for step in steps if step["state"] in OPEN_STEPS}
        said = set(waiting).union(*(about.get(name, ()) for name in waiting))
        said |= {name for row in rows if row["state"] in OPEN_ROWS for name in row["about"].split(", ")}
        live = {each["InvoiceID"]: each for each in scene.live(self.rig)}
        paid = {each["PaymentID"]: each for each in scene.live(self.rig, "Payments")}
        numbers = Counter(each["InvoiceNumber"] for each in live.values())
        found += [f"{number} is in Xero {count} times" for number, count in numbers.items() if count > 1]
        for sale in self.sold:
            name = sale["name"]
            records = [each for link, each in self._of(links, name, live) if link["role"] == "invoice"]
            there = scene.due(records[0]) if records else Decimal(0)
            if len(records) > 1:
                found.append(f"{name} has {len(records)} records in Xero")
            if name not in said and (self.owed(name) != there or self.stands(name) != bool(records)):
                found.append(f"{name}: {self.owed(name)} is owed here and {there} in Xero ({len(records)} records), and nothing says so")
        linked = Counter(link["xero_id"] for link in links if link["xero_id"] in paid)
        for xero_id, payment in paid.items():
            sales = [link["reference_name"] for link in links if link["xero_id"] == payment["target"]]
            if linked[xero_id] != 1 and not said & set(sales) and sales:
                found.append(f"the payment {payment['Amount']} of {sales} is linked {linked[xero_id]} times")
        for entry in entries:
            records = [each for _link, each in self._of(links, entry["name"], paid)]
            if len(records) > 1:
                found.append(f"{entry['name']} has {len(records)} payments in Xero")
        from_xero = [str(row["reference_name"]) for row in rows if row["state"] == "Entered Here"]
        found += [f"{name} came from Xero twice" for name, count in Counter(from_xero).items() if count > 1]
        standing = {each["name"] for each in entries if each["docstatus"] == 1}
        for row in rows:
            if (
                row["state"] == "Entered Here"
                and row["reference_name"] in standing
                and row["xero_id"] in paid
                and linked[row["xero_id"]] != 1
            ):
                found.append(f"{row['reference_name']} came from Xero, and {linked[row['xero_id']]} links name its payment there")
        sent = "".join(str(call.get("request") or "") for call in scene.writes(self.rig, "Payments") if call["method"] == "PUT")
        found += [f"{name} came from Xero and was sent back" for name in from_xero if name in sent]
        return [*found, *self._contacts(links)]

    def _contacts(self, links: list[Document]) -> list[str]:
        """A customer is the host's: what is typed in Xero never changes it, and what was changed here last is in Xero unless somebody typed another address there."""
        found: list[str] = []
        shown = {each["ContactID"]: str(each.get("EmailAddress") or "") for each in scene.live(self.rig, "Contacts")}
        for customer, address in self.typed.items():
            here = scene.with_site(self.rig, lambda frappe, name=customer: frappe.db.get_value("Customer", name, "email_id"))
            there = [shown[link["xero_id"]] for link in links if link["reference_name"] == customer and link["xero_id"] in shown]
            if here != address:
                found.append(f"{customer} has the address {here}, typed was {address}")
            found += [
                f"{customer} has the address {each} in Xero" for each in there if each not in {address, *self.typed_there.get(customer, ())}
            ]
        return found

    def _of(self, links: list[Document], name: str, records: dict[str, Any]) -> list[tuple[Document, Any]]:
        return [(link, records[link["xero_id"]]) for link in links if link["reference_name"] == name and link["xero_id"] in records]

    def _rows(self) -> list[Document]:
        return list(scene.with_site(self.rig, lambda frappe: frappe.get_all(ROW, fields=["*"])))

    def _links(self) -> list[Document]:
        fields = ["reference_name", "xero_id", "role", "sequence", "generation"]
        return list(
            scene.with_site(
                self.rig, lambda frappe: frappe.get_all("Xero Link", filters={"connection": self.rig.connection}, fields=fields)
            )
        )


def play(rig: Rig, seed: int, acts: int) -> Play:
    """One of them from the beginning to the end."""
    with amounts_worked_out():
        played = Play(rig, seed)
        played.sell()
        played.minutes()
        for _each in range(acts):
            played.act()
        played.end()
    return played
