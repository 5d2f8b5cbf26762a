"""Deferred revenue and expense: which releases ERPNext has booked, and which steps have to be added or taken back to match them.

Observed on ERPNext 15.71: Process Deferred Accounting adds ledger rows under the invoice's own voucher, at month ends, without any event of
the invoice; cancelling the Process Deferred Accounting takes them back. A release is what one invoice releases on one posting date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal
from ...accounting.texts import _
from ..decisions import Ask, Overtake
from ..identity import Identity
from ..removed import UNDONE
from ..step import SKIPPED, SUPERSEDED, Step

BOOKED_BY = "Process Deferred Accounting"


@dataclass(frozen=True)
class Standing:
    """A release that is in Xero or on its way: its step's role, posting date (yyyy-mm-dd) and amount in company currency."""

    role: str
    date: str
    amount: Decimal


def released(ledger: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of a voucher's standing ledger that release, by posting date."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in ledger:
        if row.get("against_voucher_type") == BOOKED_BY:
            found.setdefault(str(row["posting_date"]), []).append(row)
    return {date: rows for date, rows in found.items() if by_account(rows)}


def by_account(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], Decimal]:
    """What a release moves per (account, cost centre), debits positive, in company currency; nothing for what cancels out."""
    sums: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        key = (str(row["account"]), str(row.get("cost_center") or ""))
        sums[key] = sums.get(key, ZERO) + decimal(row.get("debit")) - decimal(row.get("credit"))
    return {key: amount for key, amount in sums.items() if amount}


def amount(rows: Sequence[dict[str, Any]]) -> Decimal:
    """The amount of a release: the sum of its debits."""
    return sum((each for each in by_account(rows).values() if each > ZERO), ZERO)


def compare(ledger: Sequence[dict[str, Any]], standing: Sequence[Standing]) -> tuple[dict[str, Decimal], list[str]]:
    """(releases without a step, by date; roles of steps whose release is no longer in the ledger).

    A date whose amount has changed is in both: what was sent is taken back, and the date is sent again.
    """
    wanted = {date: amount(rows) for date, rows in released(ledger).items()}
    kept = {each.date: each for each in standing if wanted.get(each.date) == each.amount}
    surplus = [each.role for each in standing if kept.get(each.date) is not each]
    return {date: due for date, due in wanted.items() if date not in kept}, surplus


def follow(who: Identity, ledger: Sequence[dict[str, Any]], steps: Sequence[Step], currency: str) -> list[Ask | Overtake]:
    """The effects that make the release steps of an invoice match its ledger now. `steps` are all of the invoice's; `currency` is the
    company's."""
    if any(step.state == SKIPPED and step.reason_code == UNDONE for step in steps):
        # Its invoice was undone: a release of it has nothing to stand on.
        return []
    missing, surplus = compare(ledger, standing(steps))
    of_it = [step for step in steps if step.role.text.startswith("release-")]
    asks = [
        Ask(f"release-{number}", who, posting_date=date, amount=due, currency=currency)
        for number, (date, due) in enumerate(sorted(missing.items()), start=len(of_it) + 1)
    ]
    return [*(_take_back(step) for step in of_it if step.role.text in surplus), *asks]


def standing(steps: Sequence[Step]) -> list[Standing]:
    """The release steps that were neither overtaken nor are being taken back."""
    undone = {step.role.about for step in steps if step.role.text.startswith("undo-release-")}
    mine = [step for step in steps if step.role.text.startswith("release-") and step.state != SUPERSEDED]
    return [Standing(step.role.text, str(step.posting_date), step.amount) for step in mine if step.role.text not in undone]


def _take_back(step: Step) -> Ask | Overtake:
    if step.unsent:
        return Overtake(step.name, _("The release of {name} was taken back before it was sent").format(name=step.who.name))
    return Ask(f"undo-{step.role}", step.who, step.revision, step.amount, posting_date=step.posting_date, currency=step.currency)
