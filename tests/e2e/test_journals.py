"""Journal entries and transfers between own accounts: sent, lost on the way, cancelled, held."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import clearing as choose_clearing
from tests.scene.desk import retry
from tests.scene.journals import entry, of
from tests.scene.ledger import created

WHERE = {"journal": "ManualJournals", "transfer": "BankTransfers"}


def journal(rig: Rig, name: str = "JV-1", **changes: Any) -> scene.Record:
    """An accrual of 120.50."""
    return scene.journal(rig, ("Office Rent", 120.5), ("Travel Expenses", -120.5), name=name, **changes)


def record_of(rig: Rig, kind: str) -> scene.Record:
    return journal(rig) if kind == "journal" else scene.transfer(rig, 250.0, "Cash")


def assert_there_once(rig: Rig, kind: str) -> None:
    (element,) = scene.live(rig, WHERE[kind])
    if kind == "journal":
        assert element["Status"] == "POSTED" and element["Narration"] == "JV-1"
        assert sorted(Decimal(line["LineAmount"]) for line in element["lines"]) == [Decimal("-120.5"), Decimal("120.5")]
    else:
        assert element["Amount"] == 250 and element["Reference"] == "MOVE-1 M 1" and element["from"] != element["to"]
    assert created(rig, WHERE[kind]) == 1
    assert rig.counts() == {"Synced": 1}


@pytest.mark.parametrize("kind", WHERE)
def test_it_arrives_and_its_cancel_takes_it_back(rig: Rig, kind: str) -> None:
    record = record_of(rig, kind)
    rig.play([record])
    scene.settle(rig)
    assert_there_once(rig, kind)
    rig.play([scene.cancelling(record)])
    scene.settle(rig)
    assert not scene.live(rig, WHERE[kind]) and rig.counts() == {"Synced": 2}


@pytest.mark.parametrize("wait", [30, 310, 900])
@pytest.mark.parametrize("kind", WHERE)
def test_a_lost_answer_is_found_and_never_written_twice(rig: Rig, kind: str, wait: int) -> None:
    rig.xero.fault("drop_after", method="PUT", path=f"/{WHERE[kind]}$")
    rig.play([record_of(rig, kind)])
    rig.dispatch()
    rig.advance(wait)
    scene.settle(rig, seconds=max(wait, 30))
    assert_there_once(rig, kind)


@pytest.mark.parametrize("kind", WHERE)
def test_what_never_arrived_is_sent_again(rig: Rig, kind: str) -> None:
    rig.xero.fault("drop_before", method="PUT", path=f"/{WHERE[kind]}$")
    rig.play([record_of(rig, kind)])
    rig.dispatch()
    rig.advance(310)
    scene.settle(rig)
    assert_there_once(rig, kind)


@pytest.mark.parametrize("wait", [30, 900])
@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
@pytest.mark.parametrize("kind", WHERE)
def test_an_undo_whose_answer_is_lost_is_done_all_the_same(rig: Rig, kind: str, fault: str, wait: int) -> None:
    record = record_of(rig, kind)
    rig.play([record])
    scene.settle(rig)
    rig.xero.fault(fault, method="POST", path=f"/{WHERE[kind]}$")
    rig.play([scene.cancelling(record)])
    rig.dispatch()
    rig.advance(wait)
    scene.settle(rig, seconds=max(wait, 30))
    assert not scene.live(rig, WHERE[kind]) and rig.counts() == {"Synced": 2}


@pytest.mark.parametrize("kind", WHERE)
def test_what_a_person_removed_in_xero_needs_no_cancel(rig: Rig, kind: str) -> None:
    record = record_of(rig, kind)
    rig.play([record])
    scene.settle(rig)
    rig.xero.person("void_journal" if kind == "journal" else "delete_transfer", **_id(rig, kind))
    rig.play([scene.cancelling(record)])
    scene.settle(rig)
    assert rig.counts() == {"Synced": 2} and len(scene.writes(rig, WHERE[kind])) == 1


def _id(rig: Rig, kind: str) -> dict[str, str]:
    field = WHERE[kind][:-1] + "ID"
    return {field: scene.live(rig, WHERE[kind])[0][field]}


def test_drafts_stay_drafts_and_are_deleted_on_cancel(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig, "DRAFT")
    record = journal(rig)
    rig.play([record])
    scene.settle(rig)
    assert [each["Status"] for each in scene.live(rig, "ManualJournals")] == ["DRAFT"]
    rig.play([scene.cancelling(record)])
    scene.settle(rig)
    assert [each["Status"] for each in rig.xero.documents("ManualJournals")] == ["DELETED"]


@pytest.mark.parametrize(
    ("account", "code"),
    [("Debtors", "control-unmapped"), ("Creditors", "control-unmapped"), ("GST", "tax-unexplained")],
)
def test_what_no_journal_of_xero_can_hold_is_held_though_its_rows_do_not_say_so(rig: Rig, account: str, code: str) -> None:
    record = scene.journal(rig, ("Office Rent", 5.0), (account, -5.0))
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert row["state"] == "Held" and row["reason_code"] == f"journal-{code}" and row["cure"]
    assert not scene.writes(rig, "ManualJournals")


def test_an_unmapped_account_is_named_and_one_bad_journal_does_not_stop_the_others(rig: Rig) -> None:
    good, bad = journal(rig), scene.journal(rig, ("Office Rent", 5.0), ("Salary", -5.0), name="JV-2")
    rig.play([bad, good])
    scene.settle(rig)
    row = scene.step(rig, "JV-2")
    assert row["state"] == "Needs Attention" and "Salary" in row["cure"]
    assert [each["Narration"] for each in scene.live(rig, "ManualJournals")] == ["JV-1"]


def test_exchange_differences_leave_no_trace(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    rows = [("Debtors", 5.0, {**of(sale), "debit_in_account_currency": 0.0}), ("Exchange Gain/Loss", -5.0, {})]
    rig.play([entry(rig, *rows, voucher_type="Exchange Gain Or Loss", is_system_generated=1, multi_currency=1)])
    scene.settle(rig)
    assert rig.counts() == {"Skipped": 1} and not scene.writes(rig)


def test_a_locked_period_holds_a_journal_and_retry_after_unlocking_sends(rig: Rig) -> None:
    rig.xero.person("set_lock_dates", period="2026-10-31")
    record = journal(rig)
    rig.play([record])
    scene.settle(rig)
    assert scene.step(rig, record["name"])["state"] == "Held"
    rig.xero.person("set_lock_dates", period=None)
    retry(rig, record)
    scene.settle(rig)
    assert_there_once(rig, "journal")


def test_a_transfer_between_currencies_is_held_with_the_recipe(rig: Rig) -> None:
    choose_clearing(rig, "")
    record = scene.transfer(rig, 250.0, "USD Account")
    record["doc"].update(paid_to_account_currency="USD", received_amount=150.0)
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert row["state"] == "Held" and row["reason_code"] == "transfer-two-currencies" and "clearing account" in row["cure"]
