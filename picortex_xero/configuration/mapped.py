"""Mappings as rows of the file, and rows of the file as mappings of this company and this organisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import frappe
from frappe import _

from ..accounting import bank_feeds
from ..accounting.mapping import IN_BOTH, ONLY_HERE, ONLY_THERE
from ..connection import xero_lists
from ..engine.screen_texts import shown
from ..mapping_screen.kinds import ACCOUNTS, BANKS, FEES, KINDS, TAXES, TRACKING, Key, Kind, Stored, Values
from ..mapping_screen.saving import UNSEEN, Entry
from . import names
from .file import Row
from .names import Masters, Ref

# In this order in the file.
IN_FILE = (ACCOUNTS, TAXES, BANKS, TRACKING, FEES)
# By DocType the fields that hold a master's name without the abbreviation, and its number.
MASTERS = {
    "Account": ("account_name", "account_number"),
    "Cost Center": ("cost_center_name", "cost_center_number"),
    "Item Tax Template": ("title", ""),
}
# Of what a mapping is about, which DocType it is, and what the file calls it.
ABOUT = {"account": "Account", "cost_center": "Cost Center", "item_tax_template": "Item Tax Template"}


@dataclass
class Books:
    """One connection's company and organisation, as the file's rows are matched with them."""

    connection: str
    company: str

    @cached_property
    def masters(self) -> Masters:
        """Accounts, cost centres and item tax templates of the company."""
        found: dict[str, list[Ref]] = {}
        for doctype, (title, number) in MASTERS.items():
            fields = ["name", title, *([number] if number else [])]
            rows = frappe.get_all(doctype, filters={"company": self.company}, fields=fields, order_by="name asc")
            found[doctype] = [_ref(row, title, number) for row in rows]
        return Masters(found)

    @cached_property
    def offered(self) -> xero_lists.Offers:
        """Xero's lists as last read. Throws where they never were."""
        return xero_lists.stored(self.connection)

    @cached_property
    def accounts_of_xero(self) -> list[Ref]:
        """Xero's accounts that are not archived."""
        return [each for each in self.offered["accounts"] if each["Status"] == "ACTIVE"]

    def account_by(self, value: Any, field: str) -> Ref | None:
        """Xero's account with this code or id."""
        return next((each for each in self.offered["accounts"] if value and each[field] == value), None)


@dataclass(frozen=True)
class Taken:
    """What a row of the file is here: the mapping to save, or why there is none. `row` is the file's, `label` what people call it."""

    kind: Kind
    row: Row
    label: str
    entry: Entry | None
    why_not: str = ""


def _ref(row: Any, title: str, number: str) -> Ref:
    said = {"name": row["name"], "title": row[title] or "", "number": (row[number] if number else "") or ""}
    return {field: value for field, value in said.items() if value}


def rows(books: Books, identities: bool = False) -> list[Row]:
    """Every mapping of the connection as rows of the file, kind by kind, by name. `identities`: with what a fee's contact is known by."""
    found = []
    for name in IN_FILE:
        kind = KINDS[name]
        for key, stored in sorted(kind.stored(books.connection).items()):
            found.append(_written(books, kind, key, stored, identities))
    return found


