"""Money between own bank accounts -> BankTransfer; between two currencies Spend and Receive Money through the clearing account.

Steps "payment", and between two currencies "clearing-1" for the second leg.
"""

from __future__ import annotations

from ...accounting.currencies import too_many_decimals
from ...accounting.mapping import Mapping
from ...accounting.money import decimals, half_up, plain
from ...accounting.problems import Problem, Refused
from ...accounting.texts import _
from ...xero.records.registry import BANK_TRANSACTION, BANK_TRANSFER
from .. import base
from ..base import Books, Doc, Ready
from ..decisions import Ask, Decision, done, refused
from ..fact_types import CONTACT, Named
from ..identity import document_url
from ..needs import NOTHING, Facts, Needs
from ..party.room import wait_for_contact
from ..step import Step
from ..still_in_xero import held_before_its_contact
from ..translation import Translation
from .clearing import clearing_leg, two_currencies
from .payment_elements import mapped_bank, reference_text
from .settlement import Settlement, SettlementKind, SpendOrReceive
from .step_order import CLEARING_ROLE, PAYMENT_ROLE, contact_id, is_made, waits_for_payment, waits_its_turn

LEGS: tuple[SpendOrReceive, SpendOrReceive] = ("SPEND", "RECEIVE")


def transfer(settlement: Settlement, mapping: Mapping) -> Translation:
    """The BankTransfer element of an internal transfer. Raises Refused with all problems."""
    leaves, wrong_leaves = mapped_bank(settlement.leaves, mapping)
    arrives, wrong_arrives = mapped_bank(settlement.arrives, mapping)
    problems = wrong_leaves + wrong_arrives
    if leaves and arrives and leaves.account_id == arrives.account_id:
        problems.append(_one_account(settlement, mapping))
    if settlement.between_currencies:
        problems.append(two_currencies(settlement))
    elif settlement.deductions or settlement.leaves.amount != settlement.arrives.amount:
        # A BankTransfer has one amount only: a fee that a bank kept has no place in it.
        problems.append(
            Problem(
                "transfer-with-fee",
                _("{name} is a transfer of which a part was kept back").format(name=settlement.name),
                _("In Xero, enter a transfer of what arrived in {to_account}, and the rest as a Spend Money from {from_account}").format(
                    to_account=settlement.arrives.account, from_account=settlement.leaves.account
                ),
                held=True,
            )
        )
    amount, currency = settlement.leaves.amount, settlement.leaves.currency
    if decimals(amount) > 2:
        what = _("{amount} {currency} at the bank has more than two decimals; Xero keeps two").format(amount=amount, currency=currency)
        problems.append(too_many_decimals(what, currency))
    if problems or leaves is None or arrives is None:
        raise Refused(problems)
    body = {
        "FromBankAccount": {"AccountID": leaves.account_id},
        "ToBankAccount": {"AccountID": arrives.account_id},
        "Amount": plain(amount),
        "Date": settlement.posting_date,
        "Reference": reference_text(settlement),
    }
    marker = {
        "Reference": body["Reference"],
        "From": leaves.account_id,
        "To": arrives.account_id,
        "Amount": half_up(amount),
        "Date": body["Date"],
    }
    return Translation(body, marker, amount)


def _one_account(settlement: Settlement, mapping: Mapping) -> Problem:
    """Both accounts are mapped to one account in Xero, between which Xero has nothing to transfer."""
    sides = [settlement.leaves.account, settlement.arrives.account]
    default = [side for side in sides if mapping.by_default(side)]
    known = {"from_account": sides[0], "to_account": sides[1]}
    if len(default) == 2:
        what = _(
            "{from_account} and {to_account} are mapped to the same account in Xero ({from_account} and {to_account} by the Default Payment Account)"
        ).format(**known)
    elif default:
        what = _(
            "{from_account} and {to_account} are mapped to the same account in Xero ({default} by the Default Payment Account)"
        ).format(**known, default=default[0])
    else:
        what = _("{from_account} and {to_account} are mapped to the same account in Xero").format(**known)
    return Problem(
        "transfer-one-account",
        what,
        _("Map each of them to a bank account of its own under Bank and payment accounts in Mapping"),
    )


def is_transfer(settlement: Settlement) -> bool:
    """Whether money only moves between own accounts."""
    return settlement.kind is SettlementKind.TRANSFER


def needs_of_transfer(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> Needs:
    """The facts for a transfer: between two currencies, the company's own contact."""
    return CONTACT.of([_company(doc)]) if settlement.between_currencies else NOTHING


def plan_transfer(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """A transfer; between two currencies its first leg, where the admin has chosen a clearing account."""
    if settlement.between_currencies and books.mapping.clearing:
        ask = Ask(f"{CLEARING_ROLE}-1", waits_for=step.role.text, because=waits_for_payment(step.who.name))
        return _leg(step, doc, settlement, facts, books, "SPEND", (ask,))
    try:
        made = transfer(settlement, books.mapping)
    except Refused as error:
        return refused(error)
    return Ready(step, doc, BANK_TRANSFER.made_by, frozenset({step.who.digest}), translation=made)


def plan_second_leg(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """The other leg of a transfer between two currencies."""
    if is_made(step, facts):
        return done()
    return waits_its_turn(step, facts, (PAYMENT_ROLE,)) or _leg(step, doc, settlement, facts, books, "RECEIVE")


def _leg(
    step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books, what: SpendOrReceive, asks: tuple[Ask, ...] = ()
) -> base.Plan | Decision:
    url = document_url(books.site_url, books.instance, step.who, step.revision)
    try:
        # Both legs are built first, to find all problems: so a transfer is never sent in part.
        both = [clearing_leg(settlement, books.mapping, way, "", url).body for way in LEGS]
        if what == "SPEND" and (held := held_before_its_contact(books.mapping, *both)):
            return held
        # Money that moves between own accounts is with the company itself.
        owner = facts.get(CONTACT, _company(doc))
        if not (xero_id := contact_id(owner)):
            return wait_for_contact(_company(doc), owner)
        made = clearing_leg(settlement, books.mapping, what, xero_id, url)
    except Refused as error:
        return refused(error)
    return Ready(step, doc, BANK_TRANSACTION.made_by, frozenset({step.who.digest}), translation=made, asks=asks)


def _company(doc: Doc) -> Named:
    return "Company", doc["company"]
