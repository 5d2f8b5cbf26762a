"""A written-off part or a settlement discount in a payment's deductions -> one CreditNote over all of them, taken off the invoices.

Rule: accounting_rules "Write-off, settlement discount": a credit note with the tax treatment the accountant chose, never a payment from an
expense account. Inclusive, because the host's deduction is gross; ERPNext's split of a discount into income and tax is one line again.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, half_up, plain
from ...accounting.problems import Problem, Refused
from ...accounting.rounding import line_tax
from ..invoice.draft import DESCRIPTION_LIMIT
from ..invoice.lines import RATE_DECIMALS
from ..translation import Translation
from .deductions import booked_on, tax_inside
from .payment import REFERENCE_LIMIT
from .plan import Plan
from .settlement import Settlement


def discount_note(settlement: Settlement, mapping: Mapping, plan: Plan, contact_id: str, suffix: int = 0) -> Translation:
    """The CreditNote element over what a payment's deductions take off its invoices. Raises Refused with all problems.

    Its number is the payment's name; a used one gets a `suffix`, as an invoice's does.
    """
    problems: list[Problem] = []
    items, total, tax = [], ZERO, ZERO
    for deduction in plan.credits:
        amount = plan.own[deduction.account]
        code, refused = booked_on(settlement, mapping, deduction)
        inside, wrong = tax_inside(settlement, deduction, amount)
        problems += [*refused, *wrong]
        if inside is None and not wrong:
            problems.append(_rate_unknown(deduction.account))
        if deduction.choice.tax_type is None or inside is None or not code:
            continue
        item: dict[str, Any] = {
            "Description": deduction.description[:DESCRIPTION_LIMIT],
            "Quantity": Decimal(1),
            "UnitAmount": plain(amount),
            "AccountCode": code,
            "TaxType": deduction.choice.tax_type.code,
        }
        if inside != line_tax(amount, deduction.choice.tax_type.shown or ZERO, True):
            item["TaxAmount"] = plain(inside)
        if tracking := mapping.tracking.get(deduction.cost_center):
            item["Tracking"] = [{"Name": tracking[0], "Option": tracking[1]}]
        items.append(item)
        total, tax = total + amount, tax + inside
    if problems:
        raise Refused(problems)
    body = _header(settlement, mapping, plan, contact_id, suffix, total) | {"LineAmountTypes": "Inclusive", "LineItems": items}
    marker = {"Type": body["Type"], "CreditNoteNumber": body["CreditNoteNumber"], "ContactID": contact_id, "Total": total}
    return Translation(body, marker, total, tax)


def _header(settlement: Settlement, mapping: Mapping, plan: Plan, contact_id: str, suffix: int, total: Decimal) -> dict[str, Any]:
    sales, currency = settlement.party_type == "Customer", settlement.party_side.currency
    body: dict[str, Any] = {
        "Type": "ACCRECCREDIT" if sales else "ACCPAYCREDIT",
        "CreditNoteNumber": settlement.name + (f"-R{suffix}" if suffix else ""),
    }
    if sales:
        body["Reference"] = ", ".join(dict.fromkeys(plan.parts[each.invoice].name for each in plan.allocations))[:REFERENCE_LIMIT]
    body |= {
        "Contact": {"ContactID": contact_id},
        "Date": settlement.posting_date,
        "CurrencyCode": currency,
        "Status": mapping.target_status,
    }
    if currency != mapping.base_currency:
        body["CurrencyRate"] = plain(half_up(total / sum((each.gross for each in plan.credits), ZERO), RATE_DECIMALS))
    return body


def _rate_unknown(account: str) -> Problem:
    return Problem(
        "tax-rate-unknown",
        f"The rate of the tax type chosen for {account} was never read from Xero",
        "Press Refresh From Xero on the Xero Connection, then press Retry",
    )
