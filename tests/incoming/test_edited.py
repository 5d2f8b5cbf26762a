"""A draft that was made of a payment in Xero and is submitted as another payment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.incoming.edited import is_another
from picortex_xero.incoming.voucher import voucher
from tests.incoming.payments import BANK, SALE, known, payment

WANTED = voucher(payment(), [SALE], BANK, known())
ROW = WANTED["references"][0]


def as_submitted(**changes: Any) -> dict[str, Any]:
    return {**WANTED, "paid_amount": 115.0, "received_amount": 115.0, **changes}


def test_a_draft_that_was_submitted_as_it_was_is_the_payment() -> None:
    halves = [{**ROW, "allocated_amount": 57.5}, {**ROW, "allocated_amount": 57.5}]
    exchange = [{"account": "Exchange - K", "amount": 0.01}, {"account": "Other - K", "amount": 3, "is_exchange_gain_loss": 1}]
    for changes in ({}, {"reference_no": "another", "paid_from": "Other - K"}, {"references": halves}, {"deductions": exchange}):
        assert not is_another(as_submitted(**changes), WANTED, "Exchange - K"), changes


@pytest.mark.parametrize(
    "changes",
    [
        {"posting_date": "2026-06-01"},
        {"party": "Moa"},
        {"payment_type": "Pay"},
        {"paid_to": "Till - K"},
        {"paid_amount": 114.99},
        {"received_amount": 110},
        {"source_exchange_rate": Decimal("1.01")},
        {"references": []},
        {"references": [{**ROW, "reference_name": "SINV-2"}]},
        {"references": [{**ROW, "allocated_amount": 100}]},
        {"deductions": [{"account": "Fees - K", "amount": 5}]},
        {"taxes": [{"tax_amount": 15}]},
    ],
)
def test_what_makes_it_another_payment(changes: dict[str, Any]) -> None:
    assert is_another(as_submitted(**changes), WANTED, "Exchange - K")


def test_rounding_explains_some_cents_only_where_amounts_are_converted() -> None:
    near = as_submitted(references=[{**ROW, "allocated_amount": 114.96}])
    assert is_another(near, WANTED, "") and not is_another(near, WANTED, "", converts=True)


def test_a_rate_is_compared_as_far_as_it_makes_money_and_xero_shows_one() -> None:
    abroad = {**WANTED, "source_exchange_rate": Decimal("1.666666667")}
    assert not is_another(as_submitted(source_exchange_rate=1.66666667), abroad, "")
    assert is_another(as_submitted(source_exchange_rate=1.7), abroad, "")
    assert not is_another(as_submitted(source_exchange_rate=1.7), {**WANTED, "source_exchange_rate": Decimal(0)}, "")
