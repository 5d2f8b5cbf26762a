"""Xero's bank transactions near the days of what an import of history would send (documents/history/coded), and of advances where those come back
(documents/settlement/entered_too), without those that this site has made."""

from __future__ import annotations

from typing import Any

import frappe

from ..documents.base import Plan, Shown
from ..documents.closed_periods import entered_on
from ..documents.history import coded
from ..documents.settlement.advances import AdvanceMade
from ..xero.records import xero_element
from ..xero.records.registry import BANK_TRANSACTION, BANK_TRANSFER
from . import links, near_days
from .contexts import Context
from .leases import Lease

# Words of a document's name.
MOST_WORDS = 10
# The ids by which a bank transaction, or the advance that it is, is linked.
IDS = ("BankTransactionID", "OverpaymentID", "PrepaymentID")


def look(context: Context, lease: Lease, plans: list[Plan]) -> Shown:
    """Those near the days of these plans, one list for each span of days. Raises reading.Interrupted, send.LeaseLost."""
    windows = [coded.window(entered_on(plan.step, plan.doc)) for plan in plans if _asks(plan)]
    shown = near_days.near(context, lease, BANK_TRANSACTION.endpoint, windows, 'Status=="AUTHORISED"')
    return Shown(_of_others(context.connection, shown.elements), shown.complete)


def _asks(plan: Plan) -> bool:
    return coded.asks(plan) or (isinstance(plan, AdvanceMade) and plan.asks_bank)


def _of_others(connection: str, elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that no document of this site is linked with. The two sides of a transfer show only its reference, which begins with our document's name."""
    ids = {str(each.get(name)) for each in elements for name in IDS if each.get(name)}
    named = {name for each in elements if _is_transfer(each) for name in _may_name(each)}
    filters = {"connection": connection}
    known = frappe.get_all(links.DOCTYPE, filters={**filters, "xero_id": ("in", sorted(ids))}, pluck="xero_id") if ids else []
    moved = {**filters, "endpoint": BANK_TRANSFER.endpoint, "reference_name": ("in", sorted(named))}
    ours = set(frappe.get_all(links.DOCTYPE, filters=moved, pluck="reference_name")) if named else set()
    linked = {each.casefold() for each in known}
    return [
        each
        for each in elements
        if not linked & {str(each.get(name)).casefold() for name in IDS} and not (_is_transfer(each) and ours & _may_name(each))
    ]


def _is_transfer(element: dict[str, Any]) -> bool:
    return xero_element.fold(element.get("Type")).endswith("-transfer")


def _may_name(element: dict[str, Any]) -> set[str]:
    """What our document may be called: a reference is its name, and after it perhaps what people noted (settlement/payment_elements: reference_text)."""
    words = str(element.get("Reference") or "").split(" ")[:MOST_WORDS]
    return {" ".join(words[: at + 1]) for at in range(len(words))} - {""}
