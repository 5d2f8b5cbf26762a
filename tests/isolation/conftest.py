"""The stage (site and simulator) of `tests/echo` serves here too: built once, put back for each test."""

from __future__ import annotations

from tests.echo.fuzz import fuzz

__all__ = ["fuzz"]
