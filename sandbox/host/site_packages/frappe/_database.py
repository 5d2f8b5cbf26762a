"""`frappe.db` on SQLite: one file per site, WAL, several processes.

Transactions: the first read fixes what later reads see until the next commit or rollback, as on MariaDB (REPEATABLE
READ). The first write or savepoint takes the file's single write lock at once (BEGIN IMMEDIATE) and sees the newest
rows from then on - on MariaDB only the write itself would - so that a transaction that read first never fails later. One writer at a time is stricter than MariaDB: code that keeps a transaction open over an HTTP call stops
everybody here, and that is meant. Callbacks follow Frappe: see `commit` and `rollback`.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from frappe import _sql
from frappe._context import _dict, local
from frappe._filters import bare_where
from frappe._meta import DATE_TYPES, get_meta
from frappe._singles import Singles
from frappe.exceptions import QueryTimeoutError

LOCK_WAIT_SECONDS = 20.0
_EXPRESSION_DATE = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d{1,6})?)?")
_UPDATE = re.compile(r"\s*update\s+`(tab[^`]+)`", re.IGNORECASE)
_READING = re.compile(r"\s*(select|with|explain)\b", re.IGNORECASE)
_TABLE = re.compile(r"`tab([^`]+)`")
_SAVEPOINT = re.compile(r"\w+")


class IntegrityError(Exception):
    """(code, message) as PyMySQL raises it: 1062 duplicate, 1048 column cannot be null."""


class DataError(Exception):
    """(1406, message): data too long for the column."""


@lru_cache(maxsize=65536)
def _datetime(raw: bytes) -> datetime | None:
    text = _sql.canonical_datetime(raw.decode())
    return datetime.fromisoformat(text) if text else None


@lru_cache(maxsize=4096)
def _day(raw: bytes) -> date:
    return date.fromisoformat(raw.decode()[:10])


@lru_cache(maxsize=65536)
def _number(raw: bytes) -> float:
    return round(float(raw), 9)


def _time(raw: bytes) -> timedelta:
    hours, minutes, seconds = raw.decode().split(":")
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


# No converter for text: the sqlite3 module would hand an empty text over as None.
sqlite3.register_converter("datetime", _datetime)
sqlite3.register_converter("date", _day)
sqlite3.register_converter("time", _time)
sqlite3.register_converter("double", _number)


def _rows(cursor: sqlite3.Cursor, query: str) -> list[tuple[Any, ...]]:
    """The rows with dates made dates in computed columns too: MariaDB knows the type of max(creation), SQLite does not."""
    computed = _sql.computed_columns(query)
    if not computed:
        return cursor.fetchall()
    metas = [get_meta(doctype) for doctype in set(_TABLE.findall(query))]
    texts = {df.fieldname for meta in metas for df in meta._data_fields if df.fieldtype not in DATE_TYPES} | {"name", "owner"}
    dates = {position for position, words in computed.items() if not words & texts}
    return [tuple(_date(v) if i in dates else v for i, v in enumerate(row)) for row in cursor.fetchall()]


def _date(value: Any) -> Any:
    if isinstance(value, str) and _EXPRESSION_DATE.fullmatch(value):
        return _datetime(value.encode()) if len(value) > 10 else date.fromisoformat(value)
    return value


class CallbackManager:
    """Functions to run once, in order. One that raises stops the run; the rest stay for the next."""

    def __init__(self) -> None:
        self._functions: deque[Callable[[], Any]] = deque()

    def add(self, func: Callable[[], Any]) -> None:
        """Queue a function of no arguments."""
        self._functions.append(func)

    def _run(self) -> None:
        while self._functions:
            self._functions.popleft()()

    def _reset(self) -> None:
        self._functions.clear()


class _Sum:
    """SUM of any number is a decimal on MariaDB and comes back as a float, exact to the columns' nine decimals."""

    def __init__(self) -> None:
        self._values: list[float] = []

    def step(self, value: float | None) -> None:
        if value is not None:
            self._values.append(value)

    def finalize(self) -> float | None:
        return round(math.fsum(self._values), 9) if self._values else None


class _Cursor:
    rowcount: int = -1


