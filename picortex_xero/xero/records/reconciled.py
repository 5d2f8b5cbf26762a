"""Whether Xero shows that its person has matched a record with the bank statement: read and kept, never sent. Xero lets no app reconcile (its developer documentation,
Bank Transactions and Payments, `IsReconciled`), and a record that is sent as reconciled would be missing where its statement line is matched.

Over- and prepayments show it only as the bank transactions that made them, and a batch also inside each of its payments: both lists are read anyway.
"""

from __future__ import annotations

from .base import Element, XeroObject
from .registry import BANK_TRANSACTION, BANK_TRANSFER, BATCH_PAYMENT, OVERPAYMENT, PAYMENT, PREPAYMENT
from .xero_element import fold, gone, linked_id

# What a link keeps; "" where Xero has not shown it yet. A transfer is matched once for each of its two bank accounts.
NO, YES, ONLY_OUT, ONLY_IN = "No", "Yes", "Money Out Only", "Money In Only"
FLAG, FROM, TO = "IsReconciled", "FromIsReconciled", "ToIsReconciled"
BATCH = "BatchPayment"
SHOWN_BY = (PAYMENT.endpoint, BATCH_PAYMENT.endpoint, BANK_TRANSACTION.endpoint, BANK_TRANSFER.endpoint)
# By the states of a transfer's two sides.
_SIDES = {(False, False): NO, (True, True): YES, (True, False): ONLY_OUT, (False, True): ONLY_IN}


def any_side(element: Element) -> bool:
    """Whether a record, or one side of a transfer, is matched with a statement."""
    return any(_is(element.get(each)) for each in (FLAG, FROM, TO))


def shown(listed: XeroObject, element: Element) -> dict[tuple[str, str], str]:
    """What an element of a list says: by endpoint and id, as links name them, one of NO, YES, ONLY_OUT, ONLY_IN. What is not shown is left out, and so
    is what was removed."""
    if gone(element):
        return {}
    if listed is BANK_TRANSFER:
        return _kept(listed, element, _SIDES[_is(element.get(FROM)), _is(element.get(TO))]) if FROM in element and TO in element else {}
    found = _kept(listed, element, _flag(element)) if FLAG in element else {}
    if listed is BANK_TRANSACTION and found:
        for advance in (OVERPAYMENT, PREPAYMENT):
            found |= _kept(advance, element, _flag(element))
    batch = element.get(BATCH)
    if listed is PAYMENT and isinstance(batch, dict) and FLAG in batch:
        found |= _kept(BATCH_PAYMENT, batch, _flag(batch))
    return found


def _kept(of: XeroObject, element: Element, state: str) -> dict[tuple[str, str], str]:
    xero_id = linked_id(element, of.id_field)
    return {(of.endpoint, xero_id): state} if xero_id else {}


def _flag(element: Element) -> str:
    return YES if _is(element.get(FLAG)) else NO


def _is(value: object) -> bool:
    """Xero's own examples have it as a text, too."""
    return value is True or fold(value) == "true"
