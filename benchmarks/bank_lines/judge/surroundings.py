"""What a bookkeeper sees around a line: which vouchers its text points to, whom it names, what else has that amount. Nothing here knows the truth."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from benchmarks.bank_lines.judge.names import FORM_WORDS, plain
from benchmarks.bank_lines.values import Line, Voucher, World

OPEN = ("Sales Invoice", "Purchase Invoice", "Expense Claim")
# How well a text points to a voucher: the whole number, its running number, or a running number so short that it may stand there by chance.
WHOLE, RUNNING, SHORT = 3, 2, 1
WORD = re.compile(r"[A-Z0-9]+")
LIST = re.compile(r"(\d{3,})((?:\s*[/&+,]\s*\d{2,})+)")
RANGE = re.compile(r"(\d{3,})\s*(?:-|TO)\s*(?:[A-Z]+-?)?(\d{3,})")
LEAST_OF_A_NAME = 10
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
FULL_MONTHS = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER".split()
MONTH_OF = {word: at for names in (MONTHS, FULL_MONTHS) for at, word in enumerate(names, 1)}


def whole_cents(voucher: Voucher) -> int:
    return int(voucher.amount.scaleb(2))


def compact(text: str) -> str:
    return "".join(WORD.findall(plain(text)))


def running(text: str) -> str:
    """The running number at a text's end without leading zeros, or nothing if that is shorter than three digits."""
    found = re.findall(r"\d+", text)
    number = found[-1].lstrip("0") if found else ""
    return number if len(number) >= 3 else ""


def core(title: str) -> str:
    """A name as one word, without what says Ltd or Inc at its end."""
    words = WORD.findall(plain(title))
    while len(words) > 1 and words[-1] in FORM_WORDS:
        words.pop()
    return "".join(words)


def month_said(text: str) -> int:
    """The month of a rent that a text names, 0 if none."""
    if "RENT" not in text.upper():
        return 0
    words = WORD.findall(plain(text))
    return next((MONTH_OF[word] for word in words if word in MONTH_OF), 0) if "RENT" in words else 0


