"""The fuzz for tests: its stage is built once, each scene prepared when it is first wanted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.echo import trial
from tests.echo.plan import Combination, Known
from tests.echo.stage import Stage, built
from tests.echo.trial import Outcome


class Fuzz:
    """Plays combinations."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._known: dict[str, Known] = {}

    def known(self, scene: str) -> Known:
        """What the undisturbed scene does."""
        if scene not in self._known:
            self._known[scene] = trial.learn(self.stage, scene)
        return self._known[scene]

    def run(self, combination: Combination) -> Outcome:
        """One combination."""
        return trial.run(self.stage, self.known(combination.scene), combination)


@pytest.fixture(scope="session")
def fuzz() -> Iterator[Fuzz]:
    """The one of this session."""
    with built() as stage:
        yield Fuzz(stage)
