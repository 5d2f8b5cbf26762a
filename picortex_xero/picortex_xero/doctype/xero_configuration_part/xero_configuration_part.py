"""A part of a configuration file that somebody has sent in, until it is imported."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroConfigurationPart(OwnRecord):
    """Written by the app only (configuration/parts.py), and shown to nobody."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        company: DF.Link | None
        connection: DF.Link
        content: DF.LongText | None
        place: DF.Int
        upload: DF.Data
    # end: auto-generated types
