"""GET lists: ``where``, ``order``, ``If-Modified-Since``, ``page`` and ``pageSize``.

Filters are evaluated on the answered fields. Unknown query parameters are silently ignored, as Xero does (B).
"""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

from sandbox.xero import elements, wire
from sandbox.xero.refusals import envelope, text
from sandbox.xero.world import Call

_TOKEN = re.compile(r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<bad>'[^']*')|(?P<guid>Guid\("(?P<g>[^"]*)"\))
    |(?P<date>DateTime\((?P<d>[\d\s,]+)\))|(?P<number>-?\d+(?:\.\d+)?)|(?P<op>==|!=|>=|<=|>|<|=|&&|\|\||\(|\))
    |(?P<call>[A-Za-z_.]+?\.(?:Contains|StartsWith|EndsWith|ToLower)\()|(?P<word>[A-Za-z_][A-Za-z_.0-9]*))""", re.X)
_OWN_ORDER = "UpdatedDateUTC ASC"
_STATE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b, "=": lambda a, b: a == b, "!=": lambda a, b: a != b,
    ">": lambda a, b: a is not None and a > b, ">=": lambda a, b: a is not None and a >= b,
    "<": lambda a, b: a is not None and a < b, "<=": lambda a, b: a is not None and a <= b}


def query_error(message: str) -> Exception:
    return envelope(16, "QueryParseException", message)


def _tokens(where: str) -> list[tuple[str, Any]]:
    found, at = [], 0
    while at < len(where.rstrip()):
        match = _TOKEN.match(where, at)
        if match is None:
            raise query_error(f"Syntax error in filter at position {at}")  # type B (number 16), wording C
        at, kind = match.end(), str(match.lastgroup)
        if match.group("bad"):
            raise query_error(text("E096"))
        if match.group("string") is not None:
            found.append(("value", match.group("string")[1:-1].replace('\\"', '"')))
        elif match.group("guid"):
            found.append(("value", match.group("g").lower()))
        elif match.group("date"):
            found.append(("value", date(*[int(part) for part in match.group("d").split(",")][:3])))
        elif match.group("number"):
            found.append(("value", Decimal(match.group("number"))))
        elif match.group("op"):
            found.append(("op", match.group("op")))
        elif match.group("call"):
            found.append(("call", match.group("call")[:-1]))
        else:
            word = match.group("word")
            upper = word.upper()
            if upper in ("AND", "OR"):
                found.append(("op", "&&" if upper == "AND" else "||"))
            elif upper in ("TRUE", "FALSE", "NULL"):
                found.append(("value", {"TRUE": True, "FALSE": False, "NULL": None}[upper]))
            else:
                found.append(("word", word))
        assert kind
    return found


def compile_where(where: str, kind: str, fields: set[str]) -> Callable[[dict[str, Any]], bool]:
    """A predicate over answered records. ``fields`` are the names the resource has; others raise QueryParseException."""
    tokens = _tokens(where)
    position = 0

    def peek() -> tuple[str, Any]:
        return tokens[position] if position < len(tokens) else ("end", None)

    def take() -> tuple[str, Any]:
        nonlocal position
        position += 1
        return tokens[position - 1] if position <= len(tokens) else ("end", None)

    def value_of(name: str) -> Callable[[dict[str, Any]], Any]:
        if name.split(".")[0] not in fields:
            raise query_error(text("E097", name=name, Type=kind))
        return lambda record: _comparable(_dig(record, name))

    def atom() -> Callable[[dict[str, Any]], bool]:
        token = take()
        if token == ("op", "("):
            inner = either()
            if take() != ("op", ")"):
                raise query_error("')' expected")
            return inner
        if token[0] == "call":
            name, method = token[1].rsplit(".", 1)
            argument, closing = take(), take()
            if method == "ToLower" or argument[0] != "value" or closing != ("op", ")"):
                raise query_error("Syntax error in filter")
            read, test = value_of(name), {"Contains": str.__contains__, "StartsWith": str.startswith,
                                          "EndsWith": str.endswith}[method]
            return lambda record: test(str(read(record) or "").lower(), str(argument[1]).lower())
        if token[0] != "word":
            raise query_error(text("E099", Type=kind))
        read = value_of(token[1])
        if peek()[0] != "op" or peek()[1] not in _STATE:
            return lambda record: read(record) is True
        compare = _STATE[take()[1]]
        right = take()
        if right[0] != "value":
            raise query_error("Syntax error in filter")
        if isinstance(right[1], str) and token[1].endswith(("Date", "DateUTC")):
            raise query_error(text("E098"))
        wanted = right[1].lower() if isinstance(right[1], str) else right[1]
        return lambda record: compare(read(record), wanted)

    def both() -> Callable[[dict[str, Any]], bool]:
        parts = [atom()]
        while peek() == ("op", "&&"):
            take()
            parts.append(atom())
        return lambda record: all(part(record) for part in parts)

    def either() -> Callable[[dict[str, Any]], bool]:
        parts = [both()]
        while peek() == ("op", "||"):
            take()
            parts.append(both())
        return lambda record: any(part(record) for part in parts)

    predicate = either()
    if peek()[0] != "end":
        raise query_error("Syntax error in filter")
    return predicate


def _dig(record: dict[str, Any], name: str) -> Any:
    value: Any = record
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        day = wire.parse_day(value) if value.startswith("/Date(") else None
        return day if day else value.lower()  # text compares without case (C)
    return value


def modified_since(header: str | None) -> float | None:
    """``If-Modified-Since`` in UTC: ISO or HTTP date; None when absent or unreadable. Inclusive (C)."""
    if not header:
        return None
    try:
        moment = datetime.fromisoformat(header.strip().rstrip("Z"))
    except ValueError:
        try:
            moment = datetime.strptime(header.strip(), "%a, %d %b %Y %H:%M:%S GMT")
        except ValueError:
            return None
    return moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp()


def in_order(rows: list[dict[str, Any]], order: str | None, key: str) -> list[dict[str, Any]]:
    """Sorted by ``order`` ("Field ASC|DESC"); default UpdatedDateUTC, then id (A)."""
    field, _, direction = (order or _OWN_ORDER).strip().partition(" ")

    def sort_key(row: dict[str, Any]) -> tuple[bool, Any, str]:
        value = _dig(row, field)
        if isinstance(value, str) and value.startswith("/Date("):
            value = int(re.findall(r"-?\d+", value)[0])
        return (value is not None, value if value is not None else "", str(row.get(key)))

    return sorted(rows, key=sort_key, reverse=direction.strip().upper().startswith("DESC"))


def page_of(rows: list[Any], query: dict[str, str]) -> tuple[list[Any], dict[str, int] | None]:
    """The page asked for and its ``pagination`` block; all rows and None without ``page`` (A). pageSize is clamped."""
    if "page" not in query:
        return rows, None
    try:
        page, size = max(1, int(query["page"])), int(query.get("pageSize") or 100)
    except ValueError:
        raise query_error("page and pageSize must be whole numbers") from None
    size = min(max(size, 1), 1000)
    block = {"page": page, "pageSize": size, "pageCount": -(-len(rows) // size), "itemCount": len(rows)}
    return rows[(page - 1) * size: page * size], block


def shown(records: list[dict[str, Any]], query: dict[str, str], key: str, brief: Callable[[dict[str, Any]], dict[str, Any]],
          where: Callable[[dict[str, Any]], bool] | None = None) -> tuple[list[dict[str, Any]], dict[str, int] | None]:
    """The page asked for of these stored records as ``brief`` shows them, in order, and its ``pagination`` block.

    In Xero's own order, and where nothing filters what is answered, only the records of the page are shown: a page of 100,000 costs what a page costs.
    """
    order = (query.get("order") or _OWN_ORDER).strip()
    if where is None and order in (_OWN_ORDER, _OWN_ORDER.split()[0]):
        page, block = page_of(sorted(records, key=lambda record: (round(record["updated"] * 1000), record[key])), query)
        return [brief(record) for record in page], block
    rows = [brief(record) for record in records]
    return page_of(in_order([row for row in rows if where is None or where(row)], query.get("order"), key), query)


def records(call: Call, resource: str, kind: str, key: str, fields: set[str],
            show: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """The usual list of a resource: If-Modified-Since, where, order, page; full detail only with ``page`` (A)."""
    since = modified_since(call.headers.get("if-modified-since"))
    where = compile_where(call.query["where"], kind, fields) if call.query.get("where") else None
    own = call.org.of(resource)
    chosen = [record for record in own.values() if not since or record["updated"] >= since]
    page, block = shown(chosen, call.query, key, lambda record: show(call, record, detail=False), where)
    if block:
        page = [show(call, own[row[key]]) for row in page]
    return elements.success(**({"pagination": block} if block else {}), **{resource: page})
