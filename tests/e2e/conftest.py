"""What the end-to-end tests are given: the stage (`tests.scene.stage`) and what more a scene sets up on it."""

from __future__ import annotations

import pytest

from tests.scene.connecting import people
from tests.scene.files import attaching
from tests.scene.stage import rig, stage, unconnected
from tests.scene.xero_server import serve

__all__ = ["attaching", "people", "rig", "serve", "stage", "unconnected"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "odd_answers: faults made some answers unlike Xero's description, on purpose")
