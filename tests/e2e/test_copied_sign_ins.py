"""A copy of the site under another name, such as a staging site: it takes neither sign-in nor connection from the original. And what else
may take a newer sign-in's place."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.connecting import consent
from tests.scene.desk import search
from tests.scene.reading import pass_alive
from tests.scene.restoring import back_up, confirm, reason, second_server

pytestmark = pytest.mark.case("17")
AUTHORISATION = "Xero Authorisation"


@pytest.fixture
def copied(rig: Rig) -> Rig:
    """The copy of a site that sends."""
    rig.play(scene.bills(rig, 1))
    scene.settle(rig)
    pass_alive(rig, 1900)
    return second_server(rig, back_up(rig), "staging")


def press(rig: Rig, work: Callable[[Any], Any]) -> tuple[Any, str]:
    """Somebody presses a button; (what it returns, what is said)."""
    with rig.frappe() as frappe:
        frappe.local.message_log = []
        try:
            found, said = work(frappe), ""
            frappe.db.commit()
        except frappe.ValidationError as refusal:
            frappe.db.rollback()
            found, said = None, str(refusal)
        return found, said + " ".join(each["message"] for each in frappe.local.message_log)


def goes_on(rig: Rig) -> None:
    """The original, idle for a while, sends with the sign-in that it has."""
    pass_alive(rig, 2100)
    second = scene.bills(rig, 2)[1]
    rig.play([second])
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and scene.step(rig, second["name"])["state"] == "Synced"
    with rig.frappe() as frappe:
        (row,) = frappe.get_all(AUTHORISATION, fields=["state", "trouble", "refusals"])
    assert (row["state"], row["trouble"], row["refusals"]) == ("Active", "", 0)


@pytest.mark.parametrize("button", ["disconnect", "disconnect_only", "disconnect_and_end_sign_in"])
def test_disconnecting_a_copy_lets_go_of_it_here_only(rig: Rig, copied: Rig, button: str) -> None:
    from picortex_xero.api import connect as buttons

    since = rig.xero.call_count()
    touched, _ = press(copied, lambda _: buttons.before_disconnecting(copied.connection))
    assert touched["only_here"] and not touched["may_end"]
    _, said = press(copied, lambda _: getattr(buttons, button)(copied.connection))
    assert "not the one that went live" in said
    assert scene.connection_state(copied) == "Disconnected" and rig.xero.call_count() == since
    goes_on(rig)


@pytest.mark.parametrize("button", ["refresh", "compare"])
def test_refresh_compare_and_the_hourly_job_of_a_copy_leave_the_sign_in_alone(rig: Rig, copied: Rig, button: str) -> None:
    from picortex_xero.api import compare, connect

    since = rig.xero.call_count()
    _, said = press(copied, lambda _: connect.refresh(copied.connection) if button == "refresh" else compare.start(copied.connection))
    assert "not the one that went live" in said and "Resume" in said
    assert scene.connection_state(copied) == "Paused" and "Resume" in reason(copied), "so that the button is there"
    copied.advance(7 * 86400)
    search(copied)
    scene.sweep(copied)
    copied.dispatch()
    assert rig.xero.call_count() == since
    goes_on(rig)


def test_a_site_that_was_moved_goes_on_with_its_sign_in(rig: Rig, copied: Rig) -> None:
    """The same, but the copy is the one that is to send: a person says so."""
    second = scene.bills(rig, 2)[1]
    copied.play([second])
    copied.dispatch()
    assert scene.connection_state(copied) == "Paused"
    confirm(copied)
    scene.settle(copied)
    assert scene.step(copied, second["name"])["state"] == "Synced"


def test_a_copy_from_before_going_live_has_no_sign_in_of_its_own(rig: Rig) -> None:
    from picortex_xero.api import connect as buttons

    with rig.frappe() as frappe:
        frappe.db.set_value("Xero Connection", rig.connection, {"state": "Setting Up", "go_live_date": None})
        frappe.db.set_value("Xero Connection State", rig.connection, "fingerprint", "")
        (name,) = frappe.get_all(AUTHORISATION, pluck="name")
        frappe.db.commit()
    copy = second_server(rig, back_up(rig), "staging")
    since = rig.xero.call_count()
    copy.advance(7 * 86400)
    for work in (
        lambda _: buttons.refresh(copy.connection),
        lambda _: buttons.go_live(copy.connection, "2026-10-01"),
        lambda _: buttons.organisations(name),
    ):
        assert "belongs to another site" in press(copy, work)[1]
    search(copy)
    assert rig.xero.call_count() == since and scene.connection_state(copy) == "Setting Up"


def test_a_renewal_on_its_way_does_not_replace_what_somebody_has_just_signed_in_for(rig: Rig) -> None:
    from picortex_xero.api import connect as buttons

    def stale(frappe: Any) -> str:
        (name,) = frappe.get_all(AUTHORISATION, pluck="name")
        frappe.db.set_value(AUTHORISATION, name, "access_expires_at", "2020-01-01 00:00:00")
        frappe.db.set_value("Xero Connection", rig.connection, "attach_invoice_pdf", 1)
        return str(name)

    name = scene.with_site(rig, stale)
    fault = rig.xero.fault("hold_after", path="/connect/token$")
    code = (
        "import pathlib, sys\nfrom sandbox.host.site import open_site\nwith open_site(pathlib.Path(sys.argv[1])):\n"
        "    from picortex_xero.connection import tokens\n    print(len(tokens.access_token(sys.argv[2])))"
    )
    renewal = subprocess.Popen([sys.executable, "-c", code, str(rig.site), name], stdout=subprocess.PIPE, text=True)
    rig.xero.wait_until_held(fault["id"])
    given = consent(scene.with_site(rig, lambda _: buttons.start()))
    scene.with_site(rig, lambda _: buttons.callback(state=given["state"], code=given["code"]))
    rig.xero.release()
    assert int(renewal.communicate(timeout=180)[0]) > 10 and renewal.returncode == 0, "it goes on with the newer token"
    scopes = scene.with_site(rig, lambda frappe: frappe.db.get_value(AUTHORISATION, name, "scopes"))
    assert "attachments" in scopes
