"""Payment Entry against invoices -> Payment(s), or one batch payment where one bank line settles several invoices.

Rules: accounting_rules "Several references in one payment", "Foreign invoice, base-currency receivable", "Cross-currency payment".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..documents import INVOICE_DOCTYPES
from ..mapping import Mapping, PaymentAccount
from ..money import CENT, ZERO, decimal, decimals, half_up, plain
from ..problems import Problem, Refused
from ..tax import allocate
from . import Translation
from .invoice import LATER
from .lines import RATE_DECIMALS

REFERENCE_LIMIT = 255
SETTLES = {"Receive": "Sales Invoice", "Pay": "Purchase Invoice"}


@dataclass(frozen=True)
class Target:
    """An invoice as Xero shows it just before a payment is built.

    `currency`, `amount_due` and `status` are Xero's; `rate` is the host's conversion_rate (company units per document unit);
    `settles` says that this payment is the last one and leaves nothing outstanding in the host.
    """

    invoice_id: str
    currency: str
    amount_due: Decimal
    status: str
    rate: Decimal
    settles: bool


@dataclass(frozen=True)
class Part:
    """What a payment entry allocates to one invoice, in the party account's currency."""

    doctype: str
    name: str
    allocated: Decimal


def parts(doc: dict[str, Any]) -> list[Part]:
    """The invoices a payment settles, one entry each in the order of the references (payment terms of one invoice are added up)."""
    sums: dict[tuple[str, str], Decimal] = {}
    for row in doc.get("references") or []:
        key = (row["reference_doctype"], row["reference_name"])
        sums[key] = sums.get(key, ZERO) + decimal(row.get("allocated_amount"))
    return [Part(doctype, name, amount) for (doctype, name), amount in sums.items() if amount]


def out_of_scope(doc: dict[str, Any]) -> list[Problem]:
    """Why this payment is a case of a later release; empty for payments of invoices and advances."""
    what = f"Payment Entry {doc['name']}"
    wanted = SETTLES.get(doc.get("payment_type") or "")
    rows = parts(doc)
    deductions = [row for row in doc.get("deductions") or [] if not row.get("is_exchange_gain_loss")]
    cases = [
        (wanted and doc.get("party_type") not in ("Customer", "Supplier"), "party", "is not with a customer or supplier"),
        (any(part.doctype not in INVOICE_DOCTYPES for part in rows), "order-advance", "settles something other than an invoice"),
        (
            any(part.doctype in INVOICE_DOCTYPES and part.doctype != wanted for part in rows)
            or any(part.allocated < ZERO for part in rows)
            or (doc.get("payment_type"), doc.get("party_type")) in (("Pay", "Customer"), ("Receive", "Supplier")),
            "refund",
            "pays money back",
        ),
        (deductions, "deductions", "has deductions (fees, write-off or discount)"),
        (doc.get("taxes"), "advance-tax", "carries tax"),
    ]
    return [Problem(f"later-{code}", f"{what} {says}", LATER, held=True) for applies, code, says in cases if applies]


def is_batch(doc: dict[str, Any], targets: list[Target], mapping: Mapping) -> bool:
    """Several invoices in base currency from a base-currency account: one batch payment, one line on the bank statement."""
    base = mapping.base_currency
    return len(targets) > 1 and bank_side(doc)[1] == base and all(target.currency == base for target in targets)


def batch_payment(doc: dict[str, Any], mapping: Mapping, targets: list[Target]) -> Translation:
    """The BatchPayment element for a payment entry that `is_batch`. Raises Refused."""
    bank, problems = bank_account(doc, mapping)
    members: list[dict[str, Any]] = []
    for part, target in zip(parts(doc), targets):
        problems += _checks(part, target, part.allocated)
        members.append({"Invoice": {"InvoiceID": target.invoice_id}, "Amount": plain(part.allocated)})
    if problems or bank is None:
        raise Refused(problems)
    body = {
        "Account": {"AccountID": bank.account_id},
        "Date": str(doc["posting_date"]),
        "Reference": reference_text(doc),
        "Payments": members,
    }
    marker = {
        "Account": bank.account_id,
        "Date": body["Date"],
        "Members": sorted([m["Invoice"]["InvoiceID"], str(half_up(m["Amount"]))] for m in members),
    }
    return Translation(body, marker, sum((part.allocated for part in parts(doc)), ZERO))


