"""Spend and receive money, and the over- and prepayments that are created as bank transactions (A: rule (d))."""
from __future__ import annotations

import uuid
from typing import Any

from sandbox.xero import clock, contacts, documents, elements, lines, listing, wire
from sandbox.xero.refusals import Refused, not_found, refuse, text
from sandbox.xero.resources import allocations
from sandbox.xero.world import Call

_PLAIN, _ADVANCES = ("RECEIVE", "SPEND"), ("OVERPAYMENT", "PREPAYMENT")
FILTERS = {"BankTransactionID", "Type", "Status", "Reference", "Contact", "Date", "Total", "BankAccount",
           "IsReconciled", "UpdatedDateUTC", "CurrencyCode"}
CREDIT_FILTERS = {"OverpaymentID", "PrepaymentID", "Type", "Status", "Contact", "Date", "Total", "RemainingCredit",
                  "UpdatedDateUTC", "CurrencyCode", "Reference"}


def show(call: Call, record: dict[str, Any], *, detail: bool = True) -> dict[str, Any]:
    account = call.org.accounts[record["account"]]
    shown: dict[str, Any] = {
        "BankTransactionID": record["BankTransactionID"], "Type": record["Type"], "Status": record["Status"],
        "BankAccount": {"AccountID": account["AccountID"], "Code": account.get("Code", ""), "Name": account["Name"]},
        "DateString": wire.iso_day(record["Date"]), "Date": wire.ms_date(record["Date"]),
        "Reference": record["Reference"], "IsReconciled": record["IsReconciled"],
        "CurrencyCode": record["CurrencyCode"], "CurrencyRate": wire.rounded(record["CurrencyRate"], 6),
        "LineAmountTypes": record["LineAmountTypes"], "SubTotal": record["SubTotal"], "TotalTax": record["TotalTax"],
        "Total": record["Total"], "UpdatedDateUTC": wire.ms_datetime(record["updated"]),
        "HasAttachments": bool(record.get("attachments")),
        "LineItems": [lines.show(call.org, line, call.four_decimals) for line in record["lines"]] if detail else []}
    if record["contact"]:
        shown["Contact"] = contacts.show(call.org.of("Contacts")[record["contact"]], brief=not detail)
    shown.update({key: record[key] for key in ("Url", "OverpaymentID", "PrepaymentID") if record.get(key)})
    return shown


def show_credit(call: Call, record: dict[str, Any], *, detail: bool = True) -> dict[str, Any]:
    """An overpayment or prepayment as answered by its own endpoint."""
    id_key = "OverpaymentID" if "OverpaymentID" in record else "PrepaymentID"
    shown: dict[str, Any] = {
        id_key: record[id_key], "Type": record["Type"], "Status": record["Status"],
        "DateString": wire.iso_day(record["Date"]), "Date": wire.ms_date(record["Date"]),
        "CurrencyCode": record["CurrencyCode"], "CurrencyRate": wire.rounded(record["CurrencyRate"], 6),
        "LineAmountTypes": record["LineAmountTypes"], "SubTotal": record["SubTotal"], "TotalTax": record["TotalTax"],
        "Total": record["Total"], "RemainingCredit": documents.outstanding(record),
        "UpdatedDateUTC": wire.ms_datetime(record["updated"]),
        "UpdatedDateUTCString": wire.utc_string(record["updated"]), "HasAttachments": False,
        "Contact": contacts.show(call.org.of("Contacts")[record["contact"]], brief=True),
        "LineItems": [lines.show(call.org, line, call.four_decimals) for line in record["lines"]] if detail else []}
    if detail:
        shown["Allocations"] = [allocations.show(call, allocation) for allocation in record["allocations"]]
        shown["Payments"] = [{"PaymentID": p, "Amount": call.org.of("Payments")[p]["Amount"],
                              "Date": wire.ms_date(call.org.of("Payments")[p]["Date"])} for p in record["payments"]]
    return shown


def note(call: Call, record: dict[str, Any], action: str) -> None:
    record["updated"] = clock.now()
    call.world.note(call, "BankTransactions", record["BankTransactionID"], action, {
        "type": record["Type"], "status": record["Status"], "reference": record["Reference"], "url": record["Url"],
        "contact": record["contact"], "currency": record["CurrencyCode"], "total": record["Total"],
        "tax": record["TotalTax"], "account": record["account"]})


