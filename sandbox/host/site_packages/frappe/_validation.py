"""What Frappe checks before it stores a document: defaults, names, links, required fields, options, lengths."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from frappe._context import local
from frappe._messages import msgprint, throw
from frappe._meta import LONG_TYPES, NUMERIC_FILTER_TYPES, VARCHAR, get_meta
from frappe.exceptions import (
    CharacterLengthExceededError,
    DuplicateEntryError,
    LinkValidationError,
    MandatoryError,
    UniqueValidationError,
    ValidationError,
)
from frappe.utils import cint, flt, now_datetime, nowdate

Document = Any  # frappe.model.document has the class, and uses this module
NAME_LENGTH = 10


def generate_hash(length: int = 56) -> str:
    """Random hexadecimal characters."""
    return secrets.token_hex(length // 2 + 1)[:length]


def _all_rows(doc: Document) -> list[Document]:
    return [doc, *(row for df in doc._meta._table_fields for row in doc.get(df.fieldname))]


def set_defaults(doc: Document) -> None:
    """Fill what is None with Frappe's default for a new document: the field's own, a Select's first option, 0 for a
    Check, the user's default for a Link (site_config `defaults`). Numbers without a default stay None until stored."""
    for row in _all_rows(doc):
        for df in row._meta._data_fields:
            if row.get(df.fieldname) is None:
                row.set(df.fieldname, _default(df, df.fieldname == row._meta._json.get("title_field")))


def _default(df: Any, is_title: bool) -> Any:
    by_user = (local.conf.defaults or {}).get(df.fieldname) if df.fieldtype == "Link" else None
    if by_user and local.db.exists(df.options, by_user):
        return by_user
    text = "" if is_title else str(df.default or "")
    if text == "__user":
        return local.session.user
    if text == "Today":
        return nowdate()
    if df.fieldtype == "Datetime" and text.lower() == "now":
        return now_datetime()
    if not text and df.fieldtype == "Select" and df.options and not is_title:
        return df.options.split("\n", 1)[0]
    if df.fieldtype == "Check":
        return cint(text)
    if df.fieldtype in NUMERIC_FILTER_TYPES and text:
        return cint(text) if df.fieldtype == "Int" else flt(text)
    return text or None


def set_new_name(doc: Document) -> None:
    """Name the document and its rows by the DocType's `autoname`: hash, field:, format:, prompt, autoincrement."""
    for row in _all_rows(doc):
        rule = row._meta._json.get("autoname") or ""
        if row._meta._single:
            row.name = row.doctype
            continue
        if rule.lower() != "prompt":
            row.name = None
        if hasattr(type(row), "autoname"):
            row.run_method("autoname")
        if row.get("amended_from"):
            row.name = _amended_name(row)
        if not row.name:
            row.name = _by_rule(row, rule)
        if isinstance(row.name, str):
            row.name = row.name.strip()
        if not row.name:
            throw(f"{row.doctype}: a name is required")


def _amended_name(row: Document) -> str:
    """As Frappe names an amendment by default: the first of X is X-1, that of X-1 is X-2."""
    former = str(row.get("amended_from"))
    if not local.db.get_value(row.doctype, former, "amended_from"):
        return f"{former}-1"
    first, _dash, number = former.rpartition("-")
    return f"{first}-{int(number) + 1}"


def _by_rule(row: Document, rule: str) -> Any:
    lowered = rule.lower()
    if lowered in ("", "hash"):
        return generate_hash(NAME_LENGTH)
    if lowered.startswith("field:"):
        return row.get(rule[6:])
    if lowered.startswith("format:"):
        return re.sub(r"\{(\w+)\}", lambda found: str(row.get(found.group(1))), rule[7:])
    if lowered == "prompt":
        return row.name
    if lowered == "autoincrement":
        return (local.db.sql(f"select max(name) from `tab{row.doctype}`")[0][0] or 0) + 1
    raise NotImplementedError(f"the stand-in does not know autoname {rule!r} of {row.doctype}")


def check_links(doc: Document) -> None:
    """LinkValidationError naming every link that leads nowhere."""
    broken = []
    for row in _all_rows(doc):
        for df in row._meta._data_fields:
            value = row.get(df.fieldname)
            # Recorded DocTypes know which fields are links, not where to.
            if not value or df.fieldtype not in ("Link", "Dynamic Link") or not df.options:
                continue
            target = df.options if df.fieldtype == "Link" else row.get(df.options)
            if not get_meta(target)._single and not local.db.exists(target, value):
                broken.append(f"{df.label or df.fieldname}: {value}")
    if broken and not doc.flags.ignore_links:
        throw("Could not find " + ", ".join(broken), LinkValidationError)


def check_fields(doc: Document) -> None:
    """MandatoryError, ValidationError (Select options) or CharacterLengthExceededError."""
    for row in _all_rows(doc):
        missing = []
        for df in row._meta._data_fields:
            value = row.get(df.fieldname)
            if df.reqd and df.fieldtype not in NUMERIC_FILTER_TYPES and (value is None or str(value).strip() == ""):
                missing.append(df.fieldname)
            if df.fieldtype == "Select" and value and df.options and value not in df.options.split("\n"):
                throw(
                    f'{df.label or df.fieldname} cannot be "{value}". It should be one of {df.options.split()}',
                    ValidationError,
                )
            limit = cint(df.length) or VARCHAR
            if isinstance(value, str) and df.fieldtype not in LONG_TYPES and len(value) > limit:
                throw(
                    f"'{df.fieldname}' will get truncated, as max characters allowed is {limit}",
                    CharacterLengthExceededError,
                )
        if missing and not doc.flags.ignore_mandatory:
            raise MandatoryError(f"[{row.doctype}, {row.name}]: {', '.join(missing)}")


@contextmanager
def duplicates_named(doc: Document, ignore_name: bool = False) -> Iterator[None]:
    """Turns the database's duplicate error into Frappe's two, with the message Frappe leaves for the user."""
    try:
        yield
    except Exception as error:
        if local.db.is_primary_key_violation(error):
            if ignore_name:
                return
            msgprint(f"{doc.doctype} {doc.name} already exists", title="Duplicate Name", indicator="red")
            raise DuplicateEntryError(doc.doctype, doc.name, error) from error
        if local.db.is_unique_key_violation(error):
            msgprint(f"{doc.doctype}: a field must be unique ({error.args[1]})", title="Message")
            raise UniqueValidationError(doc.doctype, doc.name, error) from error
        raise
