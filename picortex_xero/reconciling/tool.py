"""What ERPNext's Bank Reconciliation Tool offers for a line: our proposals first, with their reasons, and unpaid documents among them. It stays ERPNext's own where the company matches nothing here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import frappe

from ..accounting.money import decimal
from ..banking.values import VOUCHERS, Part, Proposal
from ..engine.screen_texts import html, in_words
from ..inbound.entering import as_host
from . import acting, allocating, readings, settings
from .plan import Wanted
from .rows import BILL, CLAIM, JOURNAL, LINE, PAID, PAYMENT, PROPOSAL, SALE

# ERPNext's own ranks end far below; the best reading is first.
FIRST = 1000
WANTED = {PAYMENT: "payment_entry", JOURNAL: "journal_entry", SALE: "sales_invoice", BILL: "purchase_invoice", CLAIM: "expense_claim"}
LONGEST = 300


def offered(line: Any) -> list[Proposal]:
    """The readings of a line that vouchers are in, the best first; [] where the company matches nothing here."""
    if not _matches(str(line.company or "")):
        return []
    kept = frappe.db.get_value(PROPOSAL, {"bank_transaction": line.name}, "readings")
    return [each for each in readings.loaded(str(line.name), kept) if each.kind == VOUCHERS]


def _matches(company: str) -> bool:
    """Whether the lines of a company are matched here at all; where not, nothing else is looked at."""
    setting = settings.of(company) if company else None
    return bool(setting is not None and setting.enabled)


def queries(line: Any, document_types: Any) -> list[Any]:
    """What the tool runs and adds to its list. None while ERPNext matches by itself: it would take what a person should look at."""
    if frappe.flags.auto_reconcile_vouchers:
        return []
    ranks: dict[tuple[str, str], tuple[int, Part]] = {}
    for at, reading in enumerate(offered(line)):
        for part in reading.vouchers:
            if WANTED.get(part.voucher[0]) in document_types:
                ranks.setdefault(part.voucher[:2], (FIRST + reading.score - at, part))
    return [Query(ranks, str(line.currency))] if ranks else []


# Of each DocType what the tool shows as reference, its day, and the party.
_COLUMNS = {
    PAYMENT: ("reference_no", "reference_date", "party", "party_type"),
    JOURNAL: ("cheque_no", "cheque_date", "pay_to_recd_from", ""),
    SALE: ("po_no", "due_date", "customer", "Customer"),
    BILL: ("bill_no", "due_date", "supplier", "Supplier"),
    CLAIM: ("remark", "posting_date", "employee", "Employee"),
}


class Query:
    """What ERPNext takes for a query of its query builder: it only runs it, and wants these columns."""

    def __init__(self, ranks: dict[tuple[str, str], tuple[int, Part]], currency: str) -> None:
        self.ranks, self.currency = ranks, currency

    def run(self, as_dict: bool = True) -> list[dict[str, Any]]:
        """The vouchers that still stand, one statement for each DocType."""
        found = []
        for doctype, (reference, day, party, party_type) in _COLUMNS.items():
            names = [name for kind, name in self.ranks if kind == doctype]
            fields = ["name", reference, day, party, "posting_date", *(["party_type"] if party_type == "party_type" else [])]
            for row in frappe.get_all(doctype, filters={"name": ("in", names), "docstatus": 1}, fields=fields) if names else []:
                rank, part = self.ranks[doctype, row["name"]]
                found.append(
                    frappe._dict(
                        rank=rank,
                        doctype=doctype,
                        name=row["name"],
                        paid_amount=as_host(abs(part.amount)),
                        reference_no=row[reference],
                        reference_date=row[day],
                        party=row[party],
                        party_type=row.get("party_type") or party_type,
                        posting_date=row["posting_date"],
                        currency=self.currency,
                    )
                )
        return found


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
    """What a person chose in the tool, where unpaid documents are among it: they are paid first. False where all is entered or the company matches nothing here, which ERPNext does by itself."""
    if not _matches(str(frappe.db.get_value(LINE, name, "company") or "")):
        return False
    unpaid = [each for each in chosen if each["payment_doctype"] in PAID and not _moved_money(each, name)]
    if not unpaid:
        return False
    line = frappe.get_doc(LINE, name)
    left = allocating.left(line)
    parts, rest = [], left
    known: dict[tuple[str, str], Part] = {}
    for part in (part for reading in offered(line) for part in reading.vouchers):
        known.setdefault(part.voucher[:2], part)
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
