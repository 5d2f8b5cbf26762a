"""A fee in a payment's deductions -> Spend Money (or, the other way round, Receive Money) with its tax.

A fee kept back (the bank got less than was settled) goes through a clearing account of type bank: a payment of the invoice has filled that,
and this empties it. A fee on top (the bank paid more) is spent from the bank itself; one line of the bank statement is then matched with
two transactions in Xero (not yet tried on a live Xero). Amounts include tax, since ERPNext's deduction is gross.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ...accounting.exchange import Converted, converted
from ...accounting.mapping import Mapping
from ...accounting.problems import Refused
from ...xero.records.registry import BANK_TRANSACTION
from .. import base
from ..base import Books, Doc, Ready
from ..decisions import Decision, refused
from ..fact_types import FEE_CONTACT
from ..identity import document_url
from ..needs import Facts, Needs
from ..party.room import wait_for_contact
from ..step import Step
from ..translation import Translation
from .bank_transaction import BankLine, bank_transaction
from .breakdown import Breakdown, fee_reference, spent
from .deductions import booked_on, rows, tax_inside
from .payment_elements import bank_account
from .settlement import Settlement, SpendOrReceive
from .step_order import FEE_OWNER, after_the_payments, contact_id, needs_of_plan


def fee(settlement: Settlement, mapping: Mapping, breakdown: Breakdown, number: int, contact_id: str, url: str) -> Translation:
    """The BankTransaction element of the `number`-th fee (from 1). Raises Refused with all problems."""
    deduction = breakdown.fees[number - 1]
    bank, problems = (deduction.choice.clearing, []) if breakdown.short else bank_account(settlement, mapping)
    amount = deduction.gross if breakdown.short else spent(settlement, mapping, deduction, breakdown.own)
    abroad = not breakdown.short and settlement.bank_side.currency != mapping.base_currency
    rate = exact_rate(settlement, mapping, amount, deduction.gross) if abroad else None
    code, refused = booked_on(settlement, mapping, deduction)
    tax, wrong = tax_inside(settlement, deduction, amount, settlement.bank_side.currency if abroad else mapping.base_currency)
    problems += mapping.untracked([deduction.cost_center])
    problems += refused + wrong + (rate.problems if rate else [])
    if problems or bank is None or deduction.choice.tax_type is None:
        raise Refused(problems)
    line = BankLine(
        deduction.description,
        amount,
        code,
        deduction.choice.tax_type,
        mapping.tracking.get(deduction.cost_center),
        None if deduction.tax is None else tax,
    )
    made = bank_transaction(
        _what(settlement, breakdown.short),
        contact_id,
        bank,
        settlement.posting_date,
        fee_reference(settlement, number),
        [line],
        "Inclusive",
        rate,
        url,
    )
    return replace(made, said=made.said + mapping.said_of_tracking([deduction.cost_center]))


def exact_rate(settlement: Settlement, mapping: Mapping, amount: Decimal, worth: Decimal) -> Converted:
    """The rate at which `amount` of a bank's own currency is `worth` that much in the books. A clearing account would keep for ever what
    Xero's six decimals of a rate make of it."""
    base, accepted = mapping.base_currency, mapping.accept_rates
    return converted(settlement.name, amount, worth, worth / amount, base, accepted, to_the_cent=True)


def _what(settlement: Settlement, short: bool) -> SpendOrReceive:
    return "SPEND" if settlement.receives is short else "RECEIVE"


def needs_of_fee(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> Needs:
    """The currencies of what is settled, and with whom the fees are."""
    return needs_of_plan(settlement) | FEE_CONTACT.of({row.account for row in rows(settlement)})


def plan_fee(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """Step "fee-n": the money spent on one fee, after the payments that it belongs to."""
    try:
        made = after_the_payments(step, settlement, facts, books, lambda breakdown: len(breakdown.fees))
        if isinstance(made, Decision):
            return made
        mine = made.fees[step.role.number - 1]
        owner = facts.get(FEE_CONTACT, mine.account)
        if not (xero_id := contact_id(owner)):
            return wait_for_contact((FEE_OWNER, mine.choice.row), owner)
        # Each fee has a Url of its own, which may be all that finds it again.
        url = document_url(books.site_url, books.instance, step.who, step.revision, step.role.in_mark)
        translation = fee(settlement, books.mapping, made, step.role.number, xero_id, url)
    except Refused as error:
        return refused(error)
    return Ready(step, doc, BANK_TRANSACTION.made_by, frozenset({step.who.digest, xero_id}), translation=translation)
