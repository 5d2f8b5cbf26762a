"""Which room a host document belongs to, and which action of it a step. A new kind of document is its folder and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from . import later_changes, taking_back
from .base import Action, Room
from .fingerprint import of_invoice, of_journal, of_payment
from .invoice.room import InvoiceRoom
from .party.room import PartyRoom
from .role import Action as Does
from .step import Step

Doc = dict[str, Any]

ROOMS: tuple[Room, ...] = (PartyRoom(), InvoiceRoom())
# What documents say to Xero whose rooms do not tell it themselves.
SAYS: dict[str, Callable[[Doc], str]] = {
    "Sales Invoice": of_invoice,
    "Purchase Invoice": of_invoice,
    "Payment Entry": of_payment,
    "Journal Entry": of_journal,
}


def room_of(doc: Doc, rooms: Iterable[Room] = ROOMS) -> Room | None:
    """The room of a document; None for one that is nothing to Xero."""
    return next((room for room in rooms if doc["doctype"] in room.doctypes and room.claims(doc)), None)


def fingerprint(doc: Doc) -> str:
    """What of a document matters to Xero, as one hash; "" where nothing does."""
    room = room_of(doc)
    said = room.fingerprint(doc) if room else ""
    return said or (SAYS[doc["doctype"]](doc) if doc["doctype"] in SAYS else "")


def changed(before: Doc, now: Doc) -> bool:
    """Whether a document says something else to Xero than before."""
    return fingerprint(before) != fingerprint(now)


# What is done alike for documents of every room, and goes on where a document is gone.
SHARED: dict[Does, Action] = {Does.TAKE_BACK: taking_back.action(fingerprint), Does.LOOK_AGAIN: later_changes.action(fingerprint)}


def action(step: Step, doc: Doc | None) -> Action | None:
    """What is done for a step; None where no room of its document has an action for its role."""
    if shared := SHARED.get(step.role.action):
        return shared
    room = room_of(doc) if doc else None
    return room.actions.get(step.role.head) if room else None
