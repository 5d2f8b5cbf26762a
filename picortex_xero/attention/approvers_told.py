"""Once a day: each Xero Approver is told how many documents wait for him, or for somebody whose deputy he is. Silent where none does. (Xero Admins and Accountants read
of them in the message about all that waits, digest.py.)"""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from ..accounting.texts import Text, _
from ..compat import let_pass
from ..connection import who_may
from . import asked_to_approve, messages, people

SAVEPOINT = "picortex_xero_approvers"
PAGE = "/app/xero-approvals"


def send(connections: Sequence[str]) -> int:
    """Tell each approver of these connections once; how many were told. Commits."""
    companies = {each: str(frappe.db.get_value("Xero Connection", each, "company") or "") for each in connections}
    told = 0
    for user in sorted({user for company in companies.values() for user in people.holders((who_may.APPROVER,), company)}):
        frappe.db.savepoint(SAVEPOINT)
        try:
            told += _tell(user, connections, companies)
        except Exception as error:
            let_pass(error)
            frappe.db.rollback(save_point=SAVEPOINT)
            frappe.log_error(title=f"Xero: {user} could not be told what waits for his approval"[:140])
    frappe.db.commit()
    return told


def _tell(user: str, connections: Sequence[str], companies: dict[str, str]) -> int:
    mine = [each for each in asked_to_approve.of(user, connections) if each.mine]
    if not mine:
        return 0
    message: Text = (
        _("One document waits for your approval before it goes to Xero")
        if len(mine) == 1
        else _("{count} documents wait for your approval before they go to Xero").format(count=len(mine))
    )
    connection = next(each for each in connections if companies[each] == mine[0].company)
    if messages.unread(connection, user, message):
        return 0
    messages.send_to(connection, user, message, _("Open the page Approvals"), page=PAGE)
    return 1
