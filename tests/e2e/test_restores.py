"""A backup that is put back: what Xero has is never made twice, and a person is asked only where that is needed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from sandbox.rig import Rig, connect, go_live, map_everything
from tests.scene import restore_trial, restoring
from tests.scene import rig as scene
from tests.scene.desk import search
from tests.scene.restoring import (
    ALIVE,
    OFF,
    a_little,
    api_calls,
    kinds,
    pass_alive,
    put_back_later,
    retry,
    small_payment,
    written,
)

pytestmark = pytest.mark.case("S2")


# Put back in place


def test_restored_in_place_nothing_is_sent_twice_and_the_rest_goes_once(rig: Rig) -> None:
    records = kinds(rig)
    rig.play(records)
    backup = restoring.back_up(rig)
    scene.settle(rig)
    assert len(scene.live(rig)) == 6
    before = put_back_later(rig, backup)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused"
    assert "put back from a backup" in restoring.reason(rig) and "press Resume" in restoring.reason(rig)
    assert len(restoring.comparisons(rig, before)) == len(api_calls(rig, before)) == 7
    found = restoring.unlinked(rig, state="Found")
    assert Counter(row["document"] for row in found) == Counter(record["name"] for record in records)
    restoring.confirm(rig)
    scene.settle(rig)
    scene.assert_once(rig, records)
    assert set(rig.counts()) == {"Synced"}
    assert not [call for call in written(rig, before) if "/Contacts" not in call["path"]]
    assert {row["state"] for row in restoring.unlinked(rig, bears="Our mark")} == {"Linked"}


def test_a_job_that_redis_has_kept_comes_before_any_sweep_and_sends_nothing(rig: Rig) -> None:
    rig.play(scene.bills(rig, 2))
    backup = restoring.back_up(rig)
    scene.settle(rig)
    rig.advance(OFF)
    restoring.put_back(rig, backup, "restored")
    before = rig.xero.call_count()
    worker = rig.worker("--burst")
    assert worker.process.wait(180) == 0
    assert scene.connection_state(rig) == "Paused" and not written(rig, before)


def test_documents_that_the_restore_has_lost_are_listed_and_sent_by_nobody(rig: Rig) -> None:
    first, lost = scene.bills(rig, 2)
    rig.play([first])
    scene.settle(rig)
    backup = restoring.back_up(rig)
    rig.play([lost])
    scene.settle(rig)
    before = put_back_later(rig, backup)
    rig.play(scene.invoices(rig, 1))
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused"
    (found,) = restoring.unlinked(rig, state="Found")
    assert found["document"] == lost["name"]
    restoring.confirm(rig)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and len(scene.live(rig)) == 3
    assert [row["state"] for row in restoring.unlinked(rig, document=lost["name"])] == ["Confirmed"]
    rig.advance(OFF)
    rig.play(scene.invoices(rig, 2)[1:])
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live", "what was confirmed once is no news"
    assert len(restoring.comparisons(rig, before)) >= 14


def test_a_lost_document_that_is_entered_again_goes_to_a_person(rig: Rig) -> None:
    """It has its old name, since the series was put back too; its mark is another one."""
    first, lost = scene.bills(rig, 2)
    rig.play([first])
    scene.settle(rig)
    backup = restoring.back_up(rig)
    rig.play([lost])
    scene.settle(rig)
    put_back_later(rig, backup)
    rig.play(scene.invoices(rig, 1))
    rig.dispatch()
    restoring.confirm(rig)
    scene.settle(rig)
    again = scene.copied(lost)
    rig.play([again])
    scene.settle(rig)
    step = scene.step(rig, lost["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "perhaps-in-xero")
    assert len([each for each in scene.live(rig) if each["Type"] == "ACCPAY"]) == 2
    other = scene.copied(scene.bills(rig, 3)[2], first["name"] + "-NEXT")
    rig.play([other])
    scene.settle(rig)
    assert scene.step(rig, other["name"])["state"] == "Synced", "another document is not held up by it"


def test_what_was_voided_in_xero_after_it_was_sent_goes_to_a_person(rig: Rig) -> None:
    bill = scene.bills(rig, 1)[0]
    rig.play([bill])
    backup = restoring.back_up(rig)
    scene.settle(rig)
    (shown,) = scene.live(rig)
    rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
    put_back_later(rig, backup)
    rig.dispatch()
    restoring.confirm(rig)
    scene.settle(rig)
    step = scene.step(rig, bill["name"])
    assert not scene.live(rig) and step["reason_code"] == "perhaps-in-xero"
    retry(rig, step["name"])
    scene.settle(rig)
    assert len(scene.live(rig)) == 1 and scene.step(rig, bill["name"])["state"] == "Synced", "a person has said so"


def test_history_notes_are_looked_for_before_they_are_sent_again(rig: Rig) -> None:
    with rig.frappe() as frappe:
        frappe.db.set_value("Xero Connection", rig.connection, "history_notes", "Every document")
        frappe.db.commit()
    bill = scene.bills(rig, 1)[0]
    rig.play([bill])
    with restore_trial.only_rounds(2):
        rig.dispatch()
    assert [step["state"] for step in rig.steps(kind="note")] == ["Pending"]
    rig.play(scene.bills(rig, 2)[1:])
    backup = restoring.back_up(rig)
    scene.settle(rig)
    notes = [call for call in rig.xero.calls() if call["method"] == "PUT" and call["path"].lower().endswith("/history")]
    assert len(notes) == 2
    before = put_back_later(rig, backup)
    rig.dispatch()
    restoring.confirm(rig)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and set(rig.counts()) == {"Synced"}
    assert not written(rig, before)


def test_put_back_once_more_during_the_pause(rig: Rig) -> None:
    records = kinds(rig)
    rig.play(records)
    backup = restoring.back_up(rig)
    scene.settle(rig)
    put_back_later(rig, backup)
    rig.dispatch()
    paused = restoring.back_up(rig, "paused")
    restoring.confirm(rig)
    scene.settle(rig)
    put_back_later(rig, paused)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused"
    restoring.confirm(rig)
    scene.settle(rig)
    scene.assert_once(rig, records)


@pytest.mark.parametrize("kind", ["bills", "journal", "payment"])
def test_a_backup_from_between_sealing_and_sending(rig: Rig, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Its request was never sent as far as that database knows: it has made nothing, and excuses no record in Xero."""
    from picortex_xero.engine import send

    records = {"bills": scene.bills(rig, 2), "journal": [scene.journal(rig, ("Office Rent", 100.0), ("Sales", -100.0))]}
    backups: list[restoring.Backup] = []
    deliver = send.deliver
    if kind == "payment":
        waiting = small_payment(rig)
    else:
        waiting = records[kind]
        scene.make_contacts(rig, [each for each in waiting if each["doctype"] != "Journal Entry"])
        rig.play(waiting)

    def backed_up(context: Any, lease: Any, sealed: list[Any]) -> Any:
        if sealed and not backups:
            backups.append(restoring.back_up(rig, "sealed"))
        return deliver(context, lease, sealed)

    monkeypatch.setattr(send, "deliver", backed_up)
    scene.settle(rig)
    monkeypatch.undo()
    wanted = restore_trial.held(rig)
    before = put_back_later(rig, backups[0])
    scene.sweep(rig)
    assert not [row["reason"] for row in rig.steps() if "For an hour" in (row["reason"] or "")]
    rig.dispatch()
    assert (scene.connection_state(rig) == "Paused") is (kind != "payment")
    if kind == "payment":
        assert scene.step(rig, waiting[-1]["name"], "payment")["reason_code"] == "perhaps-in-xero"
    else:
        restoring.confirm(rig)
        scene.settle(rig)
        assert set(rig.counts()) == {"Synced"}
    assert not written(rig, before) and restore_trial.held(rig) == wanted


