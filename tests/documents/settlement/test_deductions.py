"""Deductions of payments: what is read from the rows, and every choice that is missing or cannot hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.documents.settlement.deductions import (
    AS_CREDIT_NOTE,
    AS_FEE,
    booked_on,
    deductions,
    missing,
    tax_inside,
    untaxed_discounts,
)
from picortex_xero.documents.settlement.settlement import Settlement
from tests.scene.documents import deduction, receipt, reference
from tests.scene.mapping import GST, NONE, chosen, mapping

D = Decimal
DISCOUNT = "Discounts Allowed - KS"


def short(*rows: dict[str, Any], **changes: Any) -> Settlement:
    """A receipt of 90 for an invoice of 100."""
    return receipt([reference("SINV-1", 100.0)], 90.0, **{"deductions": list(rows), **changes})


def pay(*rows: dict[str, Any]) -> Settlement:
    """A payment to a supplier with these deductions."""
    return short(*rows, payment_type="Pay", party_type="Supplier")


def choices(**treatments: Any) -> Mapping:
    """Bank fees as a fee, discounts as a credit note with GST, unless said otherwise."""
    usual = {"Bank Fees - KS": chosen(AS_FEE), DISCOUNT: chosen(AS_CREDIT_NOTE, GST)}
    return mapping(deductions={**usual, **treatments})


def codes(settlement: Settlement, **treatments: Any) -> list[str]:
    found = deductions(settlement, choices(**treatments))
    assert all(
        problem.held and "PAY-1" in problem.message and problem.resolution for problem in found.problems if "incomplete" not in problem.code
    )
    assert not found.problems or not found.each or not found.short
    return [problem.code for problem in found.problems]


def test_rows_of_one_account_are_one_and_exchange_differences_none() -> None:
    settlement = short(
        deduction(6.0, description="Card"), deduction(4.0, description="Wire"), {**deduction(2.0, "FX - KS"), "is_exchange_gain_loss": 1}
    )
    found = deductions(settlement, choices())
    (only,) = found.each
    assert (only.account, only.gross, only.description, only.cost_center) == ("Bank Fees - KS", D(10), "Card; Wire", "Main - KS")
    assert found.short and found.chosen(AS_FEE) == [only] and not found.chosen(AS_CREDIT_NOTE) and only.tax is None
    assert missing(settlement) == 10


def test_a_bill_paid_short_is_short_too_and_a_fee_on_top_is_not() -> None:
    assert deductions(pay(deduction(-3.2)), choices()).short and missing(pay(deduction(-3.2))) == D("3.2")
    on_top = deductions(pay(deduction(15.0)), choices())
    assert not on_top.short and on_top.each[0].gross == 15 and not on_top.problems


def test_income_and_tax_of_a_discount_are_one_again() -> None:
    (only,) = deductions(short(deduction(12.59, DISCOUNT), deduction(1.89, "GST - KS")), choices()).each
    assert (only.gross, only.tax) == (D("14.48"), D("1.89"))


@pytest.mark.parametrize(
    ("settlement", "treatments", "expected"),
    [
        (short(deduction(10.0, "Write Off - KS")), {}, ["deduction-unmapped"]),
        (short(deduction(10.0)), {"Bank Fees - KS": chosen("Hold")}, ["deduction-held"]),
        (short(deduction(10.0)), {"Bank Fees - KS": chosen(AS_FEE, clearing=None)}, ["deduction-incomplete"]),
        (short(deduction(10.0)), {"Bank Fees - KS": chosen(AS_FEE, None)}, ["deduction-incomplete"]),
        (short(deduction(12.0), deduction(-2.0, DISCOUNT)), {}, ["deduction-mixed"]),
        (short(deduction(10.0, "GST - KS")), {}, ["deduction-tax-unclear"]),
        (short(deduction(5.0), deduction(4.0, DISCOUNT), deduction(1.0, "GST - KS")), {}, ["deduction-tax-unclear"]),
        (pay(deduction(5.0, DISCOUNT)), {}, ["deduction-not-short"]),
        (short(deduction(1.0, "A - KS"), deduction(1.0, "B - KS")), {}, ["deduction-unmapped", "deduction-unmapped"]),
        (short(deduction(1.0), deduction(-1.0)), {}, []),
    ],
)
def test_what_cannot_be_treated_is_held_with_its_reason(settlement: Settlement, treatments: dict[str, Any], expected: list[str]) -> None:
    assert codes(settlement, **treatments) == expected


def test_an_account_of_taxes_that_was_mapped_as_a_deduction_is_one() -> None:
    (only,) = deductions(short(deduction(10.0, "GST - KS")), choices(**{"GST - KS": chosen(AS_CREDIT_NOTE)})).each
    assert only.tax is None and only.gross == 10


@pytest.mark.parametrize(
    ("tax", "kind", "inside", "wrong"),
    [
        (None, GST, D("1.89"), []),
        (None, NONE, D(0), []),
        ("1.89", GST, D("1.89"), []),
        ("1.90", GST, D("1.90"), []),
        ("1.91", GST, None, ["deduction-tax-differs"]),
        ("1.89", NONE, None, ["deduction-tax-differs"]),
        ("0.00", GST, None, ["deduction-tax-differs"]),
    ],
)
def test_the_tax_inside_is_the_hosts_or_what_the_chosen_type_makes(tax: str | None, kind: Any, inside: Any, wrong: list[str]) -> None:
    rows = (
        [deduction(14.48, DISCOUNT)]
        if tax is None
        else [deduction(float(D("14.48") - D(tax)), DISCOUNT), deduction(float(tax), "GST - KS")]
    )
    (only,) = deductions(short(*rows), choices(**{DISCOUNT: chosen(AS_CREDIT_NOTE, kind)})).each
    if tax == "0.00":
        only = type(only)(**{**only.__dict__, "tax": D(0)})
    found, problems = tax_inside(short(), only, D("14.48"))
    assert (found, [problem.code for problem in problems]) == (inside, wrong)


def test_the_account_must_take_the_tax_type() -> None:
    expense_only = type(GST)("INPUT2", D(15), classes=frozenset({"EXPENSE"}))
    settings = choices(**{DISCOUNT: chosen(AS_CREDIT_NOTE, expense_only)})
    settings = type(settings)(**{**settings.__dict__, "accounts": {DISCOUNT: "206"}, "xero_classes": {"206": "REVENUE"}})
    (only,) = deductions(short(deduction(5.0, DISCOUNT)), settings).each
    code, problems = booked_on(short(), settings, only)
    assert code == "206" and [problem.code for problem in problems] == ["deduction-tax-refused"]
    code, problems = booked_on(short(), mapping(deductions=settings.deductions, accounts={}), only)
    assert code == "" and [problem.code for problem in problems] == ["account-unmapped"]


def test_a_discount_takes_back_no_tax_of_an_invoice_without_any() -> None:
    settlement = short(deduction(10.0, DISCOUNT))
    (credit,) = deductions(settlement, choices()).each
    (problem,) = untaxed_discounts(settlement, [credit], ["SINV-1"])
    assert (problem.code, problem.held) == ("deduction-of-untaxed", True)
    assert "PAY-1" in problem.message and "SINV-1" in problem.message and DISCOUNT in problem.message and problem.resolution
    assert untaxed_discounts(settlement, [credit], []) == []
    (untaxed,) = deductions(settlement, choices(**{DISCOUNT: chosen(AS_CREDIT_NOTE, NONE)})).each
    assert untaxed_discounts(settlement, [untaxed], ["SINV-1"]) == []


def test_tax_that_the_host_itself_took_back_stands() -> None:
    settlement = short(deduction(8.7, DISCOUNT), deduction(1.3, "GST - KS"))
    (credit,) = deductions(settlement, choices()).each
    assert credit.tax is not None and untaxed_discounts(settlement, [credit], ["SINV-1"]) == []
