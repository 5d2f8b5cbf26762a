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
    """Renew every sign-in that some connection uses and that was not renewed for six days, or gave no token the last time. What fails is
    noted on the sign-in, from where people are told (attention/standing). Commits."""
    used = {name for name in frappe.get_all(CONNECTION, pluck="authorisation") if name}
    standing = {"state": tokens.ACTIVE, "grant_type": "Authorisation Code"}
    for row in frappe.get_all(tokens.DOCTYPE, filters=standing, fields=["name", "refreshed_at", "trouble"], order_by="name asc"):
        recent = row["refreshed_at"] and row["refreshed_at"] > now() - OLD
        if row["name"] not in used or (recent and not row["trouble"]):
            continue
        try:
            if tokens.refreshable(row["name"]):
                tokens.renew(row["name"])
        except (tokens.NotNow, tokens.ReconnectNeeded):
            continue
