"""Takes one record back in Xero: a plan class for each way in which Xero lets records be voided, deleted or taken off.

The request holds a new Status, or nothing (an allocation is removed by DELETE). Where a person has removed the record in Xero already,
nothing is left to do; where it is in use there (paid, allocated), a person has to act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..accounting.problems import Problem
from ..accounting.terms import inside, state
from ..accounting.texts import Text, _, joined
from ..xero.records import reconciled, xero_element
from ..xero.records.credit_note import CreditNote
from ..xero.records.invoice import Invoice
from ..xero.records.registry import object_at
from .base import InXero, Plan, Reads
from .compare_linked import as_it_has_to_be, former_contact
from .decisions import Decision, Effect, LookAgain, Say, Seen, Send, Wait, done, hold
from .fact_types import DOCUMENT, LINKS, STEPS
from .fingerprint import Fingerprint
from .identity import Identity, moment
from .needs import NOTHING, Facts, Needs
from .periods import NO_PERIODS, Periods
from .picture import as_kept, differences, only_coding, picture
from .removed import not_in_xero
from .reversal import filed
from .settlement.document_in_xero import STAYS
from .settlement.refunds import as_known, needs_of_refunds
from .stays import adopted, not_taken_over, of_people
from .step import NOT_TAKEN_OVER, Step, own_links, own_steps
from .translation import Translation
from .unchanged import EVERY, RENAMINGS, still_says

Doc = dict[str, Any]
Element = dict[str, Any]
SUBMITTED = 1
# Not approved yet, and so no part of the books.
DRAFTS = ("DRAFT", "SUBMITTED")
_SAYS_NOTHING = Fingerprint(lambda doc: "", {})


@dataclass(frozen=True)
class TakeBack(Plan):
    """A journal, a transfer, money spent or received: it gets the Status that undoes the one it has. `effects` are added to whatever is
    decided. What is dated in a period for which tax is filed (`periods`) stays, unless it is a draft."""

    effects: tuple[Effect, ...] = ()
    periods: Periods = NO_PERIODS

    @property
    def name(self) -> str:
        """The document's name."""
        return self.step.who.name

    @property
    def place(self) -> tuple[str, str]:
        """Endpoint and id of the record."""
        return self.kind.endpoint, self.xero_id

    def reads(self) -> Reads:
        """The record itself, and whose it was."""
        assert self.link is not None
        return Reads(records=frozenset([self.place, *former_contact(self.link)]))

    def changed(self, element: Element, shown: InXero) -> Problem | None:
        """What a person has changed of it in Xero since it was sent, where that is more than its coding: what was entered there beside ours
        would be lost with it."""
        assert self.link is not None
        of = object_at(self.link.endpoint)
        was, now = as_it_has_to_be(self.link, as_kept(of, self.link), element, shown), picture(of, element)
        found = differences(was, now, shown.called)
        return _changed_there(self.step, of.removed_by, found) if found and not only_coding(was, now) else None

    def decide(self, shown: InXero) -> Decision:
        """`undo`, with the effects added."""
        decision = self.undo(shown)
        if isinstance(decision.outcome, Send) and self.periods.filed_until and (problem := self.filed(shown)):
            decision = hold(problem)
        if isinstance(decision.outcome, Send) and self.step.mark == NOT_TAKEN_OVER:
            decision = hold(not_taken_over(self.name))
        return Decision(decision.outcome, (*self.effects, *decision.effects))

    def filed(self, shown: InXero) -> Problem | None:
        """Why a record stays although Xero would take it back: tax is filed for its day, as Xero shows it. An allocation has no entry of its own."""
        if self.kind.nested:
            return None
        element = shown.record(*self.place) or {}
        dated = xero_element.calendar_date(element) or str(self.doc.get("posting_date") or self.step.posting_date or "")
        if element.get("Status") in DRAFTS or not self.periods.is_filed(dated):
            return None
        return filed(self.name, self.kind.endpoint, self.periods.filed_until, self.step.role.cancels, bool(self.step.undo_run))

    def undo(self, shown: InXero) -> Decision:
        """What becomes of the record, given what Xero shows of it."""
        element = shown.record(*self.place)
        if element is None:
            return hold(not_in_xero(self.name))
        status = element.get("Status", "")
        if xero_element.gone(element):
            return self.gone(status)
        if self.link is not None and self.link.was_there_before:
            return hold(of_people(self.name))
        if reconciled.any_side(element):
            return hold(_reconciled(self.name))
        if not (undone := self.kind.xero_object.undone(status)):
            return hold(_not_undone(self.name, status))
        if problem := self.changed(element, shown):
            return hold(problem)
        kept = {name: element[name] for name in self.kind.xero_object.kept_on_undo if name in element}
        return self.send({self.kind.id_field: self.xero_id, **kept, "Status": undone})

    def gone(self, status: str) -> Decision:
        """The record is out of Xero's books: keep its status on the link; nothing is left to do."""
        assert self.link is not None
        said = Say("Undone", _("{name} is {status} in Xero").format(name=self.name, status=inside(status)))
        return done(Seen(self.link.name, status=status, amount_due=Decimal(0)), said)

    def send(self, body: Element) -> Decision:
        """Send this body, which undoes the record."""
        return Decision(Send(Translation(body, {self.kind.id_field: self.xero_id})))


