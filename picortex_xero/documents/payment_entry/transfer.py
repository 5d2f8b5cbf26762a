"""Payment Entry "Internal Transfer" -> BankTransfer between two bank accounts of one currency; between two, see `clearing`."""

from __future__ import annotations

from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import decimal, half_up, plain
from ...accounting.problems import Problem, Refused
from ..settlement.clearing import two_currencies
from ..settlement.payment import mapped_bank, reference_text
from ..translation import Translation


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
