"""Turns the SQL that MariaDB and SQLite share from Frappe's spelling into SQLite's, and refuses the rest.

Backticks need nothing (SQLite reads them). `%s` and `%(name)s` become `?`; a list becomes `(?, ?)` as PyMySQL writes it.
What only one of the two understands raises NotPortable, in both directions: a statement that passes here and fails on
MariaDB would be worse than no stand-in.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any

# Statements of MariaDB's own that the stand-in knows, in exactly these forms.
DATABASE_TIME = "SELECT UTC_TIMESTAMP(6)"
IDLE_TIMEOUT = re.compile(r"SET SESSION idle_write_transaction_timeout=\d+")
_PLACEHOLDER = re.compile(r"%%|%s|%\((\w+)\)s")
_LITERAL = re.compile(r"'(?:[^'\\]|''|\\.)*'|`[^`]*`")
_IFNULL = re.compile(r"\bifnull\s*\(", re.IGNORECASE)
_NOT_PORTABLE = {
    "only MariaDB": r"\bfor\s+update\b|\block\s+in\s+share\b|\bon\s+duplicate\s+key\b|\binsert\s+ignore\b|\breplace\s+into\b"
    r"|\bforce\s+index\b|\bstraight_join\b|\bnow\s*\(|\butc_timestamp\b|\bcurdate\s*\(|\bdate_(add|sub|format)\s*\("
    r"|\bunix_timestamp\s*\(|\bget_lock\s*\(|\brelease_lock\s*\(|\bconcat(_ws)?\s*\(|\bif\s*\(|\bfield\s*\(|\brlike\b|\bregexp\b"
    r"|\btimestampdiff\s*\(|\bgroup_concat\s*\([^)]*\bseparator\b|<=>|:=|\binterval\b|\blast_insert_id\b",
    "only SQLite": r"\|\||\binsert\s+or\b|\bon\s+conflict\b|\breturning\b|\bglob\b|\bstrftime\s*\(|\bjulianday\s*\(|\browid\b|=="
    r"|\bpragma\b|\bdatetime\s*\(|\bis\s+(not\s+)?(?!null\b|not\b|true\b|false\b|unknown\b)\S|\btypeof\s*\(|\bcollate\b|\btotal\s*\(",
    "whole numbers are divided differently": r"/",
    "changes the schema or the transaction": r"^\s*(create|alter|drop|truncate|begin|commit|rollback|savepoint|release|start|"
    r"lock|unlock|set|attach|detach|vacuum|analyze|reindex|call)\b",
}
_CHECKS = [(why, re.compile(pattern, re.IGNORECASE)) for why, pattern in _NOT_PORTABLE.items()]
_SELECT_LIST = re.compile(r"\s*select\s+(?:distinct\s+)?(.*?)\s+from\s", re.IGNORECASE | re.DOTALL)
_COMPUTED = re.compile(r"\s*(min|max|coalesce|ifnull)\s*\(", re.IGNORECASE)
_DATETIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?)?")


_AS_THEY_ARE = frozenset({str, int, float, bytes, type(None)})


class NotPortable(Exception):
    """The statement does not mean the same on MariaDB and on SQLite."""


@lru_cache(maxsize=2048)
def check_portable(query: str) -> None:
    """Raise NotPortable naming the words that only one database understands."""
    if '"' in _LITERAL.sub("''", query):
        raise NotPortable(f"double quotes mean a text on MariaDB and a column on SQLite: {query.strip()}")
    bare = _LITERAL.sub("''", query)
    for why, pattern in _CHECKS:
        if found := pattern.search(bare):
            raise NotPortable(f"{found.group(0)!r}: {why}: {query.strip()}")


def adapt(value: Any) -> Any:
    """A Python value as PyMySQL would write it, for binding."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            raise NotPortable(f"a Datetime column takes no time zone: {value!r}")
        return value.isoformat(sep=" ", timespec="microseconds")
    if isinstance(value, (datetime.date, datetime.timedelta, datetime.time, Decimal)):
        return str(value)
    if value is None or isinstance(value, (int, float, str, bytes)):
        return value
    raise TypeError(f"{type(value).__name__} can not be used as a parameter: {value!r}")


