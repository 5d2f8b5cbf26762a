"""Bills without a supplier's number, and manual journals, of an import of history that somebody may have entered in Xero already. Pure.

Xero has no number by which it could be asked for these. So before one from before the go-live date goes, the bills of those days there are looked for that have its contact
and total, and the manual journals of its day with its total or narration; where there is one that is none of this site's records, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...accounting.plain_text import one_line
from ...accounting.problems import Problem
from ...accounting.texts import Text, _, amount, day, joined, plain
from ...xero.records import xero_element
from ...xero.records.base import Kind
from ...xero.records.registry import CREDIT_NOTE, INVOICE, MANUAL_JOURNAL
from ..base import InXero, Plan, Shown
from ..closed_periods import entered_on
from ..decisions import Decision, Hold, Send, Unclear
from ..translation import Translation
from .coded import window

CODE = "perhaps-entered"
JOURNAL = MANUAL_JOURNAL.made_by
NUMBERED: tuple[Kind, ...] = (INVOICE.made_by, CREDIT_NOTE.made_by)
_GONE = ("DELETED", "VOIDED")
_SHOWN = 3
Element = dict[str, Any]


def asks(plan: Plan) -> bool:
    """Whether Xero is asked for records like it before this plan goes: an import of history brings it, nobody has let it go, and it has nothing by which it could be found."""
    if not plan.step.history or CODE in plan.step.late_for or not entered_on(plan.step, plan.doc):
        return False
    if plan.kind is JOURNAL:
        return True
    own = plan.step.role.part in ("invoice", "credit")
    return plan.kind in NUMBERED and own and plan.doc["doctype"] == "Purchase Invoice" and not one_line(plan.doc.get("bill_no"))


def days(plan: Plan) -> tuple[str, str]:
    """The first and last day (yyyy-mm-dd) on which somebody may have entered it: that of a journal, and a few around that of a bill."""
    on = entered_on(plan.step, plan.doc)
    return (on, on) if plan.kind is JOURNAL else window(on)


def held(plan: Plan, decision: Decision, shown: InXero) -> Decision:
    """The decision, or a hold where Xero has a record that may be the one that would be sent; Xero is asked again where its list is incomplete."""
    if not isinstance(decision.outcome, Send) or not asks(plan):
        return decision
    there = shown.entered.get(plan.kind.endpoint, Shown([]))
    if not there.complete:
        return Decision(Unclear(_("Records of {number}").format(number=plan.step.who.name)))
    found = like(plan, decision.outcome.translation, there.elements)
    return Decision(Hold((_perhaps_there(plan.step.who.name, found),))) if found else decision


def like(plan: Plan, made: Translation, elements: Iterable[Element]) -> list[Element]:
    """Those of Xero's records that may be the document: none of them is linked with a document of this site."""
    is_like = _journal_like if plan.kind is JOURNAL else _bill_like
    first, last = days(plan)
    return [
        each
        for each in elements
        if each.get("Status") not in _GONE and first <= xero_element.calendar_date(each) <= last and is_like(made, each)
    ]


def _journal_like(made: Translation, element: Element) -> bool:
    narrations = {xero_element.fold(each.get("Narration")) for each in (made.body, element)}
    worth = [xero_element.worth(each) for each in (made.body, element)]
    return (len(narrations) == 1 and "" not in narrations) or bool(worth[0] and worth[0] == worth[1])


def _bill_like(made: Translation, element: Element) -> bool:
    return (
        xero_element.fold(element.get("Type")) == xero_element.fold(made.body["Type"])
        and xero_element.contact_id(element) == str(made.body["Contact"]["ContactID"]).casefold()
        and xero_element.fold(element.get("CurrencyCode")).upper() in ("", made.body["CurrencyCode"])
        and xero_element.money(element.get("Total")) == xero_element.money(made.total)
    )


def described(element: Element, what: str) -> Text:
    """A record of Xero's by its amount and day, and `what` it is called."""
    said = _("{amount} of {date} ({what})")
    return said.format(amount=amount(xero_element.worth(element)), date=day(xero_element.calendar_date(element)), what=plain(what[:60]))


def _perhaps_there(name: str, found: list[Element]) -> Problem:
    shown = [described(each, str(each.get("Narration") or (each.get("Contact") or {}).get("Name") or "")) for each in found[:_SHOWN]]
    return Problem(
        CODE,
        _("{name} is perhaps in Xero already: {found}").format(name=name, found=joined("; ", shown)),
        _(
            "Look at it in Xero. Where it is the same: press Skip to leave this out, or remove it there and press Send All the Same. Where it is another one: press Send All the Same"
        ),
        held=True,
    )
