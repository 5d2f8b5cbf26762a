"""Rate limits per app and organisation: 5 in flight, 60 a minute, 1,000 or 5,000 a day; 10,000 a minute per app.

Windows are fixed and start at different moments per organisation (B). Evaluated before idempotency: a 429 wrote
nothing (B). ``Retry-After`` comes with the minute and day problems only (A/B).
"""
from __future__ import annotations

import math
import zlib
from typing import Any

from sandbox.xero import clock
from sandbox.xero.organisation import Organisation
from sandbox.xero.refusals import Answer
from sandbox.xero.world import World

MINUTE, DAY = 60, 86400


class Meter:
    """Counts calls; its methods are called under the world's lock."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str, int], tuple[int, int]] = {}
        self._flying: dict[tuple[str, str], int] = {}
        self._app: dict[str, tuple[int, int]] = {}

    def _used(self, client: str, org: Organisation, length: int) -> tuple[int, int]:
        """(calls in the window that is open now, seconds until it ends)."""
        shifted = clock.now() + zlib.crc32(org.tenant.encode()) % length
        window = int(shifted // length)
        number, used = self._windows.get((client, org.tenant, length), (window, 0))
        return (used if number == window else 0), math.ceil((window + 1) * length - shifted)

    def _count(self, client: str, org: Organisation, length: int) -> None:
        used, _ = self._used(client, org, length)
        shifted = clock.now() + zlib.crc32(org.tenant.encode()) % length
        self._windows[(client, org.tenant, length)] = (int(shifted // length), used + 1)

    def _app_used(self, client: str) -> int:
        window = int(clock.now() // MINUTE)
        number, used = self._app.get(client, (window, 0))
        return used if number == window else 0

    def enter(self, world: World, client: str, org: Organisation) -> None:
        """Takes a place and counts the call, or raises the 429."""
        if self._flying.get((client, org.tenant), 0) >= org.limits.concurrent:
            raise self.refused("concurrent")
        for name, length, most in (("day", DAY, org.limits.day), ("minute", MINUTE, org.limits.minute)):
            used, left = self._used(client, org, length)
            if used >= most:
                raise self.refused(name, left)
        if self._app_used(client) >= world.settings["app_minute"]:
            raise self.refused("appminute")  # spelling unconfirmed, C
        for length in (DAY, MINUTE):
            self._count(client, org, length)
        self._app[client] = (int(clock.now() // MINUTE), self._app_used(client) + 1)
        self._flying[(client, org.tenant)] = self._flying.get((client, org.tenant), 0) + 1

    def leave(self, client: str, org: Organisation) -> None:
        self._flying[(client, org.tenant)] -= 1

    @staticmethod
    def refused(problem: str, retry_after: int | None = None) -> Answer:
        headers = {"X-Rate-Limit-Problem": problem}
        if problem in ("minute", "day"):
            headers["Retry-After"] = str(retry_after if retry_after is not None else 60)
        return Answer(429, "", headers)

    def headers(self, world: World, client: str, org: Organisation) -> dict[str, str]:
        """The three remaining-calls headers of every answer (A)."""
        return {"X-DayLimit-Remaining": str(max(0, org.limits.day - self._used(client, org, DAY)[0])),
                "X-MinLimit-Remaining": str(max(0, org.limits.minute - self._used(client, org, MINUTE)[0])),
                "X-AppMinLimit-Remaining": str(max(0, world.settings["app_minute"] - self._app_used(client)))}

    def figures(self) -> dict[str, Any]:
        return {f"{client} {tenant} {length}": used for (client, tenant, length), (_, used) in self._windows.items()}
