"""The undo of an import, in simulated time: what its marks say before it begins is what has become of each document in Xero after it, although a worker dies in its
middle.

Before it an accountant locks the first days in Xero, and a person pays an invoice there, so that not every document can be taken back.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
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


def undone(clock: Clock, history_run: str, first: date, told: Callable[[str], None]) -> Record:
    """Undo an import of documents from that day on, which is through; what was said and what came of it, for the record. Raises Broken where these differ."""
    rig, began = clock.rig, time.monotonic()
    _hinder(clock, first)
    contacts, calls = _contacts(rig), clock.seen.last
    run = _marked(clock, history_run)
    said, known = _rows(rig, run), _row(rig, run)
    told(f"marked after {time.monotonic() - began:.0f} s: {dict(Counter(each['mark'] for each in said.values()))}")
    row = _through(clock, run, told)
    outcome, wrong = _judged(rig, said, _rows(rig, run))
    if (after := _contacts(rig)) != contacts:
        wrong.append(f"{contacts} contacts before, {after} after")
    if wrong:
        raise Broken(f"{len(wrong)} wrong after the undo:\n" + "\n".join(wrong[:20]))
    return {
        "by mark": outcome,
        "approved records said to stay as voided": int(known["approved"]),
        "contacts before and after": [contacts, after],
        "workers killed": 1,
        "days": round((row["finished_at"] - row["confirmed_at"]).total_seconds() / 86400, 2),
        "requests": clock.seen.last - calls,
        "seconds": round(time.monotonic() - began),
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


def _through(clock: Clock, run: str, told: Callable[[str], None]) -> Record:
    """Somebody presses Undo; its row once it is over. In its middle the worker dies."""
    rig = clock.rig
    with rig.frappe() as frappe:
        from picortex_xero.engine import undoing

        if not undoing.start(run):
            raise Broken("it could not be undone")
        frappe.db.commit()
    killed, busy_minutes, shown = False, 0, time.monotonic()
    while True:
        row, busy = clock.minute(RUN, run)
        if time.monotonic() - shown > 60:
            shown = time.monotonic()
            told(f"{row['undone']} of {row['documents']} undone, {row['with_person']} with a person, {row['reason'] or ''}")
        if row["state"] == "Done":
            break
        busy_minutes += busy
        # Few documents are all on their way together.
        together = row["documents"] <= AT_ONCE and busy_minutes == 1
        if not killed and (together or row["undone"] > row["documents"] * 0.3):
            killed = True
            clock.kill_after_next()
        clock.on(busy)
    if not killed:
        raise Broken("no worker died in its middle")
    return row


def _judged(rig: Rig, said: dict[tuple[str, str], Record], found: dict[tuple[str, str], Record]) -> tuple[Record, list[str]]:
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
    for who, row in said.items():
        state, counts = SAID[row["mark"]]
        its = records.get(who, [])
        still = [each for each in its if each not in gone]
        # What is gone is gone as a whole, what stays stays as a whole.
        as_said = found[who]["state"] == state and (still == its if counts else not still)
        outcome[row["mark"]]["documents"] += 1
        outcome[row["mark"]]["as it said"] += as_said
        if not as_said:
            wrong.append(
                f"{who[1]}: {row['mark']}, and is {found[who]['state']} with {len(still)} of {len(its)} records: {found[who]['said']}"
            )
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
