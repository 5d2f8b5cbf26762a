"""A voucher's ledger rows by Xero account, in base currency, against the lines of everything that it became.

Left out on both sides: bank accounts and receivables and payables, which are compared as money moved and as what is open; exchange
differences, which Xero computes itself; the cost of goods that a document with stock moves, which is not journalled.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from sandbox.replay.host_side import CENT, ZERO, Voucher, money
from sandbox.replay.xero_side import XeroSide

TAX = "tax"
EXCHANGE = "Exchange Gain/Loss"
STOCK = ("Cost of Goods Sold", "Stock In Hand")
# Whose lines are debits where they are positive.
DEBITS = ("ACCPAY", "ACCRECCREDIT", "SPEND")
CREDITS = ("ACCREC", "ACCPAYCREDIT", "RECEIVE")


def compare(voucher: Voucher, records: list[tuple[str, str]], xero: XeroSide, mapping: dict[str, Any], suffix: str) -> list[str]:
    """Sentences, none where the sums per account agree; `mapping` is the country's. A document in foreign currency, or with tax
    inside its prices, may be a cent off for each line: the host rounds in base currency, or splits off the cent as a rounding."""
    host = _host(voucher, mapping, suffix)
    shown, lines = _xero(records, xero)
    if valued := _valued(voucher, mapping, suffix):
        for side in (host, shown):
            side["stock and what is valued into it"] = sum((side.pop(code, ZERO) for code in valued), ZERO)
    inexact = any(row.get("included_in_print_rate") for row in voucher.doc.get("taxes") or [])
    inexact = inexact or any(xero.records[key].get("CurrencyRate", 1) != 1 for key in records if key in xero.records)
    slack = CENT * lines if inexact else ZERO
    return [
        f"{code} is {host[code]} in the host's ledger, {shown[code].quantize(CENT)} in Xero"
        for code in sorted({*host, *shown})
        if abs(host[code] - shown[code]) > slack
    ]


def _host(voucher: Voucher, mapping: dict[str, Any], suffix: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    taxes = {part.partition("{}")[0] for _, key, _, _ in mapping["taxes"] for part in key.split(" + ")}
    for row in voucher.rows:
        name = row["account"].removesuffix(suffix)
        stock = voucher.doc["doctype"] == "Sales Invoice" and voucher.doc.get("update_stock") and name in STOCK
        if row.get("party") or name in mapping["payments"] or name == EXCHANGE or stock:
            continue
        code = mapping["accounts"].get(name) or (TAX if name in taxes else name)
        found[code] += money(row.get("debit")) - money(row.get("credit"))
    return found


def _valued(voucher: Voucher, mapping: dict[str, Any], suffix: str) -> set[str]:
    """Accounts between which the host moves freight and the like into the value of stock. Xero gets the bill as the supplier wrote it:
    stock is not journalled, a named difference (accounting_rules, "What agreement of the books can mean")."""
    rows = [row for row in voucher.doc.get("taxes") or [] if str(row.get("category", "")).startswith("Valuation")]
    names = {row["account_head"].removesuffix(suffix) for row in rows} | ({"Stock In Hand"} if rows else set())
    return {mapping["accounts"].get(name, name) for name in names}


def _xero(records: list[tuple[str, str]], xero: XeroSide) -> tuple[dict[str, Decimal], int]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    count = 0
    for resource, xero_id in dict.fromkeys(records):
        record = xero.records.get((resource, xero_id))
        if record is None:
            continue
        if resource == "ManualJournals":
            kind = "SPEND"
        elif resource in ("Invoices", "CreditNotes", "BankTransactions"):
            kind = record["Type"]
        else:
            continue
        if kind not in (*DEBITS, *CREDITS):  # an advance or one side of a transfer: its line is the party's account, or the other bank
            continue
        sign = 1 if kind in DEBITS else -1
        count += len(record["lines"])
        for line in record["lines"]:
            net, tax = _split(line, record)
            found[xero.code(line["account"])] += sign * net
            found[TAX] += sign * tax
    return found, count


def _split(line: dict[str, Any], record: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """A line's net and tax in base currency."""
    rate = Decimal(str(record.get("CurrencyRate") or 1))
    amount, tax = Decimal(line["LineAmount"]), Decimal(line.get("TaxAmount") or 0)
    net = amount - tax if record["LineAmountTypes"] == "Inclusive" else amount
    return net / rate, tax / rate
