"""What a line is entered as where no voucher explains it: a Journal Entry with its tax rows, or a Payment Entry on account, through ERPNext's own controllers and with the user's own rights."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.currencies import currency_decimals
from ..accounting.money import ZERO, decimal, nearest
from ..accounting.texts import _, day
from ..banking.payees import payee
from ..banking.tax_shares import NoShare, shares
from ..banking.values import PAYMENT_ENTRY, Coding
from ..inbound.entering import as_host
from . import allocating, books, codings, vouchers
from .plan import CannotBeDone
from .rows import JOURNAL, PAYMENT

LONGEST = 140


@dataclass(frozen=True)
class Entered:
    """A row beside the bank's: `amount` in the company's currency, a credit is positive for money in and a debit for money out, so that all rows make the line's amount without its sign."""

    account: str
    amount: Decimal
    cost_center: str
    is_tax: bool = False


def rows(company: str, line: Any, currency: str, coding: Coding) -> tuple[list[Entered], Decimal]:
    """The rows of what a line is entered as, and the rate of its currency (1 in the company's own). Raises CannotBeDone."""
    base = str(frappe.get_cached_value("Company", company, "default_currency"))
    rate = _rate(currency, base, line.date)
    unit = Decimal(1).scaleb(-min(2, currency_decimals(base)))
    worth = nearest(abs(allocating.left(line)) * rate, unit)
    centre = coding.cost_center or str(frappe.get_cached_value("Company", company, "cost_center") or "")
    of_account = str(frappe.db.get_value("Account", coding.account, "account_currency") or base)
    if of_account not in (base, currency) or (of_account != base and coding.tax_template):
        raise CannotBeDone(_("{account} is in another currency: enter it yourself").format(account=coding.account))
    try:
        parts = shares(worth, codings.tax_rows(coding), unit)
    except NoShare as error:
        raise CannotBeDone(error.said) from error
    found = [Entered(coding.account, parts.net, centre)] if parts.net else []
    return [*found, *(Entered(row.account, share, row.cost_center or centre, True) for row, share in parts.taxes)], rate


def _rate(currency: str, base: str, dated: Any) -> Decimal:
    if currency == base:
        return Decimal(1)
    found = decimal(frappe.get_attr("erpnext.setup.utils.get_exchange_rate")(currency, base, dated))
    if found <= ZERO:
        raise CannotBeDone(_("ERPNext has no rate of {currency} on {day}").format(currency=currency, day=day(dated)))
    return found


def coded(line: Any, bank: dict[str, Any], coding: Coding, submits: bool) -> Any:
    """The document of a line that is locked, inserted and, where the company wants it so, submitted. Raises CannotBeDone, or frappe.ValidationError in ERPNext's words."""
    codings.check(coding, str(line.company))
    doc = _payment(line, bank, coding) if coding.entry == PAYMENT_ENTRY else _journal(line, bank, coding)
    doc.insert()
    if submits:
        doc.submit()
    return doc


def _journal(line: Any, bank: dict[str, Any], coding: Coding) -> Any:
    company = str(line.company)
    found, rate = rows(company, line, bank["currency"], coding)
    comes_in = allocating.left(line) > ZERO
    doc = frappe.new_doc(JOURNAL)
    doc.update(
        {
            "voucher_type": coding.entry,
            "company": company,
            "posting_date": line.date,
            "cheque_no": vouchers.reference(line),
            "cheque_date": line.date,
            "user_remark": line.description,
            "pay_to_recd_from": _title(coding) or _payee(line),
            "multi_currency": int(rate != 1 or bank["currency"] != frappe.get_cached_value("Company", company, "default_currency")),
        }
    )
    at_bank = {"account": bank["account"], "bank_account": bank["name"], "exchange_rate": as_host(rate)}
    doc.append("accounts", {**at_bank, **_side(comes_in, abs(allocating.left(line)))})
    for each in found:
        party = {} if each.is_tax else _party(coding)
        # What is taken off (reverse charge, tax withheld) stands on the other side.
        row = {"account": each.account, "cost_center": each.cost_center, **party}
        of_account = frappe.db.get_value("Account", each.account, "account_currency")
        own = abs(allocating.left(line)) if not each.is_tax and of_account == bank["currency"] and rate != 1 else each.amount
        rated = {"exchange_rate": as_host(rate)} if own is not each.amount else {"exchange_rate": 1}
        doc.append("accounts", {**row, **rated, **_side((not comes_in) == (own > ZERO), abs(own))})
    return doc


def _side(debit: bool, amount: Decimal) -> dict[str, Any]:
    return {f"{'debit' if debit else 'credit'}_in_account_currency": as_host(amount)}


def _party(coding: Coding) -> dict[str, str]:
    """ERPNext takes a party only with an account of parties."""
    kind = frappe.db.get_value("Account", coding.account, "account_type")
    return {"party_type": coding.party_type, "party": coding.party} if coding.party and kind in codings.PARTIES else {}


_TITLES = {"Customer": "customer_name", "Supplier": "supplier_name", "Employee": "employee_name"}


def _title(coding: Coding) -> str:
    """What the party is called, by which Xero knows a contact too."""
    return str(frappe.db.get_value(coding.party_type, coding.party, _TITLES[coding.party_type]) or "")[:LONGEST] if coding.party else ""


def _payee(line: Any) -> str:
    named = str(line.bank_party_name or "").strip()
    return (named or payee(books.line(line, "")).title())[:LONGEST]


def _payment(line: Any, bank: dict[str, Any], coding: Coding) -> Any:
    """Money on account of a party: nothing is settled by it yet."""
    company = str(line.company)
    left = allocating.left(line)
    account = coding.account or str(
        frappe.get_attr("erpnext.accounts.party.get_party_account")(coding.party_type, coding.party, company) or ""
    )
    of_party = str(frappe.db.get_value("Account", account, "account_currency") or "")
    if of_party != bank["currency"]:
        raise CannotBeDone(_("{account} is in another currency: enter it yourself").format(account=account))
    comes_in = left > ZERO
    base = str(frappe.get_cached_value("Company", company, "default_currency"))
    rate = as_host(_rate(str(bank["currency"]), base, line.date))
    from_, to = (account, bank["account"]) if comes_in else (bank["account"], account)
    doc = frappe.new_doc(PAYMENT)
    doc.update(
        {
            "payment_type": "Receive" if comes_in else "Pay",
            "company": company,
            "posting_date": line.date,
            "reference_no": vouchers.reference(line),
            "reference_date": line.date,
            "party_type": coding.party_type,
            "party": coding.party,
            "bank_account": bank["name"],
            "paid_from": from_,
            "paid_to": to,
            "paid_from_account_currency": bank["currency"],
            "paid_to_account_currency": bank["currency"],
            "paid_amount": as_host(abs(left)),
            "received_amount": as_host(abs(left)),
            "source_exchange_rate": rate,
            "target_exchange_rate": rate,
            "cost_center": coding.cost_center or None,
            "remarks": line.description,
        }
    )
    return doc
