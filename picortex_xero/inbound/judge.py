"""What it means that Xero shows a record of ours as it does now. Decides on values and writes nothing.

Our own writing comes back in the next read, too: it shows the version of the record that the link knows already, or a change that a step of
ours is just making.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..accounting.called import NOTHING_CALLED, Called
from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.terms import inside
from ..accounting.texts import Text, _, plain
from ..documents.approvals.words import ASKED, past_us
from ..documents.decisions import Agrees, Differs, Effect, Raise, Release, Say, Seen
from ..documents.details import DETAILS, other_details
from ..documents.identity import INVOICE_DOCTYPES
from ..documents.picture import PAID, VERSION, as_kept, differences, only_coding, picture, stored
from ..documents.removed import (
    CHANGED_THERE,
    DELETED_THERE,
    DETAILS_THERE,
    EDITED,
    ON_BOTH_SIDES,
    OTHER_LINES,
    OTHER_TAX,
    OTHER_TOTAL,
    RECODED,
    VOIDED_THERE,
    edited,
    gone_from_xero,
)
from ..documents.send_again import made_by
from ..documents.settlement.document_in_xero import UNAPPROVED
from ..documents.step import ATTENTION, HELD, SUPERSEDED, SYNCED, Link, Step, own_steps
from ..xero.records import xero_element
from ..xero.records.registry import object_at

Element = dict[str, Any]
CHANGED_HERE = "changed-after-submit"
# Codes of steps whose record differs from what was sent: where it has changed since, it is compared again.
DIFFERED = (
    EDITED,
    RECODED,
    OTHER_TOTAL,
    OTHER_TAX,
    OTHER_LINES,
    "contact-in-xero-differs",
    "total-not-shown",
)


@dataclass(frozen=True)
class Linked:
    """A link with all steps of its document; `private`: that is about payroll or an employee, and nothing more of it is kept here; `listed`: something of
    it is under Changed in Xero and nobody has decided it yet; `followed`: it was entered in Xero, and Entered in Xero tells what becomes of it there."""

    link: Link
    steps: Sequence[Step]
    private: bool = False
    listed: bool = False
    followed: bool = False

    @property
    def maker(self) -> Step | None:
        """The step that made the record."""
        return next((each for each in own_steps(list(self.steps), self.link.who) if made_by(each, self.link)), None)

    @property
    def taking_back(self) -> list[Step]:
        """The steps that take the record back. "void" without a part means the document's last record."""
        link = self.link
        return [
            each
            for each in own_steps(list(self.steps), link.who)
            if each.role.takes_back
            and each.state != SUPERSEDED
            and (not each.role.part or (each.role.part, each.role.number, each.revision) == (link.part, link.number, link.revision))
        ]

    @property
    def asked_for(self) -> list[Step]:
        """The steps by which a person is asked to change the record in Xero, as its document was changed here."""
        looks = [each for each in own_steps(list(self.steps), self.link.who) if each.role.looks_again]
        return [each for each in looks if each.state == HELD and each.reason_code == CHANGED_HERE and not each.kept_by]

    @property
    def being_changed(self) -> bool:
        """Whether a step of ours is changing or taking back the record right now: its own answer says what became of it."""
        looks = [each for each in own_steps(list(self.steps), self.link.who) if each.role.looks_again]
        return any(each.in_flight for each in (*self.taking_back, *looks))


def judge(linked: Linked, element: Element, merged: Callable[[str, str], bool], called: Called = NOTHING_CALLED) -> tuple[Effect, ...]:
    """What is written down about one record that changed in Xero. `merged` tells whether one contact (id) was merged into another."""
    link = linked.link
    at = xero_element.updated(element)
    if linked.being_changed or (at is not None and link.updated == at):
        return ()
    if xero_element.gone(element):
        return _gone(linked, element, str(element["Status"]), Seen(link.name, str(element["Status"]), amount_due=Decimal(0), updated=at))
    if not link.live:
        return ()
    return (*_shown(linked, element, merged, called, at), *_past_our_approval(linked, element))


def _past_our_approval(linked: Linked, element: Element) -> list[Effect]:
    """It was a draft when it was read last, somebody has approved it in Xero, and a change of its document still waits for approval here: people are told."""
    status = str(element.get("Status") or "")
    if linked.link.status not in UNAPPROVED or not status or status in UNAPPROVED:
        return []
    asked = next(
        (each for each in own_steps(list(linked.steps), linked.link.who) if each.state == HELD and each.reason_code in ASKED), None
    )
    maker = linked.maker
    if asked is None:
        return []
    problem = past_us(_name(linked.link), asked.rule)
    # What a person has to look at for another reason keeps its own words.
    if maker and maker.state == SYNCED and not maker.kept_by:
        return [Raise(maker.name, problem)]
    return [Say("Changed", problem.message, linked.link.who)]


