"""How numbers and texts of records in Xero name ERPNext documents, and how those names are found there again.

Whatever the app makes bears the name of its document: as its number, as the first words of its Reference, Narration or Description, or
behind the supplier's own number. All forms are made here, so that all of them are recognised here:

| form | where |
|---|---|
| `PE-1`, `PE-1 fee`, `SI-1 Deferred revenue released on ...` | the first words of a text; invoices and credit notes have it as their number |
| `PE-1/2` | one of several payments of a document |
| `SI-1-R1` | a number instead of one that Xero has used up |
| `SI-1-C`, `SI-1-W`, `SI-1-C-R1` | the credit note of a cancelled document, and that of what was written off |
| `A-77 (PR-1)` | a supplier's credit note, behind his own number |
| `Written off SI-1` | a text in which the name comes last |

A name may hold anything that people put into a naming series: slashes, blanks, brackets, percent signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...accounting.plain_text import Sent, one_line
from .xero_element import fold

CREDITED, WRITTEN_OFF = "-C", "-W"
WORD = re.compile(r"\w+")
# What the app puts behind a name; then the word ends there, and no longer name begins with this one.
BEHIND = re.compile(r"(?:/\d+|(?:-[cw])?(?:-r\d+)?)(?!\w|[-/]\w)")
# So many words at most a name has, and so many names at most a record is searched for, where all possible ones are asked for.
LONGEST, MOST = 10, 2000


def numbered(name: str, used: int = 0, what: str = "") -> str:
    """The number of a document's record: its name. `what` tells a second record of the document apart; `used` says how many of such numbers
    are used up in Xero."""
    return name + what + (f"-R{used}" if used else "")


def part(name: str, number: int) -> str:
    """The name of one of several payments of a document; 0 for the only one."""
    return name + (f"/{number}" if number else "")


def behind_theirs(theirs: str, number: str, limit: int) -> Sent:
    """A document's number behind the supplier's own one, which is cut where both are too long: ours finds the record again."""
    ours = f" ({one_line(number)})"
    return Sent(theirs[: limit - len(ours)] + ours)


class Names:
    """The names of some documents, to be found in records: by their words first, however many documents and records there are."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_words: dict[tuple[str, ...], dict[str, tuple[int, str]]] = {}
        for name in names:
            said = fold(one_line(name))
            words = list(WORD.finditer(said))
            if words:
                self._by_words.setdefault(tuple(each[0] for each in words), {})[name] = (words[0].start(), said)
        self._lengths = sorted({len(words) for words in self._by_words}, reverse=True)

    def within(self, texts: Iterable[str]) -> list[str]:
        """Those of the names that one of these texts has as whole words, in one of the forms that the app writes; longer ones first."""
        found: dict[str, None] = {}
        for text in texts:
            said = fold(text)
            words = list(WORD.finditer(said))
            for length in self._lengths:
                for at in range(len(words) - length + 1):
                    for name, (lead, own) in self._by_words.get(tuple(each[0] for each in words[at : at + length]), {}).items():
                        start = words[at].start() - lead
                        if start >= 0 and said.startswith(own, start) and _whole(said, start, start + len(own)):
                            found[name] = None
        return sorted(found, key=len, reverse=True)


def possible(texts: Iterable[str]) -> set[str]:
    """Every sequence of words in these texts that may be a document's name, as it stands there, without what the app puts behind one."""
    found: set[str] = set()
    for text in texts:
        found |= set(text.split())
        words = list(WORD.finditer(text))
        for length in range(1, LONGEST + 1):
            for at in range(len(words) - length + 1):
                if len(found) >= MOST:
                    return found
                found.add(text[words[at].start() : words[at + length - 1].end()])
    return found


def leading(number: str) -> set[str]:
    """Every name that a number or a Reference may begin with, as it stands there; also behind a supplier's own number."""
    found: set[str] = set()
    for text in (number, number[number.rfind("(") + 1 :].rstrip(")")):
        for word in list(WORD.finditer(text))[:LONGEST]:
            found.add(text[: word.end()].strip())
    return found


def _whole(said: str, start: int, end: int) -> bool:
    """Whether a name that stands there in a text is no part of a longer word or name."""
    return not re.search(r"(?:\w|\w[-/])$", said[max(0, start - 2) : start]) and bool(BEHIND.match(said, end))
