"""Everything that one run needs to know of its connection, read once: organisation, mapping, instance."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import get_url

from ..accounting.mapping import Mapping
from ..connection import item_codes, periods, settings, tokens
from ..documents.as_opening import Opening
from ..documents.base import Books
from ..documents.periods import NO_PERIODS, Periods
from ..documents.rules.rule import NO_RULES, Policy
from ..extras.file_rules import SETTINGS
from ..extras.note_texts import OFF
from ..incoming import perhaps_here
from ..xero import client
from ..xero.records.registry import BANK_TRANSACTION, CREDIT_NOTE, INVOICE, MANUAL_JOURNAL
from ..xero.scopes import FILES
from . import openings, policies
from .chosen import mapping

# The choice on the Xero Connection with which changes of submitted documents are made in Xero too.
UPDATE = "Update in Xero"
# The choice with which payments that people enter in Xero have no effect here.
STAY_THERE = "Stay There"
# By setting: what people enter in Xero that pays nothing of ours.
COME_BACK = {"entries_from_xero": (MANUAL_JOURNAL, BANK_TRANSACTION), "documents_from_xero": (INVOICE, CREDIT_NOTE)}
# The choice with which what moves money waits until a person releases it.
HOLD_MONEY = "Hold until released"


@dataclass(frozen=True)
class Extras:
    """What is sent besides the books: `notes` as the setting says, `files` the file settings that are on, `files_allowed` whether the
    consent at Xero covers files."""

    notes: str
    files: frozenset[str]
    files_allowed: bool


@dataclass(frozen=True)
class Unshown:
    """A record in Xero that was answered without its lines: where it is, and the member of the request that made it."""

    endpoint: str
    xero_id: str
    member: dict[str, Any]


@dataclass
class Context:
    """One connection as a run sees it. `token` is renewed between rounds, and where Xero refuses it. Calls name the organisation (`tenant_id`), but for those of
    a custom connection: there the token says which one it is, and `own` is the one that it has to be (engine/right_organisation)."""

    connection: str
    company: str
    authorisation: str
    tenant_id: str
    mapping: Mapping
    site_url: str
    instance: str
    go_live_date: str
    extras: Extras
    update_changed: bool = False
    hold_money: bool = False
    update_contacts: bool = False
    rules: Policy = NO_RULES
    periods: Periods = NO_PERIODS
    openings: tuple[Opening, ...] = ()
    payments_come_back: bool = False
    cash_summaries: bool = False
    # What is here is perhaps in Xero too (documents/entered_there.py); seen anew with the rows that say so (inbound/people_entries.py).
    perhaps_there: frozenset[tuple[str, str]] = frozenset()
    come_back: frozenset[str] = frozenset()
    token: str = ""
    # When Xero's lists were read (UTC), and whether they are to be read anew whatever their age.
    lists_read_at: datetime | None = None
    lists_outdated: bool = False
    # Item codes are sent, so Xero's items are one more of its lists.
    item_codes: bool = False
    # Records whose lines Xero's answer did not show: read once more, by their ids.
    unshown: list[Unshown] = field(default_factory=list)
    # How far Xero's clock is ahead of ours, by its last answer; None before the first.
    xero_ahead: timedelta | None = None
    # Time has gone by, by Xero's clock, that this site has not lived through (engine/heartbeat): nothing more is sent in this run.
    lost_time: bool = False
    # A bill with the mark of this site was met that nothing here is linked with (engine/sent_before): the same.
    put_back: bool = False
    # Endpoints at which nothing may be created yet: their lists could not be compared after a gap (engine/restored).
    unread: frozenset[str] = frozenset()
    own: str = ""
    # The token of which Xero has said that it opens `own`.
    opening: str = ""

    def renew_token(self, refused: str = "") -> None:
        """Make sure that the token lasts for a round. Raises tokens.ReconnectNeeded, tokens.NotNow. Commits."""
        self.token = tokens.access_token(self.authorisation, refused=refused)

    @property
    def books(self) -> Books:
        """What decisions know of the connection."""
        return Books(
            self.connection,
            self.company,
            self.mapping,
            self.site_url,
            self.instance,
            self.go_live_date,
            self.extras.notes,
            self.extras.files,
            self.extras.files_allowed,
            self.update_changed,
            self.hold_money,
            self.update_contacts,
            policies.as_of_now(self.rules),
            self.periods,
            self.openings,
            self.payments_come_back,
            self.cash_summaries,
            self.perhaps_there,
            self.come_back,
        )

    def look_at_periods(self) -> None:
        """Take over the dates of closed periods as they are stored now: a date that was moved counts for the very next request."""
        self.periods = periods.as_they_are(self.connection, self.periods)

    def refresh(self) -> None:
        """Take over the mappings and Xero's lists as they are stored now."""
        doc = frappe.get_doc("Xero Connection", self.connection)
        self.mapping, self.item_codes = mapping(doc), item_codes.are_sent(doc)
        self.lists_read_at, self.lists_outdated = _lists(doc)
        self.periods = periods.of(doc)

    def organisation(self) -> client.Organisation:
        """The organisation and the token with which to call Xero."""
        return client.Organisation(settings.endpoints().api, self.tenant_id, self.token)


