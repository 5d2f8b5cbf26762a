"""Asks settings and rules before a step is sent. They decide about documents of which nothing is in Xero yet, and about nothing else: not about taking
back, contacts, or what belongs to a document that is there."""

from __future__ import annotations

from dataclasses import replace

from ...accounting.money import decimal
from ...accounting.problems import Problem
from ..approvals import words as approval_words
from ..approvals.content import FINGERPRINT, content, says
from ..approvals.flow import VOTES, Vote
from ..approvals.standing import Standing, standing, whom
from ..base import Books, Doc
from ..decisions import Decision, Hold, Remember, Skip, Wait, wait_for_step
from ..fact_types import LINKS, STEPS
from ..identity import identity
from ..needs import NOTHING, Fact, Facts, Needs
from ..role import Purpose
from ..settlement.refunds import as_known, is_refund, needs_of_refunds
from ..step import Link, Step, own_links, own_steps
from ..unchanged import EVERY, RENAMINGS, Renaming, needs_of_renamings, still_says
from . import words
from .fields import AMOUNT, OF_PARTY, parties, values
from .kinds import kind_of
from .parents import fates, more, needs_of_parents
from .rule import HOLD, NEXT_BATCH, REAL_TIME, SKIP
from .slots import local_time, next_slot
from .verdict import WAITS, Verdict, undecided, verdict

# The master of a customer or supplier, for the fields that documents may lack: its group and territory.
GROUPS: Fact[tuple[str, str], Doc] = Fact("groups of a party")


def needs(step: Step, doc: Doc | None, facts: Facts, books: Books) -> Needs:
    """The facts that `decision` reads: none where nothing was set or ruled."""
    if doc is None or not (applies(step, doc, books) or may_change(step, doc, books)):
        return NOTHING
    found = needs_of_groups(doc, books) | _needs_of_votes(doc, facts, books)
    if is_refund(doc):
        pays_back = needs_of_refunds([(doc["doctype"], doc["name"])])
        if facts.missing(pays_back):
            return found | pays_back
        doc = as_known(doc, facts)
    return found | needs_of_parents(doc)


def _needs_of_votes(doc: Doc, facts: Facts, books: Books) -> Needs:
    """What was said of a document, where a rule wants somebody to agree; renamings only where it says something else now."""
    if not books.rules.holds(kind_of(doc)):
        return NOTHING
    named = (doc["doctype"], doc["name"])
    votes = facts.known(VOTES, named)
    differs = votes is not None and any(vote.content != content(doc) for vote in votes)
    found = VOTES.of([named]) | (RENAMINGS.of([EVERY]) if differs else NOTHING)
    of_what_was_sent = LINKS.of([named]) | STEPS.of([named]) | (needs_of_refunds([named]) if is_refund(doc) else NOTHING)
    if not facts.missing(of_what_was_sent) and _was_agreed_to(doc, facts):
        found |= needs_of_renamings(as_known(doc, facts), _sent_with(doc, facts), FINGERPRINT)
    return found | of_what_was_sent


def _was_agreed_to(doc: Doc, facts: Facts) -> bool:
    """Whether a step says that somebody agreed. It lets nothing go, but tells that a document had been approved where the votes are not there any more, as after
    a reinstall."""
    return any(each.approved_by for each in own_steps(facts.get(STEPS, (doc["doctype"], doc["name"])), identity(doc)))


def _sent_with(doc: Doc, facts: Facts) -> list[Link]:
    """What of it is in Xero and tells with what it was sent."""
    return [link for link in own_links(facts.get(LINKS, (doc["doctype"], doc["name"])), identity(doc)) if link.live and link.fingerprint]


def _differs_from_sent(doc: Doc, facts: Facts) -> bool:
    return still_says(as_known(doc, facts), _sent_with(doc, facts), facts, FINGERPRINT) is None


def needs_of_groups(doc: Doc, books: Books) -> Needs:
    """The parties of a document, where a rule asks for their group or territory."""
    return GROUPS.of(parties(doc)) if books.rules.names(kind_of(doc), frozenset(OF_PARTY)) else NOTHING


def applies(step: Step, doc: Doc, books: Books) -> bool:
    """Whether settings and rules say anything about a step: it makes a record of a submitted document."""
    return books.rules.active and step.role.purpose is Purpose.CREATE and not step.role.of_party and bool(kind_of(doc))


def may_change(step: Step, doc: Doc, books: Books) -> bool:
    """Whether a step looks again at a document of which something is in Xero, and may send what has changed of it."""
    return books.rules.active and step.role.purpose in (Purpose.LOOK_AGAIN, Purpose.SEND_AGAIN) and books.rules.holds(kind_of(doc))


def changed_since(step: Step, doc: Doc, facts: Facts, books: Books) -> Decision | None:
    """Why nothing of a document that is in Xero is sent (again) now: it went there with somebody's leave, and says something else since. None where it goes as always,
    so also where nobody was ever asked."""
    if not (applies(step, doc, books) or may_change(step, doc, books)):
        return None
    found = _verdict(doc, facts, books, any_date=True)
    stands = approval(found, doc, facts)
    return _held(found.rule, stands) if stands and stands.changed else None


