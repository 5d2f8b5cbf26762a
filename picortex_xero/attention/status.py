"""Where a document stands, in the words of attention/wording, and trying again."""

from __future__ import annotations

import json
from typing import Any

import frappe

from ..accounting.money import decimal, half_up
from ..accounting.texts import _, term
from ..documents.identity import Identity, moment
from ..documents.readiness import before_go_live
from ..documents.registry import own_parts
from ..documents.step import ENDED
from ..engine import attempts, candidates, links, log, outbox, protocol, screen_texts
from ..engine.clock import now
from ..engine.wake import wake
from ..xero.records.registry import is_extra, object_at
from . import notifications, wording

CONNECTION = "Xero Connection"
# The values with which a step starts anew when a person presses Retry.
AFRESH: dict[str, Any] = {"attempt": "", "tries": 1, "failures": 0, "failing": "", "request_group": "", "batch_limit": 0}
# By state of the connection: why nothing is sent while it is not Live.
CONNECTION_IS = {
    "Setting Up": _("The connection is setting up: {reason}"),
    "Paused": _("The connection is paused: {reason}"),
    "Disconnected": _("The connection is disconnected: {reason}"),
}
# Reasons of skipped steps that a person may have put right since.
AGAIN = ("before-go-live", "file-unreadable", "file-altered", "extra-given-up", "xero-refused")


def of(doctype: str, name: str, with_details: bool) -> dict[str, Any]:
    """`message` and `colour` for everyone; with details also `state`, `reason`, `cure` (what to do), `number`, `link`, `can_retry`, and the lists
    `records` (everything that the document became in Xero) and `extras` (notes and files). {} where there is nothing to say."""
    doc = frappe.db.get_value(doctype, name, ["creation", "company", "docstatus", "posting_date"], as_dict=True)
    if not doc or not doc["docstatus"]:
        return {}
    connection = frappe.db.get_value(
        CONNECTION, {"company": doc["company"]}, ["name", "short_code", "state", "reason", "reason_parts", "go_live_date"], as_dict=True
    )
    if not connection or connection["state"] == "Setting Up":
        return {}
    who = Identity(doctype, name, moment(doc["creation"]))
    steps = outbox.steps_of(connection["name"], who)
    step = wording.speaker(steps)
    message, colour = wording.clerk(step, doc["docstatus"] == 2)
    shown: dict[str, Any] = {"message": screen_texts.in_words(message), "colour": colour}
    if with_details:
        shown |= _details(connection, who, step)
        shown |= {"extras": [_extra(each) for each in steps if is_extra(each["role"])]}
        shown["can_retry"] = shown["can_retry"] or any(_retryable(each) for each in steps if is_extra(each["role"]))
        if not step and connection["go_live_date"] and str(doc["posting_date"]) < str(connection["go_live_date"]):
            older = before_go_live(connection["go_live_date"])
            shown |= {"reason": screen_texts.in_words(older.message), "cure": screen_texts.in_words(older.resolution)}
    return shown


def _details(connection: dict[str, Any], who: Identity, step: outbox.Row | None) -> dict[str, Any]:
    linked = links.of(connection["name"], who)
    # First the document's own record while it stands, then payments and allocations, then what was removed.
    main = own_parts(who.doctype)
    linked.sort(key=lambda link: (link["remote_status"] in ENDED, object_at(link["endpoint"]).nested, link["role"] not in main))
    first = linked[0] if linked else {}
    blocker = outbox.get(name=step["blocked_on"]) if step and step["blocked_on"] else None
    reasons = [_said(step, "reason"), _blocker_says(blocker)]
    if connection["state"] != "Live":
        why = screen_texts.said(connection["reason"], connection["reason_parts"], "reason")
        stopped = CONNECTION_IS[connection["state"]].format(reason=why or _("no reason noted"))
        reasons.append(screen_texts.in_words(stopped))
    return {
        "state": screen_texts.in_words(wording.OPERATOR[step["state"]] if step else _("Not sent")),
        "reason": "\n".join(reason for reason in reasons if reason),
        "cure": _said(blocker or step, "cure"),
        "number": screen_texts.shown(first.get("xero_number")),
        "remote_status": screen_texts.shown(first.get("remote_status")),
        "link": _address(connection, who, first) if first else "",
        "records": [_record(connection, who, link) for link in linked],
        "can_retry": bool(_retryable(step) or _retryable(blocker)),
    }


def _record(connection: dict[str, Any], who: Identity, link: dict[str, Any]) -> dict[str, Any]:
    """One record in Xero as a line of the form: `what`, `number`, `amount` (text, "" where Xero shows none), `currency`, `status`, `seen`
    (when it was last read, UTC) and `link`."""
    amount = decimal(link["remote_total"])
    return {
        "what": screen_texts.in_words(wording.record(link["endpoint"], who.doctype)),
        "number": screen_texts.shown(link["xero_number"]),
        "amount": str(half_up(amount)) if amount else "",
        "currency": link["currency"] or "",
        "status": screen_texts.shown(link["remote_status"]),
        "seen": str(link["last_checked"] or "")[:19],
        "link": _address(connection, who, link),
    }


def _address(connection: dict[str, Any], who: Identity, link: dict[str, Any]) -> str:
    xero_id = object_at(link["endpoint"]).page_id(link["xero_id"], json.loads(link["marker"] or "{}"))
    return wording.deep_link(connection["short_code"] or "", link["endpoint"], who.doctype, xero_id)


def _extra(step: outbox.Row) -> dict[str, Any]:
    """A note or file as a line of the form: `what`, `state`, `reason`, `cure` (what to do)."""
    what, state = (screen_texts.in_words(text) for text in (wording.extra(step["role"]), wording.OPERATOR[step["state"]]))
    return {"what": what, "state": state, "reason": _said(step, "reason"), "cure": _said(step, "cure")}


