"""The contract of a room: what the engine asks of it, step by step.

For every step that is due the engine asks the document's room for the action that belongs to the step's role, and of the action

1. `needs`: which facts it has to know. Asked twice at most for a whole round: the second time with what the first brought, since what a payment
   needs to know of its invoices depends on which they are.
2. `plan`: pure, from the facts. Either it is decided already (a `Decision`: wait, hold, done ...) or there is a `Plan`: what the request would be
   about.
3. `Plan.reads`: what Xero has to show first; read for all plans of the round together.
4. `Plan.decide`: pure, from what Xero shows: `Send`, or any other decision.

A plan is made once for each look at a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..accounting.mapping import Mapping as Choices
from ..accounting.problems import Problem
from ..accounting.texts import NONE, _
from ..xero.records.base import Kind
from .decisions import Decision, Effect, Send
from .needs import NOTHING, Facts, Needs
from .step import Link, Step
from .translation import Translation

Doc = dict[str, Any]


@dataclass(frozen=True)
class Books:
    """One company and the organisation in Xero that it is connected with, as decisions see them: what the admin chose, and what marks
    this site's records. `notes` and `files` are the choices for history notes and files; `update_changed`: changes made here are made in
    Xero, too."""

    connection: str
    company: str
    mapping: Choices
    site_url: str
    instance: str
    go_live_date: str
    notes: str = "Off"
    files: frozenset[str] = frozenset()
    files_allowed: bool = False
    update_changed: bool = False


@dataclass(frozen=True)
class Reads:
    """What Xero has to show before a decision: single `records` by (endpoint, id), `contacts` by name, `histories` by path, invoices of a contact
    by `numbers` (ContactID, number). `files` are read from the host: (DocType, document, File or "print")."""

    records: frozenset[tuple[str, str]] = frozenset()
    contacts: frozenset[str] = frozenset()
    histories: frozenset[str] = frozenset()
    numbers: frozenset[tuple[str, str]] = frozenset()
    files: frozenset[tuple[str, str, str]] = frozenset()

    def __or__(self, other: Reads) -> Reads:
        return Reads(
            self.records | other.records,
            self.contacts | other.contacts,
            self.histories | other.histories,
            self.numbers | other.numbers,
            self.files | other.files,
        )


@dataclass(frozen=True)
class Shown:
    """What Xero shows of something that is searched for. `complete`: what is not among the elements is not there; else that is not known."""

    elements: list[dict[str, Any]]
    complete: bool = True


@dataclass(frozen=True)
class Owner:
    """A document that a record in Xero is linked with: `exists` says whether it is still there under that name."""

    link: Link
    exists: bool


@dataclass(frozen=True)
class InXero:
    """What Xero shows right now of what was to be read: `records` by (endpoint, id), None where Xero says that there is none; `contacts` that
    may be of a name; `histories` by path; `numbers` as they were asked for. `owners`: whose the records are that a plan asked about (`whose`);
    `files`: the bytes, or why they cannot be had; `facts`: what has to be known of those owners (`needs`)."""

    records: Mapping[tuple[str, str], dict[str, Any] | None] = field(default_factory=dict)
    contacts: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    histories: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    numbers: Mapping[tuple[str, str], Shown] = field(default_factory=dict)
    owners: Mapping[tuple[str, str], list[Owner]] = field(default_factory=dict)
    files: Mapping[tuple[str, str, str], bytes | Problem] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)

    def record(self, endpoint: str, xero_id: str) -> dict[str, Any] | None:
        """One record as it stands now; None where there is none."""
        return self.records[endpoint, xero_id]


@dataclass(frozen=True)
class Plan:
    """A step that may go, up to what Xero shows. `kind` says how its request is sent; `chain` holds what must not be in two requests at once
    (documents, records); `path` is where a nested record goes; `xero_id` and `link` name the record that is changed, undone or looked at."""

    step: Step
    doc: Doc
    kind: Kind
    chain: frozenset[str]
    path: str = ""
    xero_id: str = ""
    link: Link | None = None

    def reads(self) -> Reads:
        """What Xero has to show first."""
        return Reads()

    def whose(self, shown: InXero) -> frozenset[tuple[str, str]]:
        """The records (endpoint, id) among what Xero shows of which it has to be known whether they are another document's already."""
        return frozenset()

    def needs(self, shown: InXero) -> Needs:
        """What has to be known of the documents whose records those are (`shown.owners`)."""
        return NOTHING

    def decide(self, shown: InXero) -> Decision:
        """What becomes of the step, given what Xero shows."""
        raise NotImplementedError


@dataclass(frozen=True)
class Ready(Plan):
    """A plan for which Xero has nothing to show: its element is made already. `asks`: what goes with it, as the steps that follow."""

    translation: Translation = field(default_factory=lambda: Translation({}, {}))
    asks: tuple[Effect, ...] = ()

    def decide(self, shown: InXero) -> Decision:
        """It goes as it is."""
        return Decision(Send(self.translation), self.asks)


def needs_nothing(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """The needs of an action for which the document and what every step needs are enough."""
    return NOTHING


@dataclass(frozen=True)
class Action:
    """What a room does for steps of one role. `again`: where its record is linked already and a person presses Retry, that record is looked at;
    nothing is sent."""

    plan: Callable[[Step, Doc, Facts, Books], Plan | Decision]
    needs: Callable[[Step, Doc, Facts, Books], Needs] = needs_nothing
    again: bool = False


@dataclass(frozen=True)
class Worth:
    """What a document amounts to: in company currency (`base`; 0 or nothing: there is nothing to send), and as people know it, `amount` in
    `currency`."""

    base: Any
    amount: Any
    currency: str = ""


class Room:
    """What one kind of host document becomes in Xero. `name` is the room's folder, stored on each step; `doctypes` are the DocTypes it may
    claim; `actions` are keyed by the part a role names ("invoice", "payment"). `submitted`: its documents are submitted and cancelled, and what
    happens to them is noted; a party only goes because others ask for it. `parts` are the roles of what the document itself becomes, before what
    comes besides; `scopes` the permissions at Xero that its records need."""

    name: str
    doctypes: tuple[str, ...]
    actions: Mapping[str, Action]
    submitted: bool = True
    parts: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()

    def claims(self, doc: Doc) -> bool:
        """Whether the room is this document's: a DocType alone does not tell (a return is a credit note)."""
        return True

    def claims_gone(self, roles: Iterable[str]) -> bool:
        """The same of a document that is gone, by the roles of its steps and links."""
        return True

    def first(self, doc: Doc) -> str:
        """The role of the first step of a document."""
        raise NotImplementedError

    def worth(self, doc: Doc) -> Worth:
        """What the document amounts to."""
        raise NotImplementedError

    def nothing(self, doc: Doc) -> Problem | None:
        """Why a document is nothing in accounts; None where it is something."""
        return None if self.worth(doc).base else Problem("zero-total", _("Its total is zero: there is nothing to account for"), NONE)

    def fingerprint(self, doc: Doc) -> str:
        """What of a submitted document matters to Xero, as one hash: the same one means that what was sent still holds. "" where nothing does."""
        return ""
