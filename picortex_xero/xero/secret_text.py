"""Secrets in memory: Frappe's Error Log prints the variables of every frame, and no secret may appear there."""

from __future__ import annotations


class SecretText(str):
    """A str that `repr` does not show, nor the `repr` of what contains it."""

    def __repr__(self) -> str:
        return "'********'"
