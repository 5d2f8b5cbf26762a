"""Documents to measure with: recorded pairs of an invoice and its receipt, again and again under new names and for new customers.

No figure is computed but where a fee is taken off a receipt; everything else is as ERPNext wrote it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from typing import Any

from sandbox.host import storage
from sandbox.rig import Rig

Record = dict[str, Any]
# Mapped as a fee for every recorded company (sandbox/mappings.json).
FEE_ACCOUNT = "Administrative Expenses"


def pairs(rig: Rig) -> list[tuple[Record, Record]]:
    """Every recorded sales invoice in the company's currency with the receipt that pays it whole, nothing special about either."""
    cancelled = {record["name"] for record in rig.documents if record["event"] == "cancel"}
    standing = [record for record in rig.documents if record["event"] == "submit" and record["name"] not in cancelled]
    currency = rig.company["default_currency"]
    invoices = {record["name"]: record for record in standing if _plain_invoice(record, currency)}
    found = []
    for record in standing:
        rows = record["doc"].get("references") or []
        if record["doctype"] == "Payment Entry" and len(rows) == 1 and rows[0]["reference_name"] in invoices:
            invoice, payment = invoices[rows[0]["reference_name"]], record["doc"]
            whole = _money(rows[0]["allocated_amount"]) == _money(invoice["doc"].get("rounded_total") or invoice["doc"]["grand_total"])
            if whole and payment["paid_from_account_currency"] == currency == payment["paid_to_account_currency"]:
                if not payment.get("unallocated_amount") and not payment.get("deductions"):
                    found.append((invoice, record))
    return found


def _plain_invoice(record: Record, currency: str) -> bool:
    doc = record["doc"]
    odd = ("is_return", "amended_from", "advances", "payments", "is_opening_entry")
    return (
        record["doctype"] == "Sales Invoice" and doc["currency"] == currency and not record.get("attention") and not any(map(doc.get, odd))
    )


def customers(rig: Rig, count: int, stem: str = "Customer") -> list[str]:
    """Make `count` new customers in the host; none is in Xero. Returns their names."""
    template = next(doc for doc in rig.company["masters"]["Customer"] if doc.get("default_currency") == rig.company["default_currency"])
    names = [f"{stem} {number:04} Ltd" for number in range(1, count + 1)]
    with rig.frappe() as frappe:
        for name in names:
            storage.store(_renamed(template, {template["name"]: name}))
        frappe.db.commit()
    return names


def sales(rig: Rig, count: int, parties: list[str], stem: str = "SALE") -> Iterator[tuple[Record, Record]]:
    """`count` invoices, each with its receipt, for these customers in turn; named `stem`-00001 and `stem`-00001-PAY."""
    for number, ((invoice, receipt), party) in enumerate(islice(zip(cycle(pairs(rig)), cycle(parties)), count), 1):
        name = f"{stem}-{number:05}"
        words = {invoice["name"]: name, receipt["name"]: f"{name}-PAY", invoice["doc"]["customer"]: party}
        yield _again(invoice, words, number), _again(receipt, words, number)


def _again(record: Record, words: dict[str, str], number: int) -> Record:
    made = _renamed(record, words)
    doc = made["doc"]
    doc["creation"] = str(datetime.fromisoformat(str(doc["creation"])) + timedelta(milliseconds=number))
    for rows in doc.values():
        for row in rows if isinstance(rows, list) else []:
            row["name"] = ""
    return made


def _renamed(value: Any, words: dict[str, str]) -> Any:
    """A deep copy in which every text that is one of `words` is its new one."""
    if isinstance(value, dict):
        return {key: _renamed(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, words) for each in value]
    return words.get(value, value) if isinstance(value, str) else copy.copy(value)


def with_fee(rig: Rig, receipt: Record, fee: Decimal = Decimal("1.05")) -> Record:
    """The receipt, of which the bank kept a fee: less came, the rest is a deduction, and the invoice is paid whole all the same."""
    made = copy.deepcopy(receipt)
    doc = made["doc"]
    came = float(_money(doc["paid_amount"]) - fee)
    account = f"{FEE_ACCOUNT} - {rig.company['abbr']}"
    row = {"doctype": "Payment Entry Deduction", "idx": 1, "docstatus": 1, "name": "", "account": account, "amount": float(fee)}
    doc.update(dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), came))
    doc["deductions"] = [{**row, "cost_center": "", "is_exchange_gain_loss": 0}]
    made["gl"] = []
    return made


def cancelled(record: Record) -> Record:
    """The cancel of a document."""
    made = copy.deepcopy(record)
    made.update(event="cancel", gl=[], after=[])
    for doc in (made["doc"], *(row for rows in made["doc"].values() if isinstance(rows, list) for row in rows)):
        doc["docstatus"] = 2
    return made


def _money(value: Any) -> Decimal:
    return Decimal(str(value))


def amount(record: Record) -> Decimal:
    """What a document is to be in Xero: an invoice's total as it is owed, a receipt's amount of its one invoice."""
    doc = record["doc"]
    return _money(doc["references"][0]["allocated_amount"] if doc.get("references") else doc.get("rounded_total") or doc["grand_total"])
