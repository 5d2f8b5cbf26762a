"""Batch payments: several invoices or several bills, base currency only, made and deleted as a whole (A: rule (e))."""
from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from sandbox.xero import clock, elements, listing, settlement, wire
from sandbox.xero.refusals import Refused, not_found, refuse
from sandbox.xero.resources import payments
from sandbox.xero.world import Call

_LIMITS = {"NZ": {"Particulars": 12, "Code": 12}, "UK": {"Narrative": 18}}
FILTERS = {"BatchPaymentID", "Date", "Reference", "Status", "Type", "TotalAmount", "Account", "UpdatedDateUTC"}
_TEXT = ("Reference", "Particulars", "Code", "Details", "Narrative")


def show(call: Call, batch: dict[str, Any], *, members: bool = True) -> dict[str, Any]:
    account = call.org.accounts[batch["account"]]
    shown: dict[str, Any] = {
        "Account": {"AccountID": account["AccountID"], "Code": account.get("Code", ""), "Name": account["Name"]},
        "BatchPaymentID": batch["BatchPaymentID"], "Date": wire.ms_date(batch["Date"]),
        "DateString": wire.iso_day(batch["Date"]), "Type": batch["Type"], "Status": batch["Status"],
        "TotalAmount": batch["TotalAmount"], "UpdatedDateUTC": wire.ms_datetime(batch["updated"]),
        "IsReconciled": batch["IsReconciled"], **{key: batch[key] for key in _TEXT if batch.get(key)}}
    if members:
        shown["Payments"] = []
        for payment_id in batch["payments"]:
            payment = call.org.of("Payments")[payment_id]
            invoice = call.org.of("Invoices")[payment["target"]]
            shown["Payments"].append({
                "PaymentID": payment_id, "Amount": payment["Amount"], "BankAmount": payment["BankAmount"],
                "Invoice": {"InvoiceID": payment["target"], "InvoiceNumber": invoice["InvoiceNumber"]}})
    return shown


def note(call: Call, batch: dict[str, Any], action: str) -> None:
    batch["updated"] = clock.now()
    call.world.note(call, "BatchPayments", batch["BatchPaymentID"], action, {
        "type": batch["Type"], "status": batch["Status"], "reference": batch.get("Reference", ""),
        "amount": batch["TotalAmount"], "payments": list(batch["payments"]), "account": batch["account"]})


def _members(call: Call, element: dict[str, Any]) -> list[tuple[dict[str, Any], Decimal, dict[str, Any]]]:
    """(invoice, amount, member element) of every member, all checked before anything is booked."""
    checked: list[tuple[dict[str, Any], Decimal, dict[str, Any]]] = []
    taken: dict[str, Decimal] = {}
    for member in element.get("Payments") or []:
        if any(member.get(field) for field in ("CreditNote", "Prepayment", "Overpayment")):
            raise Refused("Batch payments can only be made against invoices.")  # rule A, wording C
        _, invoice = settlement.target_of(call, member)
        already = taken.get(invoice["InvoiceID"], wire.ZERO)
        amount = settlement.check_open(invoice, wire.number(member.get("Amount")), already)
        taken[invoice["InvoiceID"]] = already + amount
        checked.append((invoice, amount, member))
    if not checked:
        raise Refused("A batch payment must have at least one payment.")  # wording C
    if len({invoice["Type"] for invoice, _, _ in checked}) > 1:
        raise Refused("A batch payment cannot mix receivable and payable invoices.")  # rule A, wording C
    if any(invoice["CurrencyCode"] != call.org.currency for invoice, _, _ in checked):
        raise Refused("Batch payments can only be made in the base currency.")  # rule A, wording C
    return checked


