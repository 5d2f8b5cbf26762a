"""The rows of the screen: each account, tax, bank account, cost centre, deduction and default, with what documents use of it, what it is mapped to
and where that came from, and what is suggested."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import frappe

from ..accounting import causes, tax_types
from ..accounting.texts import NONE, Text, _, term
from ..connection import changed_in_xero, xero_lists
from ..connection.xero_lists import Offers
from ..engine.screen_texts import in_words
from ..suggestions import accounts as of_accounts
from ..suggestions import banks as of_banks
from ..suggestions import defaults as of_defaults
from ..suggestions import taxes as of_taxes
from ..suggestions import tracking as of_tracking
from ..suggestions.allowed import BY_ITSELF, TAX
from ..suggestions.values import HIGH, Answer, HostTax, Nothing, Suggestion, TrackingOption, XeroAccount
from . import journal_taxes, usage
from .choices import Choices
from .host import MONEY_TYPES, Books
from .kinds import ACCOUNTS, BANKS, CONNECTION, DEFAULTS, FEES, FIELDS, KINDS, TAXES, TRACKING, Key, Kind, Stored, Values

NEEDED_FIELDS = ("rounding_account", "no_tax_type")
# Why an account needs no mapping of its own.
NOT_NEEDED = (TAX, BY_ITSELF["Round Off"], BY_ITSELF["Temporary"])
ASKED = _("The accountant decides what it is in Xero, and which tax it contains")
DEFAULT_FOR = {"Income": "default_sales_account", "Expense": "default_purchase_account"}


@dataclass
class Row:
    """One row. `needed`: documents use it, so that unmapped it keeps them; `default` says what stands in for a mapping of its own."""

    kind: Kind
    key: Key
    detail: str = ""
    used: usage.Used = usage.Used(0, "0.00")
    needed: bool = False
    stored: Stored | None = None
    answer: Answer | None = None
    values: Values | None = None
    choices: str = ""
    every: str = ""
    default: Text = NONE
    changed: list[Text] = field(default_factory=list)

    @property
    def mapped(self) -> bool:
        """Whether something is chosen."""
        return self.stored is not None

    @property
    def open(self) -> bool:
        """Whether somebody has to choose: documents use it, nothing stands for it, and it is not what Xero keeps itself."""
        kept = isinstance(self.answer, Nothing) and self.answer.kept
        return self.needed and not self.mapped and not self.default and not kept

    @property
    def suggested(self) -> Suggestion | None:
        """What is suggested where nothing is mapped."""
        return self.answer if isinstance(self.answer, Suggestion) and not self.mapped and self.values else None

    @property
    def high(self) -> bool:
        """Whether it is accepted with all that are beyond doubt."""
        return bool(self.suggested and self.suggested.band == HIGH)


@dataclass
class Screen:
    """Everything that the rows of one connection are made from, each read once."""

    connection: str
    doc: Any
    books: Books
    lists: Offers
    choices: Choices

    @classmethod
    def of(cls, connection: str) -> Screen:
        """Throws where Xero's lists were never read."""
        doc, lists = frappe.get_doc(CONNECTION, connection), xero_lists.stored(connection)
        return cls(connection, doc, Books(connection, doc.company), lists, Choices(connection, lists, doc.base_currency or ""))

    @cached_property
    def xero_accounts(self) -> list[XeroAccount]:
        """Xero's chart."""
        return [XeroAccount.listed(each) for each in self.lists["accounts"]]

    @cached_property
    def changed(self) -> dict[tuple[str, str, str], list[Text]]:
        """What Xero speaks against, by DocType, name and field."""
        found: dict[tuple[str, str, str], list[Text]] = {}
        for each in changed_in_xero.found(self.connection):
            found.setdefault((each.doctype, each.name, each.field), []).append(each.said)
        return found

    def rows(self, kind: str) -> list[Row]:
        """All rows of a kind: those that need a choice first, then by what is moved on them."""
        found = MAKERS[kind](self)
        for row in found:
            if row.stored:
                at = (row.kind.doctype, row.stored.name, row.key[0] if kind == DEFAULTS else "")
                row.changed = self.changed.get(at, [])
        if kind == DEFAULTS:
            return found
        return sorted(found, key=lambda row: (not row.open, -row.used.documents, row.key))

    def suggestion(self, row: Row) -> Values | None:
        """The values that a row's suggestion stands for; None where its DocType would not offer them."""
        if not isinstance(row.answer, Suggestion):
            return None
        target = self._option(row.answer.target) if row.kind.name == TRACKING else row.answer.target
        return next((each["values"] for each in self.choices.named.get(row.choices, ()) if each["id"] == target), None)

    def _option(self, option_id: str) -> str:
        for category in self.lists["tracking"]:
            for name, known in (category.get("OptionIDs") or {}).items():
                if known == option_id:
                    return json.dumps([category["Name"], name])
        return ""


