"""SIGKILL from outside at every point of the protocol; then a fresh worker and a later clock. The simulator's ledger is the judge.

Each test kills several workers, one per moment and document, in the same books: what one kill leaves behind is there for the next.
The breakpoint only makes the worker stand still (the app holds no code for it); the kill comes from this process.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import redis

from sandbox.host.processes import wait_for
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.deductions import BANK, CARD, FEE, on, short
from tests.scene.ledger import actions
from tests.scene.payments import unlink
from tests.scene.workers import recover

BREAKPOINTS = {
    "claim committed": "picortex_xero.engine.run:claim:after",
    "attempt sealed": "picortex_xero.engine.seal:build:after",
    "answer received": "picortex_xero.engine.record:record:before",
    "record committed": "picortex_xero.engine.record:record:after",
    "refresh not stored": "picortex_xero.connection.tokens:store_renewed:before",
}
# Seconds from the kill to the next worker: the lease has run out; Xero has forgotten the Idempotency-Key, too; what Xero's lists do not
# show by then counts as never written.
SOON, LATER, MUCH_LATER = 130, 400, 900


def kill_at(rig: Rig, moment: str, path: str = "") -> None:
    """Start a worker, wait until it is at this moment, and SIGKILL it and its work-horse."""
    if moment in BREAKPOINTS:
        reached = rig.folder / f"reached-{uuid.uuid4().hex}"
        worker = rig.worker(breakpoint_at=BREAKPOINTS[moment], signal_file=reached)
        wait_for(reached, 120)
        worker.kill()
        return
    held = rig.xero.fault({"bytes sent": "hold_after", "bytes arriving": "hold_before"}[moment], method="PUT|POST|DELETE", path=path)
    worker = rig.worker()
    scene.wait_for_hit(rig, held["id"])
    worker.kill()
    rig.xero.release(held["id"])


def kill_and_recover(rig: Rig, records: list[scene.Record], moment: str, wait: float, path: str) -> None:
    """One kill while these documents are sent. Jobs of earlier documents are done; the queue starts empty."""
    redis.Redis.from_url(rig.queue.url).flushall()
    if moment == "refresh not stored":
        rig.advance(1900)
    rig.play(records)
    kill_at(rig, moment, path)
    recover(rig, wait)


def customers_apart(rig: Rig) -> list[scene.Record]:
    """Plain sales invoices, each of another customer."""
    found: dict[str, scene.Record] = {}
    for record in scene.invoices(rig, 200):
        found.setdefault(record["doc"]["customer"], record)
    return list(found.values())


def test_while_contacts_are_made(rig: Rig) -> None:
    moments = [
        ("claim committed", SOON),
        ("attempt sealed", LATER),
        ("bytes sent", SOON),
        ("bytes sent", MUCH_LATER),
        ("answer received", LATER),
    ]
    records = customers_apart(rig)[: len(moments)]
    for record, (moment, wait) in zip(records, moments):
        kill_and_recover(rig, [record], moment, wait, "/Contacts")
    scene.assert_once(rig, records)
    assert len(actions(rig, "Contacts", "created")) == len(moments)


@pytest.mark.parametrize("choose", [scene.invoices, scene.bills])
def test_while_invoices_and_bills_are_made(rig: Rig, choose: Callable[[Rig, int], list[scene.Record]]) -> None:
    moments = [
        ("attempt sealed", SOON),
        ("bytes sent", LATER),
        ("answer received", SOON),
        ("record committed", SOON),
        ("bytes arriving", SOON),
    ]
    if choose is scene.bills:
        moments = [("attempt sealed", MUCH_LATER), ("bytes sent", MUCH_LATER), ("answer received", LATER), ("refresh not stored", SOON)]
    records = choose(rig, 2 * len(moments))
    scene.make_contacts(rig, records)
    for at, (moment, wait) in enumerate(moments):
        kill_and_recover(rig, records[2 * at : 2 * at + 2], moment, wait, "/Invoices")
    scene.assert_once(rig, records)
    assert len(actions(rig, "Invoices", "created")) == len(records)


@pytest.mark.parametrize(("references", "path"), [(1, "/Payments"), (2, "/BatchPayments")])
def test_while_payments_are_made(rig: Rig, references: int, path: str) -> None:
    moments = [
        ("claim committed", SOON),
        ("bytes sent", SOON),
        ("bytes sent", MUCH_LATER),
        ("answer received", LATER),
        ("record committed", SOON),
    ]
    if references > 1:
        moments = moments[1:4]
    groups = scene.settlements(rig, references)[: len(moments)]
    everything = [record for group in groups for record in group]
    rig.play([record for record in everything if record["doctype"] != "Payment Entry"])
    scene.settle(rig)
    for group, (moment, wait) in zip(groups, moments):
        kill_and_recover(rig, [group[-1]], moment, wait, path)
    scene.assert_once(rig, everything)
    assert len(actions(rig, "Payments", "created")) == references * len(groups)
    assert all(scene.due(each) == 0 for each in scene.live(rig))


def test_while_invoices_are_voided(rig: Rig) -> None:
    moments = [("attempt sealed", SOON), ("bytes sent", LATER), ("answer received", SOON)]
    records = scene.invoices(rig, len(moments) + 1)
    rig.play(records)
    scene.settle(rig)
    for record, (moment, wait) in zip(records, moments):
        kill_and_recover(rig, [scene.cancelling(record)], moment, wait, "/Invoices")
    scene.assert_once(rig, records[-1:])
    assert {each["Status"] for each in rig.xero.documents("Invoices")} == {"VOIDED", "AUTHORISED"}
    assert len(rig.xero.documents("Invoices")) == len(records)


def test_while_payments_are_deleted(rig: Rig) -> None:
    single, batch, kept = *scene.settlements(rig)[:1], *scene.settlements(rig, 2)[:1], scene.settlements(rig)[2]
    rig.play([*single, *batch, *kept])
    scene.settle(rig)
    kill_and_recover(rig, [scene.cancelling(single[-1])], "bytes sent", LATER, "/Payments/")
    kill_and_recover(rig, [scene.cancelling(batch[-1])], "bytes sent", SOON, "/BatchPayments/")
    scene.assert_once(rig, [*single[:-1], *batch[:-1], *kept])
    kept_ids = {each["PaymentID"] for each in scene.live(rig, "Payments")}
    assert len(kept_ids) == 1 and not scene.live(rig, "BatchPayments")


@pytest.mark.parametrize(
    ("path", "moments"),
    [
        ("/CreditNotes$", [("attempt sealed", SOON), ("bytes sent", MUCH_LATER)]),
        ("/Allocations$", [("bytes sent", MUCH_LATER), ("bytes arriving", MUCH_LATER)]),
    ],
)
def test_while_returns_are_made_and_applied(rig: Rig, path: str, moments: list[tuple[str, float]]) -> None:
    records = scene.invoices(rig, len(moments))
    notes = [scene.returned(record) for record in records]
    rig.play(records)
    scene.settle(rig)
    for note, (moment, wait) in zip(notes, moments):
        kill_and_recover(rig, [note], moment, wait, path)
    made = {each["CreditNoteNumber"]: each for each in scene.live(rig, "CreditNotes")}
    assert {name: each["Total"] for name, each in made.items()} == {note["name"]: -scene.total(note) for note in notes}
    assert all(scene.due(each) == 0 for each in (*made.values(), *scene.live(rig)))
    assert actions(rig, "CreditNotes", "created").total() == actions(rig, "Allocations", "created").total() == len(notes)
    assert rig.counts() == {"Synced": len(rig.steps())}


def test_while_reconciliations_are_made_and_taken_back(rig: Rig) -> None:
    """Allocations alone: no credit note is on its way, so that every moment is one of theirs."""
    moments = [("attempt sealed", LATER), ("answer received", SOON)]
    (record,) = scene.invoices(rig)
    note = scene.returned(record, at_once=False)
    rig.play([record, note])
    scene.settle(rig)
    journals = [scene.reconciled(record, note, Decimal("1.50"), f"JV-{at}") for at in range(len(moments))]
    for journal, (moment, wait) in zip(journals, moments):
        kill_and_recover(rig, [journal], moment, wait, "/Allocations$")
    assert [scene.due(each) for each in scene.live(rig)] == [scene.total(record) - Decimal("1.50") * len(journals)]
    assert actions(rig, "Allocations", "created").total() == len(journals)
    for journal, (moment, wait) in zip(journals, [("bytes sent", SOON), ("bytes arriving", LATER)]):
        kill_and_recover(rig, [scene.cancelling(journal)], moment, wait, "/Allocations/")
    assert [scene.due(each) for each in scene.live(rig)] == [scene.total(record)]
    assert actions(rig, "Allocations", "deleted").total() == len(journals)
    kill_and_recover(rig, [scene.cancelling(note)], "bytes sent", MUCH_LATER, "/CreditNotes$")
    assert not scene.live(rig, "CreditNotes") and rig.counts() == {"Synced": len(rig.steps())}


@pytest.mark.parametrize(
    ("moment", "wait", "path"),
    [
        ("bytes sent", SOON, "/Payments/"),
        ("bytes sent", MUCH_LATER, "/BankTransactions$"),
        ("attempt sealed", LATER, ""),
        ("record committed", SOON, ""),
    ],
)
def test_while_the_payment_of_a_cancelled_invoice_is_entered_again(rig: Rig, moment: str, wait: float, path: str) -> None:
    """The payment is deleted, the invoice voided, the money entered as an overpayment: none of it lost, none of it twice."""
    sale, payment = scene.settlements(rig)[0]
    rig.play([sale, payment])
    scene.settle(rig)
    unlink(rig, payment, sale)
    kill_and_recover(rig, [scene.cancelling(sale)], moment, wait, path)
    assert scene.live(rig) == scene.live(rig, "Payments") == []
    assert [each["Total"] for each in scene.live(rig, "Overpayments")] == [scene.total(sale)]
    assert actions(rig, "BankTransactions", "created").total() == actions(rig, "Payments", "deleted").total() == 1
    assert rig.counts() == {"Synced": len(rig.steps())}


@pytest.mark.parametrize(
    ("moment", "wait", "path"),
    [("bytes sent", MUCH_LATER, "/Payments$"), ("bytes sent", LATER, "/BankTransactions$"), ("record committed", SOON, "")],
)
def test_while_a_receipt_with_a_fee_is_sent(rig: Rig, moment: str, wait: float, path: str) -> None:
    """Two payments and a spend of one document: each once, and the clearing account at zero."""
    sale, payment = short(rig, 7.05, FEE)
    rig.play([sale])
    scene.settle(rig)
    kill_and_recover(rig, [payment], moment, wait, path)
    assert actions(rig, "Payments", "created").total() == 2 and actions(rig, "BankTransactions", "created").total() == 1
    assert (on(rig, BANK), on(rig, CARD)) == (scene.total(sale) - Decimal("7.05"), 0)
    assert rig.counts() == {"Synced": len(rig.steps())}


def test_the_scheduler_alone_brings_a_dead_workers_documents(rig: Rig) -> None:
    """Nobody sweeps by hand: a new worker and the scheduler's ticks are all there is."""
    records = scene.invoices(rig, 2)
    redis.Redis.from_url(rig.queue.url).flushall()
    rig.play(records)
    kill_at(rig, "attempt sealed")
    rig.worker()
    rig.scheduler(0.3)
    rig.advance(SOON)
    rig.wait(lambda: not scene.moving(rig), 120, "recovery by the scheduler")
    scene.assert_once(rig, records)


def test_a_breakpoint_really_kills(rig: Rig) -> None:
    """Guards the tests above: the killed worker leaves the claim behind, and its lease."""
    records = scene.invoices(rig, 1)
    redis.Redis.from_url(rig.queue.url).flushall()
    rig.play(records)
    kill_at(rig, "claim committed")
    states: dict[str, Any] = rig.counts()
    assert states.get("Sending") == 1
    scene.sweep(rig)
    assert rig.worker("--burst").process.wait(180) == 0
    assert rig.counts().get("Sending") == 1, "the lease of the dead worker still stands"
