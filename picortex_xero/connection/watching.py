"""Watch only: a connection that is ready to go live is watched first. Documents are noted and shown as they would go (engine/watch); nothing is written in
Xero (engine/leases, xero/client). It ends by going live, from whatever day a person chooses, or by going back to the set-up."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.texts import _, term
from ..engine import slices, watch
from ..engine.screen_texts import html, in_words
from ..engine.search_walk import RESTART
from ..engine.wake import wake
from . import current, going_live, history, tokens

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
SETTING_UP = "Setting Up"
# What may have a writing request on its way while a company is set up: DocType and the states in which it has.
WRITES = (("Xero Test Run", (slices.RUNNING,)), ("Xero Question Run", (slices.RUNNING,)), ("Xero Creation", ("Sending",)))


def start(connection: str, date: str) -> None:
    """Watch from now on every document dated `date` (yyyy-mm-dd) or later. Throws unless the connection is ready to go live. Part of the caller's transaction."""
    doc = frappe.get_doc(CONNECTION, connection)
    if doc.state != SETTING_UP:
        frappe.throw(html(in_words(_("Only a connection that has not gone live yet can watch"))))
    going_live.refuse_unless_ready(doc)
    tokens.must_be_of_this_site(doc.authorisation)
    for doctype, states in WRITES:
        if frappe.db.exists(doctype, {"connection": connection, "state": ("in", states)}):
            said = _("Something is still being written in Xero ({what}): wait until it is done").format(what=term(doctype))
            frappe.throw(html(in_words(said)))
    go_on(connection, date)


def go_on(connection: str, date: str) -> None:
    """Watch from `date` (yyyy-mm-dd) on, without asking whether it could go live: a connection that watched before is put back. Part of the caller's
    transaction."""
    frappe.db.set_value(STATE, connection, RESTART)
    frappe.db.set_value(CONNECTION, connection, {"state": current.WATCH_ONLY, "watched_from": date})
    watch.begin(connection, date)
    history.watches(connection, date)
    frappe.db.after_commit.add(lambda: wake(connection))


def stop(connection: str) -> None:
    """Watch no more: the connection is being set up, as before. What was seen stays to be read; what was noted is forgotten, and found anew when it counts.
    Part of the caller's transaction."""
    if not current.watches_only(connection):
        frappe.throw(html(in_words(_("This connection does not watch"))))
    frappe.db.set_value(CONNECTION, connection, {"state": SETTING_UP, "watched_from": None})
    frappe.db.set_value(STATE, connection, RESTART)
    watch.forget_steps(connection)
    watch.end(connection)
    history.stopped_watching(connection)


def outlook(connection: str) -> dict[str, Any]:
    """What is said before watching begins: `red` (what has to be right first, each with `message` and `cure` in the reader's language)."""
    return {"red": going_live.red_in_words(frappe.get_doc(CONNECTION, connection))}
