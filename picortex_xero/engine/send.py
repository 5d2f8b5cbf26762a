"""Sending for one connection: renew the lease, send, renew an expired token once, note the calls left.

No database transaction is open while a request is under way. Reads (engine/reading) are sent the same way.
"""

from __future__ import annotations

from collections.abc import Callable

import frappe

from ..compat import OfTheConnection, lost_race, out_of_time
from ..connection import tokens
from ..xero import answers, client
from ..xero.answers import Answer
from ..xero.client import Request
from . import limits, right_organisation
from .attempts import AlreadyResolved, Attempt
from .clock import now
from .contexts import Context
from .leases import Lease


class LeaseLost(OfTheConnection):
    """Another worker is the sender now; nothing was sent."""


def deliver(context: Context, lease: Lease, sealed: list[Attempt]) -> list[Answer]:
    """Send sealed requests, at most four at once; one whose token is refused is sent once more with a new token. Returns the answers in
    order. Commits.

    The sending of each is noted (`Attempt.stamp`) before the lease is renewed: a worker that has lost the lease has then sent nothing, and
    the next holder sees that something may have been sent. Raises LeaseLost.
    """
    return _answers(context, len(sealed), lambda places: _stamped(context, lease, [sealed[at] for at in places]), _nothing_written)


def ask(context: Context, lease: Lease, requests: list[Request]) -> list[Answer]:
    """The answers to requests that only read, in order. Raises LeaseLost."""
    return _answers(context, len(requests), lambda places: _sent(context, lease, [requests[at] for at in places]))


def _stamped(context: Context, lease: Lease, sealed: list[Attempt]) -> list[Answer]:
    try:
        latest = [attempt.stamp() for attempt in sealed]
    except AlreadyResolved as resolved:
        frappe.db.rollback()
        raise LeaseLost(context.connection) from resolved
    frappe.db.commit()
    return _sent(context, lease, [attempt.request(moment) for attempt, moment in zip(sealed, latest)])


def _sent(context: Context, lease: Lease, requests: list[Request]) -> list[Answer]:
    if not lease.extend():
        raise LeaseLost(context.connection)
    return client.send(context.organisation(), requests)


def _nothing_written(trouble: tokens.Trouble) -> Answer:
    """What is recorded of a write whose token Xero refused while there is no other: it was not carried out, and the answers to the others
    are not lost over it."""
    return Answer(0, failure="unsent", text=str(trouble))


def _raised(trouble: tokens.Trouble) -> Answer:
    raise trouble


def _answers(
    context: Context,
    count: int,
    send: Callable[[list[int]], list[Answer]],
    without_token: Callable[[tokens.Trouble], Answer] = _raised,
) -> list[Answer]:
    """What `send` gets for the requests at these positions; for those whose token is refused, once more with a new token, or what
    `without_token` says of them."""
    if not count:
        return []
    received = _by_a_known_token(context, list(range(count)), send)
    expired = [at for at, answer in enumerate(received) if answers.judge(answer).kind == answers.EXPIRED]
    if expired:
        try:
            context.renew_token(refused=context.token)
            again = _by_a_known_token(context, expired, send)
        except tokens.Trouble as trouble:
            again = [without_token(trouble)] * len(expired)
        for at, answer in zip(expired, again):
            received[at] = answer
    for answer in received:
        if (said := answers.said_at(answer)) is not None:
            context.xero_ahead = said - now()
    _note(context.connection, received)
    return received


def _by_a_known_token(context: Context, places: list[int], send: Callable[[list[int]], list[Answer]]) -> list[Answer]:
    """What `send` gets, once it is known that the token opens the right organisation; until then nothing is sent."""
    instead = None if right_organisation.is_known(context) else right_organisation.ask(context)
    return [instead] * len(places) if instead else send(places)


def _note(connection: str, received: list[Answer]) -> None:
    """Store what Xero said of the calls left. A failure there must not lose the answers."""
    try:
        limits.note(connection, received)
    except Exception as error:
        frappe.db.rollback()
        if out_of_time(error):
            raise
        if not lost_race(error):
            frappe.log_error(title=f"Xero: what was said of the limits of {connection} could not be kept"[:140])
