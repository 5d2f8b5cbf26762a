"""The stage of the end-to-end tests: see `tests.scene.stage`."""

from __future__ import annotations

import pytest

from tests.scene.stage import rig, stage, unconnected

__all__ = ["rig", "stage", "unconnected"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "odd_answers: faults made some answers unlike Xero's description, on purpose")
