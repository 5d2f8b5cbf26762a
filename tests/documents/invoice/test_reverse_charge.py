"""Reverse charges: the added and the deducted row of a pair are one tax type, and what does not cancel out waits for a person."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.accounting.tax import TaxLine, allocate_row, charged_rates, deducts, is_fixed, names_account, spread, template_key
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.credit_note.credit_note import credit_note
from tests.scene.documents import bill, codes_of, item, problems_of, returned, sales_invoice, tax_row, translated
from tests.scene.mapping import with_taxes

REVERSE = TaxType("REVERSECHARGES", D(20), shows_zero=True)
PAIR = "VAT - KS @ 20 + VAT - KS @ -20"


def vat(amount: float, **changes: Any) -> dict[str, Any]:
    return tax_row(amount, **{"account_head": "VAT - KS", "rate": 20.0, **changes})


def taken(amount: float, **changes: Any) -> dict[str, Any]:
    return vat(amount, add_deduct_tax="Deduct", **changes)


# The key of a pair


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([vat(20.0), taken(20.0)], PAIR),
        ([taken(20.0), vat(20.0)], PAIR),
        ([vat(0.0, rate=0.0), {**taken(0.0), "rate": 0.0}], "VAT - KS @ 0 + VAT - KS @ -0"),
        ([vat(20.0, account_head="Input - KS"), taken(20.0, account_head="Output - KS")], "Input - KS @ 20 + Output - KS @ -20"),
    ],
)
def test_a_pair_has_one_name_whatever_its_order(rows: list[dict[str, Any]], key: str) -> None:
    line = TaxLine(D(100))
    spread(rows, [line], range(len(rows)))
    assert (line.tax_key, line.paired, line.left_over) == (key, True, 0)
    assert template_key(rows, {}) == key and deducts(key)


def test_what_a_key_says_of_itself() -> None:
    assert charged_rates(PAIR) == [20, -20] and charged_rates("VAT - KS @ 0 + VAT - KS @ -0") == [] == charged_rates("No tax")
    assert charged_rates("GST + PST - KS @ 12 + Levy @ home - KS @ 0.5") == [12, D("0.5")]
    assert is_fixed("GST - KS (fixed amount)") and not is_fixed("GST - KS @ 15") and not deducts("GST - KS @ 15")
    assert names_account(PAIR, "VAT - KS") and not names_account(PAIR, "AT - KS")
    assert names_account("GST + PST - KS @ 12", "GST + PST - KS") and names_account("GST - KS (fixed amount)", "GST - KS")


def test_both_halves_get_the_same_cents_on_every_line() -> None:
    """Dealt out as negative amounts, a tie would go to the other line and leave a cent on each."""
    exact, weights = [D("0.005"), D("0.005")], [D(10), D(30)]
    added = allocate_row(vat(0.01), exact, weights)
    assert added == [0, D("0.01")]
    assert allocate_row(taken(0.01), [-share for share in exact], weights) == [-part for part in added]
    assert allocate_row(taken(5.0), [-share for share in exact], weights) is None


def test_a_row_on_a_deducted_row_takes_its_amount_without_the_sign() -> None:
    rows = [taken(20.0), tax_row(2.0, account_head="Levy - KS", charge_type="On Previous Row Amount", row_id="1", rate=10.0)]
    line = TaxLine(D(100))
    spread(rows, [line], [0, 1])
    assert line.exact == {0: -20, 1: 2}


# Reverse charge


def test_a_reverse_charge_is_one_type_without_tax_on_the_document() -> None:
    doc = bill([item(33.33), item(66.65), item(-10.0)], [vat(18.0), taken(18.0)], 89.98)
    made = translated(doc, with_taxes(("Purchases", PAIR, "", REVERSE)))
    assert [(line["TaxType"], "TaxAmount" in line) for line in made.body["LineItems"]] == [("REVERSECHARGES", False)] * 3
    assert (made.total, made.tax) == (D("89.98"), 0)
    assert "is mapped to it for purchases (Mapping, Taxes)" in made.reasons[0].tax_why and PAIR in made.reasons[0].tax_why


def minus(amount: float, **changes: Any) -> dict[str, Any]:
    """The other half on a sale, which knows no "Deduct": a rate below 0."""
    return vat(-amount, rate=-20.0, **changes)


@pytest.mark.parametrize("other", ["VAT - KS", "VAT Reverse - KS"])
def test_a_reverse_charge_on_a_sale_is_one_too(other: str) -> None:
    """The UK's domestic reverse charge: the customer accounts for the tax, and the sale shows none."""
    key = f"VAT - KS @ 20 + {other} @ -20"
    domestic = TaxType("DRCHARGE20", D(20), shows_zero=True)
    doc = sales_invoice([item(33.33), item(66.65), item(-10.0)], [vat(18.0), minus(18.0, account_head=other)], 89.98)
    choices = with_taxes(("Sales", key, "", domestic))
    made = translated(doc, choices)
    assert [(line["TaxType"], "TaxAmount" in line) for line in made.body["LineItems"]] == [("DRCHARGE20", False)] * 3
    assert (made.total, made.tax) == (D("89.98"), 0)
    assert credit_note(returned(doc), choices, "c1").total == D("89.98")
    five = TaxType("DRCHARGE5", D(5), shows_zero=True)
    assert set(codes_of(doc, with_taxes(("Sales", key, "", five)))) == {("tax-differs", False)}, "another rate than here"


