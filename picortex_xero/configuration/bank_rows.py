"""How a company's bank lines are matched and categorised, as rows of the file, and rows of the file as they are here: its choices, its rules, and what people said of payees.

What was only counted of payees (state Learned) is no choice of anybody: it is counted anew from the vouchers of whichever company the file comes to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made_by
from typing import Any

import frappe
from frappe import _

from ..accounting.money import decimal, plain
from ..banking.memory import ALWAYS, FORGOTTEN
from ..banking.payees import same
from ..documents.rules.conditions import folded
from ..reconciling import codings, kept_rules
from ..reconciling.rows import ENTERED, MEMORY, OFF, PAYING, RULE, SETTING
from . import rule_values
from .file import Row
from .mapped import Books
from .names import Ref
from .rule_values import Origin

BANK, EMPLOYEE = "Bank Account", "Employee"
# What a column holds: one of some words, a text, 0 or 1, a whole number, an amount (as text), or what the file says of a record.
YES_NO, WHOLE, AMOUNT, TEXT = "yes or no", "whole", "amount", "text"
LONGEST = 2_000
FIGURE = re.compile(r"\d{1,18}(\.\d{1,9})?", re.ASCII)
Kind = str | tuple[str, ...]
Values = dict[str, Any]
# The columns of each table in the order of the file; what is not here is in LEFT_OUT, and a test holds both to the DocTypes.
CHOICES: dict[str, Kind] = {
    "enabled": YES_NO,
    "automatic": (OFF, ENTERED, PAYING),
    "automatic_from": WHOLE,
    "leave_drafts": YES_NO,
    "submit_categorised": YES_NO,
    "cents": AMOUNT,
    "write_off_up_to": AMOUNT,
    "write_off_account": "Account",
    "fee_account": "Account",
    "discount_account": "Account",
    "cost_center": "Cost Center",
}
CODING: dict[str, Kind] = {
    "entry": codings.ENTRIES,
    "account": "Account",
    "tax_doctype": ("", *codings.TEMPLATES),
    "tax_template": "tax_doctype",
    "cost_center": "Cost Center",
    "party_type": ("", *codings.PARTY_TYPES),
    "party": "party_type",
}
OF_RULE: dict[str, Kind] = {
    "title": TEXT,
    "enabled": YES_NO,
    "bank_account": BANK,
    "direction": (kept_rules.BOTH, kept_rules.IN, kept_rules.OUT),
    "text_contains": TEXT,
    "payee_contains": TEXT,
    "least_amount": AMOUNT,
    "most_amount": AMOUNT,
    **CODING,
}
OF_MEMORY: dict[str, Kind] = {"payee": TEXT, "direction": (kept_rules.IN, kept_rules.OUT), "state": (ALWAYS, FORGOTTEN), **CODING}
COLUMNS = {SETTING: CHOICES, RULE: OF_RULE, MEMORY: OF_MEMORY}
# A rule's place follows from the order of the file; the rest is counted or noted by the app.
LEFT_OUT = {
    SETTING: {"company", "looked_at", "busy_until", "looked_at_stamp"},
    RULE: {"company", "place"},
    MEMORY: {"company", "times", "last_day", "seen_in"},
}
_ORDER = {SETTING: "creation asc", RULE: "place asc, creation asc, name asc", MEMORY: "payee asc, direction asc, name asc"}
_SAID_BY_PEOPLE = {MEMORY: {"state": ("in", (ALWAYS, FORGOTTEN))}}


@dataclass(frozen=True)
class Kept:
    """One row as it is here, or would be: `name` of the row that is here (""), what it is known by, and its columns. `missing`: by column, why what the file names there is not here."""

    doctype: str
    values: Values
    name: str = ""
    missing: Mapping[str, str] = made_by(default_factory=dict)
    nth: int = 0

    @property
    def why_not(self) -> str:
        """Why a row of the file cannot be so here."""
        return next(iter(self.missing.values()), "")

    @property
    def key(self) -> tuple[Any, ...]:
        """What it is known by: a company has one set of choices; a rule its title, of several the first, the second and so on; a payee by what is done with it."""
        if self.doctype == RULE:
            return (folded(str(self.values["title"])), self.nth)
        if self.doctype == MEMORY:
            return (same(str(self.values["payee"])), self.values["direction"], *(self.values[field] for field in CODING))
        return ()

    @property
    def called(self) -> str:
        """What it is called."""
        return str(self.values["title"] if self.doctype == RULE else self.values["payee"] if self.doctype == MEMORY else self.doctype)

    def said(self) -> str:
        """Its columns as people read them, without what is empty."""
        return ", ".join(
            f"{label(self.doctype, field)}: {in_words(self.doctype, field, value)}"
            for field, value in self.values.items()
            if value not in ("", 0, "0") and field not in ("title", "payee", "tax_doctype", "party_type")
        )


def label(doctype: str, field: str) -> str:
    """What a column is called."""
    return str(_(str(frappe.get_meta(doctype).get_field(field).label)))


def in_words(doctype: str, field: str, value: Any) -> str:
    """A column's value as people read it."""
    kind = COLUMNS[doctype][field]
    if kind == YES_NO:
        return str(_("Yes") if value else _("No"))
    return str(_(value)) if isinstance(kind, tuple) and value else str(value).replace("\n", " | ")


def stored(doctype: str, company: str) -> list[Kept]:
    """What is here, in its order."""
    filters = {"company": company, **_SAID_BY_PEOPLE.get(doctype, {})}
    rows = frappe.get_all(doctype, filters=filters, fields=["name", *COLUMNS[doctype]], order_by=_ORDER[doctype])
    return _numbered([Kept(doctype, _values(doctype, row), str(row["name"])) for row in rows])


