"""The invoice, bill or return that a payment settles: is it in Xero, and is nothing on it still being cancelled there?

It is found by DocType and name. A step that settles it names `needs_of_target` among its needs, then calls `find`; where that is None,
`wait_for` says what becomes of the step. `waits_for_cancels` comes last. Once Xero was read, `wait_for_approval` is for one that nobody has
approved there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ...accounting.causes import document
from ...accounting.money import decimal
from ...accounting.problems import Problem
from ...accounting.texts import _
from ...xero.records.base import GONE
from ...xero.records.registry import CREDIT_NOTE, object_at
from .. import by_hand, skipped
from ..decisions import Decision, Effect, Raise, Wait, hold, wait_for_cancel, wait_for_step
from ..fact_types import HEAD, LINKS, SETTLING_DOCUMENTS, STEPS, Named
from ..identity import INVOICE_DOCTYPES, Identity, moment
from ..needs import NOTHING, Facts, Needs
from ..picture import as_kept, differences, picture
from ..removed import OTHER_TAX, OTHER_TOTAL, OUT, edited, gone_from_xero, settles_left_out
from ..rules import words as rule_words
from ..step import ATTENTION, SKIPPED, Link, Step, own_links, own_steps

Doc = dict[str, Any]
# The records that invoices and returns themselves become.
CREATED = ("invoice", "credit")
# The reason code of an overpayment's cancel, which a person has to finish in Xero. The invoices it settled can still be settled anew.
STAYS = "overpayment-stays"
# What Xero calls a document that nobody has approved.
UNAPPROVED = ("DRAFT", "SUBMITTED")
# The reader (inbound/) sees the approval; this look is for what it may miss, so that nothing waits for ever.
APPROVAL_LOOK = timedelta(days=1)
WAITING_APPROVAL = Problem("waiting-approval", _("Waits for approval of the invoice in Xero"), _("Approve the invoice in Xero"))
CREDIT_WAITS = Problem("waiting-approval", _("Waits for approval of the credit note in Xero"), _("Approve the credit note in Xero"))


@dataclass(frozen=True)
class DocumentInXero:
    """An invoice, bill or return that is in Xero. `currency` and `rate` (company currency per unit of it) are the document's own,
    `outstanding` is in `account_currency`, that of the party account; `step` is the name of the step that made the record, and `trouble` why
    that one needs a person ("" where it does not)."""

    who: Identity
    link: Link
    currency: str
    rate: Decimal
    outstanding: Decimal
    account_currency: str
    posting_date: str
    step: str = ""
    trouble: str = ""

    @property
    def xero_id(self) -> str:
        """Its record's id."""
        return self.link.xero_id

    @property
    def place(self) -> tuple[str, str]:
        """Where Xero shows its record: endpoint and id."""
        return self.link.endpoint, self.link.xero_id


def needs_of_target(named: Named, facts: Facts) -> Needs:
    """The facts to load for it: first its own and which documents settle it, then the steps of those."""
    return needs_of_record(named) | needs_of_cancels(named, facts)


def needs_of_record(named: Named) -> Needs:
    """The facts that `find` and `wait_for` read."""
    return HEAD.of([named]) | LINKS.of([named]) | STEPS.of([named])


def needs_of_cancels(named: Named, facts: Facts) -> Needs:
    """The facts that `waits_for_cancels` reads."""
    if named[0] not in INVOICE_DOCTYPES:
        return NOTHING
    settlers = facts.known(SETTLING_DOCUMENTS, named)
    return SETTLING_DOCUMENTS.of([named]) | STEPS.of(settlers or [])


def find(named: Named, facts: Facts) -> DocumentInXero | None:
    """The document with its newest record in Xero; None where that is not there, or not any more and it is being entered again, or the
    document is no invoice, bill or return."""
    head = facts.get(HEAD, named)
    if named[0] not in INVOICE_DOCTYPES or head is None:
        return None
    who = _identity(named, head)
    linked = [link for link in own_links(facts.get(LINKS, named), who) if link.part in CREATED]
    if not linked:
        return None
    steps = [each for each in own_steps(facts.known(STEPS, named) or [], who) if each.role.text in CREATED]
    if not linked[-1].live and any(each.unfinished and each.revision > linked[-1].revision for each in steps):
        return None
    maker = next((each for each in steps if each.revision == linked[-1].revision), None)
    return DocumentInXero(
        who,
        linked[-1],
        str(head["currency"]),
        decimal(head["conversion_rate"]) or decimal(1),
        decimal(head["outstanding_amount"]),
        str(head.get("party_account_currency") or ""),
        str(head["posting_date"]),
        maker.name if maker else "",
        maker.reason_code if maker and maker.state == ATTENTION else "",
    )


