"""Once a day each sign-in is asked which organisations it opens: one that was disconnected in Xero is noticed though nothing is sent. What is
sent or read meanwhile notices it at once, by Xero's refusal."""

from __future__ import annotations

from datetime import timedelta

import frappe

from ..engine import limits
from ..engine.clock import now
from ..xero import answers, oauth
from . import current, encryption, organisation, rights, settings, tokens

AUTHORISATION, CONNECTION = "Xero Authorisation", "Xero Connection"
# The hourly job comes not always to the minute.
A_DAY = timedelta(hours=23)
ASKED_FOR = ("Live", "Setting Up", current.WATCH_ONLY)
FAILURES = (tokens.ReconnectNeeded, tokens.NotNow, oauth.Denied, oauth.Unreachable, encryption.Unreadable)


def due() -> list[str]:
    """The sign-ins in use that were not asked for a day, the ones that waited longest first. A copy of the site asks nothing, and one that
    cannot be renewed at the moment is left to what renews it (keeping)."""
    used = {each for each in frappe.get_all(CONNECTION, filters={"state": ("in", ASKED_FOR)}, pluck="authorisation") if each}
    rows = frappe.get_all(
        AUTHORISATION, filters={"state": tokens.ACTIVE}, fields=["name", "looked_at", "trouble"], order_by="looked_at asc, name asc"
    )
    at = now()
    old = [
        row["name"]
        for row in rows
        if row["name"] in used and not row["trouble"] and not (row["looked_at"] and at - A_DAY < row["looked_at"] <= at)
    ]
    return [name for name in old if not settings.sign_in_is_elsewhere(name)]


def look(sign_in: str) -> None:
    """Ask, and disconnect here what Xero does not list any more. Where there is no answer the next hour asks again, and what lasts is told by
    others (attention/standing). Commits."""
    mine = frappe.get_all(CONNECTION, filters={"authorisation": sign_in, "state": ("in", ASKED_FOR)}, fields=["name", "tenant_id"])
    try:
        gone = _gone(sign_in, mine)
    except FAILURES:
        frappe.db.rollback()
        return
    frappe.db.set_value(AUTHORISATION, sign_in, "looked_at", now(), update_modified=False)
    frappe.db.commit()
    for row in mine:
        if row["name"] in gone:
            limits.withdrawn(row["name"])
        else:
            rights.note(row["name"], rights.observe(sign_in, row["tenant_id"]))
    frappe.db.commit()


def _gone(sign_in: str, mine: list[dict[str, str]]) -> list[str]:
    """Of these connections those that Xero no longer lets in. Raises what FAILURES names."""
    if organisation.is_custom(sign_in):
        return [
            row["name"]
            for row in mine
            if (problem := answers.judge(organisation.observed(sign_in, row["tenant_id"], ["Organisation"])[0]).problem)
            and problem.code == answers.access_withdrawn().code
        ]
    token = tokens.access_token(sign_in)
    try:
        listed = oauth.connections(settings.endpoints(), token)
    except oauth.Denied:
        listed = oauth.connections(settings.endpoints(), tokens.access_token(sign_in, refused=token))
    tenants = {each["tenantId"] for each in listed}
    return [row["name"] for row in mine if row["tenant_id"] not in tenants]
