"""Unreconcile Payment: the payment or journal that it takes off invoices is looked at again."""

from __future__ import annotations

from typing import Any

from ..engine import capture


def on_submit(doc: Any, method: str | None = None) -> None:
    """Submitted: its voucher now settles less than before, and ERPNext raises no event for that voucher."""
    capture.unreconciled(doc)