def _accounts(screen: Screen) -> list[Row]:
    kind, used, mapped = KINDS[ACCOUNTS], usage.accounts(screen.books.company), KINDS[ACCOUNTS].stored(screen.connection)
    hosts = {name: each for name, each in screen.books.accounts.items() if each.account_type not in MONEY_TYPES or (name,) in mapped}
    answers = of_accounts.suggest(hosts.values(), screen.xero_accounts, {key[0] for key in mapped})
    found = []
    for name, host in hosts.items():
        now = used.get(name, usage.Used(0, "0.00"))
        row = Row(kind, (name,), _root(host.root_type), now, stored=mapped.get((name,)), answer=answers.get(name))
        waits = screen.books.waits(causes.ACCOUNT, name)
        itself = isinstance(row.answer, Nothing) and row.answer.reason in NOT_NEEDED
        row.needed = waits or (bool(row.used.documents) and not itself)
        other = bool(row.stored and row.stored.values["other_class"])
        row.choices, row.every = screen.choices.of_account(host, other), screen.choices.of_account(host, True)
        default = DEFAULT_FOR.get(host.root_type, "")
        if default and screen.doc.get(default) and not row.mapped:
            row.default = _("{label}: {account}").format(
                label=FIELDS[default][0], account=screen.choices.named_account(screen.doc.get(default))
            )
        row.values = screen.suggestion(row)
        found.append(row)
    return found


def _root(root_type: str) -> str:
    return in_words(term(root_type)) if root_type else ""


def _taxes(screen: Screen) -> list[Row]:
    kind, mapped = KINDS[TAXES], KINDS[TAXES].stored(screen.connection)
    types = [tax_types.listed(each) for each in screen.lists["tax_rates"]]
    rows: dict[Key, Row] = {key: Row(kind, key, stored=each) for key, each in mapped.items()}
    words: dict[Key, tuple[str, ...]] = {}
    for each in usage.taxes(screen.books.company):
        # Capital goods have a row of their own only where Xero tells them apart.
        told = each.account_class and tax_types.for_capital(types, each.direction, of_amounts=False)
        key = (each.direction, each.tax, each.template, each.account_class if told else "")
        row = rows.setdefault(key, Row(kind, key))
        row.used, row.needed = usage.add(row.used, each.documents, each.amount), True
        words[key] = (*words.get(key, ()), *each.words)
    offered = [choice["value"] for choice in screen.choices.offered["host_taxes"]]
    for journal in journal_taxes.found(usage.journals(screen.books.company), {*offered, *(key[1] for key in rows)}):
        row = rows.setdefault(key := (journal.direction, journal.tax, "", ""), Row(kind, key))
        row.used, row.needed = usage.add(row.used, journal.documents, journal.amount), True
    for direction, tax in screen.books.waiting_taxes:
        if not any(key[:2] == (direction, tax) and row.used.documents for key, row in rows.items()):
            rows.setdefault((direction, tax, "", ""), Row(kind, (direction, tax, "", ""))).needed = True
    for value in offered:
        for direction in usage.SIDES:
            key = (direction, value, "", "")
            if not any(known[:2] == key[:2] for known in rows):
                rows[key] = Row(kind, key)
    asked: dict[HostTax, Key] = {}
    for place in rows:
        direction, tax, template, account_class = place
        asked[HostTax(direction, tax, template, account_class, tuple(sorted(set(words.get(place, ())))))] = place
    done, country = [host for host, key in asked.items() if key in mapped], screen.doc.country_code or ""
    answers = of_taxes.suggest(asked, screen.lists["tax_rates"], done, country)
    for host, place in asked.items():
        row = rows[place]
        row.answer, row.choices = answers.get(host), screen.choices.of_tax(place)
        row.values = screen.suggestion(row)
    return list(rows.values())


