"""A thesaurus of accounts: what accountants of Australia, New Zealand, the United Kingdom and the United States call the same thing.

A concept is one thing that a chart may have an account for. `same` are its names; `part` what belongs on its account where the chart has
none of its own; `near` the concepts that serve where the chart has none for this one, each with how sure that is. `usual` is what the trades
book there (`trades.py`), and may be of several concepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .words import Words, plain, words


@dataclass(frozen=True)
class Concept:
    """One thing that an account can be for, in one class. `points` of `near` are at most MEDIUM."""

    key: str
    root_type: str
    same: tuple[str, ...]
    part: tuple[str, ...] = ()
    near: tuple[tuple[str, int], ...] = ()


def concept(root_type: str, key: str, same: str, part: str = "", near: str = "") -> Concept:
    """From lists with semicolons; `near` as "freight 60; stationery 40"."""
    others = [each.rsplit(" ", 1) for each in _listed(near)]
    return Concept(key, root_type, _listed(same), _listed(part), tuple((name, int(points)) for name, points in others))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(";") if each.strip())


class Thesaurus:
    """The concepts of all classes, found by the words of their names."""

    def __init__(self, concepts: Iterable[Concept], usual: Mapping[str, str]) -> None:
        self.concepts: dict[str, Concept] = {}
        self.same: dict[tuple[str, Words], str] = {}
        self.part: dict[tuple[str, Words], str] = {}
        self.usual: dict[tuple[str, Words], list[str]] = {}
        self.having: dict[tuple[str, str], list[tuple[tuple[int, list[str], str], tuple[Words, str]]]] = {}
        for each in concepts:
            self.concepts[each.key] = each
            for phrases, found in ((each.same, self.same), (each.part, self.part)):
                for phrase in phrases:
                    key = words(plain(phrase), each.root_type)
                    found.setdefault((each.root_type, key), each.key)
                    self._add(each, key)
        for name, listed in usual.items():
            of = self.concepts[name]
            for phrase in _listed(listed):
                key = words(plain(phrase), of.root_type)
                if (of.root_type, key) not in self.same and (of.root_type, key) not in self.part:
                    self.usual.setdefault((of.root_type, key), []).append(name)
                    self._add(of, key)

    def _add(self, of: Concept, key: Words) -> None:
        place = (-len(key), sorted(key), of.key)
        self.having.setdefault((of.root_type, place[1][0]), []).append((place, (key, of.key)))

    def inside(self, root_type: str, said: Words) -> list[tuple[Words, str]]:
        """The names of which all words are among these, those of most words first."""
        found = [each for word in said for each in self.having.get((root_type, word), ()) if each[1][0] <= said]
        found.sort(key=_place)
        return [pair for _at, pair in found]


def _place(placed: tuple[tuple[int, list[str], str], tuple[Words, str]]) -> tuple[int, list[str], str]:
    return placed[0]
