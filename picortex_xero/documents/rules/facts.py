"""Bulk reads for rules: the groups and territories of parties. Read only."""

from __future__ import annotations

from typing import Any

import frappe

from ..base import Books, Doc
from ..fact_types import Named
from ..facts import Loaders, by_doctype
from .before_sending import GROUPS
from .fields import OF_PARTY


def groups(books: Books, keys: list[Named]) -> dict[Named, Doc]:
    """The fields of these customers and suppliers that rules ask for; {} for one that is gone."""
    found: dict[Named, Doc] = {key: {} for key in keys}
    for doctype, names in by_doctype(keys):
        meta = frappe.get_meta(doctype)
        fields = [field for field in OF_PARTY if meta.has_field(field)]
        for row in frappe.get_all(doctype, filters={"name": ("in", names)}, fields=["name", *fields]):
            found[doctype, row["name"]] = _values(row)
    return found


def _values(row: Any) -> Doc:
    return {field: row[field] for field in OF_PARTY if row.get(field)}


LOADERS: Loaders = {GROUPS: groups}
