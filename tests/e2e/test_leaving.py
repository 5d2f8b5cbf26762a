"""Disconnecting, copies of the site, deleted and renamed documents, Redis down, a capture that fails: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig, connect, go_live
from tests.scene import rig as scene
from tests.scene.desk import delete, search


def api(rig: Rig, function: str, *arguments: Any) -> Any:
    """Call one of the connection's buttons."""
    from picortex_xero.api import connect as buttons

    return scene.with_site(rig, lambda frappe: getattr(buttons, function)(*arguments))


def retry(rig: Rig, record: scene.Record) -> int:
    """Somebody presses Retry."""
    from picortex_xero.api import status

    return int(scene.with_site(rig, lambda _: status.retry(record["doctype"], record["name"])))


def test_disconnect_and_reconnect_lose_and_double_nothing(rig: Rig) -> None:
    sent, waiting, late, cancelled = scene.invoices(rig, 4)
    rig.play([sent, cancelled])
    rig.dispatch()
    rig.play([waiting])
    api(rig, "disconnect", rig.connection)
    amended = scene.copied(cancelled, cancelled["name"] + "-1", amended_from=cancelled["name"])
    rig.play([late, scene.cancelling(cancelled), amended])
    before = rig.xero.call_count()
    rig.dispatch()
    search(rig)
    assert rig.xero.call_count() == before and scene.connection_state(rig) == "Disconnected"
    old = rig.connection
    connect(rig)
    assert rig.connection == old
    go_live(rig, "AUTHORISED")
    search(rig)
    scene.settle(rig)
    scene.assert_once(rig, [sent, waiting, late, amended])
    assert [each["InvoiceNumber"] for each in rig.xero.documents("Invoices") if each["Status"] == "VOIDED"] == [cancelled["name"]]


def test_a_copy_of_the_site_pauses_until_a_person_confirms(rig: Rig) -> None:
    records = scene.invoices(rig, 2)
    rig.play(records)
    config = rig.site / "site_config.json"
    original = config.read_text()
    before = rig.xero.call_count()
    try:
        config.write_text(json.dumps({**json.loads(original), "db_host": "staging"}))
        rig.dispatch()
        rig.dispatch()
        assert scene.connection_state(rig) == "Paused" and len(scene.error_log(rig)) == 1
        assert rig.xero.call_count() == before
        connect_again_for_another_reason(rig)
        assert scene.connection_state(rig) == "Paused", "signing in again is no confirmation that this site may send"
        api(rig, "resume", rig.connection)
        scene.settle(rig)
    finally:
        config.write_text(original)
    scene.assert_once(rig, records)


def test_only_a_paused_connection_can_be_resumed(rig: Rig) -> None:
    api(rig, "disconnect", rig.connection)
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="paused"):
        api(rig, "resume", rig.connection)
    assert scene.connection_state(rig) == "Disconnected"


def connect_again_for_another_reason(rig: Rig) -> None:
    """The same Xero user signs in once more, for instance to add another organisation."""
    import httpx

    with rig.frappe() as frappe:
        from urllib.parse import parse_qs, urlsplit

        from picortex_xero.api import connect as buttons

        address = buttons.start()
        frappe.db.commit()
        given = parse_qs(urlsplit(httpx.post(address, follow_redirects=False).headers["location"]).query)
        buttons.callback(state=given["state"][0], code=given["code"][0])
        frappe.db.commit()


def test_a_reused_document_name_gets_its_own_counterpart(rig: Rig) -> None:
    record = scene.invoices(rig)[0]
    rig.play([record])
    rig.dispatch()
    rig.play([scene.cancelling(record)])
    rig.dispatch()
    delete(rig, record)
    rig.play([scene.copied(record)])
    scene.settle(rig)
    assert sorted((each["InvoiceNumber"], each["Status"]) for each in rig.xero.documents("Invoices")) == [
        (record["name"], "VOIDED"),
        (record["name"] + "-R1", "AUTHORISED"),
    ]


