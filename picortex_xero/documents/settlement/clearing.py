"""One leg of money that changes its currency -> Spend or Receive Money between a bank account and the clearing account.

Golden pair 12b: Xero's own transfer would choose the second amount itself (CurrencyRate of a BankTransfer is read-only, rules file (a)), so
both amounts go through one clearing account, which ends at zero. A payment in a third currency is cleared the same way: the invoice is paid
from the clearing account, and this is what the bank moved (grade C, unproven live). Off until the admin chooses the account.
"""

from __future__ import annotations

from typing import Any, Literal

from ...accounting.mapping import Mapping
from ...accounting.money import decimal
from ...accounting.problems import Problem, Refused
from ...xero.records.registry import BANK_TRANSACTION
from .. import base
from ..base import Books, Doc, Ready
from ..decisions import Decision, done, refused
from ..host import CONTACT
from ..identity import document_url
from ..needs import Facts, Needs
from ..party.room import wait_for_contact
from ..step import Step
from ..translation import Translation
from .bank_transaction import BankLine, bank_transaction
from .fee import inexact
from .payment import bank_field, mapped_bank, reference_text
from .turns import PAYMENT, contact_id, counted, is_made, needs_of_party, needs_of_plan, party_of, waits_its_turn, what_it_becomes

TEXT = "Currency transfer"


def clearing_leg(doc: dict[str, Any], mapping: Mapping, side: Literal["paid_from", "paid_to"], contact_id: str, url: str) -> Translation:
    """The BankTransaction of one bank account of a payment: a SPEND from `paid_from`, a RECEIVE into `paid_to`. Raises Refused."""
    currency = doc[f"{side}_account_currency"]
    amount = decimal(doc["paid_amount" if side == "paid_from" else "received_amount"])
    base = decimal(doc["base_paid_amount" if side == "paid_from" else "base_received_amount"])
    bank, problems = mapped_bank(doc[side], currency, mapping)
    untaxed = mapping.no_tax()
    problems += [untaxed] if isinstance(untaxed, Problem) else []
    problems += _difference(doc)
    rate = None if currency == mapping.base_currency else base / amount
    problems += [] if rate is None else inexact(doc["name"], amount, rate, base)
    if problems or bank is None or isinstance(untaxed, Problem) or mapping.clearing is None:
        raise Refused(problems or [two_currencies(doc)])
    line = BankLine(TEXT, amount, mapping.clearing.code, untaxed)
    what: Literal["SPEND", "RECEIVE"] = "SPEND" if side == "paid_from" else "RECEIVE"
    return bank_transaction(what, contact_id, bank, str(doc["posting_date"]), reference_text(doc), [line], "NoTax", rate, url)


def _difference(doc: dict[str, Any]) -> list[Problem]:
    """Both legs must be worth the same, or the clearing account would keep the rest."""
    if decimal(doc["base_paid_amount"]) == decimal(doc["base_received_amount"]):
        return []
    return [
        Problem(
            "transfer-difference",
            f"{doc['name']} is worth {doc['base_paid_amount']} where it leaves and {doc['base_received_amount']} where it arrives",
            "Enter both in Xero by hand through a clearing account, and the difference as a fee or exchange difference",
            held=True,
        )
    ]


def two_currencies(doc: dict[str, Any]) -> Problem:
    """A transfer between currencies while no clearing account is chosen (golden pair 12b, `decision`)."""
    given = [f"{doc[f'{side}_account_currency']} {decimal(doc[amount]):.2f}" for side, amount in SIDES]
    return Problem(
        "transfer-two-currencies",
        f"{doc['name']} is a transfer between currencies ({given[0]} to {given[1]}); Xero would choose the second amount itself",
        f"Choose a Clearing Account on the Xero Connection and press Retry, or enter in Xero a Spend Money of {given[0]} from "
        f"{doc['paid_from']} and a Receive Money of {given[1]} into {doc['paid_to']}, both on one clearing account",
        held=True,
    )


SIDES = (("paid_from", "paid_amount"), ("paid_to", "received_amount"))


def needs_of_clearing(step: Step, doc: Doc, settlement: Doc, facts: Facts) -> Needs:
    """The currencies of what is settled, and the party's contact."""
    return needs_of_plan(settlement) | needs_of_party(settlement)


def plan_clearing(step: Step, doc: Doc, settlement: Doc, facts: Facts, books: Books) -> base.Plan | Decision:
    """Step "clearing-1": what the bank moved where the payment itself went through the clearing account."""
    if is_made(step, facts):
        return done()
    if decision := waits_its_turn(step, facts, (PAYMENT,)):
        return decision
    try:
        made = what_it_becomes(settlement, facts, books)
        if decision := counted(step, made, int(made.crosses)):
            return decision
        party = facts.get(CONTACT, party_of(settlement))
        if not (xero_id := contact_id(party)):
            return wait_for_contact(party_of(settlement), party)
        url = document_url(books.site_url, books.instance, step.who, step.revision)
        translation = clearing_leg(settlement, books.mapping, bank_field(settlement), xero_id, url)
    except Refused as error:
        return refused(error)
    return Ready(step, doc, BANK_TRANSACTION.made_by, frozenset({step.who.digest, xero_id}), translation=translation)
