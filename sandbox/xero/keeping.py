"""The simulator's whole state as JSON text, to be written to a file and put back in another process, of a later version perhaps.

Snapshots (``control``) are for one process: they name its classes. Here everything is plain JSON; what JSON does not know is
an object with one name that begins with a dollar sign. What is held in two places (an allocation) is one again when it is
put back. Calls and the ledger of changes are left out.
"""
from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sandbox.xero import wire
from sandbox.xero.idempotency import Kept, Keys
from sandbox.xero.organisation import Limits, Organisation, Plan
from sandbox.xero.refusals import Answer
from sandbox.xero.world import World

WORLD = ("organisations", "clients", "grants", "access_tokens", "refresh_tokens", "codes", "connections", "settings")
CLASSES = {each.__name__: each for each in (Organisation, Limits, Plan)}
_READERS: dict[str, Callable[[Any], Any]] = {
    "$decimal": Decimal, "$date": date.fromisoformat, "$datetime": datetime.fromisoformat, "$float": float,
    "$bytes": base64.b64decode}


def written(world: World, keys: Keys) -> str:
    """Organisations, apps, sign-ins, settings and remembered keys. Called under the world's lock. TypeError for what is not known
    how to be written."""
    answers = [[client, key, kept.fingerprint, kept.first, kept.answer.status, kept.answer.body, kept.answer.headers]
               for (client, key), kept in keys.remembered() if kept.answer is not None]
    return wire.dumps(_Writer({**{name: getattr(world, name) for name in WORLD}, "keys": answers}).text)


def put_back(world: World, keys: Keys, text: str) -> None:
    """The state that ``written`` gave; calls, ledger and faults start empty. Called under the world's lock."""
    state = _Reader().made(wire.loads(text))
    for name in WORLD:
        setattr(world, name, {**getattr(world, name), **state[name]} if name == "settings" else state[name])
    for started in (world.ledger, world.calls, world.faults):
        started.clear()
    for client, key, fingerprint, first, status, body, headers in state["keys"]:
        kept = Kept(fingerprint, first, answer=Answer(status, body, headers))
        kept.done.set()
        keys.remember(client, key, kept)


def _parts(value: Any) -> list[Any]:
    """What a value holds."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    return [getattr(value, each.name) for each in fields(value)] if type(value).__name__ in CLASSES else []


class _Writer:
    """``text``: the value in what JSON knows."""

    def __init__(self, value: Any) -> None:
        self._held: Counter[int] = Counter()
        self._numbers: dict[int, int] = {}
        self._count(value)
        self.text = self._plain(value)

    def _count(self, value: Any) -> None:
        if isinstance(value, (dict, list)) and value:
            self._held[id(value)] += 1
            if self._held[id(value)] > 1:
                return
        for part in _parts(value):
            self._count(part)

    def _plain(self, value: Any) -> Any:
        if self._held[id(value)] < 2:
            return self._one(value)
        if id(value) in self._numbers:
            return {"$same": self._numbers[id(value)]}
        number = self._numbers[id(value)] = len(self._numbers)
        return {"$held": [number, self._one(value)]}

    def _one(self, value: Any) -> Any:
        if value is None or isinstance(value, (str, bool, int)):
            return value
        if isinstance(value, Decimal):
            return {"$decimal": str(value)}
        if isinstance(value, float):
            return {"$float": repr(value)}
        if isinstance(value, (datetime, date)):
            return {"$datetime" if isinstance(value, datetime) else "$date": value.isoformat()}
        if isinstance(value, bytes):
            return {"$bytes": base64.b64encode(value).decode()}
        if isinstance(value, tuple):
            return {"$tuple": [self._plain(each) for each in value]}
        if isinstance(value, (set, frozenset)):
            return {"$set": sorted((self._plain(each) for each in value), key=wire.dumps)}
        if isinstance(value, list):
            return [self._plain(each) for each in value]
        if is_dataclass(value) and type(value).__name__ in CLASSES:
            return {"$" + type(value).__name__: {each.name: self._plain(getattr(value, each.name)) for each in fields(value)}}
        if not isinstance(value, dict):
            raise TypeError(f"the simulator holds a {type(value).__name__}, which is not known how to be written: {value!r:.120}")
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: self._plain(each) for key, each in value.items()}
        return {"$map": [[self._plain(key), self._plain(each)] for key, each in value.items()]}


class _Reader:
    """The way back."""

    def __init__(self) -> None:
        self._held: dict[int, Any] = {}

    def made(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.made(each) for each in value]
        if not isinstance(value, dict):
            return value
        tag, inner = next(iter(value.items()), ("", None))
        if not tag.startswith("$"):
            return {key: self.made(each) for key, each in value.items()}
        if tag in _READERS:
            return _READERS[tag](inner)
        if tag == "$held":
            self._held[inner[0]] = self.made(inner[1])
            return self._held[inner[0]]
        if tag == "$same":
            return self._held[inner]
        if tag == "$map":
            return {self.made(key): self.made(each) for key, each in inner}
        if tag in ("$tuple", "$set"):
            return (tuple if tag == "$tuple" else set)(self.made(each) for each in inner)
        return CLASSES[tag[1:]](**{name: self.made(each) for name, each in inner.items()})
