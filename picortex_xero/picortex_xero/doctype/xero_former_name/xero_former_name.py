"""One renaming of what documents name: an account, a cost center, a tax template, a document that others settle."""

from __future__ import annotations

from picortex_xero.engine.reserved import OwnRecord


class XeroFormerName(OwnRecord):
    """Written by the app only, and shown to nobody: it names accounts of every company."""
