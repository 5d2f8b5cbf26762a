"""Users: after a rename, the steps of approvals ask the same people."""

from __future__ import annotations

from typing import Any

from ..connection import approvers


def after_rename(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
    """A user was renamed, or merged into another. Who approved, and who is whose deputy, Frappe renames itself."""
    approvers.renamed(old, new)
