"""Once a day: each Xero Approver is told how many documents wait for him, or for somebody whose deputy he is. Silent where none does. (Xero Admins and Accountants read
of them in the message about all that waits, digest.py.)"""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from ..accounting.texts import Text, _
from ..compat import let_pass
from ..connection import approvers, who_may
from ..documents.approvals.flow import Person
from ..documents.approvals.standing import leave
from ..documents.approvals.words import ASKED
from ..documents.step import HELD
from ..engine import approvals, outbox
from ..engine.approvals import Waiting
from . import messages, people

SAVEPOINT = "picortex_xero_approvers"
PAGE = "/app/xero-approvals"
# So many documents of a company are looked at, the oldest first.
MOST = 200


def send(connections: Sequence[str]) -> int:
    """Tell each approver of these connections once; how many were told. Commits."""
    waiting = {each: found for each in connections if (found := _waiting(each))}
    told = 0
    for user in sorted({user for each in waiting for user in people.holders((who_may.APPROVER,), _company(each))}):
        frappe.db.savepoint(SAVEPOINT)
        try:
            told += _tell(user, waiting)
        except Exception as error:
            let_pass(error)
            frappe.db.rollback(save_point=SAVEPOINT)
            frappe.log_error(title=f"Xero: {user} could not be told what waits for his approval"[:140])
    frappe.db.commit()
    return told


def _company(connection: str) -> str:
    return str(frappe.db.get_value("Xero Connection", connection, "company") or "")


def _waiting(connection: str) -> list[Waiting]:
    wanted = {"connection": connection, "state": HELD, "reason_code": ("in", ASKED)}
    names = frappe.get_all(outbox.DOCTYPE, filters=wanted, pluck="name", order_by="creation asc", limit=MOST)
    return approvals.waiting(connection, outbox.named(names))


def _tell(user: str, waiting: dict[str, list[Waiting]]) -> int:
    me, absences, today = Person(user, frozenset(frappe.get_roles(user))), approvers.absences_for(user), approvers.today()
    mine = [
        one
        for found in waiting.values()
        for one in found
        if leave(me, one.stands, absences, today).may and frappe.has_permission(one.who.doctype, "read", doc=one.who.name, user=user)
    ]
    if not mine:
        return 0
    message: Text = (
        _("One document waits for your approval before it goes to Xero")
        if len(mine) == 1
        else _("{count} documents wait for your approval before they go to Xero").format(count=len(mine))
    )
    if messages.unread(mine[0].connection, user, message):
        return 0
    messages.send_to(mine[0].connection, user, message, _("Open the page Approvals"), page=PAGE)
    return 1
