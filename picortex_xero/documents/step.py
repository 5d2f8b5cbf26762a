"""A step and a link as values: a row of Xero Outbox Entry (one thing to do in Xero) and a row of Xero Link (one record in Xero)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..accounting.money import decimal
from ..xero.records.base import GONE
from ..xero.records.registry import BANK_TRANSACTION, BATCH_PAYMENT, CREDIT_NOTE, INVOICE, MANUAL_JOURNAL, PAYMENT
from .identity import Identity, moment
from .role import Role, role

# The states of a step, see engine/protocol.
PENDING, HELD, SENDING, SYNCED = "Pending", "Held", "Sending", "Synced"
UNKNOWN, ATTENTION, SKIPPED, SUPERSEDED = "Unknown", "Needs Attention", "Skipped", "Superseded"
UNFINISHED = (PENDING, HELD, SENDING, UNKNOWN, ATTENTION)
UNSENT = (PENDING, HELD, ATTENTION, SKIPPED)
IN_FLIGHT = (SENDING, UNKNOWN)
FINISHED = (SYNCED, SUPERSEDED, SKIPPED)
# Marks of a look: a person was asked to make a change in Xero; wants what somebody has changed in Xero to be there again as it is here; was told what is owed again
# of an opening document (the step's amount is that). Of what takes back: the draft that had taken over Xero's record was deleted, and a person removes it there, or leaves it.
ASKED, PUT_BACK, OWED, NOT_TAKEN_OVER = "asked", "put-back", "owed", "not-taken-over"
MARKS = (ASKED, PUT_BACK, OWED, NOT_TAKEN_OVER)
# States of a link whose record no longer stands in Xero: removed, an advance that was paid back, an invoice that its reversal has credited.
ENDED = (*GONE, "Refunded", "Credited")
# What may have been in Xero before its document here was made of it.
WERE_THERE = (INVOICE.endpoint, CREDIT_NOTE.endpoint, MANUAL_JOURNAL.endpoint, BANK_TRANSACTION.endpoint)
# What is added to the number of a link that is kept for the history only: its record is gone, and its step makes another one. No decision
# sees it.
ASIDE = 1000


@dataclass(frozen=True)
class Step:
    """One step of an ERPNext document. `revision` counts how often the document was sent anew on purpose (stored as `generation`); `kind`: that of its
    request, once it was claimed (of notes and files from the first); `mark`: what a person was asked, or wants, at a look or of what is taken back (one of MARKS), which stands however often it is claimed
    and given back; `kept_by`: Xero has records that may be the step's
    own; `number_suffix`: how many numbers of the document are used up in Xero (an invoice then is NAME-R1, NAME-R2 ...); `failing`: what went
    wrong with it last; `released_by`: who said that its money may go (money.py); `changed`: the fields of a contact that
    changed here (party/update.py); `approved_by`: who agreed where a rule wants that, `not_before` (UTC): the batch that it goes with, `rule`: the title
    of the rule that kept it back (rules/), `history`: the import of documents from before the go-live date that it belongs to (a Xero History Run; "" for
    live traffic);
    `late_for`: the codes of periods.py in spite of which a person lets it go, `late_by`: who; `added_by`: the user in whose transaction it was added, at `added_at`
    (the site's time; identity.moment);
    `undo_run`: the undo (a Xero Undo Run) that takes it back, or has left it out."""

    name: str
    who: Identity
    role: Role
    revision: int
    state: str
    posting_date: Any = None
    amount: Decimal = Decimal(0)
    currency: str = ""
    kind: str = ""
    reason_code: str = ""
    blocked_on: str = ""
    tries: int = 0
    number_suffix: int = 0
    kept_by: str = ""
    failing: str = ""
    released_by: str = ""
    changed: tuple[str, ...] = ()
    approved_by: str = ""
    not_before: datetime | None = None
    rule: str = ""
    history: str = ""
    late_for: tuple[str, ...] = ()
    late_by: str = ""
    added_by: str = ""
    undo_run: str = ""
    added_at: str = ""
    mark: str = ""

    @property
    def unfinished(self) -> bool:
        """Whether it is in no final state yet."""
        return self.state in UNFINISHED

    @property
    def in_flight(self) -> bool:
        """Whether its request is on its way, or its outcome is not known yet."""
        return self.state in IN_FLIGHT

    @property
    def unsent(self) -> bool:
        """Whether nothing of it was ever sent, or Xero has certainly taken nothing."""
        return self.state in UNSENT


def step(row: dict[str, Any]) -> Step:
    """The step of a row of the outbox."""
    return Step(
        row["name"],
        Identity(row["reference_doctype"], row["reference_name"], row["reference_creation"]),
        role(row["role"]),
        int(row["generation"]),
        row["state"],
        row.get("posting_date"),
        decimal(row.get("amount")),
        row.get("currency") or "",
        row.get("kind") or "",
        row.get("reason_code") or "",
        row.get("blocked_on") or "",
        int(row.get("tries") or 0),
        int(row.get("number_suffix") or 0),
        row.get("kept_by") or "",
        row.get("failing") or "",
        row.get("released_by") or "",
        tuple((row.get("changed_fields") or "").split()),
        row.get("approved_by") or "",
        row.get("not_before"),
        row.get("rule") or "",
        row.get("history_run") or "",
        tuple((row.get("late_for") or "").split()),
        row.get("late_by") or "",
        row.get("owner") or "",
        row.get("undo_run") or "",
        moment(row["creation"]) if row.get("creation") else "",
        row.get("mark") or "",
    )


@dataclass(frozen=True)
class Link:
    """One record in Xero that a document became, in one role. `marker` holds the fields that find the record again, `fingerprint` the hash
    of the document when it was sent; `total` and `status` are as Xero last showed them; `adopted`: the record was in Xero before. `sent`
    is what was sent (`tax`, `amount_types`, and `lines` as xero/records/lines has them), only where Xero had it otherwise or did not show it.
    `picture` is what Xero showed when all was well (picture.py), `updated` when Xero says that the record changed last, and `contact` whose it
    is (a ContactID), both as last read."""

    name: str
    who: Identity
    part: str
    number: int
    revision: int
    endpoint: str
    xero_id: str
    xero_number: str = ""
    status: str = ""
    total: Decimal = Decimal(0)
    currency: str = ""
    marker: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    fingerprint_version: int = 1
    fingerprint_at: datetime | None = None
    adopted: bool = False
    created: Any = None
    sent: dict[str, Any] = field(default_factory=dict)
    picture: dict[str, Any] = field(default_factory=dict)
    updated: datetime | None = None
    contact: str = ""

    @property
    def live(self) -> bool:
        """Whether its record still stands in Xero, as far as is known."""
        return self.status not in ENDED

    @property
    def object(self) -> str:
        """The last part of its endpoint: an allocation's is "CreditNotes/<id>/Allocations"."""
        return self.endpoint.rpartition("/")[2]

    @property
    def was_there_before(self) -> bool:
        """Whether an invoice, a credit note, a manual journal or money was in Xero before its document came from here, or was entered there and its document made of it
        (inbound/entries_back.py): the link then has no marker."""
        return self.adopted and not self.marker and self.endpoint in WERE_THERE

    @property
    def entered_by_people(self) -> bool:
        """Whether somebody entered a payment in Xero, and its document here was made of it or is the same (incoming/)."""
        return self.adopted and self.endpoint in (PAYMENT.endpoint, BATCH_PAYMENT.endpoint)


def link(row: dict[str, Any]) -> Link:
    """The link of a row of Xero Link."""
    return Link(
        row["name"],
        Identity(row["reference_doctype"], row["reference_name"], row["reference_creation"]),
        row["role"],
        int(row["sequence"]),
        int(row["generation"]),
        row["endpoint"],
        row["xero_id"],
        # Stored with "&lt;" so that no screen takes it for HTML (engine/screen_texts.py).
        (row.get("xero_number") or "").replace("&lt;", "<"),
        row.get("remote_status") or "",
        decimal(row.get("remote_total")),
        row.get("currency") or "",
        json.loads(row.get("marker") or "{}"),
        row.get("content") or "",
        int(row.get("content_version") or 1),
        row.get("content_at") or row.get("creation"),
        bool(row.get("adopted")),
        row.get("creation"),
        json.loads(row.get("sent_lines") or "{}"),
        json.loads(row.get("remote_picture") or "{}"),
        row.get("remote_updated"),
        row.get("remote_contact") or "",
    )


def own_links(links: list[Link], who: Identity, revision: int = 0) -> list[Link]:
    """Those of exactly this document among the links of its name, or those of one revision, oldest revision first, then by number."""
    mine = [each for each in links if each.who == who and revision in (0, each.revision)]
    return sorted(mine, key=lambda each: (each.revision, each.number))


def own_steps(steps: list[Step], who: Identity) -> list[Step]:
    """Those of exactly this document among the steps of its name, what is due first before others: a retry moves that (`added_at` is when it was added)."""
    return [each for each in steps if each.who == who]