def bank_of(call: Call, element: Any) -> dict[str, Any]:
    """The bank account an element names (B: E064)."""
    element = element if isinstance(element, dict) else {}
    account = call.org.account(code=element.get("Code"), account_id=element.get("AccountID"))
    if account is None or account["Type"] != "BANK" or account["Status"] != "ACTIVE":
        raise refuse("E064")
    return account


def _priced(call: Call, element: dict[str, Any], direction: str, advance: str, types: str,
            warnings: list[str]) -> list[dict[str, Any]]:
    raw = element.get("LineItems")
    if not raw:
        raise refuse("E032")
    if advance != "OVERPAYMENT":
        context = lines.LineContext(call.org, "SALE" if direction == "RECEIVE" else "PURCHASE", types, True,
                                    call.four_decimals, discounts=False)
        return lines.work_out(context, raw, warnings, {})
    amount = wire.number(raw[0].get("LineAmount", raw[0].get("UnitAmount")))
    if len(raw) != 1 or amount is None or not raw[0].get("Description"):
        raise Refused(text("E033") if len(raw) == 1 else "An overpayment has one line item.")  # wording C
    if raw[0].get("AccountCode") or raw[0].get("AccountID"):
        raise refuse("E049", code=raw[0].get("AccountCode") or raw[0]["AccountID"])  # Xero takes AR or AP itself (A)
    control = "DEBTORS" if direction == "RECEIVE" else "CREDITORS"
    account = next(a for a in call.org.accounts.values() if a.get("SystemAccount") == control)
    return [{"LineItemID": str(uuid.uuid4()), "Description": raw[0]["Description"], "Quantity": wire.number(1),
             "UnitAmount": amount, "LineAmount": wire.money(amount), "TaxAmount": wire.ZERO, "TaxType": "NONE",
             "Tracking": [], "account": account["AccountID"]}]