def test_the_halves_of_a_sale_get_the_same_cents_on_every_line() -> None:
    exact, weights = [D("0.005"), D("0.005")], [D(10), D(30)]
    assert allocate_row(minus(0.01), [-share for share in exact], weights) == [0, D("-0.01")]


def test_a_return_of_a_reverse_charge_is_one_too() -> None:
    doc = bill([item(-100.0, qty=-1)], [vat(-20.0), taken(-20.0)], -100.0, is_return=1)
    made = credit_note(doc, with_taxes(("Purchases", PAIR, "", REVERSE)), "c1")
    assert [line["TaxType"] for line in made.body["LineItems"]] == ["REVERSECHARGES"] and (made.total, made.tax) == (100, 0)


def test_a_pair_without_mapping_says_what_it_may_be() -> None:
    (problem,) = problems_of(bill([item(100.0)], [vat(20.0), taken(20.0)], 100.0), with_taxes())
    assert (problem.code, problem.held) == ("tax-unmapped", False)
    assert "reverse charge" in problem.resolution and "withheld" in problem.resolution and PAIR in problem.message


def test_where_the_organisation_has_no_such_type_a_person_enters_it() -> None:
    doc = bill([item(100.0)], [vat(20.0), taken(20.0)], 100.0)
    none = TaxType("NONE", D(0))
    assert codes_of(doc, with_taxes(tax_types={"NONE": none})) == [("reverse-charge-by-hand", True)]
    assert codes_of(doc, with_taxes(tax_types={"NONE": none, "REVERSECHARGES": REVERSE})) == [("tax-unmapped", False)]


@pytest.mark.parametrize(
    "rows",
    [
        [vat(20.0), taken(12.0, rate=12.0)],
        # 9 % may be claimed, 6 % is a cost on an account of its own, 15 % is owed.
        [tax_row(9.0, rate=9.0), tax_row(6.0, rate=6.0, account_head="Cost - KS"), tax_row(15.0, add_deduct_tax="Deduct")],
        [vat(20.0), taken(40.0, charge_type="On Previous Row Amount", row_id="1", rate=200.0)],
    ],
)
def test_a_pair_that_leaves_something_over_waits_for_a_person(rows: list[dict[str, Any]]) -> None:
    grand = 100.0 + sum(row["tax_amount"] * (-1 if row.get("add_deduct_tax") else 1) for row in rows)
    (problem,) = problems_of(bill([item(100.0)], rows, grand), with_taxes(("Purchases", PAIR, "", REVERSE)))
    assert (problem.code, problem.held) == ("reverse-charge-part", True) and "PINV-1" in problem.message


@pytest.mark.parametrize("tax_type", [TaxType("REVERSECHARGES", D(5), shows_zero=True), TaxType("ECZRACQUISITIONS", D(0), shows_zero=True)])
def test_a_reverse_charge_at_another_rate_would_make_the_returns_differ(tax_type: TaxType) -> None:
    doc = bill([item(100.0)], [vat(20.0), taken(20.0)], 100.0)
    assert codes_of(doc, with_taxes(("Purchases", PAIR, "", tax_type))) == [("tax-differs", False)]


def test_a_pair_on_a_type_that_shows_tax_is_never_sent() -> None:
    doc = bill([item(100.0)], [vat(20.0), taken(20.0)], 100.0)
    (problem,) = problems_of(doc, with_taxes(("Purchases", PAIR, "", TaxType("INPUT2", D(20)))))
    assert problem.code == "tax-differs" and "reverse charge" in problem.resolution


def test_a_zero_rate_with_the_template_of_a_reverse_charge_is_one() -> None:
    """Hosts that keep no pair mark such lines by an item tax template at 0 %."""
    doc = bill([item(100.0, item_tax_template="EU - KS", item_tax_rate='{"VAT - KS": 0}')], [vat(0.0)], 100.0)
    made = translated(doc, with_taxes(("Purchases", "VAT - KS @ 0", "EU - KS", REVERSE)))
    assert (made.body["LineItems"][0]["TaxType"], made.total, made.tax) == ("REVERSECHARGES", 100, 0)
