"""The fuzz of echoes for its tests."""

from __future__ import annotations

from tests.echo.fuzz import fuzz

__all__ = ["fuzz"]
