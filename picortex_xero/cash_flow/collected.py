"""What a payment day takes that pays over what an account has collected, such as a tax: no amount that a person has to keep up. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..accounting.money import CENT, ZERO, half_up


@dataclass(frozen=True)
class Collected:
    """`balance` of the account at the end of `at`, and how much `a_day` is added to it by documents; both positive where it is owed."""

    balance: Decimal
    at: date
    a_day: Decimal


def amounts(account: Collected, days: Sequence[date], covers_until: int) -> list[Decimal]:
    """What each of these payment days takes: all that will have been collected `covers_until` days before it and that no earlier one has paid. Days in the order in which they come; a sum in the company's
    favour is negative (a refund)."""
    paid, found = ZERO, []
    for day in days:
        until = day - timedelta(days=covers_until)
        ahead = (until - account.at).days
        total = account.balance + account.a_day * max(ahead, 0)
        if ahead < 0:
            # What has come since belongs to the next day.
            total = account.balance - account.a_day * min(-ahead, 366)
        due = half_up(total - paid)
        found.append(due if abs(due) >= CENT else ZERO)
        paid += due
    return found
