"""What the scenes of the fuzz do: bring into Xero what a record needs, and hand back the one act that writes the record.

Texts that a person types carry what somebody may tidy or re-encode: blanks, a tab, a line break, an ampersand, an accent. Amounts are
parts wherever Xero would refuse a second record of the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.deductions import DISCOUNT, FEE, map_deduction, short
from tests.scene.deferrals import book, deferred
from tests.scene.desk import change, search
from tests.scene.journals import entry
from tests.scene.payments import advance, deposit, invoiced, match, paying, reconcile

D = Decimal
TEXT = "CHQ  77\t& Café \n"
Act = Callable[[], Any]


def worded(record: scene.Record) -> scene.Record:
    """A document with texts as people type them."""
    doc = record["doc"]
    typed = {"po_no": TEXT, "bill_no": TEXT, "reference_no": TEXT, "cheque_no": TEXT, "user_remark": f"Fence {TEXT}"}
    doc.update({field: text for field, text in typed.items() if field in doc})
    for item in doc.get("items") or []:
        item["item_name"] = f"{item.get('item_name') or 'Item'}  & Café"
    return record


def of(choose: Callable[[Rig, int], list[scene.Record]], count: int = 1) -> Callable[[Rig], Act]:
    """Invoices or bills whose parties are in Xero."""

    def prepare(rig: Rig) -> Act:
        records = [worded(record) for record in choose(rig, count)]
        scene.make_contacts(rig, records)
        return lambda: rig.play(records)

    return prepare


def contacts(count: int) -> Callable[[Rig], Act]:
    """Customers that are asked for and nothing else."""

    def prepare(rig: Rig) -> Act:
        records = scene.of_different_customers(rig, count)
        for at, record in enumerate(records):
            named = {"customer_name": f"Smith  & Söhne Café {at or ''}", "email_id": "Jo.Smith@Example.com"}
            scene.with_site(rig, lambda frappe, who=record["doc"]["customer"], named=named: frappe.db.set_value("Customer", who, named))

        def ask(frappe: Any) -> None:
            for record in records:
                scene._add_contact(frappe, rig.connection, rig.company["name"], record)

        return lambda: scene.with_site(rig, ask)

    return prepare


def credit(choose: Callable[[Rig, int], list[scene.Record]], count: int = 1) -> Callable[[Rig], Act]:
    def prepare(rig: Rig) -> Act:
        records = choose(rig, count)
        rig.play(records)
        scene.settle(rig)
        return lambda: rig.play([worded(scene.returned(record, at_once=False)) for record in records])

    return prepare


def part(record: scene.Record, name: str, amounts: list[float], **changes: Any) -> scene.Record:
    """A receipt of parts of what its references are worth."""
    figures = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), sum(amounts))
    part = worded(scene.copied(record, name, total_allocated_amount=sum(amounts), **figures, **changes))
    for row, amount in zip(part["doc"]["references"], amounts):
        row["allocated_amount"] = amount
    return part


def payment(count: int) -> Callable[[Rig], Act]:
    """So many receipts at once, each of a part of an invoice of its own."""

    def prepare(rig: Rig) -> Act:
        pairs = scene.settlements(rig)[:count]
        rig.play([sale for sale, _ in pairs])
        scene.settle(rig)
        return lambda: rig.play([part(receipt, f"PART-{at}", [40.0]) for at, (_, receipt) in enumerate(pairs, 1)])

    return prepare


def paid_bill(rig: Rig) -> Act:
    (bill,) = scene.bills(rig)
    rig.play([bill])
    scene.settle(rig)
    party = {"party_type": "Supplier", "party": bill["doc"]["supplier"]}
    made = paying(rig, "PAID-1", D(25), [(bill, D(25))], back=True, **party)
    made["doc"].update(paid_to=bill["doc"]["credit_to"])
    return lambda: rig.play([worded(made)])


def batch(rig: Rig) -> Act:
    *sales, receipt = scene.paid(rig, 2)
    rig.play(sales)
    scene.settle(rig)
    return lambda: rig.play([part(receipt, "PARTS-1", [30.0, 20.0])])


def refund_of_note(rig: Rig) -> Act:
    (sale,) = scene.invoices(rig)
    credit = scene.returned(sale, at_once=False)
    rig.play([sale, credit])
    scene.settle(rig)
    return lambda: rig.play([worded(paying(rig, "REFUND-1", D(50), [(credit, D(-50))], back=True, party=sale["doc"]["customer"]))])


def refund_of_suppliers_note(rig: Rig) -> Act:
    (bill,) = scene.bills(rig)
    credit = scene.returned(bill, at_once=False)
    rig.play([bill, credit])
    scene.settle(rig)
    party = {"party_type": "Supplier", "party": bill["doc"]["supplier"], "paid_from": bill["doc"]["credit_to"]}
    return lambda: rig.play([worded(paying(rig, "REFUND-1", D(25), [(credit, D(-25))], back=False, **party))])


def refund_of_advance(made: Callable[[Rig], tuple[scene.Record, Any]]) -> Callable[[Rig], Act]:
    def prepare(rig: Rig) -> Act:
        receipt, _ = made(rig)
        refund = worded(paying(rig, "REFUND-1", D(60), [], back=True, party=receipt["doc"]["party"]))
        rig.play([receipt, refund])
        scene.settle(rig)

        def act() -> None:
            reconcile(rig, receipt, refund, D(60))

        return act

    return prepare


def advances(made: Callable[[Rig], tuple[scene.Record, Any]], count: int = 1) -> Callable[[Rig], Act]:
    """Advances of one customer; where there are several, of one amount."""

    def prepare(rig: Rig) -> Act:
        receipt, _ = made(rig)
        invoice = scene.of_one_customer(rig, 1)[0]
        scene.make_contacts(rig, [scene.copied(invoice, "WHO-1", customer=receipt["doc"]["party"])])
        records = [worded(receipt), *(worded(scene.copied(receipt, f"AGAIN-{at}")) for at in range(1, count))]
        return lambda: rig.play(records)

    return prepare


def allocated_note(rig: Rig) -> Act:
    (sale,) = scene.invoices(rig)
    credit = scene.returned(sale, at_once=False)
    rig.play([sale, credit])
    scene.settle(rig)
    return lambda: rig.play([scene.reconciled(sale, credit, D(30))])


def allocated_overpayment(rig: Rig) -> Act:
    receipt, (sale, _) = advance(rig)
    rig.play([receipt, sale])
    scene.settle(rig)
    return lambda: match(rig, receipt, sale, D(30))


def allocated_prepayment(rig: Rig) -> Act:
    receipt, sale = deposit(rig)
    rig.play([receipt, sale])
    scene.settle(rig)
    return lambda: invoiced(rig, receipt, sale, D(30))


def money(made: Callable[[Rig], scene.Record], count: int = 1) -> Callable[[Rig], Act]:
    """Documents about a bank account; the payee they need is in Xero before. Where there are several, all are of one amount."""

    def prepare(rig: Rig) -> Act:
        rig.play([scene.copied(made(rig), "BEFORE-1")])
        scene.settle(rig)
        records = [worded(made(rig)), *(worded(scene.copied(made(rig), f"AGAIN-{at}")) for at in range(1, count))]
        return lambda: rig.play(records)

    return prepare


def received(rig: Rig) -> scene.Record:
    return entry(rig, ("Trading Account", 230.0, {}), ("GST", -30.0, {}), ("Sales", -200.0, {}), user_remark="Scrap",
                 pay_to_recd_from="Scrap Dealers")  # fmt: skip


def moved(rig: Rig) -> scene.Record:
    return entry(rig, ("Trading Account", 700.0, {}), ("Cash", -700.0, {}), voucher_type="Contra Entry")


def accrued(rig: Rig) -> scene.Record:
    return scene.journal(rig, ("Office Rent", 80.0), ("Travel Expenses", -80.0), user_remark="Rent")


def with_fee(rig: Rig) -> Act:
    sale, payment = short(rig, 7.05, FEE)
    rig.play([sale])
    scene.settle(rig)
    return lambda: rig.play([worded(payment)])


def with_write_off(rig: Rig) -> Act:
    map_deduction(rig, DISCOUNT, "Credit note", "OUTPUT2")
    sale, payment = short(rig, 4.85, DISCOUNT)
    rig.play([sale])
    scene.settle(rig)
    return lambda: rig.play([worded(payment)])


def release(rig: Rig) -> Act:
    record = deferred(rig)
    rig.play([record])
    scene.settle(rig)

    def act() -> None:
        book(rig, record, {"2026-10-31": 40.35})
        search(rig)

    return act


def undone_release(rig: Rig) -> Act:
    """The cancel of an invoice takes its release back first."""
    act = release(rig)
    act()
    scene.settle(rig)
    record = next(row["reference_name"] for row in rig.steps(role="release-1"))
    played = scene.copied(scene.invoices(rig)[0], record)
    return lambda: rig.play([scene.cancelling(played)])


def undone(prepare: Callable[[Rig], Act]) -> Callable[[Rig], Act]:
    """The cancel of what another scene makes."""

    def made(rig: Rig) -> Act:
        played: list[scene.Record] = []
        kept = rig.play
        act = prepare(rig)
        rig.play = lambda records: (played.extend(records), kept(records))[1]  # type: ignore[method-assign,func-returns-value]
        try:
            act()
        finally:
            del rig.play
        scene.settle(rig)
        return lambda: rig.play([scene.cancelling(each) for each in played])

    return made


def unmatched(prepare: Callable[[Rig], Act], parent: str) -> Callable[[Rig], Act]:
    """An allocation that the host takes back: the reference goes by SQL, and the hourly search finds it."""

    def made(rig: Rig) -> Act:
        act = prepare(rig)
        act()
        scene.settle(rig)

        def undo() -> None:
            def work(frappe: Any) -> None:
                frappe.db.delete("Payment Entry Reference", {"parent": parent, "reference_doctype": "Sales Invoice"})
                frappe.db.set_value("Payment Entry", parent, "unallocated_amount", 5000.0)

            scene.with_site(rig, work)
            search(rig)

        return undo

    return made


def update(returned: bool) -> Callable[[Rig], Act]:
    def prepare(rig: Rig) -> Act:
        (sale,) = scene.invoices(rig)
        credit = scene.returned(sale, at_once=False)
        rig.play([sale, credit] if returned else [sale])
        scene.settle(rig)
        scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "changed_documents", "Update in Xero"))
        other = next(row["name"] for row in rig.company["masters"]["Cost Center"] if row["name"].startswith("South"))
        return lambda: change(rig, credit if returned else sale, po_no=TEXT, cost_center=other)

    return prepare
