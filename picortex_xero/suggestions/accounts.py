"""Which account of Xero's chart an account of ERPNext is mapped to.

HIGH says: the same name, or two names of the same thing, in the same class, and no other account that could be meant. Everything else is at
most MEDIUM. Numbers alone say nothing (every chart has a 400); they decide between accounts that fit equally.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ..accounting.texts import Text, _, joined
from .allowed import BY_ITSELF, ELSEWHERE, TAX, keeps_itself, same_class, same_kind
from .groups import of_host
from .meaning import BY_CLASS, BY_GROUP, BY_HINT, GROUP, HEAD, KIND, PART, SAME, THESAURUS, TURNING, USUALLY, WORTH, Concepts, Meaning, read
from .values import (
    BANDS,
    BELOW_HIGH,
    BELOW_MEDIUM,
    LEAST,
    UNKNOWN,
    Answer,
    HostAccount,
    Nothing,
    Suggestion,
    XeroAccount,
    in_order,
)
from .words import common_suffix, plain

NAME = 97
HIGH_FROM, MEDIUM_FROM = BANDS[0][1], BANDS[1][1]
# What is charged for being late, or for what was not done, is not what it is charged on.
PENAL = frozenset("penalty fine late overdue shortfall surcharge".split())
# Whose lead is smaller than this could be the other as well.
LEAD = 5
# What serves for a thing serves less for what is only a part of it.
LESS_FOR_A_PART = 15
TAX_WORDS = frozenset(("gst", "vat"))
# A word in more names than this tells nothing; more that fit alike than this need not be looked at.
TOO_COMMON, ENOUGH = 15, 15
# Says, from what the account of ERPNext means and the name of Xero's, why the one is suggested for the other.
Why = Callable[[Meaning, str], Text]
Way = tuple[int, Why]
CLASS_ROOT = {"ASSET": "Asset", "LIABILITY": "Liability", "EQUITY": "Equity", "REVENUE": "Income", "EXPENSE": "Expense"}


@dataclass(frozen=True, eq=False)
class Listed:
    """An account of Xero, read once: it is the same as itself alone. `place` is where it stands in the chart's own order."""

    account: XeroAccount
    place: int
    means: Meaning
    # Why nothing may be mapped to it.
    kept: Text | None


class Fit(NamedTuple):
    """How well an account of Xero fits."""

    points: int
    same_number: bool
    listed: Listed
    why: Why

    @property
    def rank(self) -> tuple[int, bool, str, int]:
        """The best first."""
        return -self.points, not self.same_number, self.listed.account.code, self.listed.place


class Chart:
    """Xero's chart, found by name, meaning, word and code, so that each account is compared with few."""

    def __init__(self, accounts: Iterable[XeroAccount]) -> None:
        self.by: dict[tuple[str, object], list[Listed]] = {}
        read_accounts = [
            Listed(each, at, read(plain(each.name), CLASS_ROOT.get(each.account_class, "")), keeps_itself(each))
            for at, each in enumerate(in_order(accounts))
        ]
        # What is named after the thing alone comes first, and what may be chosen.
        for listed in sorted(read_accounts, key=lambda each: (not each.means.certain, each.kept is not None)):
            keys = {listed.means.words, *listed.means.words, *(_of(key) for key, _how in listed.means.concepts), f"#{listed.account.code}"}
            for key in keys:
                self.by.setdefault((listed.account.account_class, key), []).append(listed)

    def near(self, account_class: str, says: Meaning, number: str) -> list[Listed]:
        """Those that could fit. Of many that mean the same, or have the same name, a few are enough: none of them is certain."""
        keys: list[object] = [says.words, f"#{number}"]
        for concept, _how in says.concepts:
            keys += [_of(each) for each in (concept, *(other for other, _points in THESAURUS.concepts[concept].near))]
        found = [each for key in keys for each in self.by.get((account_class, key), ())[:ENOUGH]]
        for word in says.words:
            having = self.by.get((account_class, word), ())
            found += having if len(having) <= TOO_COMMON else ()
        return list(dict.fromkeys(found))


def _of(concept: str) -> str:
    """The chart's key of a meaning; no word has this sign."""
    return f"={concept}"


def suggest(accounts: Iterable[HostAccount], xero: Iterable[XeroAccount], mapped: Collection[str] = ()) -> dict[str, Answer]:
    """What each of these accounts that is not mapped yet may be mapped to, by its name; or why nothing is suggested."""
    hosts, chart = in_order(accounts), Chart(xero)
    suffix = common_suffix([each.name for each in hosts])
    return {each.name: _answer(each, of_host(each, suffix), chart) for each in reversed(hosts) if each.name not in mapped}


def _answer(host: HostAccount, says: Meaning, chart: Chart) -> Answer:
    if host.account_type in ELSEWHERE:
        return Nothing(ELSEWHERE[host.account_type])
    root_class = next((xero_class for xero_class, root in CLASS_ROOT.items() if root == host.root_type), "")
    fits = [
        _fit(host, says, each)
        for each in chart.near(root_class, says, host.number.strip())
        if same_class(host, each.account) and same_kind(host, says, each.account, each.means)
    ]
    fits = sorted((each for each in fits if each.points >= LEAST), key=lambda each: each.rank)
    free = [each for each in fits if not each.listed.kept]
    kept = [each for each in fits if each.listed.kept]
    if _is_tax(host, says) and not (free and free[0].points >= HIGH_FROM):
        return Nothing(TAX)
    if kept and (not free or free[0].points < min(kept[0].points, MEDIUM_FROM)):
        return Nothing(kept[0].listed.kept or UNKNOWN, kept=bool(kept[0].listed.account.system_account))
    return _chosen(free, kept, says) if free else Nothing(BY_ITSELF.get(host.account_type) or _nothing(says, chart, root_class))


