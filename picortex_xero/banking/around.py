"""One company's lines and vouchers, indexed: by amount, by numbers, by party, by day. Whoever claims an answer looks here for its rivals, among all of them.

What grows with both lines and vouchers is not looked through one by one: of equal amounts that many have only those that share a word or a number with the line.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from . import gates, names, numbers
from .names import NOBODY, Named, Names
from .reading import Reading, read, written
from .values import Books, Key, Line, Voucher

# Groups of equal amounts that are larger are looked through by their words.
SMALL = 24
# Of so many lines it is kept whom they name.
ASKED = 2_000
# So many of a party's last vouchers show what its numbers look like.
OF_SERIES = 12
# Weights are smaller than this.
WEIGHTS = 64
PartyKey = tuple[str, str]


NO_PARTIES: dict[PartyKey, Named] = {}


@dataclass(frozen=True, slots=True)
class Hit:
    """A voucher's number in a line: as it stands there, and how much that says."""

    key: str
    weight: int

    @property
    def strength(self) -> int:
        return numbers.strength(self.key, self.weight)


class Around:
    """The look-ups. `looked`: how many pairs of a line and a voucher (or line) were looked at, which is what the time is made of."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.looked = 0
        self.lines = sorted(books.lines, key=lambda line: (line.date, line.name))
        self.line = {line.name: line for line in self.lines}
        self.vouchers = sorted(books.vouchers, key=lambda voucher: (voucher.posting_date, voucher.key))
        self.voucher = {voucher.key: voucher for voucher in self.vouchers}
        self.reading = {line.name: read(line) for line in self.lines}
        self.names = Names(books.parties, self.reading.values())
        self.of_amount: dict[tuple[str, Decimal], list[Voucher]] = defaultdict(list)
        self.of_party: dict[PartyKey, list[Voucher]] = defaultdict(list)
        self.moved_of_amount: dict[tuple[str, Decimal], list[Voucher]] = defaultdict(list)
        self.of_reference: dict[tuple[str, str], list[Voucher]] = defaultdict(list)
        # By a number as it is written: the place of its voucher and the weight, as one figure where there is but one.
        self._of_key: dict[str, int | list[int]] = {}
        for at, voucher in enumerate(self.vouchers):
            self._keep(at, voucher)
        self.lines_of_amount: dict[tuple[str, Decimal], list[Line]] = defaultdict(list)
        self.lines_of_day: dict[tuple[str, date], list[Line]] = defaultdict(list)
        self._lines_hit: dict[Key, list[tuple[str, Hit]]] = defaultdict(list)
        self.hits: dict[str, dict[Key, Hit]] = {}
        self.coded: dict[str, frozenset[PartyKey]] = {}
        for line in self.lines:
            self.lines_of_amount[line.currency, line.amount].append(line)
            self.lines_of_day[line.bank_account, line.date].append(line)
            self.coded[line.name] = self.names.coded(self.reading[line.name].words) if self.names.codes else frozenset()
            self.hits[line.name] = found = self._found(line)
            for key, hit in found.items():
                if hit.strength >= numbers.FAIR:
                    self._lines_hit[key].append((line.name, hit))
        self._named: dict[str, dict[PartyKey, Named]] = {}
        self._asked: dict[str, dict[PartyKey, Named]] = {}
        self._exact: tuple[str, list[Voucher]] = "", []
        self._series: dict[PartyKey, frozenset[str]] = {}
        self._lines_of_party: dict[PartyKey, list[Line]] | None = None
        self._by_word: dict[tuple[str, Decimal], dict[str, list[Voucher]]] = {}
        self._lines_by_word: dict[tuple[str, Decimal], dict[str, list[Line]]] = {}

    def _keep(self, at: int, voucher: Voucher) -> None:
        self.of_amount[voucher.currency, voucher.amount].append(voucher)
        if voucher.party:
            self.of_party[voucher.party_type, voucher.party].append(voucher)
        if voucher.bank_account:
            self.moved_of_amount[voucher.bank_account, voucher.amount].append(voucher)
            if voucher.reference:
                self.of_reference[voucher.bank_account, voucher.reference].append(voucher)
        mine = numbers.keys(voucher.name)
        if voucher.reference:
            mine = dict(mine)
            for key, weight in numbers.keys(voucher.reference).items():
                mine[key] = max(weight, mine.get(key, 0))
        for key, weight in mine.items():
            place, old = at * WEIGHTS + min(weight, WEIGHTS - 1), self._of_key.get(key)
            if old is None:
                self._of_key[key] = place
            elif isinstance(old, list):
                old.append(place)
            else:
                self._of_key[key] = [old, place]

    def _found(self, line: Line) -> dict[Key, Hit]:
        """Vouchers whose number the line shows and whose account and day allow it; of either direction, since a credit note is named beside its invoices."""
        found: dict[Key, Hit] = {}
        for text in dict.fromkeys(written(line)):
            places = self._of_key.get(text)
            if places is None:
                continue
            for place in places if isinstance(places, list) else (places,):
                voucher, weight = self.vouchers[place // WEIGHTS], place % WEIGHTS
                self.looked += 1
                old = found.get(voucher.key)
                if (old is None or old.weight < weight) and gates.in_place(line, voucher) and gates.in_time(line, voucher, numbered=True):
                    found[voucher.key] = Hit(text, weight)
        return found

    def out_of_time(self, line: Line) -> list[tuple[Voucher, Hit]]:
        """Vouchers whose number the line shows strongly, and which nothing but their day keeps from being meant; the surest first."""
        found: dict[Key, tuple[Voucher, Hit]] = {}
        for text in dict.fromkeys(written(line)):
            places = self._of_key.get(text, ())
            for place in places if isinstance(places, (list, tuple)) else (places,):
                voucher, hit = self.vouchers[place // WEIGHTS], Hit(text, place % WEIGHTS)
                old = found.get(voucher.key)
                if hit.strength == numbers.STRONG and (old is None or old[1].weight < hit.weight) and gates.but_for_time(line, voucher):
                    found[voucher.key] = voucher, hit
        return sorted(found.values(), key=lambda each: (-each[1].weight, each[0].key))

    def hit(self, line: Line, voucher: Voucher) -> int:
        """How strongly the line shows the voucher's number."""
        found = self.hits[line.name].get(voucher.key)
        return found.strength if found else numbers.NONE

    def shown(self, line: Line, but: Iterable[Voucher] = ()) -> Iterator[tuple[Voucher, Hit]]:
        """The other vouchers of the line's direction whose number it shows at least fairly."""
        mine = {voucher.key for voucher in but}
        for key, hit in self.hits[line.name].items():
            voucher = self.voucher[key]
            if hit.strength >= numbers.FAIR and key not in mine and (voucher.amount > 0) == (line.amount > 0):
                yield voucher, hit

    def lines_showing(self, voucher: Voucher) -> Iterator[tuple[Line, Hit]]:
        """The lines that show the voucher's number at least fairly, by day."""
        for name, hit in self._lines_hit.get(voucher.key, ()):
            yield self.line[name], hit

    def name(self, line: Line, voucher: Voucher) -> Named:
        """How strongly the line names the voucher's party."""
        if not voucher.party:
            return NOBODY
        # The same line, and those like it, are asked for again and again, then the next.
        if (known := self._asked.get(line.name)) is None:
            if len(self._asked) >= ASKED:
                self._asked.clear()
            known = self._asked[line.name] = {}
        party = voucher.party_type, voucher.party
        if party not in known:
            self.looked += 1
            known[party] = self.names.of(self.reading[line.name], party, self.coded[line.name])
        return known[party]

    def parties_of(self, line: Line) -> dict[PartyKey, Named]:
        """The parties that the line names whole."""
        if line.name not in self._named:
            self._named[line.name] = self.names.named(self.reading[line.name]) or NO_PARTIES
        return self._named[line.name]

    def lines_of_party(self, party: PartyKey) -> list[Line]:
        """The lines that name the party whole, by day."""
        if self._lines_of_party is None:
            self._lines_of_party = defaultdict(list)
            for line in self.lines:
                for key in self.parties_of(line):
                    self._lines_of_party[key].append(line)
        return self._lines_of_party.get(party, [])

    def lines_about(self, currency: str, amount: Decimal, first: date, last: date) -> list[Line]:
        """The lines of the amount from the first to the last day."""
        lines = self.lines_of_amount.get((currency, amount), [])
        if len(lines) <= SMALL:
            return [line for line in lines if first <= line.date <= last]
        return lines[bisect_left(lines, first, key=_day) : bisect_right(lines, last, key=_day)]

    def exact(self, line: Line) -> list[Voucher]:
        """The vouchers of just the line's amount that are no more than SMALL, or all that share a word or number with the line."""
        # The same line is asked for again and again, then the next.
        if self._exact[0] != line.name:
            self._exact = line.name, self._exactly(line)
        return self._exact[1]

    def _exactly(self, line: Line) -> list[Voucher]:
        group = self.of_amount.get((line.currency, line.amount), [])
        if len(group) > SMALL:
            group = self._sharing(line)
        return [voucher for voucher in group if gates.may_be(line, voucher)]

    def crowd(self, line: Line) -> int:
        """How many vouchers have just the line's amount."""
        return len(self.of_amount.get((line.currency, line.amount), ()))

    def _sharing(self, line: Line) -> list[Voucher]:
        group = line.currency, line.amount
        if group not in self._by_word:
            index: dict[str, list[Voucher]] = defaultdict(list)
            for voucher in self.of_amount[group]:
                card = self.names.cards.get((voucher.party_type, voucher.party))
                for word in _words_of(card) if card else ():
                    index[word].append(voucher)
            self._by_word[group] = index
        index, found = self._by_word[group], dict[Key, Voucher]()
        for word in _words_in(self.reading[line.name]):
            for voucher in index.get(word, ()):
                found[voucher.key] = voucher
        for party in self.coded[line.name]:
            for voucher in self.of_party.get(party, ()):
                if voucher.amount == line.amount and voucher.currency == line.currency:
                    found[voucher.key] = voucher
        for key in self.hits[line.name]:
            voucher = self.voucher[key]
            if voucher.amount == line.amount and voucher.currency == line.currency:
                found[key] = voucher
        return list(found.values())

    def lines_alike(self, line: Line, voucher: Voucher) -> Iterator[Line]:
        """Other lines of the line's amount that name the voucher's party or show its number, and could be about it."""
        group = self.lines_of_amount[line.currency, line.amount]
        for other in group if len(group) <= SMALL else self._lines_sharing(line, voucher):
            if other.name != line.name and gates.may_be(other, voucher):
                if self.hit(other, voucher) >= numbers.FAIR or self.name(other, voucher).strength:
                    yield other

    def _lines_sharing(self, line: Line, voucher: Voucher) -> list[Line]:
        group = line.currency, line.amount
        if group not in self._lines_by_word:
            index: dict[str, list[Line]] = defaultdict(list)
            for each in self.lines_of_amount[group]:
                for word in _words_in(self.reading[each.name]):
                    index[word].append(each)
            self._lines_by_word[group] = index
        index, found = self._lines_by_word[group], dict[str, Line]()
        party = voucher.party_type, voucher.party
        card = self.names.cards.get(party)
        for word in _words_of(card) if card else ():
            if word in self.names.common:
                continue
            for other in index.get(word, ()):
                found[other.name] = other
        for name, _ in self._lines_hit.get(voucher.key, ()):
            if self.line[name].amount == line.amount and self.line[name].currency == line.currency:
                found[name] = self.line[name]
        return list(found.values())

    def series(self, party: PartyKey) -> frozenset[str]:
        """The digits that end the numbers of the party's last vouchers, as the other side knows them."""
        if party not in self._series:
            self._series[party] = frozenset(
                digits for voucher in self.of_party[party][-OF_SERIES:] if 3 <= len(digits := numbers.last_digits(voucher.quoted)) <= 8
            )
        return self._series[party]

    def title(self, voucher: Voucher) -> str:
        return names.title((voucher.party_type, voucher.party), self.names.cards)


def _day(line: Line) -> date:
    return line.date


def _words_of(card: names.Card) -> tuple[str, ...]:
    begun = (card.name[0][:8] + "~",) if card.name and len(card.name[0]) >= 10 else ()
    return (*card.name, card.run, *card.accounts, *card.codes, *begun)


def _words_in(reading: Reading) -> Iterator[str]:
    yield from reading.said
    if reading.account:
        yield reading.account
    for word in reading.said:
        if len(word) >= 8:
            yield word[:8] + "~"
