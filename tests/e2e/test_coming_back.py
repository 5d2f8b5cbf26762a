"""Access withdrawn in Xero, then given back: what is up and its cure are said once, nothing flips, nothing of the meantime is missed, and
reconnecting goes on in the state that was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.rig import Rig, connect
from tests.scene import organisations as scenes
from tests.scene import rig as scene
from tests.scene.desk import search
from tests.scene.parts import part
from tests.scene.reading import pass_alive, read
from tests.scene.telling import make_admin, notifications


def set_on(rig: Rig, **values: Any) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, values))


@pytest.mark.case("B6")
def test_withdrawn_access_is_said_with_its_cure_and_reconnecting_goes_on(rig: Rig) -> None:
    make_admin(rig)
    sent, first, between, cancelled = scene.invoices(rig, 4)
    rig.play([sent, cancelled])
    scene.settle(rig)
    rig.xero.person("disconnect")
    rig.play([first])
    for _ in range(3):
        rig.dispatch()
        scene.sweep(rig)
        rig.advance(600)
    row = scenes.connection(rig)
    assert (row["state"], row["reason_code"]) == ("Disconnected", "access-withdrawn")
    for shown in (row, scenes.figures(rig), scenes.form(rig, first)):
        assert "no longer lets this app into the organisation" in shown["reason"] and "Reconnect" in shown["cure"]
        assert "AuthenticationUnsuccessful" not in shown["reason"] + shown["cure"]
    (told,) = notifications(rig)
    assert "no longer lets" in told["subject"] and "Reconnect" in told["email_content"]
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="no longer lets this app into the organisation.*Reconnect"):
        scenes.press(rig, "resume")
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="Reconnect"):
        scenes.press(rig, "go_live", rig.connection, "2020-01-01")
    assert scene.connection_state(rig) == "Disconnected" and len(notifications(rig)) == 1, "nothing flips, nobody is told again"
    rig.play([between, scene.cancelling(cancelled)])
    connect(rig)
    assert scene.connection_state(rig) == "Live"
    scene.settle(rig)
    scene.assert_once(rig, [sent, first, between])
    scene.sweep(rig)
    assert not scenes.figures(rig)["told"] and not scenes.connection(rig)["reason"]


@pytest.mark.case("B6")
def test_a_sign_in_without_the_organisation_resumes_nothing(rig: Rig) -> None:
    rig.play(scene.invoices(rig))
    other = scenes.found(rig, "Somebody Else Ltd")
    rig.xero.person("disconnect")
    rig.dispatch()
    assert scene.connection_state(rig) == "Disconnected"
    scenes.sign_in(rig, other)
    assert scene.connection_state(rig) == "Disconnected", "Xero lists another organisation only"
    scenes.sign_in(rig, rig.xero.tenant)
    assert scene.connection_state(rig) == "Live"
    scenes.press(rig, "disconnect_only")
    assert any(rig.xero.calls(path="/connections/")), "by the id that the new consent gave"


@pytest.mark.case("B6")
def test_another_person_may_reconnect(rig: Rig) -> None:
    first, second = scene.invoices(rig, 2)
    rig.play([first])
    scene.settle(rig)
    rig.xero.person("disconnect")
    rig.play([second])
    rig.dispatch()
    authorisation = scenes.sign_in(rig, rig.xero.tenant, user="3a1f0000-0000-4000-8000-000000000001")
    assert scene.connection_state(rig) == "Disconnected", "another sign-in is chosen for a company first"
    former = scenes.connection(rig)["authorisation"]
    scenes.choose(rig, authorisation, rig.xero.tenant)
    assert scene.connection_state(rig) == "Live" and former not in scene.with_site(
        rig, lambda f: f.get_all("Xero Authorisation", pluck="name")
    )
    scene.settle(rig)
    scene.assert_once(rig, [first, second])


@pytest.mark.case("B6")
@pytest.mark.parametrize("how", ["withdrawn", "disconnected", "sign-in ended", "paused by a person", "former release"])
def test_what_happens_meanwhile_goes_out_after(rig: Rig, how: str) -> None:
    """Submits, cancels, payments and files of every state between going live and leaving."""
    make_admin(rig)
    *invoices, payment = scene.paid(rig)
    gone, bill = scene.invoices(rig, 5)[-1], scene.bills(rig)[0]
    assert gone["name"] not in [each["name"] for each in invoices]
    rig.play([gone])
    scene.settle(rig)
    if how == "withdrawn":
        rig.xero.person("disconnect")
        rig.dispatch()
    elif how == "disconnected":
        scenes.press(rig, "disconnect")
    elif how == "sign-in ended":
        authorisation = scenes.connection(rig)["authorisation"]
        scene.with_site(rig, lambda f: f.db.set_value("Xero Authorisation", authorisation, "state", "Reconnect Needed"))
    elif how == "paused by a person":
        set_on(rig, state="Paused", reason="Until Monday", reason_code="")
    else:  # it fell back to Setting Up on reconnecting, with its go-live date
        set_on(rig, state="Setting Up")
    rig.play([*invoices, payment, bill, scene.cancelling(gone)])
    rig.dispatch()
    scene.sweep(rig)
    assert len(rig.steps()) >= 5, "all of it is noted"
    assert {row["state"] for row in rig.steps(reference_name=payment["name"])} == {"Pending"}
    if how != "paused by a person":
        assert len(notifications(rig)) == 1, "a person knows that something waits"
    connect(rig)
    assert scene.connection_state(rig) == "Live"
    scene.settle(rig)
    scene.assert_once(rig, [*invoices, payment, bill])


@pytest.mark.case("B6")
def test_what_was_missed_while_disconnected_is_found_by_the_search(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import capture

    (record,) = scene.invoices(rig)
    scenes.press(rig, "disconnect")
    with monkeypatch.context() as broken:
        broken.setattr(capture, "add_step", lambda *_, **__: 1 / 0)
        rig.play([record])
    assert not rig.steps()
    search(rig)
    assert rig.counts() == {"Pending": 1}


@pytest.mark.case("B6")
@pytest.mark.parametrize("go_live_date", ["2020-01-01", None])
@pytest.mark.parametrize("state", ["Live", "Disconnected", "Setting Up"])
def test_reconnecting_goes_on_in_the_state_that_was(rig: Rig, state: str, go_live_date: str | None) -> None:
    set_on(rig, go_live_date=go_live_date, state="Live" if go_live_date else "Setting Up")
    if state == "Disconnected":
        scenes.press(rig, "disconnect")
    elif state == "Setting Up":
        set_on(rig, state=state)
    connect(rig)
    assert scene.connection_state(rig) == ("Live" if go_live_date else "Setting Up")


@pytest.mark.case("B6")
def test_a_pause_that_no_sign_in_cures_outlives_a_disconnect(rig: Rig) -> None:
    """A copy of the site, and whatever else a person has to confirm."""
    rig.play(scene.invoices(rig))
    config = rig.site / "site_config.json"
    original = config.read_text()
    try:
        config.write_text(json.dumps({**json.loads(original), "db_host": "staging"}))
        rig.dispatch()
        assert scenes.connection(rig)["reason_code"] == "other-site"
        scenes.press(rig, "disconnect")
        connect(rig)
        assert (scene.connection_state(rig), scenes.connection(rig)["reason_code"]) == ("Paused", "other-site")
    finally:
        config.write_text(original)
    set_on(rig, state="Paused", reason_code="restored", reason="A backup was restored", cure="Confirm")
    scenes.press(rig, "disconnect")
    connect(rig)
    assert (scene.connection_state(rig), scenes.connection(rig)["reason"]) == ("Paused", "A backup was restored")
    scenes.press(rig, "resume")
    scene.settle(rig)
    assert len(scene.live(rig)) == 1


@pytest.mark.case("B6")
def test_a_missing_permission_is_given_at_xero(rig: Rig) -> None:
    rig.play(scene.invoices(rig))
    cause = {"state": "Paused", "reason_code": "scope-missing", "reason": "Xero says the connection lacks a permission"}
    set_on(rig, **cause)
    authorisation = scenes.connection(rig)["authorisation"]
    scene.with_site(rig, lambda f: f.db.set_value("Xero Authorisation", authorisation, "scopes", "accounting.contacts"))
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="Reconnect"):
        scenes.press(rig, "resume")
    connect(rig)
    assert scene.connection_state(rig) == "Live"


# Told


def test_silence_of_an_hour_is_told_once(rig: Rig) -> None:
    make_admin(rig)
    rig.play(scene.invoices(rig))
    rig.xero.fault("error_before", method="GET|PUT|POST", path="/api.xro/", status=503, times=999)
    for _ in range(9):
        rig.dispatch()
        scene.sweep(rig)
        rig.advance(900)
    silent = [each for each in notifications(rig) if "For an hour nothing could be sent" in each["subject"]]
    assert len(silent) == 1 and "status.xero.com" in silent[0]["email_content"]
    rig.xero.clear_faults()
    scene.settle(rig, seconds=900)
    scene.sweep(rig)
    assert "not-sending" not in {each["code"] for each in scenes.figures(rig)["told"]}


@pytest.mark.parametrize("headers", part([{"retry_after": 20_000}, {"retry_after": 0}, {"problem": "minute", "retry_after": 0}], 2))
def test_a_limit_that_lasts_is_named_and_nobody_is_sent_to_the_workers(rig: Rig, headers: dict[str, Any]) -> None:
    """Whatever Xero says of how long it lasts; other programs use the same calls."""
    make_admin(rig)
    rig.play(scene.invoices(rig))
    rig.xero.fault("limit", method="GET|PUT|POST", path="/api.xro/", times=9999, **{"problem": "day", **headers})
    for _minute in range(100):
        rig.advance(60)
        rig.dispatch()
        scene.sweep(rig)
    (told,) = [each["subject"] for each in notifications(rig) if "For an hour" in each["subject"]]
    assert f"limit of requests ({headers.get('problem', 'day')})" in told.replace("&#x27;", "'")


def test_drafts_that_nobody_approves_are_told_once_with_how_many(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig, "DRAFT")
    make_admin(rig)
    one, another = scene.settlements(rig)[:2]
    rig.play([*one, *another])
    for _ in range(3):
        rig.dispatch()
    for day in range(30):
        pass_alive(rig, 24 * 3600)
        rig.dispatch()
        pass_alive(rig, 1)
        scene.sweep(rig)
        told = [each for each in notifications(rig) if "approve" in each["subject"]]
        assert len(told) == (1 if day > 14 else 0 if day < 12 else len(told)), day
    assert told[0]["subject"].startswith("Xero: 2 sync items have waited for more than 14 days")
    for shown in scene.live(rig):
        rig.xero.person("approve_invoice", InvoiceID=shown["InvoiceID"])
    read(rig)
    scene.sweep(rig)
    assert "unapproved" not in {each["code"] for each in scenes.figures(rig)["told"]} and len(scene.live(rig, "Payments")) == 2


def test_workers_that_do_not_run_are_told(rig: Rig) -> None:
    make_admin(rig)
    rig.play(scene.invoices(rig))
    scene.sweep(rig)
    assert not notifications(rig)
    rig.advance(3700)
    scene.sweep(rig)
    scene.sweep(rig)
    (told,) = notifications(rig)
    assert "although documents wait" in told["subject"] and "short queue" in told["email_content"]


def test_nobody_is_told_of_a_connection_that_never_went_live(unconnected: Rig) -> None:
    make_admin(unconnected)
    connect(unconnected)
    unconnected.play(scene.invoices(unconnected))
    unconnected.advance(7200)
    scene.sweep(unconnected)
    assert not notifications(unconnected) and not unconnected.steps()


def test_what_people_do_with_a_connection_is_in_the_history(rig: Rig) -> None:
    """Who, what and when, as auditors ask for it; what pauses it too."""
    from picortex_xero.api import connect as buttons
    from picortex_xero.engine import limits

    def work(frappe: Any) -> list[tuple[str, str]]:
        from picortex_xero.accounting.texts import plain

        buttons.pause(rig.connection)
        # Nothing was copied or put back: nothing is asked.
        assert buttons.before_resuming(rig.connection) == {"site": False, "records": 0, "since": ""}
        buttons.resume(rig.connection)
        limits.pause(rig.connection, plain("Tried"))
        frappe.db.set_value("Xero Connection State", rig.connection, "fingerprint", "another site")
        assert buttons.before_resuming(rig.connection)["site"]
        buttons.resume(rig.connection)
        buttons.disconnect_only(rig.connection)
        rows = frappe.get_all("Xero Sync Log", filters={"event": "Connection"}, fields=["message", "user"], order_by="at asc, creation asc")
        return [(row["message"], row["user"]) for row in rows]

    told = scene.with_site(rig, work)
    assert [message for message, _ in told][-3:] == ["Paused: Tried", "Administrator let it send again", "Administrator disconnected it"]
    assert any("went live with documents from" in message for message, _ in told) and all(user for _, user in told)
