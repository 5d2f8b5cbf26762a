"""A voucher's ledger rows by Xero account, in base currency, against the lines of everything that it became.

Left out on both sides: bank accounts and receivables and payables, which are compared as money moved and as what is open; exchange
differences, which Xero computes itself; the cost of goods that a document with stock moves, for which the app sends no journal.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from sandbox.replay.host_side import CENT, ZERO, Voucher, money
from sandbox.replay.xero_side import PAID_OUT, XeroSide

TAX = "tax"
EXCHANGE = "Exchange Gain/Loss"
STOCK = ("Cost of Goods Sold", "Stock In Hand")
# Types of Xero records whose positive lines are debits.
DEBITS = ("ACCPAY", "ACCRECCREDIT", "SPEND")


def compare(voucher: Voucher, records: list[tuple[str, str]], xero: XeroSide, mapping: dict[str, Any], suffix: str) -> list[str]:
    """Sentences, none where the sums per account agree; `mapping` is the country's. A document in foreign currency, or with tax
    inside its prices, may be a cent off for each line: the host rounds in base currency, or splits off the cent as a rounding."""
    host = _host(voucher, mapping, suffix)
    shown, lines = _xero(records, xero, {mapping["accounts"][name] for name in _taxes(mapping) if name in mapping["accounts"]})
    if treated := _treated(voucher, mapping, suffix):
        for side in (host, shown):
            side["deductions with their tax"] = sum((side.pop(code, ZERO) for code in treated), ZERO)
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
    taxes = _taxes(mapping)
    for row in voucher.rows:
        name = row["account"].removesuffix(suffix)
        stock = voucher.doc["doctype"] == "Sales Invoice" and voucher.doc.get("update_stock") and name in STOCK
        if row.get("party") or name in mapping["payments"] or name == EXCHANGE or stock:
            continue
        code = TAX if name in taxes else mapping["accounts"].get(name, name)
        found[code] += money(row.get("debit")) - money(row.get("credit"))
    return found


def _taxes(mapping: dict[str, Any]) -> set[str]:
    """Host accounts that taxes are booked on."""
    return {part.partition("{}")[0] for _, key, _, _ in mapping["taxes"] for part in key.split(" + ") if "{}" in part}


def _treated(voucher: Voucher, mapping: dict[str, Any], suffix: str) -> set[str]:
    """Accounts of a payment's write-offs and discounts: what tax is in them in Xero is the accountant's choice, not the host's."""
    chosen = {name for name, treatment, _, _ in mapping["deductions"] if treatment == "Credit note"}
    names = {row["account"].removesuffix(suffix) for row in voucher.doc.get("deductions") or []} & chosen
    return {TAX, *(mapping["accounts"].get(name, name) for name in names)} if names else set()


def _xero(records: list[tuple[str, str]], xero: XeroSide, tax_codes: set[str]) -> tuple[dict[str, Decimal], int]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    count = 0
    for resource, xero_id in dict.fromkeys(records):
        record = xero.records.get((resource, xero_id))
        if record is None:
            continue
        if resource == "Payments":
            # Through a clearing account that is no bank account.
            if xero.accounts[record["account"]]["Type"] != "BANK" and xero.live((resource, xero_id)):
                paid = Decimal(record["Amount"]) / Decimal(str(record.get("CurrencyRate") or 1))
                found[xero.code(record["account"])] += -paid if record["type"] in PAID_OUT else paid
                count += 1
            continue
        if resource not in ("ManualJournals", "Invoices", "CreditNotes", "BankTransactions"):
            continue
        kind, _, advance = record.get("Type", "SPEND").partition("-")
        count += len(record["lines"])
        for line in record["lines"] if advance != "TRANSFER" else ():
            net, tax = _split(line, record)
            code = xero.code(line["account"])
            sign = 1 if kind in DEBITS else -1
            found[TAX] += sign * tax
            if not advance:  # the line of an advance is the party's account
                found[TAX if code in tax_codes else code] += sign * net
    return found, count


def _split(line: dict[str, Any], record: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """A line's net and tax in base currency."""
    rate = Decimal(str(record.get("CurrencyRate") or 1))
    amount, tax = Decimal(line["LineAmount"]), Decimal(line.get("TaxAmount") or 0)
    net = amount - tax if record["LineAmountTypes"] == "Inclusive" else amount
    return net / rate, tax / rate