def test_a_document_deleted_before_its_cancel_was_sent_is_still_voided(rig: Rig) -> None:
    *invoices, payment = scene.paid(rig)
    rig.play([*invoices, payment])
    scene.settle(rig)
    rig.play([scene.cancelling(payment), scene.cancelling(invoices[0])])
    for record in (payment, invoices[0]):
        delete(rig, record)
    rig.play([scene.copied(invoices[0])])
    scene.settle(rig)
    for row in rig.steps(role="void", state="Held"):  # the invoice was looked at before its payment was gone
        scene.with_site(rig, lambda frappe, row=row: release(row))
    scene.settle(rig)
    assert not scene.live(rig, "Payments")
    assert [(each["InvoiceNumber"], each["Status"]) for each in scene.live(rig)] == [(invoices[0]["name"] + "-R1", "AUTHORISED")]


def release(row: dict[str, Any]) -> None:
    """What Retry does for a step whose document was deleted."""
    from picortex_xero.engine import outbox

    found = outbox.get(name=row["name"])
    assert found and outbox.move(found, "release")


def test_a_cancel_while_the_answer_is_out_is_not_stranded_by_a_refusal(rig: Rig) -> None:
    record = next(each for each in scene.bills(rig, 60) if any("Cost of Goods" in row["expense_account"] for row in each["doc"]["items"]))
    # Xero's lists are read before the first send; only after that somebody archives the account, so that Xero's answer is the first to tell.
    scene.make_contacts(rig, [record])
    rig.xero.person("archive_account", Code="310")
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play([record])
    rig.dispatch()
    rig.play([scene.cancelling(record)])
    rig.dispatch()
    assert scene.step(rig, record["name"], "invoice")["state"] == "Unknown"
    scene.settle(rig, seconds=60)
    assert {row["state"] for row in rig.steps(reference_name=record["name"])} == {"Superseded"}
    assert not scene.live(rig)


def test_a_cancel_while_the_answer_is_out_voids_what_was_made(rig: Rig) -> None:
    record = scene.bills(rig)[0]
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play([record])
    rig.dispatch()
    rig.play([scene.cancelling(record)])
    scene.settle(rig)
    assert [each["Status"] for each in rig.xero.documents("Invoices")] == ["VOIDED"]


