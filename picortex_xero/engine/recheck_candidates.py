"""Reading the kept records of a step (engine/candidates) anew: link the one that is its own, or let the step be sent again.

A record counts as gone only where Xero shows it as voided or deleted, or where Xero neither finds nor lists it long enough after the last
sending. Nothing is sent while any record may still stand.
"""

from __future__ import annotations

from typing import Any

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents.identity import Identity
from ..documents.removed import gone_from_xero
from ..documents.role import role
from ..documents.step import ENDED
from ..xero.records import matching, xero_element
from . import attempts, duplicates, links, log, outbox, reading, record_element
from .apply import hold
from .attempts import Attempt
from .candidates import Candidate, answered_unmatched, by_its_own_number, candidate_of, found_before, found_of_cancelled, of_theirs
from .clock import now
from .close import close
from .contexts import Context
from .leases import Lease
from .members import Member, identity_of, link_role, not_of_others
from .planned_step import PlannedStep
from .protocol import SYNCED


def look(context: Context, lease: Lease, all_claimed: list[PlannedStep]) -> None:
    """Decide each of these steps by what Xero shows of its candidates now."""
    for claimed in all_claimed:
        attempt = attempts.named(claimed.row["kept_by"])
        member = next((each for each in attempt.members if each["entry"] == claimed.row["name"]), None) if attempt else None
        if attempt is None or member is None:
            _forgotten(claimed)
            continue
        linked = links.standing(context.connection, identity_of(member), *link_role(member))
        known = attempts.candidates_of(attempt.key).get(claimed.row["name"]) or []
        if linked:
            known = [*known, {"id": linked["xero_id"], "endpoint": linked["endpoint"]}]
        live, unclear = _now(context, lease, attempt, member, known)
        if linked:
            _one_of_several(context, claimed, attempt, member, linked, live, unclear)
        else:
            _undecided(context, claimed, attempt, member, live, known, unclear)


def _undecided(
    context: Context,
    claimed: PlannedStep,
    attempt: Attempt,
    member: Member,
    live: list[dict[str, Any]],
    known: list[Candidate],
    unclear: list[Candidate],
) -> None:
    """No record is linked yet: link the one that is certainly the step's; while others may be, a person goes on choosing; where none is
    left, send the step again."""
    chosen = [each for each in known if each.get("chosen")]
    theirs = {each["id"] for each in known if each.get("theirs")}
    unsent = attempt.outcome == attempts.SENT_BEFORE
    if theirs and by_its_own_number(member, unsent):
        # It was in the way by its number only: what was renumbered is in nobody's.
        live = [each for each in live if matching.sight(attempt.kind, member, each).ours is True]
    ours = _ours(attempt, member, live, chosen, theirs)
    if ours and xero_element.record_id(attempt.kind, ours) in theirs and not matching.sight(attempt.kind, member, ours).marked:
        record_element.adopt(context, attempt, member, ours, claimed.row)
    elif ours:
        record_element.record_element(context, attempt, member, ours, claimed.row)
    elif live or unclear or member.get("moved"):
        kept = [candidate_of(attempt, each) for each in live]
        attempt.keep_candidates(
            {claimed.row["name"]: [*({**each, "theirs": True} if each["id"] in theirs else each for each in kept), *unclear]}
        )
        # Of a request that was never sent nothing was answered.
        never_sent = found_of_cancelled if member.get("only_named") else found_before
        said, name = never_sent if unsent else answered_unmatched, claimed.row["reference_name"]
        if theirs:
            hold(claimed.row, [of_theirs({**member, "docname": name}, [*kept, *unclear], unsent)])
        else:
            hold(claimed.row, [said(name, max(1, len(live) + len(unclear)))])
    else:
        outbox.move(claimed.row, "release", kept_by="")


