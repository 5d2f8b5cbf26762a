"""A copy of this site that sends beside it is recognised by what a turn, an event or the weekly look finds there, whatever kind of record it is: the connection pauses
before anything is sent a second time. What bears no mark of ours is in test_two_alive.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.rig import Rig
from tests.scene import journals, restore_trial, restoring
from tests.scene import rig as scene
from tests.scene.reading import begin, pass_alive, weekly_look
from tests.scene.webhook import choose_key, deliver, last

pytestmark = pytest.mark.case("S2")
Records = list[scene.Record]


def sale(rig: Rig, number: int) -> Records:
    return [scene.copied(scene.invoices(rig, 2)[1], f"C-SALE-{number}")]


def bill(rig: Rig, number: int) -> Records:
    return [scene.copied(scene.bills(rig, 2)[1], f"C-BILL-{number}", bill_no=f"CB-{number}")]


def journal(rig: Rig, number: int) -> Records:
    return [scene.journal(rig, ("Office Rent", 100.0), ("Sales", -100.0), name=f"C-JV-{number}")]


def bank_fee(rig: Rig, number: int) -> Records:
    return [journals.fee(rig, name=f"C-FEE-{number}")]


def advance(rig: Rig, number: int) -> Records:
    paid = scene.copied(scene.invoices(rig, 2)[1], f"C-PAID-{number}")
    return [paid, restore_trial.advance(rig, paid, f"C-ADV-{number}")]


# By list: what is made there. An advance is made among bank transactions, which nothing else here is in.
KINDS: dict[str, Callable[[Rig, int], Records]] = {
    "Invoices": sale,
    "Invoices of suppliers": bill,
    "ManualJournals": journal,
    "BankTransactions": bank_fee,
    "BankTransactions of advances": advance,
}


def in_its_turn(rig: Rig) -> None:
    pass_alive(rig, 8 * 3600 + 60)


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_a_copy_has_sent_is_found_in_the_turn_of_its_list(rig: Rig, kind: str) -> None:
    rig.play(KINDS[kind](rig, 1))
    begin(rig)
    rig.dispatch()
    waiting = KINDS[kind](rig, 2)
    rig.play(waiting[:-1])
    scene.settle(rig)
    rig.play(waiting[-1:])
    copy = restoring.second_server(rig, restoring.back_up(rig))
    scene.settle(copy)
    sent = len(scene.writes(rig))
    in_its_turn(rig)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused" and "with the mark of this site" in restoring.reason(rig)
    assert {row["document"] for row in restoring.unlinked(rig, state="Found")} == {waiting[-1]["name"]}
    restoring.confirm(rig)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and not scene.moving(rig)
    assert len(scene.writes(rig)) == sent, "what the copy has sent is linked, and nothing is sent a second time"


def test_an_event_and_the_weekly_look_find_it_as_well(rig: Rig) -> None:
    choose_key(rig)
    rig.play(sale(rig, 1))
    begin(rig)
    in_its_turn(rig)
    rig.dispatch()
    copy = restoring.second_server(rig, restoring.back_up(rig))
    copy.play(journal(rig, 1))
    scene.settle(copy)
    in_its_turn(rig)
    rig.dispatch()
    assert scene.connection_state(rig) == "Live", "no journal of ours is in Xero: its list has no turn"
    weekly_look(rig)
    assert scene.connection_state(rig) == "Paused"
    restoring.confirm(rig)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live"
    since = last(rig)
    copy.play(sale(rig, 2))
    scene.settle(copy)
    assert set(deliver(rig, since)) == {200}
    pass_alive(rig, 61)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused"
    assert [row["document"] for row in restoring.unlinked(rig, state="Found")] == ["C-SALE-2"]
