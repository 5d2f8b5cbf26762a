"""One hash of what goes to Xero of a submitted document: while the hash is the same, what was sent still holds.

ERPNext changes submitted documents: it unlinks payments by SQL, reposts ledgers, lets people change accounts and cost centres (observed on
ERPNext 15.71). The hash covers what may change after the submit: the fields with "Allow on Submit", and those that ERPNext writes by SQL. A
renaming is no change: a customer's name is not in the hash, and for other names `before_renamings` gives the document as it was before.

Another field in the hash needs a new VERSION, and the former formula in a file of its own; else every document sent before would look
changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..accounting.money import decimal, plain

Doc = dict[str, Any]
# Which formula this is: kept on the Xero Link beside the hash.
VERSION = 3
ITEM = "item_code item_name qty uom amount net_amount income_account expense_account item_tax_template item_tax_rate cost_center".split()
ITEM += "deferred_revenue_account deferred_expense_account description".split()
TAX = "charge_type account_head rate row_id tax_amount_after_discount_amount add_deduct_tax included_in_print_rate cost_center".split()
INVOICE = "currency conversion_rate posting_date due_date grand_total rounded_total po_no bill_no is_opening".split()
# Accounts that ERPNext fills in whether or not they are used, each with the field that says whether it is.
WHERE_USED = {"write_off_account": "write_off_amount", "cash_bank_account": "is_paid", "account_for_change_amount": "change_amount"}
PAYMENT = (
    "payment_type posting_date paid_from paid_to paid_amount received_amount source_exchange_rate target_exchange_rate reference_no".split()
)
REFERENCE = "reference_doctype reference_name allocated_amount".split()
DEDUCTION = "account amount is_exchange_gain_loss".split()
# The fields that name documents of these DocTypes, in whatever kind of document; what is settled is named by `reference_name`.
NAMED: dict[str, list[str]] = {
    "Account": (
        "account account_head income_account expense_account deferred_revenue_account deferred_expense_account paid_from paid_to "
        "write_off_account cash_bank_account account_for_change_amount discount_account additional_discount_account"
    ).split(),
    "Cost Center": ["cost_center"],
    "Item Tax Template": ["item_tax_template"],
}
JOURNAL = "posting_date voucher_type".split()
JOURNAL_ROW = "account debit credit debit_in_account_currency credit_in_account_currency reference_type reference_name cost_center".split()


def of_invoice(doc: Doc) -> str:
    """The hash of an invoice, a bill or a return: its figures, lines and taxes."""
    # Only where there are any: the hash of any other document stays what it was.
    used = used_accounts(doc) + [f"{at}: {account}" for at, account in _discount_accounts(doc)]
    return one_hash([values_of(doc, INVOICE), used, rows_of(doc, "items", ITEM), rows_of(doc, "taxes", TAX)])


def used_accounts(doc: Doc) -> list[str]:
    """The accounts of WHERE_USED that an invoice uses."""
    return [_text(doc.get(account)) if decimal(doc.get(figure)) else "" for account, figure in WHERE_USED.items()]


def _discount_accounts(doc: Doc) -> Iterator[tuple[str, str]]:
    """The accounts on which discounts may be booked, of the document and of its rows by their place."""
    if doc.get("additional_discount_account") and decimal(doc.get("discount_amount")):
        yield "document", _text(doc["additional_discount_account"])
    for at, row in enumerate(doc.get("items") or []):
        if row.get("discount_account") and decimal(row.get("discount_amount")):
            yield str(at), _text(row["discount_account"])


def of_payment(doc: Doc) -> str:
    """The hash of a Payment Entry: the money, what it settles, its deductions and taxes."""
    # ERPNext splits and joins reference rows of one invoice: only their sums count.
    sums: dict[str, Any] = {}
    for row in doc.get("references") or []:
        key = f"{row['reference_doctype']} {row['reference_name']}"
        sums[key] = sums.get(key, 0) + decimal(row.get("allocated_amount"))
    references = sorted([key, f"{plain(amount):f}"] for key, amount in sums.items() if amount)
    return one_hash([values_of(doc, PAYMENT), references, sorted(rows_of(doc, "deductions", DEDUCTION)), rows_of(doc, "taxes", TAX)])


def of_journal(doc: Doc) -> str:
    """The hash of a Journal Entry: its rows, in any order."""
    return one_hash([values_of(doc, JOURNAL), sorted(rows_of(doc, "accounts", JOURNAL_ROW))])


def one_hash(said: list[Any]) -> str:
    """The hash of what `values_of` and `rows_of` give: 40 hex digits."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:40]


@dataclass(frozen=True)
class Fingerprint:
    """The formula of all rooms, and by DocType the fields that name documents of it (`NAMED`, and what single rooms add)."""

    formula: Callable[[Doc], str]
    names: Mapping[str, Sequence[str]]

    def __call__(self, doc: Doc) -> str:
        """40 hex digits; "" for a document that is never sent."""
        return self.formula(doc)


def before_renamings(doc: Doc, renamed: Iterable[tuple[str, str, str]], names: Mapping[str, Sequence[str]]) -> Iterator[Doc]:
    """The same document as it was before each of these renamings (DocType, former name, new name), newest first: Frappe writes a new name
    into submitted documents by SQL. `names` as in `Fingerprint`."""
    for doctype, former, new in renamed:
        was = _with_name(doc, names.get(doctype, ("reference_name",)), new, former)
        if was != doc:
            doc = was
            yield doc


def _with_name(doc: Doc, fields: Sequence[str], name: str, former: str) -> Doc:
    """The document with `former` in place of `name` in these fields, its own and its rows'."""
    return {
        field: [_with_name(row, fields, name, former) if isinstance(row, dict) else row for row in value] if isinstance(value, list) else
        former if field in fields and value == name else value
        for field, value in doc.items()
    }  # fmt: skip


def values_of(row: Doc, names: Sequence[str]) -> list[str]:
    """Values as comparable text: 5, 5.0 and "5.00" are one figure, None and "" are one absence."""
    return [_text(row.get(name)) for name in names]


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, (int, float)):
        return f"{plain(decimal(value)):f}"
    return str(value)


def rows_of(doc: Doc, table: str, names: Sequence[str]) -> list[list[str]]:
    """The same of each row of a child table."""
    return [values_of(row, names) for row in doc.get(table) or []]
