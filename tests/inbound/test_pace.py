"""How often each endpoint is read, and what that costs a day."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import picortex_xero
from picortex_xero.inbound.pace import APPROVED, PACE, SETTINGS, chosen, due, looks_now, minutes, most_a_day, pace, told

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


def test_what_is_chosen_counts_within_its_bounds() -> None:
    found = chosen({"read_payments": 15, "read_contacts": 3, "read_journals": 99999, "read_invoices": 0, "read_transfers": None})
    assert found["Payments"] == found["BatchPayments"] == timedelta(minutes=15), "one choice is for both of its lists"
    assert found["Contacts"] == timedelta(minutes=5) and found["ManualJournals"] == timedelta(days=1), "a file, or SQL, may say anything"
    assert found["Invoices"] == PACE["Invoices"] and found["BankTransfers"] == PACE["BankTransfers"], "nothing chosen: as it comes"
    assert set(found) == set(PACE) and list(found.values()) == sorted(found.values()), "the most frequent is read first"


def test_a_turn_comes_as_often_as_it_is_chosen() -> None:
    paces = chosen({"read_payments": 15})
    read = {endpoint: NOW for endpoint in PACE}
    assert due(read, (), NOW + timedelta(minutes=14), paces) == []
    assert set(due(read, (), NOW + timedelta(minutes=15), paces)) == {"Payments", "BatchPayments"}
    assert most_a_day(["Payments"], (), paces) == 96
    assert pace("Invoices", ("Invoices",), chosen({"read_invoices": 5})) == timedelta(minutes=5), "what is read oftener anyway"


def test_every_list_has_its_setting_and_every_setting_is_in_the_form_as_it_comes() -> None:
    assert sorted(endpoint for endpoints in SETTINGS.values() for endpoint in endpoints) == sorted(PACE)
    form = json.loads(
        (Path(picortex_xero.__file__).parent / "picortex_xero/doctype/xero_connection/xero_connection.json").read_text("utf-8")
    )
    fields = {each["fieldname"]: each for each in form["fields"]}
    assert {field: int(fields[field]["default"]) for field in SETTINGS} == {field: minutes(field) for field in SETTINGS}
    assert all(len({PACE[endpoint] for endpoint in endpoints}) == 1 for endpoints in SETTINGS.values())


def test_what_is_told_leaves_calls_for_the_turns() -> None:
    assert told({"Invoices"}, {}, 79, NOW) == ["Invoices"] and told({"Invoices"}, {}, 80, NOW) == []


def test_all_lists_are_looked_through_once_a_week_at_night() -> None:
    week, day = timedelta(days=7), timedelta(days=1)
    assert [hour for hour in range(24) if looks_now(week, hour, False)] == [1, 2, 3, 4]
    assert not looks_now(week - day, 2, False) and looks_now(week - day, 2, True), "one that is not through goes on in the next night"
    assert not looks_now(week - day, 12, True)
    assert looks_now(week + 3 * day, 12, False), "where nothing runs at night it is not left out for ever"