def load(connection: str) -> Context | None:
    """The context of a Live connection; None for any other state, and where the connection is gone (a queued job may outlive the app)."""
    if not frappe.db.exists("Xero Connection", connection):
        return None
    doc = frappe.get_doc("Xero Connection", connection)
    if doc.state != "Live" or not doc.authorisation:
        return None
    read_at, outdated = _lists(doc)
    custom = frappe.db.get_value("Xero Authorisation", doc.authorisation, "grant_type") == "Custom Connection"
    return Context(
        doc.name,
        doc.company,
        doc.authorisation,
        "" if custom else doc.tenant_id,
        mapping(doc),
        get_url(),
        settings.instance_id(),
        str(doc.go_live_date),
        Extras(doc.history_notes or OFF, files_on(doc), files_allowed(doc.authorisation)),
        doc.changed_documents == UPDATE,
        doc.money == HOLD_MONEY,
        bool(doc.update_contacts),
        policies.load(doc.name),
        periods.of(doc),
        openings.of(doc.name),
        payments_come_back(doc),
        policies.summarised(doc.name),
        perhaps_here.named(doc.name),
        come_back(doc),
        lists_read_at=read_at,
        lists_outdated=outdated,
        item_codes=item_codes.are_sent(doc),
        own=doc.tenant_id if custom else "",
    )


def _lists(doc: Any) -> tuple[datetime | None, bool]:
    """When Xero's lists were read (UTC), and whether something speaks against them, or one that is needed was not read yet."""
    row = frappe.db.get_value("Xero Connection State", doc.name, ["lists_read_at", "lists_outdated"], as_dict=True) or {}
    return row.get("lists_read_at"), bool(row.get("lists_outdated")) or item_codes.unread(doc.name, item_codes.are_sent(doc))


def books_of(doc: Any) -> Books:
    """What decisions know of a connection (its document), whether or not it may send now."""
    return Books(
        doc.name,
        doc.company,
        mapping(doc),
        get_url(),
        settings.instance_id(),
        str(doc.go_live_date or doc.watched_from),
        doc.history_notes or OFF,
        files_on(doc),
        bool(doc.authorisation) and files_allowed(doc.authorisation),
        doc.changed_documents == UPDATE,
        doc.money == HOLD_MONEY,
        bool(doc.update_contacts),
        policies.load(doc.name),
        periods.of(doc),
        openings.of(doc.name),
        payments_come_back(doc),
        policies.summarised(doc.name),
        perhaps_here.named(doc.name),
        come_back(doc),
    )


def payments_come_back(doc: Any) -> bool:
    """Whether payments that people enter in Xero become Payment Entries here; a Xero Connection of before that was a choice has none."""
    return bool(doc.payments_from_xero) and doc.payments_from_xero != STAY_THERE


def come_back(doc: Any) -> frozenset[str]:
    """At which endpoints what people enter in Xero becomes drafts here, besides payments."""
    chosen = {setting for setting in COME_BACK if doc.get(setting) and doc.get(setting) != STAY_THERE}
    return frozenset(each.endpoint for setting in chosen for each in COME_BACK[setting])


def files_on(doc: Any) -> frozenset[str]:
    """The file settings that are on at a Xero Connection (a document, or a dict of those fields)."""
    return frozenset(setting for setting in SETTINGS if doc.get(setting))


def files_allowed(authorisation: str) -> bool:
    """Whether the consent at Xero covers files."""
    return FILES in (frappe.db.get_value("Xero Authorisation", authorisation, "scopes") or "").split()
