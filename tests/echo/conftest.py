"""The fixture of the fuzz test of Xero's answers."""

from __future__ import annotations

from tests.echo.fuzz import fuzz

__all__ = ["fuzz"]
