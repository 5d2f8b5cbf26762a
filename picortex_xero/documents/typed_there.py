"""A journal, invoice or bill that goes to Xero, and one like it that stands there already and for nothing here: where what people enter in Xero comes back, somebody may have typed a
journal on both sides since Xero's lists were read last, or has typed, or copied, here what is a draft that came from Xero. Pure; what is like it is looked up before it goes
(engine/look_for_typed.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..accounting.problems import Problem
from ..accounting.texts import Text, _, joined
from ..xero.records import before, xero_element
from ..xero.records.base import Kind
from ..xero.records.registry import BANK_TRANSACTION, CREDIT_NOTE, INVOICE, MANUAL_JOURNAL
from .base import InXero, Plan, Shown
from .closed_periods import entered_on
from .decisions import Decision, Send, Unclear, hold
from .history.coded import like as same_money
from .history.coded import window
from .history.entered import described
from .translation import Translation

CODE = "typed-there-too"
JOURNAL, MONEY = MANUAL_JOURNAL.made_by, BANK_TRANSACTION.made_by
DOCUMENTS: tuple[Kind, ...] = (INVOICE.made_by, CREDIT_NOTE.made_by)
# Which kinds are looked for by the role of the step that enters them.
KINDS: Mapping[str, tuple[Kind, ...]] = {"journal": (JOURNAL, MONEY), "invoice": DOCUMENTS, "credit": DOCUMENTS}
DOCTYPES = ("Journal Entry", "Sales Invoice", "Purchase Invoice")
# What is part of Xero's books, by kind.
STANDS: Mapping[Kind, tuple[str, ...]] = {
    JOURNAL: ("POSTED",),
    MONEY: ("AUTHORISED",),
    **dict.fromkeys(DOCUMENTS, ("AUTHORISED", "PAID")),
}
_SHOWN = 3
Element = dict[str, Any]


def asks(plan: Plan, come_back: frozenset[str]) -> bool:
    """Whether what is like it is looked for before a plan goes: it enters a journal (as a manual journal, or as money spent or received), an invoice or a credit note, what people
    enter there comes back (`come_back`: endpoints), and nobody has let it go. What an import of history brings is asked about by itself (history/coded.py, history/entered.py)."""
    own = plan.kind in KINDS.get(plan.step.role.text, ()) and plan.step.who.doctype in DOCTYPES
    return (
        own
        and plan.kind.endpoint in come_back
        and not plan.step.history
        and CODE not in plan.step.late_for
        and bool(entered_on(plan.step, plan.doc))
    )


def days(plan: Plan) -> tuple[str, str]:
    """The first and last day (yyyy-mm-dd) that the same may bear there: one is often the day at the bank, the other the day it was typed."""
    return window(entered_on(plan.step, plan.doc))


def held(plan: Plan, decision: Decision, come_back: frozenset[str], shown: InXero) -> Decision:
    """The decision, or a hold where Xero has what is like it and stands for nothing here; Xero is asked again where its list is incomplete."""
    if not isinstance(decision.outcome, Send) or not asks(plan, come_back):
        return decision
    there = shown.typed.get(plan.kind.endpoint, Shown([]))
    if not there.complete:
        return Decision(Unclear(_("Records like {name}").format(name=plan.step.who.name)))
    found = like(plan, decision.outcome.translation, there.elements)
    return hold(_typed(plan.step.who.name, found)) if found else decision


def like(plan: Plan, made: Translation, elements: Iterable[Element]) -> list[Element]:
    """Those of Xero's records that may be the document, a few days apart at most: of money with the same account, direction and amount; of journals on the same accounts with
    the same sum; of invoices and credit notes with the same contact and total."""
    standing = [each for each in elements if each.get("Status") in STANDS[plan.kind]]
    if plan.kind is MONEY:
        return [each for each in same_money(made, standing) if each.get("Type") == made.body["Type"]]
    first, last = days(plan)
    near = [each for each in standing if first <= xero_element.calendar_date(each) <= last]
    if plan.kind in DOCUMENTS:
        contact, kind, total = xero_element.contact_id(made.body), made.body.get("Type"), xero_element.money(made.total)
        same = [each for each in near if (xero_element.contact_id(each), each.get("Type")) == (contact, kind)]
        return [each for each in same if xero_element.money(each.get("Total")) == total]
    return [each for each in near if xero_element.worth(each) == xero_element.worth(made.body) and _accounts(each) == _accounts(made.body)]


def _accounts(journal: Element) -> set[str]:
    return {xero_element.fold(line.get("AccountCode")) for line in before.rows(journal, "JournalLines")} - {""}


def _typed(name: str, found: list[Element]) -> Problem:
    return Problem(
        CODE,
        _("Something like {name} was entered in Xero: {found}").format(
            name=name, found=joined("; ", [_one(each) for each in found[:_SHOWN]])
        ),
        _(
            "Nothing to do at first: it is read within minutes, and Entered in Xero then asks which it is. Where it is a draft here: submit that, or delete it. Where it is the same and nothing asks: press Skip. Where it is another one: press Send All the Same"
        ),
        held=True,
    )


def _one(element: Element) -> Text:
    called = [element.get(name) for name in ("Narration", "InvoiceNumber", "CreditNoteNumber", "Reference")]
    return described(element, str(next(filter(None, called), None) or (element.get("Contact") or {}).get("Name") or ""))
