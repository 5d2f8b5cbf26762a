"""One renaming of what documents name: an account, a cost center, a tax template, a document that others settle."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroFormerName(OwnRecord):
    """Written by the app only, and shown to nobody: it names accounts of every company."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        former_name: DF.Data
        present_name: DF.Data
        reference_doctype: DF.Data
    # end: auto-generated types
