"""Takes back what was done with a bank line: what it allocated is taken off, what it made is cancelled (a draft deleted). And goes on with acts whose drafts were submitted meanwhile."""

from __future__ import annotations

import json
from typing import Any

import frappe

from ..accounting.money import decimal
from ..accounting.texts import NONE, _
from ..compat import let_pass
from ..engine.clock import now
from . import acting, allocating
from .plan import CannotBeDone
from .rows import ACCEPTED, ACT, DONE, PAYMENT, TAKEN_BACK, UNDONE, WAITING


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
    for act in _decided(company):
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


def _decided(company: str) -> list[str]:
    """The waiting acts none of whose documents is a draft any more, or one of whose is gone: however many others wait, these have their turn. Two statements, and one for each kind of document."""
    waiting = frappe.get_all(ACT, filters={"company": company, "state": WAITING}, fields=["name", "done"], order_by="creation asc")
    by_act = {str(each["name"]): made_of(each) for each in waiting}
    drafts: set[tuple[str, str]] = set()
    for doctype in {doctype for made in by_act.values() for doctype, _name in made}:
        names = sorted({name for made in by_act.values() for kind, name in made if kind == doctype})
        drafts |= {(doctype, str(each)) for each in frappe.get_all(doctype, filters={"name": ("in", names), "docstatus": 0}, pluck="name")}
    return [act for act, made in by_act.items() if not all((doctype, name) in drafts for doctype, name in made)]


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
    # What a person has reconciled in ERPNext himself meanwhile stands in its line already.
    lines = {name: allocating.locked(name) for name in sorted(done["lines"])}
    stood, left = _standing(done["lines"], lines)
    made = acting.Done(NONE, left, done["made"], done["clear"], done["each_other"])
    acting.carry_out(made, lines)
    done["lines"] = {name: [*stood.get(name, []), *made.lines.get(name, [])] for name in done["lines"]}
    frappe.db.set_value(ACT, act, {"state": DONE, "done": json.dumps(done), "trouble": ""}, update_modified=False)
    for name in done["lines"]:
        acting.mark(name, ACCEPTED, act)
    return 1


def _standing(parts_of: dict[str, list[list[str]]], lines: dict[str, Any]) -> tuple[dict[str, list[list[str]]], dict[str, list[list[str]]]]:
    """By line the parts that stand in it, as [DocType, name, amount], and those that do not. Of two lines that take each other back nothing waits."""
    stood: dict[str, list[list[str]]] = {}
    left: dict[str, list[list[str]]] = {}
    for name, parts in parts_of.items():
        line = lines[name]
        known = {(each.payment_document, each.payment_entry): str(decimal(each.allocated_amount)) for each in line.payment_entries}
        stood[name] = [[each[0], each[1], known[each[0], each[1]]] for each in parts if (each[0], each[1]) in known]
        left[name] = [each for each in parts if (each[0], each[1]) not in known]
    return stood, {name: parts for name, parts in left.items() if parts}


def made_of(act: dict[str, Any]) -> list[list[str]]:
    """The documents that an act made, as [DocType, name]."""
    return list(json.loads(act["done"])["made"]) if act.get("done") else []


def pays(act: dict[str, Any]) -> bool:
    """Whether an act made a payment: undoing it cancels that, in Xero too."""
    return any(doctype == PAYMENT for doctype, _name in made_of(act))
