"""A bank line's text taken apart: its words, and the numbers that stand in it in any of the ways people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from sys import intern

from .values import Line

WORD, DIGITS, LETTERS_AND_DIGITS = re.compile(r"[A-Z0-9]+"), re.compile(r"\d+"), re.compile(r"[A-Z]+\d+")
# A day is no number of anything: 05/03/26, 2026-03-05, 5 Mar 2026 loses nothing else.
DAY = re.compile(r"(?<![\w.])(?:\d{1,2}[/.]\d{1,2}[/.](?:20)?\d\d|20\d\d-\d\d-\d\d|\d{1,2}-\d{1,2}-20\d\d)(?![\w])")
CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)")
MONEY = re.compile(r"(?<![\w.,])(\d{1,3}(?:[ ,']\d{3})+|\d+)[.](\d{2})(?![\d])|(?<![\w.,])(\d{1,3}(?:[.]\d{3})+|\d+),(\d{2})(?![\d])")
SPAN = re.compile(r"(?<!\d)(\d{2,9})\s*(?:-|–|TO|BIS|/|THRU|THROUGH)\s*(\d{1,9})(?!\d)")
# The longest span "1021-1033" that is read as all numbers in it; the longest number that separators may stand in.
# What a day leaves behind: no number goes on after it.
APART = "\0"
LONGEST_SPAN, LONGEST_NUMBER, PIECES = 12, 30, 5
_LETTERS = str.maketrans({"ß": "SS", "ẞ": "SS", "Ø": "O", "Æ": "A", "Œ": "O", "Ł": "L", "Đ": "D", "Å": "A"})


def plain(text: str) -> str:
    """Capitals without accents. What banks print for an umlaut (MUELLER, MULLER) is the same here."""
    text = text.upper()
    if not text.isascii():
        text = "".join(each for each in unicodedata.normalize("NFKD", text.translate(_LETTERS)) if not unicodedata.combining(each))
    return text.replace("AE", "A").replace("OE", "O").replace("UE", "U")


@lru_cache(65_536)
def words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(plain(text)))


@dataclass(frozen=True, slots=True)
class Reading:
    """A line's text. `words`: all of them in order; `said`: each once; `numbers`: runs of digits without leading zeros; `run`: each field's words without what stands between
    them; `account`: the other side's bank account."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    run: str
    account: str

    @property
    def said(self) -> frozenset[str]:
        return frozenset(self.words)


def fields(line: Line) -> list[str]:
    """The line's texts. A line end may stand inside a word, so both readings count."""
    texts = [line.description]
    if "\n" in line.description:
        texts.append(line.description.replace("\n", ""))
    for text in (line.reference, line.party_name):
        if text and text not in line.description:
            texts.append(text)
    return texts


def read(line: Line) -> Reading:
    found: list[str] = []
    runs: list[str] = []
    numbers: dict[str, None] = {}
    for text in fields(line):
        run = WORD.findall(plain(text))
        # Banks say the same words in every line: each is kept once.
        found += map(intern, run)
        runs.append("".join(run))
        for each in DIGITS.findall(_without_days(text)):
            numbers[each.lstrip("0")] = None
    return Reading(tuple(found), tuple(numbers), "|".join(runs), account(line.party_number))


def written(line: Line) -> Iterator[str]:
    """Every string of the line that could be a number of a voucher: words, words with what is between them left out, pieces of words, what a span runs through."""
    for text in (part for field in fields(line) for part in plain(_without_days(field)).split(APART)):
        run = WORD.findall(text)
        # Only letters is no number, nor are several such words.
        digits_in = [not word.isalpha() for word in run]
        for at, word in enumerate(run):
            if digits_in[at]:
                yield word
                if word.isdigit():
                    yield word.lstrip("0")
                else:
                    yield from LETTERS_AND_DIGITS.findall(word)
                    for digits in DIGITS.findall(word):
                        yield digits
                        yield digits.lstrip("0")
            elif True not in digits_in[at + 1 : at + PIECES]:
                continue
            whole, has_digits, has_letters = word, digits_in[at], not word.isdigit()
            for beside in range(at + 1, min(at + PIECES, len(run))):
                following = run[beside]
                whole += following
                if len(whole) > LONGEST_NUMBER:
                    break
                has_digits, has_letters = has_digits or digits_in[beside], has_letters or not following.isdigit()
                # Digits of two numbers side by side are one number, cut by a field's end, only when it is a long one.
                if has_digits and (has_letters or len(whole) >= 5):
                    yield whole
        if "-" in text or "TO" in text or "/" in text or "BIS" in text or "THR" in text:
            for first, last in SPAN.findall(text):
                yield from between(first, last)


def between(first: str, last: str) -> list[str]:
    """The numbers of "1021-1033" or "1021-33", the ends among them; [] where it is no short span upwards."""
    full = first[: -len(last)] + last if len(last) < len(first) else last
    start, end = int(first), int(full)
    return [str(each) for each in range(start, end + 1)] if len(first) >= 3 and 0 < end - start <= LONGEST_SPAN else []


def _without_days(text: str) -> str:
    if ":" in text:
        text = CLOCK.sub(APART, text)
    return DAY.sub(APART, text) if text.count("/") > 1 or text.count(".") > 1 or text.count("-") > 1 else text


def account(number: str) -> str:
    """A bank account without what people put between its parts."""
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def sums(line: Line) -> set[Decimal]:
    """The amounts of money that the line prints."""
    found = set()
    for text in fields(line):
        for whole, places, other_whole, other_places in MONEY.findall(text):
            found.add(Decimal(re.sub(r"\D", "", whole or other_whole) + "." + (places or other_places)))
    return found
