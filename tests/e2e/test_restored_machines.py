"""A machine whose memory was put back, too, and one whose clock is wrong."""

from __future__ import annotations

import pytest

from sandbox.rig import Rig
from tests.scene import restore_trial, restoring
from tests.scene import rig as scene
from tests.scene.restoring import (
    ALIVE,
    OFF,
    small_payment,
    written,
)

pytestmark = pytest.mark.case("S2")


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
    before = rig.xero.call_count()
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
    before = rig.xero.call_count()
    for at in range(1, 4):
        own.write_text(str(float(own.read_text()) + ALIVE))
        rig.advance(ALIVE)
        scene.sweep(rig)
        rig.play(scene.bills(rig, at + 1)[at:])
        rig.dispatch()
    assert not restoring.comparisons(rig, before) and set(rig.counts()) == {"Synced"}