def _banks(screen: Screen) -> list[Row]:
    kind, mapped, company = KINDS[BANKS], KINDS[BANKS].stored(screen.connection), screen.books.company
    paid, ledger = usage.paid(company), usage.accounts(company)
    hosts = {
        name: each
        for name, each in screen.books.accounts.items()
        if each.account_type in MONEY_TYPES or name in paid or (name,) in mapped or screen.books.waits(causes.PAYMENT_ACCOUNT, name)
    }
    answers = of_banks.suggest(hosts.values(), screen.xero_accounts, screen.doc.base_currency or "", {key[0] for key in mapped})
    found = []
    for name, host in hosts.items():
        nothing = usage.Used(0, "0.00")
        used = ledger.get(name, nothing) if host.account_type in MONEY_TYPES else paid.get(name, nothing)
        row = Row(kind, (name,), host.currency, used, stored=mapped.get((name,)), answer=answers.get(name))
        row.needed = bool(used.documents) or screen.books.waits(causes.PAYMENT_ACCOUNT, name)
        # What is no bank or cash account here (a loan, points) is seldom a bank account in Xero.
        row.every = screen.choices.of_bank(host, True)
        row.choices = screen.choices.of_bank(host, False) if host.account_type in MONEY_TYPES else row.every
        default = screen.doc.default_payment_account
        if default and not row.mapped and any(each["id"] == default for each in screen.choices.named[row.every]):
            row.default = _("{label}: {account}").format(
                label=FIELDS["default_payment_account"][0], account=screen.choices.named_account(default)
            )
        row.values = screen.suggestion(row)
        found.append(row)
    return found


def _tracking(screen: Screen) -> list[Row]:
    kind, mapped, used = KINDS[TRACKING], KINDS[TRACKING].stored(screen.connection), usage.centres(screen.books.company)
    options = [
        TrackingOption(known or "", name, category["Name"])
        for category in screen.lists["tracking"]
        for name, known in (category.get("OptionIDs") or {}).items()
    ]
    answers = of_tracking.suggest(screen.books.centres.values(), options, {key[0] for key in mapped})
    found = []
    for name in screen.books.centres:
        row = Row(kind, (name,), "", used.get(name, usage.Used(0, "0.00")), stored=mapped.get((name,)), answer=answers.get(name))
        # An organisation without tracking has nothing to choose from.
        row.needed = screen.books.waits(causes.TRACKING, name) or bool(row.used.documents and options and _holds(screen))
        row.choices = row.every = screen.choices.of_centre()
        row.values = screen.suggestion(row)
        found.append(row)
    return found


def _holds(screen: Screen) -> bool:
    return bool((screen.doc.get("missing_tracking") or "Hold") == "Hold")


def _fees(screen: Screen) -> list[Row]:
    kind, mapped, used = KINDS[FEES], KINDS[FEES].stored(screen.connection), usage.deducted(screen.books.company)
    waited = screen.books.waited_for.get(causes.DEDUCTION, set())
    names = sorted({*used, *(key[0] for key in mapped), *waited} & screen.books.accounts.keys())
    screen.choices.of_fees()
    return [
        Row(
            kind,
            (name,),
            _root(screen.books.accounts[name].root_type),
            used.get(name, usage.Used(0, "0.00")),
            bool(name in used or name in waited),
            mapped.get((name,)),
            Nothing(ASKED),
        )
        for name in names
    ]


def _defaults(screen: Screen) -> list[Row]:
    kind, mapped = KINDS[DEFAULTS], KINDS[DEFAULTS].stored(screen.connection)
    answers = of_defaults.suggest(
        screen.xero_accounts, screen.lists["tax_rates"], screen.doc.country_code or "", screen.doc.base_currency or ""
    )
    found = []
    for name in FIELDS:
        row = Row(kind, (name,), needed=name in NEEDED_FIELDS, stored=mapped.get((name,)), answer=answers[name])
        row.choices = row.every = screen.choices.of_field(name)
        row.values = screen.suggestion(row)
        found.append(row)
    return found


MAKERS = {ACCOUNTS: _accounts, TAXES: _taxes, BANKS: _banks, TRACKING: _tracking, FEES: _fees, DEFAULTS: _defaults}
