"""Coming back: a connection that was paused, disconnected or retired goes on in the state it had, once what stopped it is over.

Nothing that a sign-in does not cure is resumed by one: another site than the one that went live, or documents that went to another
organisation meanwhile, are for a person to confirm (Resume).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from ..attention import notifications
from ..engine import full_names, limits, restored, unlinked_records
from ..engine.limits import paused_because
from ..engine.wake import wake
from . import current, history, pauses, settings, xero_lists

CONNECTION = "Xero Connection"
STATE = "Xero Connection State"
NOTHING_SAID = {"reason": "", "cure": "", "reason_parts": "", "reason_code": ""}
# What people were told of the connection as a whole, which is over once it goes on.
TOLD = ("paused", "sign-in", "not-sending", "waits")


def after_signing_in(connection: str) -> dict[str, Any]:
    """The columns (`state` and why) with which this connection goes on after somebody has signed in at Xero."""
    found = frappe.db.get_value(
        CONNECTION, connection, ["go_live_date", "watched_from", "reason_code", "reason", "cure", "reason_parts"], as_dict=True
    )
    if not found["go_live_date"]:
        return {"state": current.WATCH_ONLY if found["watched_from"] else "Setting Up", **NOTHING_SAID}
    if frappe.db.get_value(STATE, connection, "fingerprint") != settings.fingerprint():
        problem = pauses.other_site()
        return {"state": "Paused", **paused_because(problem.message, problem.resolution, problem.code)}
    if (found["reason_code"] or "") not in pauses.CURED_BY_SIGNING_IN:
        return {"state": "Paused", **{name: found[name] for name in NOTHING_SAID}}
    return {"state": "Live", **NOTHING_SAID}


def pause(connection: str) -> None:
    """A person stops a connection; what is submitted meanwhile is kept and waits. Nothing goes on by itself: neither a sign-in nor a cure ends
    it. Part of the caller's transaction."""
    if frappe.db.get_value(CONNECTION, connection, "state") != "Live":
        frappe.throw(_("Only a connection that is Live can be paused"))
    problem = pauses.by_a_person(full_names.mine())
    said = paused_because(problem.message, problem.resolution, problem.code)
    frappe.db.set_value(CONNECTION, connection, {"state": "Paused", **said})
    history.paused(connection)


@dataclass(frozen=True)
class Doubt:
    """What a person is asked before a connection goes on: whether this is the site that sends (`site`), and whether so many records in Xero that belong to
    nothing here are its documents' (`records`); where it sent to another organisation meanwhile, since when documents go then (`since`, yyyy-mm-dd)."""

    site: bool = False
    records: int = 0
    since: str = ""


def doubt(connection: str) -> Doubt:
    """What there is to ask. Nothing after a pause by hand, or one whose cause is over: what a restore or a copy leaves behind is found all the same, when
    Xero's lists are compared before the next creation (engine/restored.py)."""
    fields = ["reason_code", "authorisation", "go_live_date"]
    row = frappe.db.get_value(CONNECTION, connection, fields, as_dict=True)
    found = len(unlinked_records.of(connection, unlinked_records.FOUND)) if restored.waits_for_a_person(connection) else 0
    elsewhere = settings.is_another_site(connection) or bool(row["authorisation"] and settings.sign_in_is_elsewhere(row["authorisation"]))
    told = row["reason_code"] in (pauses.OTHER_SITE, pauses.PUT_BACK)
    since = str(row["go_live_date"] or "")[:10] if row["reason_code"] == pauses.MEANWHILE else ""
    return Doubt(elsewhere or told or bool(found), found, since)


def go_on(connection: str, values: dict[str, Any], stood_still: bool = True) -> None:
    """Write these columns; where the connection is Live with them, send what waits. `stood_still`: it went live before and could not send for
    a while. Part of the caller's transaction."""
    frappe.db.set_value(CONNECTION, connection, values)
    if values["state"] == "Live":
        notifications.over(connection, *TOLD)
        limits.rest_over(connection)
        if stood_still:
            # Rates, accounts and options may have changed in Xero meanwhile.
            xero_lists.outdate(connection)
        frappe.db.after_commit.add(lambda: wake(connection))


def nothing_is_told(connection: str) -> None:
    """What people were told of the connection as a whole concerns nobody any more. Part of the caller's transaction."""
    notifications.over(connection, *TOLD)


def app_changed() -> None:
    """The registered app's id or secret was entered anew: what waited for that is tried at once. Part of the caller's transaction."""
    for name in frappe.get_all("Xero Authorisation", filters={"trouble": ("in", (pauses.APP_REFUSED, pauses.SECRETS))}, pluck="name"):
        for connection in frappe.get_all(CONNECTION, filters={"authorisation": name, "state": "Live"}, pluck="name"):
            limits.rest_over(connection)
            frappe.db.after_commit.add(lambda connection=connection: wake(connection))