def wait_for(step: Step, named: Named, facts: Facts, credit: str = "") -> Decision:
    """What becomes of a step that settles something which is not in Xero: it waits while that is on its way, else it is held. `credit` is
    what is in Xero already and is to be taken off it: a return or an advance, which nobody may enter a second time."""
    name, head = named[1], facts.get(HEAD, named)
    steps = own_steps(facts.get(STEPS, named), _identity(named, head)) if head else []
    if coming := next((each for each in steps if each.role.text in CREATED and each.unfinished), None):
        return wait_for_step(
            coming.name,
            Problem(
                "waits-for-invoice", _("Waits until {name} is in Xero").format(name=name), _("See what stops {name}").format(name=name)
            ),
        )
    if credit:
        return hold(_only_the_credit(credit, named))
    return hold(
        Problem(
            "invoice-not-in-xero",
            _("It settles {name}, which was never sent to Xero").format(name=name),
            _("Enter {name} and {other} in Xero by hand, or send {name} first and press Retry").format(name=name, other=step.who.name),
            held=True,
            causes=(document(*named),),
        )
    )


def _only_the_credit(credit: str, named: Named) -> Problem:
    known = {"credit": credit, "name": named[1]}
    return Problem(
        "invoice-not-in-xero",
        _("{credit} is in Xero, but not taken off {name} there, which was never sent to Xero").format(**known),
        _(
            "Where {name} was entered in Xero by hand: take {credit} off it there, by allocating it (do not enter {credit} again). Where it was not: send {name} first, then press Retry"
        ).format(**known),
        held=True,
        causes=(document(*named),),
    )


def waits_for_cancels(named: Named, facts: Facts) -> Decision | None:
    """Waits while something that settled this invoice is still being cancelled in Xero; None where nothing is.

    In Xero the former payment still covers the amount due, so it has to be removed before a new one can be sent.
    """
    if named[0] not in INVOICE_DOCTYPES:
        return None
    for settler in facts.get(SETTLING_DOCUMENTS, named):
        steps, name = facts.get(STEPS, settler), settler[1]
        if cancel := next((each for each in steps if each.role.takes_back and each.unfinished and each.reason_code != STAYS), None):
            return wait_for_cancel(cancel.name, name, name)
    return None


def wait_for_approval(place: tuple[str, str]) -> Decision:
    """Until a person has approved in Xero what is settled (endpoint and id): nothing is authorised behind the accountant's back."""
    of = CREDIT_WAITS if place[0] == CREDIT_NOTE.endpoint else WAITING_APPROVAL
    return Decision(Wait(of, after=APPROVAL_LOOK, awaits="/".join(place)))


def wait_for_amount(found: DocumentInXero, element: dict[str, Any]) -> Decision | None:
    """Until its total and tax in Xero are those here, or a person has accepted them: Xero lets nobody correct what is paid or credited. None where it is; `element` is what Xero
    shows of it now."""
    of, link = object_at(found.link.endpoint), found.link
    was, now = as_kept(of, link), picture(of, element)
    changed = bool(was.get("Total") and now.get("Total") and was["Total"] != now["Total"]) and not link.was_there_before
    if not found.step or not (changed or found.trouble in (OTHER_TOTAL, OTHER_TAX)):
        return None
    name = found.who.name
    problem = Problem(
        "waits-for-invoice", _("Waits until {name} has its amount in Xero").format(name=name), _("See what stops {name}").format(name=name)
    )
    # Whoever has seen it first tells people.
    told = () if found.trouble else (Raise(found.step, edited(name, differences({"Total": was["Total"]}, now), False)),)
    return Decision(Wait(problem, on=found.step), told)


def was_removed(step: str, name: str, status: str) -> tuple[Effect, ...]:
    """What goes with a decision that has seen the document `name` voided or deleted in Xero: the `step` that made its record becomes a
    person's."""
    return (Raise(step, gone_from_xero(name, status)),) if step and status in GONE else ()


def left_out(named: Named, facts: Facts, credit: str = "") -> Decision | None:
    """A hold where a person has left out of Xero what is settled, or skipped it, or has entered it there by hand. `credit`: what is taken off it, where that is in
    Xero."""
    head = facts.get(HEAD, named)
    if named[0] not in INVOICE_DOCTYPES or head is None:
        return None
    steps = [each for each in own_steps(facts.get(STEPS, named), _identity(named, head)) if each.role.text in CREATED]
    newest = max(steps, key=lambda each: each.revision, default=None)
    if newest and by_hand.is_done(newest.state, newest.reason_code):
        return hold(by_hand.settles(named[1], credit))
    if newest and skipped.is_skipped(newest.state, newest.reason_code):
        return hold(skipped.settles(*named))
    if newest and newest.state == SKIPPED and newest.reason_code in rule_words.SKIPS:
        # What follows whole is skipped before this is asked (rules/before_sending.py).
        return hold(rule_words.credit_left(credit, named, newest.rule) if credit else rule_words.settles_skipped(named, newest.rule))
    return hold(settles_left_out(named[1])) if newest and newest.state == SKIPPED and newest.reason_code in OUT else None


def _identity(named: Named, head: Doc) -> Identity:
    return Identity(*named, moment(head["creation"]))
