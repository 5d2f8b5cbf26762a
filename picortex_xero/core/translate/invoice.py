"""Sales Invoice -> ACCREC and Purchase Invoice -> ACCPAY, to the cent or refused.

Its lines, taxes and rounding are those of `lines`; this module owns header, marker and what is not handled yet.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..documents import document_url, identity
from ..mapping import Mapping
from ..money import decimal
from ..problems import Problem, Refused
from . import Translation
from .lines import currency_rate, lines

LATER = "This kind of document is handled by a later release; enter it in Xero by hand until then"


def invoice(
    doc: dict[str, Any], mapping: Mapping, contact_id: str, site_url: str, instance: str, generation: int, suffix: int = 0
) -> Translation:
    """The Invoice element for a Sales Invoice or Purchase Invoice dict.

    `suffix` > 0 makes a sales invoice's number "NAME-R<suffix>": Xero never frees the number of a voided one. Raises Refused.
    """
    if problems := out_of_scope(doc):
        raise Refused(problems)
    made = lines(doc, mapping)
    if made.problems:
        raise Refused(made.problems)
    body = _header(doc, mapping, contact_id, suffix)
    url = document_url(site_url, instance, identity(doc), generation)
    if url:
        body["Url"] = url
    body["LineAmountTypes"] = made.amount_types
    body["LineItems"] = made.items
    return Translation(body, _marker(body, contact_id, made.total), made.total, made.tax, made.reasons)


def out_of_scope(doc: dict[str, Any]) -> list[Problem]:
    """Why this invoice is a case of a later release or of none, in the order a person would check; empty for an ordinary one."""
    what = f"{doc['doctype']} {doc['name']}"
    cases = [
        (doc.get("is_pos"), "pos", "is a point-of-sale invoice"),
        (doc.get("is_paid"), "paid-bill", "is a bill that was paid on entry"),
        (doc.get("is_opening") == "Yes", "opening", "is an opening invoice"),
        (doc.get("is_internal_customer") or doc.get("is_internal_supplier"), "inter-company", "is between companies of one group"),
        # An advance that is a Payment Entry is a step of that payment: the host adds this invoice to its references.
        (
            any(decimal(row.get("allocated_amount")) and row.get("reference_type") != "Payment Entry" for row in doc.get("advances") or []),
            "advance-used",
            "uses an advance that is no Payment Entry",
        ),
        (
            any(row.get("enable_deferred_revenue") or row.get("enable_deferred_expense") for row in doc.get("items") or []),
            "deferred",
            "has deferred revenue or expense",
        ),
    ]
    return [Problem(f"later-{code}", f"{what} {says}", LATER, held=True) for applies, code, says in cases if applies]


def _header(doc: dict[str, Any], mapping: Mapping, contact_id: str, suffix: int) -> dict[str, Any]:
    sales = doc["doctype"] == "Sales Invoice"
    number = doc["name"] + (f"-R{suffix}" if suffix else "")
    date = str(doc["posting_date"])
    body: dict[str, Any] = {"Type": "ACCREC" if sales else "ACCPAY", "InvoiceNumber": number if sales else (doc.get("bill_no") or number)}
    if sales and doc.get("po_no"):
        body["Reference"] = str(doc["po_no"])[:255]
    body |= {
        "Contact": {"ContactID": contact_id},
        "Date": date,
        "DueDate": str(doc.get("due_date") or date),
        "CurrencyCode": doc["currency"],
        "Status": mapping.target_status,
    }
    if doc["currency"] != mapping.base_currency:
        body["CurrencyRate"] = currency_rate(doc)
    return body


def _marker(body: dict[str, Any], contact_id: str, total: Decimal) -> dict[str, Any]:
    """What finds this invoice again: a sales invoice by its number, a bill by its Url; both with contact and total."""
    marker: dict[str, Any] = {"Type": body["Type"], "ContactID": contact_id, "Total": total}
    if body["Type"] == "ACCREC" or "Url" not in body:
        marker["InvoiceNumber"] = body["InvoiceNumber"]
    if "Url" in body:
        marker["Url"] = body["Url"]
    return marker
