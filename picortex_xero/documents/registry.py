"""Which room a host document belongs to, and which action of it a step. A new kind of document is its folder and a line here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .base import Action, Room
from .credit_note.room import CreditNoteRoom
from .invoice.room import InvoiceRoom
from .party.room import PartyRoom
from .payment_entry.room import PaymentRoom
from .step import Step

Doc = dict[str, Any]

ROOMS: tuple[Room, ...] = (PartyRoom(), InvoiceRoom(), CreditNoteRoom(), PaymentRoom())


def room_of(doc: Doc, rooms: Iterable[Room] = ROOMS) -> Room | None:
    """The room of a document; None for one that is nothing to Xero."""
    return next((room for room in rooms if doc["doctype"] in room.doctypes and room.claims(doc)), None)


def action(step: Step, doc: Doc | None) -> Action | None:
    """What is done for a step; None where no room of its document has an action for its role."""
    room = room_of(doc) if doc else None
    return room.actions.get(step.role.head) if room else None
