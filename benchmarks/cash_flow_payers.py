"""When customers pay, drawn with a seed: what the forecast of cash is tried on. Written for itself: it knows offices and their habits, and nothing of how anybody expects them.

Sources of the habits: payment runs on fixed days and at month end, slow payers with a long tail, disputes, holidays in December and January, a customer that slides into trouble, one that was reminded and changes."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

KINDS = ("prompt", "weekly run", "month end run", "slow", "erratic", "sliding", "reminded", "early")
WEIGHTS = (20, 14, 14, 20, 12, 8, 6, 6)


@dataclass
class Payer:
    """One customer. `usual`: days after the due day in the middle of what he does."""

    kind: str
    usual: int
    spread: float
    weekday: int
    changes: date
    disputes: float

    def pays(self, rng: Random, posted: date, due: date, small: bool) -> date:
        """The day on which he pays an invoice; never before the day after it was sent."""
        late = self._late(rng, due)
        if rng.random() < self.disputes and not small:
            late += rng.randint(20, 75)
        day = max(due + timedelta(days=late), posted + timedelta(days=1))
        if self.kind == "weekly run":
            day += timedelta(days=(self.weekday - day.weekday()) % 7)
        elif self.kind == "month end run":
            day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 6):
            day += timedelta(days=rng.randint(5, 16))
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return day

    def _late(self, rng: Random, due: date) -> int:
        if self.kind == "erratic":
            return int(rng.lognormvariate(2.6, 0.9)) - 8
        usual = self.usual
        if self.kind == "sliding" and due > self.changes:
            usual += (due - self.changes).days // 6
        elif self.kind == "reminded" and due > self.changes:
            usual = usual // 4
        return round(rng.gauss(usual, self.spread))


def payers(rng: Random, names: list[str], first: date, last: date) -> dict[str, Payer]:
    """A payer for each customer."""
    found = {}
    for name in names:
        kind = rng.choices(KINDS, WEIGHTS)[0]
        usual = {
            "prompt": rng.randint(-1, 3),
            "early": -rng.randint(4, 12),
            "slow": rng.randint(9, 40),
            "reminded": rng.randint(18, 35),
        }.get(kind, rng.randint(0, 12))
        changes = first + timedelta(days=rng.randint(0, (last - first).days))
        found[name] = Payer(kind, usual, rng.uniform(0.5, 6), rng.randint(0, 4), changes, rng.choice((0, 0.02, 0.06)))
    return found
