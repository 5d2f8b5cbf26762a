"""Money between own bank accounts -> BankTransfer, where both are in one currency; between two, a leg each to and from the clearing account.

Steps "payment", and between two currencies "clearing-1" for the second leg.
"""

from __future__ import annotations

from typing import Any, Literal

from ...accounting.mapping import Mapping
from ...accounting.money import decimal, half_up, plain
from ...accounting.problems import Problem, Refused
from ...xero.records.registry import BANK_TRANSACTION, BANK_TRANSFER
from .. import base
from ..base import Books, Doc, Ready
from ..decisions import Ask, Decision, done, refused
from ..host import CONTACT, Named
from ..identity import document_url
from ..needs import NOTHING, Facts, Needs
from ..party.room import wait_for_contact
from ..step import Step
from ..translation import Translation
from .clearing import clearing_leg, two_currencies
from .payment import mapped_bank, reference_text
from .turns import CLEARING, PAYMENT, contact_id, is_made, waits_for_payment, waits_its_turn


def between_currencies(doc: dict[str, Any]) -> bool:
    """Whether a transfer changes the money's currency."""
    return bool(doc["paid_from_account_currency"] != doc["paid_to_account_currency"])


def transfer(doc: dict[str, Any], mapping: Mapping) -> Translation:
    """The BankTransfer element of an internal transfer. Raises Refused with all problems."""
    problems: list[Problem] = []
    ids = {}
    for side in ("paid_from", "paid_to"):
        found, wrong = mapped_bank(doc[side], doc[f"{side}_account_currency"], mapping)
        problems += wrong
        if found:
            ids[side] = found.account_id
    if len(ids) == 2 and len(set(ids.values())) == 1:
        problems.append(_one_account(doc, mapping))
    if between_currencies(doc):
        problems.append(two_currencies(doc))
    elif doc.get("deductions") or decimal(doc["paid_amount"]) != decimal(doc["received_amount"]):
        # One amount is all a transfer has: what a bank kept of it would be lost.
        problems.append(
            Problem(
                "transfer-with-fee",
                f"{doc['name']} is a transfer of which a part was kept back",
                f"In Xero, enter a transfer of what arrived in {doc['paid_to']}, and the rest as a Spend Money from {doc['paid_from']}",
                held=True,
            )
        )
    if problems:
        raise Refused(problems)
    amount = decimal(doc["paid_amount"])
    body = {
        "FromBankAccount": {"AccountID": ids["paid_from"]},
        "ToBankAccount": {"AccountID": ids["paid_to"]},
        "Amount": plain(amount),
        "Date": str(doc["posting_date"]),
        "Reference": reference_text(doc),
    }
    marker = {
        "Reference": body["Reference"],
        "From": ids["paid_from"],
        "To": ids["paid_to"],
        "Amount": half_up(amount),
        "Date": body["Date"],
    }
    return Translation(body, marker, amount)


def _one_account(doc: dict[str, Any], mapping: Mapping) -> Problem:
    """Both sides are one account in Xero, and to move money from an account to itself is nothing."""
    sides = [doc["paid_from"], doc["paid_to"]]
    default = [side for side in sides if mapping.by_default(side)]
    how = f" ({' and '.join(default)} by the Default Payment Account)" if default else ""
    return Problem(
        "transfer-one-account",
        f"{sides[0]} and {sides[1]} are mapped to the same account in Xero{how}",
        "Map each of them to a bank account of its own under Xero Payment Mapping",
    )


def is_transfer(settlement: Doc) -> bool:
    """Whether money only moves between own accounts."""
    return bool(settlement["payment_type"] == "Internal Transfer")


def needs_of_transfer(step: Step, doc: Doc, settlement: Doc, facts: Facts) -> Needs:
    """Between two currencies the company's own contact."""
    return CONTACT.of([_company(doc)]) if between_currencies(settlement) else NOTHING


def plan_transfer(step: Step, doc: Doc, settlement: Doc, facts: Facts, books: Books) -> base.Plan | Decision:
    """A transfer; between two currencies its first leg, where the admin has chosen a clearing account."""
    if is_made(step, facts):
        return done()
    if between_currencies(settlement) and books.mapping.clearing:
        ask = Ask(f"{CLEARING}-1", waits_for=step.role.text, because=waits_for_payment(step.who.name))
        return _leg(step, doc, settlement, facts, books, "paid_from", (ask,))
    try:
        made = transfer(settlement, books.mapping)
    except Refused as error:
        return refused(error)
    return Ready(step, doc, BANK_TRANSFER.made_by, frozenset({step.who.digest}), translation=made)


def plan_second_leg(step: Step, doc: Doc, settlement: Doc, facts: Facts, books: Books) -> base.Plan | Decision:
    """The other leg of a transfer between two currencies."""
    if is_made(step, facts):
        return done()
    return waits_its_turn(step, facts, (PAYMENT,)) or _leg(step, doc, settlement, facts, books, "paid_to")


def _leg(
    step: Step, doc: Doc, settlement: Doc, facts: Facts, books: Books, side: Literal["paid_from", "paid_to"], asks: tuple[Ask, ...] = ()
) -> base.Plan | Decision:
    url = document_url(books.site_url, books.instance, step.who, step.revision)
    try:
        # Both, so that a transfer is never sent half; without a contact yet, this finds every problem all the same.
        for each in ("paid_from", "paid_to"):
            clearing_leg(settlement, books.mapping, each, "", url)
        # Money that moves between own accounts is with the company itself.
        owner = facts.get(CONTACT, _company(doc))
        if not (xero_id := contact_id(owner)):
            return wait_for_contact(_company(doc), owner)
        made = clearing_leg(settlement, books.mapping, side, xero_id, url)
    except Refused as error:
        return refused(error)
    return Ready(step, doc, BANK_TRANSACTION.made_by, frozenset({step.who.digest}), translation=made, asks=asks)


def _company(doc: Doc) -> Named:
    return "Company", doc["company"]
