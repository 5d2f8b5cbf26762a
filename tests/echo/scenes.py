"""Every kind of record the app writes, as a scene: what stands in Xero before, and the one thing that is written.

Texts that a person types carry what somebody may tidy or re-encode: blanks, a tab, a line break, an ampersand, an accent. Amounts are
parts wherever Xero would refuse a second record of the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.host import books
from sandbox.rig import Rig
from tests.e2e import scene, test_rechecks
from tests.e2e.test_advances import advance, match
from tests.e2e.test_deductions import DISCOUNT, FEE, map_deduction, short
from tests.e2e.test_journal_money import entry, fee
from tests.e2e.test_order_advances import across, deposit, invoiced
from tests.e2e.test_refunds import paying, reconcile
from tests.e2e.test_releases import book

D = Decimal
TEXT = "CHQ  77\t& Café \n"
Act = Callable[[], Any]


@dataclass(frozen=True)
class Scene:
    """`prepare` brings its records into Xero and returns what is then done; `writes` is the path of the write that is looked at."""

    name: str
    writes: str
    prepare: Callable[[Rig], Act]
    method: str = "PUT"


def _worded(record: scene.Record) -> scene.Record:
    """A document with texts as people type them."""
    doc = record["doc"]
    typed = {"po_no": TEXT, "bill_no": TEXT, "reference_no": TEXT, "cheque_no": TEXT, "user_remark": f"Fence {TEXT}"}
    doc.update({field: text for field, text in typed.items() if field in doc})
    for item in doc.get("items") or []:
        item["item_name"] = f"{item.get('item_name') or 'Item'}  & Café"
    return record


def _of(choose: Callable[[Rig, int], list[scene.Record]], count: int = 1) -> Callable[[Rig], Act]:
    """Invoices or bills whose parties are in Xero."""

    def prepare(rig: Rig) -> Act:
        records = [_worded(record) for record in choose(rig, count)]
        scene.make_contacts(rig, records)
        return lambda: rig.play(records)

    return prepare


def _contact(rig: Rig) -> Act:
    (record,) = scene.invoices(rig)
    party = record["doc"]["customer"]
    named = {"customer_name": "Smith  & Söhne Café", "email_id": "Jo.Smith@Example.com"}
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Customer", party, named))
    return lambda: scene.with_site(rig, lambda frappe: scene._add_contact(frappe, rig.connection, rig.company["name"], record))


def _credit(choose: Callable[[Rig, int], list[scene.Record]]) -> Callable[[Rig], Act]:
    def prepare(rig: Rig) -> Act:
        (record,) = choose(rig, 1)
        rig.play([record])
        scene.settle(rig)
        return lambda: rig.play([_worded(scene.returned(record, at_once=False))])

    return prepare


def _part(record: scene.Record, name: str, amounts: list[float], **changes: Any) -> scene.Record:
    """A receipt of parts of what its references are worth."""
    figures = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), sum(amounts))
    part = _worded(scene.copied(record, name, total_allocated_amount=sum(amounts), **figures, **changes))
    for row, amount in zip(part["doc"]["references"], amounts):
        row["allocated_amount"] = amount
    return part


def _payment(count: int) -> Callable[[Rig], Act]:
    """So many receipts at once, each of a part of an invoice of its own."""

    def prepare(rig: Rig) -> Act:
        pairs = scene.settlements(rig)[:count]
        rig.play([sale for sale, _ in pairs])
        scene.settle(rig)
        return lambda: rig.play([_part(receipt, f"PART-{at}", [40.0]) for at, (_, receipt) in enumerate(pairs, 1)])

    return prepare


def _paid_bill(rig: Rig) -> Act:
    (bill,) = scene.bills(rig)
    rig.play([bill])
    scene.settle(rig)
    party = {"party_type": "Supplier", "party": bill["doc"]["supplier"]}
    made = paying(rig, "PAID-1", D(25), [(bill, D(25))], back=True, **party)
    made["doc"].update(paid_to=bill["doc"]["credit_to"])
    return lambda: rig.play([_worded(made)])


def _batch(rig: Rig) -> Act:
    *sales, receipt = scene.paid(rig, 2)
    rig.play(sales)
    scene.settle(rig)
    return lambda: rig.play([_part(receipt, "PARTS-1", [30.0, 20.0])])


def _refund_of_note(rig: Rig) -> Act:
    (sale,) = scene.invoices(rig)
    credit = scene.returned(sale, at_once=False)
    rig.play([sale, credit])
    scene.settle(rig)
    return lambda: rig.play([_worded(paying(rig, "REFUND-1", D(50), [(credit, D(-50))], back=True, party=sale["doc"]["customer"]))])


def _refund_of_suppliers_note(rig: Rig) -> Act:
    (bill,) = scene.bills(rig)
    credit = scene.returned(bill, at_once=False)
    rig.play([bill, credit])
    scene.settle(rig)
    party = {"party_type": "Supplier", "party": bill["doc"]["supplier"], "paid_from": bill["doc"]["credit_to"]}
    return lambda: rig.play([_worded(paying(rig, "REFUND-1", D(25), [(credit, D(-25))], back=False, **party))])


def _refund_of_advance(made: Callable[[Rig], tuple[scene.Record, Any]]) -> Callable[[Rig], Act]:
    def prepare(rig: Rig) -> Act:
        receipt, _ = made(rig)
        refund = _worded(paying(rig, "REFUND-1", D(60), [], back=True, party=receipt["doc"]["party"]))
        rig.play([receipt, refund])
        scene.settle(rig)

        def act() -> None:
            reconcile(rig, receipt, refund, D(60))

        return act

    return prepare


def _advance(made: Callable[[Rig], tuple[scene.Record, Any]]) -> Callable[[Rig], Act]:
    def prepare(rig: Rig) -> Act:
        receipt, _ = made(rig)
        invoice = scene.of_one_customer(rig, 1)[0]
        scene.make_contacts(rig, [scene.copied(invoice, "WHO-1", customer=receipt["doc"]["party"])])
        return lambda: rig.play([_worded(receipt)])

    return prepare


def _allocated_note(rig: Rig) -> Act:
    (sale,) = scene.invoices(rig)
    credit = scene.returned(sale, at_once=False)
    rig.play([sale, credit])
    scene.settle(rig)
    return lambda: rig.play([scene.reconciled(sale, credit, D(30))])


def _allocated_overpayment(rig: Rig) -> Act:
    receipt, (sale, _) = advance(rig)
    rig.play([receipt, sale])
    scene.settle(rig)
    return lambda: match(rig, receipt, sale, D(30))


def _allocated_prepayment(rig: Rig) -> Act:
    receipt, sale = deposit(rig)
    rig.play([receipt, sale])
    scene.settle(rig)
    return lambda: invoiced(rig, receipt, sale, D(30))


def _money(made: Callable[[Rig], scene.Record]) -> Callable[[Rig], Act]:
    """A document about a bank account; the payee it needs is in Xero before."""

    def prepare(rig: Rig) -> Act:
        rig.play([scene.copied(made(rig), "BEFORE-1")])
        scene.settle(rig)
        return lambda: rig.play([_worded(made(rig))])

    return prepare


def _received(rig: Rig) -> scene.Record:
    return entry(rig, ("Trading Account", 230.0, {}), ("GST", -30.0, {}), ("Sales", -200.0, {}), user_remark="Scrap",
                 pay_to_recd_from="Scrap Dealers")  # fmt: skip


def _moved(rig: Rig) -> scene.Record:
    return entry(rig, ("Trading Account", 700.0, {}), ("Cash", -700.0, {}), voucher_type="Contra Entry")


def _accrued(rig: Rig) -> scene.Record:
    return scene.journal(rig, ("Office Rent", 80.0), ("Travel Expenses", -80.0), user_remark="Rent")


def _with_fee(rig: Rig) -> Act:
    sale, payment = short(rig, 7.05, FEE)
    rig.play([sale])
    scene.settle(rig)
    return lambda: rig.play([_worded(payment)])


def _with_write_off(rig: Rig) -> Act:
    map_deduction(rig, DISCOUNT, "Credit note", "OUTPUT2")
    sale, payment = short(rig, 4.85, DISCOUNT)
    rig.play([sale])
    scene.settle(rig)
    return lambda: rig.play([_worded(payment)])


def _deferred(rig: Rig) -> scene.Record:
    (record,) = scene.invoices(rig)
    made, account = scene.copied(record, f"{record['name']}-DEF"), f"Deferred Revenue - {rig.company['abbr']}"
    made["doc"]["items"][0].update(enable_deferred_revenue=1, deferred_revenue_account=account)

    def add(frappe: Any) -> None:
        books.store({"doctype": "Account", "name": account, "creation": record["doc"]["creation"], "company": rig.company["name"]})
        values = {"connection": rig.connection, "account": account, "xero_account_code": "835"}
        frappe.get_doc({"doctype": "Xero Account Mapping", **values}).insert(ignore_permissions=True)

    scene.with_site(rig, add)
    return made


def _release(rig: Rig) -> Act:
    record = _deferred(rig)
    rig.play([record])
    scene.settle(rig)

    def act() -> None:
        book(rig, record, {"2026-10-31": 40.35})
        test_rechecks.search(rig)

    return act


def _undone(prepare: Callable[[Rig], Act]) -> Callable[[Rig], Act]:
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


def _unmatched(prepare: Callable[[Rig], Act], parent: str) -> Callable[[Rig], Act]:
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
            test_rechecks.search(rig)

        return undo

    return made


def _update(returned: bool) -> Callable[[Rig], Act]:
    def prepare(rig: Rig) -> Act:
        (sale,) = scene.invoices(rig)
        credit = scene.returned(sale, at_once=False)
        rig.play([sale, credit] if returned else [sale])
        scene.settle(rig)
        scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "changed_documents", "Update in Xero"))
        other = next(row["name"] for row in rig.company["masters"]["Cost Center"] if row["name"].startswith("South"))
        return lambda: test_rechecks.change(rig, credit if returned else sale, po_no=TEXT, cost_center=other)

    return prepare


INVOICES, NOTES, MONEY = r"/Invoices$", r"/CreditNotes$", r"/BankTransactions$"
PAYMENT, BATCH, MOVES, JOURNALS = r"/Payments$", r"/BatchPayments$", r"/BankTransfers$", r"/ManualJournals$"
ALLOCATIONS = r"/Allocations$"
SCENES = {
    each.name: each
    for each in (
        Scene("contact", r"/Contacts$", _contact),
        Scene("invoice", INVOICES, _of(scene.invoices)),
        Scene("two-invoices", INVOICES, _of(scene.invoices, 2)),
        Scene("bill", INVOICES, _of(scene.bills)),
        Scene("two-bills", INVOICES, _of(scene.bills, 2)),
        Scene("credit-note", NOTES, _credit(scene.invoices)),
        Scene("supplier-credit-note", NOTES, _credit(scene.bills)),
        Scene("payment", PAYMENT, _payment(1)),
        Scene("two-payments", PAYMENT, _payment(2)),
        Scene("paid-bill", PAYMENT, _paid_bill),
        Scene("batch-payment", BATCH, _batch),
        Scene("refund", PAYMENT, _refund_of_note),
        Scene("supplier-refund", PAYMENT, _refund_of_suppliers_note),
        Scene("refund-of-overpayment", PAYMENT, _refund_of_advance(advance)),
        Scene("refund-of-prepayment", PAYMENT, _refund_of_advance(deposit)),
        Scene("overpayment", MONEY, _advance(advance)),
        Scene("prepayment", MONEY, _advance(deposit)),
        Scene("allocated-note", ALLOCATIONS, _allocated_note),
        Scene("allocated-overpayment", ALLOCATIONS, _allocated_overpayment),
        Scene("allocated-prepayment", ALLOCATIONS, _allocated_prepayment),
        Scene("spend", MONEY, _money(fee)),
        Scene("receive", MONEY, _money(_received)),
        Scene("fee", MONEY, _with_fee),
        Scene("clearing", MONEY, _money(across)),
        Scene("transfer", MOVES, _money(_moved)),
        Scene("journal", JOURNALS, _money(_accrued)),
        Scene("release", JOURNALS, _release),
        Scene("write-off", NOTES, _with_write_off),
        Scene("update-invoice", INVOICES, _update(False), "POST"),
        Scene("update-credit-note", NOTES, _update(True), "POST"),
        Scene("void-invoice", INVOICES, _undone(_of(scene.invoices)), "POST"),
        Scene("void-bill", INVOICES, _undone(_of(scene.bills)), "POST"),
        Scene("void-credit-note", NOTES, _undone(_credit(scene.invoices)), "POST"),
        Scene("delete-payment", r"/Payments/[^/]+$", _undone(_payment(1)), "POST"),
        Scene("delete-refund", r"/Payments/[^/]+$", _undone(_refund_of_note), "POST"),
        Scene("delete-batch", r"/BatchPayments/[^/]+$", _undone(_batch), "POST"),
        Scene("delete-spend", MONEY, _undone(_money(fee)), "POST"),
        Scene("delete-transfer", MOVES, _undone(_money(_moved)), "POST"),
        Scene("void-journal", JOURNALS, _undone(_money(_accrued)), "POST"),
        Scene("delete-allocation", r"/Allocations/[^/]+$", _unmatched(_allocated_overpayment, "PAY-ADVANCE"), "DELETE"),
        Scene("undo-fee", MONEY, _undone(_with_fee), "POST"),
        Scene("undo-write-off", NOTES, _undone(_with_write_off), "POST"),
    )
}
