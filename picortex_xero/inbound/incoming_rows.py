"""Rows of what people enter in Xero (Xero Incoming Record): one for each record, with what it was when it was seen last, and what became of it here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..engine import outbox
from ..incoming.payment import IncomingPayment, Part

DOCTYPE = "Xero Incoming Record"
TO_DECIDE, WAITING, DRAFT, ENTERED, MATCHED, LEFT_OUT, GONE = (
    "To Decide",
    "Waiting",
    "Draft Here",
    "Entered Here",
    "Matched",
    "Left Out",
    "Gone",
)
# States in which a person or the next run has still to say what becomes of it.
OPEN = (TO_DECIDE, WAITING)
NOTHING_SAID = {"reason": "", "cure": "", "reason_code": "", "reason_parts": ""}
# A person has not said which payment here it is.
NOT_CHOSEN = {"chosen": "", "chosen_by": ""}
# So many are looked at in one run; the next one goes on.
MOST = 200
Row = dict[str, Any]


def key(connection: str, payment: IncomingPayment) -> str:
    """The name of its row."""
    return hashlib.sha256("\x1f".join((connection, payment.endpoint, payment.xero_id)).encode()).hexdigest()[:40]


def kept(payment: IncomingPayment) -> str:
    """A payment as its row keeps it."""
    return json.dumps(asdict(payment), default=str)


def payment_of(text: str) -> IncomingPayment:
    """The payment that `kept` gave."""
    said: dict[str, Any] = json.loads(text)
    said["parts"] = tuple(
        Part(each["payment_id"], (each["target"][0], each["target"][1]), Decimal(each["amount"])) for each in said["parts"]
    )
    said["updated"] = datetime.fromisoformat(said["updated"]) if said["updated"] else None
    return IncomingPayment(**said | {name: Decimal(said[name]) for name in ("bank_amount", "rate")})


def say(name: str, state: str, problem: Problem | None = None, **more: Any) -> None:
    """Write what becomes of one, and why it waits. Part of the caller's transaction."""
    said = NOTHING_SAID if problem is None else outbox.said(problem)
    frappe.db.set_value(DOCTYPE, name, {"state": state, **said, **more}, update_modified=False)