def translate(query: str, values: Any) -> tuple[str, list[Any]]:
    """Frappe's query and values -> SQLite's query and its bound parameters. Without values nothing is interpolated."""
    if not values:
        return _plain(query), []
    if not isinstance(values, dict) and _AS_THEY_ARE.issuperset(map(type, values)):
        whole, count = _positional(query)
        if count == len(values):
            return whole, list(values)
    texts, names = _pieces(query)
    params: list[Any] = []
    if isinstance(values, dict):
        if None in names:
            raise TypeError("positional placeholders take a tuple, named ones a dict")
        given: Any = [values[name] for name in names]
    else:
        if any(name is not None for name in names):
            raise TypeError("positional placeholders take a tuple, named ones a dict")
        if len(values) < len(names):
            raise TypeError(f"not enough arguments for format string: {_plain(query)}")
        if len(values) > len(names):
            raise TypeError("not all arguments converted during string formatting")
        given = values
    written = [texts[0]]
    for value, text in zip(given, texts[1:]):
        if isinstance(value, (list, tuple, set, frozenset)):
            if not value:
                raise NotPortable(f"an empty list makes 'in ()', which MariaDB refuses: {_plain(query)}")
            params += map(adapt, value)
            written.append("(" + ", ".join("?" * len(value)) + ")")
        else:
            params.append(adapt(value))
            written.append("?")
        written.append(text)
    return "".join(written), params


@lru_cache(maxsize=2048)
def _plain(query: str) -> str:
    return _IFNULL.sub("coalesce(", query.strip().rstrip(";"))


@lru_cache(maxsize=2048)
def _pieces(query: str) -> tuple[list[str], list[str | None]]:
    """The texts around the placeholders, one more than there are of these, and the name of each; None for a positional one."""
    texts, names, end = [""], [], 0
    query = _plain(query)
    for found in _PLACEHOLDER.finditer(query):
        texts[-1] += query[end : found.start()]
        end = found.end()
        if found.group(0) == "%%":
            texts[-1] += "%"
        else:
            names.append(found.group(1))
            texts.append("")
    texts[-1] += query[end:]
    return texts, names


@lru_cache(maxsize=2048)
def _positional(query: str) -> tuple[str, int]:
    """The query with a "?" for each placeholder, and how many there are; -1 where one has a name."""
    texts, names = _pieces(query)
    return "?".join(texts), len(names) if names == [None] * len(names) else -1


@lru_cache(maxsize=2048)
def computed_columns(query: str) -> dict[int, frozenset[str]]:
    """Position in the select list -> words inside, for each min(), max() and coalesce(): SQLite does not tell their type.

    With a literal or a value inside they are text on MariaDB too, and left out.
    """
    found = _SELECT_LIST.match(query)
    if not found:
        return {}
    items, depth = [""], 0
    for character in found.group(1):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            items.append("")
        else:
            items[-1] += character
    computed = {position: item for position, item in enumerate(items) if _COMPUTED.match(item) and not re.search(r"['?%]", item)}
    return {position: frozenset(re.findall(r"\w+", item[: item.rindex(")")])) for position, item in computed.items()}


@lru_cache(maxsize=65536)
def canonical_datetime(text: str) -> str:
    """'2026-01-01' or '2026-01-01T10:00' -> the 26 characters MariaDB compares; other text unchanged."""
    if len(text) == 26 and text[10] == " ":
        return text
    found = _DATETIME.fullmatch(text)
    if not found:
        return text
    clock = found.group(2) or "00:00"
    return f"{found.group(1)} {clock if len(clock) == 8 else clock + ':00'}.{(found.group(3) or '').ljust(6, '0')}"


@lru_cache(maxsize=65536)
def _fold(text: str) -> str:
    """utf8mb4_unicode_ci, near enough: no case, no accents, no trailing spaces."""
    if text.isascii():
        return text.lower().rstrip(" ")
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.casefold().rstrip(" ")


def compare_text(left: str, right: str) -> int:
    """Collation of text columns."""
    if left == right:
        return 0
    a, b = _fold(left), _fold(right)
    return (a > b) - (a < b)


def compare_datetime(left: str, right: str) -> int:
    """Collation of date and datetime columns."""
    a, b = canonical_datetime(left), canonical_datetime(right)
    return (a > b) - (a < b)
