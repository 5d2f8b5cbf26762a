"""Unreconcile Payment: the payment that it takes off invoices is looked at again."""

from __future__ import annotations

from typing import Any

from ..engine import capture


def on_submit(doc: Any, method: str | None = None) -> None:
    """Submitted: its voucher settles less than before, without an event of the voucher."""
    capture.unreconciled(doc)
