"""A Journal Entry that is a payment or a transfer in all but name, in the shape of the Payment Entry it could have been.

Everything that is known of payments (batches, overpayments and their allocations, fees, refunds, currencies) then holds for it, too. The
shape is ERPNext's own (fact sheet B2): allocated amounts in the party account's currency, negative where a credit is paid back;
deductions in company currency, cost positive.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, half_up
from ..settlement.plan import SET_OFF
from .cases import PAYMENT, case_of
from .rows import BANK, PARTY, PLAIN, TAX, Journal, Leg


def as_payment(entry: Journal) -> dict[str, Any] | None:
    """The journal's dict with a Payment Entry's fields added, where its case is a payment; None otherwise."""
    case = case_of(entry)
    return {**entry.doc, **SHAPES[case.name](entry)} if case.becomes == PAYMENT else None


def _moved(entry: Journal) -> dict[str, Any]:
    """Between two bank accounts: an Internal Transfer."""
    source, goal = sorted(entry.of(BANK), key=lambda leg: leg.amount)
    return {
        "payment_type": "Internal Transfer",
        "party_type": None,
        "party": None,
        **_side("from", source),
        **_side("to", goal),
        **_amounts(abs(source.own), abs(goal.own), goal.amount),
        **_common(entry),
    }


def _paid(entry: Journal) -> dict[str, Any]:
    """One bank account and the trade parties of one account: money received or paid, the other rows being its deductions."""
    money, parties = entry.of(BANK), entry.of(PARTY)
    moved, worth = sum((leg.own for leg in money), ZERO), sum((leg.amount for leg in money), ZERO)
    bank, party = money[0], parties[0]
    # What the party's own currency makes of the money: deductions come on top of it, as they do in a Payment Entry.
    if bank.currency == party.currency:
        in_party_currency = abs(moved)
    elif all(leg.row.get("is_exchange_account") for leg in entry.of(PLAIN, TAX)):
        in_party_currency = abs(sum((leg.own for leg in parties), ZERO))
    else:
        in_party_currency = half_up(abs(worth) / party.rate)
    received = moved > ZERO
    return {
        "payment_type": "Receive" if received else "Pay",
        "party_type": party.row.get("party_type"),
        "party": party.row.get("party"),
        **(_side("from", party) if received else _side("from", bank)),
        **(_side("to", bank) if received else _side("to", party)),
        **(_amounts(in_party_currency, abs(moved), abs(worth)) if received else _amounts(abs(moved), in_party_currency, abs(worth))),
        **_common(entry),
        **_settled(entry),
    }


def _written_off(entry: Journal) -> dict[str, Any]:
    """What is taken off an invoice without money: a payment of nothing with deductions."""
    party = entry.of(PARTY)[0]
    receivable = party.row.get("account_type") == "Receivable"
    nowhere = {"paid_to" if receivable else "paid_from": "", f"paid_{'to' if receivable else 'from'}_account_currency": party.currency}
    return {
        "payment_type": "Receive" if receivable else "Pay",
        "party_type": party.row.get("party_type"),
        "party": party.row.get("party"),
        **_side("to", party),
        **_side("from", party),
        **nowhere,
        **_amounts(ZERO, ZERO, ZERO),
        **_common(entry),
        **_settled(entry),
    }


def _set_off(entry: Journal) -> dict[str, Any]:
    """Each reference is a payment of its own, of an invoice into the clearing account or of a bill from it."""
    base = entry.mapping.base_currency
    sides = {"paid_from_account_currency": base, "paid_to_account_currency": base}
    return {
        "payment_type": SET_OFF,
        "party_type": None,
        "party": None,
        **sides,
        **_amounts(ZERO, ZERO, ZERO),
        **_common(entry),
        **_settled(entry),
    }


def _settled(entry: Journal) -> dict[str, Any]:
    """References and deductions; a receivable is settled by credit, a payable by debit."""
    return {
        "references": [
            {
                "reference_doctype": leg.row["reference_type"],
                "reference_name": leg.row["reference_name"],
                "allocated_amount": -leg.own if leg.row.get("account_type") == "Receivable" else leg.own,
                "exchange_rate": leg.rate,
            }
            for leg in entry.of(PARTY)
            if leg.row.get("reference_name")
        ],
        "deductions": [
            {
                "account": leg.account,
                "amount": leg.amount,
                "cost_center": leg.row.get("cost_center"),
                "description": leg.row.get("user_remark") or entry.doc.get("user_remark"),
                "is_exchange_gain_loss": int(bool(leg.row.get("is_exchange_account"))),
            }
            for leg in entry.of(PLAIN, TAX)
        ],
    }


def _amounts(paid: Decimal, received: Decimal, worth: Decimal) -> dict[str, Decimal]:
    """What left and what arrived, each in its account's currency; both are worth the same in company currency, as the journal balances."""
    return {"paid_amount": paid, "received_amount": received, "base_paid_amount": worth, "base_received_amount": worth}


def _side(side: str, leg: Leg) -> dict[str, Any]:
    rate = "source_exchange_rate" if side == "from" else "target_exchange_rate"
    return {f"paid_{side}": leg.account, f"paid_{side}_account_currency": leg.currency, rate: leg.rate}


def _common(entry: Journal) -> dict[str, Any]:
    return {"reference_no": entry.doc.get("cheque_no"), "references": [], "deductions": [], "taxes": []}


SHAPES: dict[str, Callable[[Journal], dict[str, Any]]] = {
    "transfer": _moved,
    "pays": _paid,
    "set-off": _set_off,
    "write-off": _written_off,
}
