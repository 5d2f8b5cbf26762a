"""Which combinations there are: every field of the real answers of a scene, every operation that changes it, answer lost or not.

The fields are read from what the simulator answers in an undisturbed run and in one whose answer is lost; nothing is listed by hand.
"""

from __future__ import annotations

import hashlib
import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.xero import echoes, elements
from tests.echo.judge import Made
from tests.echo.scenes import SCENES, Scene

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)
# answer: only the answer to the write shows it; both: so does all that is read afterwards; lost: the answer is lost, what is read shows it.
ANSWER, BOTH, LOST = "answer", "both", "lost"
# Instead of showing a field otherwise, the simulator may store text otherwise (its setting tidies_text). The answer is then received or
# lost.
STORED: dict[str, Any] = {
    "tidied": True,
    "tidied-numbers": ["InvoiceNumber", "CreditNoteNumber", "Name", "Reference", "Description", "Narration"],
}
RECEIVED = "received"
NOTHING_THERE = "empty: an empty list is Xero's word that it has nothing"


@dataclass(frozen=True)
class Combination:
    """One trial: `field` of the elements ("*" items of a list), or of the envelope; `route` is the path that shows it."""

    scene: str
    mode: str
    route: str
    field: str
    operation: str
    envelope: bool = False

    @property
    def name(self) -> str:
        """Its name in results, stable from run to run."""
        return f"{self.scene}|{self.mode}|{self.route}|{'~' if self.envelope else ''}{self.field}|{self.operation}"

    def share(self, of: int) -> int:
        """Which of so many shards it belongs to, from 1."""
        return int(hashlib.sha256(self.name.encode()).hexdigest(), 16) % of + 1


@dataclass
class Known:
    """What an undisturbed run of a scene did: what it made, its writes, and what is read after a lost answer."""

    expected: Made
    writes: list[dict[str, Any]] = field(default_factory=list)
    reads: list[dict[str, Any]] = field(default_factory=list)


def combinations(known: dict[str, Known], operations: tuple[str, ...] = echoes.OPERATIONS) -> tuple[list[Combination], dict[str, int]]:
    """All of them in a fixed mixed order, and how many fields and operations were left out, by reason."""
    found: list[Combination] = []
    left_out: dict[str, int] = {}
    for name, facts in known.items():
        scene = SCENES[name]
        found.append(Combination(name, LOST, "-", "-", "none"))
        found += [Combination(name, mode, "-", "-", stored) for stored in STORED for mode in (RECEIVED, LOST)]
        routes: dict[tuple[str, tuple[str, ...]], list[Any]] = {
            (scene.writes, (ANSWER, BOTH)): [call["response"] for call in facts.writes if isinstance(call["response"], dict)]
        }
        for call in facts.reads:
            routes.setdefault((route_of(call["path"]), (LOST,)), []).append(call["response"])
        for (route, modes), answers in routes.items():
            for path, envelope, operation, reason in _changes(answers, operations):
                for mode in modes:
                    if reason == NOTHING_THERE and mode == ANSWER or not reason:
                        found.append(Combination(name, mode, route, path, operation, envelope))
                    else:
                        left_out[reason] = left_out.get(reason, 0) + 1
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda each: hashlib.sha256(each.name.encode()).hexdigest()), left_out


def _changes(answers: list[Any], operations: tuple[str, ...]) -> Iterator[tuple[str, bool, str, str]]:
    """(path, whether of the envelope, operation, why it is left out or "") for every field of these answers and every operation."""
    # Tens of thousands of fresh copies: read back from bytes they come several times faster than copied value by value.
    frozen = [pickle.dumps(answer) for answer in answers]
    for envelope in (False, True):
        fields = dict.fromkeys(path for answer in answers for path in (_envelope(answer) if envelope else _fields(answer)))
        for path in fields:
            for operation in operations:
                fault = {"field": path, "operation": operation, "where": "envelope" if envelope else "all"}
                if not any(echoes.apply(pickle.loads(answer), fault) for answer in frozen):
                    reason = f"{operation}: changes nothing about such a value"
                elif envelope and operation == "empty" and any(isinstance(answer.get(path), list) for answer in answers):
                    # That is no echo of a record but Xero's word that it has none; in a list nobody could tell it from the truth.
                    reason = NOTHING_THERE
                else:
                    reason = ""
                yield path, envelope, operation, reason


def _fields(answer: dict[str, Any]) -> Iterator[str]:
    """Paths into the elements of an answer."""
    for element in answer.get(echoes.collection_of(answer)) or []:
        yield from _paths(element)


def _envelope(answer: dict[str, Any]) -> Iterator[str]:
    """Paths around the elements: the collection itself, pages, status."""
    for key, value in answer.items():
        yield key
        if isinstance(value, dict):
            yield from (f"{key}.{path}" for path in _paths(value))


def _paths(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from (f"{key}.{path}" for path in _paths(value))
    elif isinstance(node, list) and node:
        yield "0"
        for item in node:
            yield from (f"*.{path}" for path in _paths(item))


def route_of(path: str) -> str:
    """A path as a pattern: ids of records and what stands after the API's prefix only."""
    return re.sub(r"^/api\.xro/2\.0", "", GUID.sub("[^/]+", path)) + "$"


def faults(combination: Combination, scene: Scene, writes: int) -> Iterator[dict[str, Any]]:
    """The faults of a combination in order; "first" in `after` is the id of the first. `writes`: how many answers are lost."""
    always = 10**9
    echo = {"kind": "echo", "field": combination.field, "operation": combination.operation, "times": always}
    echo["where"] = "envelope" if combination.envelope else "all"
    if combination.mode == LOST:
        yield {"kind": "drop_after", "method": scene.method, "path": scene.writes, "times": writes}
        if combination.route != "-":
            yield {**echo, "method": "GET", "path": combination.route, "after": "first"}
    elif combination.mode in (ANSWER, BOTH):
        yield {**echo, "method": scene.method, "path": scene.writes}
        if combination.mode == BOTH:
            yield {**echo, "method": "GET", "after": "first", **_read_again(combination, scene)}


def _read_again(combination: Combination, scene: Scene) -> dict[str, str]:
    """Where what a write answered is read afterwards: its list and single record; of allocations the credit they hang on."""
    if "Allocations" in scene.writes:
        field_ = combination.field if combination.envelope else f"Allocations.*.{combination.field}"
        return {"path": r"/(CreditNotes|Overpayments|Prepayments)(/[^/]+)?$", "field": field_}
    return {"path": re.sub(r"(/\[\^/\]\+)?\$$", "(/[^/]+)?$", scene.writes)}


def was_tidied(calls: list[dict[str, Any]], names: Any) -> bool:
    """Whether a switch of what is stored changed any text of these requests."""
    fields = elements.TIDIED if names is True else tuple(names)

    def changed(value: Any, name: str = "") -> bool:
        if isinstance(value, dict):
            return any(changed(item, key) for key, item in value.items())
        if isinstance(value, list):
            return any(changed(item, name) for item in value)
        return isinstance(value, str) and name in fields and echoes.tidy(value) != value

    return any(changed(call["request"]) for call in calls)
