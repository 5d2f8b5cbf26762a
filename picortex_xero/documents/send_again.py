"""Entering again in Xero what a person removed there. Steps "again-n": somebody has pressed Send again (attention/removed.py).

Each record that is gone is read once more. One that stands after all is left as it is. Where the document's own record is gone, the document
goes again in a further revision, and what is left of the former one is taken back first; any other record of it (one of several payments, a
fee, an allocation, a release) is made again by its own step. What was held because this was gone is decided anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..accounting.texts import _
from ..xero.records import xero_element
from ..xero.records.registry import object_at
from .base import Action, Books, InXero, Plan, Reads
from .compare_linked import element_of, place_of
from .decisions import Ask, Decision, Effect, Overtake, Release, Seen, SetAside, Wait, done, overtaken
from .fact_types import LINKS, SETTLING_DOCUMENTS, STEPS
from .needs import Facts, Needs
from .removed import OUT, REMOVED, TARGET_GONE
from .role import role, taken_back
from .settlement.document_in_xero import needs_of_cancels
from .step import ATTENTION, HELD, SKIPPED, Link, Step, own_links, own_steps

Doc = dict[str, Any]


def action(first_role: Callable[[Doc], str]) -> Action:
    """The action for "again" steps; `first_role` is the role of a document's first step."""
    return Action(partial(plan, first_role), needs, compares_itself=True)


def needs(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """What settles an invoice, and the steps of that."""
    return needs_of_cancels((step.who.doctype, step.who.name), facts)


def plan(first_role: Callable[[Doc], str], step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """Read the records that are gone, once nothing of the document is on its way."""
    own = (step.who.doctype, step.who.name)
    steps = own_steps(facts.get(STEPS, own), step.who)
    if coming := next((each for each in steps if each.in_flight and not each.role.is_extra and each.name != step.name), None):
        return Decision(Wait(on=coming.name))
    linked = own_links(facts.get(LINKS, own), step.who)
    removed = [(link, made) for link in linked for made in steps if made_by(made, link) and _is_removed(made, link)]
    if not removed:
        return overtaken(_("Nothing of {name} is gone from Xero").format(name=step.who.name))
    settlers = facts.known(SETTLING_DOCUMENTS, own) or []
    held = tuple(Release(each.name) for named in settlers for each in facts.get(STEPS, named) if waits_for_what_is_gone(each))
    first = role(first_role(doc))
    gone = [link for link, _made in removed]
    whole = any((link.part, link.number) == (first.part, first.number) for link in gone)
    return EnterAgain(
        step,
        doc,
        object_at(gone[0].endpoint).made_by,
        frozenset({step.who.digest, *(link.xero_id for link in gone)}),
        link=gone[0],
        removed=tuple(removed),
        again=_entered_again(step, first.text, steps, [link for link in linked if link.live and link not in gone])
        if whole
        else tuple(_made_again(removed)),
        held=held,
    )


def made_by(step: Step, link: Link) -> bool:
    """Whether a step made this record."""
    creates = not (step.role.takes_back or step.role.looks_again or step.role.sends_again or step.role.is_extra)
    return creates and (step.role.part, step.role.number, step.revision) == (link.part, link.number, link.revision)


def waits_for_what_is_gone(step: Step) -> bool:
    """Whether a step is held because what it settles was removed in Xero, or left out."""
    return step.state == HELD and step.reason_code in TARGET_GONE


def _is_removed(step: Step, link: Link) -> bool:
    """Whether a person was told that this record is gone, or has left it out."""
    return not step.kept_by and (
        (step.state == ATTENTION and step.reason_code in REMOVED) or (step.state == SKIPPED and step.reason_code in OUT)
    )


def _entered_again(step: Step, first: str, steps: list[Step], standing: list[Link]) -> tuple[Effect, ...]:
    why = _("{name} is entered again, since it was removed in Xero").format(name=step.who.name)
    over = [each for each in steps if each.unsent and each.name != step.name and not (each.role.takes_back or each.role.is_extra)]
    left = [Ask(taken_back(link.part, link.number, cancelled=False), revision=link.revision) for link in standing]
    again = Ask(first, revision=max(each.revision for each in steps) + 1)
    return (*(Overtake(each.name, why) for each in over), *left, again)


def _made_again(removed: list[tuple[Link, Step]]) -> list[Effect]:
    return [effect for link, made in removed for effect in (SetAside(link.name), Release(made.name))]


@dataclass(frozen=True, kw_only=True)
class EnterAgain(Plan):
    """Make again what is gone. `removed` are the links and the steps that made them; `again` what is done where all of them are gone;
    `held` lets those go on that were held for them."""

    removed: tuple[tuple[Link, Step], ...]
    again: tuple[Effect, ...]
    held: tuple[Effect, ...]

    def reads(self) -> Reads:
        """All that is gone."""
        return Reads(records=frozenset(place_of(link) for link, _made in self.removed))

    def decide(self, shown: InXero) -> Decision:
        """Nothing is sent again of which Xero shows a record."""
        standing: list[Effect] = []
        for link, made in self.removed:
            element = element_of(link, shown.record(*place_of(link)))
            if element is not None and not xero_element.gone(element):
                standing += [Seen(link.name, status=str(element.get("Status") or "AUTHORISED")), Release(made.name)]
        if standing:
            return done(*standing, *self.held)
        seen = [Seen(link.name, status="DELETED") for link, _made in self.removed if link.live]
        return done(*seen, *self.again, *self.held)
