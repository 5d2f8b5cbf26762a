"""People agree to documents that a rule holds back, or give them back: rows of Xero Approval, one for each time somebody said something, never changed. What they
mean is decided by documents/approvals on these rows alone, whenever a step is decided.

Two people at once: the second one's conditional update of the step finds it moved, and the key of his row (document and number) is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.texts import NONE, Text, _, plain
from ..documents.approvals.content import content
from ..documents.approvals.flow import RETURNED, Absence, Person, Vote
from ..documents.approvals.standing import Leave, Standing, leave, whom
from ..documents.approvals.words import ASKED, PAST_US, nothing_asked, past_us, seen_before_change
from ..documents.base import Books
from ..documents.identity import Identity, amount_due
from ..documents.needs import Facts
from ..documents.rules import before_sending
from ..documents.step import ATTENTION, HELD
from . import contexts, full_names, gather, log, outbox
from .clock import now
from .screen_texts import stored
from .standard_columns import standard

DOCTYPE, CONNECTION = "Xero Approval", "Xero Connection"
SAVEPOINT = "picortex_xero_approval"
LONGEST_NOTE = 1000
MOST_PAST_US = 500


@dataclass(frozen=True)
class Waiting:
    """One document that waits for somebody to agree. `steps` are its rows of the outbox that wait, `seen` stands for what it says and how far it has come: a press
    names it, and counts for nothing where that is another by now."""

    connection: str
    company: str
    who: Identity
    steps: tuple[outbox.Row, ...]
    doc: Mapping[str, Any]
    rule: str
    stands: Standing

    @property
    def seen(self) -> str:
        """The content, and how many votes there were."""
        return f"{content(dict(self.doc))}/{self.stands.count}/{self.stands.stage.key(self.stands.rule)}"


def waits(step: outbox.Row) -> bool:
    """Whether a step waits until somebody agrees, or people were told that its record was approved in Xero before that."""
    return bool(step["state"] == HELD and step["reason_code"] in ASKED or _past_us(step))


def _past_us(step: outbox.Row) -> bool:
    return bool(step["state"] == ATTENTION and step["reason_code"] == PAST_US)


def waiting(connection: str, rows: Iterable[outbox.Row]) -> list[Waiting]:
    """The documents of these steps of one connection for which a rule wants somebody to agree, as they are now; one whose document or rule has changed since, so that
    nobody is asked any more, is not among them."""
    rows = [row for row in rows if waits(row)]
    if not rows:
        return []
    books = contexts.books_of(frappe.get_doc(CONNECTION, connection))
    facts = Facts()
    found: dict[Identity, Waiting] = {}
    for case in gather.gather(books, rows, facts):
        who = case.step.who
        if who in found:
            found[who] = replace(found[who], steps=(*found[who].steps, case.row))
        elif one := _waiting(case, facts, books):
            found[who] = one
    return list(found.values())


def _waiting(case: gather.DueStep, facts: Facts, books: Books) -> Waiting | None:
    if case.doc is None or (asked := before_sending.waits_for_leave(case.step, case.doc, facts, books)) is None:
        return None
    verdict, stands = asked
    return Waiting(books.connection, books.company, case.step.who, (case.row,), case.doc, verdict.rule, stands)


def vote(one: Waiting | None, seen: str, outcome: str, note: str, person: Person, absences: Iterable[Absence], today: date) -> Text:
    """Somebody agrees (APPROVED) or gives back (RETURNED) with a note; returns why that counts for nothing, NONE where it counts. Part of the caller's transaction,
    and all or nothing of it."""
    if one is None:
        return nothing_asked()
    if one.seen != seen:
        return seen_before_change()
    allowed = leave(person, one.stands, absences, today)
    if not allowed.may:
        return allowed.why_not
    frappe.db.savepoint(SAVEPOINT)
    stage = one.stands.stage.key(one.stands.rule)
    about = (one.who, one.stands.count + 1, outcome, stage, person.name, content(dict(one.doc)))
    said = Vote(*about, on_behalf_of=allowed.on_behalf_of, rule=one.rule, note=note, called=full_names.mine())
    after = one.stands.after(said)
    moved = [step for step in one.steps if _moved(step, one.rule, after, person.name)]
    if len(moved) < len(one.steps) or not _write(one, outcome, note, person, allowed):
        # Somebody else was faster, or a worker was.
        frappe.db.rollback(save_point=SAVEPOINT)
        return seen_before_change()
    log.write(one.connection, one.company, one.who, "Chosen", _said(one, outcome, note, allowed))
    return NONE


def _moved(step: outbox.Row, rule: str, after: Standing, person: str) -> bool:
    """Have a step decided anew where everybody has agreed; else it says at once what it waits for now. False where it is no longer as it was read. That its record was
    approved in Xero past our approval is said until the last one has agreed."""
    if after.done:
        return outbox.decide_anew(step, approved_by=person, approved_at=now())
    stage = after.stage.key(after.rule)
    if _past_us(step):
        return outbox.set_columns(step, approval_stage=stage)
    problem = before_sending.asks(rule, after)
    return outbox.decide_anew(step, approved_by="", approved_at=None) and outbox.move(
        step, "hold", problem, rule=rule, approval_stage=stage
    )


def _write(one: Waiting, outcome: str, note: str, person: Person, allowed: Leave) -> bool:
    """Write one row; False where another one has its number."""
    stands, number = one.stands, one.stands.count + 1
    key = f"{one.connection}:{one.who.digest}:{number}"
    name = frappe.generate_hash(length=14)
    values: dict[str, Any] = {
        "name": name,
        **standard(person.name),
        "connection": one.connection,
        "company": one.company,
        "reference_doctype": one.who.doctype,
        "reference_name": one.who.name,
        "reference_creation": one.who.creation,
        "number": number,
        "outcome": outcome,
        "rule": one.rule,
        "step_number": len(stands.agreed) + 1,
        "steps": len(stands.stages),
        "asked": stored(whom(stands.stage))[:500],
        "person": person.name,
        "on_behalf_of": allowed.on_behalf_of,
        "at": now(),
        "amount": one.steps[0]["amount"],
        "currency": one.steps[0]["currency"],
        "note": stored(note),
        "stage": stands.stage.key(stands.rule),
        "content": content(dict(one.doc)),
        "approval_key": key,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)
    return bool(frappe.db.get_value(DOCTYPE, {"approval_key": key}, "name") == name)


def _said(one: Waiting, outcome: str, note: str, allowed: Leave) -> Text:
    users = full_names.of([allowed.on_behalf_of]) if allowed.on_behalf_of else {}
    me = full_names.mine()
    by = (
        _("{user} on behalf of {absent}").format(user=me, absent=users.get(allowed.on_behalf_of, allowed.on_behalf_of))
        if users
        else plain(me)
    )
    number, of = len(one.stands.agreed) + 1, len(one.stands.stages)
    if outcome == RETURNED:
        return _("{user} returned it: {note}").format(user=by, note=note)
    if number < of:
        return _("{user} approved it: step {number} of {of} of the rule {rule}").format(user=by, number=number, of=of, rule=one.rule)
    return _("{user} approved it: it may go to Xero by the rule {rule}").format(user=by, rule=one.rule)


def entered_past_us(connection: str, company: str, names: set[str], bills: set[tuple[str, Decimal]]) -> int:
    """Xero has approved records, which no document here is linked with, of these names or (bills, and credit notes with a total below 0) of this supplier's number and
    total: of what waits here for somebody's approval, people are told. Returns how many documents. Commits."""
    numbers = sorted({number for number, _total in bills})
    fields = ["name", "bill_no", "grand_total", "rounded_total"]
    asked = {"company": company, "docstatus": 1, "bill_no": ("in", numbers)}
    rows = frappe.get_all("Purchase Invoice", filters=asked, fields=fields, limit=MOST_PAST_US) if numbers else []
    known = {(number.casefold(), total) for number, total in bills}
    mine = {row["name"] for row in rows if (row["bill_no"].casefold(), amount_due(row)) in known}
    wanted = {"connection": connection, "state": HELD, "reason_code": ("in", ASKED), "reference_name": ("in", sorted(names | mine))}
    steps = outbox.named(frappe.get_all(outbox.DOCTYPE, filters=wanted, pluck="name", limit=MOST_PAST_US)) if names | mine else []
    told = 0
    for step in steps:
        problem = past_us(step["reference_name"], step["rule"] or "")
        if outbox.move(step, "problem", problem):
            log.write(connection, company, outbox.identity(step), "Changed", problem.message)
            told += 1
    frappe.db.commit()
    return told
