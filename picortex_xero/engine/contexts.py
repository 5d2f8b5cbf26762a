"""Everything that one run needs to know of its connection, read once: organisation, mapping, instance."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import get_url

from ..accounting import tax_types, xero_now
from ..accounting.account_classes import class_of, objection
from ..accounting.called import NOTHING_CALLED, Called, called
from ..accounting.mapping import HOLD, ClearingAccount, DeductionChoice, Mapping
from ..accounting.problems import Problem
from ..accounting.tax_types import TaxType
from ..accounting.xero_now import OtherParts, RateChange, XeroNow
from ..connection import item_codes, periods, settings, tokens, xero_lists
from ..documents.as_opening import Opening
from ..documents.base import Books
from ..documents.periods import NO_PERIODS, Periods
from ..documents.rules.rule import NO_RULES, Policy
from ..extras.file_rules import SETTINGS
from ..extras.note_texts import OFF
from ..xero import client
from ..xero.scopes import FILES
from . import openings, policies, question_holds, tax_stops
from .bank_accounts import Banks

# The choice on the Xero Connection with which changes of submitted documents are made in Xero too.
UPDATE = "Update in Xero"
# The choice with which payments that people enter in Xero have no effect here.
STAY_THERE = "Stay There"
# The choice with which what moves money waits until a person releases it.
HOLD_MONEY = "Hold until released"
UNTAXED = TaxType("NONE", Decimal(0))


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
    )


def payments_come_back(doc: Any) -> bool:
    """Whether payments that people enter in Xero become Payment Entries here; a Xero Connection of before that was a choice has none."""
    return bool(doc.payments_from_xero) and doc.payments_from_xero != STAY_THERE


def files_on(doc: Any) -> frozenset[str]:
    """The file settings that are on at a Xero Connection (a document, or a dict of those fields)."""
    return frozenset(setting for setting in SETTINGS if doc.get(setting))


def files_allowed(authorisation: str) -> bool:
    """Whether the consent at Xero covers files."""
    return FILES in (frappe.db.get_value("Xero Authorisation", authorisation, "scopes") or "").split()


def mapping(doc: Any) -> Mapping:
    """All mapping rows of a Xero Connection document as one Mapping."""
    rows = {
        kind: frappe.get_all(f"Xero {kind} Mapping", filters={"connection": doc.name}, fields=["*"])
        for kind in ("Account", "Tax", "Tracking", "Payment", "Deduction")
    }
    defaults = {"Sales": doc.default_sales_account, "Purchases": doc.default_purchase_account}
    lists = xero_lists.stored(doc.name) if xero_lists.read_at(doc.name) else None
    banks = Banks(lists["accounts"] if lists else [], doc.base_currency)
    fixed = {each["Code"] for each in lists["accounts"] if each.get("Type") == "FIXED"} if lists else set()
    classes, currencies, root_types, money_accounts = _host_accounts(
        doc.company, {row["account"] for row in rows["Account"] if row["xero_account_code"] in fixed}
    )
    xero_classes = {each["Code"]: each["Class"] for each in lists["accounts"] if each["Code"]} if lists else {}
    names = called(lists["accounts"], lists["tax_rates"]) if lists else NOTHING_CALLED
    told_classes = {each["Code"]: class_of(each) for each in lists["accounts"] if each["Code"]} if lists else {}
    types = {each["TaxType"]: tax_types.listed(each) for each in lists["tax_rates"]} if lists else {}
    taxes, class_taxes = _taxes(rows["Tax"], types)
    advances = {"Sales": doc.advance_account_sales, "Purchases": doc.advance_account_purchases}
    return Mapping(
        base_currency=doc.base_currency,
        target_status=doc.target_status,
        accounts={row["account"]: row["xero_account_code"] for row in rows["Account"]},
        taxes=taxes,
        class_taxes=class_taxes,
        tax_types=types,
        host_classes=classes,
        host_currencies=currencies,
        xero_classes=xero_classes,
        other_class=_other_class(rows["Account"], root_types, told_classes, names),
        untaxed=_untaxed(lists["accounts"], types, doc.country_code) if lists else frozenset(),
        tracking={row["cost_center"]: (row["tracking_category"], row["tracking_option"]) for row in rows["Tracking"]},
        payment_accounts={row["account"]: banks.checked(row["xero_account_id"], row["xero_currency"]) for row in rows["Payment"]},
        money_accounts=money_accounts,
        default_accounts={direction: code for direction, code in defaults.items() if code},
        default_payment_account=banks.listed(doc.default_payment_account) if doc.default_payment_account else None,
        rounding_account=doc.rounding_account or "",
        no_tax_type=doc.no_tax_type or "",
        country=doc.country_code or "",
        opening_documents=doc.get("opening_documents") or "Hold",
        deductions={row["account"]: _deduction(row, types, banks) for row in rows["Deduction"]},
        clearing=ClearingAccount(doc.clearing_account, doc.clearing_account_code) if doc.clearing_account else None,
        advance_accounts={direction: code for direction, code in advances.items() if code},
        depreciation=doc.depreciation or "Ask",
        cash_basis=bool(doc.cash_basis),
        accept_rates=bool(doc.get("accept_rates")),
        journal_contact=doc.journal_contact or "",
        missing_tracking=doc.get("missing_tracking") or HOLD,
        items=item_codes.items(doc.name, item_codes.are_sent(doc)),
        now=xero_now.listed(
            lists,
            _changed_rates(rows, doc.no_tax_type, types, lists["tax_rates"]),
            tax_stops.standing(doc.name),
            question_holds.differing(doc.name),
        )
        if lists
        else XeroNow(),
        called=names,
    )


def _other_class(rows: list[dict[str, Any]], root_types: dict[str, str], classes: dict[str, str], names: Called) -> dict[str, Problem]:
    """By account, why its mapping to an account of another class is not followed."""
    asked = [row for row in rows if not row.get("other_class")]
    mapped = [(row["account"], row["xero_account_code"]) for row in asked]
    found = {each: objection(each, root_types.get(each, ""), names.account(code), classes.get(code, "")) for each, code in mapped}
    return {account: problem for account, problem in found.items() if problem}


def _untaxed(accounts: list[dict[str, Any]], types: dict[str, TaxType], country: str) -> frozenset[str]:
    """The codes of the accounts that carry no tax of their own in Xero's chart, such as wages. A reverse charge counts as tax."""
    if country == "US":
        # There every account starts without a rate: sales taxes are the organisation's own and chosen on each document.
        return frozenset()
    own = {each["Code"]: types.get(each.get("TaxType") or "", UNTAXED if each.get("TaxType") == "NONE" else None) for each in accounts}
    return frozenset(code for code, kind in own.items() if code and kind and not kind.rate and not kind.shows_zero)


