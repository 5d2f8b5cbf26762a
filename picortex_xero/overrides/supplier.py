"""Supplier: after a rename it keeps its contact in Xero; merging two is noted, since each has a contact there."""

from __future__ import annotations

from typing import Any

from ..engine import capture, renames


def after_rename(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
    """Renamed, or merged into another."""
    renames.renamed("Supplier", old, new, merge)
    if merge:
        capture.merged("Supplier", new)
