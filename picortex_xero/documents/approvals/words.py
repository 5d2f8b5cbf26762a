"""What is said of a document that waits for somebody to agree. The codes are stored."""

from __future__ import annotations

from collections.abc import Sequence

from ...accounting import causes
from ...accounting.causes import Cause
from ...accounting.problems import Problem
from ...accounting.texts import Text, _, joined, plain, term

APPROVAL = "rule-approval"
CHANGED = "changed-after-approval"
GIVEN_BACK = "approval-returned"
# The codes of what waits for somebody to agree: a vote is about these.
ASKED = (APPROVAL, CHANGED, GIVEN_BACK)
# Of a record: approved in Xero while its document waited here.
PAST_US = "approved-past-us"
_RULES = (Cause(causes.RULES),)


def whom(role: str, people: Sequence[str]) -> Text:
    """A role, people, or either."""
    parts = [*([_("anyone with the role {role}").format(role=term(role))] if role else []), *map(plain, people)]
    return joined(", ", parts) if parts else _("anyone who may approve")


def waits(title: str, number: int, of: int, who: Text) -> Problem:
    """Held: a rule wants somebody to agree first."""
    known = {"rule": title, "number": number, "of": of, "whom": who}
    said = (
        _("Waits for approval: rule {rule}, step {number} of {of} ({whom})").format(**known)
        if of > 1
        else _("Waits for approval: rule {rule} ({whom})").format(rule=title, whom=who)
    )
    return Problem(APPROVAL, said, _("Press Approve (page Approvals), or change the rule"), held=True, causes=_RULES)


def changed(title: str, number: int, of: int, who: Text) -> Problem:
    """Held: somebody agreed, and the document was changed after that."""
    said = _("Changed after it was approved, and waits for approval again: rule {rule}, step {number} of {of} ({whom})")
    cure = _("See what has changed in the history of the document, then press Approve")
    return Problem(CHANGED, said.format(rule=title, number=number, of=of, whom=who), cure, held=True, causes=_RULES)


def given_back(person: str, note: str) -> Problem:
    """Held: somebody would not agree."""
    said = _("Returned by {person}: {note}").format(person=person, note=note)
    cure = _("Correct it: cancel and amend it. Where it is right as it is, say so to {person}, who may approve it still").format(
        person=person
    )
    return Problem(GIVEN_BACK, said, cure, held=True, causes=_RULES)


def past_us(name: str, rule: str) -> Problem:
    """Somebody approved its record in Xero, although nobody has agreed here yet."""
    said = (
        _("{name} was approved in Xero, and waits for approval here by the rule {rule}").format(name=name, rule=rule)
        if rule
        else _("{name} was approved in Xero, and waits for approval here").format(name=name)
    )
    cure = _(
        "Ask whoever approved it in Xero. Where it is right, approve it here too (page Approvals); else void it in Xero, then press Retry"
    )
    return Problem(PAST_US, said, cure, causes=(Cause(causes.RECIPE),))


def nothing_asked() -> Text:
    """Why nobody may agree."""
    return _("It waits for nobody's approval any more")


def entered_it() -> Text:
    """Why whoever entered or submitted it may not agree."""
    return _("Whoever entered or submitted it cannot approve it")


def agreed_before() -> Text:
    """Why whoever agreed at an earlier stage may not agree again."""
    return _("Whoever approved an earlier step of it cannot approve this one")


def not_asked(number: int, of: int, who: Text) -> Text:
    """Why somebody may not agree who is not asked."""
    return _("Step {number} of {of} is for others: {whom}").format(number=number, of=of, whom=who)


def seen_before_change() -> Text:
    """Why a press counts for nothing that was about what the document said before, or about another step."""
    return _("It has changed, or moved on, since you looked: look at it again")
