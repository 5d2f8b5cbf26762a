"""Creates the site's tables from DocType definitions: Frappe's own few, the app's JSON files, the recorded ones."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.host.core_doctypes import CORE

SYSTEM_TABLES = (
    "create table if not exists __doctype (name text primary key, definition text, module_path text)",
    "create table if not exists tabSingles (doctype varchar(255), field varchar(255), value text)",
    "create index if not exists singles_doctype on tabSingles (doctype, field)",
)


def app_doctypes(app: str) -> Iterator[tuple[dict[str, Any], str]]:
    """(definition, controller's module) of every DocType JSON inside an importable app.

    FileNotFoundError for a DocType without its Python file: Frappe could not load it either.
    """
    package = Path(importlib.import_module(app).__file__ or "").parent
    for path in sorted(package.glob("**/doctype/*/*.json")):
        if path.stem != path.parent.name:
            continue
        if not path.with_suffix(".py").exists():
            raise FileNotFoundError(f"{path.stem}.py, the controller beside {path}")
        parts = path.relative_to(package.parent).with_suffix("").parts
        yield json.loads(path.read_text("utf-8")), ".".join(parts)


def install(definition: dict[str, Any], module_path: str | None = None) -> None:
    """Create or extend the DocType's table, register it, and create the roles its permissions name."""
    from frappe._context import local
    from frappe._meta import Meta

    local.db.commit()  # as a change of the schema does on MariaDB
    name, connection = definition["name"], local.db._connection
    meta = Meta(definition, module_path)
    connection.execute("insert or replace into __doctype values (?, ?, ?)", (name, json.dumps(definition), module_path))
    local.meta_cache.pop(name, None)
    if not meta._single:
        _sync_table(connection, name, meta)
    row = {"name": name, "module": definition.get("module"), "issingle": meta._single, "istable": meta._child}
    connection.execute(
        "insert or replace into tabDocType (name, module, issingle, istable) values (:name, :module, :issingle, :istable)",
        row,
    )
    for rule in definition.get("permissions", []):
        ensure_role(rule["role"])


def _sync_table(connection: Any, name: str, meta: Any) -> None:
    from frappe._meta import CHILD_COLUMNS, column_type

    table = f"`tab{name}`"
    key = "bigint" if meta._json.get("autoname") == "autoincrement" else "varchar(140) collate frappe_text"
    columns = {"name": f"{key} not null primary key"}
    columns |= {c: column_type("Data") for c in ("owner", "modified_by")} | {c: column_type("Datetime") for c in ("creation", "modified")}
    columns |= {c: column_type("Int") for c in ("docstatus", "idx")}
    if meta._child:
        columns |= {c: column_type("Data") for c in CHILD_COLUMNS}
    for df in meta._data_fields:
        columns[df.fieldname] = column_type(df.fieldtype, int(df.length or 0)) + _length_check(df)
    present = {row[1] for row in connection.execute(f"pragma table_info({table})")}
    if not present:
        connection.execute(f"create table {table} ({', '.join(f'`{c}` {sql}' for c, sql in columns.items())})")
    for column in columns.keys() - present if present else ():
        connection.execute(f"alter table {table} add column `{column}` {columns[column]}")
    connection.execute(f"create index if not exists `{name} modified` on {table} (`modified`)")
    if meta._child:
        connection.execute(f"create index if not exists `{name} parent` on {table} (`parent`)")
    for df in meta._data_fields:
        if df.unique or df.search_index:
            kind = "unique index" if df.unique else "index"
            connection.execute(f"create {kind} if not exists `{name} {df.fieldname}` on {table} (`{df.fieldname}`)")


def _length_check(df: Any) -> str:
    """MariaDB refuses what is longer than a varchar; SQLite has to be told to."""
    from frappe._meta import VARCHAR, column_type

    if not column_type(df.fieldtype).startswith("varchar"):
        return ""
    return f" check (length(`{df.fieldname}`) <= {int(df.length or 0) or VARCHAR})"


def ensure_role(role: str) -> None:
    """Create the role if it is not there, as Frappe does when it reads a DocType's permissions."""
    from frappe._context import local

    local.db._connection.execute(
        "insert or ignore into tabRole (name, role_name, desk_access, creation, modified) values (?, ?, 1, ?, ?)",
        (role, role, "2026-01-01 00:00:00.000000", "2026-01-01 00:00:00.000000"),
    )


def install_all(apps: list[str]) -> None:
    """Frappe's own, then each app's. Runs in its own transaction; safe to repeat."""
    from frappe._context import local

    local.db.commit()
    connection = local.db._connection
    for statement in SYSTEM_TABLES:
        connection.execute(statement)
    from frappe._meta import Meta

    for definition in CORE:
        if not definition.get("issingle"):
            _sync_table(connection, definition["name"], Meta(definition, None))
    for definition in CORE:
        install(definition, definition.get("controller"))
    for app in apps:
        for definition, module_path in app_doctypes(app):
            install(definition, module_path)
            update = getattr(importlib.import_module(module_path), "on_doctype_update", None)
            if update:
                update()