@dataclass(frozen=True)
class RemoveAllocation(TakeBack):
    """An allocation: it is removed from its credit note or advance, without a look at Xero first."""

    def reads(self) -> Reads:
        """Nothing."""
        return Reads()

    def undo(self, shown: InXero) -> Decision:
        """Send the DELETE, which has no body."""
        return self.send({})


@dataclass(frozen=True)
class Delete(TakeBack):
    """A payment or batch payment. One that a person has entered in Xero stays there until a person removes it."""

    def undo(self, shown: InXero) -> Decision:
        """Done where a person has deleted it in Xero. Sent also where Xero does not show it: its answer then says why. What a person has
        matched with the bank statement goes only once they have let go of it, though Xero would delete it."""
        element = shown.record(*self.place) or {}
        if xero_element.gone(element):
            return self.gone(element["Status"])
        if self.link is not None and self.link.entered_by_people:
            return hold(of_people(self.name))
        if reconciled.any_side(element):
            return hold(_reconciled(self.name))
        return self.send({"Status": self.kind.xero_object.undone(element.get("Status", ""))})


@dataclass(frozen=True)
class LeftToPerson(TakeBack):
    """An over- or prepayment: its allocations are removed by now; Xero lets only a person remove the record itself."""

    def undo(self, shown: InXero) -> Decision:
        """Closed once a person has removed it, or paid the money back."""
        element, noun = shown.record(*self.place), self.kind.xero_object.noun
        if element is None:
            return hold(not_in_xero(_("the {noun} of {name}").format(noun=noun, name=self.name)))
        if xero_element.gone(element):
            return self.gone(element["Status"])
        if _paid_back(element):
            return self.gone("Refunded")
        return hold(_stays(self.step, noun, xero_element.money(element.get("Total"))))


@dataclass(frozen=True)
class Void(TakeBack):
    """An invoice, bill or credit note. Xero voids none that is paid or allocated. `fingerprint` tells whether a document that settles it
    has changed here since."""

    fingerprint: Fingerprint = _SAYS_NOTHING

    def whose(self, shown: InXero) -> frozenset[tuple[str, str]]:
        """The records that settle it in Xero: they may belong to documents that are still submitted here."""
        element = shown.record(*self.place) or {}
        return frozenset(Invoice.settled_by(element)) if self._used(element) else frozenset()

    def needs(self, shown: InXero) -> Needs:
        """The facts that tell whether those documents have changed since they were sent."""
        named = [(who.doctype, who.name) for who in self._settlers(shown)]
        if not named:
            return NOTHING
        return DOCUMENT.of(named) | LINKS.of(named) | STEPS.of(named) | needs_of_refunds(named) | RENAMINGS.of([EVERY])

    def undo(self, shown: InXero) -> Decision:
        """Void it if approved, delete it if not, finish if it is gone; where it was paid or allocated in Xero, a person has to act."""
        assert self.link is not None
        element = shown.record(*self.place) or {}
        number, status = element.get(self.kind.xero_object.number_fields[0]) or self.name, element.get("Status", "")
        if xero_element.gone(element):
            return self.gone(status)
        if not status:
            return hold(not_in_xero(number))
        if self.link.was_there_before:
            return hold(adopted(self.name, number))
        if self._used(element):
            return self._settled(number, shown)
        if problem := self.changed(element, shown):
            return hold(problem)
        return self.send({self.kind.id_field: self.xero_id, "Status": self.kind.xero_object.undone(status)})

    def _used(self, element: Element) -> bool:
        of = self.kind.xero_object
        return isinstance(of, (Invoice, CreditNote)) and of.used(element)

    def _settlers(self, shown: InXero) -> list[Identity]:
        """The documents that settle it in Xero, each once, in the order in which Xero shows them."""
        places = Invoice.settled_by(shown.record(*self.place) or {})
        return list(dict.fromkeys(owner.link.who for place in places for owner in shown.owners.get(place, [])))

    def _settled(self, number: str, shown: InXero) -> Decision:
        """Wait for documents that are still submitted here but settle it only in Xero, and have them rechecked; else a person has to
        act."""
        found = [(who.name, each) for who in self._settlers(shown) for each in self._of_settler(who, shown.facts)]
        effects: list[Effect] = [each for _, each in found if not isinstance(each, Step)]
        waits = [(name, each.name if isinstance(each, Step) else each) for name, each in found if not isinstance(each, Seen)]
        if not waits:
            return Decision(hold(_paid(self.step, number)).outcome, tuple(effects))
        name, first = waits[0]
        problem = Problem(
            "waits-for-cancel",
            _("Waits until what paid {name} is taken off it in Xero").format(name=self.name),
            _("See what stops {name}").format(name=name),
        )
        return Decision(Wait(problem, on=first), tuple(effects))

    def _of_settler(self, who: Identity, facts: Facts) -> Sequence[Step | LookAgain | Seen]:
        """What to wait for at one such document: steps that take it back already, else a recheck where it has changed. Nothing where it is
        gone or unchanged."""
        named = (who.doctype, who.name)
        doc = facts.get(DOCUMENT, named)
        if doc is None or doc["docstatus"] != SUBMITTED or moment(doc["creation"]) != who.creation:
            return []
        if undoing := [each for each in own_steps(facts.get(STEPS, named), who) if each.role.takes_back and each.unfinished]:
            return undoing
        # A record with no hash (an allocation of a return, a payment inside an invoice) says nothing of its document: for it alone no look would end.
        said = [each for each in own_links(facts.get(LINKS, named), who) if each.live and each.fingerprint]
        same = still_says(as_known(doc, facts), said, facts, self.fingerprint)
        return [LookAgain(who)] if same is None else same