def _shown(linked: Linked, element: Element, merged: Callable[[str, str], bool], called: Called, at: datetime | None) -> tuple[Effect, ...]:
    """What is written down about a record that stands."""
    link, of = linked.link, object_at(linked.link.endpoint)
    if linked.private:
        return (Seen(link.name, status=str(element["Status"]) if element.get("Status") else None, updated=at),)
    was, now = as_kept(of, link), picture(of, element)
    if was.get(VERSION) and was[VERSION] == now.get(VERSION):
        # Exactly what our own request made: the list may only spell it otherwise than the answer did.
        return (_seen(link, element, {**was, **now}), *_as_sent_again(linked), *_over(linked))
    if link.was_there_before:
        # Its lines were never ours.
        return (_seen(link, element, now),)
    found = differences(was, now)
    if found and merged(was.get("Contact", ""), now.get("Contact", "")):
        was["Contact"] = now["Contact"]
        found = differences(was, now)
    otherwise = tuple(other_details(was, now))
    if not found:
        kept = {DETAILS: was[DETAILS]} if otherwise else {}
        listed = (Differs(link.name, DETAILS_THERE, otherwise, element, at),) if otherwise else _over(linked)
        return (_seen(link, element, {**was, **now, **kept}), *_as_sent_again(linked), *listed)
    # What it has to be like stays.
    seen = _seen(link, element, {**now, **was, **({PAID: now[PAID]} if PAID in now else {})})
    in_words = differences(was, now, called)
    asked = linked.asked_for
    listed = (Differs(link.name, ON_BOTH_SIDES if asked else CHANGED_THERE, (*in_words, *otherwise), element, at),)
    if asked:
        # A person was told to make in Xero what was changed here: both are compared again, which says whether that was it.
        return (seen, *(Release(each.name) for each in asked), *listed)
    return (seen, *_raised(linked, edited(_name(link), in_words, only_coding(was, now))), *listed)


def _over(linked: Linked) -> tuple[Effect, ...]:
    """It is what it has to be: what was listed of it is over."""
    return (Agrees(linked.link.name),) if linked.listed else ()


def _seen(link: Link, element: Element, shown: dict[str, Any]) -> Seen:
    worth = xero_element.money(xero_element.worth(element))
    left = object_at(link.endpoint).left_field
    return Seen(
        link.name,
        status=str(element["Status"]) if element.get("Status") else None,
        total=Decimal(worth) if worth else None,
        amount_due=decimal(element[left]) if left and element.get(left) is not None else None,
        contact=xero_element.contact_id(element) or None,
        updated=xero_element.updated(element),
        picture=stored(shown),
    )


def _gone(linked: Linked, element: Element, status: str, seen: Seen) -> tuple[Effect, ...]:
    """Voided or deleted: by us, as a document that is cancelled here had to be, or by somebody."""
    if not linked.link.live:
        return ()
    if backs := linked.taking_back:
        # It was to go. What waits for a person in Xero goes on.
        return (seen, *(Release(each.name) for each in backs if each.state in (HELD, ATTENTION)))
    if linked.followed:
        # Told once, where it was told that it came.
        return (seen,)
    problem = gone_from_xero(_name(linked.link), status)
    raised = _raised(linked, problem)
    kind = VOIDED_THERE if status == "VOIDED" else DELETED_THERE
    shown = {} if linked.private else element
    return (seen, *raised, *([Differs(linked.link.name, kind, (problem.message,), shown, seen.updated)] if raised else []))


def allocations(credit: Element, below: Sequence[Linked]) -> tuple[Effect, ...]:
    """What is written down about our allocations from a credit note or an advance, which have no list of their own: those that it does not
    show any more; one that was voided or deleted has none. `below` are the links of its allocations."""
    shown = [] if xero_element.gone(credit) else credit.get("Allocations")
    if not isinstance(shown, list):
        return ()
    id_field = "AllocationID"
    there = {xero_element.linked_id(each, id_field).casefold() for each in shown if isinstance(each, dict)}
    gone = [each for each in below if each.link.live and each.link.xero_id.casefold() not in there and not each.being_changed]
    return tuple(effect for each in gone for effect in _gone(each, {}, "DELETED", Seen(each.link.name, "DELETED", amount_due=Decimal(0))))


def contact(link: Link, element: Element) -> tuple[Effect, ...]:
    """A contact that was archived, or merged into another one that its link could not follow (engine/merged_contacts)."""
    status, into = str(element.get("ContactStatus") or ""), xero_element.linked_id(element, "MergedToContactID")
    effects: list[Effect] = []
    if status and status != link.status:
        effects.append(Seen(link.name, status=status, updated=xero_element.updated(element)))
    if status == "ARCHIVED" and status != link.status:
        name = link.who.name
        what = (
            _("The contact of {name} was merged into another one in Xero ({xero_id})").format(name=name, xero_id=into)
            if into
            else _("The contact of {name} was {status} in Xero").format(name=name, status=inside(status))
        )
        effects.append(Say("Changed", what, link.who))
    return tuple(effects)


def _raised(linked: Linked, problem: Problem) -> list[Effect]:
    """The step becomes a person's. One that differed already is compared again, which then says what it finds."""
    maker = linked.maker
    if maker is None or maker.kept_by:
        return [Say("Changed", problem.message, linked.link.who)]
    if maker.state == ATTENTION and maker.reason_code in DIFFERED and problem.code in (EDITED, RECODED):
        return [Release(maker.name)]
    return [Raise(maker.name, problem)] if maker.state in (SYNCED, ATTENTION) else []


def _as_sent_again(linked: Linked) -> list[Effect]:
    """Somebody has changed it back."""
    maker = linked.maker
    waits = maker and maker.state == ATTENTION and maker.reason_code in DIFFERED and not maker.kept_by
    return [Release(maker.name)] if maker and waits else []


def _name(link: Link) -> Text:
    """What a record is called: its document, or a part of that."""
    whole = ("invoice", "credit") if link.who.doctype in INVOICE_DOCTYPES else ("payment", "journal")
    if link.part in whole and link.number == 1:
        return plain(link.who.name)
    return _("The {noun} of {name}").format(noun=object_at(link.endpoint).noun, name=link.who.name)
