"""What a statement's import reads of the host: the bank account, its Bank Transactions, what was chosen for its last file, and the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.texts import _
from ..statements import reading
from ..statements.values import Unreadable
from .perhaps_there import Said

DOCTYPE, LINE, TRANSACTION, FILE = "Xero Statement Import", "Xero Statement Line", "Bank Transaction", "File"
ON_DISK = ("/files/", "/private/files/")
# Ids asked for in one statement.
AT_ONCE = 1000
REMEMBERED = 10


@dataclass(frozen=True)
class Account:
    """A company's bank account. `numbers`: its IBAN and number, as far as they are entered; `ledger`: its account in the chart of accounts."""

    name: str
    company: str
    ledger: str
    currency: str
    numbers: tuple[str, ...]


def account(bank_account: str) -> Account:
    """The bank account. Raises Unreadable where no statement of it can be imported."""
    fields = ["company", "is_company_account", "account", "iban", "bank_account_no"]
    row = frappe.db.get_value("Bank Account", bank_account, fields, as_dict=True)
    if not row or not row["is_company_account"] or not row["company"]:
        raise Unreadable(_("{account} is not a bank account of a company").format(account=bank_account))
    if not row["account"]:
        raise Unreadable(
            _("Enter the company's account in the chart of accounts in the Bank Account {account} first").format(account=bank_account)
        )
    currency = str(frappe.db.get_value("Account", row["account"], "account_currency") or "")
    numbers = tuple(str(each) for each in (row["iban"], row["bank_account_no"]) if each)
    return Account(bank_account, str(row["company"]), str(row["account"]), currency, numbers)


def content(file_url: str) -> bytes:
    """The bytes of a file that the user has uploaded, or may read. Raises Unreadable."""
    # The same content is stored once, and every upload of it has a row of its own.
    rows = frappe.get_all(FILE, filters={"file_url": file_url, "is_folder": 0}, fields=["name", "file_size"], limit=50) if file_url else []
    mine = next((row for row in rows if frappe.has_permission(FILE, "read", doc=row["name"])), None)
    if mine is None or not file_url.startswith(ON_DISK):
        raise Unreadable(_("Upload the statement's file here: there is no file {file} that you may read").format(file=file_url[:140]))
    if int(mine["file_size"] or 0) > reading.LARGEST:
        raise reading.too_long(int(mine["file_size"]))
    file = frappe.get_doc(FILE, mine["name"])
    path = Path(file.get_full_path())
    if not path.is_file():
        raise Unreadable(_("The file {file} is not on this server any more: upload it again").format(file=file_url[:140]))
    if path.stat().st_size > reading.LARGEST:
        raise reading.too_long(path.stat().st_size)
    return path.read_bytes()


def by_id(ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The Bank Transactions with these ids, cancelled ones too, by their id: `name`, `docstatus`."""
    wanted, found = list(ids), {}
    for start in range(0, len(wanted), AT_ONCE):
        some = {"transaction_id": ("in", wanted[start : start + AT_ONCE])}
        for row in frappe.get_all(TRANSACTION, filters=some, fields=["name", "transaction_id", "docstatus"]):
            found[str(row["transaction_id"])] = dict(row)
    return found


def on_days(bank_account: str, first: date, last: date, but: set[str]) -> list[Said]:
    """The Bank Transactions of an account between two days, without those whose id is in `but`."""
    filters = {"bank_account": bank_account, "date": ("between", [first, last]), "docstatus": ("<", 2)}
    fields = ["name", "date", "deposit", "withdrawal", "description", "reference_number", "bank_party_name", "transaction_id"]
    return [
        Said(
            str(row["name"]),
            getdate(row["date"]),
            money(row["deposit"]) - money(row["withdrawal"]),
            " ".join(str(row[each] or "") for each in ("description", "reference_number", "bank_party_name")),
        )
        for row in frappe.get_all(TRANSACTION, filters=filters, fields=fields, order_by="name asc")
        if str(row["transaction_id"] or "") not in but
    ]


def sums(bank_account: str, first: date, last: date) -> tuple[Decimal, Decimal]:
    """What the submitted Bank Transactions of an account come to: from the first day to the last, and all of them until the last."""
    found = frappe.db.sql(
        "SELECT COALESCE(SUM(CASE WHEN `date`>=%(first)s THEN `deposit`-`withdrawal` ELSE 0 END), 0), COALESCE(SUM(`deposit`-`withdrawal`), 0) "
        "FROM `tabBank Transaction` WHERE `bank_account`=%(account)s AND `docstatus`=1 AND `date`<=%(last)s",
        {"account": bank_account, "first": first, "last": last},
    )
    return money(found[0][0]), money(found[0][1])


def money(value: Any) -> Decimal:
    """A figure of the host as it is meant: without what a float adds to it."""
    text = format(Decimal(str(value or 0)).quantize(Decimal("0.0001")), "f").rstrip("0").rstrip(".")
    return Decimal(text + ("" if "." in text else ".00") if text else "0")


def imported_before(bank_account: str) -> list[dict[str, Any]]:
    """The newest imports of the account that somebody has begun, the newest first."""
    filters = {"bank_account": bank_account, "state": ("!=", "Draft")}
    fields = ["name", "sheet", "file_format", "account_in_file", "is_this_account", "content_hash"]
    rows = frappe.get_all(DOCTYPE, filters=filters, fields=fields, order_by="started_at desc", limit=REMEMBERED)
    return [dict(row) for row in rows]


def feed(ledger: str) -> str | None:
    """Where the bank feed of an account is, as a person has said it; "" where nobody has, None where the account is not mapped to one in Xero."""
    filters = {"account": ledger}
    rows = frappe.get_all("Xero Payment Mapping", filters=filters, fields=["connection", "bank_feed"], order_by="bank_feed desc")
    for row in rows:
        if frappe.db.get_value("Xero Connection", row["connection"], "state") != "Retired":
            return str(row["bank_feed"] or "")
    return None
