"""Books for a forecast of cash: the DocTypes of ERPNext and HRMS that no recording holds, with the columns that are read, and rows of any DocType written as they are.

Columns as ERPNext 15 and HRMS 15 have them (their DocTypes' JSON)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from sandbox.host import tables

Row = dict[str, Any]
_ORDER = {
    "Data": "company currency party_account_currency status",
    "Currency": "grand_total rounded_total advance_paid",
    "Float": "conversion_rate per_billed",
    "Date": "transaction_date",
}
COLUMNS: dict[str, dict[str, str]] = {
    "Sales Order": {**_ORDER, "Data": f"{_ORDER['Data']} customer customer_name", "Date": "transaction_date delivery_date"},
    "Purchase Order": {**_ORDER, "Data": f"{_ORDER['Data']} supplier supplier_name", "Date": "transaction_date schedule_date"},
    "Auto Repeat": {
        "Data": "reference_doctype reference_document frequency status",
        "Check": "disabled",
        "Date": "start_date end_date next_schedule_date",
    },
    "Subscription": {
        "Data": "company party_type party status generate_invoice_at",
        "Int": "number_of_days days_until_due",
        "Check": "cancel_at_period_end",
        "Date": "start_date end_date current_invoice_start current_invoice_end",
    },
    "Subscription Plan": {"Data": "currency billing_interval price_determination", "Int": "billing_interval_count", "Currency": "cost"},
    "Subscription Plan Detail": {"Data": "plan", "Int": "qty"},
    "Salary Slip": {
        "Data": "company employee payroll_frequency payroll_entry currency",
        "Currency": "base_net_pay base_rounded_total",
        "Date": "start_date end_date posting_date",
    },
    "Expense Claim": {
        "Data": "company employee employee_name approval_status status",
        "Check": "is_paid",
        "Currency": "grand_total total_amount_reimbursed",
        "Date": "posting_date",
    },
}
ROWS_OF = {"Subscription Plan Detail"}


def install() -> None:
    """These DocTypes on the connected site."""
    for name, by_type in COLUMNS.items():
        fields = [{"fieldname": each, "fieldtype": kind} for kind, named in by_type.items() for each in named.split()]
        tables.install(
            {"name": name, "module": "Accounts", "istable": int(name in ROWS_OF), "autoname": "hash", "fields": fields, "permissions": []}
        )


def write(frappe: Any, doctype: str, rows: list[Row]) -> None:
    """Rows as they are; submitted, unless they say otherwise. Part of the caller's transaction."""
    common = {"owner": "Administrator", "creation": "2026-01-01 00:00:00", "modified": "2026-01-01 00:00:00", "docstatus": 1}
    # What a row does not name has its column's default.
    alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for row in rows:
        whole = common | row
        alike.setdefault(tuple(whole), []).append(tuple(whole.values()))
    for columns, values in alike.items():
        frappe.db.bulk_insert(doctype, list(columns), values)


def invoice(name: str, customers: bool, party: str, amount: float, posted: date, due: date, outstanding: float, **more: Any) -> Row:
    """A Sales Invoice or Purchase Invoice."""
    side = "customer" if customers else "supplier"
    return {
        "name": name,
        side: party,
        f"{side}_name": party,
        "currency": "NZD",
        "party_account_currency": "NZD",
        "conversion_rate": 1,
        "grand_total": amount,
        "base_grand_total": amount,
        "outstanding_amount": outstanding,
        "posting_date": posted,
        "due_date": due,
        **more,
    }


def ledger(name: str, account: str, moved: float, posted: date, voucher: str = "Journal Entry", **more: Any) -> Row:
    """A GL Entry of an account in base currency, debit positive."""
    debit, credit = max(moved, 0), max(-moved, 0)
    return {
        "name": name,
        "account": account,
        "account_currency": "NZD",
        "debit": debit,
        "credit": credit,
        "debit_in_account_currency": debit,
        "credit_in_account_currency": credit,
        "posting_date": posted,
        "voucher_type": voucher,
        "voucher_no": name,
        "is_cancelled": 0,
        **more,
    }


def open_books(frappe: Any, company: str, today: date, count: int, seed: int = 1) -> None:
    """`count` open items (half of them customers', a tenth in two instalments), as many paid before, and orders, repetitions and the like in proportion. Commits."""
    rng = Random(seed)
    parties = max(count // 20, 5)
    made: dict[str, list[Row]] = {
        "Sales Invoice": [],
        "Purchase Invoice": [],
        "Payment Schedule": [],
        "Payment Ledger Entry": [],
        "Sales Order": [],
    }
    for number in range(2 * count):
        _invoice_of(rng, company, today, number, number < count, parties, made)
    for number in range(count // 20):
        due = today + timedelta(days=rng.randint(0, 80))
        made["Sales Order"].append(
            {"name": f"SO-{number}", "company": company, "customer": f"Customer {rng.randrange(parties)}", "customer_name": "Customer", "currency": "NZD", "party_account_currency": "NZD",
             "conversion_rate": 1, "grand_total": rng.randint(10, 900), "per_billed": 0, "status": "To Deliver and Bill", "transaction_date": today, "delivery_date": due}
        )  # fmt: skip
    for doctype, rows in made.items():
        write(frappe, doctype, rows)
    frappe.db.commit()


def _invoice_of(rng: Random, company: str, today: date, number: int, is_open: bool, parties: int, made: dict[str, list[Row]]) -> None:
    customers = number % 2 == 0
    doctype, stem = ("Sales Invoice", "Customer") if customers else ("Purchase Invoice", "Supplier")
    amount, party = rng.randint(1000, 900_000) / 100, f"{stem} {rng.randrange(parties)}"
    posted = today - timedelta(days=rng.randint(0, 40) if is_open else rng.randint(60, 400))
    due = posted + timedelta(days=30)
    name = f"BENCH-{number}"
    made[doctype].append({**invoice(name, customers, party, amount, posted, due, amount if is_open else 0), "company": company})
    for part, share in enumerate((0.5, 0.5) if number % 10 == 0 else (1,)):
        made["Payment Schedule"].append(
            {"name": f"{name}-{part}", "parent": name, "parenttype": doctype, "parentfield": "payment_schedule", "due_date": due + timedelta(days=30 * part),
             "payment_amount": amount * share}
        )  # fmt: skip
    if not is_open:
        made["Payment Ledger Entry"].append(
            {"name": f"{name}-paid", "company": company, "party_type": stem, "party": party, "posting_date": due + timedelta(days=rng.randint(-5, 40)), "voucher_type": "Payment Entry",
             "voucher_no": f"PAY-{number}", "against_voucher_type": doctype, "against_voucher_no": name, "amount_in_account_currency": -amount, "delinked": 0}
        )  # fmt: skip
