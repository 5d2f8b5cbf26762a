"""The current site and user: `frappe.local`, the proxies on it, `set_user`. Owns nothing that outlives a job or a request."""

from __future__ import annotations

from typing import Any

from werkzeug.local import Local

local = Local()
conf = local("conf")
db = local("db")
session = local("session")
flags = local("flags")
cache = local("cache_client")


class _dict(dict):
    """Frappe's dict with attribute access; a missing key reads as None, as in Frappe."""

    __slots__ = ()
    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__
    __setstate__ = dict.update

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__"):
            raise AttributeError(key)
        return self.get(key)

    def copy(self) -> _dict:
        """A shallow copy that keeps the attribute access."""
        return _dict(self)

    def update(self, d: Any = None, **kwargs: Any) -> _dict:
        """Like dict.update, but returns itself (Frappe's way)."""
        super().update(d or {}, **kwargs)
        return self


def set_user(username: str) -> None:
    """Make `username` the user of the session."""
    local.session.user = username
    local.session.sid = username
    local.role_cache = {}
