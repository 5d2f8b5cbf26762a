"""`bench xero-history`: the import from a terminal."""

from __future__ import annotations

from typing import Any

import click
import pytest

from sandbox.rig import Rig
from tests.scene import history
from tests.scene import rig as scene


def run(rig: Rig, **given: Any) -> None:
    from picortex_xero import commands

    scene.with_site(rig, lambda _frappe: commands.run(**given))


def test_it_starts_says_how_far_it_is_pauses_and_goes_on(
    rig: Rig, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from picortex_xero import commands

    history.before_going_live(rig, scene.invoices(rig, 3))
    run(rig, act="status")
    assert "No import is under way" in capsys.readouterr().out
    for wrong, said in (
        ({"from_date": history.FIRST}, "Choose from which day"),
        ({"from_date": history.FIRST, "to_date": "2026-12-24"}, "ends on 2026-11-19"),
        ({"from_date": history.FIRST, "to_date": history.LAST, "kinds": "Invoices"}, "Choose which kinds"),
        ({"act": "pause"}, "There is no import"),
        ({"company": "Another"}, "--company"),
    ):
        with pytest.raises(click.ClickException) as found:
            run(rig, **{"yes": True, **wrong})
        assert said in str(found.value)
    # Looked at once: the workers of this test are the test.
    monkeypatch.setattr(commands.time, "sleep", lambda _seconds: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(rig, from_date=history.FIRST, to_date=history.LAST, yes=True)
    out = capsys.readouterr().out
    assert "Sales invoices: 3" in out and "3 documents, about" in out and "Running: 0 done" in out
    run(rig, act="pause")
    assert "Paused" in capsys.readouterr().out
    with pytest.raises(KeyboardInterrupt):
        run(rig, act="resume")
    with rig.frappe() as frappe:
        (name,) = frappe.get_all("Xero History Run", pluck="name")
    history.through(rig, name)
    over = {"done": 3, "documents": 3, "held": 0, "left": 0, "seconds_left": 0, "state": "Done"}
    assert scene.with_site(rig, lambda _frappe: commands.bar(over)).startswith("[" + "#" * 40 + "]")
    run(rig, act="status")
    assert "No import is under way" in capsys.readouterr().out
