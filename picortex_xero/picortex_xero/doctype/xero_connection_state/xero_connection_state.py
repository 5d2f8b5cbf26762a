"""What machines write about a connection."""

from __future__ import annotations

from picortex_xero.engine.reserved import OwnRecord


class XeroConnectionState(OwnRecord):
    """Written by the app only; people read it."""
