"""Item Tax Template: after a rename its mappings follow."""

from __future__ import annotations

from typing import Any

from ..engine import renames


def after_rename(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
    """Renamed, or merged into another."""
    renames.renamed("Item Tax Template", old, new, merge)
