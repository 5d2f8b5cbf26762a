"""What the Desk is told when it starts."""

from __future__ import annotations

from typing import Any

from ..engine.capture import SUBMITTED


def extend(bootinfo: Any) -> None:
    """Which forms show where their document stands in Xero (public/js/accounts_indicator.js)."""
    bootinfo.xero_documents = list(SUBMITTED)
