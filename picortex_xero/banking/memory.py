"""What was done with lines of the same payee before, counted: as what people entered or confirmed them in ERPNext. Nothing is guessed: what does not clearly beat the rest is left to a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from ..accounting.texts import Text, _, day
from .payees import same
from .values import DOUBTFUL, Coding

# LEARNED: counted. ALWAYS: a person says so, whatever is counted. FORGOTTEN: a person wants it no more, whatever is counted.
LEARNED, ALWAYS, FORGOTTEN = "Learned", "Always", "Forgotten"
# The best has to be so many times as often as all others of the payee together.
BEATS = 3
# By how often: once is a suggestion, eight times are a habit.
SCORES = {1: 66, 2: 76, 3: 82, 4: 85, 5: 87, 6: 88, 7: 89}
OFTEN, SAID = 91, 94
# Payees that begin alike (shops of one chain): so many lines at least, and less is believed of it.
BEGINS, LONG_WORD, ALIKE = 3, 5, 64
# So many vouchers are named that something was learned from.
NEWEST = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A line that somebody coded. `voucher`: the name of what was entered."""

    payee: str
    comes_in: bool
    coding: Coding
    day: date
    voucher: str = ""


@dataclass(frozen=True, slots=True)
class Learned:
    """How often lines of a payee were entered so, when last, and in which vouchers (the newest); `state` LEARNED, ALWAYS or FORGOTTEN."""

    payee: str
    comes_in: bool
    coding: Coding
    times: int
    last: date | None
    state: str = LEARNED
    vouchers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """As what a line may be entered. `score` above DOUBTFUL: it clearly beats everything else."""

    coding: Coding
    score: int
    reasons: tuple[Text, ...]


def counted(examples: Iterable[Example]) -> list[Learned]:
    """Examples counted by payee, direction and coding, whatever their order."""
    found: dict[tuple[str, bool, Coding], list[Example]] = defaultdict(list)
    for each in examples:
        if each.payee:
            found[same(each.payee), each.comes_in, each.coding].append(each)
    rows = []
    for (_payee, comes_in, coding), mine in found.items():
        newest = sorted(mine, key=lambda each: (each.day, each.voucher, each.payee), reverse=True)
        names = tuple(dict.fromkeys(each.voucher for each in newest if each.voucher))[:NEWEST]
        rows.append(Learned(newest[0].payee, comes_in, coding, len(mine), newest[0].day, vouchers=names))
    return sorted(rows, key=lambda each: (same(each.payee), each.comes_in, -each.times, str(each.coding)))


class Memory:
    """Rows by payee. `suggestions` is asked with a line's payee."""

    def __init__(self, rows: Iterable[Learned]) -> None:
        self._of: dict[tuple[str, bool], list[Learned]] = defaultdict(list)
        self._beginning: dict[tuple[str, bool], list[Learned]] = defaultdict(list)
        for each in rows:
            key = same(each.payee)
            self._of[key, each.comes_in].append(each)
            word = key.split(" ")[0]
            if len(word) >= LONG_WORD and each.state != FORGOTTEN:
                self._beginning[word, each.comes_in].append(each)

    def suggestions(self, payee: str, comes_in: bool) -> list[Suggestion]:
        """Of a line with this payee, the best first; [] where nothing is known. At most the first is more than doubtful."""
        if not payee:
            return []
        rows = self._of.get((same(payee), comes_in), [])
        if any(each.state != FORGOTTEN for each in rows):
            return _of_payee(payee, rows)
        # What a person wants no more of this payee does not come back by way of others.
        gone = {_without_centre(each.coding) for each in rows}
        return [each for each in self._alike(payee, comes_in) if _without_centre(each.coding) not in gone]

    def _alike(self, payee: str, comes_in: bool) -> list[Suggestion]:
        word = same(payee).split(" ")[0]
        rows = self._beginning.get((word, comes_in), [])
        kinds, times = {_without_centre(each.coding) for each in rows}, sum(each.times for each in rows)
        if len(kinds) != 1 or times < BEGINS:
            return []
        why = _("{times} lines of payees that begin with {word} were entered so").format(times=times, word=payee.split(" ")[0])
        return [Suggestion(_with_centre(rows), ALIKE, (why,))]


def _of_payee(payee: str, rows: list[Learned]) -> list[Suggestion]:
    always = [each for each in rows if each.state == ALWAYS]
    if len(always) == 1:
        return [Suggestion(always[0].coding, SAID, (_("You said: always so with {payee}").format(payee=payee),))]
    groups: dict[Coding, list[Learned]] = defaultdict(list)
    for each in rows:
        if each.state == LEARNED and each.times > 0:
            groups[_without_centre(each.coding)].append(each)
    ranked = sorted(groups.values(), key=lambda mine: (-_times(mine), str(mine[0].coding)))
    all_times = sum(map(_times, ranked))
    found = []
    for at, mine in enumerate(ranked[:3]):
        times = _times(mine)
        others = all_times - times
        beats = at == 0 and times >= BEATS * others
        last = max(each.last for each in mine if each.last) if any(each.last for each in mine) else None
        score = SCORES.get(times, OFTEN)
        why = [
            _("{times} of {all} lines of {payee} were entered so, the last of {day}").format(
                times=times, all=all_times, payee=payee, day=day(last)
            )
        ]
        if not beats:
            why.append(_("Others of them were entered otherwise"))
        found.append(Suggestion(_with_centre(mine), score if beats else min(score - 30, DOUBTFUL) - 5 * at, tuple(why)))
    return found


def _times(rows: Iterable[Learned]) -> int:
    return sum(each.times for each in rows)


def _without_centre(coding: Coding) -> Coding:
    return replace(coding, cost_center="")


def _with_centre(rows: Iterable[Learned]) -> Coding:
    """Codings that differ by their cost centre alone are one, with the centre that clearly beats the others; with none where none does."""
    mine = list(rows)
    centres = Counter[str]()
    for each in mine:
        centres[each.coding.cost_center] += max(each.times, 1)
    (centre, times) = min(centres.items(), key=lambda item: (-item[1], item[0]))
    return replace(mine[0].coding, cost_center=centre if times >= BEATS * (centres.total() - times) else "")
