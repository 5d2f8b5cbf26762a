"""Receipts, advances and refunds: the recorded ones, changed ones, what ERPNext does to them later, and what Xero then shows."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene

D = Decimal

PARTLY, PURE = "TF-PAY-00039", "TF-PAY-00069"


def recorded(rig: Rig, name: str) -> scene.Record:
    """The recorded submit of a document, to be changed at will."""
    return copy.deepcopy(next(record for record in rig.documents if record["name"] == name and record["event"] == "submit"))


def partly(rig: Rig) -> tuple[scene.Record, scene.Record]:
    """The recorded receipt of 5012.10, 4962.10 of them for an invoice, and the invoice."""
    payment = recorded(rig, PARTLY)
    return recorded(rig, payment["doc"]["references"][0]["reference_name"]), payment


def advance(rig: Rig, spare: int = 100) -> tuple[scene.Record, list[scene.Record]]:
    """A receipt for nothing in particular, large enough for these two invoices of its customer and more."""
    sales = scene.of_one_customer(rig, 2)
    amount = float(sum(scene.total(sale) for sale in sales) + spare)
    figures = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount", "unallocated_amount"), amount)
    customer = sales[0]["doc"]["customer"]
    return scene.copied(recorded(rig, PURE), "PAY-ADVANCE", party=customer, party_name=customer, **figures), sales


def match(rig: Rig, payment: scene.Record, sale: scene.Record, amount: Decimal) -> None:
    """Payment Reconciliation: a further reference row of the submitted payment, in one transaction with the events Frappe fires."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Payment Entry", payment["name"])
        doc._before_save = frappe.get_doc("Payment Entry", payment["name"])
        row = {"reference_doctype": sale["doctype"], "reference_name": sale["name"], "allocated_amount": float(amount), "docstatus": 1}
        doc.append("references", row)
        storage.store(doc.as_dict())
        for event in ("before_update_after_submit", "on_update_after_submit", "on_change"):
            doc.run_method(event)

    scene.with_site(rig, work)


def overpayment(rig: Rig) -> dict[str, Any]:
    """The one overpayment in Xero's books."""
    (found,) = scene.live(rig, "Overpayments")
    return found


def invoice(rig: Rig, sale: scene.Record) -> dict[str, Any]:
    """A sale in Xero's books."""
    (found,) = [each for each in scene.live(rig) if each["InvoiceNumber"] == sale["name"]]
    return found


def left(credit: dict[str, Any]) -> Decimal:
    """RemainingCredit, from the ledger."""
    return scene.due(credit)


def sends(rig: Rig, resource: str = "Allocations") -> list[dict[str, Any]]:
    """Every request that makes an allocation (or a bank transaction)."""
    return [call for call in rig.xero.calls() if call["method"] == "PUT" and call["path"].split("?")[0].endswith(f"/{resource}")]


def states(rig: Rig, payment: scene.Record) -> dict[str, str]:
    """State of every step of a payment by role."""
    return {step["role"]: step["state"] for step in rig.steps(reference_name=payment["name"])}


def deposit(rig: Rig, spare: int = 100) -> tuple[scene.Record, scene.Record]:
    """A receipt against a sales order, and the sale that it is for."""
    payment, (sale, _) = advance(rig, spare)
    order = {"doctype": "Payment Entry Reference", "reference_doctype": "Sales Order", "reference_name": "SO-1", "idx": 1, "name": "r1"}
    payment["doc"].update(references=[{**order, "allocated_amount": payment["doc"]["paid_amount"]}], unallocated_amount=0)
    return payment, sale


def invoiced(rig: Rig, payment: scene.Record, sale: scene.Record, amount: Decimal) -> None:
    """The order is invoiced: ERPNext takes the sum off the order's row and gives it to the invoice."""
    rest = float(D(str(payment["doc"]["paid_amount"])) - amount)
    scene.with_site(
        rig, lambda frappe: frappe.db.set_value("Payment Entry Reference", {"parent": payment["name"]}, "allocated_amount", rest)
    )
    match(rig, payment, sale, amount)


def across(rig: Rig, name: str = "MOVE-1") -> scene.Record:
    """1685.00 NZD moved into 1000.00 USD, from a bank account to another as one Internal Transfer."""
    made = scene.transfer(rig, 1685.0, "USD Account", name)
    made["doc"].update(paid_to_account_currency="USD", received_amount=1000.0, target_exchange_rate=1.685)
    return made


def paying(rig: Rig, name: str, amount: Decimal, rows: list[tuple[scene.Record, Decimal]], back: bool, **changes: Any) -> scene.Record:
    """A payment made from the recorded receipt: `rows` are the documents it settles and the amounts, negative for returns."""
    made = scene.copied(scene.paid(rig)[-1], name)
    doc = made["doc"]
    figures = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), float(amount))
    reference = {"doctype": "Payment Entry Reference", "docstatus": 1, "name": ""}
    references = [
        {**reference, "idx": at, "reference_doctype": each["doctype"], "reference_name": each["name"], "allocated_amount": float(part)}
        for at, (each, part) in enumerate(rows, 1)
    ]
    doc.update(references=references, **figures, **changes)
    if back:
        doc.update(payment_type="Pay", paid_from=doc["paid_to"], paid_to=doc["paid_from"])
    return made


def reconcile(rig: Rig, receipt: scene.Record, refund: scene.Record, amount: Decimal) -> None:
    """Payment Reconciliation of an advance with what pays it back: a reference on the advance alone (recorded: advance-refunded)."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Payment Entry", receipt["name"])
        doc._before_save = frappe.get_doc("Payment Entry", receipt["name"])
        row = {"reference_doctype": "Payment Entry", "reference_name": refund["name"], "allocated_amount": float(amount), "docstatus": 1}
        doc.append("references", row)
        storage.store(doc.as_dict())
        for event in ("before_update_after_submit", "on_update_after_submit", "on_change"):
            doc.run_method(event)

    scene.with_site(rig, work)


def unlink(rig: Rig, payment: scene.Record, sale: scene.Record) -> None:
    """What ERPNext does when a paid invoice is cancelled or unreconciled: the reference goes by SQL, `modified` changes, no event."""

    def work(frappe: Any) -> None:
        frappe.db.delete("Payment Entry Reference", {"parent": payment["name"], "reference_name": sale["name"]})
        frappe.db.set_value("Payment Entry", payment["name"], "unallocated_amount", float(scene.total(sale)))

    scene.with_site(rig, work)
