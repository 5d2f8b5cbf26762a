"""Sending for one connection: the lease is proven first, an expired token is renewed once, limits are noted.

No transaction is open while a request is on the wire. What is read from Xero goes the same way (`reading`).
"""

from __future__ import annotations

from collections.abc import Callable

import frappe

from ..compat import lost_race, out_of_time
from ..xero import answers as outcomes
from ..xero import client
from ..xero.answers import Answer
from ..xero.client import Request
from . import limits
from .attempts import Attempt, Overtaken
from .clock import now
from .context import Context
from .lease import Lease


class LeaseLost(Exception):
    """Someone else is the sender now; nothing was sent."""


def deliver(context: Context, lease: Lease, sealed: list[Attempt]) -> list[Answer]:
    """Send sealed requests, at most four at once; what is refused for its token is sent once more with a new one. Commits.

    Each is stamped before the lease is proven: whoever loses it meanwhile has sent nothing, and whoever gets it sees that something may
    have been. Raises LeaseLost.
    """
    return _answers(context, len(sealed), lambda places: _stamped(context, lease, [sealed[at] for at in places]))


def ask(context: Context, lease: Lease, requests: list[Request]) -> list[Answer]:
    """The answers to requests that only read, in order. Raises LeaseLost."""
    return _answers(context, len(requests), lambda places: _sent(context, lease, [requests[at] for at in places]))


def _stamped(context: Context, lease: Lease, sealed: list[Attempt]) -> list[Answer]:
    try:
        latest = [attempt.stamp() for attempt in sealed]
    except Overtaken as overtaken:
        frappe.db.rollback()
        raise LeaseLost(context.connection) from overtaken
    frappe.db.commit()
    return _sent(context, lease, [attempt.request(moment) for attempt, moment in zip(sealed, latest)])


def _sent(context: Context, lease: Lease, requests: list[Request]) -> list[Answer]:
    if not lease.extend():
        raise LeaseLost(context.connection)
    return client.send(context.organisation(), requests)


def _answers(context: Context, count: int, send: Callable[[list[int]], list[Answer]]) -> list[Answer]:
    """What `send` gets for the requests at these places; for those whose token is refused once more with a new one."""
    if not count:
        return []
    answers = send(list(range(count)))
    expired = [at for at, answer in enumerate(answers) if outcomes.judge(answer).kind == outcomes.EXPIRED]
    if expired:
        context.renew_token(refused=context.token)
        for at, answer in zip(expired, send(expired)):
            answers[at] = answer
    for answer in answers:
        if (said := outcomes.said_at(answer)) is not None:
            context.xero_ahead = said - now()
    _note(context.connection, answers)
    return answers


def _note(connection: str, answers: list[Answer]) -> None:
    """Keep what Xero said of its limits. Where that cannot be kept, the answers themselves are still worth recording."""
    try:
        limits.note(connection, answers)
    except Exception as error:
        frappe.db.rollback()
        if out_of_time(error):
            raise
        if not lost_race(error):
            frappe.log_error(title=f"Xero: what was said of the limits of {connection} could not be kept"[:140])
