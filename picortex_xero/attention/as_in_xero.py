"""One record of a request as Xero's own screen shows it: what it is called there, its state, its fields, its lines, tax and totals.

Xero's words for its API ("ACCREC", "Exclusive", a tax type's code) become those of its screens. Dates and figures stay values and say what they are
(`as`), so that each reader sees them in the format of his site. What stands here is for reading; the request itself is shown beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, decimal, half_up
from ..accounting.rounding import line_amount, line_tax
from ..accounting.texts import NONE, Text, _, plain
from ..documents.party.postal import words
from ..xero.records.base import XeroObject
from ..xero.records.lines import rows_of
from ..xero.records.registry import ALLOCATION, BANK_TRANSACTION, CONTACT, CREDIT_NOTE, INVOICE, MANUAL_JOURNAL
from . import wording

Element = dict[str, Any]
# How a value is shown: as it stands, or in the formats of the reader's site.
TEXT, DATE, MONEY, PRICE, NUMBER, PERCENT = "text", "date", "money", "price", "number", "percent"
# Xero's types of a record, as its screens call what they make.
BY_TYPE = {
    "ACCREC": _("Invoice"),
    "ACCPAY": _("Bill"),
    "ACCRECCREDIT": _("Credit note"),
    "ACCPAYCREDIT": _("Supplier credit note"),
    "SPEND": _("Spend money"),
    "RECEIVE": _("Receive money"),
    "SPEND-OVERPAYMENT": _("Overpayment to a supplier"),
    "RECEIVE-OVERPAYMENT": _("Overpayment of a customer"),
    "SPEND-PREPAYMENT": _("Prepayment to a supplier"),
    "RECEIVE-PREPAYMENT": _("Prepayment of a customer"),
}
AMOUNTS_ARE = {"Exclusive": _("Tax exclusive"), "Inclusive": _("Tax inclusive"), "NoTax": _("No tax")}
# The fields of a record in the order in which a screen has them: Xero's name for its API, the label, what the value is.
FIELDS: tuple[tuple[str, Text, str], ...] = (
    ("Name", _("Name"), TEXT),
    ("EmailAddress", _("Email"), TEXT),
    ("TaxNumber", _("Tax number"), TEXT),
    ("InvoiceNumber", _("Invoice number"), TEXT),
    ("CreditNoteNumber", _("Credit note number"), TEXT),
    ("Date", _("Date"), DATE),
    ("DueDate", _("Due date"), DATE),
    ("Reference", _("Reference"), TEXT),
    ("Narration", _("Narration"), TEXT),
    ("CurrencyCode", _("Currency"), TEXT),
    ("CurrencyRate", _("Exchange rate"), NUMBER),
)
# What a record names by an id.
ACCOUNTS = (
    ("BankAccount", _("Bank account")),
    ("Account", _("Account")),
    ("FromBankAccount", _("From bank account")),
    ("ToBankAccount", _("To bank account")),
)
SETTLED = ("Invoice", "CreditNote", "Overpayment", "Prepayment")


@dataclass(frozen=True)
class Names:
    """What stands behind Xero's codes and ids: `account` (by code or id), `tax` (by tax type), and `record` (by id: a contact's name, an invoice's
    number), each "" or the code where that is not known; `currency` in which amounts of the record are, where it does not say; `rate` (by tax type) the
    per cent that Xero puts on a line."""

    account: Callable[[str], str]
    tax: Callable[[str], str]
    record: Callable[[str], str]
    currency: str = ""
    rate: Callable[[str], Decimal] = lambda tax_type: ZERO


def called(its: XeroObject, type_: str, doctype: str) -> Text:
    """What Xero's screens call a record of this type that a document of this doctype becomes."""
    if known := BY_TYPE.get(type_):
        return known
    if its is CONTACT:
        return _("Contact")
    if its in (INVOICE, CREDIT_NOTE) and doctype not in its.names:
        return _("Credit note") if its is CREDIT_NOTE else _("Invoice")
    return its.called(doctype)


