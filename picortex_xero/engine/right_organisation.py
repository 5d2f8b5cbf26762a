"""Whether the token of a custom connection opens the organisation that is connected.

Such a token names the organisation of a call; the call itself does not. Who authorises the custom connection anew at Xero for another
organisation (a demo company first, then the real one) changes nothing here: id and secret stay. So Xero is asked once about each new token,
before anything is read or sent with it; an answer for another organisation pauses the connection.
"""

from __future__ import annotations

from typing import Any

import frappe

from ..connection import pauses, tokens
from ..xero import answers, client
from ..xero.answers import Answer
from ..xero.client import Request
from . import limits
from .contexts import Context
from .screen_texts import shown

ORGANISATION, ORGANISATIONS = "Organisation", "Organisations"
# Answers that say themselves what they mean for every other call.
FOR_ALL = (answers.EXPIRED, answers.SHUT, answers.PARK)


def is_known(context: Context) -> bool:
    """Whether calls with the present token certainly reach the organisation that is connected."""
    if context.own and context.opening != context.token:
        known = tokens.opens(context.authorisation, context.token)
        context.opening = context.token if known.casefold() == context.own.casefold() else ""
    return not context.own or context.opening == context.token


def ask(context: Context) -> Answer | None:
    """Ask Xero; None where it is the right one, else the answer that stands for all calls which would have been made: none of them was.
    Pauses the connection and raises tokens.ReconnectNeeded where it is another one. Commits."""
    frappe.db.commit()
    (answer,) = client.send(context.organisation(), [Request("GET", ORGANISATION)])
    limits.note(context.connection, [answer])
    listed = answer.data.get(ORGANISATIONS) if answer.status == 200 and isinstance(answer.data, dict) else None
    if isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], dict) and listed[0].get("OrganisationID"):
        check(context, listed[0])
        tokens.note_opens(context.authorisation, context.token, context.own)
        frappe.db.commit()
        context.opening = context.token
        return None
    if answers.judge(answer).kind in FOR_ALL:
        return answer
    return Answer(0, failure="unsent", text="Xero does not say which organisation this is")


def check(context: Context, element: dict[str, Any]) -> None:
    """Where this is another organisation (as Xero describes it) than the one connected: pause, and raise tokens.ReconnectNeeded. Commits."""
    said = str(element.get("OrganisationID") or "")
    if not context.own or said.casefold() == context.own.casefold():
        return
    connected = frappe.db.get_value("Xero Connection", context.connection, "organisation_name")
    problem = pauses.another_organisation(shown(connected), str(element.get("Name") or said))
    frappe.db.rollback()
    limits.pause(context.connection, problem.message, problem.resolution, problem.code)
    raise tokens.ReconnectNeeded(problem)
