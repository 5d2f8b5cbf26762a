"""The host's books as a recording left them: documents, their ledger rows, and what is open on each. Nothing here is computed but sums.

Reads the recording alone: neither the stand-in's tables nor the app.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)
CENT = Decimal("0.01")
INVOICES = ("Sales Invoice", "Purchase Invoice")
SENT = (*INVOICES, "Payment Entry", "Journal Entry")
Key = tuple[str, str]


def money(value: Any) -> Decimal:
    """A recorded figure as the amount it stands for: the host shows two decimals."""
    return Decimal(repr(float(value or 0))).quantize(CENT)


@dataclass
class Voucher:
    """One document as the host left it. `rows` are its ledger rows that count; `open` is what the Payment Ledger holds open on it in the
    party account's currency, positive where the party (or we, to a supplier) still owes; None where the recording does not say."""

    doc: dict[str, Any]
    rows: list[dict[str, Any]] = field(default_factory=list)
    open: Decimal | None = None
    open_currency: str = ""

    @property
    def key(self) -> Key:
        return self.doc["doctype"], self.doc["name"]

    @property
    def sign(self) -> int:
        """-1 for returns, whose figures are negative in the host and positive in Xero."""
        return -1 if self.doc.get("is_return") else 1

    @property
    def total(self) -> Decimal:
        """What the party owes for it, in document currency."""
        return money(self.doc.get("rounded_total")) or money(self.doc.get("grand_total"))

    def effect_on(self, other: Key) -> Decimal:
        """What this voucher adds to what is open on another one, in the party account's currency. A payment's and a journal's own
        references say so: their ledger rows stay as they were when they are reconciled later."""
        doc = self.doc
        if self.key[0] == "Payment Entry":
            rows = [row for row in doc.get("references") or [] if (row["reference_doctype"], row["reference_name"]) == other]
            return -sum((money(row.get("allocated_amount")) for row in rows), ZERO)
        if self.key[0] == "Journal Entry":
            rows = [row for row in doc.get("accounts") or [] if (row.get("reference_type"), row.get("reference_name")) == other]
        else:
            rows = [row for row in self.rows if (row.get("against_voucher_type"), row.get("against_voucher")) == other]
        return sum((owed(row) for row in rows if row.get("party")), ZERO)


def owed(row: dict[str, Any]) -> Decimal:
    """A party row of the ledger in account currency, positive where it adds to a debt."""
    amount = money(row.get("debit_in_account_currency")) - money(row.get("credit_in_account_currency"))
    return -amount if row["party_type"] == "Supplier" else amount


def vouchers(events: Iterable[dict[str, Any]], company: str) -> dict[Key, Voucher]:
    """The company's documents of the doctypes that are sent, as these events left them; deleted ones are gone."""
    found: dict[Key, Voucher] = {}
    ledger: dict[Key, list[dict[str, Any]]] = {}
    for event in events:
        if event["event"] == "refused":
            continue
        for doc in [*([event["doc"]] if "doc" in event else []), *event.get("after", [])]:
            _note(found, doc)
        main = (event["doctype"], event["name"])
        if event.get("gl"):
            ledger[main] = event["gl"]
        for each in event.get("ledger", []):
            ledger[each["voucher_type"], each["voucher_no"]] = each["rows"]
        for doctype, name in event.get("gone", []):
            found.pop((doctype, name), None)
    for key, rows in ledger.items():
        if key in found:
            found[key].rows = [row for row in rows if not row.get("is_cancelled")]
    return {key: each for key, each in found.items() if each.doc.get("company") == company}


def _note(found: dict[Key, Voucher], doc: dict[str, Any]) -> None:
    key = (doc["doctype"], doc["name"])
    if doc["doctype"] not in SENT:
        return
    if "creation" in doc:
        found[key] = Voucher(doc)
    elif key in found:
        found[key].doc = {**found[key].doc, **doc}


def note_open(found: dict[Key, Voucher], parties: list[dict[str, Any]]) -> None:
    """What the Payment Ledger holds open per voucher at the end of a case; nothing where it names none."""
    for voucher in found.values():
        voucher.open = ZERO
    for row in (row for party in parties for row in party["open"]):
        voucher = found.get((row["against_voucher_type"], row["against_voucher_no"]))
        if voucher:
            voucher.open = (voucher.open or ZERO) + money(row["amount"])
            voucher.open_currency = row["account_currency"]
    for voucher in found.values():
        _move_write_off(found, voucher)


def _move_write_off(found: dict[Key, Voucher], voucher: Voucher) -> None:
    """ERPNext books what a counter return writes off against the sale, and leaves both open by it (sandbox/erp/recorded/README.md,
    `pos-day`)."""
    sale = found.get((voucher.key[0], str(voucher.doc.get("return_against"))))
    amount = money(voucher.doc.get("write_off_amount"))
    if sale and amount and voucher.doc.get("is_return") and sale.open is not None and voucher.effect_on(sale.key) == -amount:
        sale.open, voucher.open = sale.open + amount, (voucher.open or ZERO) - amount


def note_outstanding(found: dict[Key, Voucher], final: dict[str, dict[str, dict[str, Any]]]) -> None:
    """Likewise from the documents' own fields: `outstanding_amount` at the end, of payments their last `unallocated_amount`."""
    for (doctype, name), voucher in found.items():
        state = final.get(doctype, {}).get(name, {})
        voucher.open_currency = str(voucher.doc.get("party_account_currency") or "")
        if doctype in INVOICES:
            voucher.open = money(state.get("outstanding_amount"))
        elif doctype == "Payment Entry":
            voucher.open = ZERO if _paid_out(voucher.doc) else -money(voucher.doc.get("unallocated_amount"))


def _paid_out(payment: dict[str, Any]) -> bool:
    """Whether a payment is allocated in full. The host compares sums that it rounded in base currency, and may show a hundredth left
    of a foreign one whose allocated amounts make up the whole (sandbox/erp/recorded/README.md, "What the host did that one may not
    expect")."""
    paid = payment.get("paid_amount" if payment.get("payment_type") == "Receive" else "received_amount")
    allocated = sum((money(row.get("allocated_amount")) for row in payment.get("references") or []), ZERO)
    return money(paid) == allocated and not payment.get("deductions")
