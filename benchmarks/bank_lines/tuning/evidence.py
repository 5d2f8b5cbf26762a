"""What a line shows a reader: which vouchers' references and which party's name stand in its fields.

It reads the finished line, never how it was made. The strength of a reference: STRONG for a whole number with its letters or with eight digits, FAIR for the last four or more
digits of it, or six in a row, WEAK for three. The strength of a name: STRONG for the whole name (cut at the end of a field), a known bank account or the party's code; WEAK for
a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from benchmarks.bank_lines.tuning.wording import plain
from benchmarks.bank_lines.values import Line, Party, Voucher

NONE, WEAK, FAIR, STRONG = 0, 1, 2, 3
# The longest range "1021-1033" that is read as one.
RANGE = 12
# Words of a name that tell nobody apart.
EMPTY_WORDS = frozenset("PTY LTD LIMITED LLP PLC INC LLC CORP CO GMBH KG AG EK PTE THE AND MR MRS LP PAYMENT".split())


@dataclass(frozen=True)
class Shown:
    """A line's text taken apart: words, numbers without leading zeros, words joined (where separators or line ends stand inside a number)."""

    words: tuple[str, ...]
    numbers: Mapping[str, None]
    joined: Mapping[str, None]
    accounts: str
    # All words without what is between them, a field after the other.
    run: str


@lru_cache(200_000)
def words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[A-Z0-9]+", plain(text).upper()))


def shown(line: Line) -> Shown:
    """What the line's fields show. A line end in the description may stand inside a word, so both readings count."""
    texts = [line.description, line.reference, line.party_name]
    if "\n" in line.description:
        texts.append(line.description.replace("\n", ""))
    found: list[str] = []
    numbers: dict[str, None] = {}
    joined: dict[str, None] = {}
    for text in texts:
        if not text:
            continue
        run = words(text)
        found.extend(run)
        for at in range(len(run)):
            whole = ""
            for word in run[at : at + 5]:
                whole += word
                if len(whole) > 30:
                    break
                if any(each.isdigit() for each in whole):
                    joined[whole] = None
        for word in run:
            for digits in re.findall(r"\d+", word):
                numbers[digits.lstrip("0")] = None
            # "id:INV1021ref" and the like: letters that follow a number are no part of it.
            for piece in re.findall(r"[A-Z]+\d+", word):
                joined[piece] = None
        for first, last in re.findall(r"(?<!\d)(\d{3,9})\s*(?:-|to|TO|/)\s*(\d{2,9})(?!\d)", text):
            for each in _between(first, last):
                numbers[each] = None
    return Shown(tuple(found), numbers, joined, line.party_number.replace(" ", "").replace("-", ""), "".join(found))


def _between(first: str, last: str) -> list[str]:
    start, end = int(first), int(first[: -len(last)] + last) if len(last) < len(first) else int(last)
    return [str(each) for each in range(start, end + 1)] if 0 < end - start <= RANGE else []


@lru_cache(500_000)
def keys(number: str) -> tuple[tuple[str, int], ...]:
    """How a number can stand in a text, each with its strength."""
    whole = re.sub(r"[^A-Z0-9]", "", plain(number).upper())
    runs = re.findall(r"\d+", whole)
    if not runs or len(whole) < 3:
        return ()
    found, digits = {}, "".join(runs)
    separate = re.findall(r"\d+", number)
    last = separate[-1].lstrip("0")
    if whole != digits and len(whole) >= 5 or len(digits) >= 8:
        found["=" + whole] = STRONG
    if len(digits) >= 6 and digits.lstrip("0") != last:
        found["#" + digits.lstrip("0")] = FAIR
    if len(last) >= 3:
        found["#" + last] = FAIR if len(last) >= 4 else WEAK
    return tuple(found.items())


def reference_of(line: Shown, voucher: Voucher) -> int:
    """How strongly the line shows the voucher's own number or the other side's."""
    best = NONE
    for number in (voucher.name, voucher.reference):
        for key, strength in keys(number) if number else ():
            if strength > best and (key[1:] in line.joined if key[0] == "=" else key[1:] in line.numbers):
                best = strength
    return best


@lru_cache(200_000)
def telling(title: str) -> tuple[str, ...]:
    return tuple(word for word in words(title) if word not in EMPTY_WORDS and len(word) > 1) or words(title)


def name_of(line: Shown, party: Party | None) -> int:
    """How strongly the line names the party."""
    if party is None:
        return NONE
    if line.accounts and any(number.replace(" ", "").replace("-", "") == line.accounts for number in party.numbers):
        return STRONG
    code = "".join(words(party.name))
    if party.name != party.title and code in line.joined:
        return STRONG
    name = telling(party.title)
    there = [word in line.words for word in name]
    if all(there) and sum(len(word) for word in name) >= 5:
        return STRONG
    run = "".join(name)
    if len(run) >= 8 and run in line.run:
        return STRONG
    # Cut at the field's end: the first words whole, the next begun.
    whole = next((at for at, here in enumerate(there) if not here), len(name))
    if whole:
        begun = whole < len(name) and any(len(word) >= 2 and name[whole].startswith(word) for word in line.words)
        length = sum(len(word) for word in name[:whole])
        if begun and length >= 4:
            return STRONG
        if length >= 4:
            return WEAK
    if len(name) == 2 and there[1] and len(name[1]) >= 3:
        return WEAK
    if name and len(name[0]) >= 10 and any(len(word) >= 8 and name[0].startswith(word) for word in line.words):
        return WEAK
    return WEAK if sum(len(word) for word, here in zip(name, there) if here) * 2 > len(run) else NONE


def nearly(line: Shown, voucher: Voucher) -> bool:
    """Whether a number of the line is one slip away from the voucher's: a digit wrong, missing, twice or two changed about, in four digits or more."""
    for number in (voucher.name, voucher.reference):
        runs = re.findall(r"\d+", number)
        wanted = runs[-1].lstrip("0") if runs else ""
        if len(wanted) >= 4 and any(abs(len(each) - len(wanted)) <= 1 and one_slip(each, wanted) for each in line.numbers):
            return True
    return False


def one_slip(a: str, b: str) -> bool:
    """True for one wrong, missing or additional digit, or two neighbours changed about; False for equal ones."""
    if a == b:
        return False
    if len(a) == len(b):
        apart = [at for at in range(len(a)) if a[at] != b[at]]
        return len(apart) == 1 or (
            len(apart) == 2 and apart[1] == apart[0] + 1 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]
        )
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
