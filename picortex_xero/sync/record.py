"""What became of a sealed request: links, states and the log, in one transaction; members are matched by marker, never by index."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import frappe
import simplejson

from ..core import outcomes
from ..core.attachments import altered
from ..core.documents import Identity
from ..core.kinds import GONE, find, worth
from ..core.kinds import identifies as same
from ..core.money import decimal
from ..core.outcomes import Answer
from ..core.problems import Problem
from . import files, limits, links, log, notes, outbox
from .attempts import Attempt
from .clock import now
from .context import Context
from .work import different_total, settle

Member = dict[str, Any]
# What a record that "exists already" can be looked up by; a bill's number is free, and a void has none.
LOOKED_UP_BY = {"ContactNumber", "InvoiceNumber", "CreditNoteNumber"}
# An overpayment is linked by its own id; that of its bank line is kept beside the marker.
FURTHER_IDS = ("BankTransactionID",)
SERVER_WAIT = timedelta(seconds=60)


def record(context: Context, attempt: Attempt, answer: Answer) -> list[Member]:
    """Apply one answer. Returns the members that Xero says exist already: their record has to be looked up. Commits."""
    verdict = outcomes.judge(answer)
    if attempt.method == "DELETE" and answer.status in (200, 204, 404):
        # Gone, by us or before us.
        deleted = {attempt.kind.id_field: attempt.members[0]["marker"][attempt.kind.id_field], "Status": "DELETED"}
        verdict, answer = outcomes.Verdict(outcomes.ELEMENTS), Answer(200, answer.headers, {attempt.kind.endpoint: [deleted]})
    exists: list[Member] = []
    if verdict.kind == outcomes.ELEMENTS:
        exists = _elements(context, attempt, answer)
    elif verdict.kind == outcomes.SPLIT or (
        # Nobody's books wait for a note or a file: a permission that only they lack stops only them.
        attempt.kind.extra and verdict.kind == outcomes.SHUT and outcomes.only_this_call(answer)
    ):
        _split(context, attempt, answer, verdict.problem)
    elif verdict.kind in (outcomes.REPLAY, outcomes.PROBE):
        _unclear(attempt, verdict.kind)
    else:
        _not_written(context, attempt, answer, verdict)
    frappe.db.commit()
    return exists


def found(
    context: Context, attempt: Attempt, member: Member, element: dict[str, Any], adopted: bool = False, problem: Problem | None = None
) -> None:
    """Xero has this member: write its link, close its step, compare the figures; `problem` leaves the step to a person all the same.

    Part of the caller's transaction."""
    who = identity_of(member)
    row = row_of(attempt, member)
    if attempt.kind.undo:
        links.seen(member["link"], remote_status=element.get("Status", ""), remote_amount_due=0)
        if row:
            outbox.move(row, "recorded")
        log.write(
            context.connection,
            member["company"],
            who,
            "Undone",
            f"{who.name} is {str(element.get('Status', '')).lower()} in Xero",
            _said(element),
        )
        if member["role"].startswith("void"):
            notes.cancelled(context, who, member["link"])
        return
    if attempt.kind.raw and (other := altered(who.name, json.loads(attempt.body), element)):
        log.write(context.connection, member["company"], who, "Refused", other.message, _said(element))
        if row:
            settle(row, [other])
        return
    if attempt.kind.extra:
        added = f"A note about {who.name}" if attempt.kind.name == "note" else f"The file {element.get('FileName')} of {who.name}"
        log.write(context.connection, member["company"], who, "Added", f"{added} is in Xero", _said(element))
        if row:
            outbox.move(row, "recorded")
        return
    if attempt.kind.revises:
        links.seen(member["link"], content=member["content"], remote_total=decimal(element.get("Total")))
        log.write(context.connection, member["company"], who, "Changed", f"{who.name} was changed in Xero as it was here", _said(element))
        if row:
            problem = _compare(member, element, True)
            outbox.move(row, "refused" if problem else "recorded", problem)
        return
    number = element.get("InvoiceNumber") or element.get("CreditNoteNumber") or element.get("Name") or element.get("Reference") or ""
    role, part, generation = link_role(member)
    ours = links.add(
        context.connection,
        member["company"],
        who,
        role,
        part,
        attempt.endpoint,
        element[attempt.kind.id_field],
        generation=generation,
        number=number,
        marker=simplejson.dumps({**member["marker"], **{name: element[name] for name in FURTHER_IDS if element.get(name)}}),
        content=member.get("content", ""),
        status=element.get("Status") or element.get("ContactStatus") or "",
        currency=member["currency"],
        total=worth(element),
        amount_due=element.get("AmountDue"),
        adopted=adopted,
    )
    log.write(
        context.connection,
        member["company"],
        who,
        "In Xero",
        f"{who.name} is in Xero as {number or element[attempt.kind.id_field]}",
        _said(element),
    )
    if ours:
        notes.entered(context, who, role, part, attempt.endpoint, generation)
        files.follow(context, who, role, attempt.endpoint, generation)
    if row:
        problem = problem or _compare(member, element, ours)
        outbox.move(row, "refused" if problem else "recorded", problem)


def refuse(attempt: Attempt, member: Member, problem: Problem) -> None:
    """Leave a member to a person (or on hold)."""
    if row := row_of(attempt, member):
        settle(row, [problem])


def give_back(attempt: Attempt, member: Member, event: str = "release", problem: Problem | None = None, **fields: Any) -> None:
    """Let a member be sent again under a new key: it is certain that Xero does not have it."""
    if row := row_of(attempt, member):
        outbox.move(row, event, problem, attempt="", **fields)


def identity_of(member: Member) -> Identity:
    """The host document of a member: as its step names it now, for it may have been renamed since the request was sealed."""
    if step := outbox.get(name=member["entry"]):
        return outbox.identity(step)
    return Identity(member["doctype"], member["docname"], member["creation"])