def _written(books: Books, kind: Kind, key: Key, stored: Stored, identities: bool) -> Row:
    row: Row = {"mapping": kind.name}
    for field, value in zip(kind.key_fields, key):
        row[field] = books.masters.ref(ABOUT[field], value) if field in ABOUT and value else value
    if kind.name == TAXES:
        named = names.taxes_accounts(key[1], [each["name"] for each in books.masters.of["Account"]])
        row["tax_accounts"] = [books.masters.ref("Account", each) for each in named]
    values = stored.values
    if kind.name == ACCOUNTS:
        row["xero_account"] = account_ref(books, values["xero_account_code"], "Code")
        row["another_class_on_purpose"] = values["other_class"]
    elif kind.name == BANKS:
        row["xero_account"] = account_ref(books, values["xero_account_id"], "AccountID")
        row["payments_entered"] = values["payments_entered"]
        row["bank_feed"] = values.get("bank_feed", "")
    elif kind.name == TRACKING:
        row["xero_tracking"] = _option(books, values["tracking_category"], values["tracking_option"])
    else:
        row["xero_tax"] = tax_ref(books, values["tax_type"])
    if kind.name == FEES:
        row |= {"treatment": values["treatment"], "contact": values["contact_name"]}
        row["xero_clearing_account"] = account_ref(books, values["clearing_account"], "AccountID")
    if kind.rated:
        row["rate_when_chosen"] = stored.rate
    if kind.mark and values.get(kind.mark):
        row[kind.mark] = 1
    if identities and kind.name == FEES:
        row["known_as"] = [stored.name, str(frappe.db.get_value(kind.doctype, stored.name, "creation"))]
    return row


def account_ref(books: Books, value: str, by: str) -> Ref:
    """What the file says of an account of Xero's, whatever became of it there."""
    found = books.account_by(value, by)
    if found is None:
        return {"code" if by == "Code" else "id": value} if value else {}
    return {"id": found["AccountID"], "code": found["Code"], "name": found["Name"]}


def tax_ref(books: Books, tax_type: str) -> Ref:
    found = next((each for each in books.offered["tax_rates"] if each["TaxType"] == tax_type), None)
    if found is None:
        return {"type": tax_type} if tax_type else {}
    return {"type": tax_type, "name": found["Name"], "rate": str(found["EffectiveRate"])}


def _option(books: Books, category: str, option: str) -> Ref:
    said: Ref = {"category": category, "option": option}
    found = next((each for each in books.offered["tracking"] if each["Name"] == category), None)
    if found:
        said |= {"category_id": found["CategoryID"], "option_id": (found.get("OptionIDs") or {}).get(option)}
    return {field: value for field, value in said.items() if value}


def taken(books: Books, row: Row, same: bool) -> Taken:
    """What a row of the file is here. `same`: the file is of this organisation. Throws nothing: what cannot be matched says why."""
    kind = KINDS[row["mapping"]]
    key, missing = _key(books, kind, row)
    label = kind.label(tuple(str(part) for part in key))
    if missing:
        return Taken(kind, row, label, None, str(_("{0} does not have {1}")).format(books.company, missing))
    values, lacking = _values(books, kind, row, same)
    if values is None:
        organisation = shown(frappe.db.get_value("Xero Connection", books.connection, "organisation_name"))
        return Taken(kind, row, label, None, str(_("{0} in Xero does not have {1}")).format(organisation, lacking))
    return Taken(kind, row, label, Entry(kind, tuple(key), values, UNSEEN))


def _key(books: Books, kind: Kind, row: Row) -> tuple[list[str], str]:
    """The key here, and what of it this company does not have."""
    key, missing = [], ""
    for field in kind.key_fields:
        said = row.get(field) or ""
        if field in ABOUT and isinstance(said, dict):
            found = books.masters.find(ABOUT[field], said)
            missing = missing or ("" if found else str(said.get("name") or ""))
            key.append(found or str(said.get("name") or ""))
        elif field == "tax":
            renamed = {str(each.get("name")): books.masters.find("Account", each) for each in _refs(row.get("tax_accounts"))}
            missing = missing or next((name for name, found in renamed.items() if not found), "")
            key.append(names.tax_key(str(said), {name: found or name for name, found in renamed.items()}))
        else:
            key.append(str(said))
    return key, missing


