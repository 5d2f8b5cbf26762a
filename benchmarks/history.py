"""`make history-long`: an import of history in simulated time, against the calls a day of one tier: its forecast holds, no call is refused, and nothing is lost or there
twice, although somebody pauses it, a worker dies with answers in its hands, tokens run out, and the accountant moves the lock date and moves it back.

`python -m benchmarks.history [--documents N] [--day 1000]`. Documents go into the stand-in host in bulk: recorded pairs of an invoice and its receipt, and bills,
under new names, spread over ten months.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from benchmarks import documents
from sandbox.rig import Rig, standing

GO_LIVE, FIRST, DAYS = "2026-11-20", date(2026, 1, 5), 300
GONE = ("VOIDED", "DELETED")
KINDS = ("Invoice", "Bill", "Payment")
TOLERANCE = Decimal("0.10")
Record = dict[str, Any]


class Broken(Exception):
    """What the import promised did not hold."""


class Died(BaseException):
    """The worker's process is gone, with answers of Xero in its hands."""


@dataclass
class Books:
    """What was put into the host: by name what it is worth in Xero."""

    invoices: dict[str, Decimal] = field(default_factory=dict)
    bills: dict[str, Decimal] = field(default_factory=dict)
    payments: dict[str, Decimal] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.invoices) + len(self.bills) + len(self.payments)


