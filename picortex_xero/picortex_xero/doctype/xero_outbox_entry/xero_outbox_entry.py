"""One step of a document on its way; moved only by sync.outbox."""

from __future__ import annotations

from picortex_xero.engine.reserved import OwnRecord


class XeroOutboxEntry(OwnRecord):
    """Written by the app only; people read it."""
