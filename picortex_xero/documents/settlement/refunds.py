"""Refunds: the payment that pays back an overpayment, a prepayment or a credit note in Xero.

ERPNext's Payment Reconciliation writes nothing on the refund: an advance gets a reference that names it, and for a return a journal of two rows is
made, one naming the return, one the refund (observed on ERPNext 15.71). So what a refund pays back is found by those.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ...accounting.money import ZERO
from ...accounting.problems import Problem
from ...accounting.texts import _
from ...xero.records.registry import object_at
from ..base import Doc
from ..decisions import Decision, Release, hold, wait_for_step
from ..fact_types import HEAD, LINKS, PAYS_BACK, STEPS, Named
from ..identity import Identity, moment
from ..needs import Facts, Needs
from ..payment_entry.as_settlement import party_account_currency
from ..payment_entry.as_settlement import settlement as of_payment_entry
from ..step import HELD, Step, own_links, own_steps
from .document_in_xero import DocumentInXero
from .settlement import PAYMENT_ENTRY, Settlement
from .step_order import PAYMENT_ROLE


def is_refund(doc: Doc) -> bool:
    """Whether a Payment Entry pays money back."""
    return doc["doctype"] == PAYMENT_ENTRY and of_payment_entry(doc).refund


def needs_of_refunds(names: Iterable[Named]) -> Needs:
    """The facts that `as_known` reads for these documents."""
    return PAYS_BACK.of(named for named in names if named[0] == PAYMENT_ENTRY)


def as_known(doc: Doc, facts: Facts) -> Doc:
    """The document, for a refund with what it pays back added to its references."""
    if not is_refund(doc):
        return doc
    return {**doc, "references": [*(doc.get("references") or []), *facts.get(PAYS_BACK, (doc["doctype"], doc["name"]))]}


def needs_of_advance(named: Named) -> Needs:
    """The facts that `find_advance`, `wait_for_advance` and `wakes` read."""
    return HEAD.of([named]) | LINKS.of([named]) | STEPS.of([named])


def find_advance(named: Named, facts: Facts) -> DocumentInXero | None:
    """The advance that a refund pays back, with its record in Xero; None where it is not in Xero."""
    head = facts.get(HEAD, named)
    if head is None:
        return None
    who = Identity(*named, moment(head["creation"]))
    linked = [
        each
        for each in own_links(facts.get(LINKS, named), who)
        if each.live and each.part == PAYMENT_ROLE and object_at(each.endpoint).is_advance
    ]
    if not linked:
        return None
    currency = party_account_currency(head)
    return DocumentInXero(who, linked[-1], currency, Decimal(1), ZERO, currency, str(head["posting_date"]))


def wait_for_advance(named: Named, facts: Facts) -> Decision:
    """What becomes of a refund whose advance is not in Xero: it waits while that is on its way, else it is held."""
    name = named[1]
    coming = next((each for each in _steps(named, facts) if each.role.text == PAYMENT_ROLE and each.unfinished), None)
    if coming:
        problem = Problem(
            "waits-for-payment",
            _("Waits until {name}, which it pays back, is in Xero").format(name=name),
            _("See what stops {name}").format(name=name),
        )
        return wait_for_step(coming.name, problem)
    return hold(
        Problem(
            "advance-not-in-xero",
            _("It pays back {name}, which is no overpayment or prepayment in Xero").format(name=name),
            _("In Xero, open {name} and refund it by hand from the bank account; nothing is left to do here").format(name=name),
            held=True,
        )
    )


def wakes(settlement: Settlement, facts: Facts) -> tuple[Release, ...]:
    """Effects that release refunds of an advance which were held because it was not known what they pay back."""
    return released([(part.doctype, part.name) for part in settlement.parts if part.doctype == PAYMENT_ENTRY], facts)


def released(refunds: Iterable[Named], facts: Facts) -> tuple[Release, ...]:
    """The same for these payment entries; it reads what `needs_of_advance` names."""
    steps = [each for named in refunds for each in _steps(named, facts)]
    return tuple(Release(each.name) for each in steps if each.state == HELD and each.role.text == PAYMENT_ROLE)


def _steps(named: Named, facts: Facts) -> list[Step]:
    """The steps of one payment entry; none where it has been deleted."""
    head = facts.get(HEAD, named)
    return own_steps(facts.get(STEPS, named), Identity(*named, moment(head["creation"]))) if head else []