class _Link:
    """One open SQLite connection. Opening one reads the description of every table, so one that is closed is kept for the next of its process."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(
            path,
            timeout=LOCK_WAIT_SECONDS,
            isolation_level=None,
            detect_types=sqlite3.PARSE_DECLTYPES,
            check_same_thread=False,
            cached_statements=1000,
        )
        self.connection.create_collation("frappe_text", _sql.compare_text)
        self.connection.create_collation("frappe_datetime", _sql.compare_datetime)
        self.connection.create_function("row_changed", 0, self._count)
        self.connection.create_aggregate("sum", 1, _Sum)
        # What a power failure would lose, no test looks for.
        self.connection.execute("pragma synchronous = off")
        self.changed = 0
        # The tables whose changes are counted, and those of them that a rollback leaves so: it undoes what was set up since the last commit.
        self.watched: set[str] = set()
        self.watched_for_good: frozenset[str] = frozenset()
        self.schema = self._schema()

    def _count(self) -> None:
        self.changed += 1

    def _schema(self) -> int:
        return int(self.connection.execute("pragma schema_version").fetchone()[0])

    def rest(self) -> None:
        """Give up what was not committed."""
        if self.connection.in_transaction:
            self.connection.execute("rollback")
        if not self.fresh:  # what watches a table names its columns
            self.watched_for_good = frozenset()
        self.undo_watching()
        self.schema = self._schema()

    def undo_watching(self) -> None:
        """After a rollback."""
        self.watched = set(self.watched_for_good)

    @property
    def fresh(self) -> bool:
        """Whether the tables are still as it knows them."""
        return self._schema() == self.schema


_IDLE: dict[str, list[_Link]] = {}
MOST_IDLE = 4


def _open(path: Path) -> _Link:
    for gone in [each for each in _IDLE if not Path(each).exists()]:
        close_idle(Path(gone))
    idle = _IDLE.get(str(path), [])
    while idle:
        link = idle.pop()
        if link.fresh:
            return link
        link.connection.close()
    return _Link(path)


def close_idle(path: Path) -> None:
    """Close the kept connections to this file: it is going to be replaced or removed."""
    for link in _IDLE.pop(str(path), []):
        link.connection.close()


class Database(Singles):
    """The manifest's part of Frappe's Database. A name outside it raises AttributeError."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise FileNotFoundError(f"no site database at {path}: create the site first (sandbox.host.site)")
        self._path = path
        self._link = _open(path)
        self._connection = self._link.connection
        self._cursor = _Cursor()
        self._writing = False
        self._outsiders: list[tuple[str, Sequence[Any]]] = []
        self.after_commit = CallbackManager()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"frappe.db.{name} is not in sandbox/host/manifest.json")

    def _close(self) -> None:
        """For the sandbox: drop the connection and with it whatever was not committed."""
        idle = _IDLE.setdefault(str(self._path), [])
        if len(idle) >= MOST_IDLE:
            self._connection.close()
            return
        self._link.rest()
        idle.append(self._link)

    def sql(self, query: str, values: Any = (), as_dict: bool = False, pluck: bool = False) -> Any:
        """Run one portable statement; rows as tuples, dicts, or first columns. `_cursor.rowcount` counts CHANGED rows."""
        if query == _sql.DATABASE_TIME:
            return self._time()
        if _sql.IDLE_TIMEOUT.fullmatch(query):
            return ()  # what SQLite locks ends with its process, not before
        _sql.check_portable(query)
        if not isinstance(values, (list, tuple, dict)):
            values = (values,)
        translated, params = _sql.translate(query, values)
        cursor = self._execute(translated, params)
        if cursor.description is None:
            return ()
        rows = _rows(cursor, query)
        if pluck:
            return [row[0] for row in rows]
        if as_dict:
            names = [column[0] for column in cursor.description]
            return [_dict(zip(names, row)) for row in rows]
        return tuple(rows)

    def _time(self) -> tuple[tuple[datetime]]:
        """The database's own UTC time: SQLite reads it from the machine, whatever this process believes."""
        text = self._connection.execute("select strftime('%Y-%m-%d %H:%M:%f', 'now')").fetchone()[0]
        return ((datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f"),),)

    def _execute(self, query: str, params: Sequence[Any]) -> sqlite3.Cursor:
        writing = not _READING.match(query)
        try:
            if writing:
                self._begin_writing()
            elif not self._connection.in_transaction:
                self._connection.execute("begin")
            updated = _UPDATE.match(query)
            if updated:
                self._watch_changes(updated.group(1))
                self._link.changed = 0
            cursor = self._connection.execute(query, params)
        except sqlite3.IntegrityError as error:
            raise _as_pymysql(error) from error
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise QueryTimeoutError(f"{error} for {LOCK_WAIT_SECONDS} s: {query}") from error
            raise sqlite3.OperationalError(f"{error}: {query}") from error
        if writing and "`tabError Log`" in query:
            self._outsiders.append((query, params))
        self._cursor.rowcount = self._link.changed if updated else cursor.rowcount
        return cursor

    def _begin_writing(self) -> None:
        if not self._writing:
            if self._connection.in_transaction:  # it only read: nothing is lost
                self._connection.execute("rollback")
            self._connection.execute("begin immediate")
            self._writing = True

    def _fetch(self, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """For the stand-in's own tables: rows as stored."""
        return self._connection.execute(query, params).fetchall()

    def _watch_changes(self, table: str) -> None:
        """MariaDB's rowcount of an UPDATE counts rows that CHANGED, SQLite's those that matched: count with a trigger."""
        if table in self._link.watched:
            return
        columns = [row[1] for row in self._connection.execute(f"pragma main.table_info(`{table}`)")]
        differs = " or ".join(f"old.`{c}` is not new.`{c}` collate binary" for c in columns)
        self._connection.execute(
            f"create temp trigger if not exists `changed {table}` after update on main.`{table}` when {differs} "
            "begin select row_changed(); end"
        )
        self._link.watched.add(table)

    def commit(self) -> None:
        """Commit, then run the callbacks. One that raises does so to the caller, after the data is safe."""
        if self._connection.in_transaction:
            self._connection.execute("commit")
        if len(self._link.watched) > len(self._link.watched_for_good):
            self._link.watched_for_good = frozenset(self._link.watched)
        self._writing = False
        self._outsiders.clear()
        self.after_commit._run()

    def rollback(self, *, save_point: str | None = None) -> None:
        """Undo everything and drop the callbacks, or undo to the savepoint and KEEP them."""
        self._link.undo_watching()
        if save_point:
            self._connection.execute(f"rollback to savepoint {_savepoint_name(save_point)}")
            self._write_outsiders_again()
            return
        self.after_commit._reset()
        local.realtime_log = []
        if self._connection.in_transaction:
            self._connection.execute("rollback")
        self._writing = False
        self._write_outsiders_again()
        self._outsiders.clear()

    def _write_outsiders_again(self) -> None:
        """Error Log is a MyISAM table in Frappe: what was written to it survives a rollback."""
        for query, params in self._outsiders:
            self._connection.execute(re.sub(r"^\s*insert into", "insert or ignore into", query), params)

    def savepoint(self, save_point: str) -> None:
        """Start a nested transaction."""
        self._begin_writing()
        self._connection.execute(f"savepoint {_savepoint_name(save_point)}")

    def release_savepoint(self, save_point: str) -> None:
        """End a nested transaction, keeping its rows."""
        self._connection.execute(f"release savepoint {_savepoint_name(save_point)}")

    def get_value(
        self, doctype: str, filters: Any = None, fieldname: Any = "name", as_dict: bool = False, *, for_update: bool = False
    ) -> Any:
        """One field, or several as tuple or dict, of the first match (newest `modified` first); None without a match. `for_update`: the row is locked until the
        transaction ends; here all rows are."""
        if for_update:
            self._begin_writing()
        if filters is None or filters == doctype:
            return self._single_value_of(doctype, fieldname, as_dict)
        star = fieldname == "*"
        fields = [fieldname] if isinstance(fieldname, str) else list(fieldname)
        where, params = bare_where(doctype, filters)
        columns = "*" if star else ", ".join(f"`{f}`" for f in fields)
        order = "" if isinstance(filters, str) else " order by `modified` desc"
        rows = self.sql(f"select {columns} from `tab{doctype}`{where}{order} limit 1", params, as_dict=as_dict or star)
        if not rows:
            return None
        return rows[0] if as_dict or star or len(fields) > 1 else rows[0][0]

    def exists(self, dt: str, dn: Any = None) -> str | None:
        """The name of a matching document, or None."""
        if dt != "DocType" and dt == dn:
            return dn
        return self.get_value(dt, dn)

    def count(self, dt: str, filters: Any = None) -> int:
        """How many documents match."""
        where, params = bare_where(dt, filters)
        return self.sql(f"select count(*) from `tab{dt}`{where}", params)[0][0]

    def set_value(self, dt: str, dn: Any, field: Any, val: Any = None, update_modified: bool = True) -> None:
        """Update by name or filters without any document event; `modified` and `modified_by` too unless told not to."""
        if get_meta(dt)._single:
            raise TypeError("frappe.db.set_value on a Single is deprecated in Frappe 15: use the document")
        from frappe.utils import now

        changes = dict(field) if isinstance(field, dict) else {field: val}
        if update_modified:
            changes |= {"modified": now(), "modified_by": local.session.user}
        where, params = bare_where(dt, dn)
        assignments = ", ".join(f"`{column}` = %s" for column in changes)
        self.sql(f"update `tab{dt}` set {assignments}{where}", [*changes.values(), *params])

    def delete(self, doctype: str, filters: Any = None) -> None:
        """Delete matching rows by SQL, without events."""
        where, params = bare_where(doctype, filters)
        self.sql(f"delete from `tab{doctype}`{where}", params)

    def bulk_insert(self, doctype: str, fields: Sequence[str], values: Iterable[Sequence[Any]], ignore_duplicates: bool = False) -> None:
        """Insert rows by SQL; with `ignore_duplicates` those that break a unique key are left out silently."""
        rows = [[_sql.adapt(value) for value in row] for row in values]
        for row in rows:  # one by one: SQLite limits bound values per statement
            self._execute(
                f"insert into `tab{doctype}` ({', '.join(f'`{f}`' for f in fields)}) values ({', '.join('?' * len(row))})"
                + (" on conflict do nothing" if ignore_duplicates else ""),
                row,
            )

    def add_index(self, doctype: str, fields: Sequence[str], index_name: str | None = None) -> None:
        """Create the index if it is not there. COMMITS first, as in Frappe: never call it inside work to be undone."""
        name = index_name or "_".join(fields) + "_index"
        self.commit()
        columns = ", ".join(f"`{field}`" for field in fields)
        self._connection.execute(f"create index if not exists `{doctype} {name}` on `tab{doctype}` ({columns})")

    def table_exists(self, doctype: str) -> bool:
        """Whether the DocType has a table."""
        return bool(self._fetch("select 1 from sqlite_master where type = 'table' and name = ?", [f"tab{doctype}"]))

    @staticmethod
    def is_unique_key_violation(e: Exception) -> bool:
        """Whether the error is a duplicate of the name or of a unique field."""
        return isinstance(e, IntegrityError) and e.args[0] == 1062

    @staticmethod
    def is_primary_key_violation(e: Exception) -> bool:
        """Whether the error is a duplicate name."""
        return isinstance(e, IntegrityError) and e.args[0] == 1062 and "PRIMARY" in e.args[1]


def _savepoint_name(name: str) -> str:
    if not _SAVEPOINT.fullmatch(name):
        raise ValueError(f"not a savepoint name: {name!r}")
    return name


def _as_pymysql(error: sqlite3.IntegrityError) -> Exception:
    kind, _, detail = str(error).partition(" constraint failed: ")
    column = detail.split(", ")[0].split(".")[-1].strip("`")
    if kind == "UNIQUE":
        return IntegrityError(1062, f"Duplicate entry for key '{'PRIMARY' if column == 'name' else column}'")
    if kind == "NOT NULL":
        return IntegrityError(1048, f"Column '{column}' cannot be null")
    return DataError(1406, f"Data too long for column '{column}' at row 1")
