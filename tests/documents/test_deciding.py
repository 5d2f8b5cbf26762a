"""How one step is decided: what holds for all rooms, then the room; a record that is linked already is compared and not sent again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from picortex_xero.documents import deciding
from picortex_xero.documents.base import Action, Plan
from picortex_xero.documents.decisions import Decision, Hold, done
from picortex_xero.documents.fact_types import LINKS, STEPS
from picortex_xero.documents.registry import ROOMS, SHARED
from picortex_xero.extras.file_plans import ATTACHMENT
from picortex_xero.extras.note_plans import NOTE
from tests.documents.scene import INVOICE, Scene, books, named, step


def decided(scene: Scene, action: Action, **of_step: Any) -> Plan | Decision:
    one = step(INVOICE, "invoice", **of_step)
    facts = scene.facts(lambda known: LINKS.of([named(INVOICE)]) | STEPS.of([named(INVOICE)]))
    return deciding.decide(one, INVOICE, action, facts, books())


@pytest.mark.parametrize("tries", [0, 1])
def test_the_plan_is_asked_while_nothing_is_linked(tries: int) -> None:
    calls: list[Any] = []
    decided(Scene(INVOICE), Action(lambda *given: calls.append(given) or done()), tries=tries)
    assert calls


@pytest.mark.parametrize("tries", [0, 1])
def test_a_linked_record_is_done_and_by_retry_compared(tries: int) -> None:
    """A plan that knows nothing of Retry is not asked, so that it cannot make a second record of the document."""
    scene, calls = Scene(INVOICE), []
    scene.link(INVOICE, "invoice", "i1", "Invoices")
    found = decided(scene, Action(lambda *given: calls.append(given) or done()), tries=tries)
    assert not calls
    if tries:
        assert isinstance(found, Plan) and found.link is not None and found.link.xero_id == "i1"
    else:
        assert found == done()


def test_a_record_that_was_removed_is_compared_and_not_taken_for_done() -> None:
    scene = Scene(INVOICE)
    scene.link(INVOICE, "invoice", "i1", "Invoices", status="DELETED")
    found = decided(scene, Action(lambda *_given: done()), tries=0)
    assert isinstance(found, Plan) and found.link is not None and found.link.xero_id == "i1"


def test_what_looks_like_a_record_that_waits_is_held_until_somebody_says_which_it_is() -> None:
    """Not what is linked by then, and not what a person sends all the same."""
    scene, listed = Scene(INVOICE), replace(books(), perhaps_there=frozenset([named(INVOICE)]))
    action = Action(lambda *given: done())

    def code(**of_step: Any) -> str:
        facts = scene.facts(lambda known: LINKS.of([named(INVOICE)]) | STEPS.of([named(INVOICE)]))
        found = deciding.decide(step(INVOICE, "invoice", **of_step), INVOICE, action, facts, listed)
        assert isinstance(found, Decision)
        return found.outcome.problems[0].code if isinstance(found.outcome, Hold) else ""

    assert code() == "listed-there-too"
    assert code(late_for=("listed-there-too",)) == ""
    scene.link(INVOICE, "invoice", "i1", "Invoices", adopted=True)
    assert code() == ""


def test_an_action_that_compares_by_itself_is_asked() -> None:
    scene, calls = Scene(INVOICE), []
    scene.link(INVOICE, "invoice", "i1", "Invoices")
    decided(scene, replace(Action(lambda *given: calls.append(given) or done()), compares_itself=True), tries=1)
    assert calls


def test_which_actions_compare_by_themselves() -> None:
    """Each of these answers for a record that is linked already; a further one has to be looked at before it is added here."""
    found = {(room.name, part) for room in ROOMS for part, action in room.actions.items() if action.compares_itself}
    settled = {(room, "credit") for room in ("payment_entry", "journal_entry")}
    assert found == {("party", "contact"), ("party", "merged"), ("invoice", "invoice"), ("credit_note", "credit"), *settled}
    # Else "undo-payment-2" would be done because payment 2 is linked.
    assert all(action.compares_itself for action in (*SHARED.values(), NOTE, ATTACHMENT))
