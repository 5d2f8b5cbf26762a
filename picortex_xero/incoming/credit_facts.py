"""What is known here of credits that were taken off invoices in Xero: both documents, and whether the same was done here already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

import frappe

from ..accounting.money import ZERO, decimal
from ..documents.step import ENDED
from . import facts
from .allocation import IncomingAllocation, below
from .decide_allocation import Credit, KnownCredit
from .known import ADVANCE, Named, Target

JOURNAL, ROW, REFERENCE = "Journal Entry", "Journal Entry Account", "Payment Entry Reference"


def load(connection: str, allocations: Sequence[IncomingAllocation]) -> list[KnownCredit]:
    """What `decide_allocation.decide` has to know of each allocation, in their order."""
    places = {place for each in allocations for place in (each.credit, each.target)}
    known = facts.targets(connection, places)
    made = []
    for allocation in allocations:
        credit, invoice = known.get(allocation.credit), known.get(allocation.target)
        if credit is None or credit.deleted or invoice is None:
            made.append(KnownCredit(None, invoice))
            continue
        busy = bool(facts.on_their_way(connection, (credit.name, invoice.name)))
        same = _same(connection, allocation, credit, invoice) if credit.there and invoice.there else None
        made.append(KnownCredit(_credit(credit), invoice, same, busy))
    return made


def _credit(target: Target) -> Credit:
    return Credit(
        target.doctype,
        target.name,
        target.party_type,
        target.party,
        target.account,
        target.account_currency,
        target.currency,
        -target.outstanding,
        target.there,
    )


def _same(connection: str, allocation: IncomingAllocation, credit: Target, invoice: Target) -> Named | None:
    """The document that takes as much of the credit off the invoice here, and has not told Xero of it."""
    if credit.doctype == ADVANCE:
        more = _allocated(credit, invoice) - _linked(connection, allocation)
        return (ADVANCE, credit.name) if more >= allocation.amount else None
    if found := next(((JOURNAL, each) for each in journals(connection, credit, invoice, allocation.amount)), None):
        return found
    # ERPNext takes a return off the invoice that it returns as it is submitted, without a journal.
    head = frappe.db.get_value(credit.doctype, credit.name, ["return_against", "grand_total", "rounded_total"], as_dict=True)
    worth = -(decimal(head["rounded_total"]) or decimal(head["grand_total"]))
    whole = not credit.outstanding and head["return_against"] == invoice.name and worth == allocation.amount
    return (credit.doctype, credit.name) if whole else None


def _allocated(advance: Target, invoice: Target) -> Decimal:
    rows = frappe.get_all(
        REFERENCE,
        filters={"parent": advance.name, "reference_doctype": invoice.doctype, "reference_name": invoice.name},
        pluck="allocated_amount",
    )
    return sum((decimal(each) for each in rows), ZERO)


def _linked(connection: str, allocation: IncomingAllocation) -> Decimal:
    """What is linked as allocated between these two already."""
    filters = {"connection": connection, "endpoint": below(allocation.credit)}
    rows = frappe.get_all("Xero Link", filters=filters, fields=["marker", "remote_status"])
    markers = [json.loads(row["marker"] or "{}") for row in rows if row["remote_status"] not in ENDED]
    return sum((decimal(each.get("Amount")) for each in markers if str(each.get("InvoiceID")).lower() == allocation.invoice), ZERO)


def journals(connection: str, credit: Target, invoice: Target, amount: Decimal) -> list[str]:
    """The submitted journals, newest first, that take `amount` of a return off an invoice and are not in Xero."""
    of_credit = _rows(credit)
    both = sorted(set(of_credit) & set(_rows(invoice)))
    names = [each for each in both if of_credit[each] == amount]
    linked = (
        set(frappe.get_all("Xero Link", filters={"reference_doctype": JOURNAL, "reference_name": ("in", names)}, pluck="reference_name"))
        if names
        else set()
    )
    wanted = [each for each in names if each not in linked]
    return (
        frappe.get_all(JOURNAL, filters={"name": ("in", wanted), "docstatus": 1}, pluck="name", order_by="creation desc, name desc")
        if wanted
        else []
    )


def _rows(target: Target) -> dict[str, Decimal]:
    """By journal: what its rows that name a document move in the account's currency."""
    filters = {"reference_type": target.doctype, "reference_name": target.name, "docstatus": 1}
    fields = ["parent", "debit_in_account_currency", "credit_in_account_currency"]
    found: dict[str, Decimal] = {}
    for row in frappe.get_all(ROW, filters=filters, fields=fields):
        moved = abs(decimal(row["debit_in_account_currency"]) - decimal(row["credit_in_account_currency"]))
        found[row["parent"]] = found.get(row["parent"], ZERO) + moved
    return found
