"""Payment Entry "Internal Transfer" -> BankTransfer between two bank accounts of one currency.

Between two currencies Xero would choose the second amount itself (CurrencyRate of a transfer is read-only): held with the recipe.
"""

from __future__ import annotations

from typing import Any

from ..mapping import Mapping
from ..money import decimal, half_up, plain
from ..problems import Problem, Refused
from . import Translation
from .invoice import LATER
from .payment import REFERENCE_LIMIT


def transfer(doc: dict[str, Any], mapping: Mapping) -> Translation:
    """The BankTransfer element of an internal transfer. Raises Refused with all problems."""
    problems: list[Problem] = []
    ids = {}
    for side in ("paid_from", "paid_to"):
        found = mapping.payment_account(doc[side])
        if isinstance(found, Problem):
            problems.append(found)
        else:
            ids[side] = found.account_id
            currency = doc[f"{side}_account_currency"]
            if found.currency and found.currency != currency:
                problems.append(
                    Problem(
                        "payment-account-currency",
                        f"{doc[side]} is in {currency}, the Xero account it is mapped to is in {found.currency}",
                        f"Map {doc[side]} to a {currency} bank account under Xero Payment Mapping",
                    )
                )
    if len(ids) == 2 and len(set(ids.values())) == 1:
        problems.append(
            Problem(
                "transfer-one-account",
                f"{doc['paid_from']} and {doc['paid_to']} are mapped to the same account in Xero",
                "Map each of them to a bank account of its own under Xero Payment Mapping",
            )
        )
    if doc["paid_from_account_currency"] != doc["paid_to_account_currency"]:
        problems.append(
            Problem(
                "transfer-two-currencies",
                f"{doc['name']} moves {doc['paid_from_account_currency']} into {doc['paid_to_account_currency']}; Xero would choose the second amount itself",
                "Enter it in Xero by hand as a spend and a receive through a clearing account",
                held=True,
            )
        )
    elif doc.get("deductions") or decimal(doc["paid_amount"]) != decimal(doc["received_amount"]):
        # One amount is all a transfer has: what a bank kept of it would be lost.
        problems.append(Problem("later-deductions", f"Payment Entry {doc['name']} has deductions (fees)", LATER, held=True))
    if problems:
        raise Refused(problems)
    amount = decimal(doc["paid_amount"])
    body = {
        "FromBankAccount": {"AccountID": ids["paid_from"]},
        "ToBankAccount": {"AccountID": ids["paid_to"]},
        "Amount": plain(amount),
        "Date": str(doc["posting_date"]),
        "Reference": f"{doc['name']} {doc.get('reference_no') or ''}".strip()[:REFERENCE_LIMIT],
    }
    marker = {
        "Reference": body["Reference"],
        "From": ids["paid_from"],
        "To": ids["paid_to"],
        "Amount": half_up(amount),
        "Date": body["Date"],
    }
    return Translation(body, marker, amount)
