"""Whom a line names: a party's whole name, a name cut off where the bank's field ends, a part of it, their bank account or their code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from .numbers import FAIR, keys, strength
from .reading import Reading, account, plain, words
from .values import Party

NONE, WEAK, STRONG = 0, 1, 3
# Legal forms, titles and fillers tell nobody apart.
EMPTY = frozenset(
    plain(
        "PTY LTD LIMITED LLP PLC INC INCORPORATED LLC CORP CORPORATION CO COMPANY GMBH MBH KG OHG UG AG EK EV GBR PTE SARL SAS SA SRL BV NV OY AB AS APS SPA PROPRIETARY "
        "THE AND UND ET OF FOR DER DIE DAS MR MRS MS DR HERR FRAU TRADING AS TA DBA PAYMENT PAYMENTS TRANSFER DEPOSIT ACCOUNT BANK DIRECT CREDIT DEBIT"
    ).split()
)
# So many letters of a code are looked at first.
BEGINNING = 3
# A word that stands in more than one line of this many (where there are many) names nobody.
COMMON_IN, MANY_LINES = 5, 50


@dataclass(frozen=True, slots=True)
class Named:
    """How strongly a line names a party, and which letters of the name it shows; `by`: "name", "account" or "code"."""

    strength: int = NONE
    letters: int = 0
    shown: frozenset[str] = frozenset()
    by: str = "name"


NOBODY = Named()


@dataclass(frozen=True)
class Card:
    """A party as lines are searched for it."""

    party: Party
    name: tuple[str, ...]
    run: str
    accounts: frozenset[str]
    codes: frozenset[str]


@lru_cache(65_536)
def telling(title: str) -> tuple[str, ...]:
    """The words of a name that tell it from others."""
    found = words(title)
    return tuple(word for word in found if word not in EMPTY and len(word) > 1) or found


def card(party: Party) -> Card:
    name = telling(party.title)
    codes = (
        {key for key, weight in keys(party.name).items() if strength(key, weight) >= FAIR and not key.isdigit()}
        if party.name != party.title
        else set()
    )
    return Card(party, name, "".join(name), frozenset(filter(None, map(account, party.numbers))), frozenset(codes))


class Names:
    """Looks for parties in readings of lines. Built of all parties and all lines' readings, so that words which stand everywhere count for nothing."""

    def __init__(self, parties: Iterable[Party], readings: Iterable[Reading]) -> None:
        self.cards = {(party.party_type, party.name): card(party) for party in parties}
        self.common = _common(readings)
        self.known = {word for each in self.cards.values() for word in each.name}
        self._pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._accounts: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.codes: dict[str, list[tuple[str, str]]] = defaultdict(list)
        seldom = Counter(word for each in self.cards.values() for word in set(each.name))
        self._code_starts: set[str] = set()
        for key, each in self.cards.items():
            for pair in dict.fromkeys(_pairs(each, seldom)):
                self._pairs[pair].append(key)
            for number in each.accounts:
                self._accounts[number].append(key)
            for code in each.codes:
                self.codes[code].append(key)
                self._code_starts.add(code[:BEGINNING])

    def of(self, reading: Reading, key: tuple[str, str], codes: frozenset[tuple[str, str]] = frozenset()) -> Named:
        """How strongly the reading names the party. `codes`: the parties whose code it shows."""
        card = self.cards.get(key)
        if card is None:
            return NOBODY
        if reading.account and reading.account in card.accounts:
            return Named(STRONG, 99, frozenset(card.name), "account")
        if key in codes:
            return Named(STRONG, 90, frozenset(card.name), "code")
        return self._by_words(reading, card)

    def _by_words(self, reading: Reading, card: Card) -> Named:
        said, name = reading.words, card.name
        there = [word for word in name if word in said]
        if not there:
            if len(card.run) >= 8 and card.run in reading.run:
                return Named(STRONG, len(card.run), frozenset(name))
            return self._begun(reading, name)
        shown, telling_ones = frozenset(there), [word for word in there if word not in self.common]
        letters, total = sum(map(len, there)), len(card.run)
        if not telling_ones:
            return NOBODY
        # Four letters, because an umlaut written with two is one here. A name of one word may be another's last: "EMMA BELL" is hardly Bell & Co.
        if len(there) == len(name) and total >= 4:
            alone = len(name) > 1 or not self._follows_a_name(reading.words, name[0])
            return Named(STRONG if alone else WEAK, letters, shown)
        if total >= 8 and card.run in reading.run:
            return Named(STRONG, total, frozenset(name))
        whole = next((at for at, word in enumerate(name) if word not in said), len(name))
        if whole:
            begun = _follows(reading.words, name[whole - 1], name[whole]) if whole < len(name) else ""
            length = sum(map(len, name[:whole]))
            if begun and length >= 4 and length + len(begun) >= 6:
                return Named(STRONG, letters + len(begun), shown | {name[whole]} if len(begun) >= 3 else shown)
            if length >= 4:
                return Named(WEAK, letters, shown)
        missing = [word for word in name if word not in said]
        if (
            len(missing) == 1
            and len(missing[0]) >= 5
            and any(abs(len(each) - len(missing[0])) <= 1 and _typed_wrong(each, missing[0]) for each in said)
        ):
            return Named(WEAK, letters + len(missing[0]) - 1, shown | {missing[0]})
        if len(name) == 2 and there[-1] == name[1]:
            # A person: with the initial, or without any other given name beside it.
            alone = name[0][0] in said or (len(name[1]) >= 4 and _stands_alone(reading.words, name[1]))
            return Named(WEAK, letters, shown) if alone else NOBODY
        return Named(WEAK, letters, shown) if letters * 2 > total else NOBODY

    def _follows_a_name(self, run: tuple[str, ...], word: str) -> bool:
        """Whether a word that is neither a filler nor the bank's stands right before it."""
        at = run.index(word)
        before = run[at - 1] if at else ""
        return before.isalpha() and before not in EMPTY and before not in self.common

    def _begun(self, reading: Reading, name: tuple[str, ...]) -> Named:
        """A first word that is long and cut off, or typed wrong in a name of one word."""
        first = name[0]
        if len(first) >= 10:
            for each in reading.words:
                if len(each) >= 8 and first.startswith(each) and each not in self.common:
                    return Named(WEAK, len(each), frozenset({first}))
        return NOBODY

    def named(self, reading: Reading) -> dict[tuple[str, str], Named]:
        """The parties whose whole name, account or code the line shows."""
        found: dict[tuple[str, str], Named] = {}
        for key in self._accounts.get(reading.account, ()) if reading.account else ():
            found[key] = Named(STRONG, 99, frozenset(self.cards[key].name), "account")
        for key in self.coded(reading.words):
            found.setdefault(key, Named(STRONG, 90, frozenset(self.cards[key].name), "code"))
        said = dict.fromkeys(reading.words)
        known = [word for word in said if word in self.known][:10]
        looked: set[tuple[str, str]] = set()
        for pair in (*known, *_both(known), *_begun_pairs(reading.words, self.known)):
            for key in self._pairs.get(pair, ()):
                if key in looked or key in found:
                    continue
                looked.add(key)
                card = self.cards[key]
                # Named whole is who has the first word of the name there, or all of it without what stands between its words.
                if card.name[0] not in said and (len(card.run) < 8 or card.run not in reading.run):
                    continue
                if (named := self._by_words(reading, card)).strength == STRONG:
                    found[key] = named
        return found

    def coded(self, run: tuple[str, ...]) -> frozenset[tuple[str, str]]:
        """The parties whose code stands in the words, in one or in several pieces."""
        found: list[tuple[str, str]] = []
        if self.codes:
            for at, word in enumerate(run):
                # Hardly a word begins as a code does.
                if len(word) >= BEGINNING and word[:BEGINNING] not in self._code_starts:
                    continue
                whole = word
                found += self.codes.get(whole, ())
                for following in run[at + 1 : at + 4]:
                    whole += following
                    found += self.codes.get(whole, ())
        return frozenset(found)


