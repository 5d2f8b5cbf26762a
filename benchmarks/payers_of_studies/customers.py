"""Who the payers are: drawn once, each from a seed of its own, so that another customer or invoice changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.payers_of_studies import studies
from benchmarks.payers_of_studies.calendars import PayDays, pay_days


@dataclass(frozen=True)
class Customer:
    """`late` in days after the due day (of who stretches or is strained); `slower` and `better` and `stops` are days from which on it is so, None where it never is."""

    segment: str
    habit: str
    rhythm: str
    days: PayDays
    approval: float
    late: float
    slower: date | None
    better: date | None
    stops: date | None
    discount: bool
    parts: bool
    statements: bool


def drawn(seed: int, country: str, name: str, first: date, last: date) -> Customer:
    """The customer of that name, for documents from the first to the last day."""
    rng, place = Random(f"customer {seed} {country} {name}"), studies.COUNTRIES[country]
    segment = choose(rng, {each: of_it.weight for each, of_it in studies.SEGMENTS.items()})
    of_it = studies.SEGMENTS[segment]
    habit = choose(rng, {each: weight * (place.more if each in studies.LATE_HABITS else 1.0) for each, weight in of_it.habits.items()})
    rhythm = choose(rng, studies.NZ_RHYTHMS if country == "NZ" and segment in ("small", "public") else of_it.rhythms)
    weekday = rng.choices(range(5), studies.WEEKDAYS)[0]
    days = pay_days(country, rhythm, weekday, rng.randrange(2), first, last)
    median, spread = (studies.STRAIN, studies.STRAIN_SPREAD) if habit == studies.STRAINED else (studies.STRETCH, studies.STRETCH_SPREAD)
    late = median * rng.lognormvariate(0, spread) * place.longer
    slower, better, stops = (_from(rng, share, first, last) for share in (studies.SLOWER, studies.BETTER, studies.STOPS))
    parts = rng.random() < (studies.STRAINED_PARTS if habit == studies.STRAINED else of_it.parts)
    return Customer(
        segment=segment,
        habit=habit,
        rhythm=rhythm,
        days=days,
        approval=of_it.approval * rng.lognormvariate(0, 0.3),
        late=late,
        slower=slower,
        better=better if habit in studies.LATE_HABITS else None,
        stops=stops if segment in ("small", "household") or habit == studies.STRAINED else None,
        discount=habit == studies.AT_ONCE and rng.random() < of_it.discount,
        parts=parts,
        statements=segment in ("small", "large") and rng.random() < studies.STATEMENTS,
    )


def choose(rng: Random, weights: Mapping[str, float]) -> str:
    """One of the names, by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def _from(rng: Random, share: float, first: date, last: date) -> date | None:
    chance, when = rng.random(), rng.random()
    return first + timedelta(days=int(when * (last - first).days)) if chance < share else None
