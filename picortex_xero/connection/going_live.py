"""Going live: from a date on, what is submitted goes to Xero, from this site alone."""

from __future__ import annotations

import frappe
from frappe import _

from ..engine import heartbeat, restored
from ..engine.screen_texts import html
from ..engine.search_walk import RESTART
from . import checklist, history, organisation, resuming, settings, tokens

CONNECTION, STATE = "Xero Connection", "Xero Connection State"


def go_live(connection: str, date: str) -> None:
    """Send from now on every document dated `date` or later. Only this site may send from then on. Part of the caller's transaction."""
    doc = frappe.get_doc(CONNECTION, connection)
    missing = [
        label
        for field, label in (("rounding_account", _("Rounding Account")), ("no_tax_type", _("Tax Type for Lines Without Tax")))
        if not doc.get(field)
    ]
    if missing:
        frappe.throw(_("Choose first: {0}").format(html(", ".join(missing))))
    if not doc.authorisation:
        frappe.throw(_("Connect to Xero first"))
    if not doc.go_live_date:
        _refuse_red(connection)
    if doc.state == "Setting Up":
        tokens.must_be_of_this_site(doc.authorisation)
    tokens.use_here(doc.authorisation)
    if doc.state == "Paused":
        organisation.must_be_reached(doc.authorisation, doc.tenant_id)
    heartbeat.note(connection)
    frappe.db.set_value(STATE, connection, {"fingerprint": settings.fingerprint(), **RESTART})
    if not doc.go_live_date:
        restored.at_first_go_live(connection, date)
    history.went_live(connection, date)
    # Else Xero's lists were read for the choices that were just made, or it was sending all the time: what is old is read again anyway.
    stood_still = doc.state not in ("Setting Up", "Live")
    resuming.go_on(connection, {"go_live_date": date, "state": "Live", **resuming.NOTHING_SAID}, stood_still)


def _refuse_red(connection: str) -> None:
    """Throws, naming what has to be right first, where something is red."""
    red = [each for each in checklist.shown(connection) if each["state"] == checklist.RED]
    if red:
        said = "; ".join(f"{each['message']}. {each['cure']}" for each in red)
        frappe.throw(_("This has to be right before going live: {0}").format(html(said)))
