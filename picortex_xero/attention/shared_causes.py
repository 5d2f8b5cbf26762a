"""A cause that several companies share (one sign-in at Xero, an outage) is one message to each person, which names those of the companies that he may
see: who was told of it by one of them is not told again by the next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, _, joined
from ..connection import pauses, tokens
from ..connection.current import RETIRED, WATCH_ONLY
from ..engine.screen_texts import shown
from . import people

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
# Kinds of pauses that a dead sign-in brings to each of its companies.
OF_THE_SIGN_IN = (pauses.SIGN_IN_ENDED, pauses.TOKEN_REFUSED, pauses.SECRETS)


@dataclass(frozen=True)
class Shared:
    """A cause that connections may share, told apart from others in the same words (two sign-ins that are dead are two causes); `others` share it by
    now."""

    cause: str
    others: Sequence[str]


def of_sign_in(connection: str) -> Shared:
    """What is up with a sign-in: the other connections that use it and would send, or are being set up."""
    sign_in = frappe.db.get_value(CONNECTION, connection, "authorisation")
    filters = {"authorisation": sign_in, "state": ("in", ["Live", "Setting Up", WATCH_ONLY]), "name": ("!=", connection)}
    others = frappe.get_all(CONNECTION, filters=filters, pluck="name", order_by="company asc") if sign_in else []
    return Shared(f"sign-in {sign_in}", others)


def of_every_sign_in(connection: str, problem: Problem) -> Shared:
    """What no sign-in of the site's app gets past: the other connections, as of one sign-in, whose sign-in has this trouble."""
    filters = {"state": ("in", ["Live", "Setting Up", WATCH_ONLY]), "name": ("!=", connection), "authorisation": ("is", "set")}
    rows = frappe.get_all(CONNECTION, filters=filters, fields=["name", "authorisation"], order_by="company asc")
    troubles = {each: tokens.trouble_of(each) for each in {row["authorisation"] for row in rows}}
    has_it = {each for each, trouble in troubles.items() if trouble and trouble["problem"].resolution == problem.resolution}
    return Shared(problem.code, [row["name"] for row in rows if row["authorisation"] in has_it])


def of_outage(connection: str) -> Shared:
    """That nothing goes: the other live connections that rest for the same reason: Xero answers none of them."""
    reason = frappe.db.get_value(STATE, connection, "paused_reason")
    live = frappe.get_all(CONNECTION, filters={"state": "Live", "name": ("!=", connection)}, pluck="name", order_by="company asc")
    filters = {"name": ("in", live), "paused_reason": reason}
    resting = set(frappe.get_all(STATE, filters=filters, pluck="name")) if live and reason else set()
    return Shared("outage", [each for each in live if each in resting])


def whom(connections: Sequence[str], but_not: set[str]) -> dict[str, list[str]]:
    """Everybody who is told of one of these connections, with those that he is told of, in their order."""
    found: dict[str, list[str]] = {}
    for connection in connections:
        for user in people.told(connection):
            if user not in but_not:
                found.setdefault(user, []).append(connection)
    return found


def told_already(connection: str, cause: str, message: Text) -> set[str]:
    """Who was told of this cause in these words by another connection, of which it is not over."""
    found: set[str] = set()
    others = frappe.get_all(CONNECTION, filters={"state": ("!=", RETIRED), "name": ("!=", connection)}, pluck="name")
    rows = frappe.get_all(STATE, filters={"name": ("in", others), "told": ("is", "set")}, fields=["name", "told"]) if others else []
    for row in rows:
        for told in json.loads(row["told"] or "{}").values():
            if told.get("cause") == cause and told["message"] == shown(message):
                found |= {user for each in (row["name"], *told["with"]) if frappe.db.exists(CONNECTION, each) for user in people.told(each)}
    return found


def naming(message: Text, connections: Sequence[str]) -> Text:
    """The message with the companies that it is about, where there are several."""
    if len(connections) == 1:
        return message
    names = [frappe.db.get_value(CONNECTION, each, "company") for each in connections]
    return joined("\n", [message, _("This is so for {companies}").format(companies=", ".join(names))])
