"""Allocations of credit notes, overpayments and prepayments to invoices: made and deleted, never edited."""
from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from sandbox.xero import documents, elements, settlement, wire
from sandbox.xero.refusals import Refused, not_found, refuse
from sandbox.xero.world import Call

# Source resource -> (field, id field, the side of each type, "too much" text; prepayments by analogy: C).
SOURCES = {
    "CreditNotes": ("CreditNote", "CreditNoteID", {"ACCRECCREDIT": "ACCREC", "ACCPAYCREDIT": "ACCPAY"}, "E078"),
    "Overpayments": ("Overpayment", "OverpaymentID",
                     {"RECEIVE-OVERPAYMENT": "ACCREC", "SPEND-OVERPAYMENT": "ACCPAY"}, "E077"),
    "Prepayments": ("Prepayment", "PrepaymentID",
                    {"RECEIVE-PREPAYMENT": "ACCREC", "SPEND-PREPAYMENT": "ACCPAY"}, "E077")}


def show(call: Call, allocation: dict[str, Any]) -> dict[str, Any]:
    """An allocation as nested in its source."""
    invoice = call.org.of("Invoices")[allocation["invoice"]]
    return {"AllocationID": allocation["AllocationID"], "Amount": allocation["Amount"],
            "Date": wire.ms_date(allocation["Date"]),
            "Invoice": {"InvoiceID": invoice["InvoiceID"], "InvoiceNumber": invoice["InvoiceNumber"]}}


def create(call: Call, resource: str, source: dict[str, Any], element: dict[str, Any]) -> dict[str, Any]:
    """Allocates part of ``source`` to an invoice of the same side, contact and currency (the last two: C)."""
    field, id_key, sides, too_much = SOURCES[resource]
    _, invoice = settlement.target_of(call, {"Invoice": element.get("Invoice")})
    if invoice["Status"] == "PAID":
        raise refuse("E076")
    if source["Status"] != "AUTHORISED" or invoice["Status"] != "AUTHORISED":
        raise refuse("E073")
    if sides[source["Type"]] != invoice["Type"] or source["contact"] != invoice["contact"] \
            or source["CurrencyCode"] != invoice["CurrencyCode"]:
        raise Refused("The invoice must be of the same kind, contact and currency as the credit.")  # wording C
    amount = wire.number(element.get("Amount"))
    if amount is None or amount <= 0 or amount != wire.money(amount):
        raise Refused("The allocation amount must be greater than zero.")  # wording C
    if amount > documents.outstanding(source) or amount > documents.outstanding(invoice):
        raise refuse(too_much)
    settlement.check_day(call, element.get("Date"))
    allocation = {"AllocationID": str(uuid.uuid4()), "resource": resource, "id_key": id_key, "source": source[id_key],
                  "invoice": invoice["InvoiceID"], "Amount": wire.money(amount),
                  "Date": max(source["Date"], invoice["Date"])}  # the later of the two dates (A)
    call.world.note(call, "Allocations", allocation["AllocationID"], "created", {
        "source": source[id_key], "invoice": invoice["InvoiceID"], "amount": allocation["Amount"]})
    settlement.credit(call, field, source, allocation)
    settlement.credit(call, "Invoice", invoice, allocation)
    return allocation


def delete(call: Call, resource: str, source: dict[str, Any], allocation_id: str) -> dict[str, Any]:
    allocation = next((a for a in source["allocations"] if a["AllocationID"] == allocation_id.lower()), None)
    if allocation is None:
        raise not_found()
    invoice = call.org.of("Invoices")[allocation["invoice"]]
    call.world.note(call, "Allocations", allocation_id, "deleted", {
        "source": allocation["source"], "invoice": allocation["invoice"], "amount": allocation["Amount"]})
    settlement.uncredit(call, SOURCES[resource][0], source, allocation)
    settlement.uncredit(call, "Invoice", invoice, allocation)
    return allocation


def _source(call: Call, resource: str, source_id: str) -> dict[str, Any]:
    source = call.org.of(resource).get(source_id.lower())
    if source is None:
        raise not_found()
    return source


def _put(resource: str) -> Callable[[Call, str], dict[str, Any]]:
    def put(call: Call, source_id: str) -> dict[str, Any]:
        source = _source(call, resource, source_id)
        field, id_key, _, _ = SOURCES[resource]
        return elements.write_each(
            call, "Allocations", "Allocation", "AllocationID",
            lambda element, warnings: {**show(call, create(call, resource, source, element)),
                                       field: {id_key: source[id_key]}})
    return put


def _delete(resource: str) -> Callable[[Call, str, str], dict[str, Any]]:
    def remove(call: Call, source_id: str, allocation_id: str) -> dict[str, Any]:
        gone = delete(call, resource, _source(call, resource, source_id), allocation_id)
        return {"AllocationID": gone["AllocationID"], "Date": wire.ms_date(gone["Date"]), "IsDeleted": True,
                "Amount": gone["Amount"], "Invoice": {"InvoiceID": gone["invoice"]}}
    return remove


ROUTES = [route for resource, scope in (("CreditNotes", "accounting.invoices"), ("Overpayments", "accounting.payments"),
                                        ("Prepayments", "accounting.payments")) for route in (
    ("PUT", rf"/{resource}/([^/]+)/Allocations", scope, _put(resource)),
    ("DELETE", rf"/{resource}/([^/]+)/Allocations/([^/]+)", scope, _delete(resource)))]
