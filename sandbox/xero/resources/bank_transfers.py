"""Bank transfers: made, read and deleted, never edited; CurrencyRate is read-only (A)."""
from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from sandbox.xero import clock, documents, elements, listing, wire
from sandbox.xero.refusals import Refused, not_found, refuse
from sandbox.xero.resources import bank_transactions
from sandbox.xero.world import Call

FILTERS = {"BankTransferID", "Date", "Amount", "Reference", "Status", "FromBankAccount", "ToBankAccount"}


def show(call: Call, record: dict[str, Any]) -> dict[str, Any]:
    def account(account_id: str) -> dict[str, Any]:
        found = call.org.accounts[account_id]
        return {"AccountID": account_id, "Code": found.get("Code", ""), "Name": found["Name"]}
    return {"BankTransferID": record["BankTransferID"], "DateString": wire.iso_day(record["Date"]),
            "Date": wire.ms_date(record["Date"]), "Status": record["Status"], "Amount": record["Amount"],
            "FromBankAccount": account(record["from"]), "ToBankAccount": account(record["to"]),
            "FromBankTransactionID": record["from_transaction"], "ToBankTransactionID": record["to_transaction"],
            "FromIsReconciled": record["FromIsReconciled"], "ToIsReconciled": record["ToIsReconciled"],
            "Reference": record["Reference"], "CurrencyRate": record["CurrencyRate"],
            "HasAttachments": bool(record.get("attachments")), "CreatedDateUTC": wire.ms_datetime(record["created"])}


def _side(call: Call, record: dict[str, Any], kind: str, account: dict[str, Any], amount: Decimal) -> str:
    """One of the two bank transactions a transfer consists of (types GET only: A)."""
    transaction = {
        "BankTransactionID": str(uuid.uuid4()), "Type": kind, "Status": "AUTHORISED", "contact": None,
        "account": account["AccountID"], "Date": record["Date"], "CurrencyRate": Decimal(1), "lines": [],
        "CurrencyCode": account.get("CurrencyCode") or call.org.currency, "LineAmountTypes": "NoTax",
        "SubTotal": amount, "TotalTax": wire.ZERO, "Total": amount, "Reference": record["Reference"],
        "IsReconciled": False, "Url": None}
    call.org.of("BankTransactions")[transaction["BankTransactionID"]] = transaction
    bank_transactions.note(call, transaction, "created")
    return str(transaction["BankTransactionID"])


def note(call: Call, record: dict[str, Any], action: str) -> None:
    record["updated"] = clock.now()
    call.world.note(call, "BankTransfers", record["BankTransferID"], action, {
        "status": record["Status"], "reference": record["Reference"], "amount": record["Amount"],
        "from": record["from"], "to": record["to"]})


def create(call: Call, element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    """A transfer of ``Amount`` in the currency of the account it leaves; another currency takes the day's rate (C)."""
    source, target = (bank_transactions.bank_of(call, element.get(key)) for key in ("FromBankAccount", "ToBankAccount"))
    amount = wire.number(element.get("Amount"))
    if source is target or amount is None or amount <= 0 or amount != wire.money(amount):
        raise Refused("A bank transfer needs two different accounts and an amount greater than zero.")  # wording C
    day = wire.parse_day(element["Date"]) if element.get("Date") else call.org.today()
    if day is None:
        raise Refused("The Date is not valid.")
    documents.check_locks(call, day)
    base = call.org.currency
    leaves, arrives = (a.get("CurrencyCode") or base for a in (source, target))
    per_base = {c: Decimal(1) if c == base else call.org.day_rate(c, day) for c in (leaves, arrives)}
    rate = wire.rounded(per_base[arrives] / per_base[leaves], 6)
    record: dict[str, Any] = {
        "BankTransferID": str(uuid.uuid4()), "Status": "AUTHORISED", "from": source["AccountID"],
        "to": target["AccountID"], "Date": day, "Amount": wire.money(amount), "CurrencyRate": rate,
        "Reference": element.get("Reference") or "", "created": clock.now(), "FromIsReconciled": False,
        "ToIsReconciled": False}
    record["from_transaction"] = _side(call, record, "SPEND-TRANSFER", source, record["Amount"])
    record["to_transaction"] = _side(call, record, "RECEIVE-TRANSFER", target, wire.money(amount * rate))
    call.org.of("BankTransfers")[record["BankTransferID"]] = record
    note(call, record, "created")
    return record


def _deleted(call: Call, element: dict[str, Any], record: dict[str, Any] | None) -> dict[str, Any]:
    if record is None:
        raise refuse("E086")
    if element.get("Status") != "DELETED" or record["Status"] == "DELETED":
        raise refuse("E074")
    documents.check_locks(call, record["Date"])
    record["Status"] = "DELETED"
    for side in ("from_transaction", "to_transaction"):
        transaction = call.org.of("BankTransactions")[record[side]]
        transaction["Status"] = "DELETED"
        bank_transactions.note(call, transaction, "deleted")
    note(call, record, "deleted")
    return show(call, record)


def delete(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Deletes the transfer ``BankTransferID``."""
    return _deleted(call, {"Status": "DELETED"}, _find(call, body["BankTransferID"]))


def _find(call: Call, transfer_id: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = call.org.of("BankTransfers").get(str(transfer_id or "").lower())
    return found


def put(call: Call) -> dict[str, Any]:
    return elements.write_each(call, "BankTransfers", "BankTransfer", "BankTransferID",
                               lambda element, warnings: show(call, create(call, element, warnings)))


def post(call: Call) -> dict[str, Any]:
    """POST BankTransfers only deletes: Status DELETED with each BankTransferID (A)."""
    return elements.write_each(
        call, "BankTransfers", "BankTransfer", "BankTransferID",
        lambda element, warnings: _deleted(call, element, _find(call, element.get("BankTransferID"))))


def post_one(call: Call, transfer_id: str) -> dict[str, Any]:
    record = _find(call, transfer_id)
    if record is None:
        raise not_found()
    return elements.write_one(call, "BankTransfers", "BankTransfer", "BankTransferID",
                              elements.only(call, "BankTransfers"),
                              lambda element, warnings: _deleted(call, element, record))


def get_one(call: Call, transfer_id: str) -> dict[str, Any]:
    record = _find(call, transfer_id)
    if record is None:
        raise not_found()
    return elements.success(BankTransfers=[show(call, record)])


def get(call: Call) -> dict[str, Any]:
    """GET BankTransfers: deleted ones only with includeDeleted=true (A: Xero-OpenAPI#822); no paging."""
    since = listing.modified_since(call.headers.get("if-modified-since"))
    where = listing.compile_where(call.query["where"], "BankTransfer", FILTERS) if call.query.get("where") else None
    gone = call.query.get("includeDeleted", "").lower() == "true"
    rows = [show(call, record) for record in call.org.of("BankTransfers").values()
            if (gone or record["Status"] != "DELETED") and (not since or record["updated"] >= since)]
    return elements.success(BankTransfers=[row for row in rows if where is None or where(row)])


_SCOPE = "accounting.banktransactions"
ROUTES = [
    ("GET", r"/BankTransfers", _SCOPE, get), ("PUT", r"/BankTransfers", _SCOPE, put),
    ("POST", r"/BankTransfers", _SCOPE, post), ("GET", r"/BankTransfers/([^/]+)", _SCOPE, get_one),
    ("POST", r"/BankTransfers/([^/]+)", _SCOPE, post_one)]
