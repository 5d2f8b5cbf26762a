"""Makes the documents that a bank line asks for: Payment Entries for open documents, internal transfers, and Journal Entries for what a bank has held back of what is entered. All through ERPNext's own
controllers and with the user's own rights, so that what is made goes to Xero as any document does."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.money import ZERO, decimal, half_up
from ..accounting.texts import _
from ..inbound.entering import as_host
from . import allocating
from .plan import CannotBeDone, Open, ToPay
from .rows import BILL, CLAIM, INVOICES, JOURNAL, PAYMENT, SALE

LONGEST = 140
_PARTY = {SALE: ("Customer", "customer", "debit_to"), BILL: ("Supplier", "supplier", "credit_to")}


def open_now(vouchers: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Open]:
    """Open invoices and notes as they are, their rows locked until the transaction ends, so that nobody pays them meanwhile."""
    found = {}
    for doctype, name in sorted(set(vouchers)):
        if doctype == CLAIM and (claim := _claim(name)):
            found[doctype, name] = claim
        if doctype not in INVOICES:
            continue
        party_type, party, account = _PARTY[doctype]
        row = allocating.locked_row(
            doctype, name, (party, account, "party_account_currency", "outstanding_amount", "docstatus", "cost_center")
        )
        if row and row["docstatus"] == 1:
            found[doctype, name] = Open(
                doctype,
                name,
                party_type,
                str(row[party]),
                str(row[account]),
                str(row["party_account_currency"] or ""),
                decimal(row["outstanding_amount"]),
                row["cost_center"] or "",
            )
    return found


def _claim(name: str) -> Open | None:
    """An approved expense claim as it is now, its row locked."""
    sums = ("total_sanctioned_amount", "total_taxes_and_charges", "total_amount_reimbursed", "total_advance_amount")
    row = allocating.locked_row(
        CLAIM, name, ("employee", "payable_account", "company", "docstatus", "approval_status", "cost_center", *sums)
    )
    if not row or row["docstatus"] != 1 or row["approval_status"] != "Approved":
        return None
    sanctioned, taxes, reimbursed, advances = (decimal(row[each]) for each in sums)
    currency = str(frappe.db.get_value("Account", row["payable_account"], "account_currency") or "")
    left = sanctioned + taxes - reimbursed - advances
    return Open(CLAIM, name, "Employee", str(row["employee"]), str(row["payable_account"]), currency, left, row["cost_center"] or "")


def payment(line: Any, bank: dict[str, Any], wanted: ToPay, setting: Any) -> Any:
    """The Payment Entry for a line, inserted and, unless the company keeps drafts, submitted. Raises frappe.ValidationError in ERPNext's words."""
    comes_in = wanted.moved > ZERO
    company = str(line.company)
    ours = (bank["account"], bank["currency"])
    theirs = (wanted.account, wanted.currency)
    from_, to = (theirs, ours) if comes_in else (ours, theirs)
    at_bank = abs(wanted.moved)
    settled = abs(sum((part for _known, part in wanted.settled), ZERO))
    # In one currency the party's side is what the bank moved; in two it is what was settled, and both amounts are the rate.
    at_party = at_bank if wanted.currency == bank["currency"] else settled
    doc = frappe.new_doc(PAYMENT)
    doc.update(
        {
            "payment_type": "Receive" if comes_in else "Pay",
            "company": company,
            "posting_date": line.date,
            "reference_no": reference(line),
            "reference_date": line.date,
            "party_type": wanted.party_type,
            "party": wanted.party,
            "bank_account": bank["name"],
            "paid_from": from_[0],
            "paid_from_account_currency": from_[1],
            "paid_to": to[0],
            "paid_to_account_currency": to[1],
            "paid_amount": as_host(at_party if comes_in else at_bank),
            "received_amount": as_host(at_bank if comes_in else at_party),
            "cost_center": wanted.settled[0][0].cost_center or None,
        }
    )
    _rates(doc, company, line.date)
    for known, part in wanted.settled:
        doc.append("references", {"reference_doctype": known.doctype, "reference_name": known.name, "allocated_amount": as_host(part)})
    if wanted.deduction:
        centre = setting.cost_center or frappe.get_cached_value("Company", company, "cost_center")
        rate = decimal(doc.target_exchange_rate if comes_in else doc.source_exchange_rate) or Decimal(1)
        doc.append(
            "deductions",
            {"account": wanted.deduction_account, "cost_center": centre, "amount": as_host(half_up(wanted.deduction * rate))},
        )
    return finished(doc, setting)


