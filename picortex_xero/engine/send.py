"""Sending for one connection: renew the lease, send, renew an expired token once, note the calls left.

No database transaction is open while a request is under way. Reads (engine/reading) are sent the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import frappe

from ..compat import OfTheConnection, lost_race, out_of_time
from ..connection import tokens
from ..xero import answers, client
from ..xero.answers import Answer
from ..xero.client import Request
from . import heartbeat, limits, right_organisation
from .attempts import AlreadyResolved, Attempt
from .clock import now
from .contexts import Context
from .leases import Lease

# Xero has certainly written nothing.
NOT_SENT = Answer(0, failure="unsent")
# What Xero would answer where its minute is used up, without asking it.
NOT_ASKED = Answer(429, {"retry-after": "60", "x-rate-limit-problem": "minute"})


class LeaseLost(OfTheConnection):
    """Another worker is the sender now; nothing was sent."""


def deliver(context: Context, lease: Lease, sealed: list[Attempt]) -> list[Answer]:
    """Send sealed requests, at most four at once; one whose token is refused is sent once more with a new token. Returns the answers in
    order. Commits.

    The sending of each is noted (`Attempt.stamp`) before the lease is renewed: a worker that has lost the lease has then sent nothing, and
    the next holder sees that something may have been sent. Raises LeaseLost, also where an answer has shown that time was lost: then the next
    run compares Xero's lists before anything is created.
    """
    if context.lost_time:
        raise LeaseLost(context.connection)
    return _answers(context, len(sealed), lambda places: _stamped(context, lease, [sealed[at] for at in places]), writes=True)


def ask(context: Context, lease: Lease, requests: list[Request]) -> list[Answer]:
    """The answers to requests that only read, in order; where Xero's minute has no room for them they are not asked. Raises LeaseLost."""
    if limits.minute_room(context.connection, len(requests)) < len(requests):
        return [NOT_ASKED] * len(requests)
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


def _answers(context: Context, count: int, send: Callable[[list[int]], list[Answer]], writes: bool = False) -> list[Answer]:
    """What `send` gets for the requests at these positions; for those whose token is refused, once more with a new token. Where there is none, a
    write is known not to have been carried out, so that the answers to the others are not lost over it; a read raises tokens.Trouble."""
    if not count:
        return []
    received = _by_a_known_token(context, list(range(count)), send)
    _look_at_the_clock(context, received)
    expired = [at for at, answer in enumerate(received) if answers.judge(answer).kind == answers.EXPIRED]
    if expired and context.lost_time and writes:
        # Nothing of it was written, and perhaps it was before: not before Xero's lists were compared.
        for at in expired:
            received[at] = NOT_SENT
    elif expired:
        try:
            context.renew_token(refused=context.token)
            again = _by_a_known_token(context, expired, send)
        except tokens.Trouble as trouble:
            if not writes:
                raise
            again = [replace(NOT_SENT, text=str(trouble))] * len(expired)
        for at, answer in zip(expired, again):
            received[at] = answer
        _look_at_the_clock(context, received)
    _note(context.connection, received)
    return received


def _by_a_known_token(context: Context, places: list[int], send: Callable[[list[int]], list[Answer]]) -> list[Answer]:
    """What `send` gets, once it is known that the token opens the right organisation; until then nothing is sent."""
    instead = None if right_organisation.is_known(context) else right_organisation.ask(context)
    return [instead] * len(places) if instead else send(places)


def _look_at_the_clock(context: Context, received: list[Answer]) -> None:
    """Note how far Xero's clock is ahead, by the last of these answers."""
    said = next((at for answer in reversed(received) if (at := answers.said_at(answer)) is not None), None)
    if said is None:
        return
    ahead = context.xero_ahead = said - now()

    def keep() -> None:
        context.lost_time = heartbeat.xero_said(context.connection, ahead) or context.lost_time
        frappe.db.commit()

    _besides(keep, f"Xero: what its clock says could not be kept for {context.connection}")


def _note(connection: str, received: list[Answer]) -> None:
    """Store what Xero said of the calls left."""
    _besides(lambda: limits.note(connection, received), f"Xero: what was said of the limits of {connection} could not be kept")


def _besides(keep: Callable[[], None], failed: str) -> None:
    """Store what answers say besides. A failure there (`failed` is its title in the Error Log) must not lose the answers."""
    try:
        keep()
    except Exception as error:
        frappe.db.rollback()
        if out_of_time(error):
            raise
        if not lost_race(error):
            frappe.log_error(title=failed[:140])
