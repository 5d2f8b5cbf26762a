"""What is said of a document that a setting or a rule keeps from Xero, for now or for good. The codes are stored."""

from __future__ import annotations

from collections.abc import Iterable

from ...accounting import causes
from ...accounting.causes import Cause, document
from ...accounting.problems import Problem
from ...accounting.texts import NONE, Text, _, day
from ..approvals.words import APPROVAL as APPROVAL
from ..fact_types import Named
from .kinds import BILL, CREDIT_NOTE, INVOICE, JOURNAL, PAYMENT, SUPPLIER_CREDIT

BY_RULE = "rule-skipped"
FOLLOWS = "follows-skipped"
KIND_OFF = "kind-off"
KIND_LATER = "kind-later"
# The codes of what is Skipped by a rule or a setting: all of it is decided anew once one of these changes.
SKIPS = (BY_RULE, FOLLOWS, KIND_OFF, KIND_LATER)
BROKEN = "rule-broken"
PARTLY = "settles-partly-skipped"
BATCH = "waits-for-batch"
CREDIT_LEFT = "skipped-credit-in-xero"
SETTLES = "settles-skipped-by-rule"
RULES = Cause(causes.RULES)
PLURALS = {
    INVOICE: _("Sales invoices"),
    BILL: _("Bills"),
    CREDIT_NOTE: _("Credit notes"),
    SUPPLIER_CREDIT: _("Supplier credit notes"),
    PAYMENT: _("Payments"),
    JOURNAL: _("Journals"),
}


def kind_off(kind: str) -> Problem:
    """Skipped: documents of this kind do not go to Xero."""
    return Problem(KIND_OFF, _("{kind} are switched off in the sync settings").format(kind=PLURALS[kind]), NONE, causes=(RULES,))


def kind_later(kind: str, start: str) -> Problem:
    """Skipped: it is older than the day on which documents of its kind begin to go."""
    said = _("It is dated before {date}, from when on {kind} go to Xero by the sync settings").format(date=day(start), kind=PLURALS[kind])
    return Problem(KIND_LATER, said, _("Where it belongs there, choose an earlier start date in the sync settings"), causes=(RULES,))


def by_rule(title: str) -> Problem:
    """Skipped: a rule says so."""
    return Problem(BY_RULE, _("Not sent to Xero: rule {rule}").format(rule=title), NONE, causes=(RULES,))


def follows(title: str, parents: Iterable[Named]) -> Problem:
    """Skipped: all that it settles or returns is skipped. `title`: by which rule, "" where a setting did it."""
    named = list(parents)
    known = {"names": _names(named), "rule": title}
    said = (
        _("It belongs to {names}, not sent to Xero: rule {rule}").format(**known)
        if title
        else _("It belongs to {names}, not sent to Xero by the sync settings").format(names=known["names"])
    )
    return Problem(FOLLOWS, said, NONE, causes=(RULES, *(document(*each) for each in named)))


def partly(name: str, skipped: Iterable[Named], title: str) -> Problem:
    """Held: of what it settles only some is skipped, or it moves more money than that."""
    named = list(skipped)
    known = {"name": name, "names": _names(named)}
    said = (
        _("Part of {name} is for {names}, not sent to Xero by the rule {rule}; the rest of it belongs in Xero").format(rule=title, **known)
        if title
        else _("Part of {name} is for {names}, not sent to Xero by the sync settings; the rest of it belongs in Xero").format(**known)
    )
    cure = _(
        "Enter the rest of {name} in Xero by hand and press Done by Hand; or cancel it and enter two; or change the rule so that {names} goes too"
    ).format(**known)
    return Problem(PARTLY, said, cure, held=True, causes=(RULES, *(document(*each) for each in named)))


def credit_left(credit: str, named: Named, title: str) -> Problem:
    """Held: a credit is in Xero already, and what it is to be taken off is skipped."""
    known = {"credit": credit, "name": named[1]}
    said = (
        _("{credit} is in Xero, and is to be taken off {name}, not sent there by the rule {rule}").format(rule=title, **known)
        if title
        else _("{credit} is in Xero, and is to be taken off {name}, not sent there by the sync settings").format(**known)
    )
    cure = _(
        "In Xero, refund what is left of {credit} or take it off another document, and press Done by Hand; or change the rule so that {name} goes too"
    )
    return Problem(CREDIT_LEFT, said, cure.format(**known), held=True, causes=(RULES, document(*named)))


def settles_skipped(named: Named, title: str) -> Problem:
    """Held: part of it is in Xero already, and what the rest settles is skipped."""
    said = (
        _("It settles {name}, not sent to Xero by the rule {rule}").format(name=named[1], rule=title)
        if title
        else _("It settles {name}, not sent to Xero by the sync settings").format(name=named[1])
    )
    cure = _("Enter it in Xero by hand where it belongs there, and press Done by Hand; or change the rule so that {name} goes too").format(
        name=named[1]
    )
    return Problem(SETTLES, said, cure, held=True, causes=(RULES, document(*named)))


def approval(title: str) -> Problem:
    """Held: a rule wants somebody to agree first."""
    cure = _("Press Approve, or change the rule")
    return Problem(APPROVAL, _("Waits for approval: rule {rule}").format(rule=title), cure, held=True, causes=(RULES,))


def broken(title: str, what: Text) -> Problem:
    """Needs attention: whether a rule matches cannot be said."""
    said = _("The rule {rule} cannot be applied: {what}").format(rule=title, what=what)
    return Problem(BROKEN, said, _("Correct the rule, or switch it off; what waits for it then goes on"), causes=(RULES,))


def batch(title: str, when: str) -> Problem:
    """Waits for the next batch; `when` is in the site's time."""
    said = (
        _("Goes to Xero with the batch of {when}: rule {rule}").format(when=when, rule=title)
        if title
        else _("Goes to Xero with the batch of {when}").format(when=when)
    )
    return Problem(BATCH, said, _("Press Send Now where it shall not wait"))


def waits_for(names: str) -> Problem:
    """Waits until it is known whether what it settles goes to Xero."""
    return Problem(
        "waits-for-invoice", _("Waits until {name} is in Xero").format(name=names), _("See what stops {name}").format(name=names)
    )


def _names(named: Iterable[Named]) -> str:
    return ", ".join(dict.fromkeys(name for _doctype, name in named))
