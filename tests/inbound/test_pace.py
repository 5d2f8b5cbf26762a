"""How often each endpoint is read, and what that costs a day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from picortex_xero.inbound.pace import APPROVED, PACE, due, most_a_day, pace

pytestmark = pytest.mark.case("19")
NOW = datetime(2026, 11, 27, 12)


def test_all_endpoints_together_stay_within_their_calls() -> None:
    assert most_a_day(PACE, ()) <= 90, "an idle organisation"
    assert max(most_a_day(PACE, awaited) for awaited in ((), APPROVED[:1], APPROVED[1:], APPROVED)) <= 160


def test_while_something_waits_its_endpoint_is_read_every_quarter_of_an_hour() -> None:
    assert pace("Invoices", ("Invoices",)) == timedelta(minutes=15) and pace("Invoices", ()) == timedelta(hours=1)
    assert pace("CreditNotes", ("Invoices",)) == timedelta(hours=1)
    assert pace("Invoices", APPROVED) == pace("CreditNotes", APPROVED) == timedelta(minutes=30), "two share it"


def test_each_has_its_turn() -> None:
    read = {endpoint: NOW for endpoint in PACE}
    assert due(read, (), NOW + timedelta(minutes=59)) == []
    assert set(due(read, (), NOW + timedelta(hours=1))) == set(APPROVED)
    assert due(read, ("Invoices",), NOW + timedelta(minutes=15)) == ["Invoices"]
    assert due(read, (), NOW + timedelta(hours=8)) == list(PACE)


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    assert due({endpoint: NOW + timedelta(days=400) for endpoint in PACE}, (), NOW) == list(PACE)


def test_the_first_read_waits_unless_something_waits_for_it() -> None:
    assert due({}, (), NOW) == [] and due({}, ("CreditNotes",), NOW) == ["CreditNotes"]
