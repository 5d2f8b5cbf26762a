"""What ERPNext's Bank Reconciliation Tool offers for a line: our proposals first, with their reasons, and unpaid documents among them. It stays ERPNext's own where the company matches nothing here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import frappe

from ..accounting.money import decimal
from ..banking.values import VOUCHERS, Part, Proposal
from ..engine.screen_texts import html, in_words
from . import acting, allocating, readings, settings
from .plan import Wanted
from .rows import INVOICES, LINE, PROPOSAL

# ERPNext's own ranks end far below; the best reading is first.
FIRST = 1000
WANTED = {
    "Payment Entry": "payment_entry",
    "Journal Entry": "journal_entry",
    "Sales Invoice": "sales_invoice",
    "Purchase Invoice": "purchase_invoice",
}
LONGEST = 300


def offered(line: Any) -> list[Proposal]:
    """The readings of a line that vouchers are in, the best first; [] where the company matches nothing here."""
    setting = settings.of(str(line.company)) if line.company else None
    if setting is None or not setting.enabled:
        return []
    kept = frappe.db.get_value(PROPOSAL, {"bank_transaction": line.name}, "readings")
    return [each for each in readings.loaded(str(line.name), kept) if each.kind == VOUCHERS]


def queries(line: Any, document_types: Any) -> list[Any]:
    """Query-builder queries, one for each DocType of the readings, with the columns that the tool wants. None while ERPNext matches by itself: it would take what a person should look at."""
    if frappe.flags.auto_reconcile_vouchers:
        return []
    ranks: dict[tuple[str, str], tuple[int, Part]] = {}
    for at, reading in enumerate(offered(line)):
        for part in reading.vouchers:
            ranks.setdefault(part.voucher[:2], (FIRST + reading.score - at, part))
    return [_query(each, rank, part, str(line.currency)) for each, (rank, part) in ranks.items() if WANTED[each[0]] in document_types]


_COLUMNS = {
    "Payment Entry": ("reference_no", "reference_date", "party", "party_type"),
    "Journal Entry": ("cheque_no", "cheque_date", "pay_to_recd_from", ""),
    "Sales Invoice": ("po_no", "due_date", "customer", "Customer"),
    "Purchase Invoice": ("bill_no", "due_date", "supplier", "Supplier"),
}


def _query(voucher: tuple[str, str], rank: int, part: Part, currency: str) -> Any:
    doctype, name = voucher
    table = frappe.qb.DocType(doctype)
    reference, day, party, party_type = _COLUMNS[doctype]
    constant = frappe.qb.terms.ValueWrapper
    return (
        frappe.qb.from_(table)
        .select(
            constant(rank).as_("rank"),
            constant(doctype).as_("doctype"),
            table.name,
            constant(float(abs(part.amount))).as_("paid_amount"),
            table[reference].as_("reference_no"),
            table[day].as_("reference_date"),
            table[party].as_("party"),
            (table.party_type if party_type == "party_type" else constant(party_type)).as_("party_type"),
            table.posting_date,
            constant(currency).as_("currency"),
        )
        .where(table.name == name)
        .where(table.docstatus == 1)
    )


def with_reasons(line: Any, found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """ERPNext's list with each voucher once, where it stands first, and beside the number of ours how sure it is and why."""
    said: dict[tuple[str, str], str] = {}
    for reading in offered(line):
        for part in reading.vouchers:
            said.setdefault(part.voucher[:2], f"{reading.score}: {in_words(readings.why(reading))}"[:LONGEST])
    once: dict[tuple[str, str], dict[str, Any]] = {}
    for each in found:
        once.setdefault((each["doctype"], each["name"]), each)
    for key, each in once.items():
        if key in said:
            each["reference_no"] = " · ".join(filter(None, (each.get("reference_no"), html(said[key]))))
    return list(once.values())


def reconcile(name: str, chosen: list[dict[str, Any]]) -> bool:
    """What a person chose in the tool, where unpaid documents are among it: they are paid first. False where all is entered, which ERPNext does by itself."""
    unpaid = [each for each in chosen if each["payment_doctype"] in INVOICES and not _moved_money(each, name)]
    if not unpaid:
        return False
    line = frappe.get_doc(LINE, name)
    left = allocating.left(line)
    parts, rest = [], left
    known = {part.voucher[:2]: part for reading in offered(line) for part in reading.vouchers}
    for each in chosen:
        voucher = (each["payment_doctype"], each["payment_name"])
        whole = known[voucher].amount if voucher in known else _signed(decimal(each["amount"]), left)
        amount = whole if abs(whole) <= abs(rest) or whole * left < 0 else rest
        entered = "" if each in unpaid else str(line.bank_account)
        parts.append(Part((*voucher, entered), amount))
        rest -= amount
    acting.put_together(name, Wanted(left, str(line.currency), tuple(each for each in parts if each.amount)))
    return True


def _signed(amount: Any, left: Any) -> Any:
    return amount if left > 0 else -amount


def _moved_money(each: dict[str, Any], name: str) -> bool:
    """Whether an invoice was paid on the spot on the line's account: then it is entered, and ERPNext's to allocate."""
    account = frappe.db.get_value("Bank Account", frappe.db.get_value(LINE, name, "bank_account"), "account")
    entry = {"voucher_type": each["payment_doctype"], "voucher_no": each["payment_name"], "account": account, "is_cancelled": 0}
    return bool(frappe.db.exists("GL Entry", entry))


def vouchers_of(text: str) -> list[dict[str, Any]]:
    """What the tool sends, as a list; throws nothing of its own."""
    found = json.loads(text)
    return [dict(each) for each in found] if isinstance(found, list) else []
