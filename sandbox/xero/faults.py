"""Faults switched on at run time: which call they hit, and holding an answer until released.

A fault: ``kind``; ``method``, ``path``, ``body`` and ``query`` (regular expressions; all but the first match
anywhere); ``marker`` (plain text that some value of the body contains: the fault is bound to one record, in whatever
request it stands); ``after`` (the id of a fault that must have hit before); ``skip`` calls let pass first; ``times``
(default 1); and what its kind needs. ``hits`` counts calls that arrived, ``waiting`` those held at this moment (for
hold_after: already processed), ``changed`` what an echo showed otherwise in answers that were sent. Kinds:

drop_before   close the connection before processing        drop_after   process, then close without an answer
hold_before   wait ``seconds`` or until released, then go on hold_after   process, then wait likewise, then answer
error_before  ``status`` (500 kept under the key, 502/503 not), nothing processed
error_after   process, then ``status``: 500 is kept under the key, 502/503/504 keep the true answer
error_amid    500 at the first element that holds ``marker``, kept under the key: those before it are written
limit         429: ``problem`` minute, day or concurrent; ``retry_after``
element_error the element number ``index`` is refused with ``text``
batch_400     the whole request is refused with ``text``, nothing processed
truncated     process, then send only half of the answer and close
oauth_error   400 with ``error`` (invalid_grant by default)
reorder       elements answered in reverse                  null_payment_id  PaymentID null without a message
instead       process, then answer 200 with ``text`` and nothing else; a refusal stays one, unless ``always``
keep          what is stored is not what was sent: the ``line`` (an index, 0 unless said, or "all") has what ``set`` says
              (AccountCode, TaxType, Tracking, LineAmount, TaxAmount; null drops it), or lines are stored in ``reverse``
short         pages hold ``most`` records whatever was asked for, and nothing is said of how many there are
echo          ``field`` of the elements ``where`` is shown by ``operation``: see ``echoes``; what is stored stays
"""
from __future__ import annotations

import re
import threading
import uuid
from typing import Any

from sandbox.xero import echoes, wire
from sandbox.xero.world import World

KINDS = {"drop_before", "drop_after", "hold_before", "hold_after", "error_before", "error_after", "limit",
         "element_error", "batch_400", "truncated", "oauth_error", "reorder", "null_payment_id", "error_amid", "echo", "instead", "short", "keep"}
LONGEST_HOLD = 600.0


def add(world: World, fault: dict[str, Any]) -> dict[str, Any]:
    """Switches a fault on. ValueError for an unknown kind."""
    if fault.get("kind") not in KINDS:
        raise ValueError(f"unknown fault kind {fault.get('kind')!r}; known: {', '.join(sorted(KINDS))}")
    if fault["kind"] == "echo":
        echoes.check(fault)
    if fault["kind"] == "error_amid" and not fault.get("marker"):
        raise ValueError("error_amid needs the marker of the record it fails at")
    if fault["kind"] == "short" and int(fault.get("most", 0)) < 1:
        raise ValueError("a short page needs to say how many records it holds at the most")
    kept = {"id": str(uuid.uuid4()), "method": ".*", "path": ".*", "times": 1, "skip": 0, "hits": 0, "waiting": 0,
            "changed": 0, **fault, "released": threading.Event()}
    world.faults.append(kept)
    return public(kept)


def public(fault: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fault.items() if key != "released"}


def matching(world: World, method: str, path: str, body: bytes = b"", query: str = "") -> dict[str, Any] | None:
    """The fault that hits this call, its counters moved on; None mostly. Called under the world's lock."""
    for fault in world.faults:
        hit = (fault["times"] > 0 and re.fullmatch(fault["method"], method) and re.search(fault["path"], path)
               and re.search(fault.get("body", ""), body.decode(errors="replace"))
               and re.search(fault.get("query", ""), query)
               and (not fault.get("marker") or holds(body, fault["marker"]))
               and (not fault.get("after") or any(f["id"] == fault["after"] and f["hits"] for f in world.faults)))
        if not hit:
            continue
        if fault["skip"] > 0:
            fault["skip"] -= 1
            continue
        fault["times"] -= 1
        fault["hits"] += 1
        return fault
    return None


def holds(body: Any, marker: str) -> bool:
    """Whether some text in a body (bytes of JSON, or parsed) contains the marker."""
    if isinstance(body, bytes):
        try:
            body = wire.loads(body)
        except ValueError:
            return False
    if isinstance(body, dict):
        return any(holds(value, marker) for value in body.values())
    if isinstance(body, list):
        return any(holds(value, marker) for value in body)
    return isinstance(body, str) and marker in body


def echoed(fault: dict[str, Any], answer: bytes) -> bytes:
    """The answer as an echo fault lets it be seen, counted in ``changed``; called only for what is really sent."""
    try:
        shown = wire.loads(answer)
    except ValueError:
        return answer
    count = echoes.apply(shown, fault)
    fault["changed"] += count
    return wire.dumps(shown).encode() if count else answer


def hold(fault: dict[str, Any]) -> None:
    """Waits real seconds (``seconds``; without it until released, at most 10 minutes)."""
    fault["waiting"] += 1
    fault["released"].wait(float(fault.get("seconds", LONGEST_HOLD)))
    fault["waiting"] -= 1


def release(world: World, fault_id: str | None = None) -> int:
    """Lets held calls go on; returns how many faults were released."""
    chosen = [fault for fault in world.faults if fault_id in (None, fault["id"])]
    for fault in chosen:
        fault["released"].set()
    return len(chosen)