def _is_tax(host: HostAccount, says: Meaning) -> bool:
    named = host.root_type in ("Asset", "Liability") and bool(says.words & TAX_WORDS)
    return host.account_type == "Tax" or named or "liability-sales-tax" in dict(says.concepts)


def _nothing(says: Meaning, chart: Chart, account_class: str) -> Text:
    if says.accumulated and chart.by.get((account_class, "accumulated")):
        return _("Xero has an account for this by kind of asset; none is for this one, or for all")
    return _("Xero's chart has no account for this") if says.concepts else UNKNOWN


def _chosen(free: list[Fit], kept: list[Fit], says: Meaning) -> Suggestion:
    """The best of those that fit, less sure where another could be meant."""
    best, others = free[0], free[1:]
    points, why = best.points, [best.why(says, best.listed.account.name)]
    if best.same_number and best.points < NAME:
        why = [joined("; ", (*why, _("same number")))]
    equal = [each for each in others if each.points > best.points - LEAD]
    twin = [each for each in equal if each.points == best.points and each.same_number == best.same_number]
    rivals = [each for each in equal if best.points < NAME or each.points >= NAME]
    against = [each for each in kept if each.points > best.points - LEAD]
    if says.capped:
        points = min(points, BELOW_HIGH - 2)
    if rivals or against:
        points = min(points, BELOW_HIGH - 1)
        why.append(_("{name} could be meant as well").format(name=(rivals or against)[0].listed.account.name))
    if twin:
        points = min(points, BELOW_MEDIUM)
    return Suggestion(best.listed.account.code, points, joined("; ", why))


def _fit(host: HostAccount, says: Meaning, listed: Listed) -> Fit:
    account, means = listed.account, listed.means
    same_number = bool(host.number) and host.number.strip() == account.code
    if says.words and says.words == means.words and not says.ruled:
        return Fit(NAME + same_number, same_number, listed, _same_name_and_number if same_number else _same_name)
    points, why = max(_by_meaning(says.concepts, means.concepts), _by_words(says, means), key=_points)
    if bool(says.words & PENAL) != bool(means.words & PENAL):
        points = min(points, BELOW_HIGH - 2)
    return Fit(points, same_number, listed, why)


def _same_name(says: Meaning, name: str) -> Text:
    return _("Same name and class")


def _same_name_and_number(says: Meaning, name: str) -> Text:
    return _("Same number, name and class")


def _unknown(says: Meaning, name: str) -> Text:
    return UNKNOWN


def _points(way: Way) -> int:
    return way[0]


@lru_cache(maxsize=16384)
def _by_meaning(says: Concepts, means: Concepts) -> Way:
    """The best way in which what one is for is what the other is for. Many names have the same meanings."""
    there = dict(means)
    found: list[Way] = [(0, _unknown)]
    whole = all(how == SAME and there.get(key) == SAME for key, how in says)
    for at, (key, how) in enumerate(says):
        if key in there:
            found.append(_one_thing(says, whole, at, there[key]))
        for other, points in THESAURUS.concepts[key].near:
            if there.get(other) == SAME:
                worth = points if how == SAME else max(points - LESS_FOR_A_PART, LEAST)
                worth = worth if len(says) == 1 else min(worth, BELOW_MEDIUM)
                found.append((worth, lambda says, name: _("Nearest in meaning: {name}").format(name=name)))
    return max(found, key=_points)


def _one_thing(says: Concepts, whole: bool, at: int, theirs: str) -> Way:
    """What the account is for, at this place of its name, is in Xero's too."""
    key, how = says[at]
    if theirs != SAME:
        # Xero's is narrower, or only partly about this.
        return min(WORTH[how], BELOW_MEDIUM - 5), lambda says, name: _("Part of the name of {name} means the same").format(name=name)
    if whole:
        return WORTH[SAME], lambda says, name: _("Same meaning and class: {name}").format(name=name)
    worth = WORTH[how] if len(says) == 1 else min(WORTH[how], WORTH[HEAD]) - 3 * min(at, 2)
    return worth, lambda says, name: _reason(key, how, says, name)


_BY_CLASS = {
    "income-sales": _("What is sold is usually booked on {name}"),
    "income-other": _("What is earned beside the sales is usually booked on {name}"),
    "general": _("Nothing nearer is known; {name} takes what has no account of its own"),
    "liability-accruals": _("What is still to be paid is usually booked on {name}"),
}


def _reason(key: str, how: str, says: Meaning, name: str) -> Text:
    if how in (GROUP, BY_GROUP, BY_HINT) and says.group:
        return _("Its group {group} means {name}").format(group=says.group, name=name)
    if how == BY_CLASS:
        return _BY_CLASS[key].format(name=name)
    if how == KIND:
        return _("A kind of {name}, same class").format(name=name)
    if how in (PART, USUALLY, GROUP, BY_GROUP):
        return _("Usually booked on {name}").format(name=name)
    return _("Part of the name means {name}").format(name=name)


def _by_words(says: Meaning, means: Meaning) -> Way:
    """Words in common, where the two are not known to be different things."""
    if says.concepts and means.concepts:
        return 0, _unknown
    common, apart = says.words & means.words, says.words ^ means.words
    if not common or apart & TURNING:
        return 0, _unknown
    share = 100 * len(common) // len(says.words | means.words)
    points = 62 if share >= 66 else 45 if share >= 50 else 0
    return points, lambda says, name: _("Similar name: {name}").format(name=name)
