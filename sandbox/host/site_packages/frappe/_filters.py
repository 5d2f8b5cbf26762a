"""Frappe's filters and field lists -> SQL for both `get_all` and the `frappe.db` calls.

The two differ on NULL, and so does this: `frappe.get_all` reads NULL as empty ('' or 0) for most operators, while
`frappe.db.get_value/exists/count/delete/set_value` compare the bare column (frappe/model/db_query.py against
frappe/database/query.py, 15.72.4).
"""

from __future__ import annotations

import re
from typing import Any

from frappe._context import _dict, local
from frappe._meta import DATE_TYPES, NUMERIC_FILTER_TYPES, Meta, get_meta
from frappe.exceptions import ValidationError

OPERATORS = ("=", "!=", ">", "<", ">=", "<=", "like", "not like", "in", "not in", "is", "between")
_IDENTIFIER = re.compile(r"\w+")
_FIELD = re.compile(r"(?:\w+|`\w+`|`tab[\w ]+`\.`?\w+`?|\w+\([^()]*\)|\*)(?:\s+as\s+`?\w+`?)?", re.IGNORECASE)
_AGGREGATE = re.compile(r"\s*(count|min|max|sum|avg)\(", re.IGNORECASE)


def condition_list(doctype: str, filters: Any) -> list[tuple[str, str, Any]]:
    """Any of Frappe's filter spellings -> (field, operator, value) triples. Filters over another DocType are refused."""
    if filters is None:
        return []
    if isinstance(filters, (str, int)):
        return [("name", "=", str(filters))]
    if isinstance(filters, dict):
        pairs = filters.items()
        triples = [(f, *v) if isinstance(v, (list, tuple)) else (f, "=", v) for f, v in pairs]
    elif filters and all(isinstance(each, (str, int)) for each in filters):
        triples = [("name", "in", list(filters))]
    else:
        triples = [tuple(each) for each in filters]
        triples = [(each[0], "=", each[1]) if len(each) == 2 else each for each in triples]
        triples = [each[1:] if len(each) == 4 and each[0] == doctype else each for each in triples]
    for each in triples:
        if len(each) != 3 or not isinstance(each[1], str) or each[1].lower() not in OPERATORS:
            raise ValidationError(f"filter not understood by the stand-in: {each!r} on {doctype}")
        if not isinstance(each[0], str) or not _IDENTIFIER.fullmatch(each[0]):
            raise ValidationError(f"Invalid filter: {each[0]!r}")
    return [(f, op.lower(), v) for f, op, v in triples]


def bare_where(doctype: str, filters: Any) -> tuple[str, list[Any]]:
    """WHERE for the `frappe.db` calls: no reading of NULL as empty; None means IS NULL whatever the operator."""
    parts: list[str] = []
    params: list[Any] = []
    for field, operator, value in condition_list(doctype, filters):
        column = f"`{field}`"
        if value is None:
            parts.append(f"{column} is null")
        elif operator == "is":
            parts.append(f"{column} != ''" if value == "set" else f"({column} is null or {column} = '')")
        elif operator in ("in", "not in"):
            chosen = value.split(",") if isinstance(value, str) else list(value) or [""]
            parts.append(f"{column} {operator} %s")
            params.append(chosen)
        elif operator == "between":
            parts.append(f"{column} between %s and %s")
            params.extend(value)
        else:
            parts.append(f"{column} {operator} %s")
            params.append(value)
    return (" where " + " and ".join(parts) if parts else ""), params


def _get_all_condition(meta: Meta, table: str, field: str, operator: str, value: Any) -> tuple[str, list[Any]]:
    column, df = f"{table}.`{field}`", meta.get_field(field)
    kind = df.fieldtype if df else ""
    nullable = field not in ("name", "modified", "creation")
    if operator in ("in", "not in"):
        chosen = value.split(",") if isinstance(value, str) else list(value or [])
        if operator == "in":
            nullable = nullable and (not chosen or any(v is None or v == "" for v in chosen))
        shown = f"coalesce({column}, '')" if nullable else column
        return f"{shown} {operator} %s", [["" if v is None else str(v).strip() for v in chosen] or [""]]
    if kind in NUMERIC_FILTER_TYPES:
        nullable = False
    fallback: Any = ""
    if operator == "is":
        nullable = nullable and value != "set"
        operator, value = ("!=" if value == "set" else "="), (0 if kind in NUMERIC_FILTER_TYPES else "")
        if nullable:
            return f"({column} is null or {column} = %s)", [value]
        return f"{column} {operator} %s", [value]
    if operator == "between":
        return f"{column} between %s and %s", list(value)
    if field in ("creation", "modified") or kind in DATE_TYPES:
        nullable = nullable and operator not in (">", ">=")
        fallback = "0001-01-01 00:00:00.000000" if kind != "Date" else "0001-01-01"
    elif kind in NUMERIC_FILTER_TYPES or (not df and field in ("idx", "docstatus")):
        value, fallback = float(value or 0), 0
    else:
        value = "" if value is None else str(value)
    if not nullable or (value and operator in ("=", "like")):
        return f"{column} {operator} %s", [value]
    if fallback == value and operator == "=":
        return f"({column} is null or {column} = %s)", [value]
    if fallback == value and operator == "!=":
        return f"{column} != %s", [value]
    return f"coalesce({column}, %s) {operator} %s", [fallback, value]


def _select_list(meta: Meta, table: str, fields: Any) -> str:
    chosen = [fields] if isinstance(fields, str) else list(fields or ["name"])
    if chosen == ["*"]:
        return f"{table}.*"
    for each in chosen:
        if not isinstance(each, str) or not _FIELD.fullmatch(each.strip()):
            raise ValidationError(f"field not understood by the stand-in: {each!r}")
    return ", ".join(f"{table}.`{each}`" if _IDENTIFIER.fullmatch(each) else each for each in chosen)


def get_all(
    doctype: str,
    filters: Any = None,
    fields: Any = None,
    order_by: str | None = None,
    limit: int | None = None,
    limit_start: int | None = None,
    pluck: str | None = None,
    group_by: str | None = None,
    distinct: bool = False,
    or_filters: Any = None,
) -> list[Any]:
    """Rows as dicts, or the values of `pluck`. Permissions are not looked at, as in Frappe.

    Without `order_by` the DocType's own sorting applies (`modified desc` where it names none).
    """
    meta, table = get_meta(doctype), f"`tab{doctype}`"
    if pluck:
        fields = [pluck]
    conditions, params = [], []
    for glue, source in ((" and ", filters), (" or ", or_filters)):
        each = [_get_all_condition(meta, table, *triple) for triple in condition_list(doctype, source)]
        if each:
            conditions.append("(" + glue.join(sql for sql, _ in each) + ")")
            params += [value for _, values in each for value in values]
    query = f"select {'distinct ' if distinct else ''}{_select_list(meta, table, fields)} from {table}"
    query += " where " + " and ".join(conditions) if conditions else ""
    query += f" group by {group_by}" if group_by else ""
    alone = fields is not None and len(fields) == 1 and _AGGREGATE.match(fields[0]) and not group_by
    if order_by:
        query += f" order by {order_by}"
    elif not alone and not (group_by or distinct):
        field, direction = meta._sort
        query += f" order by {table}.`{field}` {direction}"
    if limit:
        query += f" limit {int(limit)} offset {int(limit_start or 0)}"
    rows: list[_dict] = local.db.sql(query, params, as_dict=True)
    return [next(iter(row.values())) for row in rows] if pluck else rows
