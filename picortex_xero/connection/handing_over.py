"""Whoever installs the app may connect a company and not decide what is sent: that is handed over to a Xero Admin."""

from __future__ import annotations

import frappe

from ..accounting.texts import _
from ..attention import messages, people
from ..engine import full_names
from ..engine.screen_texts import html, in_words
from . import history

CONNECTION = "Xero Connection"


def colleagues(connection: str) -> list[dict[str, str]]:
    """The Xero Admins who may see this company: `user`, `name`."""
    users = people.admins(frappe.db.get_value(CONNECTION, connection, "company"))
    rows = frappe.get_all("User", filters={"name": ("in", users)}, fields=["name", "full_name"]) if users else []
    names = {row["name"]: row["full_name"] for row in rows}
    return [{"user": each, "name": names.get(each) or each} for each in users]


def hand_over(connection: str, user: str) -> None:
    """Tell this Xero Admin that the set-up is theirs now, in the Desk, with the way to it; not again while that is unread. Part of the
    caller's transaction."""
    if user not in [each["user"] for each in colleagues(connection)]:
        said = _("{user} is no Xero Admin who may see this company: give the role in the User first").format(user=user)
        frappe.throw(html(in_words(said)))
    company = frappe.db.get_value(CONNECTION, connection, "company")
    message = _("{user} has connected {company} to Xero and hands the set-up over to you").format(user=full_names.mine(), company=company)
    if messages.unread(connection, user, message):
        return
    messages.send_to(connection, user, message, _("Open the Xero Connection and press the button of the next step"))
    history.handed_over(connection, user)
