"""Writing down what became of a sealed request: links, states of steps and the log, in one transaction.

Xero's elements are matched to members by what identifies them (xero/records/matching), never by their place in the answer. A failure over
one member does not touch the others, and what Xero has saved is never created again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _, plain
from ..compat import let_pass, lost_race
from ..connection import pauses
from ..documents import reversal
from ..documents.role import role
from ..documents.settlement.document_in_xero import WAITING_APPROVAL
from ..xero import answers
from ..xero.answers import Answer
from ..xero.records import matching, xero_element
from . import candidates, contact_details, limits, log, merged_contacts, outbox, record_element
from .attempts import Attempt
from .clock import now
from .close import OF_LISTS, look_at_lists_again
from .contexts import Context
from .members import Member, give_back, identity_of, refuse, row_of

# After so many tries that Xero puts off a person is told: one each quarter of an hour, so after an hour.
MOST_RETURNS = 5
SERVER_WAIT = timedelta(seconds=60)
RACES = 3


def record(context: Context, attempt: Attempt, answer: Answer) -> list[Member]:
    """Apply one answer; where that fails, the attempt stays open and Xero's lists are read later. Returns the members that Xero says exist
    already; the caller looks up their records. Commits."""
    members = attempt.members
    for race in range(RACES):
        try:
            exists = _record_answer(context, attempt, answer)
            frappe.db.commit()
            return exists
        except Exception as error:
            frappe.db.rollback()
            attempt.members = members
            if lost_race(error) and race < RACES - 1:
                continue
            let_pass(error)
            frappe.log_error(title=f"Xero: the answer to {attempt.key} could not be recorded"[:140])
            break
    _unclear(attempt, answers.PROBE, answer.status)
    frappe.db.commit()
    return []


def _record_answer(context: Context, attempt: Attempt, answer: Answer) -> list[Member]:
    verdict = answers.judge(answer)
    if removed_allocation(attempt, answer):
        # The answer names no record. Whether the allocation is gone is read from the credit it belonged to (engine/answered).
        _unclear(attempt, answers.PROBE, answer.status)
        return []
    elements = xero_element.elements(attempt.kind, answer.data)
    if verdict.kind == answers.ELEMENTS or any(xero_element.saved(attempt.kind, each) for each in elements):
        # Whatever the HTTP status: an element that came back with an id is in Xero.
        return _elements(context, attempt, answer, elements)
    if verdict.kind == answers.SPLIT or (
        # Notes and files are no part of the books: where only they lack a permission, only they stop.
        attempt.kind.extra and verdict.kind == answers.SHUT and answers.only_this_call(answer)
    ):
        if attempt.earlier_sends:
            # Refused this time; whether a former sending of the same bytes arrived, Xero's lists tell.
            _unclear(attempt, answers.PROBE, answer.status)
        else:
            _split(context, attempt, answer, verdict.problem)
    elif verdict.kind in (answers.REPLAY, answers.PROBE):
        _unclear(attempt, verdict.kind, answer.status)
    else:
        _not_written(context, attempt, answer, verdict)
    return []


def removed_allocation(attempt: Attempt, answer: Answer) -> bool:
    """Whether Xero says that an allocation is removed, now or before. Such an answer shows no record."""
    return attempt.method == "DELETE" and answer.status in (200, 204, 404)


def _elements(context: Context, attempt: Attempt, answer: Answer, elements: list[dict[str, Any]]) -> list[Member]:
    kind = attempt.kind
    matched = matching.match(kind, attempt.members, elements)
    exists, unclear = [], list(matched.silent)
    for member, element, others in matched.found:
        if kind.undo and not xero_element.gone(element):
            unclear.append(member)
        elif not kind.extra and not xero_element.linked_id(element, kind.id_field):
            # Saved, but the answer lacks the id that links use: Xero's lists show it.
            member["saved"] = xero_element.record_id(kind, element)
            unclear.append(member)
        else:
            record_element.found(context, attempt, member, element, others)
    if attempt.earlier_sends:
        # Perhaps refused because a former sending has arrived: first look for it in Xero.
        unclear += [member for member, _ in matched.refused]
        matched.refused = []
    for member, element in matched.refused:
        refusal = answers.refusal(answers.element_errors(element))
        if refusal.problem.code == merged_contacts.ARCHIVED and member.get("contact"):
            # Perhaps it was merged into another one; if not, this is why it waits.
            member |= {"archived": True, "refused": refusal.problem.stored()}
            exists.append(member)
        elif refusal.event == "exists" and any(name in member["marker"] for name in kind.xero_object.looked_up_by):
            exists.append(member)
        elif xero_element.record_id(kind, element) and not (kind.undo or kind.revises or kind.extra):
            # An error together with an id: Xero's lists show whether it was saved; if not, this error is the reason.
            member["refused"] = refusal.problem.stored()
            unclear.append(member)
        else:
            _refused(context, attempt, member, refusal, element)
    if kind.undo or kind.revises or kind.extra:
        # These make no record: the one that they take back, change or add to is read again.
        unclear += matched.unmatched
        matched.unmatched = []
    for member in matched.unmatched:
        candidates.keep(attempt, member, matched.left, candidates.answered_unmatched(member["docname"], len(matched.left)))
    if any(not xero_element.errs(each) and not xero_element.record_id(kind, each) for each in elements):
        for member in unclear:
            # Neither an id nor an error came back: if Xero's lists do not show it either, it was not saved.
            member["mute"] = True
    if unclear or exists:
        # Some members are still open: the attempt stays Sealed and Xero's lists are read.
        attempt.members = [*unclear, *exists]
        attempt.remember()
        _unclear(attempt, answers.PROBE, answer.status)
    else:
        attempt.resolve("recorded", answer.status)
    return exists


def _refused(context: Context, attempt: Attempt, member: Member, refusal: answers.Refusal, element: dict[str, Any]) -> None:
    row = row_of(attempt, member)
    who = outbox.identity(row) if row else identity_of(member)
    record_element.write_history(context, member, who, "Refused", refusal.problem.message, element)
    if refusal.problem.code in OF_LISTS:
        look_at_lists_again(context)
    if refusal.event == "refused" and contact_details.goes_without(attempt, member, refusal.problem):
        return
    waits = refusal.problem.code == WAITING_APPROVAL.code
    # That a person has not approved yet is no failure, however often it is asked.
    count = {} if waits else outbox.failed_again(row, "put-off")
    comes_back = refusal.event == "release" or (refusal.event == "exists" and attempt.kind.undo)
    if comes_back and (waits or count["failures"] < MOST_RETURNS):
        # An undo that came too late (the record has changed): the next try reads the record's status anew.
        again = now() + timedelta(minutes=15)
        give_back(attempt, member, problem=refusal.problem, due_at=again, batch_limit=0, request_group="", **count)
    else:
        resolution = refusal.problem.resolution or _("Look at {name} in Xero and correct or remove it there, then press Retry").format(
            name=member["docname"]
        )
        refuse(attempt, member, _as_undone(attempt, member, replace(refusal.problem, resolution=resolution)))


def _as_undone(attempt: Attempt, member: Member, problem: Problem) -> Problem:
    """The problem as it is; but what is to be taken back from a locked period cannot be moved to an open day."""
    if problem.code != reversal.LOCKED or not attempt.kind.undo:
        return problem
    undone = bool((row_of(attempt, member) or {}).get("undo_run"))
    return reversal.stays(member["docname"], attempt.endpoint, problem.message, cancelled=role(member["role"]).cancels, undone=undone)


def _split(context: Context, attempt: Attempt, answer: Answer, problem: Problem | None) -> None:
    """Xero refused the whole request without reading its elements: halve it until the one at fault stands alone."""
    half = (len(attempt.members) + 1) // 2
    for member in attempt.members:
        if len(attempt.members) > 1:
            give_back(attempt, member, batch_limit=half)
        else:
            said = problem or Problem("xero-refused", plain(answers.said(answer)), _("Correct the document, then press Retry"))
            if not contact_details.goes_without(attempt, member, said):
                refuse(attempt, member, _as_undone(attempt, member, said))
            log.write(context.connection, member["company"], identity_of(member), "Refused", plain(answers.said(answer)), answer.text)
    attempt.resolve("split", answer.status)


def _unclear(attempt: Attempt, kind: str, http_status: int = 0) -> None:
    for member in attempt.members:
        row = row_of(attempt, member)
        if row and row["state"] == "Sending":
            outbox.move(row, "unclear")
    if kind == answers.REPLAY and attempt.may_replay:
        attempt.wait_for_replay()
    else:
        attempt.wait_for_probe(http_status)


def _not_written(context: Context, attempt: Attempt, answer: Answer, verdict: answers.Verdict) -> None:
    """Xero has certainly written nothing: give every step back and say why it waits."""
    if attempt.earlier_sends:
        # A former sending of the same bytes may have arrived, whatever became of this one.
        _unclear(attempt, answers.REPLAY)
    else:
        for member in attempt.members:
            give_back(
                attempt,
                member,
                due_at=now() + max(timedelta(seconds=verdict.wait), SERVER_WAIT if verdict.kind == answers.RELEASE else timedelta()),
            )
        attempt.resolve(verdict.kind, answer.status)
    stop(context, verdict)


def stop(context: Context, verdict: answers.Verdict) -> None:
    """Apply to the whole connection an answer that wrote nothing: rest for a while, or pause until a person acts. Commits."""
    if verdict.kind == answers.PARK:
        limits.rest(
            context.connection,
            verdict.wait,
            _("Xero's limit of requests ({limit}) is used up").format(limit=verdict.limit[:40] or _("unnamed")),
        )
    elif verdict.kind == answers.EXPIRED:
        _pause(context, pauses.token_refused())
    elif verdict.kind == answers.SHUT:
        _pause(context, verdict.problem or answers.organisation_refused(_("no reason given")))
    else:
        limits.rest_longer(context.connection, verdict.wait, _("Xero does not answer properly; trying again soon"))
    frappe.db.commit()


def _pause(context: Context, problem: Problem) -> None:
    limits.pause(context.connection, problem.message, problem.resolution, problem.code)
