"""Keeping sign-ins alive: Xero forgets a refresh token 60 days after it gave it (Xero's documentation, "Token types"), also while nothing is
sent: in the holidays, while a connection is paused, or set up over weeks."""

from __future__ import annotations

from datetime import timedelta

import frappe

from ..engine.clock import now
from . import tokens

CONNECTION = "Xero Connection"
# Renewed by the hourly job once so old, so at least weekly. Where that fails, the next hour tries again.
OLD = timedelta(days=6)


def keep_sign_ins() -> None:
    """Renew every sign-in that some connection uses and that was not renewed for six days. What fails is noted on the sign-in, from where
    people are told (attention/standing). Commits."""
    used = {name for name in frappe.get_all(CONNECTION, pluck="authorisation") if name}
    due = {"state": tokens.ACTIVE, "grant_type": "Authorisation Code", "refreshed_at": ("<=", now() - OLD)}
    for name in frappe.get_all(tokens.DOCTYPE, filters=due, pluck="name", order_by="name asc"):
        if name not in used:
            continue
        try:
            if tokens.refreshable(name):
                tokens.renew(name)
        except (tokens.NotNow, tokens.ReconnectNeeded):
            continue
