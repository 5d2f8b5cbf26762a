"""Money that waits until a person releases it: payments, money spent and received, transfers and advances, while the Xero Connection says
Hold until released. Xero keeps no drafts of these.

What is released is a document: every part of it that moves money, also one that is asked for later. What goes once more in a further revision (its
allocation changed here) moves the same money, which must not be missing in Xero meanwhile: the release holds for it while amount, currency and date are
those that were released; with others it is released anew. Taking back what was sent moves no money here: it is never held.
"""

from __future__ import annotations

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..xero.records.registry import object_at
from .base import Books, Plan
from .decisions import Decision, Hold
from .fact_types import LINKS, STEPS
from .needs import Facts
from .step import Step, own_links, own_steps

MONEY_HELD = "money-held"


def until_released(step: Step, plan: Plan | Decision, facts: Facts, books: Books) -> Plan | Decision:
    """The plan, or that it is held until somebody releases it."""
    if not isinstance(plan, Plan) or not books.hold_money or not moves_money(plan) or is_released(step, facts):
        return plan
    return Decision(Hold((_held(step.who.name),)))


def is_released(step: Step, facts: Facts) -> bool:
    """Whether a person has released this money, or some of it is in Xero already: then the rest follows."""
    named = (step.who.doctype, step.who.name)
    if step.released_by or any(
        each.released_by and (each.revision == step.revision or _worth(each) == _worth(step))
        for each in own_steps(facts.get(STEPS, named), step.who)
    ):
        return True
    return any(each.live and object_at(each.endpoint).moves_money for each in own_links(facts.get(LINKS, named), step.who, step.revision))


def _worth(step: Step) -> tuple[object, ...]:
    return step.amount, step.currency, str(step.posting_date)


def held(decided: Plan | Decision) -> Problem | None:
    """The problem of a decision that holds money, and nothing else; None for any other."""
    if isinstance(decided, Decision) and isinstance(decided.outcome, Hold):
        return next((each for each in decided.outcome.problems if each.code == MONEY_HELD), None)
    return None


def moves_money(plan: Plan) -> bool:
    """Whether what a plan makes moves money."""
    return plan.kind.xero_object.moves_money and not plan.kind.undo


def _held(name: str) -> Problem:
    return Problem(
        MONEY_HELD,
        _("{name} moves money, and money waits here until somebody releases it").format(name=name),
        _(
            "Press Release; or Release All under To Fix, which sends all money that waits; to have money sent without being asked, choose Send under Payments and Other Money on the Xero Connection"
        ),
        held=True,
    )
