"""Supplier: merging two is noted, for Xero has a contact for each of them."""

from __future__ import annotations

from typing import Any

from ..sync import capture


def after_rename(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
    """Renamed, or merged into another."""
    if merge:
        capture.merged("Supplier", new)
