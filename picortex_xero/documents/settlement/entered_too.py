"""A payment that goes to Xero, and one that stands there already on what it pays: a person may have entered the same money on both sides.

Asked where payments that people enter in Xero come back (incoming/): what is the same is linked within minutes, and nothing goes. For what an import of history
brings, history/coded.py holds it for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ...accounting.problems import Problem
from ...accounting.texts import _
from ...xero.records import xero_element
from ..base import Owner, Plan, Shown
from ..closed_periods import entered_on
from ..decisions import Decision, Unclear, hold
from ..history import coded
from ..translation import Translation

CODE = "entered-there-too"
Element = dict[str, Any]
Owners = Mapping[tuple[str, str], Sequence[Owner]]


def asks(plan: Plan, comes_back: bool) -> bool:
    """Whether payments that stand on what a plan pays may be the same money: they come back here and nobody has let it go all the same, or an import brings it."""
    return (comes_back and CODE not in plan.step.late_for) or coded.asks(plan)


def whose(elements: Iterable[Element]) -> frozenset[tuple[str, str]]:
    """The payments that stand on these records, whose links tell which of them are of this site."""
    return frozenset(place for each in elements for one in coded.payments_of(each) for place in coded.places_of(one))


def problem(plan: Plan, comes_back: bool, paid: Iterable[tuple[Element, Decimal]], dated: str, owners: Owners) -> Problem | None:
    """Why a payment waits: on one of `paid` (a record as Xero shows it, and an amount) stands a payment of that amount and about that day which is none of ours."""
    if not asks(plan, comes_back):
        return None
    found = [one for element, amount in paid for one in coded.paid_there(element, amount, dated, owners)]
    if coded.asks(plan):
        return coded.problem(plan.step, found)
    return _entered_there_too(plan.step.who.name) if found else None


def asks_bank(plan: Plan, comes_back: bool) -> bool:
    """Whether Xero's bank transactions are looked at before an advance goes: somebody may have entered it there since they were read last."""
    return comes_back and CODE not in plan.step.late_for and bool(entered_on(plan.step, plan.doc))


def advance(plan: Plan, comes_back: bool, made: Translation, bank: Shown) -> Decision | None:
    """A hold where an over- or prepayment of the same contact, bank account and amount and about that day is in Xero, and none of ours; Xero is asked again where its list is
    incomplete."""
    if not asks_bank(plan, comes_back):
        return None
    if not bank.complete:
        return Decision(Unclear(_("Bank transactions")))
    mine, way = xero_element.contact_id(made.body), str(made.body["Type"]).partition("-")[0]
    found = [
        each
        for each in coded.like(made, bank.elements)
        if xero_element.contact_id(each) == mine and str(each.get("Type")) in (f"{way}-OVERPAYMENT", f"{way}-PREPAYMENT")
    ]
    return hold(_entered_there_too(plan.step.who.name)) if found else None


def _entered_there_too(name: str) -> Problem:
    """Held: somebody has entered a payment of the same amount in Xero, and nobody knows yet whether it is the same one."""
    return Problem(
        CODE,
        _("A payment of the same amount as {name} was entered in Xero").format(name=name),
        _(
            "Nothing to do at first: it is read within minutes, and linked where it is this one. Where it waits in Entered in Xero, decide there. Where it is the same and linked with a payment that was cancelled here: press Skip. Where it is other money: press Send All the Same"
        ),
        held=True,
    )
