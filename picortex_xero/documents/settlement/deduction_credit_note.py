"""A written-off part or a settlement discount in a payment's deductions -> one CreditNote over all of them, taken off the invoices.

It has the tax type that the accountant chose under Xero Deduction Mapping. It is never a payment from an expense account: that would leave
the invoice's tax as it was. Amounts include tax, since ERPNext's deduction is gross; what ERPNext splits into income and tax is one line
again.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, half_up, plain
from ...accounting.problems import Problem, Refused
from ...accounting.rounding import line_tax
from ...accounting.texts import _
from ...xero.records.registry import CREDIT_NOTE
from .. import base
from ..base import Books, Doc, Ready
from ..decisions import Decision, refused
from ..fact_types import CONTACT
from ..invoice.line_builder import DESCRIPTION_LIMIT
from ..invoice.lines import RATE_DECIMALS
from ..needs import Facts, Needs
from ..party.room import wait_for_contact
from ..step import Step
from ..translation import Translation
from .breakdown import Breakdown
from .contact_now import needs_of_contacts, settled_documents, with_contact_now
from .deductions import booked_on, tax_inside
from .payment_elements import REFERENCE_LIMIT
from .settlement import Settlement
from .step_order import after_the_payments, contact_id, needs_of_party, needs_of_plan


def discount_note(settlement: Settlement, mapping: Mapping, breakdown: Breakdown, contact_id: str, suffix: int = 0) -> Translation:
    """The CreditNote element over what a payment's deductions take off its invoices. Raises Refused with all problems.

    Its number is the payment's name; a used one gets a `suffix`, as an invoice's does.
    """
    problems: list[Problem] = []
    items, total, tax = [], ZERO, ZERO
    for deduction in breakdown.credits:
        amount = breakdown.own[deduction.account]
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
        if tracking := mapping.tracked(deduction.cost_center):
            item["Tracking"] = tracking
        items.append(item)
        total, tax = total + amount, tax + inside
    centers = [deduction.cost_center for deduction in breakdown.credits]
    problems += mapping.untracked(centers)
    if problems:
        raise Refused(problems)
    body = _header(settlement, mapping, breakdown, contact_id, suffix, total) | {"LineAmountTypes": "Inclusive", "LineItems": items}
    marker = {"Type": body["Type"], "CreditNoteNumber": body["CreditNoteNumber"], "ContactID": contact_id, "Total": total}
    return Translation(body, marker, total, tax, said=mapping.said_of_tracking(centers))


def _header(settlement: Settlement, mapping: Mapping, breakdown: Breakdown, contact_id: str, suffix: int, total: Decimal) -> dict[str, Any]:
    sales, currency = settlement.party_type == "Customer", settlement.party_side.currency
    body: dict[str, Any] = {
        "Type": "ACCRECCREDIT" if sales else "ACCPAYCREDIT",
        "CreditNoteNumber": settlement.name + (f"-R{suffix}" if suffix else ""),
    }
    if sales:
        body["Reference"] = ", ".join(dict.fromkeys(breakdown.parts[each.invoice].name for each in breakdown.allocations))[:REFERENCE_LIMIT]
    body |= {
        "Contact": {"ContactID": contact_id},
        "Date": settlement.posting_date,
        "CurrencyCode": currency,
        "Status": mapping.target_status,
    }
    if currency != mapping.base_currency:
        body["CurrencyRate"] = plain(half_up(total / sum((each.gross for each in breakdown.credits), ZERO), RATE_DECIMALS))
    return body


def _rate_unknown(account: str) -> Problem:
    return Problem(
        "tax-rate-unknown",
        _("The rate of the tax type chosen for {account} was never read from Xero").format(account=account),
        _("Press Refresh From Xero on the Xero Connection, then press Retry"),
    )


def needs_of_discount(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> Needs:
    """The currencies of what is settled and its records, and the party's contact."""
    return needs_of_plan(settlement) | needs_of_party(settlement) | needs_of_contacts(settled_documents(settlement))


def plan_discount(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """Step "credit-1": the credit note over a written-off part or discount, after the payments; its allocations follow."""
    try:
        made = after_the_payments(step, settlement, facts, books, lambda breakdown: int(bool(breakdown.credits)))
        if isinstance(made, Decision):
            return made
        party = facts.get(CONTACT, settlement.named_party)
        if not (xero_id := contact_id(party)):
            return wait_for_contact(settlement.named_party, party)
        translation = discount_note(settlement, books.mapping, made, xero_id, step.number_suffix)
    except Refused as error:
        return refused(error)
    ready = Ready(step, doc, CREDIT_NOTE.made_by, frozenset({step.who.digest, xero_id}), translation=translation)
    taken_off = [made.parts[each.invoice] for each in made.allocations]
    return with_contact_now(ready, [(part.doctype, part.name) for part in taken_off], facts)
