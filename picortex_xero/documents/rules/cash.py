"""The cash that skipped documents move: Xero's bank feed shows it without a document. What a preview lists and what a summary of a day counts is the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal
from ..identity import INVOICE_DOCTYPES
from ..settlement.paid_on_entry import money_on_entry
from ..settlement.settlement import PAYMENT_ENTRY

Doc = dict[str, Any]


@dataclass(frozen=True)
class Money:
    """What has to be known of a company to say what its documents move: its bank and cash accounts (`banks`, for journals), the currency of each account
    where that is not the company's (`currencies`), and the company's (`base`)."""

    banks: frozenset[str] = frozenset()
    currencies: Mapping[str, str] = field(default_factory=dict)
    base: str = ""


@dataclass(frozen=True)
class Move:
    """What one document moves on one bank or cash account in one direction. `amount` is in the account's currency, `worth` the same in the company's; both are
    above zero."""

    account: str
    currency: str
    received: bool
    amount: Decimal
    worth: Decimal


@dataclass(frozen=True)
class Cash:
    """What skipped documents move on one bank or cash account: in and out, in the account's currency; `documents`: how many do."""

    account: str
    currency: str
    documents: int = 0
    received: Decimal = ZERO
    paid: Decimal = ZERO


def cash(docs: Iterable[Doc], money: Money) -> list[Cash]:
    """The money of these documents by account."""
    found: dict[tuple[str, str], Cash] = {}
    for doc in docs:
        moved = moves(doc, money)
        for key in dict.fromkeys((move.account, move.currency) for move in moved):
            mine = [move for move in moved if (move.account, move.currency) == key]
            known = found.get(key, Cash(*key))
            received, paid = (sum((move.amount for move in mine if move.received is into), ZERO) for into in (True, False))
            found[key] = Cash(*key, known.documents + 1, known.received + received, known.paid + paid)
    return [found[key] for key in sorted(found)]


def moves(doc: Doc, money: Money) -> list[Move]:
    """What one document moves, one for each account and direction. Money that only changes its place among the company's own accounts is none: its two lines at the bank
    are matched with each other in Xero, as a transfer. Nor is an opening entry: no line of the bank stands for it."""
    if _stays_in_the_company(doc, money) or _opens_the_books(doc):
        return []
    found: dict[tuple[str, str, bool], Move] = {}
    for account, currency, amount, worth in _moved(doc, money):
        if not amount:
            continue
        key = (account, currency or money.currencies.get(account) or money.base, amount > ZERO)
        known = found.get(key, Move(*key, ZERO, ZERO))
        found[key] = Move(*key, known.amount + abs(amount), known.worth + abs(worth))
    return list(found.values())


def _stays_in_the_company(doc: Doc, money: Money) -> bool:
    if doc["doctype"] == PAYMENT_ENTRY:
        return doc.get("payment_type") == "Internal Transfer"
    rows = [
        decimal(row.get("debit")) - decimal(row.get("credit")) for row in doc.get("accounts") or [] if row.get("account") in money.banks
    ]
    # Where a journal takes from one of them and adds to another, what of it came from outside is not certain: a person enters that.
    return any(each > ZERO for each in rows) and any(each < ZERO for each in rows)


def _opens_the_books(doc: Doc) -> bool:
    return doc.get("is_opening") == "Yes" or doc.get("voucher_type") == "Opening Entry"


def _moved(doc: Doc, money: Money) -> list[tuple[str, str, Decimal, Decimal]]:
    """Account, currency, amount (in: above zero), and what that is worth in company currency."""
    if doc["doctype"] == PAYMENT_ENTRY:
        return _of_payment(doc)
    if doc["doctype"] in INVOICE_DOCTYPES:
        return _on_entry(doc, money)
    return [
        (
            str(row["account"]),
            str(row.get("account_currency") or ""),
            decimal(row.get("debit_in_account_currency")) - decimal(row.get("credit_in_account_currency")),
            decimal(row.get("debit")) - decimal(row.get("credit")),
        )
        for row in doc.get("accounts") or []
        if row.get("account") in money.banks
    ]


def _of_payment(doc: Doc) -> list[tuple[str, str, Decimal, Decimal]]:
    sides = [("paid_from", "paid_amount", -1), ("paid_to", "received_amount", 1)]
    wanted = {"Receive": ("paid_to",), "Pay": ("paid_from",)}.get(doc.get("payment_type") or "", ("paid_from", "paid_to"))
    return [
        (
            str(doc.get(side) or ""),
            str(doc.get(f"{side}_account_currency") or ""),
            sign * decimal(doc.get(amount)),
            sign * decimal(doc.get(f"base_{amount}")),
        )
        for side, amount, sign in sides
        if side in wanted
    ]


def _on_entry(doc: Doc, money: Money) -> list[tuple[str, str, Decimal, Decimal]]:
    """What an invoice or return was paid with when it was entered. As ERPNext posts it: an account in company currency is moved by what the sum is worth in it,
    any other by the sum itself."""
    sign = 1 if (doc["doctype"] == "Sales Invoice") != bool(doc.get("is_return")) else -1
    found = []
    for each in money_on_entry(doc):
        currency = money.currencies.get(each.account) or money.base or str(doc.get("currency") or "")
        amount = each.base if currency == money.base else each.amount
        found.append((each.account, currency, sign * amount, sign * each.base))
    return found
