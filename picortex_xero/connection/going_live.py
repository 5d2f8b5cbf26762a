"""Going live: from a date on, what is submitted goes to Xero, from this site alone."""

from __future__ import annotations

import frappe
from frappe import _

from ..engine import heartbeat, restored
from ..engine.screen_texts import html, in_words
from ..engine.search_walk import RESTART
from . import checklist, history, organisation, resuming, settings, tokens

CONNECTION, STATE = "Xero Connection", "Xero Connection State"


def go_live(connection: str, date: str) -> None:
    """Send from now on every document dated `date` or later. Only this site may send from then on. Part of the caller's transaction."""
    doc = frappe.get_doc(CONNECTION, connection)
    if not doc.authorisation:
        frappe.throw(_("Connect to Xero first"))
    # A date that is only moved is no going live: of what that takes, only what nothing could go without is asked again.
    _refuse([*checklist.needed(doc)] if doc.go_live_date else checklist.checklist(connection))
    if doc.state == "Setting Up":
        tokens.must_be_of_this_site(doc.authorisation)
    tokens.use_here(doc.authorisation)
    if doc.state in ("Paused", "Disconnected"):
        organisation.must_be_reached(doc.authorisation, doc.tenant_id)
    heartbeat.note(connection)
    frappe.db.set_value(STATE, connection, {"fingerprint": settings.fingerprint(), **RESTART})
    if not doc.go_live_date:
        restored.at_first_go_live(connection, date)
    history.went_live(connection, date)
    # Else Xero's lists were read for the choices that were just made, or it was sending all the time: what is old is read again anyway.
    stood_still = doc.state not in ("Setting Up", "Live")
    resuming.go_on(connection, {"go_live_date": date, "state": "Live", **resuming.NOTHING_SAID}, stood_still)


def _refuse(items: list[checklist.Item]) -> None:
    """Throws, naming what has to be right first, where something is red."""
    red = [each for each in items if each.state == checklist.RED]
    if red:
        said = "; ".join(f"{in_words(each.message)}. {in_words(each.cure)}" for each in red)
        frappe.throw(_("This has to be right before going live: {0}").format(html(said)))
