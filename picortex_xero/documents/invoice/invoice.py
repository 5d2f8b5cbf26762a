"""Sales Invoice -> Xero Invoice of type ACCREC, Purchase Invoice -> ACCPAY: the same totals to the cent, or refused.

Lines, taxes and rounding come from `lines`; here are the header, the marker (the fields that find the record again) and reasons to wait.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.plain_text import one_line
from ...accounting.problems import Problem, Refused
from ...accounting.texts import _, term
from ...xero.records import document_names
from ..as_opening import AS_AT
from ..identity import document_url, identity, is_opening
from ..settlement.paid_on_entry import problems_of_payments
from ..translation import Translation
from . import discounts, write_off
from .lines import Lines, document_rate, lines
from .opening_lines import asset_held, opening_lines, with_disposal


def invoice(
    doc: dict[str, Any], mapping: Mapping, contact_id: str, site_url: str, instance: str, revision: int, suffix: int = 0
) -> Translation:
    """The Invoice element for a Sales Invoice or Purchase Invoice dict.

    `suffix` > 0 makes a sales invoice's number "NAME-R<suffix>": Xero never frees the number of a voided one. Raises Refused.
    """
    if problems := out_of_scope(doc, mapping):
        raise Refused(problems)
    made = invoice_lines(doc, doc, mapping)
    rate = document_rate(doc, made.total, mapping)
    if problems := made.problems + (rate.problems if rate else []):
        raise Refused(problems)
    body = _header(doc, mapping, contact_id, suffix)
    if rate:
        body["CurrencyRate"] = rate.rate
    url = document_url(site_url, instance, identity(doc), revision)
    if url:
        body["Url"] = url
    body["LineAmountTypes"] = made.amount_types
    body["LineItems"] = made.items
    said = made.said + (rate.said if rate else ())
    return Translation(body, _marker(body, contact_id, made.total), made.total, made.tax, made.reasons, said=said)


def invoice_lines(doc: dict[str, Any], positive: dict[str, Any], mapping: Mapping) -> Lines:
    """The lines of an invoice or return; `positive` is the document as Xero counts it (a return `mirrored`)."""
    if is_opening(doc):
        return opening_lines(positive, mapping)
    return with_disposal(lines(positive, mapping), doc, mapping)


def out_of_scope(doc: dict[str, Any], mapping: Mapping) -> list[Problem]:
    """Why this invoice waits for a decision or a person, in the order a person would check; empty for one that can go."""
    found = problems_of_payments(doc, mapping) + write_off.problems(doc, mapping) + _opening(doc, mapping)
    return found + asset_held(doc, mapping) + discounts.with_asset(doc)


def _opening(doc: dict[str, Any], mapping: Mapping) -> list[Problem]:
    named = {"doctype": term(doc["doctype"]), "name": doc["name"]}
    if not is_opening(doc):
        return []
    if doc.get("is_return"):
        return [
            Problem(
                "opening-credit",
                _("{doctype} {name} is an opening credit").format(**named),
                _("Enter it in Xero by hand as a conversion balance"),
                held=True,
            )
        ]
    if mapping.opening_documents == "Create" or doc.get(AS_AT):
        return []
    resolution = _(
        "Choose Create under Opening Invoices and Bills on the Xero Connection, then press Retry; or enter it in Xero by hand as a conversion balance"
    )
    return [
        Problem(
            "opening",
            _("{doctype} {name} is an opening document, and opening documents are kept back").format(**named),
            resolution,
            held=True,
        )
    ]


def _header(doc: dict[str, Any], mapping: Mapping, contact_id: str, suffix: int) -> dict[str, Any]:
    sales = doc["doctype"] == "Sales Invoice"
    number = document_names.numbered(doc["name"], suffix)
    date = str(doc["posting_date"])
    body: dict[str, Any] = {
        "Type": "ACCREC" if sales else "ACCPAY",
        "InvoiceNumber": number if sales else (one_line(doc.get("bill_no")) or number),
    }
    # A debit note names the invoice that it adds to, as a credit note does the one that it returns.
    if reference := (sales and doc.get("is_debit_note") and doc.get("return_against")) or (sales and doc.get("po_no")):
        body["Reference"] = str(reference)[:255]
    body |= {
        "Contact": {"ContactID": contact_id},
        "Date": date,
        "DueDate": str(doc.get("due_date") or date),
        "CurrencyCode": doc["currency"],
        "Status": mapping.target_status,
    }
    return body


def _marker(body: dict[str, Any], contact_id: str, total: Decimal) -> dict[str, Any]:
    """What finds this invoice again: a sales invoice by its number, a bill by its Url; both with contact and total."""
    marker: dict[str, Any] = {"Type": body["Type"], "ContactID": contact_id, "Total": total}
    if body["Type"] == "ACCREC" or "Url" not in body:
        marker["InvoiceNumber"] = body["InvoiceNumber"]
    if "Url" in body:
        marker["Url"] = body["Url"]
    return marker
