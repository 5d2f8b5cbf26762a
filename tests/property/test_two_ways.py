"""Random acts of a person here, a person in Xero and a line that fails between them: in the end both sides are equal, or exactly one open entry explains what differs; nothing is there
twice, nothing comes back as an echo, nothing goes to and fro. `make test-long` plays it some hundred times; SEED=7 plays one again and prints it."""

from __future__ import annotations

import os

import pytest

from sandbox.rig import Rig
from tests.scene.two_ways import play
from tests.scene.two_ways_judged import faults

PLAYS = max(2, int(os.environ.get("EXAMPLES", "2000")) // 1000)
ACTS = 25
SEEDS = [int(each) for each in os.environ["SEED"].split(",")] if "SEED" in os.environ else range(PLAYS)


@pytest.mark.odd_answers
@pytest.mark.parametrize("seed", SEEDS)
def test_both_sides_come_to_the_same(rig: Rig, seed: int) -> None:
    played = play(rig, seed, ACTS)
    assert not (found := faults(played)), "\n".join([*found, f"SEED={seed}", *played.acts])
