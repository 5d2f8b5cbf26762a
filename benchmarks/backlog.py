"""`make bench-backlog`: invoices, payments of them and new contacts wait in the outbox; one worker sends them all.

`python -m benchmarks.backlog [--app CHECKOUT] [--against CHECKOUT --rounds N]`. It fails unless every document is in Xero exactly once.
With `--against`, the two versions run in turn, so that a machine that is busy at times is so for both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import checkout, documents
from sandbox.rig import Rig, standing

GONE = ("VOIDED", "DELETED")


class NotOnce(Exception):
    """Something is not in Xero, or is there twice, or with another amount."""


@dataclass(frozen=True)
class Size:
    """How much waits. `contacts`: how many customers the invoices are for, all of them new to Xero."""

    invoices: int = 600
    payments: int = 350
    contacts: int = 50

    @property
    def documents(self) -> int:
        return self.invoices + self.payments + self.contacts


@dataclass(frozen=True)
class Measured:
    """One run. `seconds` are those inside the dispatch jobs, `processor` those in which their process computed, `load` what else the
    machine had to do (one minute's load average) when it began."""

    documents: int
    seconds: float
    processor: float
    runs: int
    calls: int
    peak_mb: float
    load: float

    @property
    def per_second(self) -> float:
        return self.documents / self.seconds

    @property
    def calls_per_1000(self) -> float:
        return 1000 * self.calls / self.documents

    def __str__(self) -> str:
        return (
            f"{self.documents} documents in {self.seconds:.1f} s ({self.runs} runs, {self.processor:.1f} s of them computing): "
            f"{self.per_second:.0f} documents/s, {self.calls_per_1000:.0f} API calls per 1,000 documents ({self.calls} calls), "
            f"worker's peak {self.peak_mb:.0f} MB; load of the machine before: {self.load:.2f}"
        )


def measure(app: Path, size: Size) -> Measured:
    """Set everything up with that checkout's app, send it all in a worker process, and judge from the simulator's books. NotOnce."""
    checkout.use(app)
    # Xero's limits are lifted: what is measured is work, not waiting for the next minute.
    with standing(limits=False) as rig:
        contacts = documents.customers(rig, size.contacts)
        sales = list(documents.sales(rig, size.invoices, contacts))
        receipts = [receipt for _, receipt in islice(sales, size.payments)]
        rig.play([invoice for invoice, _ in sales])
        rig.play(receipts)
        calls, load = len(api_calls(rig)), os.getloadavg()[0]
        worked = work(rig, app)
        if worked["left"]:
            raise NotOnce(f"{worked['left']} steps are still on their way after {worked['runs']} runs: {rig.counts()}")
        judge(rig, contacts, [invoice for invoice, _ in sales], receipts)
        made = len(api_calls(rig)) - calls
    return Measured(size.documents, worked["seconds"], worked["processor"], worked["runs"], made, worked["peak_mb"], load)


def work(rig: Rig, app: Path) -> dict[str, Any]:
    """What the worker process says of itself."""
    command = [sys.executable, "-m", "benchmarks.worker", "--app", str(app), "--site", str(rig.site), "--connection", rig.connection]
    return dict(json.loads(_output(command)))


def api_calls(rig: Rig) -> list[dict[str, Any]]:
    """Calls of the accounting interface, the sign-in's aside."""
    return [call for call in rig.xero.calls() if call["path"].startswith("/api.xro/")]


def judge(rig: Rig, contacts: list[str], invoices: list[documents.Record], receipts: list[documents.Record]) -> None:
    """Every document exactly once in the simulator's books, to the cent, and nothing else there; every step done here. NotOnce."""
    counts = rig.counts()
    wrong = [f"{count} steps are {state}" for state, count in counts.items() if state != "Synced"]
    wrong += differences("contact", contacts, (each["Name"] for each in rig.xero.documents("Contacts")))
    shown = {each["InvoiceID"]: each for each in rig.xero.documents("Invoices") if each["Status"] not in GONE}
    wanted = [(each["name"], documents.amount(each)) for each in invoices]
    wrong += differences("invoice", wanted, ((each["InvoiceNumber"], Decimal(each["Total"])) for each in shown.values()))
    paid = [each for each in rig.xero.documents("Payments") if each["Status"] not in GONE]
    of = [(each["doc"]["references"][0]["reference_name"], documents.amount(each)) for each in receipts]
    wrong += differences("payment", of, ((shown[each["target"]]["InvoiceNumber"], Decimal(each["Amount"])) for each in paid))
    if wrong:
        raise NotOnce("\n".join(wrong[:20]))


def differences(what: str, wanted: list[Any], shown: Iterator[Any]) -> list[str]:
    """What is wanted and not shown, shown and not wanted, or there more than once."""
    here, there = Counter(wanted), Counter(shown)
    return [f"{what} {each}: {here[each]} here, {there[each]} in Xero" for each in sorted(here | there) if here[each] != there[each]]


def interleaved(versions: list[Path], rounds: int, size: Size) -> None:
    """Measure the versions in turn, each run in a process of its own, and print every run and each version's median."""
    runs: dict[Path, list[Measured]] = {version: [] for version in versions}
    for _ in range(rounds):
        for version in versions:
            command = [sys.executable, "-m", "benchmarks.backlog", "--app", str(version), "--json", *_arguments(size)]
            runs[version].append(Measured(**json.loads(_output(command))))
            print(f"{checkout.commit(version)}: {runs[version][-1]}", flush=True)
    for version, measured in runs.items():
        speed = statistics.median(each.per_second for each in measured)
        processor = statistics.median(each.processor for each in measured)
        memory = statistics.median(each.peak_mb for each in measured)
        print(f"{checkout.commit(version)} at {version}: median {speed:.0f} documents/s, {processor:.1f} s computing, {memory:.0f} MB")


def _arguments(size: Size) -> list[str]:
    return [word for name, count in asdict(size).items() for word in (f"--{name}", str(count))]


def _output(command: list[str]) -> str:
    done = subprocess.run(command, cwd=checkout.ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    checkout.add_argument(parser)
    parser.add_argument("--against", type=Path, help="another checkout, measured in turn with --app")
    parser.add_argument("--rounds", type=int, default=3, help="with --against: how often each is measured")
    parser.add_argument("--json", action="store_true")
    for name, count in asdict(Size()).items():
        parser.add_argument(f"--{name}", type=int, default=count)
    given = parser.parse_args()
    size = Size(given.invoices, given.payments, given.contacts)
    if given.against:
        interleaved([given.app, given.against], given.rounds, size)
        return 0
    try:
        measured = measure(given.app, size)
    except NotOnce as error:
        print(f"Not every document is in Xero exactly once:\n{error}", file=sys.stderr)
        return 1
    print(
        json.dumps(asdict(measured)) if given.json else f"{checkout.commit(given.app)}: {measured}\nEvery document is in Xero exactly once."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