def status(its: XeroObject, element: Element) -> Text:
    """In which state it arrives, in Xero's words; NONE where Xero has no states of it."""
    code = str(element.get("Status") or "")
    return wording.in_xero(its.endpoint, code, None) if code else NONE


def fields(its: XeroObject, element: Element, names: Names) -> list[dict[str, Any]]:
    """`label`, `value`, `as` of each field that a screen of Xero shows."""
    found: list[dict[str, Any]] = []
    if contact := _id(element, "Contact", "ContactID"):
        found.append(_field(_("Contact"), names.record(contact)))
    for name, label, kind in FIELDS:
        value = element.get(name)
        if value is None or value == "":
            continue
        # Xero shows the number of a bill as its reference (its OpenAPI description, InvoiceNumber).
        label = _("Reference") if name == "InvoiceNumber" and element.get("Type") == "ACCPAY" else label
        found.append(_field(label, f"{value:f}" if isinstance(value, Decimal) else str(value)[: 10 if kind == DATE else None], kind))
    if addresses := words([each for each in element.get("Addresses") or [] if isinstance(each, dict)]):
        found.append(_field(_("Postal address"), addresses))
    for name, label in ACCOUNTS:
        if isinstance(which := element.get(name), dict):
            found.append(_field(label, names.account(str(which.get("AccountID") or which.get("Code") or ""))))
    for name in SETTLED:
        if xero_id := _id(element, name, f"{name}ID"):
            found.append(_field(_("Applied to") if its is ALLOCATION else _("Pays"), names.record(xero_id)))
    if its is not MANUAL_JOURNAL and element.get("Amount") is not None:
        found.append(_field(_("Amount"), f"{decimal(element['Amount']):f}", MONEY))
    if amounts := AMOUNTS_ARE.get(str(element.get("LineAmountTypes") or "")):
        found.append(_field(_("Amounts are"), amounts))
    return [each for each in found if each["value"]]


def lines(its: XeroObject, element: Element, names: Names) -> dict[str, Any]:
    """The table of its lines: `columns` (each with `label` and `as`) and `rows` of cells; only what at least one line has."""
    on_top = its is MANUAL_JOURNAL and element.get("LineAmountTypes") == "Exclusive"
    # A journal says no tax below its lines: what is on each of them stands beside it, also where Xero computes it.
    taxed = [{**row, "TaxAmount": _tax_on(row, names) or None} if on_top else row for row in rows_of(element) or _payments(element, names)]
    rows = [_line(its, row, names) for row in taxed]
    used = [(name, label, kind) for name, label, kind in COLUMNS if any(row.get(name) for row in rows)]
    return {
        "columns": [{"label": label, "as": kind} for _name, label, kind in used],
        "rows": [[row.get(name, "") for name, _label, _kind in used] for row in rows],
    }


COLUMNS: tuple[tuple[str, Text, str], ...] = (
    ("item", _("Item"), TEXT),
    ("description", _("Description"), TEXT),
    ("quantity", _("Qty."), NUMBER),
    ("price", _("Price"), PRICE),
    ("discount", _("Disc."), PERCENT),
    ("account", _("Account"), TEXT),
    ("tax", _("Tax rate"), TEXT),
    ("tracking", _("Tracking"), TEXT),
    ("tax_amount", _("Tax amount"), MONEY),
    ("amount", _("Amount"), MONEY),
    ("debit", _("Debit"), MONEY),
    ("credit", _("Credit"), MONEY),
)


