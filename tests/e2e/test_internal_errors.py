"""Xero fails with an internal error (500), over one document or over all: the others arrive, the culprit is told, nothing is there twice."""

from __future__ import annotations

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import again, hours
from tests.scene.telling import make_admin, notified


def members(rig: Rig, path: str = "/Invoices") -> list[int]:
    """How many elements each write had, in order."""
    return [len(next(iter(call["request"].values()))) for call in scene.writes(rig, path.strip("/"))]


@pytest.mark.case("28")
@pytest.mark.parametrize("written", [False, True], ids=["not written", "written all the same"])
def test_one_document_that_makes_xero_fail_stops_no_other(rig: Rig, written: bool) -> None:
    records = scene.bills(rig, 9)
    culprit = records[4]["name"]
    scene.make_contacts(rig, records)
    make_admin(rig)
    rig.xero.fault("error_after" if written else "error_before", method="PUT", path="/Invoices$", body=culprit, status=500, times=100_000)
    rig.play(records)
    hours(rig, 1.5)
    states = {record["name"]: scene.step(rig, record["name"])["state"] for record in records}
    others = {name: state for name, state in states.items() if name != culprit}
    assert set(others.values()) == {"Synced"}
    if written:
        assert states[culprit] == "Synced"
        scene.assert_once(rig, records)
        return
    step = scene.step(rig, culprit)
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "xero-internal-error") and culprit in step["reason"]
    assert len(notified(rig)) == 1
    assert members(rig)[:2] == [9, 9] and sorted(members(rig)[2:4]) == [4, 5], "once more as it was, then halved, both at once"
    assert len(scene.writes(rig, "Invoices")) == len({call["headers"]["idempotency-key"] for call in scene.writes(rig, "Invoices")})
    rig.xero.clear_faults()
    again(rig, step["name"])
    scene.settle(rig)
    scene.assert_once(rig, records)


@pytest.mark.case("28")
def test_new_documents_never_join_a_request_that_fails(rig: Rig) -> None:
    records, later = scene.bills(rig, 3), scene.invoices(rig, 6)
    culprit = records[1]["name"]
    scene.make_contacts(rig, [*records, *later])
    rig.xero.fault("error_before", method="PUT", path="/Invoices$", body=culprit, status=500, times=100_000)
    rig.play(records)
    rig.dispatch()
    for record in later:
        rig.advance(400)
        rig.play([record])
        rig.dispatch()
        assert scene.step(rig, record["name"])["state"] == "Synced", "it waits for nobody"
    hours(rig, 1)
    assert scene.step(rig, culprit)["state"] == "Needs Attention"
    scene.assert_once(rig, [record for record in [*records, *later] if record["name"] != culprit])


@pytest.mark.case("28")
def test_an_outage_of_everything_rests_longer_each_time_and_keeps_the_grouping(rig: Rig) -> None:
    # Of bills Xero is asked first, so that nothing of them would be unclear.
    records = scene.invoices(rig, 6)
    scene.make_contacts(rig, records)
    make_admin(rig)
    rig.xero.fault("error_before", path="/api.xro/", status=500, times=100_000)
    rig.play(records)
    before = len(rig.xero.calls(path="/api.xro/"))
    hours(rig, 3)
    calls = len(rig.xero.calls(path="/api.xro/")) - before
    assert calls <= 40, f"{calls} calls in three hours of outage"
    assert len(notified(rig)) == 1, "what is unclear for an hour is told, once"
    assert {scene.step(rig, record["name"])["reason_code"] for record in records} == {"unclear"}
    rig.xero.clear_faults()
    hours(rig, 1)
    scene.assert_once(rig, records)
    assert members(rig) == [6, 6], "one request of six, and once more when it was certain that Xero had none of it"


def test_a_list_that_fails_keeps_no_other_document_waiting(rig: Rig) -> None:
    """Xero's list, from which one request's fate would be read, fails; other documents go."""
    bills, sales = scene.bills(rig, 2), scene.paid(rig)
    scene.make_contacts(rig, [*bills, *sales[:-1]])
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play(bills)
    rig.dispatch()
    rig.advance(700)
    rig.xero.fault("error_before", method="GET", path="/Invoices$", status=500, times=6)
    transfer = scene.transfer(rig, 75.0, "Cash")
    rig.play([transfer])
    rig.dispatch()
    assert scene.step(rig, transfer["name"])["state"] in ("Synced", "Needs Attention", "Held")
    hours(rig, 2)
    scene.assert_once(rig, bills)


