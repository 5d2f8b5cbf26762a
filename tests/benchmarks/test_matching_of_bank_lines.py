"""The measuring of the matching: what counts as right, and that the app's matching is far better than the two simple ones on the generator that may be looked at."""

from __future__ import annotations

from decimal import Decimal

import pytest

from benchmarks.bank_lines.judging import Count, equal, wilson
from benchmarks.bank_lines.measuring import measured, printed
from benchmarks.bank_lines.values import NOTHING, RETURNED, TRANSFER, VOUCHERS, Answer, Truth

PAID = Answer(VOUCHERS, ((("Sales Invoice", "INV-1", ""), Decimal("10.00")),))


def test_right_is_only_what_equals_the_truth() -> None:
    assert equal(PAID, Answer(VOUCHERS, ((("Sales Invoice", "INV-1", ""), Decimal("10.000")),), Decimal("0.00")))
    assert not equal(PAID, Answer(VOUCHERS, ((("Sales Invoice", "INV-2", ""), Decimal("10.00")),)))
    assert not equal(PAID, Answer(VOUCHERS, ((("Sales Invoice", "INV-1", ""), Decimal("9.00")),)))
    assert not equal(PAID, Answer(VOUCHERS, PAID.vouchers, Decimal("-0.50")))
    assert equal(Answer(TRANSFER, line="L1"), Answer(TRANSFER, line="L1")) and not equal(
        Answer(RETURNED, line="L1"), Answer(TRANSFER, line="L1")
    )
    assert not equal(Answer(NOTHING), Answer(NOTHING))


def test_a_guess_counts_and_is_shown_apart() -> None:
    count = Count()
    for truth, answer in (
        (Truth("a", PAID, True), PAID),
        (Truth("a", PAID, True), None),
        (Truth("a", PAID, False), PAID),
        (Truth("a", Answer(NOTHING), False), PAID),
        (Truth("a", Answer(NOTHING), False), None),
    ):
        count.add(truth, answer)
    assert (count.right, count.abstained, count.guessed, count.guessed_wrong, count.left) == (1, 1, 1, 1, 1)
    assert count.precision == pytest.approx(2 / 3) and count.coverage == 0.5


def test_wilson() -> None:
    assert wilson(1000, 1000) == pytest.approx(0.99617, abs=1e-5) and wilson(0, 0) == 0


def test_the_app_beats_both() -> None:
    found = measured("tuning", (31, 32), 400)
    ours, erpnext, amount = (found[name].all for name in found)
    assert ours.precision >= 0.995 and ours.coverage >= 0.88
    assert erpnext.coverage < 0.3 and amount.precision < 0.9
    assert any(row.startswith("| whole number |") for row in printed(found))
