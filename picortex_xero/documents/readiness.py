"""Checks for every step before its room is asked: is the document submitted, after go-live, not private, and waiting for no other?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..accounting.problems import Problem
from ..accounting.texts import _, day
from . import by_hand, entered_there
from .base import Books
from .cash_summary import counted
from .decisions import Ask, Decision, Hold, Remember, Skip, Wait, hold, overtaken, wait_for_cancel, wait_for_step
from .fact_types import LINKS, PRIVATE, STEPS
from .identity import brings_balance
from .needs import Facts, Needs
from .payroll import DOCTYPES as MAY_BE_PRIVATE
from .payroll import held as held_as_private
from .role import Purpose, taken_back
from .rules import before_sending
from .rules.parents import OWN
from .step import Link, Step, own_links, own_steps

Doc = dict[str, Any]
# Steps sent even where their document is older than go-live: an advance may settle a later invoice, and a release has its own date.
OTHER_DATE = ("allocation", "release")


def needs(step: Step, doc: Doc | None, facts: Facts, books: Books) -> Needs:
    """What every step needs: its document's links and steps, those of what the document replaces, and what rules ask for."""
    own = (step.who.doctype, step.who.name)
    found = LINKS.of([own]) | STEPS.of([own])
    if doc and doc.get("amended_from"):
        found |= STEPS.of([(step.who.doctype, str(doc["amended_from"]))])
    if step.who.doctype in MAY_BE_PRIVATE and not step.role.takes_back:
        found |= PRIVATE.of([own])
    return found | before_sending.needs(step, doc, facts, books) | counted.needs(step, doc, books)


def before(step: Step, doc: Doc, facts: Facts, books: Books) -> Decision | None:
    """Why a step is not sent now, whatever its document; None where its room has to decide."""
    creates = not (step.role.takes_back or step.role.of_party or step.role.is_extra or step.role.reverses)
    if creates and (decision := _free_to_go(step, doc, facts, books)):
        return decision
    ruled = _ruled(step, doc, facts, books) if creates else None
    if not (step.role.takes_back or step.role.of_party) and (private := _private(step, doc, facts)):
        # Nobody is asked to agree to what does not go; where a rule leaves it out, its amount is shown no more than where it is held.
        return ruled.with_effects(*private.effects) if ruled and isinstance(ruled.outcome, Skip) else private
    if ruled:
        return ruled
    if creates and step.revision > 1 and not linked(step, facts):
        return waits_for_older(step, facts)
    return None


def linked(step: Step, facts: Facts) -> Link | None:
    """The link that a step makes, where it is there."""
    mine = own_links(facts.get(LINKS, (step.who.doctype, step.who.name)), step.who, step.revision)
    return next((each for each in mine if (each.part, each.number) == (step.role.part, step.role.number)), None)


def _free_to_go(step: Step, doc: Doc, facts: Facts, books: Books) -> Decision | None:
    """Still submitted, not older than the go-live date of today (unless it is in Xero already), and not waiting for what it replaces."""
    if doc["docstatus"] != 1:
        return overtaken(_("{name} was cancelled before it was sent").format(name=doc["name"]))
    in_xero = own_links(facts.get(LINKS, (step.who.doctype, step.who.name)), step.who)
    # What an import of history has taken up is older than that, and goes for its sake alone; so does what replaces a summary.
    older = is_before_go_live(doc, books) and not counted.is_made_anew(doc)
    if older and not in_xero and not step.history and step.role.part not in OTHER_DATE:
        return Decision(Skip(before_go_live(books.go_live_date)))
    own = own_steps(facts.get(STEPS, (step.who.doctype, step.who.name)), step.who)
    entered = by_hand.entered(own)
    if entered and not in_xero:
        return hold(by_hand.further(step.who.name))
    if not in_xero and (there_too := entered_there.problem(step, books)):
        return hold(there_too)
    return _waits_for_predecessor(step, doc, facts)


def _ruled(step: Step, doc: Doc, facts: Facts, books: Books) -> Decision | None:
    """What settings and rules say of a step that is free to go."""
    own = own_steps(facts.get(STEPS, (step.who.doctype, step.who.name)), step.who)
    known = own_links(facts.get(LINKS, (step.who.doctype, step.who.name)), step.who)
    if known and not enters_anew(step, own, known):
        # A rule that changes changes only what is not sent yet; a document that changes after somebody agreed to it is asked about again.
        return before_sending.changed_since(step, doc, facts, books)
    any_date = step.role.part in OTHER_DATE or brings_balance(doc, books.mapping.opening_documents)
    return before_sending.decision(step, doc, facts, books, any_date)


