"""Sales or Purchase Invoice with `is_return` -> CreditNote (ACCRECCREDIT or ACCPAYCREDIT).

A supplier credit note has neither Url nor Reference in Xero, and its number is free text: so it is found again by number, contact and
total. Allocating it to an invoice is settlement/allocation.py.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimal
from ...accounting.plain_text import one_line
from ...accounting.problems import Refused
from ...xero.records import document_names
from ..identity import amount_due
from ..invoice.invoice import invoice_lines, out_of_scope
from ..invoice.lines import document_rate, mirrored
from ..invoice.write_off import written_off
from ..settlement.paid_on_entry import payments_on_entry
from ..translation import Translation

NUMBER_LIMIT = 255


def credit_note(doc: dict[str, Any], mapping: Mapping, contact_id: str, suffix: int = 0) -> Translation:
    """The CreditNote element for a return dict. Raises Refused with all problems."""
    if problems := out_of_scope(doc, mapping):
        raise Refused(problems)
    made = invoice_lines(doc, mirrored(doc), mapping)
    rate = document_rate(doc, made.total, mapping)
    if problems := made.problems + (rate.problems if rate else []):
        raise Refused(problems)
    sales = doc["doctype"] == "Sales Invoice"
    number = document_names.numbered(doc["name"], suffix)
    body: dict[str, Any] = {"Type": "ACCRECCREDIT" if sales else "ACCPAYCREDIT", "CreditNoteNumber": number}
    if not sales and (theirs := one_line(doc.get("bill_no"))):
        # The supplier's own number first, as accountants look for it. Ours finds the record again, so a long number of theirs is cut.
        body["CreditNoteNumber"] = document_names.behind_theirs(theirs, number, NUMBER_LIMIT)
    if sales and doc.get("return_against"):
        body["Reference"] = doc["return_against"]
    body |= {
        "Contact": {"ContactID": contact_id},
        "Date": str(doc["posting_date"]),
        "CurrencyCode": doc["currency"],
        "Status": mapping.target_status,
    }
    if rate:
        body["CurrencyRate"] = rate.rate
    body["LineAmountTypes"] = made.amount_types
    body["LineItems"] = made.items
    marker = {"Type": body["Type"], "CreditNoteNumber": body["CreditNoteNumber"], "ContactID": contact_id, "Total": made.total}
    said = made.said + (rate.said if rate else ())
    return Translation(body, marker, made.total, made.tax, made.reasons, said=said)


def applied_at_once(doc: dict[str, Any]) -> bool:
    """Whether ERPNext took the credit off the invoice it returns (its box "Update Outstanding for Self" is off), and something of it is left
    to take off: what was paid back or written off at once stands against the same invoice, and the ledger has nothing open of it."""
    at_once = doc.get("is_return") and doc.get("return_against") and not doc.get("update_outstanding_for_self")
    return bool(at_once) and taken_at_once(doc) > ZERO


def taken_at_once(doc: dict[str, Any]) -> Decimal:
    """What of a return is taken off its invoice: its total less what was paid back in it and what it writes off, in document currency."""
    paid_back = sum((each.amount for each in payments_on_entry(doc)), ZERO)
    return abs(decimal(amount_due(doc))) - paid_back - written_off(doc)
