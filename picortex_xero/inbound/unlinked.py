"""Records that Xero shows and that no document here is linked with: most were made by people; some tell that this site was put back from a
backup, or that a copy of it sends as well."""

from __future__ import annotations

from typing import Any

from ..accounting.money import decimal
from ..documents.settlement.document_in_xero import UNAPPROVED
from ..engine import approvals, limits, restored, second_records, unlinked
from ..engine.contexts import Context
from ..engine.leases import Lease
from ..xero.records import xero_element
from ..xero.records.registry import CREDIT_NOTE, INVOICE, MADE_AT
from .cursors import Cursor

# What a supplier's number is called, which type the record is of, and the sign of its total here.
SUPPLIERS = {INVOICE.endpoint: ("InvoiceNumber", "ACCPAY", 1), CREDIT_NOTE.endpoint: ("CreditNoteNumber", "ACCPAYCREDIT", -1)}


def judge_unlinked(context: Context, lease: Lease, endpoint: str, elements: list[dict[str, Any]], cursor: Cursor) -> list[dict[str, Any]]:
    """Look whether changed records of `endpoint` that no link names bear a mark of this site; those that bear none, and may not be what a request of ours
    makes, are people's and returned, none where the connection was paused. Of those that may be, the cursor says that they are read once more. Under the lease, after what former runs left open was settled, with no transaction
    open. Commits."""
    if not elements or endpoint not in MADE_AT:
        # Over- and prepayments are listed among bank transactions.
        return []
    found = unlinked.among(context.connection, context.instance, endpoint, elements)
    cursor.wait_for(found.unsure)
    _past_our_approval(context, endpoint, found)
    found, paused = second_records.tell(context, lease, found)
    if not paused and (found.marked or found.named):
        restored.report(context.connection, context.company, found)
    return found.others if not paused and limits.may_send(context.connection) else []


def _past_our_approval(context: Context, endpoint: str, found: unlinked.Unlinked) -> None:
    """Somebody has entered in Xero, and approved there, what waits here for somebody's approval: told by its name, or a bill or a supplier's credit note by the supplier's
    number and its total. Commits."""
    names = {each.document for each in found.named if _approved(each.element)}
    number, type_, sign = SUPPLIERS.get(endpoint, ("", "", 1))
    bills = {
        (str(each[number]), sign * decimal(each.get("Total")))
        for each in (*found.others, *(named.element for named in found.named))
        if type_ and each.get("Type") == type_ and each.get(number) and _approved(each)
    }
    if names or bills:
        approvals.entered_past_us(context.connection, context.company, names, bills)


def _approved(element: dict[str, Any]) -> bool:
    return bool(element.get("Status")) and element["Status"] not in UNAPPROVED and not xero_element.gone(element)
