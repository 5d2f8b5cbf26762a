"""Saying so where Xero has two records of one document.

A worker may be halted for any length of time between the last look at the clock in xero/client.py and the moment when the operating system
sends. If another worker sends the same document again meanwhile, Xero may end up with two. That shows when the late answer comes back, or
in Xero's lists (engine/duplicate_search). The further records are kept on the sealed request: the step is done again only when one is left
(engine/recheck_candidates).
"""

from __future__ import annotations

from typing import Any

from ..accounting.problems import Problem
from ..accounting.texts import _, joined
from ..documents.step import ENDED
from ..xero.records import xero_element
from . import candidates, links, log, outbox, protocol
from .attempts import Attempt
from .contexts import Context
from .members import Member, identity_of, link_role, not_of_others

CODE = "twice-in-xero"


def say(context: Context, attempt: Attempt, member: Member, elements: list[dict[str, Any]]) -> int:
    """Leave the document's step to a person where Xero has records of it (among `elements`) besides the linked one; once for as long as
    that lasts. Returns 1 where there was something to say. Part of the caller's transaction."""
    who = identity_of(member)
    linked = links.standing(context.connection, who, *link_role(member))
    row = outbox.get(name=member["entry"])
    if not row or not linked:
        return 0
    others = besides(context, attempt, member, linked, elements)
    if not others or row["reason_code"] == CODE:
        return 0
    attempt.keep_candidates({member["entry"]: further_candidates(attempt, others)})
    stands = linked["remote_status"] not in ENDED and not _shown_as_gone(attempt, linked, elements)
    ids = [xero_element.linked_id(each, attempt.kind.id_field) for each in others]
    problem = twice(attempt, who.name, linked["xero_id"] if stands else "", ids)
    if row["state"] in (*protocol.IN_FLIGHT, protocol.ATTENTION):
        outbox.set_columns(row, **outbox.said(problem), told=0, kept_by=attempt.key)
    else:
        outbox.move(row, "doubled", problem, kept_by=attempt.key)
    log.write(context.connection, member["company"], who, "Twice in Xero", problem.message)
    return 1


def _shown_as_gone(attempt: Attempt, linked: dict[str, Any], elements: list[dict[str, Any]]) -> bool:
    return any(xero_element.gone(each) and xero_element.linked_id(each, attempt.kind.id_field) == linked["xero_id"] for each in elements)


def further_candidates(attempt: Attempt, others: list[dict[str, Any]]) -> list[candidates.Candidate]:
    """The further records as they are kept; marked as second ones, so that nobody can choose one of them."""
    return [candidates.candidate_of(attempt, each, double=True) for each in others]


def besides(
    context: Context, attempt: Attempt, member: Member, linked: dict[str, Any], elements: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Xero's live elements that are neither the linked record nor another document's."""
    id_field = attempt.kind.id_field
    return [
        each
        for each in not_of_others(context.connection, attempt, member, elements)
        if not xero_element.gone(each) and xero_element.linked_id(each, id_field) not in ("", linked["xero_id"])
    ]


def twice(attempt: Attempt, name: str, linked: str, ids: list[str]) -> Problem:
    """The problem that Xero has records with these `ids` of the document `name` besides `linked` ("" where the linked one is gone). They
    are named by id, since their numbers may be the same."""
    what, count = attempt.kind.xero_object.removed_by, bool(linked) + len(ids)
    found = joined("; ", [*([_("{xero_id}, which is linked here").format(xero_id=linked)] if linked else []), *ids])
    if linked:
        message = _("Xero has {count} live records of {name}: {found}")
    elif count > 1:
        message = _("Xero has {count} live records of {name} besides one that is gone: {found}")
    else:
        message = _("Xero has {count} live record of {name} besides one that is gone: {found}")
    return Problem(
        CODE,
        message.format(count=count, name=name, found=found),
        _(
            "{what} in Xero those that are not wanted (open them from the sync item), so that one is left if {name} stands here and none if it was cancelled; then press Retry"
        ).format(what=what, name=name),
    )
