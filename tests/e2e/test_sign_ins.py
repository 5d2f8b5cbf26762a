"""What Xero's sign-in may answer while a token is renewed: only refused grants cost a connection, whatever is up is said, and a sign-in that
nobody uses for months stays alive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.rig import CALLBACK, HOST_ADDRESS, Rig, connect, go_live, map_everything
from tests.scene import rig as scene
from tests.scene.desk import search
from tests.scene.parts import part
from tests.scene.reading import pass_alive
from tests.scene.telling import make_admin, notifications

TOKEN = "/connect/token"
DAY = 86400
PASSING: list[tuple[str, dict[str, Any]]] = [
    ("oauth_error", {"error": "server_error"}),
    ("oauth_error", {"error": "temporarily_unavailable"}),
    ("oauth_error", {"error": "invalid_client"}),
    ("oauth_error", {"error": "invalid_request"}),
    ("oauth_error", {"error": "unauthorized_client"}),
    ("oauth_error", {"error": "invalid_scope"}),
    ("oauth_error", {"error": "something_new"}),
    ("oauth_error", {"error": "invalid_grant"}),
    ("limit", {"problem": "minute", "retry_after": 30}),
    ("error_before", {"status": 429}),
    ("error_before", {"status": 500}),
    ("error_before", {"status": 503}),
    ("instead", {"text": "<html><body>Scheduled maintenance</body></html>"}),
    ("instead", {"text": "null"}),
    ("drop_before", {}),
    ("truncated", {}),
]


def on_token(rig: Rig, kind: str, details: dict[str, Any], times: int = 1) -> None:
    rig.xero.fault(kind, method="POST", path=TOKEN, times=times, **details)


def token_calls(rig: Rig) -> int:
    return len(rig.xero.calls(path=TOKEN))


def the_sign_in(rig: Rig) -> dict[str, Any]:
    """The one authorisation there is."""
    (row,) = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Authorisation", fields=["*"]))
    return dict(row)


def figures(rig: Rig) -> dict[str, Any]:
    """The connection in the overview."""
    from picortex_xero.api import status

    return next(each for each in scene.with_site(rig, lambda _: status.overview()) if each["connection"] == rig.connection)


def on_the_form(rig: Rig, record: scene.Record) -> dict[str, Any]:
    from picortex_xero.api import status

    return dict(scene.with_site(rig, lambda _: status.document_status(record["doctype"], record["name"])))


@pytest.mark.case("17")
@pytest.mark.odd_answers
@pytest.mark.parametrize(("kind", "details"), PASSING, ids=[f"{kind} {list(each.values())[:1]}" for kind, each in PASSING])
def test_one_odd_answer_while_refreshing_costs_nothing(rig: Rig, kind: str, details: dict[str, Any]) -> None:
    make_admin(rig)
    first, second = scene.invoices(rig, 2)
    rig.play([first])
    scene.settle(rig)
    rig.advance(3000)
    on_token(rig, kind, details)
    rig.play([second])
    calls = len(rig.xero.calls(path="/api.xro/"))
    rig.dispatch()
    assert len(rig.xero.calls(path="/api.xro/")) == calls, "nothing is sent without a token"
    assert scene.connection_state(rig) == "Live"
    said = figures(rig)
    assert said["reason"] and said["cure"] and said["code"]
    form = on_the_form(rig, second)
    assert said["reason"] in form["reason"] and said["cure"] in form["cure"]
    rig.advance(90)
    scene.sweep(rig)
    scene.settle(rig)
    scene.assert_once(rig, [first, second])
    assert (the_sign_in(rig)["state"], the_sign_in(rig)["trouble"] or "", the_sign_in(rig)["reason"] or "") == ("Active", "", "")
    assert not notifications(rig) and not scene.error_log(rig)
    assert (figures(rig)["reason"], figures(rig)["cure"]) == ("", "")


@pytest.mark.case("17")
def test_the_third_refused_grant_over_ten_minutes_ends_it_with_one_alert(rig: Rig) -> None:
    make_admin(rig)
    records = scene.invoices(rig, 2)
    rig.play(records)
    rig.advance(1900)
    on_token(rig, "oauth_error", {"error": "invalid_grant"}, times=99)
    calls = len(rig.xero.calls(path="/api.xro/"))
    for _minute in range(9):
        rig.dispatch()
        scene.sweep(rig)
        assert scene.connection_state(rig) == "Live" and not notifications(rig), "not for ten minutes"
        rig.advance(61)
    assert token_calls(rig) >= 3
    rig.advance(60)
    for _ in range(3):
        rig.dispatch()
        scene.sweep(rig)
        rig.advance(61)
    assert scene.connection_state(rig) == "Paused" and the_sign_in(rig)["state"] == "Reconnect Needed"
    assert len(notifications(rig)) == 1 and len(scene.error_log(rig)) == 1
    assert len(rig.xero.calls(path="/api.xro/")) == calls
    before = token_calls(rig)
    rig.dispatch()
    assert token_calls(rig) == before, "an ended sign-in is not tried any more"
    said = figures(rig)
    assert said["code"] == "sign-in-ended" and "Reconnect" in said["cure"]
    assert "invalid_grant" in on_the_form(rig, records[0])["reason"] and "Reconnect" in on_the_form(rig, records[0])["cure"]
    rig.xero.clear_faults()
    connect(rig)
    assert scene.connection_state(rig) == "Live", "reconnecting is all it takes"
    scene.settle(rig)
    scene.assert_once(rig, records)


@pytest.mark.case("17")
def test_two_refused_grants_and_other_trouble_between_end_nothing(rig: Rig) -> None:
    records = scene.invoices(rig, 2)
    rig.play(records)
    rig.advance(1900)
    for error in ("invalid_grant", "server_error", "invalid_client", "invalid_grant", "temporarily_unavailable"):
        on_token(rig, "oauth_error", {"error": error})
        rig.dispatch()
        assert scene.connection_state(rig) == "Live"
        rig.advance(900)
    scene.settle(rig)
    scene.assert_once(rig, records)
    assert the_sign_in(rig)["refusals"] == 0, "a token counts them from the beginning"


@pytest.mark.case("17")
def test_after_a_refused_grant_a_token_that_is_still_good_is_not_used(rig: Rig) -> None:
    first, second = scene.invoices(rig, 2)
    rig.play([first])
    scene.settle(rig)
    on_token(rig, "oauth_error", {"error": "invalid_grant"})

    def refuse(frappe: Any) -> None:
        from picortex_xero.connection import tokens

        with pytest.raises(tokens.NotNow):
            tokens.renew(frappe.get_all("Xero Authorisation", pluck="name")[0])

    scene.with_site(rig, refuse)
    rig.play([second])
    calls = rig.xero.call_count()
    rig.dispatch()
    assert rig.xero.call_count() == calls, "neither Xero's API nor, within the minute, its sign-in"
    rig.advance(120)
    scene.settle(rig)
    scene.assert_once(rig, [first, second])


@pytest.fixture
def renewed_secret(rig: Rig) -> Iterator[str]:
    """Somebody makes a new secret on the app's page at Xero, which ends the former one."""

    def register(secret: str) -> None:
        rig.xero.client("sandbox-web", client_secret=secret, redirect_uris=[HOST_ADDRESS + CALLBACK])

    register("renewed at Xero")
    yield "renewed at Xero"
    register("sandbox-web-secret")


