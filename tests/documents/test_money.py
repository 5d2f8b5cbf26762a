"""What moves money waits until a person releases it, where the Xero Connection says so; nothing else does, and nothing is taken back later for it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents import deciding, money
from picortex_xero.documents.base import Action, Plan, Ready
from picortex_xero.documents.decisions import Decision, Hold
from picortex_xero.documents.fact_types import LINKS, STEPS
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.records.base import Kind
from picortex_xero.xero.records.registry import KINDS, PAYMENT
from tests.documents.preview_scene import INVOICE as SOLD
from tests.documents.preview_scene import scene_of
from tests.documents.scene import INVOICE, Scene, books, named, step
from tests.documents.settlement.scene import chosen_books
from tests.scene.documents import payment_entry, reference

HOLDS = replace(books(), hold_money=True)
MOVES = {"payment", "batch-payment", "bank-transaction", "bank-transfer", "overpayment", "prepayment"}


def decided(kind: Kind, scene: Scene, its_books: Any = HOLDS, **of_step: Any) -> Plan | Decision:
    """What becomes of a step of a payment for which such a request is planned."""
    one = step(INVOICE, "payment-1", **of_step)
    plan = Ready(one, INVOICE, kind, frozenset(), translation=Translation({}, {}))
    scene.steps.append(one)
    facts = scene.facts(lambda known: LINKS.of([named(INVOICE)]) | STEPS.of([named(INVOICE)]))
    return deciding.decide(one, INVOICE, Action(lambda *_given: plan), facts, its_books)


def holds(found: Plan | Decision) -> bool:
    return money.held(found) is not None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_exactly_the_requests_that_make_money_move_wait(kind: str) -> None:
    assert holds(decided(KINDS[kind], Scene(INVOICE))) == (kind in MOVES)
    assert not holds(decided(KINDS[kind], Scene(INVOICE), books()))


def test_it_says_that_nothing_is_wrong_and_what_to_press() -> None:
    found = decided(PAYMENT.made_by, Scene(INVOICE))
    assert isinstance(found, Decision) and isinstance(found.outcome, Hold)
    (problem,) = found.outcome.problems
    assert problem.held and INVOICE["name"] in problem.message and "Release" in problem.resolution


def test_a_release_is_of_the_documents_money() -> None:
    assert not holds(decided(PAYMENT.made_by, Scene(INVOICE), released_by="ann"))
    scene = Scene(INVOICE)
    scene.steps.append(step(INVOICE, "payment-2", released_by="ann"))
    assert not holds(decided(PAYMENT.made_by, scene)), "its other part was released"
    assert not holds(decided(PAYMENT.made_by, scene, revision=2)), "the same money goes once more: none of it may be missing in Xero"
    assert holds(decided(PAYMENT.made_by, scene, revision=3, amount=Decimal("1.00"))), "other money than was released"


def test_what_has_begun_goes_on() -> None:
    scene = Scene(INVOICE)
    scene.link(INVOICE, "payment", "p2", "Payments", number=2)
    assert not holds(decided(PAYMENT.made_by, scene))
    contact = Scene(INVOICE)
    contact.link(INVOICE, "allocation", "a1", "CreditNotes/c/Allocations")
    assert holds(decided(PAYMENT.made_by, contact)), "no money of it is there"


def test_a_preview_shows_what_will_go_once_it_is_released() -> None:
    doc = payment_entry([reference("SINV-1", 115.0)], 115.0, docstatus=1, company="Kauri Services")
    (sent,) = [each for each in scene_of(doc, SOLD).preview(doc) if each.role == "payment"]
    (held,) = [each for each in scene_of(doc, SOLD).preview(doc, replace(chosen_books(), hold_money=True)) if each.role == "payment"]
    assert (sent.outcome, held.outcome) == ("Send", "Hold") and [each.code for each in held.problems] == [money.MONEY_HELD]
    assert held.body == sent.body and held.body and held.reasons == sent.reasons
