"""Taking documents back in Xero that stand here, because a person wants them out of there again: what becomes of each is said before anything is done,
as its **mark**, and what is done is steps "undo-<record>" of that document, one for each record (taking_back.py).

Afterwards the document is left out (removed.UNDONE): nothing sends it again by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..accounting.money import ZERO
from ..accounting.texts import NONE, Text, _, joined, plain
from ..xero.records.invoice import Invoice
from ..xero.records.registry import object_at, taken_off
from .cancel_outlook import Standing
from .periods import Periods
from .removal import DRAFTS
from .removed import UNDONE
from .role import REVERSAL, Purpose
from .step import ASIDE, IN_FLIGHT, PENDING, SKIPPED, SUPERSEDED, SYNCED, Link, Step

# Stored words, the mildest first: a document has the last one of its records'.
UNDOABLE, UNLESS_LOCKED, STAYS = "Undoable", "Undoable Unless Locked", "Stays"
BY_CREDIT, BY_HAND = "By Credit Note Only", "By Hand Only"
MARKS = (UNDOABLE, UNLESS_LOCKED, STAYS, BY_CREDIT, BY_HAND)


@dataclass(frozen=True)
class Mark:
    """One of the words above, why, and what a person does ("" where nothing)."""

    word: str
    why: Text = NONE
    to_do: Text = NONE


NOTHING_THERE = Mark(STAYS, _("Nothing of it is in Xero, and nothing of it waits"))
NOT_SENT_YET = Mark(UNDOABLE, _("It is not in Xero yet, and will not be sent"))
TAKEN_OFF = Mark(UNDOABLE, _("Drafts and allocations are removed"))
VOIDED = Mark(UNLESS_LOCKED, _("Its approved records are voided or deleted, unless their period is locked until then"))
UNDECIDED = Mark(
    BY_HAND,
    _("Somebody has to say first whether what Xero has is this document"),
    _("Open its sync item and choose; where it is another one, renumber that in Xero, or let it stay"),
)
WAS_THERE = Mark(STAYS, _("It was in Xero before this document, and stays there"))


def mark(standing: Sequence[Standing], steps: Sequence[Step], dated: str, periods: Periods, together: Collection[str]) -> Mark:
    """The mark of one document by its records as Xero showed them last. `dated` is its day (yyyy-mm-dd); `together` are the names of the documents that
    are undone along with it."""
    own = [each for each in standing if stands(each.link)]
    if not own:
        if any(each.kept_by for each in undecided_yet(steps)):
            return UNDECIDED
        waits = any(each.unfinished and _belongs(each) for each in steps)
        return NOT_SENT_YET if waits else NOTHING_THERE
    found = [_of_record(each, own, dated, periods, together) for each in own]
    return max(found, key=lambda each: MARKS.index(each.word))


def stands(link: Link) -> bool:
    """Whether a record is to be taken back, as far as is known here: it is live, and no credit note that has credited another one."""
    return link.live and link.part != REVERSAL and link.number < ASIDE


def _of_record(one: Standing, own: Sequence[Standing], dated: str, periods: Periods, together: Collection[str]) -> Mark:
    link, of = one.link, object_at(one.link.endpoint)
    if link.was_there_before or link.entered_by_people:
        return WAS_THERE
    if of.is_advance:
        return Mark(
            BY_HAND,
            _("Xero lets no program remove an over- or prepayment; only its allocations are taken off"),
            _("Remove or refund it in Xero; this then goes on by itself"),
        )
    if one.changed:
        return Mark(BY_HAND, _("It was changed in Xero since it was sent"), _("Look at it in Xero first"))
    if of.nested or link.status in DRAFTS:
        return TAKEN_OFF
    if settled := _settled(one, own, together):
        return settled
    if periods.is_locked(dated) or periods.is_filed(dated):
        return _closed(link, periods.is_locked(dated))
    return VOIDED


def _closed(link: Link, locked: bool) -> Mark:
    why = _("Its period is locked in Xero: it stays there") if locked else _("Tax is filed for its period: it stays in Xero")
    if isinstance(object_at(link.endpoint), Invoice):
        return Mark(BY_CREDIT, why, _("A Xero Admin presses Credit in Open Period in its form"))
    return Mark(BY_HAND, why, object_at(link.endpoint).reversed_by_hand)


def _settled(one: Standing, own: Sequence[Standing], together: Collection[str]) -> Mark | None:
    """What it waits for that is not undone with it; None where nothing is known of that."""
    others = [name for name in one.settled_by if name not in together]
    if others:
        names = joined(", ", [plain(each) for each in others])
        return Mark(
            BY_HAND,
            _("It is settled by {names}, which is not undone with it").format(names=names),
            _("Undo that too, or take it off in Xero"),
        )
    if one.left is None or one.settled_by or object_at(one.link.endpoint).settles:
        return None
    place = (one.link.endpoint, one.link.xero_id)
    by_own = sum((taken_off(each.link.endpoint, each.link.marker, place) for each in own if each.link is not one.link), ZERO)
    if isinstance(object_at(one.link.endpoint), Invoice) and one.link.total - one.left - by_own > ZERO:
        return Mark(BY_HAND, _("Somebody paid or credited it in Xero"), _("Remove that in Xero first"))
    return None


def _belongs(step: Step) -> bool:
    """Whether a step belongs to what the document is in Xero, and takes nothing back nor credits it."""
    return not (step.role.takes_back or step.role.of_party or step.role.reverses)


def closed_first(steps: Sequence[Step]) -> list[Step]:
    """The steps that are left out before anything is taken back: nothing of them is in Xero, and nothing of them may get there any more. One of which Xero may
    have a record stays, until a person has said which."""
    return [each for each in steps if each.unfinished and not (each.in_flight or each.kept_by) and _belongs(each)]


def undecided_yet(steps: Sequence[Step]) -> list[Step]:
    """The steps of which Xero may have a record, as nobody knows yet."""
    return [each for each in steps if each.unfinished and (each.in_flight or each.kept_by) and _belongs(each)]


def left_out_at_last(steps: Sequence[Step]) -> list[Step]:
    """The steps of records that are gone: they would say that the document is in Xero. Notes and files stay with the record that they are on."""
    return [each for each in steps if each.state == SYNCED and each.role.purpose is Purpose.CREATE and not each.role.of_party]


def undone_by(steps: Sequence[Step], link: Link) -> Step | None:
    """The step that takes this record back because of an undo or a change."""
    return next(
        (
            each
            for each in steps
            if each.role.head == "undo" and (each.role.part, each.role.number, each.revision) == (link.part, link.number, link.revision)
        ),
        None,
    )


def is_on_its_way(steps: Sequence[Step]) -> bool:
    """Whether something of the document is with Xero, or is being taken back without a person."""
    return any(each.state in IN_FLIGHT or (each.role.takes_back and each.state == PENDING) for each in steps)


def taken_up_again(own: Sequence[Step]) -> int:
    """The revision in which a later import of history sends a document anew that was undone; 0 where something else was decided about it since. `own` are
    its steps that make a record."""
    newest = max((each.revision for each in own), default=0)
    last = [each for each in own if each.revision == newest]
    undone = any(each.state == SKIPPED and each.reason_code == UNDONE for each in last)
    return newest + 1 if undone and all(each.state in (SKIPPED, SUPERSEDED) for each in last) else 0
