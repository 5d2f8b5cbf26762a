"""The stage of the fuzz of echoes serves here too: built once, put back for each test."""

from __future__ import annotations

from tests.echo.conftest import Fuzz, fuzz

__all__ = ["Fuzz", "fuzz"]
