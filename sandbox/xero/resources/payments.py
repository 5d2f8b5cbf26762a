"""Payments: created and deleted, never edited; the members of a batch only go with their batch."""
from __future__ import annotations

import uuid
from typing import Any

from sandbox.xero import clock, contacts, documents, elements, listing, settlement, wire
from sandbox.xero.refusals import not_found, refuse
from sandbox.xero.world import Call

_TYPES = {"Invoice": {"ACCREC": "ACCRECPAYMENT", "ACCPAY": "ACCPAYPAYMENT"},
          "CreditNote": {"ACCRECCREDIT": "ARCREDITPAYMENT", "ACCPAYCREDIT": "APCREDITPAYMENT"},
          "Overpayment": {"RECEIVE-OVERPAYMENT": "AROVERPAYMENTPAYMENT", "SPEND-OVERPAYMENT": "APOVERPAYMENTPAYMENT"},
          "Prepayment": {"RECEIVE-PREPAYMENT": "ARPREPAYMENTPAYMENT", "SPEND-PREPAYMENT": "APPREPAYMENTPAYMENT"}}
FILTERS = {"PaymentID", "Date", "Amount", "Reference", "Status", "PaymentType", "Invoice", "CreditNote", "Account",
           "UpdatedDateUTC", "IsReconciled", "BatchPayment", "BatchPaymentID", "CurrencyRate"}


def show_account(account: dict[str, Any]) -> dict[str, Any]:
    return {"AccountID": account["AccountID"], **({"Code": account["Code"]} if account.get("Code") else {}),
            "Name": account["Name"]}


def _show_target(call: Call, payment: dict[str, Any]) -> dict[str, Any]:
    resource, id_key, number_key = settlement.TARGETS[payment["field"]]
    record = call.org.of(resource)[payment["target"]]
    shown = {"Type": record["Type"], id_key: record[id_key], "CurrencyCode": record["CurrencyCode"],
             "Contact": contacts.show(call.org.of("Contacts")[record["contact"]], brief=True)}
    if number_key:
        shown[number_key] = record[number_key]
    if payment["field"] in ("Invoice", "CreditNote"):
        shown["HasErrors"] = False
    if payment["field"] == "Invoice" or call.method == "POST":
        shown.update(_amounts(call, record))
    return shown


def _amounts(call: Call, record: dict[str, Any]) -> dict[str, Any]:
    """What a write, and a look at one payment by its id, shows of the invoice besides; a list does not (A: the published examples)."""
    listed = call.method == "GET" and call.path.rstrip("/").endswith("/Payments")
    if listed or not call.world.settings["payments_show_invoices"]:
        return {}
    return {"Status": record["Status"], "AmountDue": documents.outstanding(record), "AmountPaid": record["settled"],
            "SubTotal": record["SubTotal"], "TotalTax": record["TotalTax"], "Total": record["Total"],
            "UpdatedDateUTC": wire.ms_datetime(record["updated"])}


def _target(call: Call, payment: dict[str, Any]) -> dict[str, Any]:
    """What a payment settles, under the name this answer has for it.

    PUT answers a refund under its credit's own name (B: xero-ruby#48); GET and the answer to a delete show the credit as
    ``Invoice``, its id as InvoiceID and its number as InvoiceNumber: credit notes A (the published examples of getPayments
    and deletePayment), overpayments B (xero-php#889, Xero's support), prepayments C (by analogy). The description's types of
    an Invoice have AROVERPAYMENT, ARPREPAYMENT and so on for it (A).
    """
    field, shown = payment["field"], _show_target(call, payment)
    if call.method == "PUT" or field not in call.world.settings["refunds_under_invoice"]:
        return {field: shown}
    _, id_key, number_key = settlement.TARGETS[field]
    renamed = {id_key: "InvoiceID", number_key: "InvoiceNumber"}
    as_invoice = {renamed.get(name, name): value for name, value in shown.items()}
    direction, _, advance = str(shown["Type"]).partition("-")
    if advance:
        as_invoice["Type"] = ("AR" if direction == "RECEIVE" else "AP") + advance
    return {"Invoice": as_invoice}


def show(call: Call, payment: dict[str, Any]) -> dict[str, Any]:
    """A payment as answered by list, one and write."""
    account = call.org.accounts[payment["account"]]
    shown: dict[str, Any] = {
        "PaymentID": payment["PaymentID"], "Date": wire.ms_date(payment["Date"]), "Amount": payment["Amount"],
        "BankAmount": payment["BankAmount"], "Reference": payment["Reference"],
        "CurrencyRate": payment["CurrencyRate"], "PaymentType": payment["type"], "Status": payment["Status"],
        "UpdatedDateUTC": wire.ms_datetime(payment["updated"]),
        "UpdatedDateUTCString": wire.utc_string(payment["updated"]), "HasAccount": True,
        "IsReconciled": payment["IsReconciled"], "Account": show_account(account),
        **_target(call, payment), "HasValidationErrors": False}
    if payment.get("batch"):
        batch = call.org.of("BatchPayments")[payment["batch"]]
        shown["BatchPaymentID"] = payment["batch"]
        shown["BatchPayment"] = {
            "Account": {"AccountID": account["AccountID"]}, "BatchPaymentID": batch["BatchPaymentID"],
            "Date": wire.ms_date(batch["Date"]), "Type": batch["Type"], "Status": batch["Status"],
            "TotalAmount": batch["TotalAmount"], "UpdatedDateUTC": wire.ms_datetime(batch["updated"]),
            "IsReconciled": batch["IsReconciled"]}
    return shown


