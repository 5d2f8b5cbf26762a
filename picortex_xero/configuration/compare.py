"""What differs between a file and here, setting by setting and mapping by mapping, in words; and what of the file cannot be matched here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _

from ..engine.screen_texts import shown
from ..mapping_screen.kinds import ACCOUNTS, BANKS, FEES, KINDS, TAXES, TRACKING
from . import bank_import, cash_rows, mapped, rules_rows, settings_rows, sync_settings_rows
from .cash_rows import CASH
from .checks import Told
from .file import BANK_MEMORY, BANK_RULES, BANK_SETTING, Row
from .mapped import Books, Taken
from .rule_values import Origin
from .settings_rows import Setting

DIFFERS, ONLY_IN_FILE, ONLY_HERE, NOT_MATCHED = "differs", "only in the file", "only here", "not matched"
SETTINGS, PEOPLE, SYNC_SETTINGS, RULES = "settings", "people", "sync settings", "rules"


@dataclass
class Content:
    """What of a file is small enough to be held: all but its ties, which are counted."""

    told: Told = field(default_factory=Told)
    settings: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    mappings: list[Row] = field(default_factory=list)
    sync_settings: list[Row] = field(default_factory=list)
    rules: list[Row] = field(default_factory=list)
    rule_conditions: list[Row] = field(default_factory=list)
    cash_choices: list[Row] = field(default_factory=list)
    bank_setting: list[Row] = field(default_factory=list)
    bank_rules: list[Row] = field(default_factory=list)
    bank_memory: list[Row] = field(default_factory=list)
    connections: list[Row] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)

    @property
    def of_bank(self) -> dict[str, list[Row]]:
        """How bank lines are matched and categorised, by section."""
        return {section: getattr(self, section) for section in bank_import.SECTIONS}

    @property
    def has_rules(self) -> bool:
        """Whether it says which rules there are: a file of the first form says nothing of them, one without rules has sync settings."""
        return bool(self.sync_settings)


@dataclass(frozen=True)
class Difference:
    """One line of the comparison: `group` (settings, or a kind of mapping), what it is about, its value here and in the file, and `state`."""

    group: str
    what: str
    here: str
    there: str
    state: str

    def shown(self) -> dict[str, str]:
        """For the screen."""
        return {
            "group": _groups()[self.group],
            "what": self.what,
            "here": self.here,
            "there": self.there,
            "state": self.state,
            "said": _states()[self.state],
        }


def group(name: str) -> str:
    """What a group is called."""
    return _groups()[name]


def _groups() -> dict[str, str]:
    return {
        SETTINGS: str(_("Settings")),
        PEOPLE: str(_("Who is told")),
        ACCOUNTS: str(_("Accounts")),
        TAXES: str(_("Taxes")),
        BANKS: str(_("Bank and Payment Accounts")),
        TRACKING: str(_("Tracking")),
        FEES: str(_("Fees, Discounts and Write-offs")),
        SYNC_SETTINGS: str(_("Sync Settings")),
        RULES: str(_("Rules")),
        CASH: str(_("Cash Without a Document")),
        BANK_SETTING: str(_("Bank Matching")),
        BANK_RULES: str(_("Xero Bank Rules")),
        BANK_MEMORY: str(_("What Is Known of Payees")),
    }


def _states() -> dict[str, str]:
    return {
        DIFFERS: str(_("Differs")),
        ONLY_IN_FILE: str(_("Only in the file")),
        ONLY_HERE: str(_("Only here")),
        NOT_MATCHED: str(_("Left out")),
    }


def differences(books: Books, content: Content) -> list[Difference]:
    """Every difference, settings first, then by kind of mapping, then sync settings and rules."""
    same = content.told.same_organisation(books.connection)
    doc = frappe.get_doc(settings_rows.CONNECTION, books.connection)
    found = [each for row in content.settings for each in _of_setting(books, doc, settings_rows.taken(books, row, same))]
    found += _of_people(doc, content.people)
    taken = [mapped.taken(books, row, same) for row in content.mappings]
    for name in mapped.IN_FILE:
        found += _of_kind(books, name, [each for each in taken if each.kind.name == name])
    return found + _of_sync_settings(books, content) + _of_rules(books, content) + _of_cash(books, content, same) + _of_bank(books, content)


def _of_setting(books: Books, doc: Any, setting: Setting) -> list[Difference]:
    if setting.why_not:
        here = settings_rows.in_words(books, setting.field, doc.get(setting.field)) if setting.field in settings_rows.IN_FILE else ""
        return [Difference(SETTINGS, setting.label, here, setting.why_not, NOT_MATCHED)]
    if same_value(doc.get(setting.field), setting.value):
        return []
    here, there = (settings_rows.in_words(books, setting.field, value) for value in (doc.get(setting.field), setting.value))
    return [Difference(SETTINGS, setting.label, here, there, DIFFERS)]


def same_value(here: Any, there: Any) -> bool:
    """Whether a field has this value: empty is empty, and 1 is "1"."""
    return str("" if here is None else here) == str("" if there is None else there)


def _of_people(doc: Any, people: list[Row]) -> list[Difference]:
    here = {row.user: row.how for row in doc.get(settings_rows.PEOPLE_FIELD) or []}
    there = {str(row.get("user")): str(row.get("how")) for row in people}
    found = []
    for user in sorted({*here, *there}):
        if here.get(user) == there.get(user):
            continue
        if user in there and not frappe.db.exists("User", user):
            found.append(Difference(PEOPLE, user, "", str(_("There is no such user here")), NOT_MATCHED))
            continue
        state = ONLY_HERE if user not in there else DIFFERS if user in here else ONLY_IN_FILE
        found.append(Difference(PEOPLE, user, str(_(here.get(user, ""))), str(_(there.get(user, ""))), state))
    return found


def _of_kind(books: Books, name: str, taken: list[Taken]) -> list[Difference]:
    kind, found = KINDS[name], []
    here, named = kind.stored(books.connection), set()
    for each in taken:
        if each.entry is None:
            found.append(Difference(name, each.label, "", each.why_not, NOT_MATCHED))
            continue
        named.add(each.entry.key)
        stored = here.get(each.entry.key)
        if stored and all(same_value(stored.values.get(field), value) for field, value in (each.entry.values or {}).items()):
            continue
        now, there = (mapped.in_words(books, kind, values) for values in (stored.values if stored else None, each.entry.values))
        found.append(Difference(name, each.label, now, there, DIFFERS if stored else ONLY_IN_FILE))
    for key in sorted(set(here) - named):
        found.append(Difference(name, kind.label(key), mapped.in_words(books, kind, here[key].values), "", ONLY_HERE))
    return found


def origin(books: Books, content: Content) -> Origin:
    """Where the file comes from."""
    company = content.told.about.get("company") or {}
    name = str(company.get("name") or "")
    same = name == books.company and content.told.same_organisation(books.connection)
    return Origin(name, str(company.get("abbr") or ""), same)


def _of_sync_settings(books: Books, content: Content) -> list[Difference]:
    here, found = sync_settings_rows.stored(books.connection), []
    for row in content.sync_settings:
        now, there = here[row["kind"]], sync_settings_rows.values_of(row)
        if now != there:
            told, said = (sync_settings_rows.said(values) for values in (now, there))
            found.append(Difference(SYNC_SETTINGS, sync_settings_rows.label(row["kind"]), told, said, DIFFERS))
    return found


def _of_rules(books: Books, content: Content) -> list[Difference]:
    if not content.has_rules:
        return []
    there = rules_rows.taken(books, origin(books, content), content.rules, content.rule_conditions)
    stored = rules_rows.stored(books.connection)
    here, found = {rule.key: rule for rule in stored.values()}, []
    for rule in there:
        now = here.get(rule.key)
        if now and now.content == rule.content:
            continue
        told = now.said() if now else ""
        if rule.why_not:
            found.append(Difference(RULES, rule.title, told, rule.why_not, NOT_MATCHED))
        else:
            found.append(Difference(RULES, rule.title, told, rule.said(), DIFFERS if now else ONLY_IN_FILE))
    named = {rule.key for rule in there}
    found += [Difference(RULES, rule.title, rule.said(), "", ONLY_HERE) for key, rule in here.items() if key not in named]
    mine, theirs = (", ".join(rule.title for rule in rules if rule.key in named & set(here)) for rules in (here.values(), there))
    if mine.casefold() != theirs.casefold():
        found.append(Difference(RULES, str(_("Order of the rules")), mine, theirs, DIFFERS))
    return found


def _of_cash(books: Books, content: Content, same: bool) -> list[Difference]:
    here, found, named = cash_rows.stored(books.connection), [], set()
    for choice in (cash_rows.taken(books, row, same) for row in content.cash_choices):
        named.add(choice.account)
        told = cash_rows.in_one_line(choice.account, here.get(choice.account))
        if choice.why_not:
            found.append(Difference(CASH, choice.account, told, choice.why_not, NOT_MATCHED))
        elif here.get(choice.account) != choice.values:
            there = cash_rows.in_one_line(choice.account, choice.values)
            found.append(Difference(CASH, choice.account, told, there, DIFFERS if told else ONLY_IN_FILE))
    if content.cash_choices:
        found += [Difference(CASH, each, cash_rows.in_one_line(each, here[each]), "", ONLY_HERE) for each in here if each not in named]
    return found


def _of_bank(books: Books, content: Content) -> list[Difference]:
    return [
        Difference(
            each.section,
            each.what,
            each.here or "",
            each.why_not or each.there or "",
            NOT_MATCHED if each.why_not else ONLY_HERE if each.there is None else ONLY_IN_FILE if each.here is None else DIFFERS,
        )
        for each in bank_import.differences(books, origin(books, content), content.of_bank)
    ]


def about(content: Content) -> dict[str, Any]:
    """What a person is told of the file first."""
    said = content.told.about
    company, organisation = said.get("company") or {}, said.get("organisation") or {}
    return {
        "exported_at": str(said.get("exported_at") or ""),
        "company": shown(str(company.get("name") or "")),
        "organisation": str(organisation.get("name") or ""),
        "ties": bool(said.get("ties")),
        "links": content.counted.get("links", 0),
        "steps": content.counted.get("steps", 0),
    }
