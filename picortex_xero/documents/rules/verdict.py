"""What becomes of one document: exactly one outcome, with one reason that has a name. On values alone, the same for the engine and for a preview.

The order: a kind that is switched off or starts later; what follows what it settles; the first rule that matches; the kind's setting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...accounting.problems import Problem
from ..fact_types import Named
from ..identity import INVOICE_DOCTYPES
from . import words
from .fields import Doc, Groups
from .kinds import kind_of
from .rule import HOLD, NEXT_BATCH, REAL_TIME, SKIP, SYNC, Policy, Rule

# What a rule that is broken, or a payment for skipped and other documents, waits for.
WAITS = "Waits for a person"
# What is known of a document that another one settles or returns: it is (or will be) in Xero, does not go there by a rule or setting, nobody knows
# yet, or something else (older than the go-live date, entered by hand ...).
SENT, SKIPPED, OPEN, OTHER = "sent", "skipped", "open", "other"


@dataclass(frozen=True)
class Fate:
    """What became, or will become, of a document that another one settles: see SENT ... `rule`: by which it was skipped ("": a setting).
    `step`: of an open one, the step (its name in the outbox) that is not over."""

    what: str
    rule: str = ""
    step: str = ""


@dataclass(frozen=True)
class Verdict:
    """`outcome` is one of rule.OUTCOMES or WAITS; `rule` is the title of the rule that says so, "" for a setting; `problem` is the reason
    where it is not sent as always; `by` is that rule itself."""

    outcome: str
    rule: str = ""
    problem: Problem | None = None
    by: Rule | None = None


def verdict(doc: Doc, policy: Policy, groups: Groups, parents: Mapping[Named, Fate], more: bool = False, any_date: bool = False) -> Verdict:
    """What becomes of a document. `parents` are those that it settles or returns; `more`: it moves more than these take. `any_date`: its own date
    makes no difference. One that is in Xero already is none of this."""
    kind = kind_of(doc)
    setting = policy.setting(kind)
    if not setting.on:
        return Verdict(SKIP, "", words.kind_off(kind))
    if setting.start_date and not any_date and str(doc["posting_date"]) < setting.start_date:
        return Verdict(SKIP, "", words.kind_later(kind, setting.start_date))
    if followed := _followed(doc, parents, more):
        return followed
    for rule in policy.rules_of(kind):
        matches = rule.matches(doc, groups)
        if matches is None:
            return Verdict(WAITS, rule.title, words.broken(rule.title, rule.broken))
        if matches:
            return _by_rule(rule)
    return Verdict(SYNC if setting.send == REAL_TIME else NEXT_BATCH)


def _by_rule(rule: Rule) -> Verdict:
    problems = {SKIP: words.by_rule, HOLD: words.approval}
    problem = problems[rule.outcome](rule.title) if rule.outcome in problems else None
    return Verdict(rule.outcome, rule.title, problem, rule)


def _followed(doc: Doc, parents: Mapping[Named, Fate], more: bool) -> Verdict | None:
    """What a document becomes for those that it settles; None where none of them is skipped."""
    skipped = [named for named, fate in parents.items() if fate.what == SKIPPED]
    if not skipped:
        return None
    rule = next((parents[named].rule for named in skipped if parents[named].rule), "")
    if more or len(skipped) < len(parents):
        return Verdict(WAITS, rule, words.partly(str(doc["name"]), skipped, rule))
    return Verdict(SKIP, rule, words.follows(rule, skipped))


def undecided(parents: Mapping[Named, Fate]) -> Sequence[Named]:
    """The invoices, bills and returns of which nobody knows yet whether they go. A payment is not waited for: it may itself wait until it is known what a journal
    makes of it."""
    return [named for named, fate in parents.items() if fate.what == OPEN and named[0] in INVOICE_DOCTYPES]
