"""Files want a consent of their own at Xero: what waits for it, and what a missing permission stops."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig, go_live
from tests.scene import rig as scene
from tests.scene.files import ALL, consent_again, file_steps, files, switch, uploads


def test_without_the_consent_for_files_nothing_is_sent_and_the_connection_lives(rig: Rig) -> None:
    switch(rig, **ALL)
    (sale,) = scene.invoices(rig)
    rig.play([sale])
    rig.dispatch()
    (row,) = file_steps(rig)
    assert row["state"] == "Pending" and row["reason_code"] == "files-not-allowed" and "Connect to Xero" in row["cure"]
    assert not uploads(rig) and scene.connection_state(rig) == "Live"
    consent_again(rig)
    rig.advance(3600)
    scene.settle(rig)
    assert set(files(rig)) == {f"{sale['name']}.pdf"}


def test_the_consent_asks_for_files_only_where_they_are_on(rig: Rig) -> None:
    from picortex_xero.api import connect as api

    def asked(_: Any) -> str:
        return str(api.start())

    assert "accounting.attachments" not in scene.with_site(rig, asked)
    switch(rig, attach_bill_files=1)
    assert "accounting.attachments" in scene.with_site(rig, asked)


def believe_consented(rig: Rig) -> None:
    """The site takes the permission for files as given; Xero has it not."""

    def believe(frappe: Any) -> None:
        authorisation = frappe.db.get_value("Xero Connection", rig.connection, "authorisation")
        scopes = frappe.db.get_value("Xero Authorisation", authorisation, "scopes")
        frappe.db.set_value("Xero Authorisation", authorisation, "scopes", f"{scopes} accounting.attachments")

    scene.with_site(rig, believe)


def test_a_permission_that_only_files_lack_stops_only_files(rig: Rig) -> None:
    """The consent was narrowed at Xero, and nobody told us."""
    switch(rig, **ALL)
    believe_consented(rig)
    rig.play(scene.invoices(rig))
    scene.settle(rig)
    assert [call["status"] for call in uploads(rig)] == [401]
    assert file_steps(rig)[0]["state"] == "Skipped" and "permission" in file_steps(rig)[0]["reason"]
    assert scene.connection_state(rig) == "Live" and not scene.error_log(rig)


def test_an_organisation_that_is_gone_is_disconnected_and_the_file_waits(attaching: Rig) -> None:
    # Room for connecting, the five lists before the first send and the invoice; never enough to spare for a file in the same minute.
    attaching.xero.person("set_limits", minute=24)
    attaching.play(scene.invoices(attaching))
    attaching.dispatch()
    assert len(scene.live(attaching)) == 1 and not uploads(attaching)
    attaching.xero.unlimited()
    attaching.advance(61)
    attaching.xero.person("disconnect")
    attaching.dispatch()
    assert [call["status"] for call in uploads(attaching)] == [403]
    assert scene.connection_state(attaching) == "Disconnected" and file_steps(attaching)[0]["state"] == "Pending"


def test_a_file_that_was_refused_goes_once_consent_is_given_again(rig: Rig) -> None:
    """What was skipped for a missing permission is tried again after the reconnect, without a press of Retry for each file."""
    switch(rig, **ALL)
    believe_consented(rig)
    (sale,) = scene.invoices(rig)
    rig.play([sale])
    scene.settle(rig)
    assert file_steps(rig)[0]["state"] == "Skipped" and not files(rig)
    scene.sweep(rig)
    assert file_steps(rig)[0]["state"] == "Skipped", "nothing has changed"
    consent_again(rig)
    go_live(rig, "AUTHORISED")
    scene.sweep(rig)
    scene.settle(rig)
    assert set(files(rig)) == {f"{sale['name']}.pdf"}
