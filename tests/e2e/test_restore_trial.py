"""The trial of backups, shortened: hundreds of steps of every kind wait (`make restore-trial` plays all scenarios)."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from sandbox.rig import Rig, standing
from tests.scene import restore_trial
from tests.scene.parts import part

pytestmark = pytest.mark.case("S2")


@pytest.fixture(scope="module")
def trial() -> Iterator[tuple[Rig, restore_trial.Books]]:
    """Books of their own in which 280 steps of every kind wait."""
    with standing(limits=False) as rig:
        yield rig, restore_trial.prepare(rig)


@pytest.mark.parametrize("name", part(restore_trial.SHORT, 3))
def test_a_backup_from_while_hundreds_of_steps_waited(trial: tuple[Rig, restore_trial.Books], name: str) -> None:
    rig, books = trial
    os.environ["PICORTEX_SANDBOX_CLOCK"] = str(rig.clock_file)
    played = restore_trial.play(rig, books, next(each for each in restore_trial.SCENARIOS if each.name == name))
    assert played["calls"] == 7 and books.waiting >= 280
