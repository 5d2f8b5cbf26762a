"""Customers, suppliers, accounts and what else documents name: after a rename, contacts and mappings follow."""

from __future__ import annotations

from typing import Any

from ..engine import capture, renames


def after_rename(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
    """Renamed, or merged into another. A contact stays with its customer or supplier, a mapping with its account."""
    renames.renamed(doc.doctype, old, new, merge)
    if merge:
        capture.merged(doc.doctype, new)
