"""Takes back what was done with a bank line: what it allocated is taken off, what it made is cancelled (a draft deleted). And goes on with acts whose drafts were submitted meanwhile."""

from __future__ import annotations

import json
from typing import Any

import frappe

from ..accounting.texts import NONE, _
from ..compat import let_pass
from ..engine.clock import now
from . import acting, allocating
from .plan import CannotBeDone
from .rows import ACCEPTED, ACT, DONE, PAYMENT, TAKEN_BACK, UNDONE, WAITING

MOST = 200


def take_back(act: str) -> None:
    """Undo an act. Raises CannotBeDone where somebody was faster, frappe.ValidationError in ERPNext's words where ERPNext does not let a payment be cancelled; then nothing of it is undone. Begins a
    transaction of its own, and commits nothing."""
    frappe.db.rollback()
    row = _locked(act)
    if row["state"] == TAKEN_BACK:
        raise CannotBeDone(_("{user} has undone this meanwhile").format(user=acting.who(row["undone_by"])))
    done = json.loads(row["done"])
    for name in sorted(done["lines"]):
        line = allocating.locked(name)
        if line.docstatus == 1:
            allocating.take_off(line, done["lines"][name])
    for doctype, name in done["clear"]:
        if frappe.db.get_value(doctype, name, "docstatus") == 1:
            allocating.clear(doctype, name, None)
    for doctype, name in reversed(done["made"]):
        _away(doctype, name)
    _over(act, str(frappe.session.user))
    for name in done["lines"]:
        acting.mark(name, UNDONE)


def _locked(act: str) -> dict[str, Any]:
    row = allocating.locked_row(ACT, act, ("state", "done", "undone_by"))
    if not row:
        raise CannotBeDone(_("This is not there any more"))
    return row


def _away(doctype: str, name: str) -> None:
    """Cancel what an act made; a draft of it is deleted. What is gone already is left."""
    stands = frappe.db.get_value(doctype, name, "docstatus")
    if stands is None or int(stands) == 2:
        return
    doc = frappe.get_doc(doctype, name)
    if doc.docstatus == 0:
        doc.delete()
    else:
        doc.cancel()


def _over(act: str, by: str) -> None:
    frappe.db.set_value(ACT, act, {"state": TAKEN_BACK, "undone_by": by, "undone_at": now()}, update_modified=False)


def go_on(company: str) -> int:
    """Acts whose drafts are submitted by now are carried out; where one was deleted or cancelled, the act is over. Returns how many were carried out. Commits after each."""
    count = 0
    for act in frappe.get_all(ACT, filters={"company": company, "state": WAITING}, pluck="name", order_by="creation asc", limit=MOST):
        frappe.db.commit()
        try:
            count += _go_on(act)
            frappe.db.commit()
        except (CannotBeDone, frappe.ValidationError) as error:
            frappe.db.rollback()
            let_pass(error)
            said = error.said if isinstance(error, CannotBeDone) else NONE
            frappe.db.set_value(ACT, act, "trouble", str(said or error)[:140], update_modified=False)
            frappe.clear_messages()
            frappe.db.commit()
    return count


def _go_on(act: str) -> int:
    row = _locked(act)
    if row["state"] != WAITING:
        return 0
    done = json.loads(row["done"])
    stands = [frappe.db.get_value(doctype, name, "docstatus") for doctype, name in done["made"]]
    if any(each is None or int(each) == 2 for each in stands):
        _over(act, "Administrator")
        for name in done["lines"]:
            acting.mark(name, UNDONE)
        return 0
    if not all(int(each) == 1 for each in stands):
        return 0
    made = acting.Done(NONE, done["lines"], done["made"], done["clear"], done["each_other"])
    acting.carry_out(made, {})
    done["lines"] = made.lines
    frappe.db.set_value(ACT, act, {"state": DONE, "done": json.dumps(done), "trouble": ""}, update_modified=False)
    for name in done["lines"]:
        acting.mark(name, ACCEPTED, act)
    return 1


def made_of(act: dict[str, Any]) -> list[list[str]]:
    """The documents that an act made, as [DocType, name]."""
    return list(json.loads(act["done"])["made"]) if act.get("done") else []


def pays(act: dict[str, Any]) -> bool:
    """Whether an act made a payment: undoing it cancels that, in Xero too."""
    return any(doctype == PAYMENT for doctype, _name in made_of(act))