@pytest.mark.parametrize("kind", ["bills", "payment"])
def test_a_backup_from_while_a_request_that_never_arrived_is_still_watched(rig: Rig, kind: str) -> None:
    """It was looked for and is certainly not in Xero; its step waits for the limit of the day. Then it was sent, and that is lost."""
    resource = "Invoices" if kind == "bills" else "Payments"
    rig.xero.fault("drop_before", method="PUT", path=f"/{resource}$", times=3)
    if kind == "bills":
        waiting = scene.bills(rig, 2)
        scene.make_contacts(rig, waiting)
        rig.play(waiting)
    else:
        sale, receipt = scene.paid(rig)
        rig.xero.clear_faults()
        rig.play([sale])
        scene.settle(rig)
        rig.xero.fault("drop_before", method="PUT", path="/Payments$", times=3)
        waiting = [a_little(receipt)]
        rig.play(waiting)
    rig.dispatch()
    rig.xero.clear_faults()
    rig.xero.fault("limit", method="PUT", path=f"/{resource}$", problem="day", retry_after=3600, times=1)
    pass_alive(rig, OFF + 2 * ALIVE, send=False)
    rig.dispatch()
    with rig.frappe() as frappe:
        watched = frappe.get_all("Xero Attempt", filters={"state": "Resolved", "watch_until": ("is", "set")})
    assert watched and {row["state"] for row in rig.steps() if row["reference_name"] == waiting[0]["name"]} == {"Pending"}
    backup = restoring.back_up(rig)
    pass_alive(rig, 4000)
    scene.settle(rig)
    wanted = restore_trial.held(rig)
    before = put_back_later(rig, backup)
    pass_alive(rig, 4000)
    if scene.connection_state(rig) == "Paused":
        restoring.confirm(rig)
    scene.settle(rig)
    assert restore_trial.held(rig) == wanted and not written(rig, before)
    assert kind == "bills" or scene.step(rig, waiting[0]["name"], "payment")["reason_code"] == "perhaps-in-xero"


