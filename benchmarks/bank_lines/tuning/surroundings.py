"""The finished world by amount, by reference and by party: what a judge looks through for rivals of an answer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.bank_lines.tuning.evidence import FAIR, NONE, STRONG, Shown, keys, name_of, reference_of, shown, telling, words
from benchmarks.bank_lines.values import Line, Party, Voucher, World

# An invoice may be posted some days after its payment, and is open for so long at most; what moved money is so many days off its line (a cheque comes late).
POSTED_LATE, LONG_OPEN = 7, 400
MOVED_AFTER, MOVED_BEFORE = 10, 45
TRANSFER_WORDS = re.compile(r"\b(TRANSFER|TFR|XFER|SWEEP|SAVINGS|INTERNAL|UEBERTRAG)\b", re.IGNORECASE)
# Groups of equal amounts larger than this are looked through by words.
SMALL = 30


class Surroundings:
    """Look-ups over one world, none of which reads its truths."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.line = {line.name: line for line in world.lines}
        self.voucher = {voucher.key: voucher for voucher in world.vouchers}
        self.parties = {(party.party_type, party.name): party for party in world.parties}
        self.of_amount: dict[tuple[str, Decimal], list[Voucher]] = defaultdict(list)
        self.of_party: dict[tuple[str, str], list[Voucher]] = defaultdict(list)
        self.lines_of_amount: dict[tuple[str, Decimal], list[Line]] = defaultdict(list)
        self.lines_of_day: dict[tuple[str, date], list[Line]] = defaultdict(list)
        self._of_key: dict[str, list[Voucher]] = defaultdict(list)
        self._first_word: dict[str, list[Party]] = defaultdict(list)
        self._shown: dict[str, Shown] = {}
        self._hits: dict[str, dict[tuple[str, str, str], int]] = {}
        self._named: dict[tuple[str, Decimal], dict[str, list[Voucher]]] = {}
        self._saying: dict[tuple[str, Decimal], dict[str, list[Line]]] = {}
        for voucher in world.vouchers:
            self.of_amount[voucher.currency, voucher.amount].append(voucher)
            if voucher.party:
                self.of_party[voucher.party_type, voucher.party].append(voucher)
            for number in dict.fromkeys((voucher.name, voucher.reference)):
                for key, _ in keys(number) if number else ():
                    self._of_key[key].append(voucher)
        ends = [digits[-4:] for digits in (re.sub(r"\D", "", account.number) for account in world.accounts) if len(digits) >= 4]
        self._transfers: dict[tuple[str, date], list[Line]] = defaultdict(list)
        for line in world.lines:
            self.lines_of_amount[line.currency, line.amount].append(line)
            self.lines_of_day[line.bank_account, line.date].append(line)
            if TRANSFER_WORDS.search(line.description) or any(each in line.description for each in ends):
                self._transfers[line.bank_account, line.date].append(line)
        for party in world.parties:
            self._first_word[(telling(party.title) or ("",))[0]].append(party)

    def shown(self, line: Line) -> Shown:
        if line.name not in self._shown:
            self._shown[line.name] = shown(line)
        return self._shown[line.name]

    def party(self, voucher: Voucher) -> Party | None:
        return self.parties.get((voucher.party_type, voucher.party))

    def name(self, line: Line, voucher: Voucher) -> int:
        return name_of(self.shown(line), self.party(voucher)) if voucher.party else NONE

    def hits(self, line: Line) -> dict[tuple[str, str, str], int]:
        """The vouchers that the line shows a number of, with its strength, where sign or day do not forbid it."""
        if line.name not in self._hits:
            read, found = self.shown(line), dict[tuple[str, str, str], int]()
            for key in (*(f"={each}" for each in read.joined), *(f"#{each}" for each in read.numbers)):
                for voucher in self._of_key.get(key, ()):
                    if voucher.key not in found and in_reach(line, voucher):
                        found[voucher.key] = reference_of(read, voucher)
            self._hits[line.name] = found
        return self._hits[line.name]

    def reference(self, line: Line, voucher: Voucher) -> int:
        return self.hits(line).get(voucher.key, NONE)

    def others_shown(self, line: Line, but: tuple[Voucher, ...]) -> Iterator[tuple[Voucher, int]]:
        """Other vouchers whose number the line shows at least fairly."""
        mine = {voucher.key for voucher in but}
        for key, strength in self.hits(line).items():
            if strength >= FAIR and key not in mine:
                yield self.voucher[key], strength

    def equals(self, line: Line, but: tuple[Voucher, ...] = ()) -> Iterator[Voucher]:
        """Other vouchers of just the line's amount, within reach."""
        mine = {voucher.key for voucher in but}
        for voucher in self.of_amount.get((line.currency, line.amount), ()):
            if voucher.key not in mine and in_reach(line, voucher):
                yield voucher

    def named_equals(self, line: Line, but: tuple[Voucher, ...]) -> Iterator[tuple[Voucher, int]]:
        """Other vouchers of the line's amount whose party it names, at least in part."""
        group = self.of_amount.get((line.currency, line.amount), [])
        for voucher in group if len(group) <= SMALL else self._by_words(line):
            if voucher.party and all(voucher.key != each.key for each in but) and in_reach(line, voucher):
                strength = self.name(line, voucher)
                if strength:
                    yield voucher, strength

    def lines_alike(self, line: Line, voucher: Voucher) -> Iterator[Line]:
        """Other lines of the line's amount that name the voucher's party or its number and could be about it as well."""
        group, party = self.lines_of_amount[line.currency, line.amount], self.party(voucher)
        for other in group if len(group) <= SMALL else self._lines_by_words(line, voucher):
            if other.name != line.name and in_reach(other, voucher):
                if self.reference(other, voucher) >= FAIR or name_of(self.shown(other), party):
                    yield other

    def transfers_about(self, account: str, day: date, days: int) -> Iterator[Line]:
        """Lines of the account within so many days that speak of a transfer or print an own account."""
        for away in range(-days, days + 1):
            yield from self._transfers.get((account, day + timedelta(days=away)), ())

    def names_another(self, line: Line, voucher: Voucher) -> bool:
        """Whether the whole name of another party stands in the line."""
        read = self.shown(line)
        return any(
            party.name != voucher.party and name_of(read, party) == STRONG
            for word in dict.fromkeys(read.words)
            for party in self._first_word.get(word, ())[:200]
        )

    def twins(self, line: Line, voucher: Voucher) -> bool:
        """Whether the line names another party that begins with the same word just as well."""
        party, read = self.party(voucher), self.shown(line)
        if party is None:
            return False
        first = telling(party.title)[0]
        return any(
            other is not party and other.party_type == party.party_type and name_of(read, other) == STRONG
            for other in self._first_word.get(first, ())
        )

    def _by_words(self, line: Line) -> list[Voucher]:
        group = line.currency, line.amount
        if group not in self._named:
            index: dict[str, list[Voucher]] = defaultdict(list)
            for voucher in self.of_amount[group]:
                party = self.party(voucher)
                for key in _name_keys(party) if party else ():
                    index[key].append(voucher)
            self._named[group] = index
        read, index = self.shown(line), self._named[group]
        found = {}
        for key in (*read.words, *read.joined, read.accounts, *(f"{word[:8]}~" for word in read.words if len(word) >= 8)):
            for voucher in index.get(key, ()):
                found[voucher.key] = voucher
        return list(found.values())

    def _lines_by_words(self, line: Line, voucher: Voucher) -> list[Line]:
        group = line.currency, line.amount
        if group not in self._saying:
            index: dict[str, list[Line]] = defaultdict(list)
            for each in self.lines_of_amount[group]:
                read = self.shown(each)
                for key in dict.fromkeys(
                    (*read.words, *read.numbers, *read.joined, read.accounts, *(f"{word[:8]}~" for word in read.words if len(word) >= 8))
                ):
                    index[key].append(each)
            self._saying[group] = index
        party, found = self.party(voucher), {}
        wanted = [
            *(_name_keys(party) if party else ()),
            *(key[1:] for number in (voucher.name, voucher.reference) if number for key, _ in keys(number)),
        ]
        for key in wanted:
            for other in self._saying[group].get(key, ()):
                found[other.name] = other
        return list(found.values())


def in_reach(line: Line, voucher: Voucher) -> bool:
    """Whether sign, account and days let the voucher be what the line is about."""
    if (line.amount > 0) != (voucher.amount > 0):
        return False
    days = (line.date - voucher.posting_date).days
    if voucher.bank_account:
        return voucher.bank_account == line.bank_account and -MOVED_AFTER <= days <= MOVED_BEFORE
    return -POSTED_LATE <= days <= LONG_OPEN


def _name_keys(party: Party) -> tuple[str, ...]:
    name = telling(party.title)
    numbers = (number.replace(" ", "").replace("-", "") for number in party.numbers)
    begun = (f"{name[0][:8]}~",) if name and len(name[0]) >= 10 else ()
    return tuple(dict.fromkeys((*name, "".join(name), "".join(words(party.name)), *numbers, *begun)))
