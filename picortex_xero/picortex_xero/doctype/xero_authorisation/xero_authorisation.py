"""Tokens of one Xero user or custom connection, encrypted."""

from __future__ import annotations

from picortex_xero.engine.reserved import OwnRecord


class XeroAuthorisation(OwnRecord):
    """Written by the app only; people read it."""
