"""Finds the room (the code for one kind of ERPNext document) of a document, and the action of a step. A new kind adds its folder and a line
here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from . import later_changes, reversal, send_again, taking_back
from .base import Action, Room, SettlingRows, Worth
from .cash_summary.room import CashSummaryRoom
from .credit_note.room import CreditNoteRoom
from .fingerprint import NAMED, Fingerprint
from .invoice.room import InvoiceRoom
from .journal_entry.room import JournalRoom
from .party.room import PartyRoom
from .payment_entry.room import PaymentRoom
from .payroll import may_be
from .role import Purpose
from .step import Step

Doc = dict[str, Any]

ROOMS: tuple[Room, ...] = (PartyRoom(), InvoiceRoom(), CreditNoteRoom(), PaymentRoom(), JournalRoom(), CashSummaryRoom())
# The DocTypes whose documents get steps when they are submitted, changed or cancelled.
SUBMITTED = tuple(dict.fromkeys(doctype for room in ROOMS if room.submitted for doctype in room.doctypes))


def room_of(doc: Doc) -> Room | None:
    """The room of a document; None for one that is never sent."""
    return next((room for room in ROOMS if doc["doctype"] in room.doctypes and room.claims(doc)), None)


def room_with(doc: Doc) -> Room:
    """The room of a document that must have one. Raises LookupError."""
    room = room_of(doc)
    if room is None:
        raise LookupError(f"{doc['doctype']} has no room in documents/")
    return room


def room_name(doc: Doc) -> str:
    """The name of a document's room, as stored on its steps; "" for none."""
    room = room_of(doc)
    return room.name if room else ""


def room_of_gone(doctype: str, roles: Iterable[str]) -> str:
    """The name of a deleted document's room, told by the roles of its steps and links; "" for a DocType that is never sent."""
    known = list(roles)
    return next((room.name for room in ROOMS if doctype in room.doctypes and room.claims_gone(known)), "")


def first_role(doc: Doc) -> str:
    """The role of the first step of a document. Raises LookupError for one that is never sent."""
    return room_with(doc).first(doc)


def shown_worth(doc: Doc) -> Worth:
    """The document's amount to show to people; none where it may be one person's wage."""
    worth = room_with(doc).worth(doc)
    return replace(worth, amount=0, currency="") if may_be(doc) else worth


def own_parts(doctype: str) -> set[str]:
    """The roles of the own records of a DocType's documents, without what comes besides."""
    return {part for room in ROOMS if doctype in room.doctypes for part in room.parts}


def scopes() -> list[str]:
    """The permissions at Xero that the records of all rooms need, each once."""
    return list(dict.fromkeys(scope for room in ROOMS for scope in room.scopes))


def tables() -> list[str]:
    """The fields of the child tables that some room reads, each once."""
    return list(dict.fromkeys(table for room in ROOMS for table in room.tables))


def settling_rows() -> list[SettlingRows]:
    """Where documents of all rooms name the invoices that they settle; in the order of the rooms."""
    return [rows for room in ROOMS for rows in room.settling_rows]


def _of_its_room(doc: Doc) -> str:
    room = room_of(doc)
    return room.fingerprint(doc) if room else ""


def _names() -> dict[str, list[str]]:
    found = {doctype: list(fields) for doctype, fields in NAMED.items()}
    for room in ROOMS:
        for doctype, fields in room.names.items():
            found.setdefault(doctype, ["reference_name"]).extend(fields)
    return found


# One hash of the fields of a document that go to Xero (see fingerprint.py); "" where none do.
fingerprint = Fingerprint(_of_its_room, _names())


# Actions that are the same for all rooms, and work for deleted documents too.
SHARED: dict[Purpose, Action] = {
    Purpose.TAKE_BACK: taking_back.action(fingerprint),
    Purpose.LOOK_AGAIN: later_changes.action(fingerprint, first_role),
    Purpose.REVERSE: reversal.REVERSE,
    Purpose.SEND_AGAIN: send_again.action(first_role),
}


def action(step: Step, doc: Doc | None) -> Action | None:
    """What is done for a step; None where no room of its document has an action for its role."""
    if shared := SHARED.get(step.role.purpose):
        return shared
    room = room_of(doc) if doc else None
    return room.actions.get(step.role.head) if room else None