def enters_anew(step: Step, own: list[Step], linked: list[Link]) -> bool:
    """Whether a step sends a document anew whose record is gone from Xero, because a person or an undo has removed it: that is a sending of its own. Not so what
    is made beside a record that stands, and not a document that is taken back only because it changed here. `own`, `linked`: its steps and links."""
    if step.role.purpose is not Purpose.CREATE or any(each.revision >= step.revision for each in linked):
        return False
    former = max(each.revision for each in linked)
    records = [each for each in linked if each.revision == former and each.part in OWN and each.number == 1]
    changed = {(each.role.part, each.role.number) for each in own if _takes_back_for_change(each) and each.revision == former}
    return not any((each.part, each.number) in changed for each in records)


def _takes_back_for_change(step: Step) -> bool:
    return step.role.takes_back and not (step.role.cancels or step.undo_run)


def is_before_go_live(doc: Doc, books: Books) -> bool:
    """Whether a document is older than the go-live date as it is now; its step may have been added under an earlier date."""
    return str(doc["posting_date"]) < books.go_live_date and not brings_balance(doc, books.mapping.opening_documents)


def before_go_live(date: Any) -> Problem:
    """Why a document that is older than the go-live `date` is not sent."""
    return Problem(
        "before-go-live",
        _("It is dated before {date}, from when on documents go to Xero").format(date=day(date)),
        _(
            "Where it belongs there: press Change Go-Live Date on the Xero Connection and choose an earlier date, then press Retry here; else enter it in Xero by hand"
        ),
    )


def never_asked_for(date: Any) -> Problem:
    """The same of one that nothing was ever noted of: there is nothing to retry, and an earlier date finds it."""
    return replace(
        before_go_live(date),
        resolution=_(
            "Where it belongs there: press Change Go-Live Date on the Xero Connection and choose an earlier date, and it goes by itself; else enter it in Xero by hand"
        ),
    )


def _waits_for_predecessor(step: Step, doc: Doc, facts: Facts) -> Decision | None:
    """A document waits until what it replaces is gone from Xero, so that nothing is ever owed twice: the one it amends, or a deleted
    one whose name it got."""
    for name in filter(None, (doc.get("amended_from"), doc["name"])):
        for other in facts.get(STEPS, (doc["doctype"], name)):
            if other.role.takes_back and other.unfinished:
                what = name if name != doc["name"] else _("the former {name}").format(name=name)
                return wait_for_cancel(other.name, name, what)
    return None


def _private(step: Step, doc: Doc, facts: Facts) -> Decision | None:
    """A document about payroll or an employee is held whole; its step then shows no amount either."""
    if step.who.doctype not in MAY_BE_PRIVATE:
        return None
    what = facts.get(PRIVATE, (step.who.doctype, step.who.name))
    if not what:
        return None
    decision = Decision(Hold((held_as_private(step.who, what),)))
    return decision.with_effects(Remember({"amount": 0, "currency": ""})) if step.amount else decision


def waits_for_older(step: Step, facts: Facts) -> Decision | None:
    """A step of a further revision waits while what the former ones became still stands in Xero."""
    own = (step.who.doctype, step.who.name)
    older = [each for each in own_steps(facts.get(STEPS, own), step.who) if each.revision < step.revision]
    if undecided := to_be_chosen(older):
        return wait_for_step(undecided.name, waits_for_choice(undecided))
    for link in own_links(facts.get(LINKS, own), step.who):
        if link.live and link.revision < step.revision:
            ask = Ask(taken_back(link.part, link.number, cancelled=False), revision=link.revision)
            problem = Problem(
                "waits-for-undo",
                _("Waits until {name} as it was before is taken back in Xero").format(name=step.who.name),
                _("See what stops {name}").format(name=step.who.name),
            )
            return Decision(Wait(problem, on=ask), (ask,))
    return None


def to_be_chosen(steps: list[Step]) -> Step | None:
    """The first of these steps for which a person has still to say which record in Xero is its own."""
    return next((step for step in steps if step.kept_by and step.unfinished), None)


def waits_for_choice(step: Step) -> Problem:
    """Why nothing of a document is taken back while Xero may have more of it than is known."""
    name = step.who.name
    return Problem(
        "waits-for-choice",
        _("Waits until it is known which record in Xero is {name}, and that it is the only one").format(name=name),
        _("Open the sync item {role} of {name} and do what it says").format(role=step.role, name=name),
    )