def test_a_backup_from_before_it_went_live(unconnected: Rig) -> None:
    rig = unconnected
    connect(rig)
    map_everything(rig)
    records = kinds(rig)
    rig.play(records)
    backup = restoring.back_up(rig)
    go_live(rig, "AUTHORISED")
    search(rig)
    scene.settle(rig)
    assert len(scene.live(rig)) == 6
    put_back_later(rig, backup)
    go_live(rig, "AUTHORISED", compared=False)
    search(rig)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused"
    restoring.confirm(rig)
    scene.settle(rig)
    scene.assert_once(rig, records)


@pytest.mark.parametrize("kind", ["bills", "payments", "payment"])
def test_a_backup_from_before_it_was_connected(unconnected: Rig, kind: str) -> None:
    """That database knows no connection at all. Xero's lists are compared at Go Live, and again with what the first search has found."""
    rig = unconnected
    if kind == "bills":
        records = kinds(rig)
    else:
        pairs = scene.settlements(rig)[: 2 if kind == "payments" else 1]
        records = [each for sale, receipt in pairs for each in (sale, a_little(receipt))]
    rig.play(records)
    backup = restoring.back_up(rig)

    def set_up() -> None:
        connect(rig)
        map_everything(rig)
        go_live(rig, "AUTHORISED", compared=False)
        rig.dispatch()
        search(rig)
        rig.dispatch()

    set_up()
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and not restoring.unlinked(rig)
    wanted = restore_trial.held(rig)
    rig.connection = ""
    before = put_back_later(rig, backup)
    set_up()
    assert scene.connection_state(rig) == "Paused" and "put back from a backup" in restoring.reason(rig)
    restoring.confirm(rig)
    pass_alive(rig, 600)
    assert restore_trial.held(rig) == wanted
    assert not [call for call in written(rig, before) if "/Contacts" not in call["path"]]
    search(rig)
    rig.dispatch()
    calls = rig.xero.call_count()
    search(rig)
    rig.dispatch()
    assert not restoring.comparisons(rig, calls), "once the search is through, it is a connection like any other"


def test_going_live_where_nothing_was_sent_asks_nobody(unconnected: Rig) -> None:
    rig = unconnected
    connect(rig)
    map_everything(rig)
    records = kinds(rig)
    rig.play(records)
    go_live(rig, "AUTHORISED", compared=False)
    before = rig.xero.call_count()
    rig.dispatch()
    search(rig)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and set(rig.counts()) == {"Synced"} and not restoring.unlinked(rig)
    assert len(restoring.comparisons(rig, before)) == 14
    scene.assert_once(rig, records)
