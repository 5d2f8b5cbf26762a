"""What the engine asks of a room, the code for one kind of ERPNext document (Sales Invoice, Payment Entry ...).

A step is one row of Xero Outbox Entry: one thing to do in Xero for one document. Its role says which ("invoice", "payment-2", "void"). For
every step that is due the engine asks the document's room for the action of that role, and calls in this order:

1. `needs`: which facts have to be loaded. It is asked until nothing is missing, each time with the facts so far, since what a payment needs to know of
   its invoices depends on which they are: mostly twice, three times at most (`deciding.WAVES`).
2. `plan`: from the facts alone, either a `Decision` (wait, hold, done ...) or a `Plan`: what the request would be about.
3. `Plan.reads`: what Xero has to show first; read for all plans of a batch together. `Plan.whose` and `Plan.needs`: whose the records are
   that it shows, and which facts about those documents have to be known.
4. `Plan.decide`: from what Xero shows, a `Decision`: `Send`, or any other.

A plan is made once for each look at a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..accounting.called import NOTHING_CALLED, Called
from ..accounting.mapping import Mapping as Choices
from ..accounting.problems import Problem
from ..accounting.texts import NONE, _
from ..xero.records.base import Kind
from .as_opening import Opening
from .decisions import Decision, Effect, Send, Unclear
from .needs import NOTHING, Facts, Needs
from .periods import NO_PERIODS, Periods
from .rules.rule import NO_RULES, Policy
from .step import Link, Step
from .suppliers_own import Numbered, SuppliersOwn
from .translation import Translation

Doc = dict[str, Any]


@dataclass(frozen=True)
class Books:
    """One company and the Xero organisation that it is connected with: what the admin chose on the Xero Connection, and what marks this
    site's records in Xero. `notes` and `files` are the choices for history notes and files; `update_changed`: a change made here is made in
    Xero, too; `hold_money`: what moves money waits until a person releases it (money.py); `update_contacts`: a customer or supplier that changed here
    is changed in Xero (party/update.py); `rules`: the sync settings and rules (rules/); `periods`: what is locked, filed for tax, or before the
    conversion date (periods.py); `openings`: imports that bring what was open at a date (as_opening.py); `payments_come_back`: payments that people enter in Xero
    become Payment Entries here (incoming/); `cash_summaries`: there are any (cash_summary/); `perhaps_there`: documents here, by DocType and name, that somebody has
    perhaps entered in Xero too (entered_there.py); `come_back`: at which endpoints what people enter in Xero becomes drafts here."""

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
    hold_money: bool = False
    update_contacts: bool = False
    rules: Policy = NO_RULES
    periods: Periods = NO_PERIODS
    openings: tuple[Opening, ...] = ()
    payments_come_back: bool = False
    cash_summaries: bool = False
    perhaps_there: frozenset[tuple[str, str]] = frozenset()
    come_back: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reads:
    """What Xero has to show before a decision: single `records` by (endpoint, id), `contacts` by name, `histories` by path, invoices of a
    contact by `numbers` (ContactID, number); what suppliers have numbered (`suppliers_own`), which is asked about many at once. `files` are read from
    ERPNext: (DocType, document, File or "print")."""

    records: frozenset[tuple[str, str]] = frozenset()
    contacts: frozenset[str] = frozenset()
    histories: frozenset[str] = frozenset()
    numbers: frozenset[tuple[str, str]] = frozenset()
    suppliers_own: frozenset[Numbered] = frozenset()
    files: frozenset[tuple[str, str, str]] = frozenset()

    def __or__(self, other: Reads) -> Reads:
        return Reads(
            self.records | other.records,
            self.contacts | other.contacts,
            self.histories | other.histories,
            self.numbers | other.numbers,
            self.suppliers_own | other.suppliers_own,
            self.files | other.files,
        )


@dataclass(frozen=True)
class Shown:
    """The elements that Xero found in a search. `complete`: those are all; else there may be more."""

    elements: list[dict[str, Any]]
    complete: bool = True


@dataclass(frozen=True)
class Owner:
    """A document that a record in Xero is linked with (its Xero Link); `exists`: the document is still there under that name; `draft`: it is not submitted;
    `cancelled`: not any more."""

    link: Link
    exists: bool
    draft: bool = False
    cancelled: bool = False


@dataclass(frozen=True)
class InXero:
    """What Xero shows right now of what was to be read: `records` by (endpoint, id), None where Xero says that there is none; `contacts`
    that may be of a name; `histories` by path; `numbers` and `suppliers_own` as they were asked for. `bank`: the bank transactions near the days of an import of history, or of an advance, that are none
    of this site's (history/coded.py, settlement/entered_too.py); `owners`: whose the records are that a plan asked about
    (`whose`); `files`: the bytes, or why they cannot be had; `facts`: what has to be known of those owners (`needs`);
    `called`: what the codes of its lines are called; `entered`: by endpoint the bills and journals near the days of an import of history that are none of this site's
    (history/entered.py); `typed`: by endpoint what is like journals, invoices and bills near their days, and stands for no document here (typed_there.py)."""

    records: Mapping[tuple[str, str], dict[str, Any] | None] = field(default_factory=dict)
    contacts: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    histories: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    numbers: Mapping[tuple[str, str], Shown] = field(default_factory=dict)
    suppliers_own: Mapping[Numbered, Shown] = field(default_factory=dict)
    bank: Shown = field(default_factory=lambda: Shown([]))
    owners: Mapping[tuple[str, str], list[Owner]] = field(default_factory=dict)
    files: Mapping[tuple[str, str, str], bytes | Problem] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    called: Called = NOTHING_CALLED
    entered: Mapping[str, Shown] = field(default_factory=dict)
    typed: Mapping[str, Shown] = field(default_factory=dict)

    def record(self, endpoint: str, xero_id: str) -> dict[str, Any] | None:
        """One record as it stands now; None where there is none."""
        return self.records[endpoint, xero_id]


@dataclass(frozen=True)
class Plan:
    """A step that may be sent unless what Xero shows speaks against it. `kind` says how its request is sent; `chain` holds the documents
    and records that must not be in two requests at once; `path` is where a nested record goes (an allocation); `xero_id` and `link` name
    the record that is changed, undone or looked at."""

    step: Step
    doc: Doc
    kind: Kind
    chain: frozenset[str]
    path: str = ""
    xero_id: str = ""
    link: Link | None = None

    def reads(self) -> Reads:
        """What has to be read from Xero before `decide`."""
        return Reads()

    def whose(self, shown: InXero) -> frozenset[tuple[str, str]]:
        """Which of the records shown (endpoint, id) may belong to another document already; the engine looks up their links."""
        return frozenset()

    def needs(self, shown: InXero) -> Needs:
        """Which facts about those other documents (`shown.owners`) have to be loaded."""
        return NOTHING

    def entered_by_others(self, shown: InXero) -> list[dict[str, Any]]:
        """Records of those shown that may be the document, entered in Xero by a person or another program; where one of them stands and is
        linked with nothing, a person is asked before anything is sent (engine/sent_before)."""
        return []

    def decide(self, shown: InXero) -> Decision:
        """What becomes of the step, given what Xero shows."""
        raise NotImplementedError


@dataclass(frozen=True)
class Ready(Plan):
    """A plan whose element is built already. `asks`: further steps that are added when it goes; `known_as`: what somebody may have entered it in
    Xero as. Nothing else is read."""

    translation: Translation = field(default_factory=lambda: Translation({}, {}))
    asks: tuple[Effect, ...] = ()
    known_as: SuppliersOwn | None = None

    def reads(self) -> Reads:
        """What Xero has under the supplier's number."""
        return Reads(suppliers_own=frozenset([self.known_as.place(self.translation)])) if self.known_as else Reads()

    def entered_by_others(self, shown: InXero) -> list[dict[str, Any]]:
        """Those that may be it, whether drafts, approved or paid."""
        found = self._of_suppliers_number(shown)
        return self.known_as.like(self.translation, found.elements) if self.known_as and found else []

    def decide(self, shown: InXero) -> Decision:
        """Send it. Not where the list is incomplete: it may be there all the same, so Xero is asked again later."""
        found = self._of_suppliers_number(shown)
        if self.known_as and found and not found.complete:
            return Decision(Unclear(self.known_as.asked_for()))
        return Decision(Send(self.translation), self.asks)

    def _of_suppliers_number(self, shown: InXero) -> Shown | None:
        return shown.suppliers_own.get(self.known_as.place(self.translation)) if self.known_as else None


