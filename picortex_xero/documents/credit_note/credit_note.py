"""Sales or Purchase Invoice with `is_return` -> CreditNote (ACCRECCREDIT or ACCPAYCREDIT).

A supplier credit note has neither Url nor Reference in Xero, and its number is free text: so it is found again by number, contact and
total. Allocating it to an invoice is settlement/allocation.py.
"""

from __future__ import annotations

from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.plain_text import Sent, one_line
from ...accounting.problems import Refused
from ..invoice.invoice import invoice_lines, out_of_scope
from ..invoice.lines import currency_rate, mirrored
from ..translation import Translation

NUMBER_LIMIT = 255


def credit_note(doc: dict[str, Any], mapping: Mapping, contact_id: str, suffix: int = 0) -> Translation:
    """The CreditNote element for a return dict. Raises Refused with all problems."""
    if problems := out_of_scope(doc, mapping):
        raise Refused(problems)
    made = invoice_lines(doc, mirrored(doc), mapping)
    if made.problems:
        raise Refused(made.problems)
    sales = doc["doctype"] == "Sales Invoice"
    number = doc["name"] + (f"-R{suffix}" if suffix else "")
    body: dict[str, Any] = {"Type": "ACCRECCREDIT" if sales else "ACCPAYCREDIT", "CreditNoteNumber": number}
    if not sales and (theirs := one_line(doc.get("bill_no"))):
        # The supplier's own number first, as accountants look for it. Ours finds the record again, so a long number of theirs is cut.
        ours = f" ({one_line(number)})"
        body["CreditNoteNumber"] = Sent(theirs[: NUMBER_LIMIT - len(ours)] + ours)
    if sales and doc.get("return_against"):
        body["Reference"] = doc["return_against"]
    body |= {
        "Contact": {"ContactID": contact_id},
        "Date": str(doc["posting_date"]),
        "CurrencyCode": doc["currency"],
        "Status": mapping.target_status,
    }
    if doc["currency"] != mapping.base_currency:
        body["CurrencyRate"] = currency_rate(doc)
    body["LineAmountTypes"] = made.amount_types
    body["LineItems"] = made.items
    marker = {"Type": body["Type"], "CreditNoteNumber": body["CreditNoteNumber"], "ContactID": contact_id, "Total": made.total}
    return Translation(body, marker, made.total, made.tax, made.reasons, said=made.said)


def applied_at_once(doc: dict[str, Any]) -> bool:
    """Whether ERPNext took the whole credit off the invoice it returns (its box "Update Outstanding for Self" is off)."""
    return bool(doc.get("is_return") and doc.get("return_against") and not doc.get("update_outstanding_for_self"))
