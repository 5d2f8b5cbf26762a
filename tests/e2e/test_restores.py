"""A backup that is put back, and a copy of the site: what Xero has is never made twice, and a person is asked only where that is needed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig, connect, go_live, map_everything, standing
from tests.scene import restore_trial, restoring
from tests.scene import rig as scene
from tests.scene.connecting import ADMIN, CLERK, begin, come_back, consent
from tests.scene.parts import part
from tests.scene.restoring import ALIVE, a_little, choose, none_of_these, pass_alive, put_back_later, records_of, retry, small_payment

pytestmark = pytest.mark.case("S2")
OFF, DAY = 600, 86_400
STATE = "Xero Connection State"


def kinds(rig: Rig) -> list[scene.Record]:
    """A few documents of several kinds, none of them in Xero yet."""
    return [*scene.invoices(rig, 3), *scene.bills(rig, 3)]


def state_row(rig: Rig, *fields: str) -> dict[str, Any]:
    def read(frappe: Any) -> dict[str, Any]:
        return dict(frappe.db.get_value(STATE, rig.connection, list(fields), as_dict=True))

    return dict(scene.with_site(rig, read))


def api_calls(rig: Rig, since: int = 0) -> list[dict[str, Any]]:
    return [call for call in rig.xero.calls()[since:] if call["path"].startswith("/api.xro/")]


def written(rig: Rig, since: int) -> list[dict[str, Any]]:
    return [call for call in api_calls(rig, since) if call["method"] != "GET"]


def paying(rig: Rig) -> tuple[scene.Record, scene.Record]:
    """An invoice in Xero, and its receipt that waits."""
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    scene.settle(rig)
    rig.play([receipt])
    return sale, receipt


def pay_by_hand(rig: Rig, sale: scene.Record, receipt: scene.Record, reference: str, **changes: Any) -> None:
    """A person enters the payment in Xero."""
    (shown,) = [each for each in scene.live(rig) if each["InvoiceNumber"] == sale["name"]]
    date = str(receipt["doc"]["posting_date"])
    rig.xero.person("pay_invoice", InvoiceID=shown["InvoiceID"], Reference=reference, Date=date, **changes)


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
    before = len(rig.xero.calls())
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
    calls = len(rig.xero.calls())
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
    before = len(rig.xero.calls())
    rig.dispatch()
    search(rig)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and set(rig.counts()) == {"Synced"} and not restoring.unlinked(rig)
    assert len(restoring.comparisons(rig, before)) == 14
    scene.assert_once(rig, records)


def search(rig: Rig) -> None:
    """The hourly search for documents without a step."""

    def work(_frappe: Any) -> None:
        from picortex_xero.engine import jobs

        jobs.find_missed()

    scene.with_site(rig, work)


# Nothing was put back


def test_a_day_of_maintenance_asks_nobody_and_costs_a_call_for_each_list(rig: Rig) -> None:
    records = kinds(rig)
    rig.play(records[:3])
    scene.settle(rig)
    rig.advance(DAY)
    rig.play(records[3:])
    before = len(rig.xero.calls())
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and set(rig.counts()) == {"Synced"}
    assert len(restoring.comparisons(rig, before)) == 7 and not restoring.unlinked(rig)
    assert state_row(rig, "compare_since")["compare_since"] is None
    scene.assert_once(rig, records)


def test_a_site_that_is_alive_and_idle_compares_nothing(rig: Rig) -> None:
    rig.play(scene.invoices(rig, 1))
    scene.settle(rig)
    for _ in range(10):
        rig.advance(60)
        scene.sweep(rig)
    before = len(rig.xero.calls())
    rig.play(scene.invoices(rig, 2)[1:])
    scene.settle(rig)
    assert not restoring.comparisons(rig, before)


def test_a_request_without_an_answer_before_the_gap_means_no_restore(rig: Rig) -> None:
    bills = scene.bills(rig, 2)
    scene.make_contacts(rig, bills)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play(bills)
    rig.dispatch()
    rig.advance(DAY)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and not restoring.unlinked(rig)
    scene.assert_once(rig, bills)


def test_what_people_enter_in_xero_meanwhile_means_nothing(rig: Rig) -> None:
    sale, receipt = paying(rig)
    contact = scene.live(rig)[0]["contact"]
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200", "TaxType": "NONE"}
    rig.xero.person(
        "create_invoice", Type="ACCREC", InvoiceNumber="HAND-1", Contact={"ContactID": contact}, Date="2026-10-01", DueDate="2026-10-20",
        LineAmountTypes="Exclusive", Status="AUTHORISED", LineItems=[line],
    )  # fmt: skip
    rig.advance(OFF)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and not restoring.unlinked(rig)
    assert scene.step(rig, receipt["name"])["state"] == "Synced" and len(scene.live(rig, "Payments")) == 1


# A bare name


@pytest.mark.parametrize("spelled", ["{name}/1", "{name}/1 {reference}", "{name}"])
def test_a_payment_with_our_name_goes_to_a_person_and_pauses_nothing(rig: Rig, spelled: str) -> None:
    sale, receipt = paying(rig)
    pay_by_hand(rig, sale, receipt, spelled.format(name=receipt["name"], reference=receipt["doc"]["reference_no"]))
    rig.advance(OFF)
    other = scene.bills(rig, 1)
    rig.play(other)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and scene.step(rig, other[0]["name"])["state"] == "Synced"
    step = scene.step(rig, receipt["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "perhaps-in-xero")
    (offered,) = records_of(rig, step["name"])
    assert offered["may_be_none"]
    choose(rig, step["name"], offered["id"])
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["state"] == "Synced" and len(scene.live(rig, "Payments")) == 1


def test_a_person_may_say_that_none_of_them_is_it(rig: Rig) -> None:
    sale, receipt = paying(rig)
    pay_by_hand(rig, sale, receipt, receipt["name"], Amount=1)
    rig.advance(OFF)
    scene.settle(rig)
    step = scene.step(rig, receipt["name"])
    assert step["reason_code"] == "perhaps-in-xero"
    none_of_these(rig, step["name"])
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["reason_code"] == "payment-exceeds-due", "it was sent on, and the invoice has less left"
    (paid,) = scene.live(rig, "Payments")
    rig.xero.person("delete_payment", PaymentID=paid["PaymentID"])
    retry(rig, step["name"])
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["state"] == "Synced" and len(scene.live(rig, "Payments")) == 1


@pytest.mark.parametrize("renumbered", [True, False])
def test_a_number_that_a_person_has_used_in_xero(rig: Rig, renumbered: bool) -> None:
    """Xero refused the invoice; then there is a gap. Renumbered as its cure says, Retry sends it; else a person is asked first, and what they
    are told holds for a document that was never sent."""
    (sale,) = scene.invoices(rig, 1)
    scene.make_contacts(rig, [sale])
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 10, "AccountCode": "200"}
    theirs = rig.xero.person(
        "create_invoice", Type="ACCREC", Contact={"Name": "Somebody"}, InvoiceNumber=sale["name"], Date=str(sale["doc"]["posting_date"]),
        DueDate="2027-01-05", LineAmountTypes="Exclusive", Status="AUTHORISED", LineItems=[line],
    )  # fmt: skip
    rig.play([sale])
    scene.settle(rig)
    step = scene.step(rig, sale["name"], "invoice")
    assert step["reason_code"] == "number-taken"
    rig.advance(OFF)
    scene.settle(rig)
    rig.dispatch()
    assert [row["state"] for row in restoring.unlinked(rig, document=sale["name"])] == ["To Ask About"]
    rig.advance(DAY)
    before = len(rig.xero.calls())
    if renumbered:
        rig.xero.person("edit_invoice", InvoiceID=theirs["InvoiceID"], InvoiceNumber="BY-HAND-1")
    retry(rig, step["name"])
    scene.settle(rig)
    if not renumbered:
        for _again in range(2):
            told = scene.step(rig, sale["name"], "invoice")
            assert told["reason_code"] == "perhaps-in-xero" and "was not sent" in told["reason"] and "None of These" in told["cure"]
            assert not written(rig, before)
            retry(rig, step["name"])
            scene.settle(rig)
        none_of_these(rig, step["name"])
        scene.settle(rig)
        assert scene.step(rig, sale["name"], "invoice")["reason_code"] == "number-taken"
        rig.xero.person("edit_invoice", InvoiceID=theirs["InvoiceID"], InvoiceNumber="BY-HAND-1")
        retry(rig, step["name"])
        scene.settle(rig)
    assert scene.step(rig, sale["name"], "invoice")["state"] == "Synced" and len(scene.live(rig)) == 2


def test_what_a_person_removed_in_xero_stops_nothing_on_retry(rig: Rig) -> None:
    sale, receipt = paying(rig)
    pay_by_hand(rig, sale, receipt, receipt["name"], Amount=1)
    rig.advance(OFF)
    scene.settle(rig)
    step = scene.step(rig, receipt["name"])
    assert step["reason_code"] == "perhaps-in-xero"
    (paid,) = scene.live(rig, "Payments")
    rig.xero.person("delete_payment", PaymentID=paid["PaymentID"])
    retry(rig, step["name"])
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["state"] == "Synced" and len(scene.live(rig, "Payments")) == 1


def test_two_payments_that_look_like_what_waits_mean_a_restore(rig: Rig) -> None:
    """Payments have no mark: a backup from while only they waited is told by their names."""
    pairs = scene.settlements(rig)[:3]
    rig.play([sale for sale, _ in pairs])
    scene.settle(rig)
    rig.play([receipt for _, receipt in pairs])
    backup = restoring.back_up(rig)
    scene.settle(rig)
    before = put_back_later(rig, backup)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused" and "look like them" in restoring.reason(rig)
    restoring.confirm(rig)
    scene.settle(rig)
    assert len(scene.live(rig, "Payments")) == 3 and not written(rig, before) and set(rig.counts()) == {"Synced"}


def test_one_payment_that_was_sent_before_the_restore_goes_to_a_person(rig: Rig) -> None:
    _sale, receipt = paying(rig)
    backup = restoring.back_up(rig)
    scene.settle(rig)
    before = put_back_later(rig, backup)
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["reason_code"] == "perhaps-in-xero" and not written(rig, before)


def test_payments_that_wait_for_a_person_and_are_entered_by_hand_stop_nothing(rig: Rig) -> None:
    """The accountant does by hand what is held here, under our names: that is no restore."""
    pairs = scene.settlements(rig)[:2]
    rig.play([sale for sale, _ in pairs])
    scene.settle(rig)
    with rig.frappe() as frappe:
        frappe.db.sql("delete from `tabXero Payment Mapping`")
        frappe.db.commit()
    rig.play([receipt for _, receipt in pairs])
    scene.settle(rig)
    assert {row["state"] for row in rig.steps() if row["role"] == "payment"} <= {"Held", "Needs Attention"}
    for sale, receipt in pairs:
        pay_by_hand(rig, sale, receipt, receipt["name"])
    rig.advance(OFF)
    rig.dispatch()
    assert scene.connection_state(rig) == "Live"
    assert [row["state"] for row in restoring.unlinked(rig)] == ["To Ask About"] * 2


# Copies


def test_a_copy_of_the_same_name_stops_and_the_first_one_goes_on(rig: Rig) -> None:
    records = kinds(rig)
    rig.play(records)
    backup = restoring.back_up(rig)
    scene.settle(rig)
    rig.advance(OFF)
    copy = restoring.second_server(rig, backup)
    before = len(rig.xero.calls())
    copy.dispatch()
    assert scene.connection_state(copy) == "Paused" and not written(rig, before)
    more = scene.invoices(rig, 4)[3:]
    rig.play(more)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live"
    scene.assert_once(rig, [*records, *more])


def test_a_copy_under_another_name_makes_no_call_at_all(rig: Rig) -> None:
    rig.play(kinds(rig))
    rig.advance(1900)  # the access token is over: a call would need a new one, and take the first server's sign-in
    copy = restoring.second_server(rig, restoring.back_up(rig), "staging")
    before = len(rig.xero.calls())
    scene.sweep(copy)
    search(copy)
    copy.dispatch()
    assert scene.connection_state(copy) == "Paused" and "not the one that went live" in restoring.reason(copy)
    assert len(rig.xero.calls()) == before


def test_a_refused_sign_in_has_the_lists_compared(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two copies of a site sign in with one refresh token: one of them is refused. What the other one sent must be seen."""
    bills = scene.bills(rig, 3)
    scene.make_contacts(rig, bills)
    rig.play(bills[:2])
    copy = restoring.second_server(rig, restoring.back_up(rig))
    copy.dispatch()
    assert len(scene.live(rig)) == 2
    refuse_the_sign_in(rig, monkeypatch)
    before = len(rig.xero.calls())
    rig.dispatch()
    # The first refusal is no end of the sign-in yet; but whatever comes of it, the lists are compared before anything is created.
    since = state_row(rig, "compare_since")["compare_since"]
    assert scene.connection_state(rig) == "Live" and since and not api_calls(rig, before)
    for _ in range(12):
        rig.advance(ALIVE)
        scene.sweep(rig)
        rig.dispatch()
    assert scene.connection_state(rig) == "Paused" and not api_calls(rig, before)
    assert state_row(rig, "compare_since")["compare_since"] == since
    monkeypatch.undo()
    add_user(rig.site, ADMIN, ["Xero Admin"])
    come_back(rig, consent(begin(rig)))
    before = len(rig.xero.calls())
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused" and "mark of this site" in restoring.reason(rig) and not written(rig, before)
    come_back(rig, consent(begin(rig)))
    assert scene.connection_state(rig) == "Paused", "signing in is no confirmation"
    restoring.confirm(rig)
    scene.settle(rig)
    scene.assert_once(rig, bills[:2])


