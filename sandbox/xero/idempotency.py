"""Idempotency-Key: kept 6 minutes from the first call, per app (A: Xero developer documentation, idempotent requests).

A repeat gets the first answer, a 500 included; the same key with another method, URL or body is a 400; a repeat that
arrives while the first runs waits for it. Validation answers (400) are kept too (C).
"""
from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.xero import clock
from sandbox.xero.refusals import Answer, envelope, post_data_invalid, text
from sandbox.xero.world import Call

KEPT = 360
LONGEST = 128


@dataclass
class Kept:
    """One remembered key."""

    fingerprint: str
    first: float
    done: threading.Event = field(default_factory=threading.Event)
    answer: Answer | None = None


class Keys:
    """The key store. ``run`` is called without the world's lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], Kept] = {}

    def remembered(self) -> list[tuple[tuple[str, str], Kept]]:
        """Every (client, key) whose call is over."""
        with self._lock:
            return [(name, kept) for name, kept in self._kept.items() if kept.done.is_set()]

    def remember(self, client: str, key: str, kept: Kept) -> None:
        """Know a key as another process knew it."""
        with self._lock:
            self._kept[(client, key)] = kept

    def _forget(self) -> None:
        """Drops keys that are over: the answers of days would fill the memory. Called under the lock."""
        while self._kept:
            name, oldest = next(iter(self._kept.items()))
            if not oldest.done.is_set() or clock.now() - oldest.first < KEPT:
                return
            del self._kept[name]

    def run(self, call: Call, act: Callable[[], Answer]) -> Answer:
        """``act`` at most once per key within 6 minutes; the answer of that once."""
        key = call.key
        if key is None or call.method not in ("PUT", "POST", "PATCH"):
            return act()
        if not key.strip():
            raise post_data_invalid("The Idempotency-Key header must not be empty.")  # refusal B, wording C
        if len(key) > LONGEST:
            raise envelope(10, "ValidationException", f"Idempotency Key: must be {LONGEST} characters or fewer.")
        query = "&".join(f"{name}={value}" for name, value in sorted(call.query.items()))
        text_of = f"{call.method} {call.org.tenant} {call.path}?{query}\n".encode() + call.body
        print_ = hashlib.sha256(text_of).hexdigest()
        with self._lock:
            kept = self._kept.get((call.client, key))
            if kept and kept.done.is_set() and clock.now() - kept.first >= KEPT:
                kept = None
            mine = kept is None
            if kept is None:
                self._forget()
                kept = self._kept[(call.client, key)] = Kept(print_, clock.now())
        if kept.fingerprint != print_:
            raise envelope(10, "ValidationException", text("E102", key=key))
        if not mine:
            kept.done.wait()
            assert kept.answer is not None
            return kept.answer
        try:
            kept.answer = act()
        except Answer as answer:
            kept.answer = answer
        finally:
            if kept.answer is None:
                kept.answer = Answer(500, text("E126"))
            kept.done.set()
        return kept.answer
