"""The steps of setting a company up, as a strip shows them: each green, amber, red or grey with one sentence, and the one next step.

Red and amber are the checklist's; grey is what cannot be done yet, so that red is only what somebody has to put right now. An amber step is shown as the next one until somebody has opened it, so that nobody is kept from going live
by what is only good to know.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import frappe

from ..accounting.texts import Text, _, day, plain
from ..engine.clock import now
from ..engine.screen_texts import in_words, shown
from . import before_connecting, checklist, current, pauses, permissions, who_may
from .checklist import AMBER, GREEN, RED, Item

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
CONNECT, ORGANISATION, LIVE = "connect", "organisation", "live"
LABELS = {
    CONNECT: _("Connect"),
    ORGANISATION: _("Organisation"),
    "accounts": _("Accounts"),
    "taxes": _("Taxes"),
    "payments": _("Payments"),
    "contacts": _("Contacts"),
    "preview": _("Preview"),
    "test": _("Test"),
    LIVE: _("Go Live"),
}
# What is done on a page of its own, and which page.
PAGES = {
    "accounts": ("xero-mapping", "accounts"),
    "taxes": ("xero-mapping", "taxes"),
    "payments": ("xero-mapping", "payments"),
    "contacts": ("xero-contacts",),
    "preview": ("xero-preview",),
    "test": ("xero-test",),
}
# What cannot be done yet.
GREY = "grey"
LATER = _("After connecting")
NO_DOCUMENTS = _("Nothing was submitted in the last {days} days to check this with: map what you are going to use").format(
    days=checklist.DAYS
)
# What is said of a step of which the checklist says nothing.
SAID = {
    "accounts": (AMBER, NO_DOCUMENTS),
    "taxes": (AMBER, NO_DOCUMENTS),
    "payments": (AMBER, NO_DOCUMENTS),
    "contacts": (AMBER, _("Link the customers and suppliers that Xero has already")),
    "preview": (AMBER, _("Look at what would be in Xero before anything is sent")),
    "test": (AMBER, _("Send test transactions, and see that Xero books them as expected")),
}
WHOEVER_DECIDES, WHOEVER_CONNECTS, WHOEVER_CHECKS = "write", "create", "check"


@dataclass(frozen=True)
class Step:
    """One step: how it stands, the sentence, and the key of the item in the checklist that says so."""

    key: str
    state: str
    sentence: Text
    item: str = ""


def before_any() -> list[dict[str, str]]:
    """The strip while no company is connected, in the reader's language: all that comes after Connect waits for it."""
    red = next((each for each in before_connecting.checks() if each.state == before_connecting.RED), None)
    sentence = plain(red.message) if red else _("Sign in at Xero and allow access to the organisation")
    first = Step(CONNECT, RED if red else AMBER, sentence)
    return [_plain(each) for each in (first, *(Step(key, GREY, LATER) for key in LABELS if key != CONNECT))]


def steps(connection: str) -> list[Step]:
    """All steps of one connection. Asks Xero nothing."""
    items = checklist.checklist(connection)
    # The list goes no further than that while Xero's lists were not read.
    connected = not any(each.key == "lists" and each.state == RED for each in items)
    found = [_step(key, [each for each in items if each.step == key], connected) for key in LABELS if key != LIVE]
    return [*found, _live(connection, items, found)]


def _step(key: str, items: list[Item], connected: bool) -> Step:
    if not connected and key not in (CONNECT, ORGANISATION):
        return Step(key, GREY, LATER)
    if key == CONNECT and not items:
        return Step(key, GREEN, _("Signed in at Xero"))
    bad = [each for state in (RED, AMBER) for each in items if each.state == state]
    if bad:
        return Step(key, bad[0].state, _and_more(bad), bad[0].key)
    if items:
        return Step(key, GREEN, items[0].message)
    state, sentence = SAID[key]
    return Step(key, state, sentence)


def _and_more(items: list[Item]) -> Text:
    if len(items) == 1:
        return items[0].message
    return _("{message} (and {count} more)").format(message=items[0].message, count=len(items) - 1)


def _live(connection: str, items: list[Item], before: list[Step]) -> Step:
    doc = frappe.db.get_value(CONNECTION, connection, ["state", "watched_from"], as_dict=True)
    if doc["state"] == "Live":
        return Step(LIVE, GREEN, _("Documents go to Xero"))
    if doc["state"] == current.WATCH_ONLY:
        return Step(LIVE, AMBER, _("Documents dated from {date} on are watched, and nothing is sent").format(date=day(doc["watched_from"])))
    if any(each.state == RED for each in items):
        return Step(LIVE, GREY, _("After what is red was put right"))
    own = [each for each in items if each.step == LIVE and each.state != GREEN]
    return Step(LIVE, AMBER, own[0].message if own else _("Everything that has to be right is right"))


