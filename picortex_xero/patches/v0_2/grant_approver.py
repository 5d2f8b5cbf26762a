"""The same as grant_new_roles for the role Xero Approver, which came later. May be interrupted and run again."""

from __future__ import annotations

from .grant_new_roles import APPROVER, let_in


def execute() -> None:
    """Let Xero Approver in where permissions were customised"""
    let_in(APPROVER)
