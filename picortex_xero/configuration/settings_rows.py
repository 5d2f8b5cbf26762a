"""The settings of a connection as rows of the file, and back: what an admin chooses on the Xero Connection, field by field, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _

from ..mapping_screen.kinds import FIELDS
from . import names
from .file import Row
from .mapped import Books, account_ref, called, tax_ref

CONNECTION, PEOPLE_FIELD = "Xero Connection", "people_told"
# In the order of the form. A field that is added there is named here, or below with why it is not.
IN_FILE = (
    "target_status money changed_documents opening_documents missing_tracking default_sales_account default_purchase_account rounding_account "
    "no_tax_type default_payment_account accept_rates advance_account_sales advance_account_purchases clearing_account depreciation cash_basis "
    "journal_contact history_notes attach_invoice_pdf attach_credit_note_pdf attach_bill_files attach_debit_note_files attach_journal_files "
    "create_accounts create_tracking update_contacts send_item_codes read_trial_balance read_reports reports_every pack pack_day pack_profit pack_balance pack_aged pack_cash payments_from_xero entries_from_xero documents_from_xero tax_filed_until conversion_date "
    "read_invoices read_credit_notes read_contacts read_payments read_bank_transactions read_transfers read_journals read_prepayments propose_month_after unreconciled_after"
).split()
# Follows from the clearing account.
FOLLOWS = ("clearing_account_code",)
# Whom figures are mailed to is chosen on each site: a file brings nobody there.
NOT_IN_FILE = ("pack_people",)
BY_ID = ("default_payment_account", "clearing_account")
UNTAXED = "no_tax_type"
DAYS = ("tax_filed_until", "conversion_date")
# These are checked together: how often Xero is read.
TOGETHER = tuple(field for field in IN_FILE if field.startswith("read_") and field not in ("read_trial_balance", "read_reports"))


@dataclass(frozen=True)
class Setting:
    """One setting of the file: the value that it has here (None: why not)."""

    field: str
    label: str
    value: Any
    why_not: str = ""


def rows(books: Books, doc: Any) -> list[Row]:
    """The settings, one row each."""
    return [{"setting": field, "label": _label(field), "value": _written(books, field, doc.get(field))} for field in IN_FILE]


def people(doc: Any) -> list[Row]:
    """Who is told otherwise than all Xero Admins are."""
    return [{"user": row.user, "how": row.how} for row in doc.get(PEOPLE_FIELD) or []]


def _written(books: Books, field: str, value: Any) -> Any:
    if field == UNTAXED:
        return tax_ref(books, value or "")
    if field in FIELDS:
        return account_ref(books, value or "", "AccountID" if field in BY_ID else "Code")
    return "" if value is None else str(value) if field in DAYS else value


def _label(field: str) -> str:
    return str(frappe.get_meta(CONNECTION).get_field(field).label)


def taken(books: Books, row: Row, same: bool) -> Setting:
    """What a setting of the file is here."""
    field, said = str(row.get("setting") or ""), row.get("value")
    if field not in IN_FILE:
        return Setting(field, str(row.get("label") or field), None, str(_("This release has no such setting")))
    label = str(_(_label(field)))
    if field in DAYS and said and not _is_day(said):
        return Setting(field, label, None, str(_("It is no date")))
    if field not in FIELDS:
        return Setting(field, label, said if isinstance(said, (str, int)) else "")
    ref = said if isinstance(said, dict) else {}
    if not ref:
        return Setting(field, label, "")
    if field == UNTAXED:
        found = names.xero_tax(books.offered["tax_rates"], ref, same)
        value = found["TaxType"] if found else None
    else:
        found = names.xero_account(books.accounts_of_xero, ref, same)
        value = (found["AccountID" if field in BY_ID else "Code"] or None) if found else None
    why_not = "" if value else str(_("Xero does not have {0}")).format(called(ref))
    return Setting(field, label, value, why_not)


def _is_day(said: Any) -> bool:
    try:
        return isinstance(said, str) and bool(date.fromisoformat(said))
    except ValueError:
        return False


def in_words(books: Books, field: str, value: Any) -> str:
    """A setting's value as people read it."""
    if field == UNTAXED:
        return called({**tax_ref(books, value or ""), "type": ""})
    if field in FIELDS:
        return called(account_ref(books, value or "", "AccountID" if field in BY_ID else "Code"))
    if frappe.get_meta(CONNECTION).get_field(field).fieldtype == "Check":
        return str(_("Yes") if int(value or 0) else _("No"))
    return str(_(str(value or ""), context=CONNECTION))
