"""`frappe.cache`: a real Redis client, narrowed to the calls of the manifest.

As in Frappe, `set`, `get` and `delete` take the key AS GIVEN: only `make_key` adds the site's prefix
(`<db_name>|key`). Code that forgets it shares keys between the sites of a bench.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import redis


@lru_cache(maxsize=64)
def client(url: str) -> redis.Redis:
    """This process's client of a server. Opening a connection takes longer than what is asked over it, so they are kept: a forked process opens its own, and one
    that the server has closed is opened again."""
    return redis.Redis.from_url(url)


class SiteCache:
    """Redis commands of the site's cache server. Values come back as bytes."""

    def __init__(self, site_config: dict[str, Any]) -> None:
        self._prefix = site_config["db_name"]
        self._redis = client(site_config["redis_cache"])

    def make_key(self, key: str) -> bytes:
        """The key as stored in Redis for this site."""
        return f"{self._prefix}|{key}".encode()

    def set(self, name: bytes | str, value: Any, ex: int | None = None, px: int | None = None, nx: bool = False) -> Any:
        """SET; `ex` in seconds, `px` in milliseconds; None where `nx` found the key taken."""
        return self._redis.set(name, value, ex=ex, px=px, nx=nx)

    def get(self, name: bytes | str) -> bytes | None:
        """GET."""
        return self._redis.get(name)

    def delete(self, *names: bytes | str) -> int:
        """DEL; the number of keys removed."""
        return self._redis.delete(*names)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"frappe.cache.{name} is not in sandbox/host/manifest.json")