@pytest.mark.case("17")
@pytest.mark.parametrize("through", ["form", "endpoint"])
def test_a_corrected_secret_is_enough(rig: Rig, renewed_secret: str, through: str) -> None:
    make_admin(rig)
    first, second = scene.invoices(rig, 2)
    rig.play([first])
    scene.settle(rig)
    rig.play([second])
    rig.advance(1900)
    for _ in range(12):
        rig.dispatch()
        scene.sweep(rig)
        rig.advance(600)
    assert scene.connection_state(rig) == "Live" and the_sign_in(rig)["state"] == "Active"
    said = figures(rig)
    assert said["code"] == "app-refused" and "Xero Settings" in said["cure"]
    assert len(notifications(rig)) == 1, "once, however long it lasts"

    def correct(frappe: Any) -> None:
        from picortex_xero.api import connect as buttons

        if through == "endpoint":
            return buttons.keep_secret(renewed_secret)
        settings = frappe.get_doc("Xero Settings")
        settings.new_client_secret = renewed_secret
        return settings.save()

    scene.with_site(rig, correct)
    rig.dispatch()
    scene.settle(rig)
    scene.assert_once(rig, [first, second])
    scene.sweep(rig)
    assert not figures(rig)["told"] and figures(rig)["code"] == ""


@pytest.mark.case("17")
def test_a_sign_in_that_does_not_answer_for_an_hour_is_told(rig: Rig) -> None:
    make_admin(rig)
    rig.play(scene.invoices(rig))
    rig.advance(1900)
    on_token(rig, "oauth_error", {"error": "server_error"}, times=99)
    for _ in range(8):
        rig.dispatch()
        scene.sweep(rig)
        rig.advance(1000)
    assert len(notifications(rig)) == 1 and "server_error" in notifications(rig)[0]["subject"]
    assert scene.connection_state(rig) == "Live"