def strip(connection: str) -> dict[str, Any]:
    """What the form of a connection always shows, in the reader's language: `company`, `organisation`, `state`, `last_good_call` (UTC, "" before
    any), `steps` (`key`, `label`, `state`, `sentence`, whether somebody has `opened` it) while it is being set up, and `next`: the one next step (`key`, `label`, `action`, `route`, or
    the `field` of the form, `sentence`); {} where nothing is left to do or this user can do nothing about it, and then `sentence` alone says whose it is."""
    doc = frappe.get_doc(CONNECTION, connection)
    last = frappe.db.get_value(STATE, connection, "last_good_call")
    all_steps = steps(connection) if doc.state in ("Setting Up", current.WATCH_ONLY) else []
    opened_before = _opened(connection)
    return {
        "company": doc.company,
        "organisation": shown(doc.organisation_name),
        "state": doc.state,
        "last_good_call": last.isoformat() if last else "",
        "steps": [{**_plain(each), "opened": each.key in opened_before} for each in all_steps],
        "lacks": permissions.lacks(connection),
        "next": _for_the_user(doc, _next(doc, all_steps)),
    }


def _next(doc: Any, all_steps: list[Step]) -> dict[str, Any]:
    """The next step, whoever does it: `key`, `label`, `action` (what the form does), `route` (a page), `sentence`, `right` (what it takes)."""
    if doc.state == "Retired":
        return {}
    if doc.state == "Disconnected":
        return _act("reconnect", _("Reconnect"), _("Sign in at Xero again; what waits then goes out by itself"), WHOEVER_CONNECTS)
    if doc.reason_code == "scope-missing" or permissions.lacks(doc.name):
        sentence = _("Allow at Xero what was switched on since; nothing else is asked for")
        return _act("more_permissions", _("Give More Permissions"), sentence, WHOEVER_CONNECTS)
    if doc.state == "Paused":
        return _paused(doc)
    if doc.state == "Live":
        return {}
    opened = _opened(doc.name)
    # In the order of the strip. Of the sign-in and the organisation amber is only good to know: there is no page to open for it.
    looked_at = (CONNECT, ORGANISATION, *opened)
    due = [each for each in all_steps if each.key != LIVE and (each.state == RED or (each.state == AMBER and each.key not in looked_at))]
    step = due[0] if due else all_steps[-1]
    return {"key": step.key, "label": LABELS[step.key], "sentence": step.sentence, **_of_step(doc, step)}


def _paused(doc: Any) -> dict[str, Any]:
    # A pause that a person has made, or that a person has to confirm, is ended by a person.
    if doc.reason_code and doc.reason_code in pauses.CURED_BY_SIGNING_IN:
        return _act("reconnect", _("Reconnect"), _("Sign in at Xero again; what waits then goes out by itself"), WHOEVER_CONNECTS)
    return _act("resume", _("Resume"), _("Let it send again; what waits then goes out by itself"), WHOEVER_DECIDES)


def _of_step(doc: Any, step: Step) -> dict[str, Any]:
    if step.key == CONNECT:
        return {"action": "reconnect", "route": [], "right": WHOEVER_CONNECTS}
    if step.key == ORGANISATION:
        return {"action": "refresh", "label": _("Refresh From Xero"), "route": [], "right": WHOEVER_DECIDES}
    if step.key == LIVE:
        return {"action": "go_live", "route": [], "right": WHOEVER_DECIDES}
    if step.item in checklist.NEEDED:
        return {"action": "choose", "field": step.item, "route": [], "right": WHOEVER_DECIDES}
    page, *rest = PAGES.get(step.key, ("",))
    right = WHOEVER_CHECKS if step.item == checklist.SIGN_OFF else WHOEVER_DECIDES
    return {"action": step.key, "route": [page, doc.name, *rest] if page else [], "right": right}


def _act(action: str, label: Text, sentence: Text, right: str) -> dict[str, Any]:
    return {"key": action, "action": action, "label": label, "sentence": sentence, "route": [], "right": right}


def _for_the_user(doc: Any, step: dict[str, Any]) -> dict[str, Any]:
    """The step as this user may do it. Who may connect and not decide hands over; who may neither reads whose it is."""
    if not step:
        return {}
    if not _may(step["right"], doc.name):
        sentence = _("Next: {step}. A Xero Admin does that").format(step=step["label"])
        if step["right"] == WHOEVER_DECIDES and frappe.has_permission(CONNECTION, WHOEVER_CONNECTS, doc=doc.name):
            step = _act("hand_over", _("Hand Over"), sentence, WHOEVER_CONNECTS)
        else:
            step = {"key": step["key"], "action": "", "label": "", "sentence": sentence, "route": []}
    return {name: in_words(value) if isinstance(value, Text) else value for name, value in step.items() if name != "right"}


def _may(right: str, connection: str) -> bool:
    if right == WHOEVER_CHECKS:
        return who_may.presses(frappe.get_roles()) and bool(frappe.has_permission(CONNECTION, "read", doc=connection))
    return bool(frappe.has_permission(CONNECTION, right, doc=connection))


def _plain(step: Step) -> dict[str, str]:
    return {"key": step.key, "label": in_words(LABELS[step.key]), "state": step.state, "sentence": in_words(step.sentence)}


def _opened(connection: str) -> dict[str, str]:
    return dict(json.loads(frappe.db.get_value(STATE, connection, "steps_opened") or "{}"))


def opened(connection: str, step: str) -> None:
    """Somebody who decides has opened a step: where it is amber, the next one is shown as next. Part of the caller's transaction."""
    known = {**_opened(connection), step: now().isoformat()}
    frappe.db.set_value(STATE, connection, {"steps_opened": json.dumps(known)}, update_modified=False)
