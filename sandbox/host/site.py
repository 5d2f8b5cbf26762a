"""Creates a site and opens it: a folder with `site_config.json` and one SQLite file.

`python -m sandbox.host.site DIR --redis URL` from the repository's root; or `create_site` and `open_site` in Python.
"""

from __future__ import annotations

import argparse
import importlib
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from sandbox.host import activate, tables

APPS = ("picortex_xero",)


def create_site(
    folder: Path | str,
    redis_url: str,
    host_name: str = "http://localhost:8000",
    time_zone: str = "UTC",
    apps: tuple[str, ...] = APPS,
    **config: Any,
) -> Path:
    """A new site with the apps installed (tables, roles, fixtures, `after_install`). FileExistsError if it exists.

    `redis_url` serves both queue and cache; `host_name` is what `get_url` gives; further keywords go to site_config.json.
    """
    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=False)
    settings = {
        "db_name": folder.name,
        "encryption_key": Fernet.generate_key().decode(),
        "redis_queue": redis_url,
        "redis_cache": redis_url,
        "host_name": host_name,
        "time_zone": time_zone,
        "installed_apps": list(apps),
        **config,
    }
    (folder / "site_config.json").write_text(json.dumps(settings, indent=1))
    _create_database(folder / "site.db")
    with open_site(folder) as frappe:
        tables.install_all(list(apps))
        frappe.get_doc({"doctype": "System Settings", "time_zone": time_zone}).insert()
        for email in ("Administrator", "Guest"):
            _insert_user(frappe, email, [])
        for app in apps:
            # Frappe's order (installer.install_app of 15 and 16): a fresh site needs no patch, and fixtures come after `after_install`.
            for patch in _patches(app):
                _note_patch(frappe, patch)
            for path in frappe.get_hooks("after_install", app_name=app):
                frappe.get_attr(path)()
            _load_fixtures(frappe, app)
        frappe.db.commit()
    return folder


def _create_database(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("pragma journal_mode = wal")
    connection.close()


def replace_database(folder: Path | str, database: Path) -> None:
    """Put a copy of another database in the place of the site's; nothing may be connected to it."""
    place = Path(folder).resolve() / "site.db"
    _close_idle(place)
    for leftover in place.parent.glob("site.db*"):
        leftover.unlink()
    shutil.copyfile(database, place)


def remove(folder: Path | str) -> None:
    """Remove a folder with the sites in it; nothing may be connected to them."""
    for database in Path(folder).resolve().rglob("site.db"):
        _close_idle(database)
    shutil.rmtree(folder, ignore_errors=True)


def _close_idle(database: Path) -> None:
    if "frappe" not in sys.modules:
        return
    from frappe._database import close_idle

    close_idle(database)


def migrate(folder: Path | str) -> None:
    """Bring the tables up to the apps' JSON files, run the patches that have not run here yet, load fixtures and run `after_migrate`."""
    with open_site(folder) as frappe:
        apps = list(frappe.conf.installed_apps)
        tables.install_all(apps)
        done = set(frappe.get_all("Patch Log", pluck="patch"))
        for patch in (each for app in apps for each in _patches(app) if each not in done):
            frappe.get_attr(f"{patch}.execute")()
            _note_patch(frappe, patch)
            frappe.db.commit()
        for app in apps:
            _load_fixtures(frappe, app)
        for path in frappe.get_hooks("after_migrate"):
            frappe.get_attr(path)()
        frappe.db.commit()


def open_process(folder: Path | str, user: str = "Administrator") -> Any:
    """Connect this thread to the site until `close_process`; returns the stand-in's `frappe`."""
    folder = Path(folder).resolve()
    activate(folder.parent)
    import frappe
    from frappe._sites import connect

    connect(folder.name)
    frappe.set_user(user)
    return frappe


def close_process() -> None:
    """Disconnect this thread; what was not committed is lost."""
    from frappe._sites import destroy

    destroy()


@contextmanager
def open_site(folder: Path | str, user: str = "Administrator") -> Iterator[Any]:
    """`with open_site(folder) as frappe:` - connected as `user`; nothing is committed for you. May be nested."""
    activate(Path(folder).resolve().parent)
    from frappe._sites import resume, suspend

    outer = suspend()
    try:
        yield open_process(folder, user)
    finally:
        resume(outer)


def add_user(folder: Path | str, email: str, roles: list[str]) -> None:
    """A user with these roles (created where missing)."""
    with open_site(folder) as frappe:
        for role in roles:
            tables.ensure_role(role)
        _insert_user(frappe, email, roles)
        frappe.db.commit()


def _insert_user(frappe: Any, email: str, roles: list[str]) -> None:
    rows = [{"role": role} for role in roles]
    name = email.split("@")[0]
    frappe.get_doc({"doctype": "User", "email": email, "first_name": name, "full_name": name, "enabled": 1, "roles": rows}).insert()


def _patches(app: str) -> list[str]:
    """The patches after the tables' update, in order. One before it would find tables that the stand-in cannot show: NotImplementedError."""
    file = _folder_of(app) / "patches.txt"
    found: dict[str, list[str]] = {"pre_model_sync": [], "post_model_sync": []}
    section = "pre_model_sync"
    for line in (each.strip() for each in (file.read_text("utf-8") if file.exists() else "").splitlines()):
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            found[section].append(line)
    if found["pre_model_sync"]:
        raise NotImplementedError(f"{app}: patches before the tables' update: {found['pre_model_sync']}")
    return found["post_model_sync"]


def _note_patch(frappe: Any, patch: str) -> None:
    frappe.get_doc({"doctype": "Patch Log", "patch": patch}).insert(ignore_permissions=True)


def _folder_of(app: str) -> Path:
    return Path(importlib.import_module(app).__file__ or "").parent


def _load_fixtures(frappe: Any, app: str) -> None:
    for path in sorted((_folder_of(app) / "fixtures").glob("*.json")):
        for row in json.loads(path.read_text("utf-8")):
            if not frappe.db.exists(row["doctype"], row["name"]):
                document = frappe.get_doc(row)
                document.flags.ignore_links = True
                document.insert(ignore_permissions=True)


def main() -> None:
    """Command line: create a site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--redis", required=True, help="redis://host:port of a running server")
    parser.add_argument("--host-name", default="http://localhost:8000")
    parser.add_argument("--time-zone", default="UTC")
    given = parser.parse_args()
    print(create_site(given.folder, given.redis, given.host_name, given.time_zone))


if __name__ == "__main__":
    main()