def link_role(member: Member) -> tuple[str, int, int]:
    """Role, sequence and generation of a member's link: "payment-2" is the second payment."""
    role, _, number = member["role"].partition("-")
    return role, int(number or 1), int(member["generation"])


def row_of(attempt: Attempt, member: Member) -> outbox.Row | None:
    """The member's step while this attempt is its current one; None once another attempt or a person has taken over."""
    row = outbox.get(name=member["entry"])
    return row if row and row["attempt"] == attempt.key and row["state"] in ("Sending", "Unknown") else None


def _elements(context: Context, attempt: Attempt, answer: Answer) -> list[Member]:
    elements = answer.data.get(attempt.kind.endpoint) or answer.data.get("Elements") or []
    saved = [element for element in elements if outcomes.element_ok(element, attempt.kind.id_field)]
    failed = [element for element in elements if element not in saved]
    exists, unclear = [], []
    for member in attempt.members:
        hits = find(attempt.kind, member["marker"], saved) or [
            element for element in saved if same(attempt.kind, member["marker"], element)
        ]
        errors = [element for element in failed if same(attempt.kind, member["marker"], element)]
        if len(hits) == 1 and (not attempt.kind.undo or hits[0].get("Status") in GONE):
            found(context, attempt, member, hits[0])
        elif len(errors) == 1 or (len(failed) == len(attempt.members) == 1):
            refusal = outcomes.refusal(outcomes.element_errors((errors or failed)[0]))
            if refusal.event == "exists" and LOOKED_UP_BY & set(member["marker"]):
                exists.append(member)
            else:
                _refused(context, attempt, member, refusal, (errors or failed)[0])
        else:
            unclear.append(member)
    if unclear or exists:
        # Some members are still open: the attempt stays, and Xero itself is asked.
        attempt.members = [*unclear, *exists]
        _unclear(attempt, outcomes.PROBE)
    else:
        attempt.resolve("recorded", answer.status)
    return exists


def _refused(context: Context, attempt: Attempt, member: Member, refusal: outcomes.Refusal, element: dict[str, Any]) -> None:
    log.write(context.connection, member["company"], identity_of(member), "Refused", refusal.problem.message, _said(element))
    if refusal.event == "release" or (refusal.event == "exists" and attempt.kind.undo):
        # An undo that came too late for what it found: the next look reads the record's status anew.
        give_back(attempt, member, problem=refusal.problem, due_at=now() + timedelta(minutes=15))
    else:
        refuse(attempt, member, refusal.problem)


def _split(context: Context, attempt: Attempt, answer: Answer, problem: Problem | None) -> None:
    """A whole request was turned away unread: halve it until the culprit stands alone."""
    half = (len(attempt.members) + 1) // 2
    for member in attempt.members:
        if len(attempt.members) > 1:
            give_back(attempt, member, batch_limit=half)
        else:
            refuse(attempt, member, problem or Problem("xero-refused", outcomes.said(answer), "Correct the document, then press Retry"))
            log.write(context.connection, member["company"], identity_of(member), "Refused", outcomes.said(answer), answer.text)
    attempt.resolve("split", answer.status)


def _unclear(attempt: Attempt, kind: str) -> None:
    for member in attempt.members:
        row = row_of(attempt, member)
        if row and row["state"] == "Sending":
            outbox.move(row, "unclear")
    if kind == outcomes.REPLAY and attempt.may_replay:
        attempt.wait_for_replay()
    else:
        attempt.wait_for_probe()


def _not_written(context: Context, attempt: Attempt, answer: Answer, verdict: outcomes.Verdict) -> None:
    """Xero has certainly written nothing: give everything back and say why it waits."""
    if attempt.replays:
        # The first sending of these bytes may have arrived, whatever happened to this one.
        _unclear(attempt, outcomes.REPLAY)
    else:
        for member in attempt.members:
            give_back(
                attempt,
                member,
                due_at=now() + max(timedelta(seconds=verdict.wait), SERVER_WAIT if verdict.kind == outcomes.RELEASE else timedelta()),
            )
        attempt.resolve(verdict.kind, answer.status)
    stop(context, verdict, answer.header("x-rate-limit-problem"))


def stop(context: Context, verdict: outcomes.Verdict, limit: str = "") -> None:
    """What an answer that wrote nothing means for the whole connection: rest, or wait for a person. Commits."""
    if verdict.kind == outcomes.PARK:
        limits.rest(context.connection, verdict.wait, f"Xero's limit of calls ({limit or 'unnamed'}) is used up")
    elif verdict.kind == outcomes.EXPIRED:
        limits.pause(context.connection, "Xero refuses this sign-in; connect again")
    elif verdict.kind == outcomes.SHUT:
        limits.pause(context.connection, verdict.problem.message if verdict.problem else "Xero refuses this organisation")
    else:
        limits.rest(context.connection, max(verdict.wait, 30), "Xero does not answer properly; trying again soon")
    frappe.db.commit()


def _compare(member: Member, element: dict[str, Any], ours: bool) -> Problem | None:
    """What Xero returned against what it must be; None where all agrees."""
    if not ours:
        return Problem(
            "link-conflict",
            f"Xero's record for {member['docname']} already belongs to another document here",
            "Look at both documents in Xero; void the one that is too many",
        )
    for figure, field in (("total", "Total"), ("tax", "TotalTax")):
        if member[figure] is not None and element.get(field) is not None and decimal(member[figure]) != decimal(element[field]):
            return different_total(f"The {figure} of {member['docname']}", member[figure], element[field])
    return None


def _said(element: dict[str, Any]) -> str:
    return simplejson.dumps(element, use_decimal=True, default=str)
