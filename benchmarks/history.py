"""`make history-long`: an import of history in simulated time, against the calls a day of one tier: its forecast holds, no call is refused, and nothing is lost or there
twice, although somebody pauses it, a worker dies with answers in its hands, tokens run out, and the accountant moves the lock date and moves it back
(history_import.py). Then its undo, which leaves Xero as its marks said (history_undo.py). What was measured is written into docs/history-record.json.

`python -m benchmarks.history [--documents N] [--day 1000]`. Documents go into the stand-in host in bulk (history_books.py).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from benchmarks import history_kept, index_statistics
from benchmarks import history_record as records
from benchmarks.history_books import DAYS, FIRST, Books, Record, fill
from benchmarks.history_import import Broken, Clock, Import, Seen
from benchmarks.history_undo import GONE, Undo, begun, pressed_now, undone
from sandbox.rig import Rig, standing

GO_LIVE = "2026-11-20"
KINDS = ("Invoice", "Bill", "Payment")


@dataclass(frozen=True)
class Plan:
    """What is imported, with how many calls a day; `at_once`: so many documents wait in the queue together, where fewer than an import takes up. `keep`: the file into
    which it is written what was measured, after the import and after its undo. `kept`: the folder in which both sides are kept now and then while the undo goes on. `now`: somebody
    presses Take Back Now before it goes on."""

    count: int
    day: int
    customers: int = 200
    first: date = FIRST
    days: int = DAYS
    stem: str = "HIST"
    at_once: int = 0
    disturbed: bool = True
    undo: bool = True
    keep: Path | None = None
    kept: Path | None = None
    now: bool = False


def measure(rig: Rig, plan: Plan, told: Callable[[str], None]) -> Record:
    """Import, disturbed four times, and undo that; what was measured, as the record has it. Raises Broken."""
    began, computing = time.monotonic(), time.process_time()
    with _smaller(plan):
        books = _host(rig, plan)
        told(f"{len(books)} documents in the host after {time.monotonic() - began:.0f} s")
        clock = Clock(rig, Seen())
        one = Import(clock, _started(rig, clock.seen, plan), told)
        started = time.monotonic()
        row = one.through(plan.disturbed)
        seconds = time.monotonic() - started
        lost, doubled = judged(rig, books)
        taken = (row["finished_at"] - row["started_at"]).total_seconds() - row["paused_seconds"]
        run: Record = {
            "documents": len(books),
            "tier": records.TIERS.get(plan.day, str(plan.day)),
            "requests a day": plan.day,
            "forecast": {"days": round(row["forecast_seconds"] / 86400, 2), "requests": row["forecast_requests"]},
            "taken": {"days": round(taken / 86400, 2), "requests": row["calls"]},
            "seconds paused": row["paused_seconds"],
            "disturbed by": sorted(one.done),
            "calls by status": dict(clock.seen.statuses),
            "calls refused with 429": clock.seen.statuses[429],
            "lost": len(lost),
            "doubled": len(doubled),
            "seconds": round(seconds),
            "milliseconds a document": round(seconds * 1000 / len(books), 1),
            "undo": None,
        }
        told(f"imported: {run}")
        told(f"calls: {dict(clock.seen.paths.most_common(12))}")
        for each in (*lost[:10], *doubled[:10]):
            told(f"  {each}")
        if plan.keep:
            records.write(run, plan.keep)
        if plan.undo and not records.failed(run):
            undo = begun(clock, one.run, plan.first, told)
            take_back(clock, undo, run, plan, told)
        told(f"in {time.monotonic() - began:.0f} s of real time, {time.process_time() - computing:.0f} s of them computing in the app")
    return run


def take_back(clock: Clock, undo: Undo, run: Record, plan: Plan, told: Callable[[str], None]) -> None:
    """Let an undo that was begun go on to its end, and write what was measured with what was of its import."""
    kept_at = float("-inf")

    def now_and_then() -> None:
        nonlocal kept_at
        if plan.kept and time.monotonic() - kept_at > history_kept.EVERY_SECONDS:
            history_kept.keep(clock.rig, plan.kept, {"undo": undo, "run": run, "seen": clock.seen})
            kept_at = time.monotonic()

    pressed = pressed_now(clock, undo) if plan.now else None
    run["undo"] = undone(clock, undo, told, now_and_then)
    if pressed is not None:
        run["undo"]["documents gone when Take Back Now was pressed"] = pressed
    run["calls by status"], run["calls refused with 429"] = dict(clock.seen.statuses), clock.seen.statuses[429]
    told(f"undone: {run['undo']}")
    if plan.keep:
        records.write(run, plan.keep)


def gone_on(plan: Plan, told: Callable[[str], None]) -> Record:
    """The undo that was kept in `plan.kept`, from there to its end; what was measured of it and its import."""
    assert plan.kept is not None
    with history_kept.standing_again(plan.kept) as (rig, values):
        seen, undo = values["seen"], values["undo"]
        # This simulator counts its calls from the beginning.
        seen.last, undo.calls = 0, undo.calls - seen.last
        take_back(Clock(rig, seen), undo, values["run"], plan, told)
        return dict(values["run"])


@contextmanager
def _smaller(plan: Plan) -> Iterator[None]:
    """A tier smaller than Xero's, and a shorter queue, make a short proof of few documents."""
    from picortex_xero.documents.history import pool
    from picortex_xero.engine import limits

    before = limits.SMALLEST_DAY, pool.READY, pool.WAITING
    limits.SMALLEST_DAY = min(limits.SMALLEST_DAY, plan.day)
    if plan.at_once:
        pool.READY, pool.WAITING = plan.at_once, 2 * plan.at_once
    try:
        yield
    finally:
        limits.SMALLEST_DAY, pool.READY, pool.WAITING = before


