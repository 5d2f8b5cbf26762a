"""What a DocType looks like: read from the site's `__doctype` table, which `sandbox.host.tables` fills from DocType JSON.

Also the one place that maps Frappe's field types to columns (the lengths and NOT NULL defaults of Frappe's MariaDB).
"""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from typing import Any

from frappe._context import _dict, local
from frappe.exceptions import DoesNotExistError

TABLE_TYPES = ("Table", "Table MultiSelect")
LAYOUT_TYPES = ("Section Break", "Column Break", "Tab Break", "HTML", "Button", "Image", "Fold", "Heading")
FLOAT_TYPES = ("Currency", "Float", "Percent", "Duration", "Rating")
DATE_TYPES = ("Date", "Datetime", "Time")
NUMERIC_FILTER_TYPES = ("Check", "Float", "Int", "Currency", "Percent")
LONG_TYPES = (
    "Small Text",
    "Text",
    "Long Text",
    "Code",
    "Text Editor",
    "Markdown Editor",
    "HTML Editor",
    "JSON",
    "Attach",
    "Attach Image",
    "Signature",
    "Password",
    "Geolocation",
    "Barcode",
)
DEFAULT_COLUMNS = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")
CHILD_COLUMNS = ("parent", "parentfield", "parenttype")
VARCHAR = 140


def column_type(fieldtype: str, length: int = 0) -> str:
    """The SQL of a column of this Frappe field type.

    Float-like fields are `double` here and decimal(21,9) on MariaDB: reading rounds to nine decimals, and both give a
    float. Raises ValueError for a field type the stand-in does not know.
    """
    if fieldtype in ("Int", "Check", "Long Int"):
        return "bigint not null default 0"
    if fieldtype in FLOAT_TYPES:
        return "double not null default 0"
    if fieldtype in ("Date", "Datetime"):
        return f"{fieldtype.lower()} collate frappe_datetime"
    if fieldtype == "Time":
        return "time"
    if fieldtype in LONG_TYPES:
        return "text collate frappe_text"
    if fieldtype in ("Data", "Link", "Dynamic Link", "Select", "Read Only", "Color", "Icon", "Phone", "Autocomplete"):
        return f"varchar({length or VARCHAR}) collate frappe_text"
    raise ValueError(f"the stand-in has no column for field type {fieldtype!r}")


class Meta:
    """One DocType. The app may use `has_field`, `get_field`, `get_table_fields` and `default_print_format`; the rest serves the stand-in."""

    def __init__(self, definition: dict[str, Any], module_path: str | None) -> None:
        self._json = definition
        self._module_path = module_path
        self._fields = {df["fieldname"]: _dict(df) for df in definition["fields"] if df.get("fieldname")}

    @property
    def default_print_format(self) -> str | None:
        """The Print Format that documents are printed with where nobody chooses one."""
        return self._json.get("default_print_format")

    def has_field(self, fieldname: str) -> bool:
        """Whether the DocType has a field of that name (name, owner and the like are not fields)."""
        return fieldname in self._fields

    def get_field(self, fieldname: str) -> _dict | None:
        """The field's definition, or None."""
        return self._fields.get(fieldname)

    def get_table_fields(self) -> list[_dict]:
        """The definitions of its child tables."""
        return self._table_fields

    @cached_property
    def _single(self) -> bool:
        return bool(self._json.get("issingle"))

    @cached_property
    def _child(self) -> bool:
        return bool(self._json.get("istable"))

    @cached_property
    def _table_fields(self) -> list[_dict]:
        return [df for df in self._fields.values() if df.fieldtype in TABLE_TYPES]

    @cached_property
    def _table_names(self) -> frozenset[str]:
        return frozenset(df.fieldname for df in self._table_fields)

    @cached_property
    def _data_fields(self) -> list[_dict]:
        skipped = TABLE_TYPES + LAYOUT_TYPES
        return [df for df in self._fields.values() if df.fieldtype not in skipped and not df.is_virtual]

    @cached_property
    def _columns(self) -> list[str]:
        own = [df.fieldname for df in self._data_fields]
        first = [c for c in DEFAULT_COLUMNS + (CHILD_COLUMNS if self._child else ()) if c not in own]
        return first + own

    @cached_property
    def _unset(self) -> dict[str, None]:
        """What a document has before anything is set: its columns."""
        return dict.fromkeys(self._columns)

    @cached_property
    def _stored_as(self) -> list[tuple[str, str]]:
        """How the value of each column is made what is stored: flag, whole, number, date (no empty text), unique (nothing for nothing) or as it is ("")."""
        return [(column, _stored_as(column, self._fields.get(column))) for column in self._columns]

    @property
    def _sort(self) -> tuple[str, str]:
        field = self._json.get("sort_field")
        return (field or "modified", (field and self._json.get("sort_order")) or "desc")

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"frappe.get_meta(...).{name} is not in sandbox/host/manifest.json")


def _stored_as(column: str, df: _dict | None) -> str:
    kind = df.fieldtype if df else ""
    if kind == "Check":
        return "flag"
    if kind == "Int" or column in ("docstatus", "idx"):
        return "whole"
    if kind in FLOAT_TYPES:
        return "number"
    if df and df.unique:
        return "unique"
    return "date" if kind in DATE_TYPES else ""


def get_meta(doctype: str) -> Meta:
    """The DocType's Meta. Raises DoesNotExistError for one that is not installed on the site."""
    known: dict[str, Meta] = local.meta_cache
    if doctype not in known:
        row = local.db._fetch("select definition, module_path from __doctype where name = ?", [doctype])
        if not row:
            raise DoesNotExistError(f"DocType {doctype} not found")
        known[doctype] = _read(*row[0])
    return known[doctype]


@lru_cache(maxsize=1024)
def _read(definition: str, module_path: str | None) -> Meta:
    """Nobody changes a Meta, so that whoever opens a site next, or another one of the same DocTypes, need not take the JSON apart again."""
    return Meta(json.loads(definition), module_path)