def payment(doc: dict[str, Any], mapping: Mapping, targets: list[Target], sequence: int) -> Translation:
    """The Payment element for the `sequence`-th (from 1) invoice of a payment entry. Raises Refused."""
    part, target = parts(doc)[sequence - 1], targets[sequence - 1]
    bank, problems = bank_account(doc, mapping)
    bank_currency = bank_side(doc)[1]
    if bank_currency not in (target.currency, mapping.base_currency):
        problems.append(
            Problem(
                "payment-third-currency",
                f"The bank account is in {bank_currency}, the invoice {part.name} in {target.currency}, and neither is {mapping.base_currency}",
                "Pay through a clearing account in the invoice's currency and transfer from there, then press Retry",
                held=True,
            )
        )
    amount = _amount(doc, part, target)
    problems += _checks(part, target, amount)
    if problems or bank is None:
        raise Refused(problems)
    reference = reference_text(doc, sequence if len(targets) > 1 else 0)
    body: dict[str, Any] = {
        "Invoice": {"InvoiceID": target.invoice_id},
        "Account": {"AccountID": bank.account_id},
        "Date": str(doc["posting_date"]),
        "Amount": plain(amount),
        "Reference": reference,
    }
    if bank_currency != target.currency:
        body["BankAmount"] = plain(_bank_amounts(doc)[sequence - 1])
    elif target.currency != mapping.base_currency:
        body["CurrencyRate"] = plain(half_up(1 / exchange_rate(doc), RATE_DECIMALS))
    return Translation(body, {"Reference": reference, "InvoiceID": target.invoice_id, "Amount": amount}, amount)


def bank_side(doc: dict[str, Any]) -> tuple[str, str, Decimal]:
    """(host account, currency, amount) of the money that moved."""
    if doc["payment_type"] == "Receive":
        return doc["paid_to"], doc["paid_to_account_currency"], decimal(doc["received_amount"])
    return doc["paid_from"], doc["paid_from_account_currency"], decimal(doc["paid_amount"])


def party_amount(doc: dict[str, Any]) -> Decimal:
    """What the party paid or got, in its account's currency. `unallocated_amount` is no measure of what is left: with several
    foreign invoices ERPNext compares sums rounded in base currency and leaves a phantom below a cent (observed)."""
    return decimal(doc["paid_amount" if doc.get("payment_type") == "Receive" else "received_amount"])


def party_currency(doc: dict[str, Any]) -> str:
    return str(doc["paid_from_account_currency" if doc["payment_type"] == "Receive" else "paid_to_account_currency"])


def exchange_rate(doc: dict[str, Any]) -> Decimal:
    """Company currency per unit of the bank account's currency (ERPNext: target rate when receiving, source rate when paying)."""
    return decimal(doc["target_exchange_rate" if doc["payment_type"] == "Receive" else "source_exchange_rate"]) or Decimal(1)


def bank_account(doc: dict[str, Any], mapping: Mapping) -> tuple[PaymentAccount | None, list[Problem]]:
    host_account, currency, _ = bank_side(doc)
    found = mapping.payment_account(host_account)
    if isinstance(found, Problem):
        return None, [found]
    if found.currency and found.currency != currency:
        return None, [
            Problem(
                "payment-account-currency",
                f"{host_account} is in {currency}, the Xero account it is mapped to is in {found.currency}",
                f"Map {host_account} to a {currency} bank account under Xero Payment Mapping",
            )
        ]
    return found, []


def _amount(doc: dict[str, Any], part: Part, target: Target) -> Decimal:
    """The payment in the invoice's currency. A foreign invoice on a base-currency receivable is converted at its own rate, and the
    payment that settles it takes Xero's own amount due, so that no cent stays open."""
    if party_currency(doc) == target.currency:
        return part.allocated
    converted = half_up(part.allocated / target.rate)
    return target.amount_due if target.settles and abs(target.amount_due - converted) <= 5 * CENT else converted


def _bank_amounts(doc: dict[str, Any]) -> list[Decimal]:
    """What each invoice took of the money that moved, in the bank account's currency, adding up to it."""
    shares = [part.allocated for part in parts(doc)]
    moved, whole = bank_side(doc)[2], sum(shares, ZERO)
    dealt = allocate(moved, [moved * share / whole for share in shares], shares)
    if dealt is None:
        raise ValueError(f"{doc['name']}: {moved} cannot be divided over {shares}")
    return dealt


def reference_text(doc: dict[str, Any], sequence: int = 0) -> str:
    own = doc["name"] + (f"/{sequence}" if sequence else "")
    return f"{own} {doc.get('reference_no') or ''}".strip()[:REFERENCE_LIMIT]


def _checks(part: Part, target: Target, amount: Decimal) -> list[Problem]:
    found = []
    if decimals(amount) > 2:
        found.append(
            Problem(
                "too-many-decimals",
                f"{amount} for {part.name} has more than two decimals; Xero keeps two",
                "Set the Currency Precision to 2 in System Settings and enter the payment again",
            )
        )
    if target.status in ("AUTHORISED", "PAID") and amount > target.amount_due:
        found.append(
            Problem(
                "payment-exceeds-due",
                f"{part.name} has {target.amount_due} {target.currency} due in Xero, the payment gives it {amount}",
                f"See in Xero what else was paid or credited on {part.name}; remove it there, or cancel this payment here",
            )
        )
    return found