def _said(step: outbox.Row | None, field: str) -> str:
    """A step's reason or resolution in the reader's language."""
    return screen_texts.said(step[field], step["reason_parts"], field) if step else ""


def _blocker_says(blocker: outbox.Row | None) -> str:
    if not blocker or blocker["state"] not in (protocol.HELD, protocol.ATTENTION):
        return ""
    said = _("{doctype} {name}: {reason}").format(
        doctype=term(blocker["reference_doctype"]), name=blocker["reference_name"], reason=_said(blocker, "reason")
    )
    return screen_texts.in_words(said)


def _retryable(step: outbox.Row | None) -> bool:
    return bool(step and (step["state"] in (protocol.HELD, protocol.ATTENTION) or step["reason_code"] in AGAIN))


def retry(doctype: str, name: str) -> int:
    """Send a document's held and failed steps again, and those that they wait for; returns how many. Part of the caller's transaction."""
    doc = frappe.db.get_value(doctype, name, ["creation", "company"], as_dict=True)
    connection = frappe.db.get_value(CONNECTION, {"company": doc["company"]}, "name")
    who = Identity(doctype, name, moment(doc["creation"]))
    steps = outbox.steps_of(connection, who)
    blockers = [found for step in steps if step["blocked_on"] and (found := outbox.get(name=step["blocked_on"]))]
    return _again(connection, [*steps, *blockers])


def retry_step(name: str) -> int:
    """Send one step again; returns 1, or 0 where there is nothing to send again. Part of the caller's transaction."""
    step = outbox.get(name=name)
    return _again(step["connection"], [step]) if step else 0


def _again(connection: str, steps: list[outbox.Row]) -> int:
    # AFRESH sets `tries` to 1, not 0: a note that was sent before is then looked for in Xero before it is sent again.
    moved = [step for step in steps if _retryable(step) and outbox.move(step, _event(step), **AFRESH, due_at=now())]
    for step in moved:
        log.write(connection, step["company"], outbox.identity(step), "Retry", _("{user} pressed Retry").format(user=frappe.session.user))
    if moved:
        frappe.db.after_commit.add(lambda: wake(connection))
    return len(moved)


def _event(step: outbox.Row) -> str:
    return "release" if step["state"] == protocol.HELD else "retry"


def choices(name: str) -> list[dict[str, Any]]:
    """The records in Xero of which one may be this step's: id, number, total, date, status, link. `double` marks a further record besides
    the linked one, which nobody can choose; `may_be_none`: it can be said that none of them is it."""
    step = outbox.get(name=name)
    if not step:
        return []
    short_code = frappe.db.get_value(CONNECTION, step["connection"], "short_code") or ""
    shown, may_be_none = [], candidates.may_be_none(name)
    for each in candidates.choices(name):
        link = wording.deep_link(short_code, each["endpoint"], step["reference_doctype"], each["id"])
        seen = {field: screen_texts.shown(str(each[field])) for field in ("id", "number", "total", "date", "status")}
        shown.append({**seen, "link": link, "double": bool(each.get("double")), "may_be_none": may_be_none})
    return shown


def none_is_it(name: str) -> None:
    """A person says that none of the records is this step's: it is sent. Throws. Part of the caller's transaction."""
    step = outbox.get(name=name)
    candidates.none_is_it(name)
    if step:
        what = _("{user} said that none of the records in Xero is it").format(user=frappe.session.user)
        log.write(step["connection"], step["company"], outbox.identity(step), "Chosen", what)
        frappe.db.after_commit.add(lambda: wake(step["connection"]))


def choose(name: str, xero_id: str) -> None:
    """A person names the record (`xero_id`) that is this step's. Throws. Part of the caller's transaction."""
    step = outbox.get(name=name)
    candidates.choose(name, xero_id)
    if step:
        what = _("{user} chose the record {xero_id}").format(user=frappe.session.user, xero_id=xero_id)
        log.write(step["connection"], step["company"], outbox.identity(step), "Chosen", what)
        frappe.db.after_commit.add(lambda: wake(step["connection"]))


def overview(connections: list[str]) -> list[dict[str, Any]]:
    """For each of these connections: `connection`, `company`, `state`, `reason`, `steps` (number per state), `oldest_due` (UTC, of steps
    that could go now), `unclear_for_an_hour`, `told` (causes of the whole connection), `last_worker`, `last_good_call`, `day_calls_left`.
    """
    shown = []
    for name in connections:
        doc = frappe.db.get_value(CONNECTION, name, ["company", "state", "reason"], as_dict=True)
        machine = frappe.db.get_value("Xero Connection State", name, ["heartbeat", "last_good_call", "day_calls_left"], as_dict=True) or {}
        oldest = outbox.due(name, now(), 1)
        shown.append(
            {
                "connection": name,
                "company": doc["company"],
                "state": doc["state"],
                "reason": screen_texts.shown(doc["reason"]),
                "steps": {state: frappe.db.count(outbox.DOCTYPE, {"connection": name, "state": state}) for state in protocol.STATES},
                "oldest_due": str(oldest[0]["due_at"]) if oldest else "",
                "unclear_for_an_hour": sum(len(each.members) for each in attempts.unclear_since(name, now() - notifications.UNCLEAR)),
                "told": notifications.standing(name),
                "last_worker": str(machine.get("heartbeat") or ""),
                "last_good_call": str(machine.get("last_good_call") or ""),
                "day_calls_left": int(machine.get("day_calls_left") or 0),
            }
        )
    return shown
