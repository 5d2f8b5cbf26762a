"""What an import of history makes of documents, how much of it waits at once, and how long it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from picortex_xero.documents.history.forecast import A_MINUTE, DAY, LISTS, UNUSED, Sample, forecast, requests, seconds_of
from picortex_xero.documents.history.pool import READY, WAITING, Pool
from picortex_xero.documents.history.taking_up import KNOWN, TakenUp, taken_up
from picortex_xero.documents.history.words import withdrawn
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.role import role
from picortex_xero.documents.step import HELD, PENDING, SKIPPED, SUPERSEDED, SYNCED, Step

WHO = Identity("Sales Invoice", "SINV-1", "2026-01-01 09:00:00.000000")
FORMER = replace(WHO, creation="2025-01-01 09:00:00.000000")


def step(text: str = "invoice", **more: Any) -> Step:
    return Step("s", **{"who": WHO, "role": role(text), "revision": 1, "state": SKIPPED, **more})


@pytest.mark.parametrize(
    ("steps", "linked", "wanted"),
    [
        ([], False, TakenUp(adds=True)),
        ([], True, KNOWN),
        ([step(who=FORMER, state=SYNCED)], False, TakenUp(adds=True)),
        ([step(reason_code="before-go-live")], False, TakenUp(anew=("s",))),
        ([step(reason_code="history-stopped")], False, TakenUp(anew=("s",))),
        ([step(reason_code="rule-skipped")], False, KNOWN),
        ([step(reason_code="done-by-hand")], False, KNOWN),
        ([step(reason_code="before-go-live"), step(state=PENDING)], False, KNOWN),
        ([step(state=HELD)], False, KNOWN),
        ([step(state=SUPERSEDED)], False, KNOWN),
        ([step("journal", state=SUPERSEDED), step("payment", reason_code="history-stopped")], False, TakenUp(anew=("s",))),
        ([step("journal", state=SUPERSEDED), step("payment", reason_code="rule-skipped")], False, KNOWN),
        ([step("journal", state=SUPERSEDED), step("payment", state=SYNCED, reason_code="history-stopped")], False, KNOWN),
        ([step("release-1", state=HELD, reason_code="release-without-invoice")], False, TakenUp(adds=True, anew=("s",))),
        ([step("release-1", reason_code="skipped-by-person")], False, TakenUp(adds=True)),
        ([step(reason_code="history-stopped"), step("release-1", reason_code="history-stopped")], False, TakenUp(anew=("s", "s"))),
        ([step("note-invoice-1", reason_code="extra-given-up")], False, TakenUp(adds=True)),
        ([step("void", state=SYNCED)], False, TakenUp(adds=True)),
    ],
)
def test_only_what_nothing_was_decided_about_is_taken_up(steps: list[Step], linked: bool, wanted: TakenUp) -> None:
    assert taken_up(WHO, steps, linked) == wanted


def test_what_was_stopped_is_told_from_what_a_rule_left_out() -> None:
    assert withdrawn("history of June").code == "history-stopped"


def test_the_queue_is_filled_and_never_flooded_nor_stuck() -> None:
    assert Pool(0, 0).room == READY and Pool(READY - 10, 5).room == 10 and Pool(READY + 5, 0).room == 0
    assert Pool(1, WAITING).room == 0, "what is ready goes first"
    assert Pool(0, 10 * WAITING).room == READY, "all that waits may wait for a person: the walk goes on"
    assert [pool.sends_part for pool in (Pool(READY, 0), Pool(3, WAITING), Pool(3, 0, over=True), Pool(3, 0))] == [True, True, True, False]


def test_a_forecast_counts_full_requests_looks_contacts_and_what_goes_alone() -> None:
    samples = {
        "Invoice": Sample(1000, 100, 100, {"invoice": 100, "contact": 20}),
        "Bill": Sample(500, 50, 50, {"invoice": 50}),
        "Payment": Sample(200, 20, 20, {"payment": 20, "ids": 20}),
        "Credit Note": Sample(0, 0, 0, {}),
    }
    # Of a request of 50 some 34 are sales and 17 are bills: one call for each. A request of 50 payments reads its invoices in two, and what the bank feed brought.
    invoices, looks, payments, contacts = 30, 30 + 30, 4 + 2 * 4 + 4, 2 + 2
    assert requests(samples, 70, 900) == invoices + looks + payments + contacts
    made = requests(samples, 70, 900)
    found = forecast(samples, 70, 900, 60, 60)
    assert (found.documents, found.a_day, found.seconds) == (1700, 60, seconds_of(made, 60, 60))
    assert found.requests == made + LISTS * (1 + found.seconds // DAY), "Xero's lists are read on each day"


def test_a_day_leaves_so_many_calls_and_a_minute_so_many() -> None:
    lost = LISTS + UNUSED
    assert seconds_of(A_MINUTE, 300, 300) == 60
    assert seconds_of(300 - lost, 300, 0) == DAY + -(-(300 - lost) * 60 // A_MINUTE), "nothing is left of today"
    assert seconds_of(2 * (300 - lost) + 50, 300, 300) == 2 * DAY + -(-50 * 60 // A_MINUTE)
    assert seconds_of(10, 0, 0) > 0, "one day or another"
