"""Cost Center: after a rename its mapping follows."""

from __future__ import annotations

from typing import Any

from ..engine import renames


def after_rename(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
    """Renamed, or merged into another."""
    renames.renamed("Cost Center", old, new, merge)
