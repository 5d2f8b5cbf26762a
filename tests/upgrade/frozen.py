"""A site's rows, its files and the simulator's books as they stood at some moments, and what going on from each came to; in two files
beside this one.

Rows are as the database holds them, without their empty columns. What moments have in common is packed once (xz sees that far back).
"""

from __future__ import annotations

import base64
import json
import lzma
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

MOMENTS, EXPECTED = (Path(__file__).parent / f"{name}.json.xz" for name in ("moments", "expected"))
# The stand-in's own register of DocTypes: a site of the present code has its own.
REGISTER = ("__doctype", "tabDocType")
Row = dict[str, Any]
Tables = dict[str, list[Row]]
# Phase ("quiet", "decided") -> part ("sent" and so on) -> lines: see going_on.everything.
Came = dict[str, dict[str, list[str]]]


@dataclass
class Moment:
    """Everything there was. `at` is the time of app and simulator in seconds since 1970; `xero` the simulator's state (RunningXero.state);
    `files` the bytes of the site's files by their path below the site."""

    name: str
    at: float
    connection: str
    tables: Tables
    xero: str
    files: dict[str, bytes] = field(default_factory=dict)


def tables(database: Path) -> Tables:
    """Every row of a site's database, by table."""
    with closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table' order by name")]
        return {name: _rows(connection, name) for name in names if name not in REGISTER and not name.startswith("sqlite_")}


def _rows(connection: sqlite3.Connection, table: str) -> list[Row]:
    found = connection.execute(f"select * from `{table}` order by rowid")
    columns = [each[0] for each in found.description]
    return [{name: value for name, value in zip(columns, values) if value is not None} for values in found]


def write(moments: list[Moment], expected: dict[str, Came]) -> None:
    """Keep these and what they came to."""
    kept = {}
    for moment in moments:
        files = {path: base64.b64encode(content).decode() for path, content in moment.files.items()}
        rows = {table: rows for table, rows in moment.tables.items() if rows}
        kept[moment.name] = {
            "at": moment.at,
            "connection": moment.connection,
            "tables": rows,
            "files": files,
            "xero": json.loads(moment.xero),
        }
    _write(MOMENTS, kept)
    _write(EXPECTED, expected)


def read(name: str) -> Moment:
    """One moment."""
    kept = _load(MOMENTS)[name]
    files = {path: base64.b64decode(content) for path, content in kept["files"].items()}
    return Moment(name, kept["at"], kept["connection"], kept["tables"], json.dumps(kept["xero"]), files)


def expected(name: str) -> Came:
    """What the code of then made of it."""
    return _load(EXPECTED)[name]


def _write(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    _load.cache_clear()


@cache
def _load(path: Path) -> Any:
    return json.loads(lzma.decompress(path.read_bytes()))