def _values(doctype: str, row: Mapping[str, Any]) -> Values:
    found: Values = {}
    for field, kind in COLUMNS[doctype].items():
        value = row[field]
        if kind in (YES_NO, WHOLE):
            found[field] = int(value or 0)
        elif kind == AMOUNT:
            found[field] = f"{plain(decimal(value)):f}"
        else:
            found[field] = str(value or "")
    return found


def _numbered(found: list[Kept]) -> list[Kept]:
    """Each under a key of its own."""
    seen: dict[tuple[Any, ...], int] = {}
    numbered = []
    for each in found:
        nth = seen[each.key] = seen.get(each.key, -1) + 1
        numbered.append(replace(each, nth=nth))
    return numbered


def rows(books: Books, doctype: str) -> list[Row]:
    """The rows of the file."""
    return [_written(books, doctype, each.values) for each in stored(doctype, books.company)]


def _written(books: Books, doctype: str, values: Values) -> Row:
    return {
        field: ref(books, of, values[field]) if (of := _record(kind, values)) else values[field] for field, kind in COLUMNS[doctype].items()
    }


def _record(kind: Kind, values: Mapping[str, Any]) -> str:
    """Of which DocType a column names a record, by the columns beside it; "" where it names none."""
    if not isinstance(kind, str) or kind in (YES_NO, WHOLE, AMOUNT, TEXT):
        return ""
    return str(values.get(kind) or kind) if kind in CODING else kind


def ref(books: Books, doctype: str, name: str) -> Ref:
    """What the file says of a record; {} for none. A bank account is known by its ledger account, too, an employee by name."""
    if not name:
        return {}
    if doctype == BANK:
        return {"name": name, "account": books.masters.ref("Account", str(frappe.db.get_value(BANK, name, "account") or ""))}
    if doctype == EMPLOYEE:
        return {"name": name, "title": str(frappe.db.get_value(EMPLOYEE, name, "employee_name") or "")}
    return rule_values.refs(books, doctype, [name])[0]


def are_sound(doctype: str, found: list[Row]) -> bool:
    """Whether an export can have written these rows."""
    return all(_is_sound(COLUMNS[doctype], row) for row in found) and (doctype != SETTING or len(found) <= 1)


def _is_sound(columns: Mapping[str, Kind], row: Row) -> bool:
    return set(row) == set(columns) and all(_fits(kind, row[field], row) for field, kind in columns.items())


def _fits(kind: Kind, value: Any, row: Row) -> bool:
    if isinstance(kind, tuple):
        return isinstance(value, str) and value in kind
    if kind == YES_NO:
        return isinstance(value, int) and value in (0, 1)
    if kind == WHOLE:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000
    if kind == AMOUNT:
        return isinstance(value, str) and bool(FIGURE.fullmatch(value))
    if kind == TEXT:
        return isinstance(value, str) and len(value) <= LONGEST
    # A tax or a party without its kind is none.
    return isinstance(value, dict) and _is_ref(value) and (not value or kind not in CODING or bool(row[kind]))


def _is_ref(value: Ref) -> bool:
    texts = all(isinstance(value.get(field, ""), str) and len(value.get(field, "")) <= 255 for field in ("name", "title", "number"))
    return texts and (not value or bool(value.get("name"))) and isinstance(value.get("account", {}), dict)


def taken(books: Books, origin: Origin, doctype: str, found: list[Row]) -> list[Kept]:
    """What sound rows of the file are here."""
    return _numbered([_taken(books, origin, doctype, row) for row in found])


def _taken(books: Books, origin: Origin, doctype: str, row: Row) -> Kept:
    values, missing = dict(row), dict[str, str]()
    for field, kind in COLUMNS[doctype].items():
        of = _record(kind, row)
        if not of:
            continue
        values[field] = here(books, origin, of, row[field]) if row[field] else ""
        if row[field] and not values[field]:
            values[field] = str(row[field]["name"])
            missing[field] = str(_("{0} does not have {1}")).format(books.company, f"{_(of)} {row[field]['name']}")
    return Kept(doctype, values, missing=missing)


def here(books: Books, origin: Origin, doctype: str, said: Ref) -> str:
    """What a record of the file is called here; "" for one that is not here, or of which that is not certain."""
    if doctype == BANK:
        return _bank_account(books, said)
    if doctype == EMPLOYEE:
        return _employee(books, origin, said)
    return rule_values.found(books, origin, doctype, [said])[0]


def _bank_account(books: Books, said: Ref) -> str:
    ours = {"company": books.company, "is_company_account": 1}
    if frappe.get_all(BANK, filters={**ours, "name": said["name"]}, pluck="name"):
        return str(said["name"])
    ledger = books.masters.find("Account", said.get("account") or {})
    found = frappe.get_all(BANK, filters={**ours, "account": ledger}, pluck="name", limit=2) if ledger else []
    return str(found[0]) if len(found) == 1 else ""


def _employee(books: Books, origin: Origin, said: Ref) -> str:
    """Numbers of employees mean somebody else in another company."""
    if not frappe.db.exists("DocType", EMPLOYEE):
        return ""
    ours = {"company": books.company}
    if origin.same and frappe.get_all(EMPLOYEE, filters={**ours, "name": said["name"]}, pluck="name"):
        return str(said["name"])
    title = str(said.get("title") or "")
    found = frappe.get_all(EMPLOYEE, filters={**ours, "employee_name": title}, pluck="name", limit=2) if title else []
    return str(found[0]) if len(found) == 1 else ""
