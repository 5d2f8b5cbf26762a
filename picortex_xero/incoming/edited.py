"""Whether a Payment Entry that was a draft made of a payment in Xero is still that payment now that it is submitted. Decides on values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..accounting.money import CENT, ZERO, decimal
from .voucher import ROUNDING

Values = Mapping[str, Any]
SAID = ("payment_type", "posting_date", "party_type", "party")
AMOUNTS = ("paid_amount", "received_amount")
RATES = {"source_exchange_rate": "paid_amount", "target_exchange_rate": "received_amount"}


def is_another(doc: Values, wanted: Values, exchange_account: str, converts: bool = False) -> bool:
    """Whether `doc` (a Payment Entry) differs from the one that was made of the payment (`wanted`, as incoming/voucher.py gives it) in its day, party, money, rate, bank account,
    in what it settles or deducts. What it is called may differ, and what ERPNext books as gained or lost by the exchange on `exchange_account`. `converts`: the party is
    kept in another currency than what is settled."""
    bank = "paid_to" if wanted["payment_type"] == "Receive" else "paid_from"
    return (
        any(str(doc.get(name) or "") != str(wanted[name] or "") for name in (*SAID, bank))
        or any(decimal(doc.get(name)) != decimal(wanted[name]) for name in AMOUNTS)
        or any(_other_rate(doc, wanted, rate, money) for rate, money in RATES.items())
        or _settles_otherwise(doc, wanted, ROUNDING if converts else ZERO)
        or _deducts(doc, exchange_account)
    )


def _other_rate(doc: Values, wanted: Values, rate: str, money: str) -> bool:
    """Whether the rate makes another amount in company currency, beyond the last decimal of either. Where Xero shows no rate, ERPNext has its own."""
    there = decimal(wanted[rate])
    return there > ZERO and abs(decimal(doc.get(rate)) - there) * decimal(wanted[money]) > CENT


def _settles_otherwise(doc: Values, wanted: Values, near: Decimal) -> bool:
    here, there = _sums(doc), _sums(wanted)
    return here.keys() != there.keys() or any(abs(here[each] - there[each]) > near for each in there)


def _sums(voucher: Values) -> dict[tuple[str, str], Decimal]:
    """What it allocates to each document. Of a return that is settled by now nothing tells which sign it had."""
    found: dict[tuple[str, str], Decimal] = {}
    for row in voucher.get("references") or []:
        named = (str(row["reference_doctype"]), str(row["reference_name"]))
        found[named] = found.get(named, ZERO) + abs(decimal(row["allocated_amount"]))
    return {named: amount for named, amount in found.items() if amount}


def _deducts(doc: Values, exchange_account: str) -> bool:
    rows = [
        each for each in doc.get("deductions") or [] if not each.get("is_exchange_gain_loss") and each.get("account") != exchange_account
    ]
    return any(decimal(each.get("amount")) for each in rows) or any(decimal(each.get("tax_amount")) for each in doc.get("taxes") or [])
