"""What payments that wait for an approval in Xero cost: calls a day, however many wait.

`make test-approvals` does it with 1,000 payments.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from picortex_xero.inbound import pace
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.reading import begin, pass_alive, reads

pytestmark = pytest.mark.case("19")
COUNT = int(os.environ.get("APPROVALS") or 60)
STEP, DAY = 300, 24 * 3600
# Documents in one look, see engine/look_at_xero.py: batches of 50, forty ids to a call.
LOOKS_PER_BATCH = 2


def waiting(rig: Rig, count: int) -> list[scene.Record]:
    """So many drafts in Xero, each with a payment here that waits for its approval."""
    scene.set_up(rig, "DRAFT")
    sale, payment = scene.paid(rig)
    records = []
    for number in range(count):
        invoice = scene.copied(sale, f"DRAFT-{number}")
        paying = scene.copied(payment, f"PAY-{number}")
        paying["doc"]["references"][0].update(reference_name=invoice["name"])
        records += [invoice, paying]
    rig.play(records)
    while any(row["state"] == "Pending" and row["reason_code"] != "waiting-approval" for row in rig.steps()):
        rig.dispatch()
    rig.dispatch()
    assert {row["reason_code"] for row in rig.steps(reference_doctype="Payment Entry")} == {"waiting-approval"}
    return records


def pass_a_day(rig: Rig) -> list[dict[str, Any]]:
    """A day of the scheduler; the calls of the API that it cost."""
    since = rig.xero.call_count()
    for _ in range(DAY // STEP):
        pass_alive(rig, STEP)
        with rig.frappe():
            from picortex_xero.engine import clock, run

            clock.synchronise()
            due = run.next_due(rig.connection)
        if due:
            rig.dispatch()
    return rig.xero.calls(since, "/api.xro/")


def test_a_day_of_waiting_costs_under_200_calls_and_then_all_go(unconnected: Rig) -> None:
    rig = unconnected
    waiting(rig, COUNT)
    calls = pass_a_day(rig)
    read = [call for call in calls if "if-modified-since" in call["headers"]]
    looks = len(calls) - len(read)
    most = pace.most_a_day(("Invoices", "CreditNotes", "Contacts"), ("Invoices",))
    assert len(read) <= most, "what is read does not depend on how many wait"
    batches = -(-COUNT // 50)
    assert looks <= LOOKS_PER_BATCH * batches + 1, "once a day forty at a time, for what the reader may miss"
    # With every endpoint in use and 1,000 payments:
    assert pace.most_a_day(pace.PACE, ("Invoices",)) + LOOKS_PER_BATCH * 20 < 200
    assert len(calls) < 200, len(calls)
    for invoice in scene.live(rig):
        rig.xero.person("approve_invoice", InvoiceID=invoice["InvoiceID"])
    since = rig.xero.call_count()
    pass_alive(rig, 16 * 60)
    for _ in range(2 + COUNT // 150):
        rig.dispatch()
    assert {row["state"] for row in rig.steps()} == {"Synced"}
    assert len(scene.live(rig, "Payments")) == COUNT and not [each for each in scene.live(rig) if scene.due(each)]
    assert len(reads(rig, since)) <= 2, "one read wakes all of them"


def test_an_idle_organisation_costs_few_calls(rig: Rig) -> None:
    *sales, payment = scene.paid(rig)
    rig.play([*sales, payment])
    begin(rig)
    calls = pass_a_day(rig)
    assert len(calls) <= pace.most_a_day(("Invoices", "Payments", "Contacts"), ()) <= 33
    assert all("if-modified-since" in call["headers"] for call in calls)


def test_what_the_reader_misses_is_looked_at_within_a_day(unconnected: Rig) -> None:
    rig = unconnected
    waiting(rig, 1)
    rig.xero.fault("instead", path="/Invoices$", method="GET", times=10**6, text='{"Invoices": []}')
    rig.xero.person("approve_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"])
    pass_alive(rig, 16 * 60)
    rig.dispatch()
    assert scene.step(rig, "PAY-0")["reason_code"] == "waiting-approval"
    rig.xero.clear_faults()
    rig.advance(1)

    def unread(frappe: Any) -> None:
        # As if Xero's list had never shown it.
        from picortex_xero.engine.clock import now
        from picortex_xero.inbound import cursors

        cursors.keep(rig.connection, "Invoices", cursors.Cursor("2099-01-01T00:00:00", now().isoformat()))

    scene.with_site(rig, unread)
    rig.advance(DAY)
    rig.dispatch()
    assert scene.step(rig, "PAY-0")["state"] == "Synced"
