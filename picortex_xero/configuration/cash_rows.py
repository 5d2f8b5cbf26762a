"""What becomes of cash without a document, by account, as rows of the file, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _

from ..connection import cash_choices
from ..engine.cash_summaries import CHOICE, SUMMARISE
from ..engine.screen_texts import in_words
from ..mapping_screen import saving
from . import names
from .file import Row
from .mapped import Books, called, tax_ref

ACCOUNTS = ("account", "received_account", "paid_account")
# The group of its lines in a comparison.
CASH = "cash"
# Of the file, and of the row that is stored.
TAXES = {"received_xero_tax": "received_tax_type", "paid_xero_tax": "paid_tax_type"}
FIELDS = {*ACCOUNTS, *TAXES, "choice", "from_date"}
Values = dict[str, str]


@dataclass(frozen=True)
class Choice:
    """One row of the file as it is here: what to choose for which account, or why that cannot be."""

    account: str
    values: Values
    why_not: str = ""


def rows(books: Books) -> list[Row]:
    """One row for every account for which something was chosen, by name."""
    return [_row(books, account, values) for account, values in stored(books.connection).items()]


def _row(books: Books, account: str, values: Values) -> Row:
    chosen = {"account": account, **values}
    refs = {field: books.masters.ref("Account", chosen[field]) if chosen[field] else {} for field in ACCOUNTS}
    said = {"choice": chosen["choice"], "from_date": chosen["from_date"]}
    return {**refs, **said, **{name: tax_ref(books, chosen[field]) for name, field in TAXES.items()}}


def stored(connection: str) -> dict[str, Values]:
    """By account what is chosen here."""
    fields = ("choice", *cash_choices.BOOKED)
    return {row["account"]: {field: row[field] for field in fields} for row in cash_choices.shown(connection)}


def are_sound(rows: list[Row]) -> bool:
    """Whether an export can have written these rows."""
    return all(_is_sound(row) for row in rows)


def _is_sound(row: Row) -> bool:
    refs = all(isinstance(row.get(field), dict) for field in (*ACCOUNTS, *TAXES))
    return set(row) == FIELDS and refs and row["choice"] in cash_choices.CHOICES and _is_day_or_nothing(row["from_date"])


def _is_day_or_nothing(value: Any) -> bool:
    try:
        return isinstance(value, str) and (not value or bool(date.fromisoformat(value)))
    except ValueError:
        return False


def taken(books: Books, row: Row, same: bool) -> Choice:
    """What a sound row of the file is here. `same`: the file is of this organisation."""
    found = {field: books.masters.find("Account", row[field]) if row[field] else "" for field in ACCOUNTS}
    label = found["account"] or str(row["account"].get("name") or "")
    if missing := next((row[field] for field in ACCOUNTS if row[field] and not found[field]), None):
        return Choice(label, {}, str(_("{0} does not have {1}")).format(books.company, str(missing.get("name") or "")))
    taxes = {name: names.xero_tax(books.offered["tax_rates"], row[name], same) if row[name] else {} for name in TAXES}
    if lacking := next((row[name] for name, tax in taxes.items() if tax is None), None):
        return Choice(label, {}, str(_("{0} in Xero does not have {1}")).format(books.company, called(lacking)))
    booked = {field: found[field] for field in ("received_account", "paid_account")}
    booked |= {TAXES[name]: str((tax or {}).get("TaxType") or "") for name, tax in taxes.items()}
    return Choice(label, {"choice": row["choice"], "from_date": row["from_date"], **booked})


def in_one_line(account: str, values: Values | None) -> str:
    """A choice as people read it; "" where nothing is chosen."""
    if not values:
        return ""
    return in_words(cash_choices.said(frappe.get_doc({"doctype": CHOICE, "account": account, **values})))


def take(books: Books, rows: list[Row], same: bool, left_out: list[tuple[str, str, str]]) -> int:
    """Save what differs, each through its DocType's own checks; how many choices that was. `left_out` gets group, what and why."""
    here, saved = stored(books.connection), 0
    for choice in (taken(books, row, same) for row in rows):
        if choice.why_not:
            left_out.append((CASH, choice.account, choice.why_not))
            continue
        if here.get(choice.account) == choice.values or (choice.values["choice"] != SUMMARISE and choice.account not in here):
            continue
        frappe.db.savepoint(saving.ROW)
        try:
            cash_choices.save(books.connection, choice.account, choice.values)
            saved += 1
        except frappe.ValidationError as refusal:
            frappe.db.rollback(save_point=saving.ROW)
            frappe.clear_messages()
            left_out.append((CASH, choice.account, saving.plain_words(str(refusal))))
    return saved