def create(call: Call, element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    """A bank transaction; for an advance also the credit that carries RemainingCredit. Default Inclusive (B)."""
    direction, _, advance = str(element.get("Type")).partition("-")
    if direction not in _PLAIN or advance not in ("", *_ADVANCES):
        raise Refused("Bank transaction not of valid type for creation")  # wording C; transfers are GET only (A)
    account = bank_of(call, element.get("BankAccount"))
    day = wire.parse_day(element["Date"]) if element.get("Date") else call.org.today()
    if day is None:
        raise Refused("The Date is not valid.")
    documents.check_locks(call, day)
    if documents.check_url(element.get("Url")):
        raise refuse("E041")
    currency = account.get("CurrencyCode") or call.org.currency
    if element.get("CurrencyCode") not in (None, currency) and advance != "OVERPAYMENT":
        raise Refused("The currency of a bank transaction is that of its bank account.")  # rule A, wording C
    code, rate = documents.currency_of(call, {**element, "CurrencyCode": element.get("CurrencyCode") or currency}, day)
    types = "NoTax" if advance == "OVERPAYMENT" else element.get("LineAmountTypes") or "Inclusive"
    priced = _priced(call, element, direction, advance, types, warnings)
    totals = lines.totals(priced, types)
    if totals["Total"] <= 0:
        raise refuse("E035")
    contact = contacts.of_document(call, element.get("Contact"))
    shared = {"Type": element["Type"], "Status": "AUTHORISED", "contact": contact["ContactID"], "Date": day,
              "CurrencyCode": code, "CurrencyRate": rate, "LineAmountTypes": types,
              "lines": lines.as_kept(call, element, priced), **totals,
              "Reference": element.get("Reference") or "" if not advance else "", "updated": clock.now()}
    record = {"BankTransactionID": str(uuid.uuid4()), **shared, "account": account["AccountID"],
              "IsReconciled": bool(element.get("IsReconciled")), "Url": element.get("Url")}
    if advance:
        resource, id_key = f"{advance.capitalize()}s", f"{advance.capitalize()}ID"
        record[id_key] = str(uuid.uuid4())
        call.org.of(resource)[record[id_key]] = {
            **shared, id_key: record[id_key], "settled": wire.ZERO, "credited": wire.ZERO, "payments": [],
            "allocations": [], "FullyPaidOnDate": None, "bank_transaction": record["BankTransactionID"]}
    call.org.of("BankTransactions")[record["BankTransactionID"]] = record
    note(call, record, "created")
    return record


def update(call: Call, record: dict[str, Any], element: dict[str, Any]) -> dict[str, Any]:
    """Status DELETED for plain, unreconciled ones; advances cannot be deleted this way (A). No other edit is made."""
    if element.get("Status") != "DELETED" or record["Status"] != "AUTHORISED" or record["IsReconciled"] \
            or record["Type"] not in _PLAIN:
        raise refuse("E083")
    documents.check_locks(call, record["Date"])
    record["Status"] = "DELETED"
    note(call, record, "deleted")
    return record


def edit(call: Call, record: dict[str, Any], element: dict[str, Any]) -> dict[str, Any]:
    """Other lines, another date or contact of plain money spent or received that is not reconciled."""
    if record["Status"] != "AUTHORISED" or record["IsReconciled"] or record["Type"] not in _PLAIN:
        raise refuse("E083")
    if element.get("Date"):
        record["Date"] = wire.parse_day(element["Date"])
    documents.check_locks(call, record["Date"])
    if element.get("Contact"):
        record["contact"] = contacts.of_document(call, element["Contact"])["ContactID"]
    if element.get("LineItems"):
        types = element.get("LineAmountTypes") or record["LineAmountTypes"]
        priced = _priced(call, element, record["Type"], "", types, [])
        record.update(lines=priced, LineAmountTypes=types, **lines.totals(priced, types))
    note(call, record, "updated")
    return record


def _upsert(call: Call, element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    given = element.get("BankTransactionID")
    if not given:
        return show(call, create(call, element, warnings))
    record = call.org.of("BankTransactions").get(str(given).lower())
    if record is None:
        raise refuse("E086")
    return show(call, update(call, record, element))


def put(call: Call) -> dict[str, Any]:
    return elements.write_each(call, "BankTransactions", "BankTransaction", "BankTransactionID",
                               lambda element, warnings: show(call, create(call, element, warnings)))


def post(call: Call) -> dict[str, Any]:
    return elements.write_each(call, "BankTransactions", "BankTransaction", "BankTransactionID",
                               lambda element, warnings: _upsert(call, element, warnings))


def _one(call: Call, resource: str, record_id: str) -> dict[str, Any]:
    record = call.org.of(resource).get(record_id.lower())
    if record is None:
        raise not_found()
    return record


def post_one(call: Call, record_id: str) -> dict[str, Any]:
    record = _one(call, "BankTransactions", record_id)
    return elements.write_one(call, "BankTransactions", "BankTransaction", "BankTransactionID",
                              elements.only(call, "BankTransactions"),
                              lambda element, warnings: show(call, update(call, record, element)))


def get_one(call: Call, record_id: str) -> dict[str, Any]:
    return elements.success(BankTransactions=[show(call, _one(call, "BankTransactions", record_id))])


def get(call: Call) -> dict[str, Any]:
    return listing.records(call, "BankTransactions", "BankTransaction", "BankTransactionID", FILTERS, show)


def _credit_routes(resource: str, schema: str, id_key: str) -> list[tuple[str, str, str, Any]]:
    return [("GET", rf"/{resource}", "accounting.payments", lambda call: listing.records(
                call, resource, schema, id_key, CREDIT_FILTERS, show_credit)),
            ("GET", rf"/{resource}/([^/]+)", "accounting.payments", lambda call, record_id: elements.success(
                **{resource: [show_credit(call, _one(call, resource, record_id))]}))]


_SCOPE = "accounting.banktransactions"
ROUTES = [
    ("GET", r"/BankTransactions", _SCOPE, get), ("PUT", r"/BankTransactions", _SCOPE, put),
    ("POST", r"/BankTransactions", _SCOPE, post), ("GET", r"/BankTransactions/([^/]+)", _SCOPE, get_one),
    ("POST", r"/BankTransactions/([^/]+)", _SCOPE, post_one),
    *_credit_routes("Overpayments", "Overpayment", "OverpaymentID"),
    *_credit_routes("Prepayments", "Prepayment", "PrepaymentID")]
