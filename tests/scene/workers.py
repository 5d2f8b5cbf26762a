"""Fresh workers that go on where others died."""

from __future__ import annotations

from sandbox.rig import Rig
from tests.scene import rig as scene


def recover(rig: Rig, wait: float) -> None:
    """Let time pass, then sweep and work with fresh workers until nothing is on its way."""
    rig.advance(wait)
    for _ in range(8):
        scene.sweep(rig)
        worker = rig.worker("--burst")
        assert worker.process.wait(180) == 0
        if not scene.moving(rig):
            return
        rig.advance(240)
    raise AssertionError([(row["reference_name"], row["role"], row["state"], row["reason"]) for row in scene.moving(rig)])
