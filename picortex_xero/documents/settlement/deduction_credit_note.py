"""A written-off part or a settlement discount in a payment's deductions -> one CreditNote over all of them, taken off the invoices.

Whether tax is taken back is the accountant's choice under Xero Deduction Mapping; how much, and under which tax types, the documents that bear
it decide (`discount_tax.py`). It is never a payment from an expense account: that would leave the invoice's tax as it was. Amounts include
tax, since ERPNext's deduction is gross; what ERPNext splits into income and tax is one line for each tax type again.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.exchange import Converted, converted
from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, plain
from ...accounting.own_tax import TypedAmount
from ...accounting.problems import Problem, Refused
from ...accounting.rounding import line_tax
from ...xero.records import document_names
from ...xero.records.registry import CREDIT_NOTE
from .. import base
from ..base import Books, Doc, Ready
from ..decisions import Decision, refused
from ..fact_types import CONTACT
from ..invoice.line_builder import DESCRIPTION_LIMIT
from ..needs import Facts, Needs
from ..party.room import wait_for_contact
from ..step import Step
from ..translation import Translation
from .breakdown import Breakdown
from .contact_now import needs_of_contacts, settled_documents, with_contact_now
from .deductions import Deduction, booked_on
from .discount_tax import OwnTax, discount_tax, needs_of_own_taxes, own_taxes
from .payment_elements import REFERENCE_LIMIT
from .settlement import Settlement
from .step_order import after_the_payments, contact_id, needs_of_party, needs_of_plan


def discount_note(
    settlement: Settlement, mapping: Mapping, breakdown: Breakdown, contact_id: str, suffix: int = 0, own: OwnTax | None = None
) -> Translation:
    """The CreditNote element over what a payment's deductions take off its invoices. Raises Refused with all problems.

    Its number is the payment's name; a used one gets a `suffix`, as an invoice's does. `own` has the tax of the documents that bear the
    deductions; without it the type chosen stands for all of each deduction.
    """
    problems: list[Problem] = []
    items, total, tax = [], ZERO, ZERO
    for deduction in breakdown.credits:
        shares, wrong = discount_tax(settlement, deduction, breakdown, own)
        problems += wrong + ([] if shares else booked_on(settlement, mapping, deduction)[1])
        for share in shares:
            code, refused = booked_on(settlement, mapping, deduction, share.tax_type)
            problems += [each for each in refused if each not in problems]
            items.append(_item(mapping, deduction, code, share))
            total, tax = total + share.gross, tax + share.tax
    centers = [deduction.cost_center for deduction in breakdown.credits]
    problems += mapping.untracked(centers)
    rate = _rate(settlement, mapping, breakdown, total) if total else None
    problems += rate.problems if rate else []
    if problems:
        raise Refused(problems)
    body = _header(settlement, mapping, breakdown, contact_id, suffix)
    if rate:
        body["CurrencyRate"] = rate.rate
    body |= {"LineAmountTypes": "Inclusive", "LineItems": items}
    marker = {"Type": body["Type"], "CreditNoteNumber": body["CreditNoteNumber"], "ContactID": contact_id, "Total": total}
    return Translation(body, marker, total, tax, said=(rate.said if rate else ()) + mapping.said_of_tracking(centers))


def _item(mapping: Mapping, deduction: Deduction, code: str, share: TypedAmount) -> dict[str, Any]:
    item: dict[str, Any] = {
        "Description": deduction.description[:DESCRIPTION_LIMIT],
        "Quantity": Decimal(1),
        "UnitAmount": plain(share.gross),
        "AccountCode": code,
        "TaxType": share.tax_type.code,
    }
    if share.tax != line_tax(share.gross, share.tax_type.shown or ZERO, True):
        item["TaxAmount"] = plain(share.tax)
    if tracking := mapping.tracked(deduction.cost_center):
        item["Tracking"] = tracking
    return item


def _rate(settlement: Settlement, mapping: Mapping, breakdown: Breakdown, total: Decimal) -> Converted | None:
    if settlement.party_side.currency == mapping.base_currency:
        return None
    worth = sum((each.gross for each in breakdown.credits), ZERO)
    return converted(settlement.name, total, worth, worth / total, mapping.base_currency, mapping.accept_rates)


def _header(settlement: Settlement, mapping: Mapping, breakdown: Breakdown, contact_id: str, suffix: int) -> dict[str, Any]:
    sales, currency = settlement.party_type == "Customer", settlement.party_side.currency
    body: dict[str, Any] = {
        "Type": "ACCRECCREDIT" if sales else "ACCPAYCREDIT",
        "CreditNoteNumber": document_names.numbered(settlement.name, suffix),
    }
    if sales:
        body["Reference"] = ", ".join(dict.fromkeys(breakdown.parts[each.invoice].name for each in breakdown.allocations))[:REFERENCE_LIMIT]
    body |= {
        "Contact": {"ContactID": contact_id},
        "Date": settlement.posting_date,
        "CurrencyCode": currency,
        "Status": mapping.target_status,
    }
    return body


def needs_of_discount(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> Needs:
    """The currencies and the tax of what is settled, its records, and the party's contact."""
    found = needs_of_plan(settlement) | needs_of_party(settlement) | needs_of_own_taxes(settlement, facts)
    return found | needs_of_contacts(settled_documents(settlement))


def plan_discount(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """Step "credit-1": the credit note over a written-off part or discount, after the payments; its allocations follow."""
    try:
        made = after_the_payments(step, settlement, facts, books, lambda breakdown: int(bool(breakdown.credits)))
        if isinstance(made, Decision):
            return made
        party = facts.get(CONTACT, settlement.named_party)
        if not (xero_id := contact_id(party)):
            return wait_for_contact(settlement.named_party, party)
        own = own_taxes(made, facts, books.mapping)
        translation = discount_note(settlement, books.mapping, made, xero_id, step.number_suffix, own)
    except Refused as error:
        return refused(error)
    ready = Ready(step, doc, CREDIT_NOTE.made_by, frozenset({step.who.digest, xero_id}), translation=translation)
    taken_off = [made.parts[each.invoice] for each in made.allocations]
    return with_contact_now(ready, [(part.doctype, part.name) for part in taken_off], facts)
