"""Which site this thread works on: `init`, `connect`, `destroy`, and putting one aside for another.

They are the sandbox's own entry points: they are not in the manifest, so the app cannot use them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from werkzeug.local import release_local

from frappe._cache import SiteCache
from frappe._context import _dict, local, set_user
from frappe._database import Database


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
    local.lang = "en"
    local.response = _dict()
    local.form_dict = _dict()
    local.message_log = []
    local.meta_cache = {}
    local.hooks_cache = None
    local.realtime_log = []
    local.session = _dict(user="Administrator", sid="sandbox", data=_dict())
    local.cache_client = SiteCache(local.conf)


def connect(site: str | None = None) -> None:
    """Open the site's database and become Administrator."""
    if site:
        init(site)
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
