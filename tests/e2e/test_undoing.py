"""An undo takes back in Xero what was sent, in the order in which Xero lets it go, whatever is interrupted; the documents stand here and are not sent again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.deductions import FEE, short
from tests.scene.deferrals import book, deferred
from tests.scene.desk import search
from tests.scene.journals import entry, fee
from tests.scene.payments import partly
from tests.scene.undoing import all_sent, head, marked, press, rows, slice_of, through

KINDS = ("Invoices", "CreditNotes", "Payments", "BatchPayments", "ManualJournals", "BankTransactions", "BankTransfers")


def month(rig: Rig) -> list[scene.Record]:
    """One of each: an invoice with its payment, several in one payment, a fee, a return taken off its invoice, a bill, journals, a transfer, a release."""
    chains = scene.settlements(rig)
    sold = chains[5][0]
    made = [
        *chains[-1],
        *short(rig, 7.0, FEE),
        *scene.paid(rig, 2),
        sold,
        scene.returned(sold),
        *scene.bills(rig, 2),
        entry(rig, ("Office Rent", 10.0, {}), ("Travel Expenses", -10.0, {}), name="JV-1"),
        fee(rig, name="JV-FEE"),
        scene.transfer(rig, 20.0, "Cash"),
    ]
    known: dict[str, scene.Record] = {}
    for record in made:
        known.setdefault(record["name"], record)
    return list(known.values())


def standing(rig: Rig) -> dict[str, int]:
    return {kind: len(scene.live(rig, kind)) for kind in KINDS}


def books(rig: Rig) -> dict[str, Any]:
    """Totals of Xero's books by what makes them, those at nothing left out."""
    found = rig.xero.ledger(parts="totals")["totals"]
    return {str(name): each for name, each in found.items() if each}


def test_a_month_is_sent_and_undone_and_nothing_of_it_stands(rig: Rig) -> None:
    records = month(rig)
    rig.play(records)
    scene.settle(rig)
    made = standing(rig)
    assert made["Invoices"] >= 7 and min(made.values()) >= 1, made
    contacts = len(rig.xero.documents("Contacts"))

    run = marked(rig, **all_sent(rig))
    known, its = head(rig, run), rows(rig, run)
    assert known["state"] == "Ready" and known["documents"] == len(its) == len(records)
    assert {row["mark"] for row in its.values()} == {"Undoable Unless Locked"} and known["approved"] >= 8
    assert standing(rig) == made, "nothing is done before somebody presses Undo"
    calls = len(scene.writes(rig))

    assert press(rig, "start", run) is True and press(rig, "start", run) is False
    done = through(rig, run)
    assert (done["state"], done["undone"], done["with_person"]) == ("Done", len(records), 0), rows(rig, run)
    assert standing(rig) == dict.fromkeys(KINDS, 0) and len(rig.xero.documents("Contacts")) == contacts
    assert {row["state"] for row in rows(rig, run).values()} == {"Undone"} and len(scene.writes(rig)) > calls
    for each in records:
        with rig.frappe() as frappe:
            assert frappe.db.get_value(each["doctype"], each["name"], "docstatus") == 1, "it stands here"
    mine = [row for row in rig.steps() if row["role"] in ("invoice", "credit", "payment", "journal")]
    assert {(row["state"], row["reason_code"], row["undo_run"]) for row in mine} == {("Skipped", "undone-in-xero", run)}
    assert not scene.error_log(rig)
