"""The undo of an import, in simulated time: what its marks say before it begins is what has become of each document in Xero after it, although a worker dies in its
middle.

Before it an accountant locks the first days in Xero, and a person pays an invoice there, so that not every document can be taken back.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.history_books import Record
from benchmarks.history_import import Broken, Clock
from sandbox.rig import Rig

RUN, ROW = "Xero Undo Run", "Xero Undo Row"
GONE = ("VOIDED", "DELETED")
IDS = {"Invoices": "InvoiceID", "Payments": "PaymentID"}
LOCKED_DAYS = 4
# So many are on their way at once (engine/undo_work.py).
AT_ONCE = 300
# By mark: what the row of a document says in the end, and whether its records still count in Xero.
SAID = {
    "Undoable": ("Undone", False),
    "Undoable Unless Locked": ("Undone", False),
    "Stays": ("Stays", True),
    "By Credit Note Only": ("With a Person", True),
    "By Hand Only": ("With a Person", True),
}
# Longer than any list of Xero's waits for its turn to be read, and a new day of calls for that.
TURN = 26 * 3600
# Once the calls of a day are used up, a part of them is free again after so long.
TWO_HOURS = 2 * 3600


@dataclass
class Undo:
    """An undo that was begun: what it said before it began (`marks`, by DocType and name), `contacts` there were before it and so many `calls`, it has taken so many `seconds` of
    real time, and a worker has died in it (`killed`) or will."""

    run: str
    marks: dict[tuple[str, str], str]
    contacts: int
    calls: int
    seconds: float
    killed: bool = False


def begun(clock: Clock, history_run: str, first: date, told: Callable[[str], None]) -> Undo:
    """Hinder and mark the undo of an import of documents from that day on, which is through, and press Undo. Raises Broken."""
    rig, began = clock.rig, time.monotonic()
    _hinder(clock, first)
    contacts, calls = _contacts(rig), clock.seen.last
    run = _marked(clock, history_run)
    marks = {who: str(row["mark"]) for who, row in _rows(rig, run).items()}
    told(f"marked after {time.monotonic() - began:.0f} s: {dict(Counter(marks.values()))}")
    with rig.frappe() as frappe:
        from picortex_xero.engine import undoing

        if not undoing.start(run):
            raise Broken("it could not be undone")
        frappe.db.commit()
    return Undo(run, marks, contacts, calls, time.monotonic() - began)


def pressed_now(clock: Clock, undo: Undo) -> int:
    """Press Take Back Now; how many documents were gone by then. Raises Broken where it does nothing."""
    with clock.rig.frappe() as frappe:
        from picortex_xero.engine import undoing

        if not undoing.at_once(undo.run):
            raise Broken("Take Back Now did nothing")
        frappe.db.commit()
    return int(_row(clock.rig, undo.run)["undone"])


def undone(clock: Clock, undo: Undo, told: Callable[[str], None], now_and_then: Callable[[], None]) -> Record:
    """Let an undo go on to its end; what was said and what came of it, for the record. `now_and_then` is called after each minute. Raises Broken where these differ."""
    rig = clock.rig
    row = _through(clock, undo, told, now_and_then)
    outcome, wrong = _judged(rig, undo.marks, _rows(rig, undo.run))
    if (after := _contacts(rig)) != undo.contacts:
        wrong.append(f"{undo.contacts} contacts before, {after} after")
    if wrong:
        raise Broken(f"{len(wrong)} wrong after the undo:\n" + "\n".join(wrong[:20]))
    return {
        "by mark": outcome,
        "approved records said to stay as voided": int(row["approved"]),
        "contacts before and after": [undo.contacts, after],
        "workers killed": int(undo.killed),
        "days": round((row["finished_at"] - row["confirmed_at"]).total_seconds() / 86400, 2),
        "requests": clock.seen.last - undo.calls,
        "seconds": round(undo.seconds),
    }


def _hinder(clock: Clock, first: date) -> None:
    """Let people do in Xero what stands in the way of some, and the app read it."""
    rig = clock.rig
    shown = rig.xero.documents("Invoices", fields=("InvoiceID", "Type", "Status"))
    open_ = next(each for each in reversed(shown) if each["Type"] == "ACCREC" and each["Status"] == "AUTHORISED")
    rig.xero.person("pay_invoice", InvoiceID=open_["InvoiceID"])
    rig.xero.person("set_lock_dates", period=str(first + timedelta(days=LOCKED_DAYS - 1)))
    clock.rest(TURN)
    with rig.frappe() as frappe:
        from picortex_xero.connection import connecting
        from picortex_xero.engine import jobs

        jobs.dispatch(rig.connection)
        connecting.refresh(rig.connection)
        frappe.db.commit()
    clock.seen.look(rig)


def _marked(clock: Clock, history_run: str) -> str:
    with clock.rig.frappe() as frappe:
        from picortex_xero.engine import undo_rows, undoing

        run = str(undoing.look(clock.rig.connection, undo_rows.IMPORT, history_run))
        frappe.db.commit()
    while _row(clock.rig, run)["state"] != "Ready":
        _row_now, busy = clock.minute(RUN, run)
        clock.on(busy)
    return run


def _through(clock: Clock, undo: Undo, told: Callable[[str], None], now_and_then: Callable[[], None]) -> Record:
    """The row of an undo once it is over. In its middle the worker dies."""
    busy_minutes, shown = 0, time.monotonic()
    while True:
        began = time.monotonic()
        row, busy = clock.minute(RUN, undo.run)
        undo.seconds += time.monotonic() - began
        if time.monotonic() - shown > 60:
            shown = time.monotonic()
            told(f"{row['undone']} of {row['documents']} undone, {row['with_person']} with a person, {row['reason'] or ''}")
        if row["state"] == "Done":
            break
        busy_minutes += busy
        # Few documents are all on their way together.
        together = row["documents"] <= AT_ONCE and busy_minutes == 1
        if not undo.killed and (together or row["undone"] > row["documents"] * 0.3):
            undo.killed = True
            clock.kill_after_next()
        else:
            now_and_then()
        if busy:
            clock.on(busy)
        else:
            clock.rest(TWO_HOURS)
    if not undo.killed:
        raise Broken("no worker died in its middle")
    return row


def _judged(rig: Rig, marks: dict[tuple[str, str], str], found: dict[tuple[str, str], Record]) -> tuple[Record, list[str]]:
    """By mark how many documents there were and how many of them came out as it said, and what did not."""
    gone = {
        str(each[key])
        for resource, key in IDS.items()
        for each in rig.xero.documents(resource, fields=(key, "Status"))
        if each["Status"] in GONE
    }
    records = _records(rig)
    outcome: dict[str, Record] = {mark: {"documents": 0, "as it said": 0} for mark in SAID}
    wrong = []
    for who, mark in marks.items():
        state, counts = SAID[mark]
        row = found[who]
        its = records.get(who, [])
        still = [each for each in its if each not in gone]
        # What is gone is gone as a whole, what stays stays as a whole.
        as_said = row["state"] == state and (still == its if counts else not still)
        outcome[mark]["documents"] += 1
        outcome[mark]["as it said"] += as_said
        if not as_said:
            wrong.append(f"{who[1]}: {mark}, and is {row['state']} with {len(still)} of {len(its)} records: {row['said']}")
    return {mark: each for mark, each in outcome.items() if each["documents"]}, wrong


def _records(rig: Rig) -> dict[tuple[str, str], list[str]]:
    """By DocType and name the ids of the records that a document became."""
    found: dict[tuple[str, str], list[str]] = {}
    with rig.frappe() as frappe:
        for row in frappe.get_all(
            "Xero Link", filters={"connection": rig.connection}, fields=["reference_doctype", "reference_name", "xero_id"]
        ):
            found.setdefault((row["reference_doctype"], row["reference_name"]), []).append(str(row["xero_id"]))
    return found


def _rows(rig: Rig, run: str) -> dict[tuple[str, str], Record]:
    with rig.frappe() as frappe:
        fields = ["reference_doctype", "reference_name", "mark", "state", "said"]
        rows = frappe.get_all(ROW, filters={"undo_run": run}, fields=fields)
        return {(each["reference_doctype"], each["reference_name"]): dict(each) for each in rows}


def _row(rig: Rig, run: str) -> Record:
    with rig.frappe() as frappe:
        return dict(frappe.get_all(RUN, filters={"name": run}, fields=["*"])[0])


def _contacts(rig: Rig) -> int:
    """How many contacts of Xero's are active."""
    return sum(each["ContactStatus"] == "ACTIVE" for each in rig.xero.documents("Contacts", fields=("ContactStatus",)))
