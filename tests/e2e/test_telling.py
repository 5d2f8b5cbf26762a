"""Notifications of what people have to do: one per cause, however many documents it stops, also of paused connections; one that fails stops
no document."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.telling import make_admin, notified

RESOLUTIONS = ("Cure this", "Cure that")


def steps_in_need(rig: Rig, count: int, resolution: str, start: int = 0) -> None:
    """Further steps that need a person, all for one code, each cure for a tax of its own."""
    from picortex_xero.accounting.causes import tax
    from picortex_xero.accounting.problems import Problem
    from picortex_xero.documents.identity import Identity
    from picortex_xero.engine import outbox

    def write(frappe: Any) -> None:
        for number in range(start, start + count):
            who = Identity("Sales Invoice", f"S-{number}", "2026-10-01 10:00:00.000000")
            problem = Problem("tax-unmapped", f"No tax of S-{number}", resolution, causes=(tax("Sales", resolution),))
            outbox.add(rig.connection, rig.company["name"], who, "invoice", state="Needs Attention", problem=problem)

    scene.with_site(rig, write)


def test_a_cause_among_very_many_steps_of_its_code_is_told_once(rig: Rig) -> None:
    make_admin(rig)
    steps_in_need(rig, 1, RESOLUTIONS[0])
    scene.sweep(rig)
    steps_in_need(rig, 620, RESOLUTIONS[1], 1)
    for _ in range(3):
        scene.sweep(rig)
    assert len(notified(rig)) == 2, "one entry for each cure"
    steps_in_need(rig, 1, RESOLUTIONS[0], 1000)
    scene.sweep(rig)
    assert len(notified(rig)) == 2, "it was told already, however many others there are"
    assert all(step["told"] for step in rig.steps())


def test_what_is_unclear_is_said_while_the_connection_is_paused(rig: Rig) -> None:
    make_admin(rig)
    records = scene.bills(rig, 2)
    scene.make_contacts(rig, records)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play(records)
    rig.dispatch()

    def pause(frappe: Any) -> None:
        from picortex_xero.engine import limits

        limits.pause(rig.connection, "Somebody paused it")

    scene.with_site(rig, pause)
    calls = rig.xero.call_count()
    rig.advance(2 * 3600)
    scene.sweep(rig)
    found = [scene.step(rig, record["name"]) for record in records]
    assert all(step["state"] == "Unknown" and step["reason"] and "while the connection is live" in step["cure"] for step in found)
    assert rig.xero.call_count() == calls and len(notified(rig)) == 2, "the pause, and what is unclear"


@pytest.mark.case("S4")
def test_what_was_told_is_kept_as_the_text_it_is(rig: Rig) -> None:
    def pause(frappe: Any) -> Any:
        from picortex_xero.api import status
        from picortex_xero.engine import limits

        limits.pause(rig.connection, "<img src=x> & more")
        return status.overview()

    (figures,) = scene.with_site(rig, pause)
    (told,) = figures["told"]
    assert told["message"] == "<img src=x> & more"
    with rig.frappe() as frappe:
        kept = frappe.db.get_value("Xero Connection State", rig.connection, "told")
    assert "<img src=x> & more" in kept and "&lt;" not in kept


@pytest.mark.case("E1")
@pytest.mark.parametrize("broken", ["what people were told", "the limits"])
def test_what_goes_wrong_while_limits_are_noted_costs_no_answer(rig: Rig, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    """Nor does it keep anything from being sent, wherever in a run it is noted that something is over."""
    from picortex_xero.attention import notifications as telling
    from picortex_xero.engine import limits

    def fails(*arguments: Any) -> None:
        raise KeyError("told")

    records = scene.bills(rig, 3)
    monkeypatch.setattr(*((telling, "_told") if broken == "what people were told" else (limits, "whole_number")), fails)
    rig.play(records)
    scene.settle(rig)
    monkeypatch.undo()
    scene.assert_once(rig, records)
    assert len(scene.writes(rig, "Invoices")) == 1 and scene.error_log(rig)