def transfer(line: Any, other: Any, bank: dict[str, Any], theirs: dict[str, Any], setting: Any) -> Any:
    """The Payment Entry of an internal transfer of which two lines are the sides."""
    out, into = (line, other) if line.withdrawal else (other, line)
    from_, to = (bank, theirs) if line.withdrawal else (theirs, bank)
    doc = frappe.new_doc(PAYMENT)
    doc.update(
        {
            "payment_type": "Internal Transfer",
            "company": line.company,
            "posting_date": min(getdate(out.date), getdate(into.date)),
            "reference_no": reference(line),
            "reference_date": line.date,
            "bank_account": bank["name"],
            "paid_from": from_["account"],
            "paid_from_account_currency": from_["currency"],
            "paid_to": to["account"],
            "paid_to_account_currency": to["currency"],
            "paid_amount": out.unallocated_amount,
            "received_amount": into.unallocated_amount,
        }
    )
    _rates(doc, str(line.company), line.date)
    return finished(doc, setting)


def difference(line: Any, bank: dict[str, Any], cost: Decimal, account: str, setting: Any) -> Any:
    """The Journal Entry for what a bank held back (or gave) of payments that are entered already."""
    company = str(line.company)
    base = frappe.get_cached_value("Company", company, "default_currency")
    if bank["currency"] != base:
        raise CannotBeDone(
            _(
                "What is entered differs from the line, and the account is in another currency: correct the payment, or enter the difference yourself"
            )
        )
    centre = setting.cost_center or frappe.get_cached_value("Company", company, "cost_center")
    at_bank = {"account": bank["account"], "bank_account": bank["name"]}
    doc = frappe.new_doc(JOURNAL)
    doc.update(
        {
            "voucher_type": "Journal Entry",
            "company": company,
            "posting_date": line.date,
            "cheque_no": reference(line),
            "cheque_date": line.date,
            "user_remark": line.description,
        }
    )
    side, against = ("debit", "credit") if cost > ZERO else ("credit", "debit")
    worth = as_host(abs(cost))
    doc.append("accounts", {"account": account, "cost_center": centre, f"{side}_in_account_currency": worth})
    doc.append("accounts", {**at_bank, "cost_center": centre, f"{against}_in_account_currency": worth})
    return finished(doc, setting)


def finished(doc: Any, setting: Any) -> Any:
    """Insert it; submit it unless the company keeps drafts."""
    doc.insert()
    if not setting.leave_drafts:
        doc.submit()
    return doc


def reference(line: Any) -> str:
    """What the payment is called by: the bank's own reference, so that Xero's matching finds it too."""
    return str(line.reference_number or line.transaction_id or line.name)[:LONGEST]


def _rates(doc: Any, company: str, dated: Any) -> None:
    """Rates that make both sides worth the same where one is in the company's currency; ERPNext's own rate where both are in another."""
    base = frappe.get_cached_value("Company", company, "default_currency")
    from_, to = doc.paid_from_account_currency, doc.paid_to_account_currency
    paid, received = decimal(doc.paid_amount), decimal(doc.received_amount)
    doc.source_exchange_rate = doc.target_exchange_rate = 1
    if from_ == base == to:
        return
    if from_ == base:
        doc.target_exchange_rate = as_host(paid / received)
    elif to == base:
        doc.source_exchange_rate = as_host(received / paid)
    else:
        rate = decimal(frappe.get_attr("erpnext.setup.utils.get_exchange_rate")(from_, base, dated))
        doc.source_exchange_rate = as_host(rate)
        doc.target_exchange_rate = as_host(rate * paid / received) if received else as_host(rate)
