"""Open items in ERPNext: invoices and bills by instalments, credit notes, payments and journals that are not allocated, expense claims. One statement for each kind, whatever their number.

Amounts are in the currency of the party's account, in which ERPNext keeps what is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from ..accounting.money import CENT, ZERO, decimal
from ..accounting.texts import _, day
from . import instalments
from .asking import rows
from .instalments import Instalment
from .values import BILL, CLAIM, CREDIT, CUSTOMER, EMPLOYEE, INVOICE, NO_REASON, SUPPLIER, Item, Why, because

SALE, PURCHASE, PAYMENT, JOURNAL, EXPENSE = "Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry", "Expense Claim"


def items(company: str, base: str, today: date) -> list[Item]:
    """All that is open, each once: of an invoice what ERPNext has as outstanding, of a payment what is not allocated, of a journal what nothing was allocated to."""
    return [
        *_invoices(company, base, today, SALE, CUSTOMER, INVOICE, 1),
        *_invoices(company, base, today, PURCHASE, SUPPLIER, BILL, -1),
        *_payments(company),
        *_journals(company),
        *_claims(company, base),
    ]


def _invoices(company: str, base: str, today: date, doctype: str, party_type: str, kind: str, sign: int) -> Iterator[Item]:
    party = party_type.lower()
    held = "`on_hold`, `release_date`" if doctype == PURCHASE else "0 AS `on_hold`, NULL AS `release_date`"
    found = rows(
        f"SELECT `name`, `{party}` AS `party`, `{party}_name` AS `party_name`, `currency`, `party_account_currency`, `conversion_rate`, `outstanding_amount`, `grand_total`, "
        f"`rounded_total`, `base_grand_total`, `base_rounded_total`, `posting_date`, `due_date`, {held} "
        f"FROM `tab{doctype}` WHERE `company`=%(company)s AND `docstatus`=1 AND `outstanding_amount`!=0",
        {"company": company},
    )
    schedules = _schedules(company, doctype)
    for row in found:
        left = sign * decimal(row["outstanding_amount"])
        if abs(left) < CENT:
            continue
        currency = str(row["party_account_currency"] or base)
        prefix = "" if currency == row["currency"] else "base_"
        whole = decimal(row[f"{prefix}rounded_total"]) or decimal(row[f"{prefix}grand_total"])
        planned, why, blocked = _held(row, today)
        item = Item(
            kind if (left > ZERO) == (sign > 0) else CREDIT,
            doctype,
            str(row["name"]),
            left,
            currency,
            row["posting_date"],
            row["due_date"],
            party_type=party_type,
            party=str(row["party"] or ""),
            party_name=str(row["party_name"] or row["party"] or ""),
            rate=decimal(row["conversion_rate"]) if currency != base else Decimal(1),
            planned=planned,
            why=why,
            blocked=blocked,
        )
        yield from instalments.of(item, whole, schedules.get(item.name, ()))


def _held(row: dict[str, Any], today: date) -> tuple[date | None, Why, Why]:
    """A bill on hold is paid on its release day; without one nobody knows when."""
    if not row["on_hold"]:
        return None, NO_REASON, NO_REASON
    if row["release_date"] is None:
        return None, NO_REASON, because(_("The bill is on hold, without a day on which it is released: not counted on"))
    if row["release_date"] <= today or (row["due_date"] and row["release_date"] <= row["due_date"]):
        return None, NO_REASON, NO_REASON
    return row["release_date"], because(_("The bill is on hold until {day}"), day=day(row["release_date"])), NO_REASON


def _schedules(company: str, doctype: str) -> dict[str, list[Instalment]]:
    """Payment schedules of open documents, of those that have one."""
    found: dict[str, list[Instalment]] = {}
    for row in rows(
        f"SELECT part.`parent`, part.`due_date`, part.`payment_amount` FROM `tabPayment Schedule` part JOIN `tab{doctype}` doc ON doc.`name`=part.`parent` "
        "WHERE part.`parenttype`=%(doctype)s AND doc.`company`=%(company)s AND doc.`docstatus`=1 AND doc.`outstanding_amount`!=0 AND part.`due_date` IS NOT NULL",
        {"company": company, "doctype": doctype},
        "Payment Schedule",
    ):
        found.setdefault(str(row["parent"]), []).append(Instalment(row["due_date"], decimal(row["payment_amount"])))
    return found


def _payments(company: str) -> Iterator[Item]:
    """What was paid and belongs to no document yet: it is taken off what its party pays or is paid next."""
    for row in rows(
        "SELECT `name`, `payment_type`, `party_type`, `party`, `party_name`, `unallocated_amount`, `paid_from_account_currency`, `paid_to_account_currency`, "
        "`source_exchange_rate`, `target_exchange_rate`, `posting_date` FROM `tabPayment Entry` "
        "WHERE `company`=%(company)s AND `docstatus`=1 AND `unallocated_amount`>0 AND `party_type` IN %(parties)s",
        {"company": company, "parties": (CUSTOMER, SUPPLIER, EMPLOYEE)},
    ):
        received = row["payment_type"] == "Receive"
        side, rate = ("paid_from", "source_exchange_rate") if received else ("paid_to", "target_exchange_rate")
        amount = decimal(row["unallocated_amount"])
        if amount < CENT:
            continue
        yield Item(
            CREDIT,
            PAYMENT,
            str(row["name"]),
            -amount if received else amount,
            str(row[f"{side}_account_currency"]),
            row["posting_date"],
            party_type=str(row["party_type"]),
            party=str(row["party"] or ""),
            party_name=str(row["party_name"] or row["party"] or ""),
            rate=decimal(row[rate]),
        )


def _journals(company: str) -> Iterator[Item]:
    """Journals that stand on a party's account and that nothing was allocated to, by party. The Payment Ledger has what is left of them."""
    for row in rows(
        "SELECT ledger.`against_voucher_no` AS `name`, ledger.`party_type`, ledger.`party`, account.`account_type`, account.`account_currency`, "
        "SUM(ledger.`amount_in_account_currency`) AS `left`, MIN(journal.`posting_date`) AS `day`, MIN(journal.`due_date`) AS `due` FROM `tabPayment Ledger Entry` ledger "
        "JOIN `tabAccount` account ON account.`name`=ledger.`account` JOIN `tabJournal Entry` journal ON journal.`name`=ledger.`against_voucher_no` "
        "WHERE ledger.`company`=%(company)s AND ledger.`against_voucher_type`='Journal Entry' AND ledger.`delinked`=0 AND ledger.`party_type` IN %(parties)s "
        "AND journal.`docstatus`=1 GROUP BY ledger.`against_voucher_no`, ledger.`party_type`, ledger.`party`, account.`account_type`, account.`account_currency`",
        {"company": company, "parties": (CUSTOMER, SUPPLIER, EMPLOYEE)},
    ):
        owed_to_us = decimal(row["left"]) if row["account_type"] == "Receivable" else -decimal(row["left"])
        if abs(owed_to_us) < CENT:
            continue
        natural = (owed_to_us > ZERO) == (row["party_type"] == CUSTOMER)
        yield Item(
            CREDIT if not natural else INVOICE if row["party_type"] == CUSTOMER else BILL,
            JOURNAL,
            str(row["name"]),
            owed_to_us,
            str(row["account_currency"]),
            row["day"],
            row["due"],
            # A journal may be of several parties.
            part=str(row["party"]),
            party_type=str(row["party_type"]),
            party=str(row["party"]),
            party_name=str(row["party"]),
        )


def _claims(company: str, base: str) -> Iterator[Item]:
    """Expense claims that are not reimbursed, as far as no advance covers them."""
    for row in rows(
        "SELECT `name`, `employee`, `employee_name`, `grand_total`, `total_amount_reimbursed`, `posting_date` FROM `tabExpense Claim` "
        "WHERE `company`=%(company)s AND `docstatus`=1 AND `approval_status`='Approved' AND `is_paid`=0 AND `status`!='Paid'",
        {"company": company},
        EXPENSE,
    ):
        left = decimal(row["grand_total"]) - decimal(row["total_amount_reimbursed"])
        if left >= CENT:
            yield Item(
                CLAIM,
                EXPENSE,
                str(row["name"]),
                -left,
                base,
                row["posting_date"],
                party_type=EMPLOYEE,
                party=str(row["employee"] or ""),
                party_name=str(row["employee_name"] or row["employee"] or ""),
            )
