"""Every kind of document that is sent: submits, cancels, later changes and renames are noted for Xero."""

from __future__ import annotations

from typing import Any

from ..engine import capture, renames


def on_submit(doc: Any, method: str | None = None) -> None:
    """Submitted: it must appear in Xero."""
    capture.submitted(doc)


def on_cancel(doc: Any, method: str | None = None) -> None:
    """Cancelled: what it became in Xero must be taken back."""
    capture.cancelled(doc)


def on_update_after_submit(doc: Any, method: str | None = None) -> None:
    """Changed where ERPNext allows it, or matched with invoices later: what no longer agrees with Xero follows."""
    capture.saved_again(doc)


def after_rename(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
    """Renamed: the app's rows about it follow."""
    if not merge:
        renames.renamed(doc.doctype, old, new, merge)
