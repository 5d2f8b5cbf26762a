"""`make day-on-starter`: a day of an organisation on Xero's smallest tier (1,000 requests a day, 60 a minute), in simulated time, without a webhook: documents are submitted
and payments entered here and in Xero all day long, and the minute's sweep comes by. Prints the requests by what they are for, counted from what the simulator was asked.

It fails where a purpose takes more than its share, or a payment that somebody entered in Xero came later than the minutes that were chosen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks import documents
from benchmarks.documents import Record
from sandbox.rig import Rig, standing

DAY_MINUTES, CALLS_A_DAY, CALLS_A_MINUTE = 1440, 1000, 60
# The office is open from 8 to 18; the day begins at 8.
OPEN_MINUTES = 600
STATE = "Xero Connection State"
LATE = 2


@dataclass(frozen=True)
class Size:
    """How many documents are sent (invoices; of them so many are paid here and so many in Xero), for how many customers, and how many minutes lie between
    two sweeps."""

    documents: int = 200
    payments: int = 50
    contacts: int = 40
    step: int = 1
    # How often payments are read, in minutes.
    minutes: int = 30


@dataclass
class Day:
    """Requests by purpose, the shares, and how long payments took. `reading_counted`: what the app itself has counted as reading."""

    size: Size
    reading: int = 0
    reading_counted: int = 0
    sending: int = 0
    looking: int = 0
    slowest_minutes: float = 0
    came_back: int = 0
    shares: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def as_text(self) -> str:
        """The table that is printed."""
        size, all_of_it = self.size, self.reading + self.sending + self.looking
        return "\n".join(
            (
                f"A day on Starter: {size.documents} documents, {size.payments} payments entered here and {size.payments} in Xero, no webhook",
                f"  reading what changed   {self.reading:>4} of {self.shares['reading']}",
                f"  reports                {0:>4} of {self.shares['reports']} (kept for them; nothing reads reports on its own yet)",
                f"  sending and recovery   {self.sending + self.looking:>4} of {self.shares['sending']}"
                f" ({self.sending} written, {self.looking} looked at before and afterwards)",
                f"  together               {all_of_it:>4} of {CALLS_A_DAY}",
                f"  {self.came_back} payments entered in Xero were here after {self.slowest_minutes:.0f} minutes at most; chosen were {size.minutes}",
                *self.wrong,
            )
        )


def play(rig: Rig, size: Size) -> Day:
    """A day on a site that is connected and live. Nothing may have been sent from it today."""
    rig.xero.person("set_limits", minute=CALLS_A_MINUTE, day=CALLS_A_DAY)
    _at(rig, lambda frappe: _choose(frappe, rig, size))
    parties = documents.customers(rig, size.contacts)
    sales = list(documents.sales(rig, size.documents, parties))
    here, there = sales[: size.payments], sales[size.payments : 2 * size.payments]
    account = _at(rig, lambda frappe: _bank(frappe, rig, sales[0][1]))
    due, bank = dict(_plan(sales, here, size)), {invoice["name"]: receipt for invoice, receipt in there}
    day, since = Day(size), len(rig.xero.calls())
    # By invoice: when somebody paid it in Xero, and how many minutes later that was here.
    entered: dict[str, int] = {}
    waits: dict[str, int] = {}
    for minute in range(0, DAY_MINUTES, size.step):
        rig.play([record for at in range(minute, minute + size.step) for record in due.get(at, [])])
        for invoice in _ready(rig, list(bank), entered, size, minute):
            rig.xero.person("pay_invoice", InvoiceID=invoice["InvoiceID"], Account={"AccountID": account})
            entered[invoice["InvoiceNumber"]] = minute
        _pass_alive(rig, size.step * 60)
        if _at(rig, lambda frappe: _is_due(rig)):
            rig.dispatch()
        for name in _at(rig, lambda frappe: _came_back(frappe, rig)):
            waits.setdefault(name, minute + size.step - entered.get(name, minute))
    _count(day, rig, since)
    day.slowest_minutes, day.came_back = max(waits.values(), default=0), len(waits)
    day.reading_counted = _at(rig, lambda frappe: _counted(rig))
    day.shares = _at(rig, lambda frappe: _shares(rig))
    _judge(day, rig)
    return day


def _at(rig: Rig, work: Callable[[Any], Any]) -> Any:
    """What `work` gives on the site; committed."""
    with rig.frappe() as frappe:
        found = work(frappe)
        frappe.db.commit()
        return found


def _pass_alive(rig: Rig, seconds: int) -> None:
    """Time in which the scheduler's minutes have gone on and noted so: after a gap Xero's lists would be compared first."""
    rig.advance(seconds)
    _at(rig, lambda frappe: _note_alive(frappe, rig))


def _note_alive(frappe: Any, rig: Rig) -> None:
    from picortex_xero.engine import clock

    clock.synchronise()
    frappe.db.set_value(STATE, rig.connection, "alive_at", clock.now(), update_modified=False)


def _choose(frappe: Any, rig: Rig, size: Size) -> None:
    doc = frappe.get_doc("Xero Connection", rig.connection)
    doc.update({"payments_from_xero": "Are Submitted", "read_payments": size.minutes})
    doc.save(ignore_permissions=True)
    # As if an answer of today had told nothing yet.
    frappe.db.set_value(STATE, rig.connection, {"day_calls_left": CALLS_A_DAY, "day_limit_at": None, "reading_calls": None})


def _bank(frappe: Any, rig: Rig, receipt: Record) -> str:
    row = {"connection": rig.connection, "account": receipt["doc"]["paid_to"]}
    return str(frappe.db.get_value("Xero Payment Mapping", row, "xero_account_id"))


def _plan(sales: list[tuple[Record, Record]], here: list[tuple[Record, Record]], size: Size) -> Iterator[tuple[int, list[Record]]]:
    """What is submitted in which minute: invoices all day long, a receipt two hours after its invoice."""
    found: dict[int, list[Record]] = {}
    for number, (invoice, _receipt) in enumerate(sales):
        found.setdefault(number * OPEN_MINUTES // len(sales), []).append(invoice)
    for number, (_invoice, receipt) in enumerate(here):
        found.setdefault(number * OPEN_MINUTES // len(sales) + 120, []).append(receipt)
    yield from found.items()


def _ready(rig: Rig, names: list[str], entered: dict[str, int], size: Size, minute: int) -> list[dict[str, Any]]:
    """The invoices that somebody pays in Xero now: those that are due, spread over the afternoon."""
    if minute < 180:
        return []
    wanted = (minute - 180) * size.payments // (OPEN_MINUTES - 180) + 1
    names = [name for name in names[:wanted] if name not in entered]
    if not names:
        return []
    shown = {each["InvoiceNumber"]: each for each in rig.xero.documents("Invoices", fields=("InvoiceNumber", "InvoiceID", "Status"))}
    return [shown[name] for name in names if name in shown and shown[name]["Status"] == "AUTHORISED"]


def _is_due(rig: Rig) -> bool:
    from picortex_xero.engine import clock, run

    clock.synchronise()
    return bool(run.next_due(rig.connection))


def _came_back(frappe: Any, rig: Rig) -> list[str]:
    rows = frappe.get_all("Xero Incoming Record", filters={"connection": rig.connection, "state": "Entered Here"}, pluck="about")
    return [str(each) for each in rows]


def _counted(rig: Rig) -> int:
    from picortex_xero.engine import day_calls

    return int(day_calls.READING.spent(rig.connection))


def _shares(rig: Rig) -> dict[str, int]:
    from picortex_xero.engine import day_calls

    shares = {"reading": day_calls.POLLS, "reports": day_calls.REPORTS, "sending": day_calls.SENDING}
    return {name: CALLS_A_DAY * share // 100 for name, share in shares.items()}


def _count(day: Day, rig: Rig, since: int) -> None:
    for call in rig.xero.calls(since, "/api.xro/"):
        changed = "if-modified-since" in call["headers"]
        if call["method"] != "GET":
            day.sending += 1
        elif changed:
            day.reading += 1
        else:
            day.looking += 1


def _judge(day: Day, rig: Rig) -> None:
    """What was otherwise than it should be."""
    size, counts = day.size, rig.counts()
    if set(counts) - {"Synced", "Skipped"}:
        day.wrong.append(f"Not everything was sent: {counts}")
    if day.reading > day.shares["reading"] or day.sending + day.looking > day.shares["sending"]:
        day.wrong.append("A purpose took more than its share")
    if day.came_back != size.payments:
        day.wrong.append(f"{day.came_back} of {size.payments} payments came back")
    if day.slowest_minutes > size.minutes + LATE * size.step:
        day.wrong.append(f"A payment came after {day.slowest_minutes:.0f} minutes")
    paid = [each for each in rig.xero.documents("Payments") if each["Status"] != "DELETED"]
    if len(paid) != 2 * size.payments:
        day.wrong.append(f"Xero has {len(paid)} payments")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--payments", type=int, default=50)
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--record", default="")
    given = parser.parse_args()
    with standing("NZ") as rig:
        found = play(rig, Size(given.documents, given.payments, minutes=given.minutes))
    print(found.as_text())
    if given.record:
        with open(given.record, "w", encoding="utf-8") as file:
            json.dump(asdict(found), file, indent=1)
            file.write("\n")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