def approval(found: Verdict, doc: Doc, facts: Facts) -> Standing | None:
    """How far the approval of a document has come; None where no rule wants one."""
    if found.outcome != HOLD or found.by is None:
        return None
    who, named = identity(doc), (doc["doctype"], doc["name"])
    votes = [vote for vote in facts.get(VOTES, named) if vote.who == who]
    amount = decimal(next(iter(values(AMOUNT, doc, {})), 0))
    stands = standing(found.by.flow, found.by.name, amount, votes, lambda vote: _says(doc, vote, facts), submitters(doc, facts))
    # Votes tell a change as long as they are there; without those of then, what the document was sent with tells it.
    lost = not (stands.done or stands.changed) and _was_agreed_to(doc, facts)
    return replace(stands, changed=True) if lost and _differs_from_sent(doc, facts) else stands


def _says(doc: Doc, vote: Vote, facts: Facts) -> bool:
    renamings: list[Renaming] = [] if vote.content == content(doc) else facts.get(RENAMINGS, EVERY)
    return says(doc, vote, renamings)


def submitters(doc: Doc, facts: Facts) -> frozenset[str]:
    """Who entered a document and who submitted it: the row that was added first was written by the submit itself, or by a search that works for nobody in
    particular, and then whoever changed it last counts as well. An import of history knows no more of who submitted it, and its own job submitted nothing."""
    mine = own_steps(facts.get(STEPS, (doc["doctype"], doc["name"])), identity(doc))
    first = min(mine, key=lambda each: each.added_at, default=None)
    added, history = (first.added_by, first.history) if first else ("", "")
    unknown = added in ("", "Administrator", "Guest")
    changed = str(doc.get("modified_by") or "") if unknown or history else ""
    return frozenset({str(doc.get("owner") or ""), "" if unknown and history else added, changed} - {""})


def waits_for_leave(step: Step, doc: Doc, facts: Facts, books: Books) -> tuple[Verdict, Standing] | None:
    """The rule that keeps a document back until somebody agrees, and how far that has come; None where none does (any more). For whoever agrees: the facts are those
    that `needs` names."""
    if not (applies(step, doc, books) or may_change(step, doc, books)):
        return None
    found = _verdict(doc, facts, books, any_date=True)
    stands = approval(found, doc, facts)
    return (found, stands) if stands and not stands.done else None


def _verdict(doc: Doc, facts: Facts, books: Books, any_date: bool) -> Verdict:
    known = as_known(doc, facts)
    settled = fates(known, facts)
    return verdict(known, books.rules, groups_of(doc, facts, books), settled, bool(settled) and more(known), any_date)


def _held(rule: str, stands: Standing) -> Decision:
    """Held until somebody agrees; the row says who is asked, so that a list of what waits for somebody needs no decision."""
    asked = Remember({"rule": rule, "approval_stage": stands.stage.key(stands.rule)})
    return Decision(Hold((asks(rule, stands),)), (asked,))


def asks(rule: str, stands: Standing) -> Problem:
    """What is said of a document that waits for somebody to agree."""
    if stands.returned and not stands.changed:
        return approval_words.given_back(stands.returned.called or stands.returned.person, stands.returned.note)
    asked = (len(stands.agreed) + 1, len(stands.stages), whom(stands.stage))
    return approval_words.changed(rule, *asked) if stands.changed else approval_words.waits(rule, *asked)


def decision(step: Step, doc: Doc, facts: Facts, books: Books, any_date: bool = False) -> Decision | None:
    """Why a step of a document that is not in Xero yet is not sent now; None where it goes as always. `any_date` as in `verdict`."""
    if not applies(step, doc, books):
        return None
    known = as_known(doc, facts)
    settled = fates(known, facts)
    found = _verdict(doc, facts, books, any_date)
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
    if (stands := approval(found, doc, facts)) and not stands.done:
        return _held(found.rule, stands)
    if found.outcome == NEXT_BATCH or books.rules.setting(kind_of(doc)).send != REAL_TIME and found.outcome == HOLD:
        return _with_the_batch(found.rule, step, doc, books)
    return None


def _with_the_batch(rule: str, step: Step, doc: Doc, books: Books) -> Decision | None:
    """Wait for the next batch; None once that has come. What an import of history brings has its own place behind live traffic, and waits for no hour."""
    policy = books.rules
    if step.history:
        return None
    if step.not_before and step.not_before <= policy.now:
        return None
    slot = step.not_before or next_slot(policy.setting(kind_of(doc)), policy.zone, policy.now)
    problem = words.batch(rule, local_time(slot, policy.zone))
    return Decision(Wait(problem, after=slot - policy.now), (Remember({"rule": rule, "not_before": slot}),))
