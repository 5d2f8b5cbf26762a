"""Asks settings and rules before a step is sent. They decide about documents of which nothing is in Xero yet, and about nothing else: not about taking
back, contacts, or what belongs to a document that is there."""

from __future__ import annotations

from ..base import Books, Doc
from ..decisions import Decision, Hold, Remember, Skip, Wait, wait_for_step
from ..fact_types import STEPS
from ..needs import NOTHING, Fact, Facts, Needs
from ..role import Purpose
from ..settlement.refunds import as_known, is_refund, needs_of_refunds
from ..step import Step, own_steps
from . import words
from .fields import OF_PARTY, parties
from .kinds import kind_of
from .parents import fates, more, needs_of_parents
from .rule import HOLD, NEXT_BATCH, REAL_TIME, SKIP
from .slots import local_time, next_slot
from .verdict import WAITS, Verdict, undecided, verdict

# The master of a customer or supplier, for the fields that documents may lack: its group and territory.
GROUPS: Fact[tuple[str, str], Doc] = Fact("groups of a party")


def needs(step: Step, doc: Doc | None, facts: Facts, books: Books) -> Needs:
    """The facts that `decision` reads: none where nothing was set or ruled."""
    if doc is None or not applies(step, doc, books):
        return NOTHING
    found = needs_of_groups(doc, books)
    if is_refund(doc):
        pays_back = needs_of_refunds([(doc["doctype"], doc["name"])])
        if facts.missing(pays_back):
            return found | pays_back
        doc = as_known(doc, facts)
    return found | needs_of_parents(doc)


def needs_of_groups(doc: Doc, books: Books) -> Needs:
    """The parties of a document, where a rule asks for their group or territory."""
    return GROUPS.of(parties(doc)) if books.rules.names(kind_of(doc), frozenset(OF_PARTY)) else NOTHING


def applies(step: Step, doc: Doc, books: Books) -> bool:
    """Whether settings and rules say anything about a step: it makes a record of a submitted document."""
    return books.rules.active and step.role.purpose is Purpose.CREATE and not step.role.of_party and bool(kind_of(doc))


def decision(step: Step, doc: Doc, facts: Facts, books: Books, any_date: bool = False) -> Decision | None:
    """Why a step of a document that is not in Xero yet is not sent now; None where it goes as always. `any_date` as in `verdict`."""
    if not applies(step, doc, books):
        return None
    known = as_known(doc, facts)
    settled = fates(known, facts)
    found = verdict(known, books.rules, groups_of(doc, facts, books), settled, bool(settled) and more(known), any_date)
    decided_whatever = found.problem and found.problem.code in (words.KIND_OFF, words.KIND_LATER)
    if not decided_whatever and books.rules.may_skip and (open_ := undecided(settled)):
        # What it settles may be skipped yet, and then it follows that.
        return wait_for_step(settled[open_[0]].step, words.waits_for(", ".join(name for _doctype, name in open_)))
    return _decided(found, step, doc, facts, books)


def groups_of(doc: Doc, facts: Facts, books: Books) -> dict[tuple[str, str], Doc]:
    """The masters that the rules about a document ask for."""
    wanted = parties(doc) if needs_of_groups(doc, books) else []
    return {named: facts.get(GROUPS, named) for named in wanted}


def _decided(found: Verdict, step: Step, doc: Doc, facts: Facts, books: Books) -> Decision | None:
    by = Remember({"rule": found.rule})
    if found.outcome == SKIP and found.problem:
        return Decision(Skip(found.problem), (by,))
    if found.outcome == WAITS and found.problem:
        return Decision(Hold((found.problem,)), (by,))
    if found.outcome == HOLD and found.problem and not is_approved(step, facts):
        return Decision(Hold((found.problem,)), (by,))
    if found.outcome == NEXT_BATCH or books.rules.setting(kind_of(doc)).send != REAL_TIME and found.outcome == HOLD:
        return _with_the_batch(found.rule, step, doc, books)
    return None


def _with_the_batch(rule: str, step: Step, doc: Doc, books: Books) -> Decision | None:
    """Wait for the next batch; None once that has come."""
    policy = books.rules
    if step.not_before and step.not_before <= policy.now:
        return None
    slot = step.not_before or next_slot(policy.setting(kind_of(doc)), policy.zone, policy.now)
    problem = words.batch(rule, local_time(slot, policy.zone))
    return Decision(Wait(problem, after=slot - policy.now), (Remember({"rule": rule, "not_before": slot}),))


def is_approved(step: Step, facts: Facts) -> bool:
    """Whether somebody has approved this document."""
    named = (step.who.doctype, step.who.name)
    return bool(step.approved_by) or any(each.approved_by for each in own_steps(facts.get(STEPS, named), step.who))
