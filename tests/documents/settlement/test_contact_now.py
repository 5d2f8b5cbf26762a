"""What settles or returns an invoice takes the contact that the invoice has in Xero now."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.documents.base import InXero, Plan, Ready
from picortex_xero.documents.decisions import Ask, Decision, Hold, Send
from picortex_xero.documents.fact_types import Named
from picortex_xero.documents.settlement.contact_now import needs_of_contacts, two_contacts, with_contact_now
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.records.registry import CREDIT_NOTE
from tests.documents.invoice.scene import Scene, step
from tests.documents.settlement.scene import CUSTOMER, DISCOUNTS, PaymentScene, debt, paying
from tests.scene.documents import item, sales_invoice

pytestmark = pytest.mark.case("25")
ONE = {**sales_invoice([item(100.0)], [], 100.0), "outstanding_amount": 0.0, "party_account_currency": "NZD"}
TWO = {**ONE, "name": "SINV-2"}
BOTH: list[Named] = [("Sales Invoice", "SINV-1"), ("Sales Invoice", "SINV-2"), ("Sales Order", "SO-1")]


def shown(xero_id: str, name: str = "", **more: Any) -> dict[str, Any]:
    """A record of a contact as Xero shows it."""
    return {"Status": "AUTHORISED", "Contact": {"ContactID": xero_id, "Name": name or xero_id}, **more}


def plan(in_xero: bool = True, **more: Any) -> Ready:
    """A credit note that settles two invoices and an order."""
    scene = Scene(ONE, TWO)
    if in_xero:
        scene.link(ONE, "invoice", "i1", "Invoices")
        scene.link(TWO, "invoice", "i2", "Invoices")
    facts = scene.facts(lambda known: needs_of_contacts(BOTH))
    made = Translation({"Contact": {"ContactID": "C1"}, "Reference": "x"}, {"ContactID": "C1", "Total": 1})
    ready = Ready(step(ONE, "credit-1"), ONE, CREDIT_NOTE.made_by, frozenset({"d"}), translation=made, asks=(Ask("allocation-1"),))
    return with_contact_now(ready, BOTH, facts, **more)


def decided(made: Plan, *records: dict[str, Any] | None) -> Decision:
    return made.decide(InXero(records=dict(zip([("Invoices", "i1"), ("Invoices", "i2")], records))))


def test_the_contact_of_all_that_is_settled_also_in_what_finds_the_record_again() -> None:
    made = plan()
    assert made.reads().records == {("Invoices", "i1"), ("Invoices", "i2")}
    decision = decided(made, shown("C9", "Right Ltd"), shown("c9"))
    assert isinstance(decision.outcome, Send) and decision.effects == (Ask("allocation-1"),)
    sent = decision.outcome.translation
    assert sent.body == {"Contact": {"ContactID": "C9"}, "Reference": "x"}
    assert sent.marker == {"ContactID": "C9", "Total": 1} and "Right Ltd" in sent.noted


@pytest.mark.parametrize(
    "records",
    [
        (shown("c1"), shown("C1")),
        ({"Status": "AUTHORISED"}, None),
        (shown("c9", Status="VOIDED"), shown("c1")),
        (shown("c9", Status="DELETED"), None),
    ],
)
def test_its_own_contact_where_the_invoices_have_it_or_say_nothing(records: tuple[dict[str, Any] | None, ...]) -> None:
    decision = decided(plan(), *records)
    assert isinstance(decision.outcome, Send) and decision.outcome.translation.body["Contact"] == {"ContactID": "C1"}
    assert not decision.outcome.translation.noted


def test_several_contacts_are_a_persons_unless_nothing_is_taken_off() -> None:
    outcome = decided(plan(), shown("c9", "Right Ltd"), shown("c1", "First Ltd")).outcome
    assert isinstance(outcome, Hold) and [each.code for each in outcome.problems] == ["settles-several-contacts"]
    assert "SINV-1 has Right Ltd" in outcome.problems[0].message and outcome.problems[0].held
    free = decided(plan(one_contact=False), shown("c9"), shown("c1")).outcome
    assert isinstance(free, Send) and free.translation.body["Contact"] == {"ContactID": "C1"}


def test_nothing_is_read_where_none_of_it_is_in_xero() -> None:
    made = plan(in_xero=False)
    assert type(made) is Ready and not made.reads().records


@pytest.mark.parametrize(
    ("credit", "invoice", "one"),
    [(shown("c1"), shown("C1"), True), (shown("c1"), {}, True), ({}, {}, True), (shown("c1"), shown("c2"), False)],
)
def test_a_credit_is_taken_off_documents_of_its_own_contact_only(credit: dict[str, Any], invoice: dict[str, Any], one: bool) -> None:
    assert (two_contacts(("PE-1", credit), ("SINV-1", invoice)) is None) is one


@pytest.mark.parametrize(
    ("text", "doc"), [("credit-1", paying(100.0, less=((5.0, DISCOUNTS),))), ("payment", paying(100.0, unallocated_amount=20.0))]
)
def test_a_discount_and_an_advance_go_to_the_contact_of_what_they_settle(text: str, doc: dict[str, Any]) -> None:
    scene = PaymentScene(debts=(debt(),))
    scene.contact(*CUSTOMER)
    if text != "payment":
        scene.own(doc, "payment", state="Synced")
    made = scene.becomes({**doc, "paid_amount": 120.0, "received_amount": 120.0} if text == "payment" else doc, text)
    assert isinstance(made, Plan), made
    outcome = made.decide(InXero(records={("Invoices", "i-SINV-1"): shown("c9")})).outcome
    assert isinstance(outcome, Send), outcome
    assert outcome.translation.body["Contact"] == {"ContactID": "c9"} and outcome.translation.marker["ContactID"] == "c9"
