"""What waits for somebody's approval, as the page Approvals and the forms show it, and what a press there does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.utils import get_url

from ..accounting.money import decimal
from ..accounting.texts import Text, _
from ..compat import lost_race
from ..connection import approvers, current
from ..documents.approvals.flow import APPROVED, RETURNED
from ..documents.approvals.standing import leave
from ..documents.approvals.words import PAST_US, given_back, whom
from ..documents.identity import form_address, moment
from ..documents.registry import SUBMITTED
from ..engine import approvals, full_names, outbox
from ..engine.approvals import Waiting
from ..engine.screen_texts import in_words, shown
from ..engine.wake import wake
from . import asked_to_approve, messages, previewed_one

# So many documents are on one page; of each so many lines.
PAGE, MOST_LINES = 50, 20
MOST_RACES = 4
# What the page may say of a document, as it is sent.
OUTCOMES = (APPROVED, RETURNED)
# Whose turn it is.
MINE, OTHERS, ALL = "mine", "others", "all"
TURNS = (MINE, OTHERS, ALL)
Named = tuple[str, str]


def waiting(doctype: str = "", name: str = "") -> dict[str, Any]:
    """What waits of one document, which the user may read: `documents`, none or one, as `_row`."""
    return {"documents": _rows(_waiting([(doctype, name)]))}


def page(company: str = "", doctype: str = "", turn: str = MINE, start: int = 0) -> dict[str, Any]:
    """One page of what waits, of the documents that the user may read, the oldest first: `documents`, each as `_row`; `total` of what was asked for, `start`, `page`
    (documents of a page); `mine` and `others`: how many wait for him, and for others, whatever company and kind; `companies` and `kinds` that may be asked for; `blind`: he may read no document that
    goes to Xero."""
    every = asked_to_approve.of(frappe.session.user)
    found = [
        each
        for each in every
        if company in ("", each.company) and doctype in ("", each.doctype) and (turn == ALL or each.mine == (turn == MINE))
    ]
    start = start if start < len(found) else 0
    rows = [row for each in found[start : start + PAGE] for row in each.rows]
    mine = sum(each.mine for each in every)
    return {
        "documents": _rows(_of(outbox.named(rows))),
        "blind": not any(frappe.has_permission(each, "read") for each in SUBMITTED),
        "total": len(found),
        "start": start,
        "page": PAGE,
        "mine": mine,
        "others": len(every) - mine,
        "companies": sorted({each.company for each in every}),
        "kinds": sorted({each.doctype for each in every}),
    }


def count() -> int:
    """How many documents wait for the user."""
    return sum(each.mine for each in asked_to_approve.of(frappe.session.user))


def _rows(found: Iterable[Waiting]) -> list[dict[str, Any]]:
    absences, me, today = approvers.absences_for(frappe.session.user), approvers.me(), approvers.today()
    return [_row(each, leave(me, each.stands, absences, today)) for each in found]


def preview(doctype: str, name: str) -> list[dict[str, Any]]:
    """What a document that waits becomes in Xero once everybody has agreed: the steps of attention/previewed_one, without their requests. [] where it does not wait."""
    for one in _waiting([(doctype, name)]):
        steps = previewed_one.document(one.connection, doctype, name, False, agreed=True)["steps"]
        return [{part: value for part, value in step.items() if part not in ("request", "json", "reasons")} for step in steps]
    return []


def decide(items: Iterable[Mapping[str, str]], outcome: str, note: str) -> list[dict[str, Any]]:
    """The user agrees to these documents (each `doctype`, `name`, and `seen` as it was shown) or gives them back: of each whether it counts (`done`), and else `why`.
    Begins anew, a few times, where somebody who does the same is faster in the database."""
    wanted = {(item["doctype"], item["name"]): item["seen"] for item in items}
    for left in reversed(range(MOST_RACES)):
        try:
            return _decided(wanted, outcome, note)
        except Exception as error:
            if not (left and lost_race(error)):
                raise
            frappe.db.rollback()
    return []


def _decided(wanted: Mapping[Named, str], outcome: str, note: str) -> list[dict[str, Any]]:
    absences, me, today = approvers.absences_for(frappe.session.user), approvers.me(), approvers.today()
    by_name = {(one.who.doctype, one.who.name): one for one in _waiting(wanted)}
    said, decided = dict[Named, dict[str, Any]](), set[str]()
    # In one order for everybody: two people at once wait for one another, and never each for the other.
    for named in sorted(wanted):
        one = by_name.get(named)
        why: Text = approvals.vote(one, wanted[named], outcome, note, me, absences, today)
        if one and not why:
            decided.add(one.connection)
            if outcome == RETURNED:
                _tell_whoever_entered(one, note)
        said[named] = {"doctype": named[0], "name": named[1], "done": not why, "why": in_words(why) if why else ""}
    frappe.db.after_commit.add(lambda: _wake(decided))
    return [said[named] for named in wanted]


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


def _waiting(named: Iterable[Named]) -> list[Waiting]:
    """Those of these documents that the user may read and that wait."""
    steps: list[outbox.Row] = []
    by_doctype: dict[str, list[str]] = {}
    for doctype, name in sorted(asked_to_approve.readable(named, frappe.session.user)):
        by_doctype.setdefault(doctype, []).append(name)
    for doctype, names in by_doctype.items():
        docs = frappe.get_all(doctype, filters={"name": ("in", names)}, fields=["name", "creation", "company"])
        for company in sorted({doc["company"] for doc in docs}):
            born = {doc["name"]: moment(doc["creation"]) for doc in docs if doc["company"] == company}
            if connection := current.of_company(company):
                rows = outbox.of_documents(connection, doctype, list(born))
                steps += [row for row in rows if born.get(row["reference_name"]) == row["reference_creation"]]
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
    owner = str(doc.get("owner") or "")
    people = full_names.of(
        [owner, *stands.stage.people]
        + [vote.person for vote in stands.agreed]
        + [allowed.on_behalf_of]
        + ([stands.returned.person] if stands.returned else [])
    )
    returned = stands.returned if not stands.changed else None
    lines = _lines(doc)
    return {
        "doctype": one.who.doctype,
        "name": one.who.name,
        "company": one.company,
        "connection": one.connection,
        "party": _party(doc),
        "entered": people.get(owner, owner),
        "posting_date": str(doc.get("posting_date") or ""),
        "amount": f"{decimal(first['amount']):f}",
        "currency": first["currency"],
        "rule": one.rule,
        "step": len(stands.agreed) + 1,
        "steps": len(stands.stages),
        "asked": in_words(whom(stands.stage.role, sorted(people.get(each, each) for each in stands.stage.people))),
        "agreed": [people.get(vote.person, vote.person) for vote in stands.agreed],
        "changed": stands.changed,
        "past_us": any(each["reason_code"] == PAST_US for each in one.steps),
        "returned": in_words(_("{person}: {note}").format(person=people.get(returned.person, returned.person), note=shown(returned.note)))
        if returned
        else "",
        "may": allowed.may,
        "on_behalf_of": people.get(allowed.on_behalf_of, "") if allowed.on_behalf_of else "",
        "barred": frappe.session.user in stands.barred,
        "why_not": in_words(allowed.why_not) if allowed.why_not else "",
        "seen": one.seen,
        "lines": lines[:MOST_LINES],
        "more_lines": max(0, len(lines) - MOST_LINES),
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
                for row in rows
            ]
    return []
