"""Comparing what waits with the records that were found after a gap and belong to nothing here (engine/restored), and with bills that
somebody else has entered in Xero, before it is sent.

A record that is certainly a step's own is linked, and nothing is sent. One that may be is kept, and a person decides: always where only a
name speaks for it and nobody has said that the records found are this site's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import frappe

from ..documents.base import InXero, Plan
from ..documents.decisions import Decision, Seen, Send
from ..documents.translation import Translation
from ..xero.records import before, matching, xero_element
from ..xero.records.base import Element, Kind
from ..xero.records.registry import ALLOCATION, BATCH_PAYMENT, PAYMENT
from . import candidates, links, outbox, reading, record_element, restored, unlinked, unlinked_records
from .attempts import SENT_BEFORE, Attempt
from .clock import now
from .contexts import Context
from .leases import Lease
from .members import Member, identity_of
from .planned_step import PlannedStep
from .unlinked import Unlinked
from .unlinked_records import ASK, CONFIRMED, GONE, LINKED

# Records that were listed longer ago are read again before a step is linked with one.
FRESH = timedelta(minutes=30)


@dataclass(frozen=True)
class Match:
    """What was found of a step: `own` are certainly its records, `near` may be; `theirs`: somebody else entered them. `decision` is what would
    have been sent, and goes with it."""

    decision: Decision
    translation: Translation
    own: list[Element]
    near: list[Element]
    rows: list[dict[str, Any]]
    theirs: bool = False


class Before:
    """The records with which the steps of one kind of request are compared; read once for a batch."""

    def __init__(self, context: Context, lease: Lease, claimed: list[PlannedStep], shown: InXero) -> None:
        self.context, self.lease, self.shown = context, lease, shown
        self.kind: Kind | None = claimed[0].kind if claimed else None
        kind = self.kind
        makes = kind is not None and not (kind.undo or kind.revises or kind.extra or kind.xero_object.shared)
        self.rows = unlinked_records.at(context.connection, kind.endpoint) if kind and makes and not kind.nested else []
        self.compared = restored.last_compared(context.connection) if self.rows else ""
        self.made = _made_at(claimed) if self.rows else {}
        self.payments: set[str] | None = None
        theirs = [element for each in claimed if each.plan for element in each.plan.entered_by_others(shown)]
        theirs = unlinked.linked_to_nothing(kind.endpoint, theirs) if kind and theirs else []
        shown_now = reading.as_they_are(context, lease, kind.endpoint, theirs) if kind and theirs else []
        self.theirs = {id(each): there for each, there in zip(theirs, shown_now) if not xero_element.gone(there)}
        ours = [each for each in self.theirs.values() if xero_element.mark(each.get("Url")).startswith(f"{context.instance}-")]
        if kind and ours and context.instance:
            # Sent by this site or a copy of it, and forgotten: that is no bill of somebody else's.
            context.put_back = (
                restored.report(context.connection, context.company, Unlinked(kind.endpoint, marked=ours)) or context.put_back
            )

    def of(self, claimed: PlannedStep, plan: Plan, member_of: Callable[[PlannedStep, Translation], Member]) -> Match | None:
        """What is known to be in Xero of a step; None where nothing is."""
        return self._ours(claimed, plan, member_of) or self._theirs(plan)

    def _theirs(self, plan: Plan) -> Match | None:
        """The records that somebody else has entered, and that may be the document."""
        near = [self.theirs[id(each)] for each in plan.entered_by_others(self.shown) if id(each) in self.theirs]
        decision = plan.decide(self.shown) if near else None
        if decision is None or not isinstance(decision.outcome, Send):
            return None
        return Match(decision, decision.outcome.translation, [], near, [], theirs=True)

    def _ours(self, claimed: PlannedStep, plan: Plan, member_of: Callable[[PlannedStep, Translation], Member]) -> Match | None:
        kind = plan.kind
        rows = self._allocations(plan) if kind.xero_object is ALLOCATION and not kind.undo else self.rows
        if not rows:
            return None
        decision = plan.decide(self._without_ours(plan, rows))
        if not isinstance(decision.outcome, Send):
            return None
        made = decision.outcome.translation
        own, near = self._compared(claimed, kind, member_of(claimed, made), rows)
        if not own and not near:
            return None
        effects = tuple(each for each in decision.effects if not isinstance(each, Seen))
        return Match(Decision(decision.outcome, effects), made, own, near, rows)

    def _compared(
        self, claimed: PlannedStep, kind: Kind, member: Member, rows: list[dict[str, Any]]
    ) -> tuple[list[Element], list[Element]]:
        """(records that are certainly the step's, records that may be), as Xero shows them now."""
        waited = self.made.get(claimed.row["name"], "")
        own: list[Element] = []
        near: list[Element] = []
        for row in rows:
            sure, alike = self._judged(kind, member, row, row["element"], waited)
            if not (sure or alike):
                continue
            element = self._now(kind, row) if alike or _old(row) else row["element"]
            if element is None or (xero_element.gone(element) and row["state"] != CONFIRMED):
                continue
            if row["state"] == ASK and not any(self._judged(kind, member, row, element, waited)):
                # Only a name spoke for it, and a person has renumbered it since: it is nothing like this any more.
                continue
            # What was voided or deleted there after it was sent from here is not simply sent again: a person says so.
            (own if sure and row["state"] == CONFIRMED and not xero_element.gone(element) else near).append(element)
        return own, near

    def _judged(self, kind: Kind, member: Member, row: dict[str, Any], element: Element, waited: str) -> tuple[bool, bool]:
        """(whether a record is certainly the step's, whether it may be), for a step that was added at `waited`."""
        sure, alike = matching.listed(kind, member, [element])
        named = unlinked_records.names(row, element, member["docname"])
        # What was entered after the records were found can be one of them only as a document that was lost and entered again.
        waits = str(row["found_at"] or "") == "" or waited < self.compared or row["state"] != CONFIRMED
        may_be = bool(alike) and (named or (waits and not row["document"]))
        return bool(sure), may_be or (not sure and named and _same(kind, member, element))

    def _now(self, kind: Kind, row: dict[str, Any]) -> Element | None:
        """A record as Xero shows it now; None, for good, where it has none any more, or somebody has removed it since it was listed."""
        if kind.nested:
            return dict(row["element"])
        found = reading.one(self.context, self.lease, row["endpoint"], row["xero_id"])
        if found is None or (xero_element.gone(found) and not xero_element.gone(row["element"])):
            unlinked_records.move([row], GONE)
            return None
        return found

    def _allocations(self, plan: Plan) -> list[dict[str, Any]]:
        """The allocations of the plan's credit that are linked to nothing, as rows. They are read for the decision anyway, so they are
        compared without any gap, too: one of the same credit to the same invoice over the same amount is what is wanted, whoever made it.
        A plan without a path only looks at what there is (documents/send_again): it makes none."""
        if not plan.path:
            return []
        credit = self.shown.records.get(_parent(plan)) or {}
        found = [each for each in before.rows(credit, "Allocations") if xero_element.linked_id(each, plan.kind.id_field)]
        ids = [xero_element.linked_id(each, plan.kind.id_field) for each in found]
        linked = frappe.get_all(links.DOCTYPE, filters={"xero_id": ("in", ids)}, pluck="xero_id") if ids else []
        known = {str(each).casefold() for each in linked}
        row = {
            "state": CONFIRMED,
            "bears": "",
            "document": "",
            "found_at": "",
            "name": "",
            "endpoint": "",
            "xero_id": "",
        }
        return [{**row, "element": each} for each, xero_id in zip(found, ids) if xero_id.casefold() not in known]

    def _without_ours(self, plan: Plan, rows: list[dict[str, Any]]) -> InXero:
        """What Xero shows, as it was before what may be ours was there."""
        allocations = {xero_element.linked_id(row["element"], plan.kind.id_field).casefold() for row in rows} if plan.kind.nested else set()
        if self.payments is None:
            found = [row for its in (PAYMENT, BATCH_PAYMENT) for row in unlinked_records.at(self.context.connection, its.endpoint)]
            self.payments = {str(row["xero_id"]).casefold() for row in found}
        reads = plan.reads().records
        records = {
            place: before.without(element, self.payments, allocations) if element and place in reads else element
            for place, element in self.shown.records.items()
        }
        return replace(self.shown, records=records)


def record(context: Context, attempt: Attempt, match: Match) -> None:
    """Write down what was found of the one member of a request that is never sent. Part of the caller's transaction."""
    member = attempt.members[0]
    if match.own:
        record_element.found(context, attempt, member, match.own[0], match.own[1:])
        # Its notes and files, asked for just now, may be there as well.
        outbox.look_for_extras_first(context.connection, identity_of(member))
        ids = {xero_element.record_id(attempt.kind, each).casefold() for each in match.own}
        mine = [row for row in match.rows if row["name"] and xero_element.record_id(attempt.kind, row["element"]).casefold() in ids]
        unlinked_records.move(mine, LINKED)
    else:
        name = member["docname"]
        if match.theirs:
            problem = candidates.of_theirs(member, candidates.kept(attempt, match.near), never_sent=True)
        else:
            problem = candidates.found_before(name, len(match.near))
        candidates.keep(attempt, member, match.near, problem, match.theirs)
        # A person is asked once about what was removed in Xero: Retry then sends.
        gone = {xero_element.record_id(attempt.kind, each).casefold() for each in match.near if xero_element.gone(each)}
        unlinked_records.move([row for row in match.rows if str(row["xero_id"]).casefold() in gone], GONE)
    attempt.resolve(SENT_BEFORE)


def _made_at(claimed: list[PlannedStep]) -> dict[str, str]:
    """When each step was added (in the site's time)."""
    names = [each.row["name"] for each in claimed]
    rows = frappe.get_all(outbox.DOCTYPE, filters={"name": ("in", names)}, fields=["name", "creation"])
    return {str(row["name"]): str(row["creation"]) for row in rows}


def _same(kind: Kind, member: Member, element: Element) -> bool:
    """Whether a record that names the document under another mark or number has its amount, and what else it must be alike in."""
    seen = matching.sight(kind, member, element)
    if xero_element.gone(element) or seen.clashes & {"Total", "Amount", "Target", "Lines", "Members", "Contact", "Type"}:
        return False
    return bool(seen.agrees & {"Total", "Amount", "Lines", "Members"})


def _old(row: dict[str, Any]) -> bool:
    return bool(row["found_at"]) and row["found_at"] < now() - FRESH


def _parent(plan: Plan) -> tuple[str, str]:
    endpoint, xero_id = plan.path.partition("?")[0].strip("/").split("/")[:2]
    return endpoint, xero_id
