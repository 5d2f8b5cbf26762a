"""The one decision about closed periods (periods.py), for whatever would make an entry in Xero's books, by whatever way it comes: when its document is
looked at, so that not even a contact is made for what waits, and once more for the very element that would be sent, whatever its date is there.

An allocation has no entry of its own: it moves what is in the books already. A change to what is in Xero is not made there by itself in a closed period
(`without_changes`): a person makes it. What is to be taken back from one is decided in removal.py.
"""

from __future__ import annotations

from dataclasses import replace

from ..accounting.problems import Problem
from ..xero.records.base import Kind
from .base import Books, Doc, Plan
from .decisions import Ask, Decision, Hold, Send, Wait
from .identity import brings_balance
from .periods import NO_PERIODS, closed
from .role import Purpose
from .rules.words import BATCH
from .step import Step

# Parts whose record is an entry of its own whatever the document turns out to be. What a journal becomes is known only once it is planned.
ENTRIES = ("invoice", "credit", "payment", "fee", "clearing", "writeoff", "release", "summary")
CONTACT = "contact"


def against(step: Step, doc: Doc, books: Books) -> tuple[Problem, ...]:
    """What speaks against an entry of a step on its day; () where nothing does, and for steps that make none."""
    if not makes(step):
        return ()
    return of_day(step, doc, entered_on(step, doc), books)


def makes(step: Step) -> bool:
    """Whether a step may make an entry in Xero's books."""
    its = step.role
    return its.purpose in (Purpose.CREATE, Purpose.REVERSE) and not its.of_party and its.part != "allocation"


def entered_on(step: Step, doc: Doc) -> str:
    """The day (yyyy-mm-dd) of its entry: that of the document, but for what has a day of its own."""
    own = step.role.part == "release" or step.role.reverses
    return str((step.posting_date if own else doc.get("posting_date")) or "")


def held(problems: tuple[Problem, ...], step: Step, planned: Plan | Decision) -> Decision | None:
    """The hold, where what was planned would make an entry, or would first make a contact for it; None where it makes none, or has something else to say."""
    if not problems:
        return None
    if isinstance(planned, Decision):
        waits = isinstance(planned.outcome, Wait)
        concerned = waits and (step.role.part in ENTRIES or any(isinstance(each, Ask) and each.role == CONTACT for each in planned.effects))
    else:
        concerned = is_entry(planned.kind)
    return Decision(Hold(problems)) if concerned else None


def is_entry(kind: Kind) -> bool:
    """Whether a request of this kind makes an entry: anything new but an allocation, a contact, a note, a file."""
    of = kind.xero_object
    return kind is of.made_by and not (of.nested or of.extra or of.shared)


def waits_for_batch(decision: Decision) -> bool:
    """Whether a step only waits for its batch: a person may decide about its period before."""
    problem = decision.outcome.problem if isinstance(decision.outcome, Wait) else None
    return problem is not None and problem.code == BATCH


def without_changes(step: Step, doc: Doc, books: Books) -> Books:
    """The books for a look at a document that changed: in a closed period its change is left to a person."""
    if not step.role.looks_again or not of_day(step, doc, str(doc.get("posting_date") or ""), books):
        return books
    return replace(books, update_changed=False)


def at_last(plan: Plan, decision: Decision, books: Books) -> Decision:
    """The last look before a request is sealed: by the date of the element itself, and the dates of the connection as they are then."""
    if not isinstance(decision.outcome, Send) or not is_entry(plan.kind):
        return decision
    dated = str(decision.outcome.translation.body.get("Date") or "")[:10]
    problems = of_day(plan.step, plan.doc, dated, books)
    return Decision(Hold(problems)) if problems else decision


def of_day(step: Step, doc: Doc, dated: str, books: Books) -> tuple[Problem, ...]:
    """What speaks against an entry on a day (yyyy-mm-dd) for a step of this document; () where nothing does."""
    if books.periods == NO_PERIODS or not dated:
        return ()
    opening = brings_balance(doc, books.mapping.opening_documents)
    return closed(step.who.name, dated, books.periods, opening=opening, history=bool(step.history), agreed=step.late_for)
