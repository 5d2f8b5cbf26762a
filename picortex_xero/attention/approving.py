"""What waits for somebody's approval, as the page Approvals and the forms show it, and what a press there does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.utils import get_url

from ..accounting.money import decimal
from ..accounting.texts import Text, _
from ..connection import approvers, current
from ..documents.approvals.flow import APPROVED, RETURNED
from ..documents.approvals.standing import leave, whom
from ..documents.approvals.words import ASKED, given_back
from ..documents.identity import Identity, form_address, moment
from ..documents.step import HELD
from ..engine import approvals, full_names, outbox
from ..engine.approvals import Waiting
from ..engine.screen_texts import in_words, shown
from ..engine.wake import wake
from . import messages, previewed_one

# So many documents are shown at once, the oldest first; of each so many lines.
MOST, MOST_LINES = 100, 20
# What the page may say of a document, as it is sent.
OUTCOMES = (APPROVED, RETURNED)
Named = tuple[str, str]


def waiting(doctype: str = "", name: str = "") -> dict[str, Any]:
    """What waits, of the documents that the user may read (or of one of them): `documents`, each as `_row`; `more`: the oldest are shown, and there are others."""
    wanted: dict[str, Any] = {"state": HELD, "reason_code": ("in", ASKED)}
    if doctype:
        wanted |= {"reference_doctype": doctype, "reference_name": name}
    # A document has few steps that wait.
    found = frappe.get_all(
        outbox.DOCTYPE, filters=wanted, fields=["name", "reference_doctype", "reference_name"], order_by="creation asc", limit=20 * MOST
    )
    readable = _readable({(row["reference_doctype"], row["reference_name"]) for row in found})
    names = [row["name"] for row in found if (row["reference_doctype"], row["reference_name"]) in readable]
    every = _of(outbox.named(names[: 2 * MOST]))
    absences, me, today = approvers.absences_for(frappe.session.user), approvers.me(), approvers.today()
    rows = [_row(each, leave(me, each.stands, absences, today)) for each in every[:MOST]]
    # What waits for the user stands before what waits for others.
    return {"documents": sorted(rows, key=lambda row: not row["may"]), "more": len(every) > MOST or len(names) > 2 * MOST}


def preview(doctype: str, name: str) -> list[dict[str, Any]]:
    """What a document that waits becomes in Xero once everybody has agreed: the steps of attention/previewed_one, without their requests. [] where it does not wait."""
    for one in _waiting([(doctype, name)]):
        steps = previewed_one.document(one.connection, doctype, name, False, agreed=True)["steps"]
        return [{part: value for part, value in step.items() if part not in ("request", "json", "reasons")} for step in steps]
    return []


def decide(items: Iterable[Mapping[str, str]], outcome: str, note: str) -> list[dict[str, Any]]:
    """The user agrees to these documents (each `doctype`, `name`, and `seen` as it was shown) or gives them back: of each whether it counts (`done`), and else `why`."""
    absences, me, today = approvers.absences_for(frappe.session.user), approvers.me(), approvers.today()
    items = list(items)
    by_name = {(one.who.doctype, one.who.name): one for one in _waiting([(item["doctype"], item["name"]) for item in items])}
    said, decided = [], set[str]()
    for item in items:
        named = item["doctype"], item["name"]
        one = by_name.get(named)
        why: Text = approvals.vote(one, item["seen"], outcome, note, me, absences, today)
        if one and not why and outcome == RETURNED:
            _tell_whoever_entered(one, note)
        said.append({"doctype": named[0], "name": named[1], "done": not why, "why": in_words(why) if why else ""})
        if one and not why:
            decided.add(one.connection)
    frappe.db.after_commit.add(lambda: _wake(decided))
    return said


def _wake(connections: Iterable[str]) -> None:
    for each in sorted(connections):
        wake(each)


def _tell_whoever_entered(one: Waiting, note: str) -> None:
    """Whoever entered or submitted a document reads why it was given back."""
    problem = given_back(full_names.mine(), note)
    named = {str(one.doc.get("owner") or ""), one.steps[0]["owner"]} - {"", frappe.session.user}
    for user in frappe.get_all("User", filters={"name": ("in", sorted(named)), "enabled": 1}, pluck="name") if named else []:
        said = _("{name}: {what}").format(name=one.who.name, what=problem.message)
        messages.send_to(one.connection, user, said, problem.resolution, page=form_address(get_url(), one.who))


def _readable(named: set[Named]) -> set[Named]:
    """Those of these documents that the user may read, in one read for each kind."""
    found: set[Named] = set()
    for doctype in sorted({doctype for doctype, _name in named}):
        if frappe.has_permission(doctype, "read"):
            names = sorted(name for each, name in named if each == doctype)
            found |= {(doctype, name) for name in frappe.get_list(doctype, filters={"name": ("in", names)}, pluck="name", limit=len(names))}
    return found


def _may_read(doctype: str, name: str) -> bool:
    return bool(frappe.db.exists(doctype, name)) and bool(frappe.has_permission(doctype, "read", doc=name))


def _waiting(named: list[Named]) -> list[Waiting]:
    """Those of these documents that the user may read and that wait."""
    steps: list[outbox.Row] = []
    for doctype, name in dict.fromkeys(each for each in named if _may_read(*each)):
        doc = frappe.db.get_value(doctype, name, ["creation", "company"], as_dict=True)
        if connection := current.of_company(doc["company"]):
            steps += outbox.steps_of(connection, Identity(doctype, name, moment(doc["creation"])))
    return _of(steps)


def _of(steps: list[outbox.Row]) -> list[Waiting]:
    by_connection: dict[str, list[outbox.Row]] = {}
    for step in steps:
        by_connection.setdefault(step["connection"], []).append(step)
    return [one for connection, rows in by_connection.items() for one in approvals.waiting(connection, rows)]


def _row(one: Waiting, allowed: Any) -> dict[str, Any]:
    """One document: whose and how much, which step of which rule is asked of whom, who agreed before (`agreed`), whether the user `may` agree (in whose place, or why
    not), and its `lines`. Texts are not HTML."""
    stands, doc, first = one.stands, one.doc, one.steps[0]
    people = full_names.of(
        [vote.person for vote in stands.agreed] + [allowed.on_behalf_of] + ([stands.returned.person] if stands.returned else [])
    )
    returned = stands.returned if not stands.changed else None
    return {
        "doctype": one.who.doctype,
        "name": one.who.name,
        "company": one.company,
        "connection": one.connection,
        "party": _party(doc),
        "posting_date": str(doc.get("posting_date") or ""),
        "amount": f"{decimal(first['amount']):f}",
        "currency": first["currency"],
        "rule": one.rule,
        "step": len(stands.agreed) + 1,
        "steps": len(stands.stages),
        "asked": in_words(whom(stands.stage)),
        "agreed": [people.get(vote.person, vote.person) for vote in stands.agreed],
        "changed": stands.changed,
        "returned": in_words(_("{person}: {note}").format(person=people.get(returned.person, returned.person), note=shown(returned.note)))
        if returned
        else "",
        "may": allowed.may,
        "on_behalf_of": people.get(allowed.on_behalf_of, "") if allowed.on_behalf_of else "",
        "why_not": in_words(allowed.why_not) if allowed.why_not else "",
        "seen": one.seen,
        "lines": _lines(doc),
    }


def _party(doc: Mapping[str, Any]) -> str:
    return str(
        next(
            (
                doc[each]
                for each in ("customer_name", "supplier_name", "party_name", "customer", "supplier", "party", "title")
                if doc.get(each)
            ),
            "",
        )
    )


def _lines(doc: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the document is about: its items, what it settles, or its accounts."""
    for table, what, amount in (
        ("items", ("item_name", "item_code", "description"), "amount"),
        ("references", ("reference_name",), "allocated_amount"),
        ("accounts", ("account",), ""),
    ):
        if rows := doc.get(table):
            return [
                {
                    "what": str(next((row[each] for each in what if row.get(each)), "")),
                    "account": str(row.get("income_account") or row.get("expense_account") or ""),
                    "amount": f"{decimal(row.get(amount)) if amount else decimal(row.get('debit')) - decimal(row.get('credit')):f}",
                }
                for row in rows[:MOST_LINES]
            ]
    return []