def test_a_sign_in_that_was_refused_once_and_works_again_compares_first(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token of the copy's refresh is stored here too late or never, and Xero accepts the former one after all: nobody signs in anew."""
    bills = scene.bills(rig, 2)
    scene.make_contacts(rig, bills)
    rig.play(bills)
    copy = restoring.second_server(rig, restoring.back_up(rig))
    copy.dispatch()
    assert len(scene.live(rig)) == 2
    refuse_the_sign_in(rig, monkeypatch)
    rig.dispatch()
    monkeypatch.undo()
    before = len(rig.xero.calls())
    rig.advance(ALIVE)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused" and "mark of this site" in restoring.reason(rig) and not written(rig, before)
    restoring.confirm(rig)
    scene.settle(rig)
    scene.assert_once(rig, bills)


def test_whoever_reads_a_list_finds_what_a_second_server_has_sent(rig: Rig) -> None:
    """Both are alive, so that neither has a gap: the one whose step still waits sees the other's record."""
    bill = scene.bills(rig, 1)[0]
    scene.make_contacts(rig, [bill])
    rig.play([bill])
    copy = restoring.second_server(rig, restoring.back_up(rig))
    copy.dispatch()
    (made,) = scene.live(rig)

    def read_the_list(target: Rig) -> bool:
        def work(_frappe: Any) -> bool:
            from picortex_xero.connection import settings
            from picortex_xero.engine import restored, unlinked

            element = {"InvoiceID": made["InvoiceID"], "Url": made["Url"], "Status": "AUTHORISED", "Total": made["Total"]}
            found = unlinked.among(target.connection, settings.instance_id(), "Invoices", [element])
            return restored.report(target.connection, target.company["name"], found)

        return bool(scene.with_site(target, work))

    assert read_the_list(copy) is False, "its own record is linked"
    assert read_the_list(rig) is True and scene.connection_state(rig) == "Paused"
    restoring.confirm(rig)
    scene.settle(rig)
    assert len(scene.live(rig)) == 1 and set(rig.counts()) == {"Synced"}


def refuse_the_sign_in(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token has to be renewed, and Xero refuses."""
    from picortex_xero.xero import oauth

    def denied(*_arguments: Any) -> dict[str, Any]:
        raise oauth.Denied("invalid_grant")

    monkeypatch.setattr(oauth, "refresh", denied)

    def expire(frappe: Any) -> None:
        for name in frappe.get_all("Xero Authorisation", pluck="name"):
            frappe.db.set_value("Xero Authorisation", name, {"access_expires_at": "2020-01-01 00:00:00"})

    scene.with_site(rig, expire)


# Who may, and what Xero does not show


def test_only_whoever_may_change_the_connection_confirms_and_sees_the_list(rig: Rig) -> None:
    rig.play(scene.bills(rig, 2))
    backup = restoring.back_up(rig)
    scene.settle(rig)
    put_back_later(rig, backup)
    rig.dispatch()
    add_user(rig.site, ADMIN, ["Xero Admin"])
    add_user(rig.site, CLERK, [])
    for user, may in ((CLERK, False), (ADMIN, True)):
        with open_site(rig.site, user) as frappe:
            from picortex_xero.api import connect

            if may:
                assert [row["document"] for row in connect.unlinked_records(rig.connection)] == sorted(
                    each["name"] for each in scene.bills(rig, 2)
                )
                assert connect.before_resuming(rig.connection) == {"site": True, "records": 2, "since": ""}
                connect.resume(rig.connection)
                assert connect.before_resuming(rig.connection)["records"] == 0
                continue
            for function in (connect.unlinked_records, connect.resume):
                with pytest.raises(frappe.PermissionError):
                    function(rig.connection)


def test_a_list_that_xero_does_not_show_stops_only_what_would_appear_in_it(rig: Rig) -> None:
    bill, journal = scene.bills(rig, 1)[0], scene.journal(rig, ("Office Rent", 100.0), ("Sales", -100.0))
    scene.make_contacts(rig, [bill])
    rig.play([bill, journal])
    rig.advance(OFF)
    fault = rig.xero.fault("error_before", method="GET", path="/ManualJournals$", status=500, times=100)
    rig.dispatch()
    assert scene.step(rig, bill["name"])["state"] == "Synced"
    assert scene.step(rig, journal["name"])["state"] == "Pending" and not scene.live(rig, "ManualJournals")
    rig.dispatch()
    rig.xero.clear_faults()
    assert fault
    rig.advance(1000)
    scene.settle(rig)
    assert scene.step(rig, journal["name"])["state"] == "Synced" and state_row(rig, "compare_since")["compare_since"] is None


def test_lists_that_were_read_before_a_limit_are_not_read_again(rig: Rig) -> None:
    bill = scene.bills(rig, 1)[0]
    rig.play([bill])
    rig.advance(OFF)
    rig.xero.fault("limit", method="GET", path="/BankTransfers$")
    before = len(rig.xero.calls())
    rig.dispatch()
    assert not written(rig, before) and len(restoring.comparisons(rig, before)) == 7
    rig.advance(120)
    scene.settle(rig)
    assert len(restoring.comparisons(rig, before)) == 8 and scene.step(rig, bill["name"])["state"] == "Synced"


# The trial, shortened: hundreds of steps of every kind (`make restore-trial` plays all scenarios)


@pytest.fixture(scope="module")
def trial() -> Iterator[tuple[Rig, restore_trial.Books]]:
    """Books of their own in which 280 steps of every kind wait."""
    with standing(limits=False) as rig:
        yield rig, restore_trial.prepare(rig)


@pytest.mark.parametrize("name", part(restore_trial.SHORT, 3))
def test_a_backup_from_while_hundreds_of_steps_waited(trial: tuple[Rig, restore_trial.Books], name: str) -> None:
    rig, books = trial
    os.environ["PICORTEX_SANDBOX_CLOCK"] = str(rig.clock_file)
    played = restore_trial.play(rig, books, next(each for each in restore_trial.SCENARIOS if each.name == name))
    assert played["calls"] == 7 and books.waiting >= 280


# A machine whose memory was put back, too


@pytest.mark.parametrize("kind", ["bills", "payment"])
@pytest.mark.parametrize("corrected", [False, True])
def test_a_snapshot_with_its_memory(rig: Rig, monkeypatch: pytest.MonkeyPatch, kind: str, corrected: bool) -> None:
    """The machine's clock goes on from the snapshot, so that it sees no gap itself; Xero's answers tell."""
    if kind == "payment":
        small_payment(rig)
    else:
        bills = scene.bills(rig, 2)
        scene.make_contacts(rig, bills)
        rig.dispatch()
        rig.play(bills)
    scene.sweep(rig)
    backup, then = restoring.back_up(rig), rig.clock_file.read_text()
    scene.settle(rig)
    wanted = restore_trial.held(rig)
    rig.advance(3 * 3600)
    restoring.put_back(rig, backup, "restored")
    own = rig.folder / "clock-of-the-machine"
    own.write_text(then)
    monkeypatch.setenv("PICORTEX_SANDBOX_CLOCK", str(own))
    before = len(rig.xero.calls())
    for minute in range(6):
        own.write_text(str(float(rig.clock_file.read_text() if corrected and minute > 2 else own.read_text()) + 60))
        rig.advance(60)
        scene.sweep(rig)
        rig.dispatch()
    assert restore_trial.held(rig) == wanted
    assert not [call for call in written(rig, before) if call["status"] < 300]
    if kind == "payment":
        assert restoring.comparisons(rig, before)
        assert scene.step(rig, "TF-PAY-00001", "payment")["reason_code"] == "perhaps-in-xero"
    else:
        # Seen when Xero was asked for bills of their numbers, before any list was compared.
        assert scene.connection_state(rig) == "Paused" and "mark of this site" in restoring.reason(rig)
        monkeypatch.setenv("PICORTEX_SANDBOX_CLOCK", str(rig.clock_file))
        restoring.confirm(rig)
        scene.settle(rig)
        assert restoring.comparisons(rig, before) and restore_trial.held(rig) == wanted and set(rig.counts()) == {"Synced"}


def test_a_clock_that_is_always_wrong_means_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    own = rig.folder / "clock-of-the-machine"
    monkeypatch.setenv("PICORTEX_SANDBOX_CLOCK", str(own))
    own.write_text(str(float(rig.clock_file.read_text()) - OFF))
    rig.play(scene.bills(rig, 1))
    scene.settle(rig)
    before = len(rig.xero.calls())
    for at in range(1, 4):
        own.write_text(str(float(own.read_text()) + ALIVE))
        rig.advance(ALIVE)
        scene.sweep(rig)
        rig.play(scene.bills(rig, at + 1)[at:])
        rig.dispatch()
    assert not restoring.comparisons(rig, before) and set(rig.counts()) == {"Synced"}
