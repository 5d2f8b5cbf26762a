"""The simulator's whole state as JSON text, to be written to a file and put back in another process, of a later version perhaps.

Snapshots (``control``) are for one process: they name its classes. Here everything is plain JSON; what JSON does not know is
an object with one name that begins with a dollar sign. Calls and the ledger of changes are left out.
"""
from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sandbox.xero import wire
from sandbox.xero.idempotency import Kept, Keys
from sandbox.xero.organisation import Limits, Organisation
from sandbox.xero.refusals import Answer
from sandbox.xero.world import World

WORLD = ("organisations", "clients", "grants", "access_tokens", "refresh_tokens", "codes", "connections", "settings")
CLASSES = {each.__name__: each for each in (Organisation, Limits)}
_READERS: dict[str, Callable[[Any], Any]] = {
    "$decimal": Decimal, "$date": date.fromisoformat, "$datetime": datetime.fromisoformat, "$float": float,
    "$bytes": base64.b64decode}


def written(world: World, keys: Keys) -> str:
    """Organisations, apps, sign-ins, settings and remembered keys. Called under the world's lock. TypeError for what is not known
    how to be written, ValueError where one object is held in two places: they would be two when put back."""
    seen: dict[int, Any] = {}
    state = {name: _plain(getattr(world, name), seen) for name in WORLD}
    state["keys"] = [
        [client, key, kept.fingerprint, _plain(kept.first, seen), kept.answer.status, _plain(kept.answer.body, seen),
         _plain(kept.answer.headers, seen)]
        for (client, key), kept in keys.remembered() if kept.answer is not None]
    return wire.dumps(state)


def put_back(world: World, keys: Keys, text: str) -> None:
    """The state that ``written`` gave; calls, ledger and faults start empty. Called under the world's lock."""
    state = wire.loads(text)
    for name in WORLD:
        setattr(world, name, {**getattr(world, name), **_made(state[name])} if name == "settings" else _made(state[name]))
    for started in (world.ledger, world.calls, world.faults):
        started.clear()
    for client, key, fingerprint, first, status, body, headers in state["keys"]:
        kept = Kept(fingerprint, _made(first), answer=Answer(status, _made(body), _made(headers)))
        kept.done.set()
        keys.remember(client, key, kept)


def _plain(value: Any, seen: dict[int, Any]) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, float):
        return {"$float": repr(value)}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, tuple):
        return {"$tuple": [_plain(each, seen) for each in value]}
    if isinstance(value, (set, frozenset)):
        return {"$set": sorted((_plain(each, seen) for each in value), key=wire.dumps)}
    if value and id(value) in seen:
        raise ValueError(f"one object is held in two places: {str(value)[:120]}")
    seen[id(value)] = value
    if isinstance(value, list):
        return [_plain(each, seen) for each in value]
    if is_dataclass(value) and type(value).__name__ in CLASSES:
        return {"$" + type(value).__name__: {each.name: _plain(getattr(value, each.name), seen) for each in fields(value)}}
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: _plain(each, seen) for key, each in value.items()}
        return {"$map": [[_plain(key, seen), _plain(each, seen)] for key, each in value.items()]}
    raise TypeError(f"the simulator holds a {type(value).__name__}, which is not known how to be written: {value!r:.120}")


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return [_made(each) for each in value]
    if not isinstance(value, dict):
        return value
    tag, inner = next(iter(value.items()), ("", None))
    if not tag.startswith("$"):
        return {key: _made(each) for key, each in value.items()}
    if tag in _READERS:
        return _READERS[tag](inner)
    if tag == "$tuple":
        return tuple(_made(each) for each in inner)
    if tag == "$set":
        return {_made(each) for each in inner}
    if tag == "$map":
        return {_made(key): _made(each) for key, each in inner}
    return CLASSES[tag[1:]](**{name: _made(each) for name, each in inner.items()})