def note(call: Call, payment: dict[str, Any], action: str) -> None:
    payment["updated"] = clock.now()
    call.world.note(call, "Payments", payment["PaymentID"], action, {
        "type": payment["type"], "status": payment["Status"], "reference": payment["Reference"],
        "amount": payment["Amount"], "bank_amount": payment["BankAmount"], "document": payment["target"],
        "batch": payment.get("batch"), "account": payment["account"]})


def make(call: Call, field: str, record: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Stores a checked payment and settles its document. ``facts`` are account, day, amount and the like."""
    payment = {"PaymentID": str(uuid.uuid4()), "field": field,
               "target": record[settlement.TARGETS[field][1]], "type": _TYPES[field][record["Type"]],
               "Status": "AUTHORISED", "IsReconciled": False, "Reference": "", **facts}
    call.org.of("Payments")[payment["PaymentID"]] = payment
    note(call, payment, "created")
    settlement.settle(call, field, record, payment["PaymentID"], payment["Amount"], payment["Date"])
    return payment


def create(call: Call, element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    """One payment from its element; Status may only be AUTHORISED or absent (C)."""
    if element.get("PaymentID") or element.get("Status") not in (None, "AUTHORISED"):
        if element.get("PaymentID") and element.get("Status") == "DELETED":
            return delete(call, str(element["PaymentID"]))
        raise refuse("E074")
    field, record = settlement.target_of(call, element)
    account = settlement.account_of(call, element.get("Account") or {"Code": element.get("Code")})
    day = settlement.check_day(call, element.get("Date"))
    amount = settlement.check_open(record, wire.number(element.get("Amount")))
    bank_amount, rate = settlement.in_bank(call, record, account, element, amount, day)
    return make(call, field, record, {
        "account": account["AccountID"], "Date": day, "Amount": amount, "BankAmount": bank_amount,
        "CurrencyRate": rate, "Reference": element.get("Reference") or "",
        "IsReconciled": call.method == "PUT" and bool(element.get("IsReconciled"))})


def delete(call: Call, payment_id: str) -> dict[str, Any]:
    """Status DELETED: the document is open again. Refused within a batch, in locked periods and twice."""
    payment = call.org.of("Payments").get(payment_id.lower())
    if payment is None:
        raise not_found()
    if payment.get("batch"):
        raise refuse("E075")
    if payment["Status"] == "DELETED":
        raise refuse("E074")
    settlement.check_day(call, payment["Date"].isoformat())
    undo(call, payment)
    return payment


def undo(call: Call, payment: dict[str, Any]) -> None:
    """Takes a payment back without asking whether it may be."""
    payment["Status"] = "DELETED"
    note(call, payment, "deleted")
    record = call.org.of(settlement.TARGETS[payment["field"]][0])[payment["target"]]
    settlement.unsettle(call, payment["field"], record, payment["PaymentID"], payment["Amount"])


def put(call: Call) -> dict[str, Any]:
    return elements.write_each(call, "Payments", "Payment", "PaymentID",
                               lambda element, warnings: show(call, create(call, element, warnings)))


def post(call: Call) -> dict[str, Any]:
    """POST Payments takes one payment (A)."""
    return elements.write_one(call, "Payments", "Payment", "PaymentID", elements.only(call, "Payments"),
                              lambda element, warnings: show(call, create(call, element, warnings)))


def post_one(call: Call, payment_id: str) -> dict[str, Any]:
    def one(element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
        if element.get("Status") != "DELETED":
            raise refuse("E074")
        return show(call, delete(call, payment_id))
    if call.org.of("Payments").get(payment_id.lower()) is None:
        raise not_found()
    return elements.write_one(call, "Payments", "Payment", "PaymentID", elements.only(call, "Payments"), one)


def get_one(call: Call, payment_id: str) -> dict[str, Any]:
    payment = call.org.of("Payments").get(payment_id.lower())
    if payment is None:
        raise not_found()
    return elements.success(Payments=[show(call, payment)])


def get(call: Call) -> dict[str, Any]:
    """GET Payments: deleted ones come back with Status DELETED (C: Xero does not say)."""
    query, since = call.query, listing.modified_since(call.headers.get("if-modified-since"))
    where = listing.compile_where(query["where"], "Payment", FILTERS) if query.get("where") else None
    chosen = [payment for payment in call.org.of("Payments").values() if not since or payment["updated"] >= since]
    page, block = listing.shown(chosen, query, "PaymentID", lambda payment: show(call, payment), where)
    return elements.success(**({"pagination": block} if block else {}), Payments=page)


ROUTES = [
    ("GET", r"/Payments", "accounting.payments", get), ("PUT", r"/Payments", "accounting.payments", put),
    ("POST", r"/Payments", "accounting.payments", post),
    ("GET", r"/Payments/([^/]+)", "accounting.payments", get_one),
    ("POST", r"/Payments/([^/]+)", "accounting.payments", post_one)]
