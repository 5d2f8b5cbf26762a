"""What a person does with the lines of a bank statement in Xero: a record is matched with one, or that is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.xero.resources import bank_transactions, bank_transfers, batch_payments, payments
from sandbox.xero.world import Call


def _reconciled(call: Call, body: dict[str, Any], record: dict[str, Any], note: Callable[..., None], *fields: str) -> None:
    """``reconciled``: false takes it back. Whether that moves UpdatedDateUTC is not documented: ``quietly`` leaves it as it was."""
    was = record["updated"]
    for field in fields or ("IsReconciled",):
        record[field] = body.get("reconciled", True)
    note(call, record, "reconciled")
    if body.get("quietly"):
        record["updated"] = was


def reconcile_payment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Matches a payment with the bank statement: IsReconciled becomes true (or ``reconciled``)."""
    payment = call.org.of("Payments")[body["PaymentID"]]
    _reconciled(call, body, payment, payments.note)
    return payments.show(call, payment)


def reconcile_batch_payment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Matches a batch payment with one line of the bank statement, and with it its payments."""
    batch = call.org.of("BatchPayments")[body["BatchPaymentID"]]
    for payment_id in batch["payments"]:
        _reconciled(call, body, call.org.of("Payments")[payment_id], payments.note)
    _reconciled(call, body, batch, batch_payments.note)
    return batch_payments.show(call, batch)


def reconcile_bank_transaction(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Matches money spent or received with the bank statement: IsReconciled becomes true (or ``reconciled``)."""
    record = call.org.of("BankTransactions")[body["BankTransactionID"]]
    _reconciled(call, body, record, bank_transactions.note)
    return bank_transactions.show(call, record)


def reconcile_bank_transfer(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Matches both sides of a transfer with their statements, or the ``sides`` named: FromIsReconciled, ToIsReconciled."""
    record = call.org.of("BankTransfers")[body["BankTransferID"]]
    _reconciled(call, body, record, bank_transfers.note, *body.get("sides", ("FromIsReconciled", "ToIsReconciled")))
    return bank_transfers.show(call, record)