def test_redis_down_does_not_touch_the_submit_and_the_sweep_sends_later(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    records = scene.invoices(rig, 2)
    waited: list[float] = []
    rig.queue.stop()
    with monkeypatch.context() as patched:
        patched.setattr(time, "sleep", waited.append)
        try:
            rig.play(records)
        finally:
            patched.undo()
            rig.queue.start()
    assert sum(waited) < 1, f"two submits waited {waited} s for Redis"
    assert rig.counts() == {"Pending": 2}
    rig.worker()
    scene.sweep(rig)
    rig.wait(rig.drained, 180)
    scene.assert_once(rig, records)


@pytest.mark.parametrize("failing", ["live", "add_step"])
def test_a_capture_that_fails_lets_the_submit_pass_and_is_made_good_within_the_hour(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    from picortex_xero.engine import capture

    records = scene.invoices(rig, 2)

    def fails(*arguments: Any, **given: Any) -> None:
        raise RuntimeError("a defect in deciding")

    with monkeypatch.context() as broken:
        broken.setattr(capture, failing, fails)
        rig.play(records)
    with rig.frappe() as frappe:
        assert frappe.db.get_value("Sales Invoice", records[0]["name"], "docstatus") == 1
    assert rig.counts() == {} and len(scene.error_log(rig)) == 2
    search(rig)
    assert rig.counts() == {"Pending": 2}
    search(rig)
    assert rig.counts() == {"Pending": 2}
    scene.settle(rig)
    scene.assert_once(rig, records)


def test_one_document_that_cannot_be_built_does_not_stop_the_others(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.documents.settlement import payment_elements as translation

    *invoices, payment = scene.paid(rig)
    others = [each for each in scene.bills(rig, 2)]
    making = translation.payment

    def broken(doc: dict[str, Any], *rest: Any) -> Any:
        if doc["name"] == payment["name"]:
            raise ZeroDivisionError("a defect in translating")
        return making(doc, *rest)

    monkeypatch.setattr(translation, "payment", broken)
    rig.play([*invoices, payment, *others])
    scene.settle(rig)
    row = scene.step(rig, payment["name"])
    assert row["state"] == "Needs Attention" and row["reason_code"] == "unexpected" and row["cure"]
    assert len(scene.error_log(rig)) == 1
    scene.assert_once(rig, [*invoices, *others])


def test_after_a_new_go_live_date_nothing_older_is_sent(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig)
    go_live(rig, "AUTHORISED", "2026-10-10")
    records = [each for each in scene.invoices(rig, 60)]
    old = [each for each in records if each["doc"]["posting_date"] < "2026-10-10"][:3]
    new = [each for each in records if each["doc"]["posting_date"] >= "2026-10-10"][:3]
    rig.play([*old, *new])
    search(rig)
    scene.settle(rig)
    scene.assert_once(rig, new)


def test_a_later_go_live_date_stops_what_was_waiting_and_still_voids_what_is_in_xero(rig: Rig) -> None:
    sent, waiting, missed = scene.invoices(rig, 3)
    rig.play([sent, missed])
    rig.dispatch()
    rig.play([waiting])
    api(rig, "disconnect", rig.connection)
    rig.play([scene.cancelling(missed)])
    connect(rig)
    go_live(rig, "AUTHORISED", "2027-01-01")
    search(rig)
    rig.play([scene.cancelling(sent)])
    scene.settle(rig)
    assert not scene.live(rig) and len(rig.xero.documents("Invoices")) == 2
    row = scene.step(rig, waiting["name"])
    assert row["state"] == "Skipped" and row["reason_code"] == "before-go-live" and "2027-01-01" in row["reason"] and row["cure"]
    go_live(rig, "AUTHORISED")
    assert retry(rig, waiting) == 1
    scene.settle(rig)
    scene.assert_once(rig, [waiting])


def test_lines_that_cancel_out_are_booked_and_a_document_of_nothing_is_skipped(rig: Rig) -> None:
    record = scene.invoices(rig)[0]
    row = record["doc"]["items"][0]
    sale = {
        **row,
        "qty": 1,
        "rate": 40.0,
        "net_rate": 40.0,
        "amount": 40.0,
        "net_amount": 40.0,
        "base_net_amount": 40.0,
        "item_tax_rate": "{}",
    }
    back = {**sale, "idx": 2, "qty": -1, "amount": -40.0, "net_amount": -40.0, "base_net_amount": -40.0}
    zero = {name: 0 for name in ("grand_total", "base_grand_total", "rounded_total", "outstanding_amount", "net_total", "total")}
    swap = scene.copied(record, "SWAP-1", items=[sale, back], taxes=[], **zero)
    gift = scene.copied(
        record, "GIFT-1", items=[{**sale, "rate": 0, "net_rate": 0, "amount": 0, "net_amount": 0, "base_net_amount": 0}], taxes=[], **zero
    )
    rig.play([swap, gift])
    scene.settle(rig)
    assert [(each["InvoiceNumber"], each["Total"]) for each in scene.live(rig)] == [("SWAP-1", Decimal(0))]
    assert scene.step(rig, "GIFT-1")["state"] == "Skipped"
    rig.play([scene.cancelling(swap)])
    scene.settle(rig)
    assert not scene.live(rig)


def test_a_connection_with_a_history_is_not_deleted(rig: Rig) -> None:
    rig.play(scene.invoices(rig))
    rig.dispatch()
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="disconnect"):
        frappe.get_doc("Xero Connection", rig.connection).on_trash()


def test_a_document_from_before_go_live_says_why_it_is_not_sent(unconnected: Rig) -> None:
    from picortex_xero.api import status

    scene.set_up(unconnected)
    go_live(unconnected, "AUTHORISED", "2027-01-01")
    record = scene.invoices(unconnected)[0]
    unconnected.play([record])
    shown = scene.with_site(unconnected, lambda _: status.document_status("Sales Invoice", record["name"]))
    assert shown["message"] == "Not sent to Xero" and "2027-01-01" in shown["reason"]
    assert "Change Go-Live Date" in shown["cure"] and "Retry" not in shown["cure"] and not shown["can_retry"], (
        "what the form has not is not named"
    )