def _one_of_several(
    context: Context,
    claimed: PlannedStep,
    attempt: Attempt,
    member: Member,
    linked: dict[str, Any],
    live: list[dict[str, Any]],
    unclear: list[Candidate],
) -> None:
    """One record is linked: the step is done when no other is left. Where a person has removed the linked one in Xero, the one left takes
    its place."""
    id_field, who = attempt.kind.id_field, identity_of(member)
    others = duplicates.besides(context, attempt, member, linked, live)
    if any(each["id"] == linked["xero_id"] for each in unclear):
        outbox.move(claimed.row, "release", due_at=now() + attempts.ABSENCE_AFTER)
        return
    mine = next((each for each in live if xero_element.linked_id(each, id_field) == linked["xero_id"]), None)
    # Where the app has taken the linked record back, none is wanted in Xero: nothing takes its place.
    over = linked["remote_status"] in ENDED and _taken_back(context, who, claimed)
    if unclear or len(others) > (0 if mine or over else 1):
        attempt.keep_candidates({claimed.row["name"]: [*duplicates.further_candidates(attempt, others), *unclear]})
        ids = [*(xero_element.linked_id(each, id_field) for each in others), *(each["id"] for each in unclear)]
        hold(claimed.row, [duplicates.twice(attempt, who.name, linked["xero_id"] if mine else "", ids)])
        return
    if mine is None and over:
        outbox.move(claimed.row, "recorded", kept_by="")
        return
    if mine is None and others:
        mine = others[0]
        links.relink(
            context.connection, linked, xero_element.linked_id(mine, id_field), str(mine.get("InvoiceNumber") or linked["xero_number"])
        )
        what = _("{name} is linked to {linked_id}, since {xero_id} was removed in Xero").format(
            name=who.name, linked_id=xero_element.linked_id(mine, id_field), xero_id=linked["xero_id"]
        )
        log.write(context.connection, member["company"], who, "Linked", what)
    status = "DELETED" if mine is None else mine.get("Status")
    if isinstance(status, str) and status:
        # What it is like now is what a cancel compares it with: its total may never have been the one that was sent.
        shown = {"remote_total": xero_element.worth(mine)} if mine else {}
        links.seen(linked["name"], remote_status=status, **shown)
    if mine:
        close(context, claimed.row, member, mine, kept_by="")
    else:
        outbox.move(claimed.row, "refused", gone_from_xero(who.name), kept_by="")


def _taken_back(context: Context, who: Identity, claimed: PlannedStep) -> bool:
    """Whether the app itself took back what this step made: its document was cancelled, or was entered again."""
    steps = outbox.steps_of(context.connection, who)
    return any(
        role(step["role"]).takes_back and step["state"] == SYNCED and step["generation"] == claimed.row["generation"] for step in steps
    )


def _now(
    context: Context, lease: Lease, attempt: Attempt, member: Member, known: list[Candidate]
) -> tuple[list[dict[str, Any]], list[Candidate]]:
    """Of the kept records and all that Xero lists like them, without other documents' records: (those that stand, those of which that is
    not known). Raises reading.Interrupted, send.LeaseLost."""
    kind = attempt.kind
    shown: list[dict[str, Any]] = []
    missing = []
    for each in known:
        element = reading.one(context, lease, each["endpoint"], each["id"]) if each["id"] and not kind.nested else None
        if element is None:
            missing.append(each)
        else:
            shown.append(element)
    listed = reading.records_since(context, lease, attempt)
    # What somebody else has entered was found under the number; nothing was sent that a list could show besides.
    own, near = ([], []) if any(each.get("theirs") for each in known) else matching.listed(kind, member, listed.elements)
    live = [each for each in matching.each_once(kind, [*shown, *own, *near]) if not xero_element.gone(each)]
    seen = {xero_element.record_id(kind, each).casefold() for each in live}
    certain = listed.complete and attempt.absence_counts
    unclear = [each for each in missing if each["id"].casefold() not in seen and not certain]
    return not_of_others(context.connection, attempt, member, live), unclear


def _ours(
    attempt: Attempt, member: Member, still: list[dict[str, Any]], chosen: list[Candidate], theirs: set[str]
) -> dict[str, Any] | None:
    """The one record that is the member's: chosen by a person, certain by its marker, or the only one left with nothing against it; else
    None. What somebody else entered (`theirs`) is chosen by a person only."""
    kind = attempt.kind
    linkable = [each for each in still if xero_element.linked_id(each, kind.id_field)]
    if chosen:
        return next((each for each in linkable if xero_element.record_id(kind, each) == chosen[0]["id"]), None)
    if member.get("only_named"):
        return None
    certain = [each for each in linkable if matching.sight(kind, member, each).certain]
    if len(certain) == 1:
        return certain[0]
    alone = [each for each in linkable if xero_element.record_id(kind, each) not in theirs] if len(still) == 1 else []
    return next((each for each in alone if not matching.sight(kind, member, each).clashes), None)


def _forgotten(claimed: PlannedStep) -> None:
    name = claimed.row["reference_name"]
    problem = Problem(
        "answer-forgotten",
        _("Xero once answered {name} with a record of which it was not certain whose it is; what it was is no longer known here").format(
            name=name
        ),
        _("Look for {name} in Xero. If it is there, leave this as it is; if it is not, enter it there by hand").format(name=name),
    )
    hold(claimed.row, [problem])
