"""Facts: what a decision has to know of ERPNext and of what is in Xero, loaded in bulk before anything is decided.

A room says what it needs (`Fact.of(keys)`, joined with `|`), the engine loads that for all steps of a round at once (documents/facts.py),
and decisions read it from `Facts`. A decision never reads the database, so that it can be tested on facts alone and shown in a preview.
Reading a fact that was not among the needs is a bug and raises `NotLoaded`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Fact(Generic[K, V]):
    """One kind of fact, by name: it has a value of type V for each key of type K."""

    name: str

    def of(self, keys: Iterable[K]) -> Needs:
        """The need of this fact for these keys."""
        return frozenset((self, key) for key in keys)


Needs = frozenset[tuple[Fact[Any, Any], Any]]
NOTHING: Needs = frozenset()


class NotLoaded(Exception):
    """A decision asked for a fact that its needs do not name, or for a child table that its room does not declare."""


class Unread:
    """Stands for a child table that was not read, so that nobody takes it for an empty one."""

    def __init__(self, doctype: str, table: str) -> None:
        self._what = f"{doctype} has a table {table!r} that no room reads: name it in `Room.tables`"

    def __bool__(self) -> bool:
        raise NotLoaded(self._what)

    def __iter__(self) -> Iterator[Any]:
        raise NotLoaded(self._what)

    def __len__(self) -> int:
        raise NotLoaded(self._what)


class Facts:
    """The facts that were loaded. `over` makes a copy with other values on top, as a preview needs it."""

    def __init__(self, values: Mapping[tuple[Fact[Any, Any], Any], Any] | None = None) -> None:
        self._values = dict(values or {})

    def get(self, fact: Fact[K, V], key: K) -> V:
        """The value for this key. Raises NotLoaded."""
        try:
            return cast(V, self._values[fact, key])
        except KeyError:
            raise NotLoaded(f"{fact.name} of {key}") from None

    def known(self, fact: Fact[K, V], key: K) -> V | None:
        """The value for this key once it is loaded; None before: what is needed next may depend on it."""
        return self._values.get((fact, key))

    def missing(self, needs: Needs) -> Needs:
        """Those of these needs that are not loaded yet."""
        return frozenset(each for each in needs if each not in self._values)

    def add(self, fact: Fact[K, V], values: Mapping[K, V]) -> None:
        """Keep what was loaded."""
        for key, value in values.items():
            self._values[fact, key] = value

    def each(self, fact: Fact[K, V]) -> dict[K, V]:
        """All that is loaded of one kind of fact, by key."""
        return {key: value for (kind, key), value in self._values.items() if kind is fact}

    def over(self, changed: Mapping[tuple[Fact[Any, Any], Any], Any]) -> Facts:
        """The same facts with these in place of theirs."""
        return Facts({**self._values, **changed})
