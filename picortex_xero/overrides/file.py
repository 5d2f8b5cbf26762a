"""File: what is attached to a submitted document is sent to Xero too."""

from __future__ import annotations

from typing import Any

from ..engine import capture


def after_insert(doc: Any, method: str | None = None) -> None:
    """A file was uploaded or linked."""
    capture.attached(doc)