class Surroundings:
    """Everything of a world under the keys by which a bookkeeper looks for it. Vouchers and lines are named by their place in the world."""

    def __init__(self, world: World) -> None:
        self.world, self.vouchers, self.lines = world, world.vouchers, world.lines
        self.cents = [whole_cents(each) for each in world.vouchers]
        self.line_cents = [int(each.amount.scaleb(2)) for each in world.lines]
        self.place = {each.key: at for at, each in enumerate(world.vouchers)}
        self.line_place = {each.name: at for at, each in enumerate(world.lines)}
        self._numbers: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.open_of: dict[str, list[int]] = defaultdict(list)
        self.moved_at: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.same_amount: dict[tuple[str, int], list[int]] = defaultdict(list)
        for at, voucher in enumerate(world.vouchers):
            self._index(at, voucher)
        self._names: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._codes: dict[str, str] = {}
        self._accounts: dict[str, list[str]] = defaultdict(list)
        self.staff = frozenset(each.name for each in world.parties if each.party_type == "Employee")
        for party in world.parties:
            words = WORD.findall(plain(party.title))
            if words:
                self._names[words[0]].append((core(party.title), party.name))
            if party.name != party.title:
                self._codes[compact(party.name)] = party.name
            for number in party.numbers:
                self._accounts[compact(number)].append(party.name)
        self.texts = [plain(f"{each.description} | {each.reference} | {each.party_name}") for each in world.lines]
        self.words = [WORD.findall(text) for text in self.texts]
        self.refs = [self._pointed(at) for at in range(len(world.lines))]
        self.named = [self._parties(at, line) for at, line in enumerate(world.lines)]
        self.lines_at: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.lines_on: dict[tuple[str, date], list[int]] = defaultdict(list)
        self.lines_of: dict[str, list[int]] = defaultdict(list)
        self.lines_with: dict[str, list[int]] = defaultdict(list)
        self.lines_to: dict[int, list[int]] = defaultdict(list)
        for at, line in enumerate(world.lines):
            self.lines_at[line.bank_account, self.line_cents[at]].append(at)
            self.lines_on[line.bank_account, line.date].append(at)
            for name in sorted(self.named[at]):
                self.lines_of[name].append(at)
            for word in dict.fromkeys(each for each in self.words[at] if len(each) >= 5 and each.isdigit()):
                self.lines_with[word].append(at)
            for voucher_at in self.refs[at]:
                self.lines_to[voucher_at].append(at)

    def is_open(self, at: int) -> bool:
        return self.vouchers[at].doctype in OPEN

    def _index(self, at: int, voucher: Voucher) -> None:
        if self.is_open(at):
            self.open_of[voucher.party].append(at)
        else:
            self.moved_at[voucher.bank_account, self.cents[at]].append(at)
        self.same_amount[voucher.currency, self.cents[at]].append(at)
        keys: dict[str, int] = {}
        for text in (voucher.name, voucher.reference):
            number, end = compact(text), running(text)
            if end:
                keys.setdefault(end, RUNNING if len(end) >= 4 else SHORT)
            if len(number) >= 4 and any(sign.isdigit() for sign in number):
                keys[number] = WHOLE if len(number) > len(end) or len(number) >= 5 else keys.get(number, SHORT)
        for key, strength in keys.items():
            self._numbers[key].append((at, strength))

    def _pointed(self, at: int) -> dict[int, int]:
        """The vouchers whose number stands in the line, split, joined, in a list or within a range, and how plainly."""
        found: dict[int, int] = {}
        for key in self._keys(at):
            for voucher_at, strength in self._numbers.get(key, ()):
                found[voucher_at] = max(strength, found.get(voucher_at, 0))
        return found

    def _keys(self, at: int) -> Iterator[str]:
        words, text = self.words[at], self.texts[at]
        for start, word in enumerate(words):
            joined = ""
            for piece in words[start : start + 6]:
                joined += piece
                if len(joined) > 24:
                    break
                if len(joined) >= 3:
                    yield joined
            if word[-1].isdigit() and (end := running(word)) and end != word:
                yield end
        for head, rest in LIST.findall(text):
            for number in re.findall(r"\d+", rest):
                yield (head[: len(head) - len(number)] + number if len(number) < len(head) else number).lstrip("0")
        for low, high in RANGE.findall(text):
            first, last = int(low), int(high)
            if 0 < last - first <= 12:
                yield from (str(number) for number in range(first, last + 1))

    def _parties(self, at: int, line: Line) -> frozenset[str]:
        """Whom the line names: by an account number, a customer's code, or a name of which at least ten letters stand there, or all. Of names that begin alike
        the one that stands there longest; those equally long are all meant."""
        found: set[str] = set()
        if line.party_number:
            found.update(self._accounts.get(compact(line.party_number), ()))
        words = self.words[at]
        for start, word in enumerate(words):
            if word in self._codes:
                found.add(self._codes[word])
            if start + 1 < len(words) and (both := word + words[start + 1]) in self._codes:
                found.add(self._codes[both])
            if start + 2 < len(words) and (three := word + words[start + 1] + words[start + 2]) in self._codes:
                found.add(self._codes[three])
            if word not in self._names:
                continue
            longest = 0
            best: list[str] = []
            for name, party in self._names[word]:
                length = self._stands(words, start, name)
                if length >= min(len(name), LEAST_OF_A_NAME) and length >= longest:
                    best = [*best, party] if length == longest else [party]
                    longest = length
            found.update(best)
        return frozenset(found)

    @staticmethod
    def _stands(words: list[str], start: int, name: str) -> int:
        """How many letters of a name stand at a place, in whole words of the text (the last may be cut off)."""
        length = 0
        for word in words[start : start + 8]:
            if not name.startswith(word, length):
                break
            length += len(word)
        return length

    def eligible(self, party: str, line: Line) -> list[int]:
        """What a party had open when the line came, in the line's currency."""
        return [
            at
            for at in self.open_of.get(party, ())
            if self.vouchers[at].currency == line.currency and (self.vouchers[at].posting_date - line.date).days <= 3
        ]

    def ways_to_sum(self, among: list[int], cents: int, most: int = 14) -> int:
        """How many choices of two or more of these vouchers come to the sum; beyond so many vouchers two, which says: not to be told."""
        if len(among) > most:
            return 2
        sums: dict[tuple[int, int], int] = {(0, 0): 1}
        for at in among:
            grown = dict(sums)
            for (total, count), ways in sums.items():
                key = (total + self.cents[at], min(count + 1, 2))
                grown[key] = grown.get(key, 0) + ways
            sums = grown
        return sums.get((cents, 2), 0)
