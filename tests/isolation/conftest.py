"""The fuzz of echoes serves here too: its stage is built once, put back for each test."""

from __future__ import annotations

from tests.echo.fuzz import fuzz

__all__ = ["fuzz"]
