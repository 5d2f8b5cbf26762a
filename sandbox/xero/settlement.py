"""What a payment or an allocation does to a document: checks, amounts in both currencies, PAID and back.

Payments need an AUTHORISED document, an amount up to what is open, and an account that is a bank or is enabled for
payments (A/B: E066, E072, E073). ``Amount`` is in the document's currency, ``BankAmount`` in the account's (A).
"""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.xero import clock, documents, wire
from sandbox.xero.refusals import Refused, refuse
from sandbox.xero.world import Call

# What a payment can settle: field -> (resource, id field, number field).
TARGETS = {"Invoice": ("Invoices", "InvoiceID", "InvoiceNumber"),
           "CreditNote": ("CreditNotes", "CreditNoteID", "CreditNoteNumber"),
           "Prepayment": ("Prepayments", "PrepaymentID", None),
           "Overpayment": ("Overpayments", "OverpaymentID", None)}
_MISSING = {"Invoice": "E030", "CreditNote": "E031"}


def target_of(call: Call, element: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The one document a payment names: (field, record). Raises Refused when none or several are named."""
    named = [field for field in TARGETS if element.get(field)]
    if not named and element.get("InvoiceNumber"):
        element, named = {"Invoice": {"InvoiceNumber": element["InvoiceNumber"]}}, ["Invoice"]
    if len(named) != 1:
        raise Refused("A payment must be made against exactly one Invoice, Credit Note, Prepayment or Overpayment.")
    field = named[0]
    resource, id_key, number_key = TARGETS[field]
    reference = element[field]
    record = call.org.of(resource).get(str(reference.get(id_key) or "").lower())
    if record is None and number_key and not reference.get(id_key) and reference.get(number_key):
        record = call.org.of(resource).get(call.org.index(resource).get(reference[number_key].casefold(), ""))
    if record is None:
        if field in _MISSING:
            raise refuse(_MISSING[field])
        raise Refused(f"An existing {field} with the specified {id_key} could not be found")  # by analogy, C
    return field, record


def account_of(call: Call, element: Any) -> dict[str, Any]:
    """The bank (or payment-enabled) account of a payment, or the refusal Xero gives (B: E065 to E068)."""
    if not isinstance(element, dict) or not (element.get("AccountID") or element.get("Code")):
        raise refuse("E068")
    account = call.org.account(code=element.get("Code"), account_id=element.get("AccountID"))
    if account is None:
        raise refuse("E065")
    if account["Type"] != "BANK" and not account.get("EnablePaymentsToAccount"):
        raise refuse("E066")
    if account["Status"] != "ACTIVE":
        raise refuse("E067")
    return account


def check_day(call: Call, value: Any) -> date:
    day = wire.parse_day(value) if value else call.org.today()
    if day is None:
        raise Refused("The Date is not valid.")  # wording C
    for lock in (call.org.year_lock, call.org.period_lock):
        if lock and day <= lock:
            raise refuse("E080")
    return day


def check_open(record: dict[str, Any], amount: Decimal | None, already: Decimal = wire.ZERO) -> Decimal:
    """The amount, if the document is AUTHORISED and has that much open besides ``already``. Document currency."""
    if record["Status"] != "AUTHORISED":
        raise refuse("E073")
    if amount is None or amount <= 0:
        raise Refused("Payment amount must be greater than zero.")  # wording C
    if amount != wire.money(amount):
        raise Refused("Payment amount must have at most 2 decimal places.")  # wording C
    if amount > documents.outstanding(record) - already:
        raise refuse("E072")
    return wire.money(amount)


def in_bank(call: Call, record: dict[str, Any], account: dict[str, Any], element: dict[str, Any], amount: Decimal,
            day: date) -> tuple[Decimal, Decimal]:
    """(BankAmount in the account's currency, CurrencyRate). BankAmount wins over CurrencyRate (A: rule (a))."""
    base, currency = call.org.currency, record["CurrencyCode"]
    bank = account.get("CurrencyCode") or base
    if bank not in (currency, base):
        raise refuse("E066")  # neither side is base: not documented by Xero, refused here (C)
    if currency == base:
        return amount, Decimal(1)
    sent, rate = wire.number(element.get("BankAmount")), wire.number(element.get("CurrencyRate"))
    if bank == currency:
        return amount, wire.rounded(rate, 6) if rate and rate > 0 else call.org.day_rate(currency, day)
    if sent is not None and sent > 0:
        return wire.money(sent), wire.rounded(amount / sent, 6)
    rate = wire.rounded(rate, 6) if rate and rate > 0 else call.org.day_rate(currency, day)
    return wire.money(amount / rate), rate


def settle(call: Call, field: str, record: dict[str, Any], payment_id: str, amount: Decimal, day: date) -> None:
    """Books a payment on its document; PAID by itself when nothing is left open (A)."""
    record["payments"].append(payment_id)
    record["settled"] += amount
    _reflect(call, field, record, day)


def unsettle(call: Call, field: str, record: dict[str, Any], payment_id: str, amount: Decimal) -> None:
    """Takes a payment off its document; a PAID one is AUTHORISED again (A/B)."""
    record["payments"].remove(payment_id)
    record["settled"] -= amount
    _reflect(call, field, record, None)


def credit(call: Call, field: str, record: dict[str, Any], allocation: dict[str, Any]) -> None:
    """Books an allocation on one of its two documents."""
    record["allocations"].append(allocation)
    record["credited"] += allocation["Amount"]
    _reflect(call, field, record, allocation["Date"])


def uncredit(call: Call, field: str, record: dict[str, Any], allocation: dict[str, Any]) -> None:
    record["allocations"] = [a for a in record["allocations"] if a["AllocationID"] != allocation["AllocationID"]]
    record["credited"] -= allocation["Amount"]
    _reflect(call, field, record, None)


def _reflect(call: Call, field: str, record: dict[str, Any], day: date | None) -> None:
    left = documents.outstanding(record)
    if left < 0:
        raise AssertionError(f"{field} {record} settled beyond its total: a rule is missing")
    if left == 0:
        record["Status"] = "PAID"
        record["FullyPaidOnDate"] = max(filter(None, (day, record["Date"])))
    elif record["Status"] == "PAID":
        record["Status"], record["FullyPaidOnDate"] = "AUTHORISED", None
    record["updated"] = clock.now()
    resource, id_key, number_key = TARGETS[field]
    call.world.note(call, resource, record[id_key], "settled", {
        "status": record["Status"], "number": record.get(number_key or ""), "due": left, "total": record["Total"],
        "tax": record["TotalTax"], "currency": record["CurrencyCode"], "contact": record["contact"],
        "type": record["Type"]})

