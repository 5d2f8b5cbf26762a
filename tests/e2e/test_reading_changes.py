"""How what changed in Xero is read: in its turn, page by page, with calls to spare, one record's trouble staying its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.reading import TURN, begin, pass_alive, read, reads, told
from tests.scene.telling import make_admin, notifications

pytestmark = pytest.mark.case("19")
STATE = "Xero Connection State"


def voided(rig: Rig, count: int, apart: float = 0) -> list[scene.Record]:
    """Invoices that are in Xero, and that a person has voided there since, `apart` seconds one after the other."""
    sales = scene.invoices(rig, count)
    rig.play(sales)
    begin(rig)
    for shown in scene.live(rig):
        rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
        rig.advance(apart)
    return sales


def cursor(rig: Rig, endpoint: str = "Invoices") -> dict[str, Any]:
    with rig.frappe() as frappe:
        return dict(json.loads(frappe.db.get_value(STATE, rig.connection, "read_until"))[endpoint])


def test_pages_are_read_on_from_the_last_record(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import reading

    sales = voided(rig, 5, apart=60)
    monkeypatch.setattr(reading, "PAGE", 2)
    before = rig.xero.call_count()
    read(rig)
    assert {told(rig, sale)[:2] for sale in sales} == {("Needs Attention", "gone-from-xero")}
    asked = [call["headers"]["if-modified-since"] for call in reads(rig, before) if call["path"].endswith("/Invoices")]
    assert len(asked) >= 3 and asked == sorted(asked) and asked[0] < asked[-1]


def test_a_read_that_is_cut_off_goes_on_at_its_page(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import reading

    sales = voided(rig, 4, apart=60)
    monkeypatch.setattr(reading, "PAGE", 2)
    rig.xero.fault("error_before", status=503, path="/Invoices$", method="GET", skip=1, times=1)
    read(rig)
    rig.advance(TURN)
    rig.dispatch()
    assert {told(rig, sale)[0] for sale in sales} == {"Needs Attention"}


def test_one_record_that_cannot_be_judged_keeps_nobody_waiting(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.inbound import judge

    sales = voided(rig, 3)
    bad, whole = sales[1]["name"], judge.judge

    def fails(linked: Any, *rest: Any) -> Any:
        if linked.link.who.name == bad:
            raise ValueError("a defect")
        return whole(linked, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(judge, "judge", fails)
        read(rig)
    assert [told(rig, sale)[0] for sale in sales] == ["Needs Attention", "Synced", "Needs Attention"]
    assert len(cursor(rig)["failed"]) == 1 and any("could not be judged" in str(row) for row in scene.error_log(rig))
    read(rig)
    assert told(rig, sales[1])[0] == "Needs Attention" and cursor(rig)["failed"] == {}, "it is read again by its id"


@pytest.mark.parametrize("trouble", ["time-out", "lost race"])
def test_what_is_no_failing_of_a_record_ends_the_run(rig: Rig, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    from rq.timeouts import JobTimeoutException

    from picortex_xero.inbound import judge

    (sale,) = voided(rig, 1)
    before = cursor(rig)

    def stopped(*_: Any) -> Any:
        import frappe

        raise JobTimeoutException("too long") if trouble == "time-out" else frappe.QueryDeadlockError(1213, "Deadlock found")

    rig.advance(TURN)
    with monkeypatch.context() as patch:
        patch.setattr(judge, "judge", stopped)
        rig.dispatch()
    assert cursor(rig) == before and not scene.error_log(rig) and told(rig, sale)[0] == "Synced"
    rig.dispatch()
    assert told(rig, sale)[0] == "Needs Attention"


def test_live_traffic_keeps_its_share_of_the_calls(rig: Rig) -> None:
    (sale,) = voided(rig, 1)
    pass_alive(rig, TURN)
    scarce = {"day_calls_left": 150, "minute_calls_left": 60}

    def few(frappe: Any) -> None:
        from picortex_xero.engine.clock import now

        frappe.db.set_value(STATE, rig.connection, {**scarce, "last_good_call": now()}, update_modified=False)

    scene.with_site(rig, few)
    before = rig.xero.call_count()
    rig.dispatch()
    assert not reads(rig, before) and told(rig, sale)[0] == "Synced"
    pass_alive(rig, TURN * 3)
    rig.dispatch()
    assert told(rig, sale)[0] == "Needs Attention"


def test_an_endpoint_that_xero_does_not_show_stops_nothing_else(rig: Rig) -> None:
    (sale,) = voided(rig, 1)
    later = scene.bills(rig)
    rig.xero.fault("error_before", status=404, path="/Contacts$", method="GET", times=1)
    rig.play(later)
    read(rig)
    assert told(rig, sale)[0] == "Needs Attention" and told(rig, later[0])[0] == "Synced"


def test_unlinked_records_are_handed_on(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one place where records without a link are judged (inbound/unlinked.py)."""
    from picortex_xero.inbound import unlinked

    (sale,) = scene.invoices(rig)
    rig.play([sale])
    begin(rig)
    made = rig.xero.person(
        "create_invoice",
        Type="ACCREC",
        Contact={"Name": "Walk-in"},
        LineItems=[{"Description": "x", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200"}],
    )
    handed: list[tuple[str, str]] = []
    monkeypatch.setattr(
        unlinked,
        "judge_unlinked",
        lambda context, lease, endpoint, elements, cursor: handed.extend((endpoint, each[f"{endpoint[:-1]}ID"]) for each in elements),
    )
    read(rig)
    assert ("Invoices", made["InvoiceID"]) in handed and len([each for each in handed if each[0] == "Invoices"]) == 1


def touched(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, scene.Record]:
    """A record that could not be judged once and whose id answers 500 since: its id, its document, another document."""
    from picortex_xero.inbound import judge

    make_admin(rig)
    sales = scene.invoices(rig, 2)
    rig.play(sales)
    begin(rig)
    shown = next(each for each in scene.live(rig) if each["InvoiceNumber"] == sales[0]["name"])
    rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], Reference="touched")
    with monkeypatch.context() as patch:
        patch.setattr(judge, "judge", lambda *_args: 1 / 0)
        read(rig)
    rig.xero.fault("error_before", method="GET", path=f"/Invoices/{shown['InvoiceID']}", status=500, times=999)
    return shown["InvoiceID"], sales[0]["name"], sales[1]


