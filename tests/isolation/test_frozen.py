"""A worker that is stopped for ten minutes at any point up to the transport's last look at the clock, and workers whose clocks are ten
minutes apart: the others' documents go, nothing is there twice. What no look at the clock can stop is planted once, found and told to
people."""

from __future__ import annotations

import os
import signal
import uuid

import pytest
import redis

from sandbox.host.processes import SiteProcess, wait_for
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.ledger import actions
from tests.scene.stage import rig, stage, unconnected
from tests.scene.telling import ADMIN, make_admin, notified
from tests.scene.workers import recover

__all__ = ["rig", "stage", "unconnected"]

TEN_MINUTES = 600
APP = "picortex_xero."
# In the order of the protocol. The transport looks at the clock before the headers (1) and in the call that hands over the body (2).
POINTS = {
    "lease taken": f"{APP}engine.leases:acquire:after",
    "claimed": f"{APP}engine.run:claim:after",
    "looked": f"{APP}engine.seal:_looked:after",
    "sealed": f"{APP}engine.seal:build:after",
    "stamping": f"{APP}engine.attempts:Attempt.stamp:before",
    "stamped": f"{APP}engine.send:_sent:before",
    "lease proven": f"{APP}engine.leases:Lease.extend:after",
    "connecting": f"{APP}xero.client:_exchange:before",
    "before the headers": f"{APP}xero.client:stop_if_late:before",
    "before the body": f"{APP}xero.client:stop_if_late:before:{{last}}",
    "answered": f"{APP}engine.record:record:before",
    "recorded": f"{APP}engine.record:record:after",
}
PAST_THE_LAST_LOOK = f"{APP}xero.client:stop_if_late:after:{{last}}"


def frozen(rig: Rig, point: str) -> tuple[SiteProcess, int]:
    """A worker that has stopped itself at this point, and the process that stands still."""
    reached = rig.folder / f"reached-{uuid.uuid4().hex}"
    worker = rig.worker("--burst", breakpoint_at=point, signal_file=reached, freeze=True)
    wait_for(reached, 120)
    return worker, int(reached.read_text().split()[0])


def thaw(worker: SiteProcess, stopped: int) -> None:
    """Let it go on where it was, and wait until it has ended."""
    os.kill(stopped, signal.SIGCONT)
    worker.process.wait(180)


def looks_before(rig: Rig, records: list[scene.Record]) -> int:
    """How often the transport looks at the clock before the body of the write of these documents leaves: each read looks once."""
    from picortex_xero.xero import client

    seen: list[str] = []
    whole = client.stop_if_late

    def counting(request: client.Request) -> None:
        seen.append(request.method)
        whole(request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "stop_if_late", counting)
        rig.play(records)
        rig.dispatch()
    return next(at for at, method in enumerate(seen) if method == "PUT") + 2


@pytest.mark.case("E2")
@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_stands_still_for_ten_minutes_sends_nothing_late(rig: Rig, point: str) -> None:
    first, second, *innocents = scene.bills(rig, 4)
    scene.make_contacts(rig, [first, second, *innocents])
    last = looks_before(rig, [first])
    redis.Redis.from_url(rig.queue.url).flushall()
    rig.play([second])
    worker, stopped = frozen(rig, POINTS[point].format(last=last))
    rig.play(innocents)
    rig.advance(TEN_MINUTES)
    recover(rig, 1)
    for record in (second, *innocents):
        assert scene.step(rig, record["name"])["state"] == "Synced", "it did not wait for the one that stands still"
    thaw(worker, stopped)
    recover(rig, 1)
    scene.assert_once(rig, [first, second, *innocents])
    assert len(actions(rig, "Invoices", "created")) == 4


@pytest.mark.case("E2")
@pytest.mark.parametrize("survives", [True, False])
def test_what_leaves_after_the_last_look_is_found_and_told(rig: Rig, survives: bool) -> None:
    """Between the last look at the clock and the operating system's send nothing can be checked (docs/architecture.md)."""
    first, second = scene.bills(rig, 2)
    scene.make_contacts(rig, [first, second])
    last = looks_before(rig, [first])
    redis.Redis.from_url(rig.queue.url).flushall()
    rig.play([second])
    worker, stopped = frozen(rig, PAST_THE_LAST_LOOK.format(last=last))
    rig.advance(TEN_MINUTES)
    recover(rig, 1)
    assert scene.step(rig, second["name"])["state"] == "Synced"
    make_admin(rig)
    if survives:
        thaw(worker, stopped)
    else:
        held = rig.xero.fault("hold_after", method="PUT", path="/Invoices$")
        os.kill(stopped, signal.SIGCONT)
        scene.wait_for_hit(rig, held["id"])
        worker.kill()
        rig.xero.release(held["id"])
    assert len(actions(rig, "Invoices", "created")) == 3, "the late request has made a second record: the case is planted"
    rig.advance(3600)
    if not survives:
        scene.with_site(rig, _hourly)
    scene.sweep(rig)
    step = scene.step(rig, second["name"])
    assert step["state"] == "Needs Attention" and step["reason_code"] == "twice-in-xero" and step["told"]
    live = [
        each["InvoiceID"]
        for each in scene.live(rig)
        if each["InvoiceNumber"] == second["doc"]["bill_no"] or each["Url"] and second["name"] in each["Url"]
    ]
    assert len(live) == 2 and all(each in step["reason"] for each in live)
    assert notified(rig) == [ADMIN]
    scene.with_site(rig, _hourly)
    scene.sweep(rig)
    assert notified(rig) == [ADMIN], "told once"


@pytest.mark.case("S5")
@pytest.mark.parametrize("skew", [TEN_MINUTES, -TEN_MINUTES])
def test_workers_whose_clocks_are_ten_minutes_apart_agree(rig: Rig, skew: float) -> None:
    """A lost answer: one worker has just asked when the other one, whose clock is ahead, comes to look."""
    records = scene.bills(rig, 3)
    scene.make_contacts(rig, records)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play(records)
    assert rig.worker("--burst", skew=skew).process.wait(180) == 0
    assert {scene.step(rig, record["name"])["state"] for record in records} == {"Unknown"}
    for _ in range(4):
        scene.sweep(rig)
        for own in (-skew, skew):
            assert rig.worker("--burst", skew=own).process.wait(180) == 0
        rig.advance(20)
    assert len(scene.writes(rig, "Invoices")) == len({call["headers"]["idempotency-key"] for call in scene.writes(rig, "Invoices")}) + 1
    scene.settle(rig)
    scene.assert_once(rig, records)
    assert len(actions(rig, "Invoices", "created")) == 3


def _hourly(frappe: object) -> None:
    from picortex_xero.sync import jobs

    jobs.find_missed()
