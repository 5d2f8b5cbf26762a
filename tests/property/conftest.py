"""The stage of the end-to-end tests, for what is played on both sides."""

from __future__ import annotations

import pytest

from tests.scene.stage import rig, stage

__all__ = ["rig", "stage"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "odd_answers: faults made some answers unlike Xero's description, on purpose")
