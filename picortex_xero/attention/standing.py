"""What keeps a whole connection from sending, as every screen says it, and telling people of what lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting.problems import Problem
from ..accounting.texts import Text, _, day, load
from ..connection import current, pauses, tokens
from ..engine import limits, outbox
from ..engine.clock import now
from ..engine.screen_texts import shown
from . import notifications, shared_causes

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
FIELDS = ("state", "reason", "cure", "reason_parts", "reason_code", "authorisation", "go_live_date", "organisation_name", "watched_from")
# Nothing has gone for so long although something is due: people are told.
SILENCE = timedelta(hours=1)
# So long drafts may stand unapproved in Xero before people are told what waits for that.
UNAPPROVED = 14
NO_CURE = Text("")


@dataclass(frozen=True)
class Standing:
    """What is up with a connection; `since` (UTC) where that is known."""

    problem: Problem
    since: datetime | None = None


def of(connection: str) -> Standing | None:
    """What is up with this connection; None where nothing keeps it from sending."""
    row = frappe.db.get_value(CONNECTION, connection, FIELDS, as_dict=True)
    said = _of_state(row)
    if said and (row["state"] not in ("Setting Up", current.WATCH_ONLY, "Live") or row["go_live_date"]):
        return Standing(said)
    trouble = tokens.trouble_of(row["authorisation"])
    if trouble:
        return Standing(trouble["problem"], trouble["since"])
    if said:
        return Standing(said)
    return _resting(connection)


def _of_state(row: dict[str, Any]) -> Problem | None:
    if row["state"] == "Paused" or withdrawn(row):
        forms = load(row["reason_parts"])
        reason = Text(shown(row["reason"]), forms.get("reason")) if row["reason"] else _("no reason noted")
        cure = Text(shown(row["cure"]), forms.get("cure")) if row["cure"] else limits.WHAT_IT_SAYS
        return Problem(row["reason_code"] or "paused", reason, cure)
    if row["state"] == "Setting Up":
        cure = _("Map accounts, taxes and bank accounts on the Xero Connection, then press Go Live")
        return Problem("setting-up", _("The connection has not gone live yet"), cure)
    if row["state"] == current.WATCH_ONLY:
        said = _("It only watches, documents dated from {date} on: what would go is shown in the Preview, and nothing is sent")
        return Problem(
            "watch-only",
            said.format(date=day(row["watched_from"])),
            _("Look at what would have gone and what would have been stopped; then press Go Live, or Stop Watching"),
        )
    if row["state"] == "Disconnected":
        return Problem(
            "disconnected",
            _("The company is disconnected from Xero; what is submitted meanwhile is kept and waits"),
            _("Press Reconnect on the Xero Connection; it then goes out by itself"),
        )
    if row["state"] == "Retired":
        said = _("The company has left the organisation {organisation}; nothing is sent there any more")
        return Problem(
            "retired",
            said.format(organisation=shown(row["organisation_name"])),
            _("Nothing to do. To come back to it, press Connect to Xero in Xero Settings and choose it there"),
        )
    return None


def withdrawn(row: dict[str, Any]) -> bool:
    """Whether it was disconnected in Xero, and not by a person here: then it keeps its sign-in."""
    return row["state"] == "Disconnected" and row["reason_code"] == pauses.WITHDRAWN and bool(row["authorisation"])


def _resting(connection: str) -> Standing | None:
    if not limits.resting(connection):
        return None
    row = frappe.db.get_value(STATE, connection, ["paused_until", "paused_reason", "paused_reason_parts"], as_dict=True)
    reason = Text(shown(row["paused_reason"]), load(row["paused_reason_parts"]).get("paused_reason"))
    cure = _("Nothing to do: it goes on by itself at {time} (UTC)").format(time=str(row["paused_until"])[:16])
    return Standing(Problem("resting", reason, cure))


def tell(connection: str) -> None:
    """Tell people what keeps this connection from sending, once for each cause: a sign-in that gives no token, silence of an hour although
    something is due, documents that wait for a company that is not connected. A pause was told when it began. Commits."""
    row = frappe.db.get_value(CONNECTION, connection, FIELDS, as_dict=True)
    trouble = tokens.trouble_of(row["authorisation"])
    if trouble and trouble["ended"] and row["state"] == "Live":
        problem = trouble["problem"]
        limits.pause(connection, problem.message, problem.resolution, problem.code)
        row["state"], row["reason_code"] = "Paused", problem.code
    _tell_of_the_sign_in(connection, row, trouble)
    said = None if row["state"] == "Paused" or withdrawn(row) or (trouble and row["state"] == "Live") else _silence(connection, row)
    for code in ("not-sending", "waits"):
        if said and said.code == code:
            shared = shared_causes.of_outage(connection) if code == "not-sending" else None
            notifications.tell_once(connection, code, said.message, said.resolution, shared)
        else:
            notifications.over(connection, code)
    _tell_of_drafts(connection, row)
    frappe.db.commit()


def _tell_of_drafts(connection: str, row: dict[str, Any]) -> None:
    """Tell once how many payments and credits wait for drafts that nobody approves; nobody else would notice."""
    count = outbox.awaiting_since(connection, now_datetime() - timedelta(days=UNAPPROVED)) if row["state"] == "Live" else 0
    if not count:
        notifications.over(connection, "unapproved")
        return
    known = {"count": count, "days": UNAPPROVED}
    if count > 1:
        message = _("{count} sync items have waited for more than {days} days until somebody approves in Xero what they pay or credit")
    else:
        message = _("{count} sync item has waited for more than {days} days until somebody approves in Xero what it pays or credits")
    notifications.tell_once(
        connection,
        "unapproved",
        message.format(**known),
        _(
            "Approve the drafts in Xero that are right, and delete those that are not wanted; what waits then goes on by itself. The list Xero Sync Items shows it by its reason"
        ),
    )


def _tell_of_the_sign_in(connection: str, row: dict[str, Any], trouble: dict[str, Any]) -> None:
    # Of what was disconnected in Xero people know already, and nothing is asked with its sign-in.
    if not trouble or withdrawn(row):
        notifications.over(connection, "sign-in")
        return
    problem, since = trouble["problem"], trouble["since"]
    told_already = row["state"] == "Paused" and row["reason_code"] == problem.code
    lasts = not since or now() - since >= pauses.TOLD_AFTER.get(problem.code, timedelta())
    if not told_already and (trouble["ended"] or lasts):
        # A custom connection has an app of its own.
        of_the_app = frappe.db.get_value(tokens.DOCTYPE, row["authorisation"], "grant_type") == "Authorisation Code"
        everywhere = problem.code == pauses.NO_ANSWER or (problem.code == pauses.APP_REFUSED and of_the_app)
        shared = shared_causes.of_every_sign_in(connection, problem) if everywhere else shared_causes.of_sign_in(connection)
        notifications.tell_once(connection, "sign-in", problem.message, problem.resolution, shared)


def _silence(connection: str, row: dict[str, Any]) -> Problem | None:
    """That nothing goes although something is due; None where all is well, or it has not lasted an hour."""
    if not row["go_live_date"]:
        return None
    waiting = outbox.due(connection, now(), 1) or outbox.due(connection, now(), 1, extra=True)
    if not waiting:
        return None
    if row["state"] != "Live":
        said = _of_state(row)
        return said and Problem("waits", said.message, said.resolution)
    machine = frappe.db.get_value(
        STATE, connection, ["last_good_call", "paused_until", "paused_reason", "paused_reason_parts"], as_dict=True
    )
    latest = max(each for each in (waiting[0]["due_at"], machine["last_good_call"]) if each and each <= now())
    if now() - latest < SILENCE:
        return None
    # Between two rests, too: Xero answers with its limit each time it is asked again.
    rested = machine["paused_until"] and machine["paused_until"] > max(now() - SILENCE, machine["last_good_call"] or datetime.min)
    if limits.resting(connection) or (rested and machine["paused_reason"]):
        reason = Text(shown(machine["paused_reason"]), load(machine["paused_reason_parts"]).get("paused_reason"))
        return Problem(
            "not-sending",
            _("For an hour nothing could be sent to Xero: {reason}").format(reason=reason),
            _("Nothing to do at once: it is tried again by itself. If it lasts, look at status.xero.com and at the Xero Connection"),
        )
    return Problem(
        "not-sending",
        _("For an hour nothing was sent to Xero although documents wait"),
        _("Ask whoever runs the site whether its background workers run (the short queue), and look at the Error Log"),
    )