def _host(rig: Rig, plan: Plan) -> Books:
    """The company goes live with documents from before, at an organisation with so many calls a day."""
    rig.xero.person("set_limits", minute=60, day=plan.day)
    with rig.frappe() as frappe:
        frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", GO_LIVE)
        frappe.db.set_value("Xero Connection State", rig.connection, {"day_limit": 0, "day_limit_at": None, "day_calls_left": plan.day})
        index_statistics.tell(frappe)
    rig.advance(86_400)
    return fill(rig, plan.count, plan.customers, plan.first, plan.days, plan.stem)


def _started(rig: Rig, seen: Seen, plan: Plan) -> str:
    with rig.frappe():
        from picortex_xero.engine import history, jobs

        # One answer says how many calls the day has.
        jobs.dispatch(rig.connection)
        seen.look(rig)
        seen.statuses.clear()
        seen.paths.clear()
        return history.start(rig.connection, "History", str(plan.first), str(plan.first + timedelta(days=plan.days)), KINDS)


def judged(rig: Rig, books: Books) -> tuple[list[str], list[str]]:
    """What is not in Xero to the cent, and what is there twice."""
    shown = rig.xero.documents("Invoices", fields=("InvoiceID", "InvoiceNumber", "Type", "Status", "Total"))
    shown = [each for each in shown if each["Status"] not in GONE]
    payments = rig.xero.documents("Payments", fields=("target", "Amount", "Status"))
    numbers = {each["InvoiceID"]: each["InvoiceNumber"] for each in shown}
    lost, doubled = [], []
    for wanted, there in (
        (books.invoices, Counter((each["InvoiceNumber"], Decimal(each["Total"])) for each in shown if each["Type"] == "ACCREC")),
        (books.bills, Counter((each["InvoiceNumber"], Decimal(each["Total"])) for each in shown if each["Type"] == "ACCPAY")),
        (
            books.payments,
            Counter((numbers.get(each["target"], ""), Decimal(each["Amount"])) for each in payments if each["Status"] not in GONE),
        ),
    ):
        lost += [f"{name}: {amount} is not in Xero" for name, amount in wanted.items() if not there[name, amount]]
        doubled += [f"{key} is in Xero {times} times" for key, times in there.items() if times > 1]
    return lost, doubled


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--day", type=int, default=1000, help="calls a day: 1000 (Starter) or 5000 (Core)")
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--undisturbed", action="store_true", help="without pause, kill, token and lock")
    parser.add_argument("--stays", action="store_true", help="without its undo")
    parser.add_argument("--kept", type=Path, help="keep the undo in this folder now and then; where one is kept, go on from there")
    parser.add_argument(
        "--now", action="store_true", help="press Take Back Now before the undo goes on, for what it may use beyond imports"
    )
    parser.add_argument("--record", type=Path, help="the file into which it is written, such as docs/history-record.json")
    given = parser.parse_args()

    def told(said: str) -> None:
        print(said, flush=True)

    plan = Plan(
        given.documents,
        given.day,
        given.customers,
        disturbed=not given.undisturbed,
        undo=not given.stays,
        keep=given.record,
        kept=given.kept,
        now=given.now,
    )
    try:
        if plan.kept and plan.kept.exists():
            run = gone_on(plan, told)
        else:
            with standing() as rig:
                run = measure(rig, plan, told)
    except Broken as error:
        print(error, file=sys.stderr)
        return 1
    wrong = [each for each in records.failed(run) if not given.undisturbed or "disturbed" not in each]
    told(f"requests: the forecast was missed by {records.requests_apart(run):.1%}")
    told("\n".join(wrong) or "Every document was in Xero exactly once, and the forecast held.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
