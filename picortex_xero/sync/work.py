"""A step that may be sent, and what becomes of one that may not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..documents.base import Plan
from ..documents.settlement.settlement import Settlement
from ..documents.translation import Translation
from ..engine import outbox, protocol
from ..engine.clock import now
from ..engine.outbox import Row
from ..xero.records.base import Kind
from ..xero.records.registry import is_extra

APPROVAL_POLL = timedelta(minutes=15)
WAITING_APPROVAL = Problem("waiting-approval", "Waits for approval of the invoice in Xero", "Approve the invoice in Xero")


@dataclass(frozen=True)
class Applied:
    """Credit that the host took off an invoice: `parent` is the credit's path in Xero ("CreditNotes/<id>"), `credit` its name here,
    `amount` in the invoice's currency, `date` the day it was applied; `settles`: the amount was converted and leaves nothing of one of
    the two in the host."""

    parent: str
    credit: str
    amount: Decimal
    date: str
    settles: bool = False


@dataclass
class Work:
    """A step that may be sent, with what its request will be made of. `chain` holds what must not be in two requests at once; `path`
    is where a nested kind goes; `kept`: nothing is to be sent, Xero has records that may be its own (sync.kept); `again`: nothing is to be
    sent, its record is linked and a person wants it looked at again (sync.agreement). `remaining` is what was left of a credit just
    before an allocation of it; `settlement` is what a payment's document is."""

    row: Row
    doc: dict[str, Any]
    kind: Kind
    chain: set[str]
    translation: Translation | None = None
    targets: list[dict[str, Any]] = field(default_factory=list)
    xero_id: str = ""
    path: str = ""
    applied: Applied | None = None
    linked: dict[str, Any] | None = None
    kept: bool = False
    again: bool = False
    remaining: Decimal | None = None
    plan: Plan | None = None
    settlement: Settlement | None = None


def planned(row: Row, plan: Plan) -> Work:
    """The work of a step that its room has planned."""
    return Work(row, plan.doc, plan.kind, set(plan.chain), xero_id=plan.xero_id, path=plan.path, plan=plan)


def settle(row: Row, problems: list[Problem]) -> None:
    """Show a step's problems, all of them: held where it only waits, else for a person's attention; a note or file is skipped."""
    held = all(problem.held for problem in problems)
    texts = [problem.message for problem in problems]
    cures = list(dict.fromkeys(problem.cure for problem in problems if problem.cure))
    summary = Problem(problems[0].code, "\n".join(texts), "\n".join(cures), held)
    event = "hold" if held else "problem" if row["state"] == protocol.PENDING else "refused"
    if is_extra(row["role"]):
        event = "skip"
    outbox.move(row, event, summary)


def different_total(name: str, expected: Any, total: Any) -> Problem:
    """The document is in Xero, with another total than here."""
    return Problem(
        "total-in-xero-differs",
        f"{name} is {expected} here, but {total} in Xero",
        "Correct it in Xero to the amount here, then press Retry",
    )


def not_in_xero(name: str) -> Problem:
    """It was in Xero, and Xero says that it has no such record (404)."""
    return Problem("not-in-xero", f"Xero no longer shows {name}", "Look for it in Xero; if it was removed there, nothing is left to do")


def gone_from_xero(name: str) -> Problem:
    """It was in Xero, and was voided or deleted there by somebody."""
    return Problem(
        "gone-from-xero",
        f"{name} was voided or deleted in Xero",
        "See who removed it there; cancel it here, or enter it again in Xero by hand",
    )


def wait_for_approval(row: Row) -> None:
    """Give a claimed step back until a person has approved in Xero what it needs: nothing is authorised behind the accountant's back."""
    outbox.move(row, "release", WAITING_APPROVAL, due_at=now() + APPROVAL_POLL)


def unexpected(row: Row) -> None:
    """A step that a defect stops must not stop the others: it goes to a person, with the details in the Error Log.

    Called where the exception is handled.
    """
    frappe.log_error(title=f"Xero: {row['reference_doctype']} {row['reference_name']} could not be prepared"[:140])
    problem = Problem(
        "unexpected", f"{row['reference_name']} could not be prepared for Xero", "Tell your administrator: the Error Log has the details"
    )
    settle(row, [problem])


def supersede(row: Row, why: str) -> None:
    """Nothing is left to do for a step; `why` says what overtook it."""
    outbox.move(row, "supersede", Problem("superseded", why, ""))


def before_go_live(date: Any) -> Problem:
    """Why a document that is older than the go-live `date` is not sent."""
    return Problem(
        "before-go-live",
        f"It is dated before {date}, from when on documents go to Xero",
        "Where it belongs there: go live from an earlier date on the Xero Connection, then press Retry; else enter it in Xero by hand",
    )


def sequence(role: str) -> int:
    """ "payment" and "void" are the first, "payment-2" the second."""
    _, _, number = role.partition("-")
    return int(number or 1)
