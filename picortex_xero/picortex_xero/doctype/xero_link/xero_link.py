"""Which Xero record a document became."""

from __future__ import annotations

from picortex_xero.engine.reserved import OwnRecord


class XeroLink(OwnRecord):
    """Written by the app only; people read it."""