def custom_rig(rig: Rig) -> None:
    from picortex_xero.api import connect as buttons

    def work(frappe: Any) -> None:
        name = buttons.custom_connection("sandbox-custom", "sandbox-custom-secret")
        rig.connection = buttons.choose_organisation(name, buttons.organisations(name)[0]["tenantId"], rig.company["name"])

    scene.with_site(rig, work)
    map_everything(rig)
    go_live(rig, "AUTHORISED")


@pytest.mark.case("17")
@pytest.mark.parametrize("error", ["server_error", "invalid_client", "invalid_scope", "unauthorized_client"])
def test_a_custom_connection_survives_the_same(unconnected: Rig, error: str) -> None:
    rig = unconnected
    custom_rig(rig)
    first, second = scene.invoices(rig, 2)
    rig.play([first])
    scene.settle(rig)
    rig.advance(3000)
    on_token(rig, "oauth_error", {"error": error}, times=3)
    rig.play([second])
    for _ in range(3):
        rig.dispatch()
        assert scene.connection_state(rig) == "Live"
        if error == "invalid_client":
            assert "custom connection" in figures(rig)["cure"]
        rig.advance(900)
    scene.settle(rig)
    scene.assert_once(rig, [first, second])


# Kept alive


def sixty_one_days(rig: Rig) -> None:
    for _ in range(61):
        rig.advance(DAY)
        scene.sweep(rig)
        search(rig)


@pytest.mark.case("35")
@pytest.mark.parametrize("state", part(["Live", "Paused", "Setting Up"], 2))
def test_a_sign_in_outlives_61_days_without_a_document(rig: Rig, state: str) -> None:
    first, second = scene.invoices(rig, 2)
    rig.play([first])
    scene.settle(rig)
    held = {"state": state, "reason_code": "kept", "reason": "A person wants it so"} if state == "Paused" else {"state": state}
    if state == "Setting Up":
        held["go_live_date"] = None
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, held))
    before = token_calls(rig)
    sixty_one_days(rig)
    most = 13 if state == "Paused" else 62
    assert 9 <= token_calls(rig) - before <= most, "weekly, or daily where it is asked which organisations it opens"
    assert scene.connection_state(rig) == state and the_sign_in(rig)["state"] == "Active"
    go_live(rig, "AUTHORISED")
    rig.play([second])
    scene.settle(rig)
    scene.assert_once(rig, [first, second])


@pytest.mark.case("35")
def test_a_weekly_refresh_that_fails_is_tried_again_every_hour(rig: Rig) -> None:
    scene.settle(rig)
    on_token(rig, "oauth_error", {"error": "temporarily_unavailable"}, times=5)
    before = token_calls(rig)
    rig.advance(6 * DAY + 3600)
    for hour in range(1, 8):
        search(rig)
        assert token_calls(rig) - before == min(hour, 6)
        rig.advance(3600)
    assert the_sign_in(rig)["state"] == "Active" and not the_sign_in(rig)["trouble"]