def needs_nothing(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """For actions that need no facts beyond those of every step (`readiness.needs`)."""
    return NOTHING


@dataclass(frozen=True)
class Action:
    """What a room does for steps of one role. Where the record is linked already, a person's Retry only compares it with Xero. With
    `compares_itself` the plan is asked then too: it has to answer for a linked record by itself, or Retry would send a second one."""

    plan: Callable[[Step, Doc, Facts, Books], Plan | Decision]
    needs: Callable[[Step, Doc, Facts, Books], Needs] = needs_nothing
    compares_itself: bool = False


@dataclass(frozen=True)
class Worth:
    """The value of a document: in company currency (`base`; 0 or None: there is nothing to send), and as people see it, `amount` in
    `currency`."""

    base: Any
    amount: Any
    currency: str = ""


@dataclass(frozen=True)
class SettlingRows:
    """Rows of documents of `parent` that name the invoice they settle: by DocType in one field and by name in another."""

    child: str
    doctype_field: str
    name_field: str
    parent: str


# A step that a document has: its role as it is stored, and its revision.
Known = tuple[str, int]


def look_again(steps: Iterable[Known]) -> list[Known]:
    """The further step by which a document that changed is looked at again; none where nothing was ever asked for."""
    roles = [role for role, _revision in steps]
    return [(f"recheck-{1 + sum(role.startswith('recheck-') for role in roles)}", 1)] if roles else []


class Room:
    """The code for one kind of ERPNext document. `name` is the room's folder, stored on each step; `doctypes` are the DocTypes it may
    claim; `actions` are keyed by the first part of a role ("invoice", "payment"). `submitted`: its documents are submitted and cancelled,
    which adds steps; a customer or supplier is sent only because a document needs it. `parts` are the roles of the document's own records,
    without what comes besides (payments in an invoice, write-offs); `scopes` are the OAuth scopes that its records need.

    `tables` are the fields of its child tables that are read; `names` the fields, its own and its rows', that name an Account, a Cost Center
    ... (by DocType; what all kinds have alike is in fingerprint.NAMED); `settling_rows` where its rows name the invoices that they settle."""

    name: str
    doctypes: tuple[str, ...]
    actions: Mapping[str, Action]
    submitted: bool = True
    parts: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, ...]] = {}
    settling_rows: tuple[SettlingRows, ...] = ()

    def claims(self, doc: Doc) -> bool:
        """Whether this document belongs to the room; its DocType alone does not tell (a Sales Invoice may be a return)."""
        return True

    def claims_gone(self, roles: Iterable[str]) -> bool:
        """The same for a deleted document, told by the roles of its steps and links."""
        return True

    def first(self, doc: Doc) -> str:
        """The role of the first step of a document."""
        raise NotImplementedError(f"{type(self).__name__} does not say its `first` step")

    def worth(self, doc: Doc) -> Worth:
        """The document's value."""
        raise NotImplementedError(f"{type(self).__name__} does not say what a document is worth (`worth`)")

    def nothing(self, doc: Doc) -> Problem | None:
        """Why a document changes nothing in the books and is not sent; None where it does."""
        return None if self.worth(doc).base else Problem("zero-total", _("Its total is zero: there is nothing to account for"), NONE)

    def fingerprint(self, doc: Doc) -> str:
        """One hash of the fields that go to Xero; while it is the same, what was sent still holds. "" where none do."""
        return ""

    def changed(self, before: Doc | None, now: Doc) -> bool:
        """Whether a submitted document was saved with other fields than before (None: nobody knows) that matter to Xero."""
        return before is None or self.fingerprint(before) != self.fingerprint(now)

    def after_change(self, before: Doc | None, now: Doc, steps: Sequence[Known]) -> list[Known]:
        """The further steps of a submitted document that `changed`; `steps` are those that it has. By default it is looked at again."""
        return look_again(steps)