@pytest.mark.case("E1")
@pytest.mark.parametrize("status", [500, 404, 400])
def test_a_record_that_xero_cannot_show_stops_only_what_needs_it(rig: Rig, status: int) -> None:
    first, second = scene.settlements(rig)[:2]
    rig.play([first[0], second[0]])
    scene.settle(rig)
    make_admin(rig)
    wanted = next(each["InvoiceID"] for each in scene.live(rig) if each["InvoiceNumber"] == first[0]["name"])
    rig.xero.fault("error_before", method="GET", path="/Invoices$", query=wanted, status=status, times=100_000)
    rig.play([first[-1], second[-1]])
    rig.dispatch()
    assert scene.step(rig, second[-1]["name"])["state"] == "Synced", "it does not wait for the other"
    hours(rig, 1.5)
    stuck = scene.step(rig, first[-1]["name"])
    assert (stuck["state"], stuck["reason_code"]) == ("Needs Attention", "xero-cannot-show") and len(notified(rig)) == 1
    rig.xero.clear_faults()
    again(rig, stuck["name"])
    scene.settle(rig)
    scene.assert_once(rig, [*first, *second])


def test_what_xero_could_not_show_before_is_no_internal_error(rig: Rig) -> None:
    """The first 500 of a payment is its first, whatever else failed before."""
    first = scene.settlements(rig)[0]
    rig.play([first[0]])
    scene.settle(rig)
    rig.xero.fault("error_before", method="GET", path="/Invoices$", status=404, times=100_000)
    rig.play([first[-1]])
    rig.dispatch()
    assert scene.step(rig, first[-1]["name"])["reason_code"] == "xero-cannot-show"
    rig.xero.clear_faults()
    rig.xero.fault("error_before", method="PUT", path="/Payments$", status=500)
    hours(rig, 1)
    assert scene.step(rig, first[-1]["name"])["state"] == "Synced"
    scene.assert_once(rig, first)


def test_causes_that_alternate_are_told_in_the_end(rig: Rig) -> None:
    """A payment is taken back; Xero answers in turn with a time-out and an internal error."""
    first = scene.settlements(rig)[0]
    rig.play(first)
    scene.settle(rig)
    make_admin(rig)
    rig.play([scene.cancelling(first[-1])])
    tries = 0
    for _minute in range(180):
        rig.xero.clear_faults()
        rig.xero.fault("error_before", method="POST", path="/Payments/", status=500 if tries % 2 else 408, times=1)
        rig.advance(60)
        rig.dispatch()
        step = next(each for each in rig.steps(reference_name=first[-1]["name"]) if each["role"].startswith("void"))
        tries = step["tries"]
        if step["state"] not in scene.ON_THE_WAY:
            break
    assert step["state"] == "Needs Attention" and tries <= 7 and len(notified(rig)) == 1, (step["state"], tries)


def test_a_payment_that_xero_neither_takes_nor_lets_be_decided_is_told(rig: Rig) -> None:
    first = scene.settlements(rig)[0]
    rig.play([first[0]])
    scene.settle(rig)
    make_admin(rig)
    rig.play([first[-1]])
    seen: list[object] = []
    for _minute in range(240):
        rig.xero.clear_faults()
        rig.xero.fault("error_before", method="PUT", path="/Payments$", status=500, times=1000)
        if len(seen) % 2:
            rig.xero.fault("error_before", method="GET", path="/Invoices$", status=404, times=1000)
        rig.advance(60)
        rig.dispatch()
        step = scene.step(rig, first[-1]["name"])
        if (state := (step["state"], step["failing"], step["failures"], step["tries"])) not in seen:
            seen.append(state)
        if step["state"] not in scene.ON_THE_WAY:
            break
    assert step["state"] == "Needs Attention" and len(notified(rig)) == 1, seen
    assert len(scene.writes(rig, "Payments")) <= 6
