"""Keeping sign-ins alive: Xero forgets a refresh token 60 days after it gave it (Xero's documentation, "Token types"), also while nothing is
sent: in the holidays, while a connection is paused, or set up over weeks."""

from __future__ import annotations

from datetime import timedelta

import frappe

from ..engine.clock import now
from . import settings, tokens

CONNECTION = "Xero Connection"
# Renewed by the hourly job once so old, so at least weekly. Where that fails, the next hour tries again.
OLD = timedelta(days=6)


def due() -> list[str]:
    """The sign-ins that some connection of this site uses (a copy of the site must not renew them) and that were not renewed for six days, or gave no token the last time."""
    used = {each for each in frappe.get_all(CONNECTION, pluck="authorisation") if each and not settings.sign_in_is_elsewhere(each)}
    standing = {"state": tokens.ACTIVE, "grant_type": "Authorisation Code"}
    found = []
    for row in frappe.get_all(tokens.DOCTYPE, filters=standing, fields=["name", "refreshed_at", "trouble"], order_by="name asc"):
        recent = row["refreshed_at"] and now() - OLD < row["refreshed_at"] <= now()
        if row["name"] in used and (row["trouble"] or not recent):
            found.append(str(row["name"]))
    return found


def keep(sign_in: str) -> None:
    """Renew one sign-in, where it has a refresh token. What fails is noted on it, from where people are told (attention/standing). Commits."""
    try:
        if tokens.refreshable(sign_in):
            tokens.renew(sign_in)
    except (tokens.NotNow, tokens.ReconnectNeeded):
        frappe.db.rollback()