def _line(its: XeroObject, row: Element, names: Names) -> dict[str, str]:
    quantity, price, amount = row.get("Quantity"), row.get("UnitAmount"), row.get("LineAmount")
    if amount is None and price is not None:
        whole = line_amount(decimal(quantity if quantity is not None else 1), decimal(price))
        amount = half_up(whole - decimal(row.get("DiscountAmount")) - whole * decimal(row.get("DiscountRate")) / 100)
    shown = {
        "item": str(row.get("ItemCode") or ""),
        "description": str(row.get("Description") or ""),
        "quantity": _figure(quantity),
        "price": _figure(price),
        "discount": _figure(row.get("DiscountRate")),
        "account": names.account(str(row["AccountCode"])) if row.get("AccountCode") else "",
        "tax": names.tax(str(row["TaxType"])) if row.get("TaxType") else "",
        "tracking": ", ".join(f"{each.get('Name')}: {each.get('Option')}" for each in row.get("Tracking") or []),
        "tax_amount": _figure(row.get("TaxAmount")),
    }
    if its is MANUAL_JOURNAL:
        side = "debit" if decimal(amount) >= ZERO else "credit"
        return {**shown, side: _figure(abs(decimal(amount)))}
    return {**shown, "amount": _figure(amount)}


def _payments(element: Element, names: Names) -> list[Element]:
    """What a batch of payments pays, as lines."""
    paid = [each for each in element.get("Payments") or [] if isinstance(each, dict)]
    return [{"Description": names.record(_id(each, "Invoice", "InvoiceID")), "LineAmount": each.get("Amount")} for each in paid]


def _tax_on(row: Element, names: Names) -> Decimal:
    """The tax that Xero puts on a line of a journal: as it is sent, else at the rate of its tax type."""
    if row.get("TaxAmount") is not None:
        return decimal(row["TaxAmount"])
    return line_tax(decimal(row.get("LineAmount")), names.rate(str(row.get("TaxType") or "")), False)


def totals(its: XeroObject, element: Element, total: Decimal | None, tax: Decimal | None, names: Names) -> list[dict[str, Any]]:
    """What stands below the lines: what Xero must make of them."""
    if its is MANUAL_JOURNAL:
        on_top = element.get("LineAmountTypes") == "Exclusive"
        amounts = [(decimal(row.get("LineAmount")), _tax_on(row, names) if on_top else ZERO) for row in rows_of(element) or []]
        debits = sum((amount + on_line for amount, on_line in amounts if amount > ZERO), ZERO)
        return [_field(_("Total debits and credits"), f"{debits:f}", MONEY)]
    if total is None or not (rows_of(element) or element.get("Payments")):
        return []
    found = [_field(_("Total"), f"{total:f}", MONEY)]
    if tax is None or element.get("LineAmountTypes") == "NoTax":
        return found
    if element.get("LineAmountTypes") == "Inclusive":
        return [*found, _field(_("Includes tax"), f"{tax:f}", MONEY)]
    return [_field(_("Subtotal"), f"{total - tax:f}", MONEY), _field(_("Total tax"), f"{tax:f}", MONEY), *found]


def account_ids(element: Element) -> list[str]:
    """The ids of the bank accounts that a record is on: in their currency are its amounts where it names none."""
    return [xero_id for name, _label in ACCOUNTS if (xero_id := _id(element, name, "AccountID"))]


def settled_ids(element: Element) -> list[str]:
    """The ids of what a payment or an allocation settles: in its currency are the amounts."""
    return [xero_id for name in SETTLED if (xero_id := _id(element, name, f"{name}ID"))]


def moves_a_bank(its: XeroObject) -> bool:
    """Whether the amounts of a record are those of its bank account."""
    return its is BANK_TRANSACTION or bool(its.is_advance)


def _id(element: Element, name: str, field: str) -> str:
    named = element.get(name)
    return str(named.get(field) or "") if isinstance(named, dict) else ""


def _figure(value: Any) -> str:
    return "" if value is None or value == "" else f"{decimal(value):f}"


def _field(label: Text, value: str, kind: str = TEXT) -> dict[str, Any]:
    return {"label": label, "value": value if isinstance(value, Text) else plain(value), "as": kind}
