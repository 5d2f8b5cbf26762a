"""No document is in Xero and counted in a cash summary at once: it waits until the summary that counts it is taken back there, and a summary waits until it is
made anew without what goes itself. Both are decided by the one run that holds the organisation's lease, so that neither slips past the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ...accounting.problems import Problem
from ...accounting.texts import _
from ..base import Books, Doc, Plan
from ..decisions import Decision, MakeAnew, Wait, wait_for_step
from ..fact_types import HEAD, LINKS, STEPS, Named
from ..identity import moment
from ..needs import NOTHING, Fact, Facts, Needs
from ..role import Purpose
from ..rules.kinds import kind_of
from ..rules.parents import fate
from ..rules.verdict import OPEN, SKIPPED
from ..rules.words import BATCH
from ..step import PENDING, Step

SUMMARY = "Xero Cash Summary"
IN_SUMMARY, GONE = "in-cash-summary", "gone"
# After that time it is looked again whether the summary is made anew, which takes seconds where a worker is free.
A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Counted:
    """A summary that counts a document, or did so and may still stand in Xero. `creation` is the document's (identity.moment); `stands`: it is not cancelled;
    `step`: what takes it back and is not finished (a name in the outbox), "" where nothing is asked for yet."""

    summary: str
    creation: str
    stands: bool
    step: str = ""


# The summaries that count the documents of this DocType and name.
COUNTED: Fact[Named, list[Counted]] = Fact("counted in cash summaries")


def needs(step: Step, doc: Doc | None, books: Books) -> Needs:
    """The fact that `keeps_back` reads: none where nothing was ever skipped or counted."""
    return COUNTED.of([(step.who.doctype, step.who.name)]) if _concerns(step, doc, books) else NOTHING


def _concerns(step: Step, doc: Doc | None, books: Books) -> bool:
    makes = step.role.purpose is Purpose.CREATE and not step.role.of_party
    known = doc is not None and bool(kind_of(doc))
    return (books.rules.active or books.cash_summaries) and known and (makes or step.role.cancels)


def keeps_back(step: Step, doc: Doc, planned: Plan | Decision, facts: Facts, books: Books) -> Decision | None:
    """Why a document that would go now, or is cancelled, waits: its cash is counted in a summary. None where it is not."""
    if not _concerns(step, doc, books) or not (isinstance(planned, Plan) or step.role.cancels):
        return None
    found = [each for each in facts.get(COUNTED, (step.who.doctype, step.who.name)) if each.creation == step.who.creation]
    if not found:
        return None
    one = next((each for each in found if each.stands), found[0])
    problem = Problem(
        IN_SUMMARY,
        _("Waits until {summary}, which counts its cash, is taken back in Xero").format(summary=one.summary),
        _("See what stops {summary}").format(summary=one.summary),
    )
    if one.stands:
        return Decision(Wait(problem, after=A_MOMENT), (MakeAnew(one.summary),))
    return wait_for_step(one.step, problem) if one.step else Decision(Wait(problem, after=A_MOMENT))


def needs_of_rows(doc: Doc) -> Needs:
    """The facts that `left` reads."""
    named = [_named(row) for row in doc["rows"]]
    return HEAD.of(named) | LINKS.of(named) | STEPS.of(named)


def left(rows: Iterable[Doc], facts: Facts) -> list[Doc]:
    """Those rows of a summary that it counts rightly, or of which nobody knows yet: saving a rule decides all anew that was skipped."""
    return [row for row in rows if _fate(row, facts) != GONE]


def undecided(rows: Iterable[Doc], facts: Facts) -> Doc | None:
    """The first row of which nobody knows yet whether its document goes to Xero itself."""
    return next((row for row in rows if _fate(row, facts) == OPEN), None)


def _fate(row: Doc, facts: Facts) -> str:
    """SKIPPED, OPEN or GONE."""
    named, creation = _named(row), str(row["reference_creation"])
    if not row["counted_key"]:
        return GONE  # since somebody had said that its summary does not go (engine/cash_anew.py)
    if is_skipped(named, creation, facts):
        return SKIPPED
    mine = [step for step in facts.get(STEPS, named) if step.who.creation == creation and step.role.purpose is Purpose.CREATE]
    newest = max(mine, key=lambda step: step.revision, default=None)
    # What is about to go says so: with its batch, or that this summary is in its way.
    waits = newest is not None and newest.state == PENDING and newest.reason_code not in (IN_SUMMARY, BATCH)
    return OPEN if waits and stands(named, creation, facts) else GONE


def is_made_anew(doc: Any) -> bool:
    """Whether a document is a summary made again of one that is taken back: it goes whatever the go-live date is by then, or the rest would be gone from Xero."""
    return bool(doc.get("doctype") == SUMMARY and doc.get("amended_from"))


def stands(named: Named, creation: str, facts: Facts) -> bool:
    """Whether a document is submitted still."""
    head = facts.get(HEAD, named)
    return head is not None and int(head["docstatus"]) == 1 and moment(head["creation"]) == creation


def is_skipped(named: Named, creation: str, facts: Facts) -> bool:
    """Whether a document stands, and a rule or setting keeps it from Xero."""
    return stands(named, creation, facts) and fate(named, facts.get(HEAD, named), facts).what == SKIPPED


def _named(row: Doc) -> Named:
    return str(row["reference_doctype"]), str(row["reference_name"])
