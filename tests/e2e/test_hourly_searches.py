"""The hourly searches (missed submits, changed documents, doubles) and documents that wait for another one: one bad document stops no
search, and nothing waits for what never comes."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.telling import make_admin, notified

STATE = "Xero Connection State"


def search(frappe: Any) -> None:
    from picortex_xero.sync import jobs

    jobs.find_missed()


def cursors(rig: Rig) -> dict[str, Any]:
    def read(frappe: Any) -> dict[str, Any]:
        return dict(frappe.db.get_value(STATE, rig.connection, ["swept_until", "releases_until"], as_dict=True))

    return dict(scene.with_site(rig, read))


def forget(rig: Rig, records: list[scene.Record]) -> None:
    """As if capture had missed them."""

    def work(frappe: Any) -> None:
        for record in records:
            frappe.db.delete("Xero Outbox Entry", {"reference_name": record["name"]})
            frappe.db.set_value("Sales Invoice", record["name"], "remarks", "changed a moment ago")

    scene.with_site(rig, work)


@pytest.mark.case("E4")
def test_one_document_does_not_stop_the_search_and_is_looked_at_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    records = scene.invoices(rig, 3)
    rig.play(records)
    scene.with_site(rig, search)
    forget(rig, records)
    bad, before = min(record["name"] for record in records), cursors(rig)

    def broken(frappe: Any) -> None:
        from picortex_xero.engine import capture, search_walk

        whole = capture.add_step

        def fails(doc: Any, role: str, connection: dict[str, Any]) -> None:
            whole(doc, role, connection)
            if doc.name == bad:
                raise ValueError("a defect")

        with monkeypatch.context() as patch:
            patch.setattr(capture, "add_step", fails)
            patch.setattr(search_walk, "PAGE", 1)
            search(frappe)

    scene.with_site(rig, broken)
    found = {row["reference_name"] for row in rig.steps(reference_doctype="Sales Invoice")}
    assert found == {record["name"] for record in records} - {bad}, "its half-made step was undone, the others were found"
    assert cursors(rig)["swept_until"] > before["swept_until"], "the cursor moves all the same: the bad one is in a list of its own"
    assert any(bad in (row.get("method") or row.get("title") or "") for row in scene.error_log(rig))
    assert failed(rig) == [bad]
    scene.with_site(rig, search)
    assert scene.step(rig, bad)["state"] == "Pending" and failed(rig) == []


@pytest.mark.case("E4")
def test_a_document_that_never_can_be_looked_at_is_told_and_keeps_nobody_waiting(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    records = scene.invoices(rig, 2)
    rig.play(records)
    scene.with_site(rig, search)
    forget(rig, records)
    bad = records[0]["name"]
    make_admin(rig)

    def hours(frappe: Any) -> None:
        from picortex_xero.engine import capture

        whole = capture.add_step

        def fails(doc: Any, *rest: Any) -> None:
            if doc.name == bad:
                raise ValueError("a defect")
            whole(doc, *rest)

        with monkeypatch.context() as patch:
            patch.setattr(capture, "add_step", fails)
            for _ in range(4):
                search(frappe)

    scene.with_site(rig, hours)
    assert scene.step(rig, records[1]["name"])["state"] == "Pending"
    assert failed(rig) == [bad] and len(notified(rig)) == 1, "told once"


@pytest.mark.case("E4")
@pytest.mark.parametrize("trouble", ["time-out", "lost race"])
def test_a_search_that_is_cut_off_goes_on_from_its_last_page(rig: Rig, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    records = sorted(scene.invoices(rig, 5), key=lambda record: record["name"])
    rig.play(records)
    scene.with_site(rig, search)
    forget(rig, records)
    before, looked = cursors(rig), []

    def cut_off(frappe: Any) -> None:
        from rq.timeouts import JobTimeoutException

        from picortex_xero.engine import missed_search, search_walk

        whole = missed_search._look_at

        def looks(connection: Any, books: Any, doctype: str, row: dict[str, Any]) -> int:
            looked.append(row["name"])
            if row["name"] == records[3]["name"] and looked.count(row["name"]) == 1:
                if trouble == "time-out":
                    raise JobTimeoutException("the job ran for too long")
                frappe.db.rollback()
                raise frappe.QueryDeadlockError(1213, "Deadlock found")
            return whole(connection, books, doctype, row)

        with monkeypatch.context() as patch:
            patch.setattr(missed_search, "_look_at", looks)
            patch.setattr(search_walk, "PAGE", 1)
            search(frappe)
            assert cursors(rig)["swept_until"] == before["swept_until"]
            search(frappe)

    scene.with_site(rig, cut_off)
    mine = [name for name in looked if name in {record["name"] for record in records}]
    assert mine == [record["name"] for record in records[:4]] + [record["name"] for record in records[3:]], "no page was looked at twice"
    assert {row["reference_name"] for row in rig.steps(reference_doctype="Sales Invoice")} == {record["name"] for record in records}
    assert cursors(rig)["swept_until"] > before["swept_until"] and not scene.error_log(rig)


def failed(rig: Rig) -> list[str]:
    """What the searches keep in their list."""
    import json

    with rig.frappe() as frappe:
        kept = json.loads(frappe.db.get_value(STATE, rig.connection, "search_failed") or "{}")
    return [name for found in kept.values() for _, name, _ in found]


def test_a_search_that_stops_does_not_stop_the_next_one(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.with_site(rig, search)
    before = cursors(rig)

    def broken(frappe: Any) -> None:
        from picortex_xero.engine import missed_search

        def fails(connection: str) -> int:
            raise RuntimeError("a deadlock")

        with monkeypatch.context() as patch:
            patch.setattr(missed_search, "find", fails)
            search(frappe)

    scene.with_site(rig, broken)
    assert cursors(rig)["swept_until"] == before["swept_until"] and cursors(rig)["releases_until"] > before["releases_until"]
    assert scene.error_log(rig)


def test_an_earlier_go_live_searches_releases_from_then_on(rig: Rig) -> None:
    scene.with_site(rig, search)
    assert cursors(rig)["releases_until"]

    def earlier(frappe: Any) -> None:
        from picortex_xero.connection import going_live

        going_live.go_live(rig.connection, "2020-01-01")

    scene.with_site(rig, earlier)
    assert cursors(rig) == {"swept_until": None, "releases_until": None}


def test_what_waits_for_a_skipped_document_says_what_to_do(rig: Rig) -> None:
    sale, payment = scene.paid(rig)
    rig.play([sale, payment])

    def skip(frappe: Any) -> None:
        from picortex_xero.accounting.problems import Problem
        from picortex_xero.engine import outbox

        invoice, waiting = (outbox.get(name=scene.step(rig, each["name"])["name"]) for each in (sale, payment))
        assert invoice and waiting
        outbox.postpone(waiting, blocked_on=invoice["name"])
        outbox.move(invoice, "skip", Problem("before-go-live", "It is older than the go-live date", ""))

    scene.with_site(rig, skip)
    scene.settle(rig)
    left = scene.step(rig, payment["name"])
    assert (left["state"], left["reason_code"]) == ("Held", "invoice-not-in-xero") and sale["name"] in left["reason"]


def test_an_answer_frees_what_waited_for_it_whatever_it_was(rig: Rig) -> None:
    sale, payment = scene.paid(rig)
    rig.play([sale, payment])

    def refused(frappe: Any) -> None:
        from picortex_xero.accounting.problems import Problem
        from picortex_xero.engine import outbox

        row = outbox.get(name=scene.step(rig, sale["name"])["name"])
        waiting = outbox.get(name=scene.step(rig, payment["name"])["name"])
        assert row and waiting
        outbox.postpone(waiting, blocked_on=row["name"])
        for role in ("recheck-1", "undo-payment-1", "allocation-2"):
            outbox.postpone(outbox.add_sibling(waiting, role), blocked_on=row["name"])
        outbox.move(row, "claim")
        outbox.move(row, "refused", Problem("xero-refused", "Xero refuses it", "Correct it"))

    scene.with_site(rig, refused)
    blocked = {row["role"]: bool(row["blocked_on"]) for row in rig.steps(reference_name=payment["name"])}
    assert blocked == {"payment": True, "recheck-1": False, "undo-payment-1": False, "allocation-2": False}


def test_a_deadlock_while_a_merge_is_noted_fails_the_merge(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.of_different_customers(rig, 2)
    scene.make_contacts(rig, [first, second])
    scene.settle(rig)
    kept, gone = first["doc"]["customer"], second["doc"]["customer"]

    def merge(frappe: Any) -> None:
        from picortex_xero.engine import capture

        for name in frappe.get_all("Xero Link", filters={"reference_doctype": "Customer", "reference_name": gone}, pluck="name"):
            frappe.db.set_value("Xero Link", name, "reference_name", kept, update_modified=False)

        def deadlocked(*_: Any) -> None:
            frappe.db.rollback()  # what MariaDB does to the whole transaction
            raise RuntimeError("Deadlock found when trying to get lock")

        with monkeypatch.context() as patch:
            patch.setattr(capture, "_ask_to_merge", deadlocked)
            capture.merged("Customer", kept)

    with pytest.raises(Exception, match="savepoint"):
        scene.with_site(rig, merge)