def _refs(value: Any) -> list[Ref]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _values(books: Books, kind: Kind, row: Row, same: bool) -> tuple[Values | None, str]:
    """The values here (None where Xero lacks something), and what it lacks."""
    values: Values = {}
    for field, said, found in _named(books, kind, row, same):
        if said and found is None:
            return None, called(said)
        values |= dict(zip(field.split(), found if isinstance(found, tuple) else (found or "",)))
    if kind.name == ACCOUNTS:
        values["other_class"] = int(row.get("another_class_on_purpose") == 1)
    if kind.name == BANKS and row.get("payments_entered") in (IN_BOTH, ONLY_HERE, ONLY_THERE):
        # A file from before there was this choice leaves it as it is.
        values["payments_entered"] = str(row["payments_entered"])
    if kind.name == BANKS and row.get("bank_feed") in bank_feeds.SAYS:
        values["bank_feed"] = str(row["bank_feed"])
    if kind.mark and row.get(kind.mark) == 1:
        values[kind.mark] = 1
    if kind.name == FEES:
        values |= {"treatment": str(row.get("treatment") or ""), "contact_name": str(row.get("contact") or "")}
    return values, ""


def _named(books: Books, kind: Kind, row: Row, same: bool) -> list[tuple[str, Ref, Any]]:
    """By field of the mapping what the file names, and what that is in this organisation."""

    def account(said: Ref, by: str) -> Any:
        found = names.xero_account(books.accounts_of_xero, said, same)
        return found[by] if found else None

    def tax(said: Ref) -> Any:
        found = names.xero_tax(books.offered["tax_rates"], said, same)
        return found["TaxType"] if found else None

    ref = {
        name: row[name] if isinstance(row.get(name), dict) else {}
        for name in ("xero_account", "xero_tax", "xero_tracking", "xero_clearing_account")
    }
    if kind.name == ACCOUNTS:
        return [("xero_account_code", ref["xero_account"], account(ref["xero_account"], "Code") or None)]
    if kind.name == BANKS:
        return [("xero_account_id", ref["xero_account"], account(ref["xero_account"], "AccountID"))]
    if kind.name == TRACKING:
        return [
            (
                "tracking_category tracking_option",
                ref["xero_tracking"],
                names.xero_option(books.offered["tracking"], ref["xero_tracking"], same),
            )
        ]
    of_tax = ("tax_type", ref["xero_tax"], tax(ref["xero_tax"]))
    through = ref["xero_clearing_account"]
    return [of_tax, ("clearing_account", through, account(through, "AccountID"))] if kind.name == FEES else [of_tax]


def called(said: Ref) -> str:
    """What people call a record of Xero's that the file names."""
    told = [str(said[name]) for name in ("code", "category", "option", "name", "type") if said.get(name)]
    return " ".join(told) or str(said.get("id") or "")


def in_words(books: Books, kind: Kind, values: Values | None) -> str:
    """A mapping's values as people read them."""
    if values is None:
        return ""
    if kind.mark and values.get(kind.mark):
        return f"{in_words(books, kind, {**values, kind.mark: 0})} ({_('Takes What Comes Back')})"
    if kind.name == TRACKING:
        return f"{values['tracking_category']}: {values['tracking_option']}"
    if kind.name == ACCOUNTS:
        purpose = f" ({_('Another Class on Purpose')})" if values["other_class"] else ""
        return called(account_ref(books, values["xero_account_code"], "Code")) + purpose
    if kind.name == BANKS:
        entered = str(values.get("payments_entered") or IN_BOTH)
        where = "" if entered == IN_BOTH else f" ({_('Payments Are Entered')}: {_(entered)})"
        where += f" ({_('Bank Feed Is')}: {_(values['bank_feed'])})" if values.get("bank_feed") else ""
        return called(account_ref(books, values["xero_account_id"], "AccountID")) + where
    told = called({**tax_ref(books, values["tax_type"]), "type": ""}) or str(values["tax_type"] or "")
    if kind.name == TAXES:
        return told
    through = called(account_ref(books, values["clearing_account"], "AccountID"))
    return ", ".join(part for part in (str(_(values["treatment"])), told, through, str(values["contact_name"] or "")) if part)