def _changed_rates(
    rows: dict[str, list[dict[str, Any]]], no_tax_type: str, types: dict[str, TaxType], listed: list[dict[str, Any]]
) -> dict[str, RateChange | OtherParts]:
    """The tax types whose rate in Xero is another one than when they were chosen. A mapping row keeps the rate of the day it was saved."""
    chosen = [(row["tax_type"], row["tax"], row["xero_rate"]) for row in rows["Tax"]]
    chosen += [(row["tax_type"], row["account"], row["xero_rate"]) for row in rows["Deduction"] if row["tax_type"]]
    chosen += [(no_tax_type, "", 0)] if no_tax_type else []
    known = [(code, key, agreed) for code, key, agreed in chosen if code in types and types[code].active]
    found: dict[str, RateChange | OtherParts] = {}
    for code, key, agreed in known:
        if change := xero_now.rate_change(key, types[code], agreed):
            found.setdefault(code, change)
    # Lists that a former release stored have no components.
    components = {each["TaxType"]: each.get("TaxComponents") or [] for each in listed}
    for code, key, _agreed in known:
        if other := xero_now.other_parts(key, components.get(code) or []):
            found.setdefault(code, other)
    return found


def _taxes(
    rows: list[dict[str, Any]], types: dict[str, TaxType]
) -> tuple[dict[tuple[str, str, str], TaxType], dict[tuple[str, str, str, str], TaxType]]:
    """The tax mapping rows for all accounts, and those for one class of accounts. A tax type that is no longer in Xero's list is not
    active; while the list was never read, nothing is known of any."""
    taxes, class_taxes = {}, {}
    for row in rows:
        tax_type = types.get(row["tax_type"]) or TaxType(row["tax_type"], None, active=not types)
        key = (row["direction"], row["tax"], row["item_tax_template"] or "")
        if row["account_class"]:
            class_taxes[key + (row["account_class"],)] = tax_type
        else:
            taxes[key] = tax_type
    return taxes, class_taxes


def _host_accounts(company: str, fixed: set[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, str], dict[str, str], frozenset[str]]:
    """By account of the company: its classes as tax mappings name them, the narrowest first; its currency; and its root type. Then its bank and cash
    accounts. `fixed` are mapped to fixed assets of Xero."""
    fields = ["name", "root_type", "account_type", "account_currency"]
    rows = frappe.get_all("Account", filters={"company": company, "is_group": 0}, fields=fields)
    classes = {
        row["name"]: tax_types.classes_of(row["account_type"], row["root_type"], "FIXED" if row["name"] in fixed else "") for row in rows
    }
    # As in ERPNext, an account without a currency is in the company's.
    own = frappe.get_cached_value("Company", company, "default_currency")
    return (
        classes,
        {row["name"]: row["account_currency"] or own for row in rows},
        {row["name"]: row["root_type"] or "" for row in rows},
        frozenset(row["name"] for row in rows if row["account_type"] in ("Bank", "Cash")),
    )


def _deduction(row: dict[str, Any], types: dict[str, TaxType], banks: Banks) -> DeductionChoice:
    tax_type = types.get(row["tax_type"]) or TaxType(row["tax_type"], None, active=not types) if row["tax_type"] else None
    clearing = banks.listed(row["clearing_account"]) if row["clearing_account"] else None
    return DeductionChoice(row["treatment"], tax_type, clearing, row["name"])
