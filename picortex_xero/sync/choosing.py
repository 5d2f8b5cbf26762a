"""Looking at records that were kept of a step (sync.kept) as Xero shows them now: link the one that is its own, or let it go again."""

from __future__ import annotations

from typing import Any

from ..core import echo, records
from ..core.problems import Problem
from . import attempts, exchange, outbox, record
from .agreement import compared_again
from .attempts import Attempt
from .context import Context
from .kept import Kept, answered_unmatched, described
from .lease import Lease
from .members import Member, not_of_others
from .work import Work, settle


def look(context: Context, lease: Lease, works: list[Work]) -> None:
    """Settle each by what Xero shows of its records now."""
    for work in works:
        attempt = attempts.named(work.row["kept_by"])
        member = next((each for each in attempt.members if each["entry"] == work.row["name"]), None) if attempt else None
        if attempt is None or member is None:
            _forgotten(work)
            continue
        known = attempts.kept(attempt.key).get(work.row["name"]) or []
        still = _still_there(context, lease, attempt, member, known)
        chosen = [each for each in known if each.get("chosen")]
        ours = _ours(attempt, member, still, chosen)
        if ours:
            problem = None if chosen else compared_again(attempt, member, ours)
            record.link(context, attempt, member, ours, work.row, problem)
        elif still or member.get("moved"):
            attempt.keep({work.row["name"]: [described(attempt, each) for each in still]})
            settle(work.row, [answered_unmatched(work.row["reference_name"], max(1, len(still)))])
        else:
            outbox.move(work.row, "release", kept_by="")


def _still_there(context: Context, lease: Lease, attempt: Attempt, member: Member, known: list[Kept]) -> list[dict[str, Any]]:
    """The kept records as Xero shows them now, without those that are gone or belong to another step. What came without an id, or is not
    shown by it, is looked for in the list."""
    kind = attempt.kind
    found: list[dict[str, Any]] = []
    if not kind.nested:
        paths = [f"{each['endpoint']}/{each['id']}" for each in known if each["id"]]
        for answer in exchange.read(context, lease, paths, missing_ok=True):
            found += records.elements(kind, answer)[:1]
    if len(found) < len(known):
        own, near = echo.listed(kind, member, exchange.records_since(context, lease, attempt))
        found += [*own, *near]
    live = {records.record_id(kind, each): each for each in found if not records.gone(each)}
    return not_of_others(context.connection, attempt, member, list(live.values()))


def _ours(attempt: Attempt, member: Member, still: list[dict[str, Any]], chosen: list[Kept]) -> dict[str, Any] | None:
    """The one record that is the member's: chosen by a person, certain by its token, or the only one left and not against it."""
    kind = attempt.kind
    linkable = [each for each in still if records.linked_id(each, kind.id_field)]
    if chosen:
        return next((each for each in linkable if records.record_id(kind, each) == chosen[0]["id"]), None)
    certain = [each for each in linkable if echo.sight(kind, member, each).certain]
    if len(certain) == 1:
        return certain[0]
    alone = linkable if len(still) == 1 else []
    return next((each for each in alone if not echo.sight(kind, member, each).clashes), None)


def _forgotten(work: Work) -> None:
    name = work.row["reference_name"]
    problem = Problem(
        "answer-forgotten",
        f"Xero once answered {name} with a record of which it was not certain whose it is; what it was is no longer known here",
        f"Look for {name} in Xero. If it is there, leave this as it is; if it is not, enter it there by hand",
    )
    settle(work.row, [problem])
