"""What the Desk is told when it starts: which forms show where their document stands in Xero, and whether this user may press anything
there."""

from __future__ import annotations

from typing import Any

import frappe

from ..compat import let_pass


def extend(bootinfo: Any) -> None:
    """`xero_documents` for public/js/accounts_indicator.js, `xero_own_roles` (the roles of the records that a document itself becomes, by its DocType) for
    public/js/xero_in_lists.js, `xero_presses` for the forms' buttons. A failure here never stops the Desk."""
    try:
        from ..connection import who_may
        from ..engine.capture import SUBMITTED, own_roles
    except Exception as error:
        let_pass(error)
        frappe.log_error(title="Xero: the Desk was not told which documents are sent")
        return
    bootinfo.xero_documents = list(SUBMITTED)
    bootinfo.xero_own_roles = own_roles()
    bootinfo.xero_presses = who_may.presses(frappe.get_roles())
