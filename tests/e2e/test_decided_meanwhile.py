"""Rows of what people enter in Xero that somebody decides, or that Xero shows otherwise, while a run is at them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments_back import choose, entries, of_amount, pay, rows
from tests.scene.reading import begin, read, weekly_look


def sent(rig: Rig) -> tuple[scene.Record, dict[str, Any]]:
    choose(rig, "Become Drafts")
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    begin(rig)
    read(rig)
    (shown,) = scene.live(rig)
    return sale, shown


def test_what_was_left_out_by_nobody_comes_once_it_pays_something_here(rig: Rig) -> None:
    sale, shown = sent(rig)

    def put(**fields: Any) -> None:
        scene.with_site(rig, lambda frappe: frappe.db.set_value("Sales Invoice", sale["name"], fields))

    put(outstanding_amount=1)
    pay(rig, shown, "5.00", Date="2026-11-20")
    read(rig)
    assert of_amount(rig, 5)["reason_code"] == "more-than-open"
    # What it pays is a draft for a while, as an amendment is.
    put(docstatus=0)
    read(rig)
    row = of_amount(rig, 5)
    assert (row["state"], row["reason_code"]) == ("Waiting", "pays-draft")
    # As a former release left it.
    said = {"state": "Left Out", "reason": "", "cure": "", "reason_code": "", "reason_parts": ""}
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Incoming Record", row["name"], said))
    read(rig)
    put(docstatus=1, outstanding_amount=sale["doc"]["outstanding_amount"])
    weekly_look(rig)
    read(rig)
    assert of_amount(rig, 5)["state"] == "Draft Here"


def test_a_button_that_was_pressed_while_a_run_was_at_other_rows_counts(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.inbound import coming_back, incoming_buttons

    _sale, shown = sent(rig)
    for amount in ("5.00", "6.00"):
        pay(rig, shown, amount, Date="2026-11-20")
    decide = coming_back._decide_payment
    pressed: list[str] = []

    def while_at_it(context: Any, row: dict[str, Any], *more: Any) -> None:
        decide(context, row, *more)
        if not pressed:
            import frappe

            (other,) = frappe.get_all("Xero Incoming Record", filters={"name": ("!=", row["name"])}, pluck="name")
            pressed.append(other)
            incoming_buttons.done_by_hand(other)

    monkeypatch.setattr(coming_back, "_decide_payment", while_at_it)
    read(rig)
    assert sorted(row["state"] for row in rows(rig)) == ["Draft Here", "Left Out"] and len(entries(rig)) == 1


def test_a_list_that_lags_behind_takes_no_credit_back(rig: Rig) -> None:
    sale, shown = sent(rig)
    contact = scene.with_site(
        rig, lambda frappe: frappe.db.get_value("Xero Link", {"endpoint": "Contacts", "reference_name": sale["doc"]["customer"]}, "xero_id")
    )
    note = rig.xero.person(
        "create_credit_note", Type="ACCRECCREDIT", CreditNoteNumber="CN-X", Contact={"ContactID": contact}, Date="2026-11-20", Status="AUTHORISED",
        LineAmountTypes="NoTax", LineItems=[{"Description": "Back", "Quantity": "1", "UnitAmount": "5.00", "AccountCode": "200"}],
    )  # fmt: skip
    rig.xero.person("allocate_credit_note", CreditNoteID=note["CreditNoteID"], InvoiceID=shown["InvoiceID"], Amount="5.00")
    read(rig)
    assert of_amount(rig, 5)["reason_code"] == "credit-not-here"
    seen = int(of_amount(rig, 5)["remote_updated"].timestamp()) * 1000

    def listed(at: int) -> str:
        def work(frappe: Any) -> str:
            from picortex_xero.engine import contexts
            from picortex_xero.inbound import allocations_back

            element = {"CreditNoteID": note["CreditNoteID"], "UpdatedDateUTC": f"/Date({at}+0000)/", "Allocations": []}
            context = contexts.load(rig.connection)
            assert context
            allocations_back.notice(context, "CreditNotes", [element])
            return str(frappe.get_all("Xero Incoming Record", pluck="state")[0])

        return str(scene.with_site(rig, work))

    day = 24 * 3600 * 1000
    assert listed(seen - 2 * day) == "Waiting"
    assert listed(seen + 2 * day) == "Gone"