def test_a_record_that_xero_never_shows_is_told_once_and_passed_over(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    xero_id, name, other = touched(rig, monkeypatch)
    (shown,) = [each for each in scene.live(rig) if each["InvoiceNumber"] == other["name"]]
    rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
    read(rig)
    assert told(rig, other)[:2] == ("Needs Attention", "gone-from-xero"), "the others of its endpoint go on"
    for _ in range(3):
        read(rig)
    about = [each for each in notifications(rig) if name in each["subject"]]
    assert len(about) == 1 and "does not show" in about[0]["subject"]
    before = len(rig.xero.calls(path=f"/api.xro/2.0/Invoices/{xero_id}"))
    for _ in range(5):
        read(rig)
    assert len(rig.xero.calls(path=f"/api.xro/2.0/Invoices/{xero_id}")) == before, "not every turn"
    rig.xero.clear_faults()
    rig.xero.person("void_invoice", InvoiceID=xero_id)
    for _ in range(24):
        read(rig)
    assert told(rig, {"name": name})[:2] == ("Needs Attention", "gone-from-xero") and cursor(rig)["failed"] == {}
    assert not any(each["code"].startswith("reader:") for each in standing(rig))


def test_a_contact_that_xero_never_shows_keeps_no_record_waiting(rig: Rig) -> None:
    """An invoice was given another contact in Xero; the former one, which may have been merged, answers 500."""
    one, other = scene.of_different_customers(rig, 2)
    rig.play([one, other])
    begin(rig)
    by_number = {each["InvoiceNumber"]: each for each in scene.live(rig)}
    former, present = (by_number[each["name"]]["contact"] for each in (one, other))
    rig.xero.person("edit_invoice", InvoiceID=by_number[one["name"]]["InvoiceID"], Contact={"ContactID": present})
    rig.xero.person("void_invoice", InvoiceID=by_number[other["name"]]["InvoiceID"])
    rig.xero.fault("error_before", method="GET", path=f"/Contacts/{former}", status=500, times=999)
    read(rig)
    assert told(rig, other)[:2] == ("Needs Attention", "gone-from-xero")
    assert told(rig, one)[0] == "Synced" and len(cursor(rig)["failed"]) == 1
    rig.xero.clear_faults()
    read(rig)
    assert told(rig, one)[:2] == ("Needs Attention", "edited-in-xero")


def test_a_list_that_xero_does_not_show_is_told_once(rig: Rig) -> None:
    make_admin(rig)
    voided(rig, 1)
    rig.xero.fault("error_before", method="GET", path="/Invoices$", status=500, times=999)
    for _ in range(6):
        read(rig)
    assert len(notifications(rig)) == 1 and "Invoices" in notifications(rig)[0]["subject"]
    rig.xero.clear_faults()
    read(rig)
    assert not standing(rig) and cursor(rig)["misses"] == 0


def standing(rig: Rig) -> list[dict[str, Any]]:
    from picortex_xero.attention import notifications as module

    return list(scene.with_site(rig, lambda _: module.standing(rig.connection)))
