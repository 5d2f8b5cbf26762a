"""`make restore-trial`: a backup from while hundreds of steps of every kind wait, put back or copied in every way that matters.

`python -m tests.scene.restore_trial [--short]`. Each scenario begins from the same books, here and in Xero. What Xero holds in the end has to be
what it holds where nothing was ever put back: nothing twice, nothing missing.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sandbox import passing_time
from sandbox.rig import Rig, standing
from tests.scene import deductions, journals, payments, restoring
from tests.scene import rig as scene

RESOURCES = (
    "Contacts", "Invoices", "CreditNotes", "Payments", "BatchPayments", "BankTransactions", "BankTransfers", "ManualJournals",
    "Overpayments", "Prepayments",
)  # fmt: skip
OFF = 900
EARLY = 40
KINDS = {"invoice", "payment", "credit", "journal", "contact", "void", "allocation"}
Held = Counter[tuple[str, ...]]


class NotOnce(Exception):
    """Something is in Xero twice or not at all, or a person was not told, or was asked without need."""


@dataclass(frozen=True)
class Books:
    """Where every scenario begins: documents of every kind wait here, and Xero has the first ones. `wanted`: what Xero holds in the end
    where nothing is put back, without and with the documents of `later`."""

    backup: restoring.Backup
    clock: str
    waiting: int
    later: list[scene.Record]
    wanted: Held
    wanted_with_later: Held


@dataclass(frozen=True)
class Scenario:
    """`rounds`: how many rounds are sent between the backup and the restore (None: all); `before`: how many before the backup, so that
    steps further on wait; `traffic`: documents submitted after the backup, which the restore loses; `copied`: not put back in place but
    started as a second server of the same name, while the first one goes on."""

    name: str
    rounds: int | None = None
    before: int = 0
    queue: str = "kept"
    traffic: bool = False
    copied: bool = False
    twice: bool = False


SCENARIOS = [
    Scenario("all sent, Redis kept"),
    Scenario("all sent, Redis put back, too", queue="restored"),
    Scenario("all sent, Redis flushed", queue="flushed"),
    Scenario("half sent", rounds=3),
    Scenario("half sent, Redis put back, too", rounds=3, queue="restored"),
    Scenario("one round sent", rounds=1, queue="flushed"),
    Scenario("backup while payments wait", before=3),
    Scenario("backup while payments wait, half sent", before=3, rounds=2),
    Scenario("backup while allocations wait", before=6),
    Scenario("traffic meanwhile", traffic=True),
    Scenario("traffic meanwhile, half sent", rounds=4, traffic=True, queue="flushed"),
    Scenario("put back twice", twice=True),
    Scenario("copied, the first one goes on", rounds=2, copied=True),
    Scenario("copied, all sent, traffic", copied=True, traffic=True),
]
SHORT = ["half sent", "backup while allocations wait", "copied, the first one goes on"]


def prepare(rig: Rig) -> Books:
    """Everything that every scenario begins with, and what has to come out."""
    early, waiting, later = documents(rig)
    rig.play(early)
    scene.settle(rig)
    rig.play(waiting)
    taken_back = [scene.cancelling(record) for record in cancellable(rig, early)]
    rig.play(taken_back)
    backup, clock = restoring.back_up(rig, "start"), rig.clock_file.read_text()
    rig.xero.snapshot("start")
    moving = scene.moving(rig)
    # Allocations, fees and further payments are asked for as the steps before them are decided.
    ahead(rig)
    wanted = held(rig)
    missing = KINDS - {step["role"].split("-")[0] for step in rig.steps()}
    if missing or len(moving) < 280:
        raise NotOnce(f"Only {len(moving)} steps wait, and none of {missing}")
    rig.play(later)
    ahead(rig)
    return Books(backup, clock, len(moving), later, wanted, held(rig))


def documents(rig: Rig) -> tuple[list[scene.Record], list[scene.Record], list[scene.Record]]:
    """(documents that are in Xero before, documents that wait, documents submitted after the backup)"""
    month, more = rig.documents, list(extras(rig))
    return month[:EARLY], [*month[EARLY:-15], *more], month[-15:]


def extras(rig: Rig) -> Iterator[scene.Record]:
    """What the recorded month has none of, or too few: advances with allocations, credit notes on invoices, journals, transfers, fees."""
    sales = scene.invoices(rig, 8)
    bills = scene.bills(rig, 3)
    for at, sale in enumerate(sales[:3], 1):
        invoice = scene.copied(sale, f"RT-SALE-{at}")
        yield invoice
        yield scene.returned(invoice, f"RT-RET-{at}")
    for at, bill in enumerate(bills, 1):
        made = scene.copied(bill, f"RT-BILL-{at}", bill_no=f"RT-{at}")
        yield made
        yield scene.returned(made, f"RT-BRET-{at}")
    for at, sale in enumerate(sales[3:6], 1):
        invoice = scene.copied(sale, f"RT-SALE-A{at}")
        yield invoice
        yield advance(rig, invoice, f"RT-ADV-{at}")
    for at in range(1, 6):
        yield scene.journal(rig, ("Office Rent", 100.0 + at), ("Sales", -100.0 - at), name=f"RT-JV-{at}")
        yield journals.fee(rig, name=f"RT-FEE-{at}")
        yield scene.transfer(rig, 40.0 + at, "Cash", f"RT-MOVE-{at}")
    across = payments.across(rig, "RT-ACROSS")
    yield across
    *sold, paid = deductions.short(rig, 7.0, deductions.FEE)
    yield scene.copied(sold[0], "RT-SALE-F")
    paid = scene.copied(paid, "RT-PAY-F")
    paid["doc"]["references"][0]["reference_name"] = "RT-SALE-F"
    yield paid


def advance(rig: Rig, sale: scene.Record, name: str) -> scene.Record:
    """A receipt larger than the invoice that it pays: an overpayment, allocated to it."""
    whole = float(scene.total(sale))
    figures = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), whole + 50)
    customer = sale["doc"]["customer"]
    made = scene.copied(
        payments.recorded(rig, payments.PURE), name, party=customer, party_name=customer, unallocated_amount=50.0, **figures
    )
    reference = {"doctype": "Payment Entry Reference", "docstatus": 1, "name": "", "idx": 1, "reference_doctype": "Sales Invoice"}
    made["doc"]["references"] = [{**reference, "reference_name": sale["name"], "allocated_amount": whole}]
    return made


def cancellable(rig: Rig, early: list[scene.Record]) -> list[scene.Record]:
    """Documents in Xero that nothing settles: some of each kind, cancelled while the connection sends nothing."""
    settled = {row["reference_name"] for record in rig.documents for row in record["doc"].get("references") or []}
    settled |= scene.cancelled_names(rig) | {record["doc"].get("return_against") for record in rig.documents}
    free = [each for each in early if each["name"] not in settled and not each["doc"].get("is_return")]
    found = []
    for doctype in ("Sales Invoice", "Purchase Invoice", "Payment Entry"):
        found += [each for each in free if each["doctype"] == doctype][:4]
    return found


# What Xero holds


def held(rig: Rig) -> Held:
    """Every live record by what tells it apart, however often it is there; allocations among them. Ids of this run are left out."""
    books = {resource: scene.live(rig, resource) for resource in RESOURCES}
    names = {each["ContactID"]: each["Name"] for each in books["Contacts"]}
    found: Held = Counter()
    said: dict[str, str] = {}
    for resource, records in books.items():
        for each in records:
            words = _told_apart(resource, each, names)
            said[each.get(f"{resource[:-1]}ID") or ""] = "/".join(words)
            found[(resource, *words)] += 1
    for resource in ("CreditNotes", "Overpayments", "Prepayments"):
        for each in books[resource]:
            for one in each["allocations"]:
                target = said.get(one.get("invoice") or one.get("target") or "", "?")
                found[("Allocations", said[each[f"{resource[:-1]}ID"]], target, str(one["Amount"]))] += 1
    return found


def _told_apart(resource: str, each: dict[str, Any], names: dict[str, str]) -> list[str]:
    mark = re.search(r"-([0-9a-f]{16}-\d+.*)$", each.get("Url") or "")
    shown = [
        each.get(name)
        for name in ("Type", "Name", "InvoiceNumber", "CreditNoteNumber", "Reference", "Narration", "Total", "Amount", "TotalAmount")
    ]
    return [str(value) for value in (names.get(each.get("contact") or ""), *shown, mark[1] if mark else "") if value not in (None, "")]


def differences(wanted: Held, now: Held) -> list[str]:
    """What is there too often or too rarely."""
    return [f"{'/'.join(key)}: {wanted[key]} wanted, {now[key]} in Xero" for key in sorted(wanted | now) if wanted[key] != now[key]]


# Doing


def ahead(rig: Rig) -> None:
    """Send all that can go."""
    scene.settle(rig, rounds=40)


@contextmanager
def only_rounds(rounds: int) -> Iterator[None]:
    """A run ends after so many rounds, as where its worker is stopped then."""
    from picortex_xero.engine import run

    claim, left = run.claim, itertools.count()

    def counted(*arguments: Any) -> Any:
        return claim(*arguments) if next(left) < rounds else []

    run.claim = counted
    try:
        yield
    finally:
        run.claim = claim


def send_rounds(rig: Rig, rounds: int) -> None:
    """Send so many rounds, as a worker that is stopped then."""
    with rig.frappe():
        with only_rounds(rounds):
            rig.dispatch()


def begin(rig: Rig, books: Books) -> None:
    """The books of the beginning, here and in Xero."""
    restoring.put_back(rig, books.backup, "restored")
    rig.xero.restore("start")
    rig.xero.unlimited()
    passing_time.put(rig.clock_file, books.clock)


def play(rig: Rig, books: Books, scenario: Scenario) -> dict[str, Any]:
    """One scenario; NotOnce where it does not come out right. Returns figures of it."""
    begin(rig, books)
    if scenario.before:
        send_rounds(rig, scenario.before)
    backup = restoring.back_up(rig)
    at_backup = len(scene.moving(rig))
    if scenario.traffic:
        rig.play(books.later)
    ahead(rig) if scenario.rounds is None else send_rounds(rig, scenario.rounds)
    sent = held(rig)
    rig.advance(OFF)
    if scenario.copied:
        rig_now = restoring.second_server(rig, backup)
    else:
        rig_now = rig
        restoring.put_back(rig, backup, scenario.queue)
    figures = _paused_then_confirmed(rig_now, sent)
    if scenario.copied:
        # The first server goes on: it knows all that it has sent, and finds nothing of the second one's.
        ahead(rig)
        if scene.connection_state(rig) != "Live":
            raise NotOnce(f"The first server was stopped: {restoring.reason(rig)}")
        restoring.confirm(rig_now)
    else:
        restoring.confirm(rig_now)
    ahead(rig_now)
    if scenario.twice:
        rig.advance(OFF)
        restoring.put_back(rig, backup, scenario.queue)
        _paused_then_confirmed(rig, held(rig))
        restoring.confirm(rig)
        ahead(rig)
    # What the restore has lost is in Xero as far as it was sent; nobody sends the rest of it.
    wrong = differences(books.wanted | (sent & books.wanted_with_later) if scenario.traffic else books.wanted, held(rig))
    persons = [
        f"{step['reference_name']} {step['role']}: {step['state']}, {step['reason']}"
        for step in rig_now.steps()
        if step["state"] in ("Needs Attention", "Held", "Pending", "Sending", "Unknown")
    ]
    if wrong or persons:
        log = [each["error"][-600:] for each in scene.error_log(rig_now) if "prepared" in each["method"]][:1]
        raise NotOnce("\n".join([*wrong, *persons][:40] + log))
    return {"scenario": scenario.name, "waiting": at_backup, **figures}


def _paused_then_confirmed(rig: Rig, sent: Held) -> dict[str, Any]:
    """The site put back sends nothing, says why, and lists what it found."""
    before = rig.xero.call_count()
    scene.sweep(rig)
    rig.dispatch()
    if scene.connection_state(rig) != "Paused" or "backup" not in restoring.reason(rig):
        raise NotOnce(f"It was not paused: {scene.connection_state(rig)} {restoring.reason(rig)}")
    calls = [call for call in rig.xero.calls(since=before) if call["path"].startswith("/api.xro/")]
    if writes := [call for call in calls if call["method"] != "GET"]:
        raise NotOnce(f"It wrote before anybody was asked: {writes[0]['path']}")
    if held(rig) != sent:
        raise NotOnce("Xero holds something else than before")
    return {"calls": len(calls), "listed": len(restoring.unlinked(rig, state="Found"))}


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="three scenarios instead of all")
    parser.add_argument("--only", default="", help="scenarios whose name has this in it")
    given = parser.parse_args()
    failed = 0
    with standing(limits=False) as rig:
        books = prepare(rig)
        print(f"{books.waiting} steps wait; {sum(books.wanted.values())} records in Xero in the end", flush=True)
        for scenario in SCENARIOS:
            if given.only not in scenario.name or (given.short and scenario.name not in SHORT):
                continue
            try:
                print(json.dumps(play(rig, books, scenario)), flush=True)
            except (NotOnce, AssertionError) as error:
                failed += 1
                print(f"FAILED {scenario.name}:\n{error}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
