"""A failure over one request stays that request's: it is logged and looked at again later, and the others go on. What concerns the whole
connection (`compat.OfTheConnection`: the lease is lost, the sign-in gives no token) goes on to the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import frappe

from ..compat import let_pass
from ..xero import answers
from . import reading
from .attempts import Attempt
from .contexts import Context
from .leases import Lease

Shown = TypeVar("Shown")


def look_alone_or_later(context: Context, lease: Lease, attempt: Attempt, look: Any) -> None:
    """Look at one attempt. If that fails, only this attempt waits, later each time. Raises what concerns the whole connection."""
    if not look_alone(context, lease, attempt, look):
        attempt.wait_for_probe()
        frappe.db.commit()


def look_alone(context: Context, lease: Lease, attempt: Attempt, look: Any) -> bool:
    """Whether a look at one attempt succeeded. A failure is logged, or the look is repeated later. Raises what concerns the whole
    connection."""
    try:
        look()
        return True
    except reading.Interrupted as interrupted:
        frappe.db.rollback()
        if is_of_the_connection(context, lease, interrupted):
            raise
    except Exception as error:
        let_pass(error)
        frappe.db.rollback()
        frappe.log_error(title=f"Xero: what became of {attempt.key} could not be looked up"[:140])
    return False


def read_alone(context: Context, lease: Lease, read: Callable[[], Shown]) -> tuple[bool, Shown | None]:
    """(True, what `read` returns), or (False, None) where Xero does not show just that. Raises what concerns the whole connection."""
    try:
        return True, read()
    except reading.Interrupted as interrupted:
        frappe.db.rollback()
        if is_of_the_connection(context, lease, interrupted):
            raise
        return False, None


def is_of_the_connection(context: Context, lease: Lease, interrupted: reading.Interrupted) -> bool:
    """Whether a read failed because nothing goes through: a limit, or Xero answers nothing else either. A single record or list that Xero
    cannot or will not show does not count."""
    return interrupted.verdict.kind == answers.PARK or not reading.answers_at_all(context, lease)
