"""Every kind of record the app writes, as a scene: what stands in Xero before, and the one thing that is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.rig import Rig
from tests.echo import acts
from tests.echo.acts import Act
from tests.scene import rig as scene
from tests.scene.journals import fee
from tests.scene.payments import across, advance, deposit


@dataclass(frozen=True)
class Scene:
    """`prepare` brings its records into Xero and returns what is then done; `writes` is the path of the write that is looked at."""

    name: str
    writes: str
    prepare: Callable[[Rig], Act]
    method: str = "PUT"


INVOICES, NOTES, MONEY = r"/Invoices$", r"/CreditNotes$", r"/BankTransactions$"
PAYMENT, BATCH, MOVES, JOURNALS = r"/Payments$", r"/BatchPayments$", r"/BankTransfers$", r"/ManualJournals$"
ALLOCATIONS = r"/Allocations$"
SCENES = {
    each.name: each
    for each in (
        Scene("contact", r"/Contacts$", acts.contacts(1)),
        Scene("two-contacts", r"/Contacts$", acts.contacts(2)),
        Scene("invoice", INVOICES, acts.of(scene.invoices)),
        Scene("two-invoices", INVOICES, acts.of(scene.invoices, 2)),
        Scene("bill", INVOICES, acts.of(scene.bills)),
        Scene("two-bills", INVOICES, acts.of(scene.bills, 2)),
        Scene("credit-note", NOTES, acts.credit(scene.invoices)),
        Scene("supplier-credit-note", NOTES, acts.credit(scene.bills)),
        Scene("two-credit-notes", NOTES, acts.credit(scene.invoices, 2)),
        Scene("two-supplier-credit-notes", NOTES, acts.credit(scene.bills, 2)),
        Scene("payment", PAYMENT, acts.payment(1)),
        Scene("two-payments", PAYMENT, acts.payment(2)),
        Scene("paid-bill", PAYMENT, acts.paid_bill),
        Scene("batch-payment", BATCH, acts.batch),
        Scene("refund", PAYMENT, acts.refund_of_note),
        Scene("supplier-refund", PAYMENT, acts.refund_of_suppliers_note),
        Scene("refund-of-overpayment", PAYMENT, acts.refund_of_advance(advance)),
        Scene("refund-of-prepayment", PAYMENT, acts.refund_of_advance(deposit)),
        Scene("overpayment", MONEY, acts.advances(advance)),
        Scene("prepayment", MONEY, acts.advances(deposit)),
        Scene("two-overpayments", MONEY, acts.advances(advance, 2)),
        Scene("two-prepayments", MONEY, acts.advances(deposit, 2)),
        Scene("allocated-note", ALLOCATIONS, acts.allocated_note),
        Scene("allocated-overpayment", ALLOCATIONS, acts.allocated_overpayment),
        Scene("allocated-prepayment", ALLOCATIONS, acts.allocated_prepayment),
        Scene("spend", MONEY, acts.money(fee)),
        Scene("two-spends", MONEY, acts.money(fee, 2)),
        Scene("receive", MONEY, acts.money(acts.received)),
        Scene("fee", MONEY, acts.with_fee),
        Scene("clearing", MONEY, acts.money(across)),
        Scene("transfer", MOVES, acts.money(acts.moved)),
        Scene("two-transfers", MOVES, acts.money(acts.moved, 2)),
        Scene("journal", JOURNALS, acts.money(acts.accrued)),
        Scene("two-journals", JOURNALS, acts.money(acts.accrued, 2)),
        Scene("release", JOURNALS, acts.release),
        Scene("write-off", NOTES, acts.with_write_off),
        Scene("update-invoice", INVOICES, acts.update(False), "POST"),
        Scene("update-credit-note", NOTES, acts.update(True), "POST"),
        Scene("void-invoice", INVOICES, acts.undone(acts.of(scene.invoices)), "POST"),
        Scene("void-bill", INVOICES, acts.undone(acts.of(scene.bills)), "POST"),
        Scene("void-credit-note", NOTES, acts.undone(acts.credit(scene.invoices)), "POST"),
        Scene("void-supplier-credit-note", NOTES, acts.undone(acts.credit(scene.bills)), "POST"),
        Scene("delete-payment", r"/Payments/[^/]+$", acts.undone(acts.payment(1)), "POST"),
        Scene("delete-refund", r"/Payments/[^/]+$", acts.undone(acts.refund_of_note), "POST"),
        Scene("delete-batch", r"/BatchPayments/[^/]+$", acts.undone(acts.batch), "POST"),
        Scene("delete-spend", MONEY, acts.undone(acts.money(fee)), "POST"),
        Scene("delete-clearing", MONEY, acts.undone(acts.money(across)), "POST"),
        Scene("delete-transfer", MOVES, acts.undone(acts.money(acts.moved)), "POST"),
        Scene("void-journal", JOURNALS, acts.undone(acts.money(acts.accrued)), "POST"),
        Scene("delete-allocation", r"/Allocations/[^/]+$", acts.unmatched(acts.allocated_overpayment, "PAY-ADVANCE"), "DELETE"),
        Scene("void-release", JOURNALS, acts.undone_release, "POST"),
        Scene("delete-note-allocation", r"/Allocations/[^/]+$", acts.undone(acts.allocated_note), "DELETE"),
        Scene("undo-fee", MONEY, acts.undone(acts.with_fee), "POST"),
        Scene("undo-write-off", NOTES, acts.undone(acts.with_write_off), "POST"),
    )
}
