"""A copy of the site beside the first one, who may confirm, and lists that Xero does not show: what Xero has is never made twice."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import restoring
from tests.scene import rig as scene
from tests.scene.connecting import ADMIN, CLERK, begin, come_back, consent
from tests.scene.desk import search
from tests.scene.restoring import (
    ALIVE,
    OFF,
    api_calls,
    kinds,
    put_back_later,
    state_row,
    written,
)

pytestmark = pytest.mark.case("S2")


# Copies


def test_a_copy_of_the_same_name_stops_and_the_first_one_goes_on(rig: Rig) -> None:
    records = kinds(rig)
    rig.play(records)
    backup = restoring.back_up(rig)
    scene.settle(rig)
    rig.advance(OFF)
    copy = restoring.second_server(rig, backup)
    before = rig.xero.call_count()
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
    before = rig.xero.call_count()
    scene.sweep(copy)
    search(copy)
    copy.dispatch()
    assert scene.connection_state(copy) == "Paused" and "not the one that went live" in restoring.reason(copy)
    assert rig.xero.call_count() == before


def test_a_refused_sign_in_has_the_lists_compared(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two copies of a site sign in with one refresh token: one of them is refused. What the other one sent must be seen."""
    bills = scene.bills(rig, 3)
    scene.make_contacts(rig, bills)
    rig.play(bills[:2])
    copy = restoring.second_server(rig, restoring.back_up(rig))
    copy.dispatch()
    assert len(scene.live(rig)) == 2
    refuse_the_sign_in(rig, monkeypatch)
    before = rig.xero.call_count()
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
    before = rig.xero.call_count()
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
    before = rig.xero.call_count()
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
    before = rig.xero.call_count()
    rig.dispatch()
    assert not written(rig, before) and len(restoring.comparisons(rig, before)) == 7
    rig.advance(120)
    scene.settle(rig)
    assert len(restoring.comparisons(rig, before)) == 8 and scene.step(rig, bill["name"])["state"] == "Synced"
