"""Payment Entry "Internal Transfer" -> BankTransfer between two bank accounts of one currency; between two, see `clearing`."""

from __future__ import annotations

from ...accounting.mapping import Mapping
from ...accounting.money import half_up, plain
from ...accounting.problems import Problem, Refused
from ..settlement.clearing import two_currencies
from ..settlement.payment import mapped_bank, reference_text
from ..settlement.settlement import Settlement
from ..translation import Translation


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
        # One amount is all a transfer has: what a bank kept of it would be lost.
        problems.append(
            Problem(
                "transfer-with-fee",
                f"{settlement.name} is a transfer of which a part was kept back",
                f"In Xero, enter a transfer of what arrived in {settlement.arrives.account}, and the rest as a Spend Money from "
                f"{settlement.leaves.account}",
                held=True,
            )
        )
    if problems or leaves is None or arrives is None:
        raise Refused(problems)
    amount = settlement.leaves.amount
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
    """Both sides are one account in Xero, and to move money from an account to itself is nothing."""
    sides = [settlement.leaves.account, settlement.arrives.account]
    default = [side for side in sides if mapping.by_default(side)]
    how = f" ({' and '.join(default)} by the Default Payment Account)" if default else ""
    return Problem(
        "transfer-one-account",
        f"{sides[0]} and {sides[1]} are mapped to the same account in Xero{how}",
        "Map each of them to a bank account of its own under Xero Payment Mapping",
    )
