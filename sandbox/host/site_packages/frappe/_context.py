"""The current site and user: `frappe.local` and the proxies on it, `init`, `connect`, `destroy`, `set_user`.

Owns nothing that outlives a job or a request. `init` and its companions are the sandbox's own entry points: they are
not in the manifest, so the app cannot use them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from werkzeug.local import Local, release_local

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


def sites_path() -> Path:
    """The folder whose subfolders are sites; set by whoever starts the process."""
    return Path(os.environ["SANDBOX_SITES_PATH"])


def init(site: str) -> None:
    """Read the site's configuration into `frappe.local`. Replaces whatever was initialised before."""
    destroy()
    folder = sites_path() / site
    local.site = site
    local.site_path = str(folder)
    local.conf = _dict(json.loads((folder / "site_config.json").read_text()))
    local.flags = _dict()
    local.response = _dict()
    local.message_log = []
    local.meta_cache = {}
    local.hooks_cache = None
    local.realtime_log = []
    local.session = _dict(user="Administrator", sid="sandbox", data=_dict())
    from frappe._cache import SiteCache

    local.cache_client = SiteCache(local.conf)


def connect(site: str | None = None) -> None:
    """Open the site's database and become Administrator."""
    if site:
        init(site)
    from frappe._database import Database

    local.db = Database(Path(local.site_path) / "site.db")
    set_user("Administrator")


def destroy() -> None:
    """Close the database (an open transaction is lost, as when a connection drops) and forget the site."""
    database = getattr(local, "db", None)
    if database is not None:
        database._close()
    release_local(local)


def suspend() -> dict[str, Any]:
    """Put the current site aside without closing it; `resume` brings it back."""
    state = dict(iter(local))
    release_local(local)
    return state


def resume(state: dict[str, Any]) -> None:
    """Bring back what `suspend` put aside, closing whatever is open now."""
    destroy()
    for name, value in state.items():
        setattr(local, name, value)


def set_user(username: str) -> None:
    """Make `username` the user of the session."""
    local.session.user = username
    local.session.sid = username
    local.role_cache = {}
