"""What the Desk is told when it starts."""

from __future__ import annotations

from typing import Any

import frappe

from ..compat import let_pass


def extend(bootinfo: Any) -> None:
    """Which forms show where their document stands in Xero (public/js/accounts_indicator.js). A failure here never stops the Desk."""
    try:
        from ..engine.capture import SUBMITTED
    except Exception as error:
        let_pass(error)
        frappe.log_error(title="Xero: the Desk was not told which documents are sent")
        return
    bootinfo.xero_documents = list(SUBMITTED)
