"""Secrets in memory. Frappe's Error Log prints the variables of every frame; a secret must not show itself there."""

from __future__ import annotations


class Hidden(str):
    """Text that is used like any other and that `repr`, also of what holds it, does not show."""

    def __repr__(self) -> str:
        return "'********'"
