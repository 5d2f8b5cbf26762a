"""What a person wants of a step stands however often the step is claimed and given back: Put Back is done, or it is open again and says why; it is never said to be done while
Xero has something else."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.host.processes import wait_for
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import change
from tests.scene.reading import begin, pass_alive, read
from tests.scene.workers import recover

LISTED, STEP = "Xero Changed Record", "Xero Outbox Entry"
THERE = "2027-03-01"
# What a step counts, and when it goes next; all else is what it is about, and stands.
COUNTED = {"state", "due_at", "attempt", "epoch", "tries", "failures", "failing", "request_group", "batch_limit", "modified", "modified_by"}
COUNTED |= {"kind", "reason_code", "reason", "cure", "reason_parts", "blocked_on", "awaits", "told"}


@pytest.fixture
def edited(rig: Rig) -> scene.Record:
    """An invoice whose due date somebody has changed in Xero, and that a person has put back; nothing of that has run yet."""
    sale = scene.invoices(rig)[0]
    rig.play([sale])
    begin(rig)
    read(rig)
    rig.xero.person("edit_invoice", InvoiceID=shown(rig, sale)["InvoiceID"], DueDate=THERE)
    read(rig)
    call(rig, "put_back")
    assert listed(rig)["state"] == "Being Put Back"
    return sale


def call(rig: Rig, what: str, **more: Any) -> Any:
    from picortex_xero.api import changes

    name = listed(rig)["name"]
    return scene.with_site(rig, lambda _frappe: getattr(changes, what)(name, **more))


def listed(rig: Rig) -> dict[str, Any]:
    (row,) = scene.with_site(rig, lambda frappe: frappe.get_all(LISTED, fields=["*"]))
    return dict(row)


def shown(rig: Rig, sale: scene.Record) -> dict[str, Any]:
    return next(each for each in rig.xero.documents("Invoices") if each["InvoiceNumber"] == sale["name"])


def look(rig: Rig, number: int = 1) -> dict[str, Any]:
    (step,) = rig.steps(role=f"recheck-{number}")
    return dict(scene.with_site(rig, lambda frappe: frappe.db.get_value(STEP, step["name"], "*", as_dict=True)))


def is_put_back(rig: Rig, sale: scene.Record) -> None:
    read(rig)
    assert shown(rig, sale)["DueDate"] == str(sale["doc"]["due_date"]) and listed(rig)["state"] == "Put Back"
    assert [row["state"] for row in rig.steps(role="recheck-1")] == ["Synced"] and not scene.error_log(rig)
    assert shown(rig, sale)["Total"] == scene.total(sale) and len(scene.live(rig)) == 1


def fault(method: str, kind: str, **more: Any) -> Callable[[Rig], None]:
    def hits(rig: Rig) -> None:
        rig.xero.fault(kind, method=method, path="" if kind == "limit" else "/Invoices", **more)

    return hits


FAULTS = {
    "no answer to the reading": fault("GET", "drop_before", times=3),
    "an error for the reading": fault("GET", "error_before", status=503, times=3),
    "half an answer to the reading": fault("GET", "truncated", times=2),
    "the minute is used up at the reading": fault("GET", "limit", problem="minute", retry_after=40),
    "the request never arrives": fault("POST", "drop_before", times=4),
    "no answer to the request": fault("POST", "drop_after", times=2),
    "an error for the request": fault("POST", "error_before", status=500),
    "an error after the request": fault("POST", "error_after", status=500),
    "the minute is used up at the request": fault("POST", "limit", problem="minute", retry_after=40),
    "the day is used up at the request": fault("POST", "limit", problem="day", retry_after=4000),
}


@pytest.mark.parametrize("trouble", FAULTS)
def test_xero_does_not_answer(rig: Rig, edited: scene.Record, trouble: str) -> None:
    FAULTS[trouble](rig)
    before = look(rig)
    rig.dispatch()
    after = look(rig)
    if after["state"] in ("Pending", "Sending", "Unknown"):
        assert {name: value for name, value in after.items() if name not in COUNTED} == {
            name: value for name, value in before.items() if name not in COUNTED
        }
    for _each in range(12):
        pass_alive(rig, 600)
        rig.dispatch()
    is_put_back(rig, edited)


@pytest.mark.parametrize(
    "moment", ["engine.run:claim:after", "engine.seal:build:after", "engine.record:record:before", "engine.record:record:after"]
)
def test_a_worker_is_killed(rig: Rig, edited: scene.Record, moment: str) -> None:
    reached = rig.folder / f"reached-{uuid.uuid4().hex}"
    worker = rig.worker(breakpoint_at=f"picortex_xero.{moment}", signal_file=reached)
    wait_for(reached, 120)
    worker.kill()
    recover(rig, 400)
    is_put_back(rig, edited)


@pytest.mark.parametrize("error", ["deadlock", "lease"])
@pytest.mark.parametrize("where", ["seal.build", "send.deliver"])
def test_another_worker_was_faster(rig: Rig, edited: scene.Record, monkeypatch: pytest.MonkeyPatch, error: str, where: str) -> None:
    from picortex_xero.engine import seal, send

    module = seal if where == "seal.build" else send
    name, done = where.partition(".")[2], list[str]()
    works = getattr(module, name)

    def loses(*given: Any) -> Any:
        import frappe

        if not done:
            done.append(error)
            raise frappe.QueryDeadlockError("Deadlock found") if error == "deadlock" else send.LeaseLost
        return works(*given)

    monkeypatch.setattr(module, name, loses)
    rig.dispatch()
    assert done
    for _each in range(4):
        pass_alive(rig, 600)
        rig.dispatch()
    is_put_back(rig, edited)


def test_what_is_changed_here_meanwhile_goes_with_it(rig: Rig, edited: scene.Record) -> None:
    rig.xero.fault("drop_before", method="GET", path="/Invoices", times=3)
    rig.dispatch()
    change(rig, edited, po_no="PO 79")
    for _each in range(4):
        pass_alive(rig, 600)
        rig.dispatch()
    is_put_back(rig, edited)
    assert shown(rig, edited)["Reference"] == "PO 79" and look(rig, 2)["state"] == "Superseded"


def stopped(rig: Rig, sale: scene.Record) -> None:
    """Somebody pays it in Xero and changes its day, so that nothing can be put back any more."""
    bank = scene.with_site(
        rig,
        lambda frappe: frappe.db.get_value(
            "Xero Payment Mapping", {"connection": rig.connection, "account": ("like", "Trading Account%")}, "xero_account_id"
        ),
    )
    invoice_id = shown(rig, sale)["InvoiceID"]
    rig.xero.person("edit_invoice", InvoiceID=invoice_id, Date="2026-10-20", DueDate=THERE)
    rig.xero.person("pay_invoice", InvoiceID=invoice_id, Amount="10.00", Account={"AccountID": bank}, Date="2026-11-20")
    for _each in range(3):
        pass_alive(rig, 600)
        rig.dispatch()
    assert (look(rig)["state"], look(rig)["reason_code"], listed(rig)["state"]) == ("Held", "paid-there", "Open")


def test_what_stands_in_its_way_is_open_again_and_another_decision_ends_it(rig: Rig, edited: scene.Record) -> None:
    stopped(rig, edited)
    call(rig, "leave", reason="agreed by phone")
    assert (look(rig)["state"], listed(rig)["state"]) == ("Superseded", "Left"), "nothing is left to be put back"
    change(rig, edited, po_no="PO 80")
    read(rig)
    assert (shown(rig, edited)["Date"], shown(rig, edited)["DueDate"]) == ("2026-10-20", THERE), "what was left is not written over"


def test_looked_at_for_another_reason_it_is_not_put_back(rig: Rig, edited: scene.Record) -> None:
    """The entry is open again: who has not chosen anew has not chosen."""
    from picortex_xero.engine import apply, outbox

    stopped(rig, edited)
    (paid,) = scene.live(rig, "Payments")
    rig.xero.person("delete_payment", PaymentID=paid["PaymentID"])

    def again(_frappe: Any) -> None:
        step = outbox.get(name=look(rig)["name"])
        apply.look_again(rig.connection, rig.company["name"], outbox.identity(step), step)

    scene.with_site(rig, again)
    pass_alive(rig, 600)
    rig.dispatch()
    assert shown(rig, edited)["DueDate"] == THERE and listed(rig)["state"] == "Open"


def test_what_was_overtaken_has_put_nothing_back(rig: Rig, edited: scene.Record) -> None:
    from picortex_xero.accounting.texts import _
    from picortex_xero.engine import apply, outbox

    scene.with_site(rig, lambda _frappe: apply.supersede(outbox.get(name=look(rig)["name"]), _("It is looked at again")))
    rig.dispatch()
    assert listed(rig)["state"] == "Open" and listed(rig)["note"] == "It is looked at again"
    call(rig, "put_back")
    pass_alive(rig, 600)
    rig.dispatch()
    read(rig)
    assert shown(rig, edited)["DueDate"] == str(edited["doc"]["due_date"]) and listed(rig)["state"] == "Put Back"
