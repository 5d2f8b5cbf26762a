"""Answers of Xero that leave open whether a document was written, and what a person is then offered to choose from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene

NOTE = "answer-unmatched"
MANY = 100_000


def alike(rig: Rig) -> list[scene.Record]:
    """Two bills of one supplier that only their names tell apart."""
    first = scene.bills(rig)[0]
    return [first, scene.copied(first, f"{first['name']}-TWIN", bill_no=first["doc"].get("bill_no"))]


def unmatched(rig: Rig) -> list[scene.Record]:
    """Both were saved, and the answer does not show which is which."""
    records = alike(rig)
    scene.make_contacts(rig, records)
    rig.xero.fault("echo", method="PUT|GET", path="/Invoices", where="all", field="Url", operation="missing", times=100_000)
    rig.play(records)
    scene.settle(rig)
    assert {scene.step(rig, record["name"])["reason_code"] for record in records} == {NOTE}
    return records


def chosen_from(rig: Rig, record: scene.Record) -> str:
    """The step of a document that has records to choose from."""
    return next(row["name"] for row in rig.steps(reference_name=record["name"]) if not row["role"].startswith("void"))


def kept(rig: Rig, record: scene.Record) -> list[dict[str, Any]]:
    """What a person is offered for a document."""

    def read(frappe: Any) -> Any:
        from picortex_xero.api import status

        return status.records_to_choose(chosen_from(rig, record))

    return list(scene.with_site(rig, read))


def linked(rig: Rig, record: scene.Record) -> list[str]:
    with rig.frappe() as frappe:
        return list(frappe.get_all("Xero Link", filters={"reference_name": record["name"]}, pluck="xero_id"))


def doubled_bill(rig: Rig) -> tuple[scene.Record, str, str]:
    """A bill of which Xero has two live records: its step, the linked id and the other one."""
    bill = scene.bills(rig)[0]
    scene.make_contacts(rig, [bill])
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play([bill])
    rig.dispatch()
    (made,) = scene.live(rig)
    line = {"Description": "Again", "Quantity": 1, "UnitAmount": 5, "AccountCode": "400", "TaxType": "NONE"}
    rig.xero.person(
        "create_invoice", Type="ACCPAY", InvoiceNumber="AGAIN", Contact={"ContactID": made["contact"]}, Date="2026-10-01",
        DueDate="2026-10-20", LineAmountTypes="Exclusive", Status="AUTHORISED", LineItems=[line], Url=made["Url"],
    )  # fmt: skip
    rig.advance(400)
    scene.settle(rig)
    (mine,) = linked(rig, bill)
    (other,) = [each["InvoiceID"] for each in scene.live(rig) if each["InvoiceID"] != mine]
    return bill, mine, other


def behind(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """From now on the database's clock is so far behind (ahead where negative)."""
    from picortex_xero.engine import clock

    ask = clock.synchronise
    monkeypatch.setattr(clock, "_asked", dict(clock._asked))

    def set_back() -> None:
        import frappe

        ask()
        then, elapsed = clock._asked[frappe.local.site]
        clock._asked[frappe.local.site] = (then - timedelta(seconds=seconds), elapsed)

    monkeypatch.setattr(clock, "synchronise", set_back)
