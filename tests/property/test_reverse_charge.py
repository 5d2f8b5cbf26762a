"""Random reverse charges: the two halves cancel out on every line, whatever ERPNext's rounding made of the rows."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from picortex_xero.accounting.tax_types import TaxType
from tests.scene.documents import bill, item, tax_row, translated
from tests.scene.mapping import mapping

REVERSE = TaxType("REVERSECHARGES", Decimal(20), shows_zero=True)
CENT = Decimal("0.01")


def document(seed: int) -> tuple[dict[str, Any], Decimal]:
    """A bill of 1 to 12 lines with a pair of rows at 20 %, and what it comes to."""
    rng = random.Random(seed)
    nets = [Decimal(rng.choice([rng.randint(1, 99), rng.randint(1, 999_999)])) * CENT for _ in range(rng.randint(1, 12))]
    if len(nets) > 2 and rng.random() < 0.3:
        nets[0] = -min(nets[0], sum(nets[1:]))
    due, rounding = sum(nets, Decimal(0)), rng.choice([ROUND_HALF_EVEN, ROUND_HALF_UP])
    tax = float((due * Decimal("0.2")).quantize(CENT, rounding))
    rows = [tax_row(tax, rate=20.0), tax_row(tax, rate=20.0, add_deduct_tax="Deduct")]
    if rng.random() < 0.5:
        rows.reverse()
    return bill([item(float(net)) for net in nets], rows, float(due)), due


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_no_cent_of_a_reverse_charge_is_on_any_line(start: int) -> None:
    choices = mapping(taxes={("Purchases", "GST - KS @ 20 + GST - KS @ -20", ""): REVERSE})
    for seed in range(start, start + 100):
        doc, due = document(seed)
        made = translated(doc, choices)
        assert (made.total, made.tax) == (due, 0), seed
        assert all(line["TaxType"] == "REVERSECHARGES" and "TaxAmount" not in line for line in made.body["LineItems"]), seed
