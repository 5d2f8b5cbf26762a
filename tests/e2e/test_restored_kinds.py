"""One document of each kind is sent round by round, and a backup from before each round is put back: nothing is ever made twice. Either the
connection pauses, or a person is asked about that document."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sandbox import passing_time
from sandbox.rig import Rig
from tests.scene import deductions, deferrals, journals, payments, restore_trial, restoring
from tests.scene import rig as scene
from tests.scene.counter import counter_sale
from tests.scene.desk import search
from tests.scene.parts import part
from tests.scene.returns import notes

pytestmark = pytest.mark.case("S2")
Records = list[scene.Record]
# More rounds than any of these needs.
ROUNDS = 8


def renamed(record: scene.Record, name: str) -> scene.Record:
    made = scene.copied(record, name)
    made["doc"]["creation"] = record["doc"]["creation"]
    return made


def part_of_it(rig: Rig, name: str = "K-PAY", **changes: Any) -> Records:
    """An invoice and a receipt that pays a little of it, so that Xero would take a second one."""
    sale, receipt = scene.paid(rig)
    return [sale, _a_little(renamed(receipt, name), **changes)]


def _a_little(receipt: scene.Record, **changes: Any) -> scene.Record:
    for row in receipt["doc"]["references"]:
        row["allocated_amount"] = 10.0
    amount = 10.0 * len(receipt["doc"]["references"])
    receipt["doc"].update(dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), amount), **changes)
    return receipt


def batch(rig: Rig) -> Records:
    *sales, receipt = scene.paid(rig, 2)
    return [*sales, _a_little(renamed(receipt, "K/BATCH/1"))]


def sale(rig: Rig) -> scene.Record:
    return scene.copied(scene.invoices(rig, 2)[1], "K-SALE")


def bill(rig: Rig, **changes: Any) -> scene.Record:
    return scene.copied(scene.bills(rig, 2)[1], "K-BILL", bill_no="KB-1", **changes)


def sales_return(rig: Rig, at_once: bool, name: str = "K-RET") -> Records:
    return [sale(rig), scene.returned(sale(rig), name, at_once=at_once)]


def bill_return(rig: Rig, at_once: bool, name: str = "K-BRET") -> Records:
    return [bill(rig), scene.returned(bill(rig), name, at_once=at_once)]


def debit_note(rig: Rig) -> Records:
    """The bill has no number of the supplier's."""
    back = scene.returned(bill(rig), "DN/2026/00001")
    back["doc"]["bill_no"] = ""
    return [bill(rig), back]


def advance(rig: Rig) -> Records:
    return [sale(rig), restore_trial.advance(rig, sale(rig), "K-ADV")]


def with_fee(rig: Rig) -> Records:
    return deductions.short(rig, 7.0, deductions.FEE)


def discounted(rig: Rig) -> Records:
    deductions.map_deduction(rig, deductions.DISCOUNT, "Credit note", "OUTPUT2")
    *sales, receipt = deductions.short(rig, 7.0, deductions.DISCOUNT)
    return [*sales, receipt]


def counter(rig: Rig) -> Records:
    """Paid in part by two sums."""
    return [counter_sale(rig, sale(rig), [("Cash", Decimal(20)), ("Trading Account", Decimal(20))])]


def written_off(rig: Rig) -> Records:
    made = counter_sale(rig, sale(rig), [("Cash", scene.total(sale(rig)) - Decimal("0.20"))])
    account = f"Write Off - {rig.company['abbr']}"
    made["doc"].update(write_off_amount=0.2, write_off_account=account, outstanding_amount=0.0)
    return [made]


KINDS: dict[str, Callable[[Rig], Records]] = {
    "sale": lambda rig: [sale(rig)],
    "bill": lambda rig: [bill(rig)],
    "bill without the supplier's number": lambda rig: [scene.copied(scene.bills(rig, 2)[1], "PI/2026/7", bill_no="")],
    "sales return": lambda rig: sales_return(rig, True),
    "sales return, not at once": lambda rig: sales_return(rig, False, "RE/2026/00001"),
    "bill return": lambda rig: bill_return(rig, True),
    "bill return, not at once": lambda rig: bill_return(rig, False, "DN/2026/00001"),
    "debit note": debit_note,
    "payment": part_of_it,
    "payment with slashes": lambda rig: part_of_it(rig, "PE/2026/00001"),
    "payment with blanks": lambda rig: part_of_it(rig, "PAY - 2026 - 00001"),
    "payment with a per cent sign": lambda rig: part_of_it(rig, "PE%2F1", reference_no=""),
    "batch payment": batch,
    "advance": advance,
    "payment with a fee": with_fee,
    "payment with a discount": discounted,
    "journal": lambda rig: [scene.journal(rig, ("Office Rent", 100.0), ("Sales", -100.0), name="K/JV/1")],
    "journal of the bank": lambda rig: [journals.fee(rig, name="K-FEE")],
    "transfer": lambda rig: [scene.transfer(rig, 40.0, "Cash", "K/MOVE")],
    "transfer between currencies": lambda rig: [payments.across(rig, "K-ACROSS")],
    "counter sale": counter,
    "write-off": written_off,
}


@pytest.mark.parametrize("kind", part(KINDS, 3))
def test_a_backup_from_before_each_round(rig: Rig, kind: str) -> None:
    rig.play(KINDS[kind](rig))
    each_round(rig)


def test_a_release(rig: Rig) -> None:
    made = deferrals.deferred(rig)
    rig.play([made])
    scene.settle(rig)
    deferrals.book(rig, made, {"2026-10-31": 40.35})
    assert search(rig) == 1
    each_round(rig)


@pytest.mark.parametrize("sort", [scene.invoices, scene.bills])
def test_a_credit_in_the_open_period(rig: Rig, sort: Callable[..., Records]) -> None:
    (record,) = sort(rig, 1)
    rig.play([record])
    scene.settle(rig)
    rig.xero.person("set_lock_dates", period="2026-10-31")
    rig.play([scene.cancelling(record)])
    scene.settle(rig)

    def press(_frappe: Any) -> None:
        from picortex_xero.api import status

        assert status.credit_in_open_period(record["doctype"], record["name"])

    scene.with_site(rig, press)
    each_round(rig)
    assert len(notes(rig)) == 1


def each_round(rig: Rig) -> None:
    """Send what waits, with a backup before each round; put each of them back, and see that Xero holds no more than before."""
    backups = []
    while scene.moving(rig):
        assert len(backups) < ROUNDS
        backups.append(restoring.back_up(rig, f"round-{len(backups)}"))
        with rig.frappe(), restore_trial.only_rounds(1):
            rig.dispatch()
    scene.settle(rig)
    wanted, clock = restore_trial.held(rig), rig.clock_file.read_text()
    rig.xero.snapshot("all sent")
    assert backups
    for backup in backups:
        rig.xero.restore("all sent")
        passing_time.put(rig.clock_file, clock)
        rig.advance(600)
        restoring.put_back(rig, backup)
        scene.sweep(rig)
        rig.dispatch()
        paused = scene.connection_state(rig) == "Paused"
        if paused:
            restoring.confirm(rig)
        for _again in range(3):
            rig.advance(120)
            scene.sweep(rig)
            rig.dispatch()
        assert not restore_trial.differences(wanted, restore_trial.held(rig))
        # What is certainly a step's own, such as an allocation of its credit, is linked without a question.
        assert paused or set(rig.counts()) == {"Synced"} or [row for row in rig.steps() if row["reason_code"] == "perhaps-in-xero"]