def _common(readings: Iterable[Reading]) -> frozenset[str]:
    count, lines = Counter[str](), 0
    for reading in readings:
        count.update(set(reading.words))
        lines += 1
    return frozenset(word for word, times in count.items() if lines >= MANY_LINES and times * COMMON_IN > lines)


def _pairs(card: Card, seldom: Counter[str]) -> Iterator[str]:
    name = card.name
    if len(name) == 1:
        if len(name[0]) >= 4:
            yield name[0]
        return
    yield _pair(name[0], name[1])
    rare = sorted(dict.fromkeys(name), key=lambda word: (seldom[word], word))[:2]
    if len(rare) == 2:
        yield _pair(*rare)
    yield f"{name[0]}~{name[1][:2]}"
    yield card.run


def _pair(one: str, two: str) -> str:
    return f"{one} {two}" if one < two else f"{two} {one}"


def _both(known: list[str]) -> Iterator[str]:
    for at, one in enumerate(known):
        for two in known[at + 1 :]:
            yield _pair(one, two)


def _begun_pairs(run: tuple[str, ...], known: set[str]) -> Iterator[str]:
    """A known word with the beginning of the next: a name cut off; two words written as one stand alone."""
    for at, word in enumerate(run):
        if word in known and at + 1 < len(run) and len(run[at + 1]) >= 2:
            yield f"{word}~{run[at + 1][:2]}"
        elif len(word) >= 8 and word not in known:
            yield word


def _follows(run: tuple[str, ...], before: str, wanted: str) -> str:
    """The beginning of the wanted word that stands right after the one before it; ""."""
    for at, word in enumerate(run[:-1]):
        if word == before:
            for following in run[at + 1 : at + 3]:
                if len(following) >= 2 and len(following) < len(wanted) and wanted.startswith(following):
                    return following
    return ""


def _typed_wrong(a: str, b: str) -> bool:
    """One letter wrong, missing or too many, or two changed about."""
    if a == b or a.isdigit() or a[:1] != b[:1] and a[1:2] != b[1:2]:
        return False
    if len(a) == len(b):
        apart = [at for at in range(len(a)) if a[at] != b[at]]
        return len(apart) == 1 or (len(apart) == 2 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]])
    short, long = (a, b) if len(a) < len(b) else (b, a)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _stands_alone(run: tuple[str, ...], word: str) -> bool:
    """Whether only titles, fillers, numbers or nothing stand right before and after the word."""
    at = run.index(word)
    beside = (*run[max(0, at - 1) : at], *run[at + 1 : at + 2])
    return all(each in EMPTY or not each.isalpha() for each in beside)


def title(key: tuple[str, str], cards: dict[tuple[str, str], Card]) -> str:
    """The name that people know; the key's where the party is not known."""
    return cards[key].party.title if key in cards else key[1]