def fill(rig: Rig, count: int, customers: int) -> Books:
    """Put `count` submitted documents into the host in bulk: of ten, five sales invoices, three receipts and two bills."""
    parties = documents.customers(rig, customers)
    pairs = [pair for pair in documents.pairs(rig) if documents.amount(pair[0]) == documents.amount(pair[1])]
    bills = _plain_bills(rig)
    made = Books()
    with rig.frappe() as frappe:
        tens = max(1, count // 10)
        rows: dict[str, list[Record]] = {}
        for ten in range(tens):
            for number in range(5):
                at = ten * 5 + number
                invoice, receipt = pairs[at % len(pairs)]
                day = FIRST + timedelta(days=at * DAYS // (tens * 5))
                name = f"HIST-{at:06}"
                words = {invoice["name"]: name, receipt["name"]: f"{name}-PAY", invoice["doc"]["customer"]: parties[at % len(parties)]}
                _copy(rows, invoice, words, day, at)
                made.invoices[name] = documents.amount(invoice)
                if number < 3:
                    _copy(rows, receipt, words, day + timedelta(days=1), at)
                    made.payments[name] = documents.amount(receipt)
            for number in range(2):
                at = ten * 2 + number
                bill = bills[at % len(bills)]
                day = FIRST + timedelta(days=at * DAYS // (tens * 2))
                _copy(rows, bill, {bill["name"]: f"BILL-{at:06}"}, day, at, bill_no=f"S-{at:06}", bill_date=str(day))
                made.bills[f"S-{at:06}"] = documents.amount(bill)
            if ten % 200 == 199:
                _write(frappe, rows)
        _write(frappe, rows)
    return made


def _plain_bills(rig: Rig) -> list[Record]:
    currency, gone = rig.company["default_currency"], {each["name"] for each in rig.documents if each["event"] == "cancel"}
    return [
        each
        for each in rig.documents
        if each["doctype"] == "Purchase Invoice"
        and each["event"] == "submit"
        and each["name"] not in gone
        and not each.get("attention")
        and each["doc"]["currency"] == currency
        and not any(each["doc"].get(odd) for odd in ("is_return", "amended_from", "advances", "is_paid"))
    ]


def _copy(rows: dict[str, list[Record]], record: Record, words: dict[str, str], day: date, number: int, **more: Any) -> None:
    doc = {name: value for name, value in record["doc"].items() if not isinstance(value, list)}
    doc = {name: words.get(value, value) if isinstance(value, str) else value for name, value in doc.items()} | more
    stamp = f"{day} 09:00:00.{number % 1_000_000:06}"
    doc |= {"posting_date": str(day), "due_date": str(day), "creation": stamp, "modified": stamp, "docstatus": 1}
    rows.setdefault(doc["doctype"], []).append(doc)
    for value in record["doc"].values():
        for row in value if isinstance(value, list) else []:
            made = {name: words.get(each, each) if isinstance(each, str) else each for name, each in row.items()}
            made |= {"parent": doc["name"], "parenttype": doc["doctype"], "docstatus": 1, "creation": stamp, "modified": stamp}
            rows.setdefault(made["doctype"], []).append(made)


def _write(frappe: Any, rows: dict[str, list[Record]]) -> None:
    for doctype, docs in rows.items():
        for each in docs:
            each["name"] = each.get("name") if each.get("parent") is None and each.get("name") else frappe.generate_hash(length=12)
        made = [frappe.get_doc(each)._row() for each in docs]
        if made:
            columns = list(made[0])
            frappe.db.bulk_insert(doctype, columns, [[each.get(column) for column in columns] for each in made])
    rows.clear()
    frappe.db.commit()


@dataclass
class Seen:
    """What happened in Xero: calls by their status, and of them polls (lists read by If-Modified-Since are not told apart from looks here)."""

    last: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    def look(self, rig: Rig) -> None:
        calls = rig.xero.brief_calls(self.last)
        if calls:
            self.last = calls[-1]["number"]
            self.statuses.update(each["status"] for each in calls if each["path"].startswith("/api.xro/"))


class Import:
    """One import in simulated time: minutes pass as the scheduler's job would run, and days as fast as nothing is to do."""

    def __init__(self, rig: Rig, run: str, seen: Seen) -> None:
        self.rig, self.run, self.seen = rig, run, seen
        self.afterwards: Callable[[], None] = lambda: None

    def row(self, frappe: Any) -> Record:
        return dict(frappe.get_all("Xero History Run", filters={"name": self.run}, fields=["*"])[0])

    def minutes(self) -> Iterator[Record]:
        """Let it work; after each minute its row, until it is over."""
        from picortex_xero.engine import jobs, limits, run, slices

        while True:
            with self.rig.frappe() as frappe:
                frappe.enqueue = lambda *_given, **_named: None
                jobs.sweep()
                for doctype, name in slices.due():
                    jobs.go_on(doctype, name)
                busy = not limits.resting(self.rig.connection) and run.next_due(self.rig.connection)
                if busy:
                    try:
                        jobs.dispatch(self.rig.connection)
                    except Died:
                        frappe.db.rollback()
                        self.afterwards()
                    jobs.go_on("Xero History Run", self.run)
                row = self.row(frappe)
                frappe.db.commit()
            self.seen.look(self.rig)
            yield row
            if row["state"] == "Done":
                return
            if busy:
                self.rig.advance(61)
            else:
                self.rest()

    def rest(self, steps: int = 10) -> None:
        """Where nothing can go the next sweep that matters is far away: half an hour in which the site only shows that it lives."""
        with self.rig.frappe() as frappe:
            from picortex_xero.engine import heartbeat

            for _step in range(steps):
                self.rig.advance(170)
                heartbeat.note(self.rig.connection)
                frappe.db.commit()


def measure(count: int, day: int, customers: int) -> None:
    """Import `count` documents with `day` calls a day, disturbed four times. Raises Broken."""
    began = time.monotonic()
    with standing() as rig:
        rig.xero.person("set_limits", minute=60, day=day)
        with rig.frappe() as frappe:
            frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", GO_LIVE)
            frappe.db.set_value("Xero Connection State", rig.connection, {"day_limit": 0, "day_limit_at": None, "day_calls_left": day})
            frappe.db.commit()
        rig.advance(86_400)
        books = fill(rig, count, customers)
        print(f"{len(books)} documents in the host after {time.monotonic() - began:.0f} s", flush=True)
        # One answer says how many calls the day has.
        with rig.frappe() as frappe:
            from picortex_xero.engine import history, jobs, limits

            # A tier smaller than Xero's makes a short proof of few documents.
            limits.SMALLEST_DAY = min(limits.SMALLEST_DAY, day)
            jobs.dispatch(rig.connection)
            seen = Seen()
            seen.look(rig)
            seen.statuses.clear()
            run = history.start(rig.connection, "History", str(FIRST), "2026-11-19", KINDS)
        one = Import(rig, run, seen)
        row = disturbed(rig, one, count)
        judge(rig, row, books, seen)
        print(f"in {time.monotonic() - began:.0f} s of real time", flush=True)


def disturbed(rig: Rig, one: Import, count: int) -> Record:
    """Run it through with what happens meanwhile; its last row."""
    from picortex_xero.engine import history, send
    from picortex_xero.engine import run as sending

    done: set[str] = set()
    told = 0.0
    for row in one.minutes():
        share = row["in_xero"] / max(1, row["documents"])
        if time.monotonic() - told > 60:
            told = time.monotonic()
            print(
                f"  {row['in_xero']} of {row['documents']} in Xero, {row['held']} held, {row['calls']} requests, {row['reason'] or ''}",
                flush=True,
            )
        if share > 0.2 and "pause" not in done:
            done.add("pause")
            with rig.frappe() as frappe:
                if not history.pause(one.run):
                    raise Broken("it was over before anything happened to it")
                frappe.db.commit()
            one.rest(64)
            with rig.frappe() as frappe:
                assert history.resume(one.run)
                frappe.db.commit()
        if share > 0.4 and "kill" not in done:
            done.add("kill")
            real, ending = send.deliver, sending._in_spite_of_races

            def dies(*given: Any, real: Any = real, ending: Any = ending) -> Any:
                real(*given)
                # Nothing of it is written down, no lease given up: what stood in this process is gone.
                send.deliver, sending._in_spite_of_races = real, lambda ending: None
                one.afterwards = lambda: setattr(sending, "_in_spite_of_races", ending)
                raise Died

            send.deliver = dies  # type: ignore[assignment]
        if share > 0.5 and "token" not in done:
            done.add("token")
            rig.advance(170)
            with rig.frappe() as frappe:
                # Nobody has asked for a while: the access token is over by Xero's clock and by ours.
                frappe.db.sql("UPDATE `tabXero Authorisation` SET `access_expires_at`='2020-01-01 00:00:00'")
                frappe.db.commit()
        if share > 0.6 and "lock" not in done:
            done.add("lock")
            rig.xero.person("set_lock_dates", period=str(_day_of(row) + timedelta(days=2)))
        if share > 0.7 and "unlock" not in done and "lock" in done:
            done.add("unlock")
            rig.xero.person("set_lock_dates", period=None)
    missing = {"pause", "kill", "token", "lock"} - done
    if missing:
        raise Broken(f"{', '.join(sorted(missing))} never happened")
    return row


def _day_of(row: Record) -> date:
    return date.fromisoformat(str(row["position"]).split('"')[1])


def judge(rig: Rig, row: Record, books: Books, seen: Seen) -> None:
    """Everything once, to the cent, in about the time and with about the requests that were forecast, and no call refused. Raises Broken."""
    wrong = []
    shown = [each for each in rig.xero.documents("Invoices") if each["Status"] not in GONE]
    for kind, wanted in (("ACCREC", books.invoices), ("ACCPAY", books.bills)):
        there = Counter((each["InvoiceNumber"], Decimal(each["Total"])) for each in shown if each["Type"] == kind)
        wrong += [f"{number}: {total} here" for number, total in wanted.items() if there[number, total] != 1]
        wrong += [f"{key} is there {times} times" for key, times in there.items() if times > 1]
    numbers = {each["InvoiceID"]: each["InvoiceNumber"] for each in shown}
    paid = Counter(
        (numbers.get(each["target"], ""), Decimal(each["Amount"])) for each in rig.xero.documents("Payments") if each["Status"] not in GONE
    )
    wrong += [f"payment of {name}: {amount}" for name, amount in books.payments.items() if paid[name, amount] != 1]
    wrong += [f"payment {key} is there {times} times" for key, times in paid.items() if times > 1]
    if refused := seen.statuses[429]:
        wrong.append(f"{refused} calls were refused with 429")
    took = (row["finished_at"] - row["started_at"]).total_seconds() - int(row["paused_seconds"] or 0)
    said = row["forecast_seconds"]
    print(
        f"forecast: {row['forecast_requests']} requests in {said / 86400:.2f} days; taken: {row['calls']} requests in {took / 86400:.2f} days "
        f"({row['paused_seconds']} s of pause taken off); calls by status: {dict(seen.statuses)}",
        flush=True,
    )
    if abs(Decimal(took) / Decimal(said) - 1) > TOLERANCE and abs(took - said) > 3600:
        wrong.append(f"it took {took:.0f} s, the forecast was {said} s")
    if wrong:
        raise Broken(f"{len(wrong)} wrong:\n" + "\n".join(wrong[:20]))


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--day", type=int, default=1000, help="calls a day: 1000 (Starter) or 5000 (Core)")
    parser.add_argument("--customers", type=int, default=200)
    given = parser.parse_args()
    try:
        measure(given.documents, given.day, given.customers)
    except Broken as error:
        print(error, file=sys.stderr)
        return 1
    print("Every document is in Xero exactly once.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