@pytest.mark.case("35")
def test_a_sign_in_that_ended_while_nothing_was_sent_is_told(rig: Rig) -> None:
    make_admin(rig)
    rig.advance(59 * DAY)
    rig.advance(2 * DAY)  # the site was switched off
    for _ in range(4):
        search(rig)
        scene.sweep(rig)
        rig.advance(3600)
    assert scene.connection_state(rig) == "Paused" and the_sign_in(rig)["state"] == "Reconnect Needed"
    assert len(notifications(rig)) == 1


@pytest.mark.case("35")
def test_a_custom_connection_has_nothing_to_be_kept_alive(unconnected: Rig) -> None:
    rig = unconnected
    custom_rig(rig)
    before = token_calls(rig)
    sixty_one_days(rig)
    assert token_calls(rig) - before <= 62, "a token for the daily look, and nothing else"
    (record,) = scene.invoices(rig)
    rig.play([record])
    scene.settle(rig)
    scene.assert_once(rig, [record])


# A token that Xero refuses in the middle of a run, while the sign-in gives no other


def no_token_from_now_on(rig: Rig, error: str, path: str) -> None:
    """Xero refuses the token at these calls, and its sign-in gives no other one."""
    rig.xero.fault("error_before", method="GET", path=path, status=401, times=99)
    on_token(rig, "oauth_error", {"error": error}, times=99)


@pytest.mark.case("17")
@pytest.mark.parametrize("error", ["server_error", "invalid_client", "invalid_grant"])
def test_a_token_refused_while_looking_is_no_trouble_of_a_document(rig: Rig, error: str) -> None:
    """Looks before a contact, a payment and a cancel; what a lost answer left open; what changed in Xero."""
    *paid, payment = scene.paid(rig)
    first, lost, other = [each for each in scene.of_different_customers(rig, 5) if each["name"] != paid[0]["name"]][:3]
    rig.play([*paid, first])
    scene.settle(rig)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices", times=1)
    rig.play([lost])
    rig.dispatch()
    rig.play([payment, other, scene.cancelling(first)])
    pass_alive(rig, 600)
    no_token_from_now_on(rig, error, "/api.xro/2.0/(?!Organisation)")
    for _ in range(3):
        rig.dispatch()
        said = figures(rig)
        assert said["code"] in ("sign-in-not-answering", "app-refused", "sign-in-refused") and said["cure"]
        assert {row["state"] for row in rig.steps()} <= {"Pending", "Synced", "Unknown", "Superseded"}
        pass_alive(rig, 61)
    assert not scene.error_log(rig) and scene.connection_state(rig) == "Live"
    rig.xero.clear_faults()
    rig.advance(1000)
    scene.settle(rig)
    scene.assert_once(rig, [*paid, payment, lost, other])
    assert {row["state"] for row in rig.steps()} <= {"Synced", "Superseded"}


@pytest.mark.case("17")
def test_answers_that_came_are_kept_where_another_ones_token_is_refused(rig: Rig) -> None:
    """Of two requests one is carried out, the other's token refused: the first is In Xero, the second goes later."""
    sale, bill = scene.invoices(rig)[0], scene.bills(rig)[0]
    rig.play([sale, bill])
    scene.settle(rig)
    credit = scene.returned(sale, at_once=False)
    second = scene.copied(sale, "SECOND-1")
    rig.play([credit, second])
    rig.xero.fault("error_before", method="PUT|POST", path="/CreditNotes", status=401, times=99)
    on_token(rig, "oauth_error", {"error": "server_error"}, times=99)
    rig.dispatch()
    assert scene.step(rig, "SECOND-1")["state"] == "Synced" and scene.step(rig, credit["name"])["state"] == "Pending"
    assert figures(rig)["code"] == "sign-in-not-answering"
    rig.xero.clear_faults()
    rig.advance(1000)
    scene.settle(rig)
    assert scene.step(rig, credit["name"])["state"] == "Synced" and len(scene.live(rig, "CreditNotes")) == 1