def _paid_back(element: Element) -> bool:
    """Whether Xero shows that the whole of an over- or prepayment was paid back: nothing is left, and its payments are all of it."""
    whole, nothing_left = xero_element.money(element.get("Total")), xero_element.money(element.get("RemainingCredit")) == "0.00"
    paid = xero_element.paid_back(element)
    return bool(whole and paid) and nothing_left and paid == Decimal(whole)


def _stays(step: Step, noun: str, total: str) -> Problem:
    name = step.who.name
    if step.undo_run:
        message = _("{name} is to be undone, but its {noun} is still in Xero, which lets no program remove it").format(name=name, noun=noun)
    elif total:
        message = _("{name} was cancelled here, but its {noun} of {total} is still in Xero, which lets no program remove it").format(
            name=name, noun=noun, total=total
        )
    else:
        message = _("{name} was cancelled here, but its {noun} is still in Xero, which lets no program remove it").format(
            name=name, noun=noun
        )
    return Problem(
        STAYS,
        message,
        _(
            'In Xero, open the {noun} "{name}" in the bank account, take it off any invoice and remove it (or refund it), then press Retry'
        ).format(noun=noun, name=name),
    )


def _changed_there(step: Step, removed_by: Text, found: list[Text]) -> Problem:
    name = step.who.name
    if step.undo_run:
        message = _("{name} is to be undone, but it was changed in Xero since it was sent: {found}")
    elif step.role.cancels:
        message = _("{name} was cancelled here, but it was changed in Xero since it was sent: {found}")
    else:
        message = _("{name} goes to Xero anew, but what was sent before was changed there since: {found}")
    return Problem(
        "edited-before-cancel",
        message.format(name=name, found=joined("; ", found)),
        _(
            "Look at it in Xero. {remove} it there if it is to go, and this goes on by itself; where something of it is still wanted, enter that anew there first. Or change it back there, then press Retry"
        ).format(remove=removed_by),
        held=True,
    )


def _reconciled(name: str) -> Problem:
    problem = _("{name} is to be taken back in Xero, but there it is reconciled with the bank statement").format(name=name)
    resolution = _(
        "Where the money did not move, unreconcile it in Xero, then press Retry. Where it did, it stays in Xero, and you enter here what it was"
    )
    return Problem("reconciled-in-xero", problem, resolution, held=True)


def _not_undone(name: str, status: str) -> Problem:
    problem = _("{name} cannot be undone in Xero, which shows it as {status}").format(name=name, status=state(status) or _("unknown"))
    return Problem("not-undone", problem, _("Look for it in Xero; remove it there by hand, then press Retry"))


def _paid(step: Step, number: str) -> Problem:
    name = step.who.name
    if step.undo_run:
        return Problem(
            "cancel-of-paid",
            _("{name} is to be undone, but {number} has payments or credits in Xero that are not").format(name=name, number=number),
            _("Remove the payments of {number} in Xero, or undo what paid it too, then press Retry").format(number=number),
            held=True,
        )
    return Problem(
        "cancel-of-paid",
        _("{name} was cancelled here, but {number} has payments or credits in Xero").format(name=name, number=number),
        _("Remove the payments of {number} in Xero (or cancel their Payment Entries here), then press Retry").format(number=number),
        held=True,
    )
