"""Money entered inside an invoice itself: counter sales (`is_pos`), bills paid on entry (`is_paid`), their returns.

Rules: accounting_rules "POS" (cash net of change) and "Purchase Invoice with `is_paid`" (bill + payment). Recorded: the host pays change out
of `account_for_change_amount`, in a ledger row of its own. The payments that become of it are made in `paid_on_entry_payment`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal, half_up, plain
from ...accounting.problems import Problem


@dataclass(frozen=True)
class Tender:
    """One sum that changed hands: the host's bank or cash account, what the party's debt fell by in document currency, and the same in
    company currency. Both positive, in refunds too."""

    account: str
    amount: Decimal
    base: Decimal


def tenders(doc: dict[str, Any]) -> list[Tender]:
    """The sums entered inside an invoice, in its order, change taken off; empty for an ordinary one."""
    sign = -1 if doc.get("is_return") else 1
    if doc.get("is_paid"):
        paid, base = sign * decimal(doc.get("paid_amount")), sign * decimal(doc.get("base_paid_amount"))
        return [Tender(doc.get("cash_bank_account") or "", paid, base)] if paid else []
    if not doc.get("is_pos"):
        return []
    found = [
        Tender(row.get("account") or "", sign * decimal(row.get("amount")), sign * decimal(row.get("base_amount")))
        for row in doc.get("payments") or []
        if decimal(row.get("amount"))
    ]
    change = Tender(doc.get("account_for_change_amount") or "", decimal(doc.get("change_amount")), decimal(doc.get("base_change_amount")))
    return _less_change(found, change)


def _less_change(found: list[Tender], change: Tender) -> list[Tender]:
    """What stays in the till: change comes out of what was paid into its account. What no such sum covers is left as a negative one."""
    left = []
    for tender in found:
        taken = min(tender.amount, change.amount) if tender.account == change.account else ZERO
        whole = taken == change.amount
        base = change.base if whole else half_up(tender.base * taken / tender.amount)
        left.append(replace(tender, amount=tender.amount - taken, base=tender.base - base) if taken else tender)
        change = replace(change, amount=change.amount - taken, base=change.base - base) if taken else change
    if change.amount:
        left.append(Tender(change.account, -change.amount, -change.base))
    return [tender for tender in left if tender.amount]


def held(doc: dict[str, Any]) -> list[Problem]:
    """Why what was paid inside this invoice has no safe treatment; the whole document waits then, so that none of it is sent half."""
    if not (doc.get("is_pos") or doc.get("is_paid")):
        return []
    what, sums = f"{doc['doctype']} {doc['name']}", tenders(doc)
    points = abs(decimal(doc.get("loyalty_amount")))
    paid = ", ".join(f"{plain(each.amount):f} on {each.account}" for each in sums if each.amount > ZERO) or "nothing"
    by_hand = f"In Xero, enter {doc['name']} by hand with its payments ({paid})"
    problems = []
    if points:
        problems.append(
            Problem(
                "pos-loyalty",
                f"{what} was partly paid with loyalty points ({plain(points):f})",
                f"{by_hand}, and a credit note of {plain(points):f} on the account of {doc.get('loyalty_redemption_account')} allocated to it",
                held=True,
            )
        )
    if any(each.amount < ZERO for each in sums):
        change = next(each for each in sums if each.amount < ZERO)
        problems.append(
            Problem(
                "pos-change-elsewhere",
                f"{what} gave {plain(-change.amount):f} change out of {change.account}, into which less was paid",
                f"{by_hand} up to its total, and the change as a transfer out of {change.account}",
                held=True,
            )
        )
    return problems
