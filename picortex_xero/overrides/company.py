"""Company: after a rename its contact in Xero follows, which is used for money between the company's own accounts."""

from __future__ import annotations

from typing import Any

from ..engine import renames


def after_rename(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
    """Renamed, or merged into another."""
    renames.renamed("Company", old, new, merge)