def create(call: Call, element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    if element.get("BatchPaymentID"):
        raise refuse("E074")
    account = settlement.account_of(call, element.get("Account"))
    if (account.get("CurrencyCode") or call.org.currency) != call.org.currency:
        raise Refused("Batch payments can only be made in the base currency.")
    day = settlement.check_day(call, element.get("Date"))
    for field, longest in {"Reference": 255, **_LIMITS.get(call.org.edition, {})}.items():
        if len(str(element.get(field) or "")) > longest:
            raise Refused(f"The {field} field must be {longest} characters or fewer.")  # lengths A, wording C
    members = _members(call, element)
    batch = {"BatchPaymentID": str(uuid.uuid4()), "account": account["AccountID"], "Date": day,
             "Type": "RECBATCH" if members[0][0]["Type"] == "ACCREC" else "PAYBATCH", "Status": "AUTHORISED",
             "IsReconciled": False, "TotalAmount": sum((amount for _, amount, _ in members), wire.ZERO),
             "payments": [], "updated": clock.now(), **{key: element[key] for key in _TEXT if element.get(key)}}
    call.org.of("BatchPayments")[batch["BatchPaymentID"]] = batch
    for invoice, amount, member in members:
        payment = payments.make(call, "Invoice", invoice, {
            "account": account["AccountID"], "Date": day, "Amount": amount, "BankAmount": amount,
            "CurrencyRate": Decimal(1), "batch": batch["BatchPaymentID"],
            "Reference": member.get("Reference") or element.get("Reference") or ""})
        batch["payments"].append(payment["PaymentID"])
    note(call, batch, "created")
    return batch


def delete(call: Call, batch_id: str) -> dict[str, Any]:
    """Deletes a batch and every payment in it."""
    batch = call.org.of("BatchPayments").get(batch_id.lower())
    if batch is None:
        raise not_found()
    if batch["Status"] == "DELETED":
        raise refuse("E074")
    settlement.check_day(call, batch["Date"].isoformat())
    for payment_id in batch["payments"]:
        payments.undo(call, call.org.of("Payments")[payment_id])
    batch["Status"] = "DELETED"
    note(call, batch, "deleted")
    return batch


def put(call: Call) -> dict[str, Any]:
    return elements.write_each(call, "BatchPayments", "BatchPayment", "BatchPaymentID",
                               lambda element, warnings: show(call, create(call, element, warnings)))


def _deleted(call: Call, element: dict[str, Any], batch_id: str) -> dict[str, Any]:
    if element.get("Status") != "DELETED":
        raise refuse("E074")
    return show(call, delete(call, batch_id))


def post(call: Call) -> dict[str, Any]:
    """POST BatchPayments: only Status DELETED with a BatchPaymentID (A)."""
    element = elements.only(call, "BatchPayments")
    return elements.write_one(call, "BatchPayments", "BatchPayment", "BatchPaymentID", element,
                              lambda e, warnings: _deleted(call, e, str(e.get("BatchPaymentID") or "")))


def post_one(call: Call, batch_id: str) -> dict[str, Any]:
    return elements.write_one(call, "BatchPayments", "BatchPayment", "BatchPaymentID",
                              elements.only(call, "BatchPayments"),
                              lambda element, warnings: _deleted(call, element, batch_id))


def get_one(call: Call, batch_id: str) -> dict[str, Any]:
    batch = call.org.of("BatchPayments").get(batch_id.lower())
    if batch is None:
        raise not_found()
    return elements.success(BatchPayments=[show(call, batch)])


def get(call: Call) -> dict[str, Any]:
    """GET BatchPayments: no paging (A)."""
    query, since = call.query, listing.modified_since(call.headers.get("if-modified-since"))
    where = listing.compile_where(query["where"], "BatchPayment", FILTERS) if query.get("where") else None
    rows = [show(call, batch) for batch in call.org.of("BatchPayments").values()
            if not since or batch["updated"] >= since]
    rows = [row for row in rows if where is None or where(row)]
    return elements.success(BatchPayments=listing.in_order(rows, query.get("order"), "BatchPaymentID"))


ROUTES = [
    ("GET", r"/BatchPayments", "accounting.payments", get), ("PUT", r"/BatchPayments", "accounting.payments", put),
    ("POST", r"/BatchPayments", "accounting.payments", post),
    ("GET", r"/BatchPayments/([^/]+)", "accounting.payments", get_one),
    ("POST", r"/BatchPayments/([^/]+)", "accounting.payments", post_one)]
