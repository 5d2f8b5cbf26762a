"""Sales or Purchase Invoice with `is_return` -> CreditNote (ACCRECCREDIT or ACCPAYCREDIT), and its allocations.

Rules: accounting_rules "Return": mirror what the host did. A supplier credit note has neither Url nor Reference; its number is free
text, so it is found again by number, contact and total.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import CENT, ZERO, plain
from ...accounting.problems import Problem, Refused
from ..invoice.invoice import out_of_scope, with_balances
from ..invoice.lines import currency_rate, mirrored
from ..translation import Translation

NUMBER_LIMIT = 255


def credit_note(doc: dict[str, Any], mapping: Mapping, contact_id: str, suffix: int = 0) -> Translation:
    """The CreditNote element for a return dict. Raises Refused with all problems."""
    if problems := out_of_scope(doc, mapping):
        raise Refused(problems)
    made = with_balances(doc, mirrored(doc), mapping)
    if made.problems:
        raise Refused(made.problems)
    sales = doc["doctype"] == "Sales Invoice"
    number = doc["name"] + (f"-R{suffix}" if suffix else "")
    body: dict[str, Any] = {"Type": "ACCRECCREDIT" if sales else "ACCPAYCREDIT", "CreditNoteNumber": number}
    if not sales and doc.get("bill_no"):
        # The supplier's own number first, as the accountant looks for it; ours keeps it findable, so theirs is what is cut.
        ours = f" ({number})"
        body["CreditNoteNumber"] = doc["bill_no"][: NUMBER_LIMIT - len(ours)] + ours
    if sales and doc.get("return_against"):
        body["Reference"] = doc["return_against"]
    body |= {
        "Contact": {"ContactID": contact_id},
        "Date": str(doc["posting_date"]),
        "CurrencyCode": doc["currency"],
        "Status": mapping.target_status,
    }
    if doc["currency"] != mapping.base_currency:
        body["CurrencyRate"] = currency_rate(doc)
    body["LineAmountTypes"] = made.amount_types
    body["LineItems"] = made.items
    marker = {"Type": body["Type"], "CreditNoteNumber": body["CreditNoteNumber"], "ContactID": contact_id, "Total": made.total}
    return Translation(body, marker, made.total, made.tax, made.reasons)


def applied_at_once(doc: dict[str, Any]) -> bool:
    """Whether the host took the whole credit off the invoice it returns (fact sheet B1: `update_outstanding_for_self` off)."""
    return bool(doc.get("is_return") and doc.get("return_against") and not doc.get("update_outstanding_for_self"))


def to_the_cent(amount: Decimal, credit_left: Decimal, invoice_due: Decimal, settles: bool) -> Decimal:
    """What to allocate where `amount` was converted from a base-currency receivable: where that `settles` one of the two in the host, all
    that Xero has left of the smaller one, up to five cents away (accounting_rules "Foreign invoice, base-currency receivable")."""
    rest = min(credit_left, invoice_due)
    return rest if settles and abs(rest - amount) <= 5 * CENT else amount


def allocation(
    amount: Decimal, date: str, invoice_id: str, credit_left: Decimal, invoice_due: Decimal, names: tuple[str, str]
) -> Translation:
    """The Allocation element of `amount` from a credit to an invoice. `credit_left` and `invoice_due` are what Xero shows right now;
    `names` are credit and invoice as the host calls them. Raises Refused where either has less."""
    problems = []
    for left, name in ((credit_left, names[0]), (invoice_due, names[1])):
        if amount > left:
            problems.append(
                Problem(
                    "allocation-exceeds",
                    f"{amount} of {names[0]} belongs on {names[1]}, but {name} has only {left} left in Xero",
                    f"See in Xero what else was applied to {name}; remove it there, then press Retry",
                )
            )
    if amount <= ZERO:
        problems.append(Problem("allocation-nothing", f"Nothing of {names[0]} belongs on {names[1]}", "Check the two documents"))
    if problems:
        raise Refused(problems)
    body = {"Amount": plain(amount), "Date": date, "Invoice": {"InvoiceID": invoice_id}}
    return Translation(body, {"InvoiceID": invoice_id, "Amount": amount}, amount)
