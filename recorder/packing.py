"""What a recording keeps of a host document, on the bench. The inverse is `restore` in this package.

Left out, because it can be put back: nulls, empty strings and lists, zeros of numeric fields, and what a
child row repeats of its parent. Left out for good: fields whose content is rendered for people from others.
"""

from __future__ import annotations

from typing import Any

import frappe

RENDERED = {"other_charges_calculation", "in_words", "base_in_words", "__onload", "_user_tags", "_liked_by"}
OF_PARENT = {"parent", "parenttype", "parentfield", "docstatus", "owner", "creation", "modified", "modified_by"}


def pack(doc: Any) -> dict[str, Any]:
    """The document (or its as_dict) without what `restore` can put back."""
    return _packed(doc if isinstance(doc, dict) else doc.as_dict(convert_dates_to_str=True))


def _packed(data: dict[str, Any], child: bool = False) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in data.items():
        if name in RENDERED or (child and name in OF_PARENT):
            continue
        if isinstance(value, list):
            value = [_packed(row, child=True) if isinstance(row, dict) else row for row in value]
        if value in (None, "", 0, []):
            continue
        kept[name] = value if isinstance(value, (int, float, str, list)) else str(value)
    return kept


def schema(doctypes: set[str]) -> dict[str, dict[str, str]]:
    """{doctype: {fieldname: fieldtype}} of these doctypes and their child tables, stored fields only."""
    found: dict[str, dict[str, str]] = {}
    waiting = sorted(doctypes)
    while waiting:
        doctype = waiting.pop()
        if doctype in found:
            continue
        meta = frappe.get_meta(doctype)
        waiting += [field.options for field in meta.get_table_fields()]
        columns = set(meta.get_valid_columns())
        found[doctype] = {field.fieldname: field.fieldtype for field in meta.fields if field.fieldname in columns}
    return found
