"""Which tax type a line gets and what stands in the way: reverse charge, import tax, account class, types that are gone."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.core.mapping import Mapping
from picortex_xero.core.problems import Problem, Refused
from picortex_xero.core.tax import TaxLine, allocate_row, charged_rates, deducts, is_fixed, names_account, spread, template_key
from picortex_xero.core.tax_types import TaxType
from picortex_xero.core.translate.credit_note import credit_note
from picortex_xero.core.translate.line_taxes import unfit
from tests.core.host_documents import bill, item, mapping, sales_invoice, tax_row, translated

REVERSE = TaxType("REVERSECHARGES", D(20), shows_zero=True)
IMPORTS = TaxType("GSTONIMPORTS", D(0), classes=frozenset({"LIABILITY"}))
PAIR = "VAT - KS @ 20 + VAT - KS @ -20"


def vat(amount: float, **changes: Any) -> dict[str, Any]:
    return tax_row(amount, **{"account_head": "VAT - KS", "rate": 20.0, **changes})


def taken(amount: float, **changes: Any) -> dict[str, Any]:
    return vat(amount, add_deduct_tax="Deduct", **changes)


def chosen(*rows: tuple[str, str, str, TaxType], **changes: Any) -> Mapping:
    """The usual choices and these tax rows."""
    more = {(direction, key, template): tax_type for direction, key, template, tax_type in rows}
    accounts = {**mapping().accounts, "GST - KS": "820", "Plant - KS": "710"}
    return mapping(**{"taxes": {**mapping().taxes, **more}, "accounts": accounts, **changes})


def problems(doc: dict[str, Any], choices: Mapping) -> list[Problem]:
    with pytest.raises(Refused) as refused:
        translated(doc, choices)
    return refused.value.problems


def codes(doc: dict[str, Any], choices: Mapping) -> list[tuple[str, bool]]:
    return [(problem.code, problem.held) for problem in problems(doc, choices)]


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
    made = translated(doc, chosen(("Purchases", PAIR, "", REVERSE)))
    assert [(line["TaxType"], "TaxAmount" in line) for line in made.body["LineItems"]] == [("REVERSECHARGES", False)] * 3
    assert (made.total, made.tax) == (D("89.98"), 0)
    assert "is mapped to it for purchases (Xero Tax Mapping)" in made.reasons[0].tax_why and PAIR in made.reasons[0].tax_why


def test_a_return_of_a_reverse_charge_is_one_too() -> None:
    doc = bill([item(-100.0, qty=-1)], [vat(-20.0), taken(-20.0)], -100.0, is_return=1)
    made = credit_note(doc, chosen(("Purchases", PAIR, "", REVERSE)), "c1")
    assert [line["TaxType"] for line in made.body["LineItems"]] == ["REVERSECHARGES"] and (made.total, made.tax) == (100, 0)


def test_a_pair_without_mapping_says_what_it_may_be() -> None:
    (problem,) = problems(bill([item(100.0)], [vat(20.0), taken(20.0)], 100.0), chosen())
    assert (problem.code, problem.held) == ("tax-unmapped", False)
    assert "reverse charge" in problem.cure and "withheld" in problem.cure and PAIR in problem.message


def test_where_the_organisation_has_no_such_type_a_person_enters_it() -> None:
    doc = bill([item(100.0)], [vat(20.0), taken(20.0)], 100.0)
    none = TaxType("NONE", D(0))
    assert codes(doc, chosen(tax_types={"NONE": none})) == [("reverse-charge-by-hand", True)]
    assert codes(doc, chosen(tax_types={"NONE": none, "REVERSECHARGES": REVERSE})) == [("tax-unmapped", False)]


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
    (problem,) = problems(bill([item(100.0)], rows, grand), chosen(("Purchases", PAIR, "", REVERSE)))
    assert (problem.code, problem.held) == ("reverse-charge-part", True) and "PINV-1" in problem.message


@pytest.mark.parametrize("tax_type", [TaxType("REVERSECHARGES", D(5), shows_zero=True), TaxType("ECZRACQUISITIONS", D(0), shows_zero=True)])
def test_a_reverse_charge_at_another_rate_would_make_the_returns_differ(tax_type: TaxType) -> None:
    doc = bill([item(100.0)], [vat(20.0), taken(20.0)], 100.0)
    assert codes(doc, chosen(("Purchases", PAIR, "", tax_type))) == [("tax-differs", False)]


def test_a_pair_on_a_type_that_shows_tax_is_never_sent() -> None:
    doc = bill([item(100.0)], [vat(20.0), taken(20.0)], 100.0)
    (problem,) = problems(doc, chosen(("Purchases", PAIR, "", TaxType("INPUT2", D(20)))))
    assert problem.code == "tax-differs" and "reverse charge" in problem.cure


def test_a_zero_rate_with_the_template_of_a_reverse_charge_is_one() -> None:
    """Hosts that keep no pair mark such lines by an item tax template at 0 %."""
    doc = bill([item(100.0, item_tax_template="EU - KS", item_tax_rate='{"VAT - KS": 0}')], [vat(0.0)], 100.0)
    made = translated(doc, chosen(("Purchases", "VAT - KS @ 0", "EU - KS", REVERSE)))
    assert (made.body["LineItems"][0]["TaxType"], made.total, made.tax) == ("REVERSECHARGES", 100, 0)


# Tax on imports


def test_import_tax_is_a_line_equal_to_its_amount() -> None:
    duty = tax_row(1234.5, charge_type="Actual", rate=0.0, description="At the border")
    choices = chosen(("Purchases", "GST - KS (fixed amount)", "", IMPORTS), xero_classes={"820": "LIABILITY"})
    made = translated(bill([item(55.0)], [tax_row(8.25), duty], 1297.75), choices)
    line = made.body["LineItems"][1]
    assert (line["Description"], line["UnitAmount"], line["AccountCode"], line["TaxType"]) == (
        "At the border",
        D("1234.5"),
        "820",
        "GSTONIMPORTS",
    )
    assert "TaxAmount" not in line and (made.total, made.tax) == (D("1297.75"), D("8.25"))


def test_import_tax_wants_a_mapping_of_its_own_and_its_account() -> None:
    duty = tax_row(50.0, charge_type="Actual", rate=0.0)
    found = problems(bill([item(100.0)], [tax_row(15.0), duty], 165.0), mapping())
    assert [problem.code for problem in found] == ["account-unmapped", "tax-unmapped"]
    assert '"GST - KS (fixed amount)"' in found[1].message and "imports" in found[1].cure


def test_a_fixed_amount_is_never_taxed_again_nor_taken_off() -> None:
    rate = chosen(("Purchases", "GST - KS (fixed amount)", "", TaxType("INPUT2", D(15))))
    fixed = tax_row(50.0, charge_type="Actual", rate=0.0)
    assert codes(bill([item(100.0)], [fixed], 150.0), rate) == [("tax-differs", False)]
    zero = chosen(("Purchases", "GST - KS (fixed amount)", "", IMPORTS))
    taxed_again = tax_row(22.5, charge_type="On Previous Row Total", row_id="1")
    assert codes(bill([item(100.0)], [fixed, taxed_again], 172.5), zero) == [("tax-differs", False)]
    minus = {**fixed, "add_deduct_tax": "Deduct"}
    assert codes(bill([item(100.0)], [minus], 50.0), zero) == [("fixed-tax-deducted", True)]
    on_the_account = item(50.0, expense_account="GST - KS")
    assert codes(bill([on_the_account], [tax_row(7.5)], 57.5), zero) == [("tax-differs", False)]


def test_what_the_host_marks_as_withheld_is_no_tax_even_on_a_tax_account() -> None:
    withheld = tax_row(10.0, charge_type="Actual", rate=0.0, add_deduct_tax="Deduct", is_tax_withholding_account=1)
    made = translated(bill([item(100.0)], [tax_row(15.0), withheld], 105.0), chosen())
    assert [line["TaxType"] for line in made.body["LineItems"]] == ["INPUT2", "NONE"] and made.total == 105


def test_a_valuation_row_keeps_its_place_for_the_rows_that_follow() -> None:
    rows = [
        tax_row(99.0, category="Valuation", account_head="Cost - KS", charge_type="Actual", rate=0.0),
        tax_row(20.0, charge_type="Actual", account_head="Freight - KS", rate=0.0),
        tax_row(18.0, charge_type="On Previous Row Total", row_id="2"),
    ]
    made = translated(bill([item(100.0)], rows, 138.0), chosen())
    assert [line["TaxType"] for line in made.body["LineItems"]] == ["INPUT2", "INPUT2"] and (made.total, made.tax) == (138, 18)


def test_a_tax_that_is_mapped_for_sales_only_is_no_charge_on_a_bill() -> None:
    choices = chosen(taxes={("Sales", "GST - KS @ 15", ""): TaxType("OUTPUT2", D(15))})
    assert codes(bill([item(100.0)], [tax_row(15.0)], 115.0), choices) == [("tax-unmapped", False)]


# Class of accounts


def test_the_narrowest_row_decides() -> None:
    general, class_only, template, both, fixed = (TaxType(code, D(15)) for code in ("G", "C", "T", "TC", "F"))
    key = "GST - KS @ 15"
    choices = mapping(
        taxes={("Purchases", key, ""): general, ("Purchases", key, "Cap"): template},
        class_taxes={
            ("Purchases", key, "", "Asset"): class_only,
            ("Purchases", key, "Cap", "Asset"): both,
            ("Purchases", key, "", "Fixed Asset"): fixed,
        },
        host_classes={"Plant": ("Fixed Asset", "Asset"), "Stock": ("Asset",), "Rent": ("Expense",)},
    )
    asked = [("Rent", ""), ("Rent", "Cap"), ("Stock", ""), ("Stock", "Cap"), ("Plant", ""), ("Plant", "Cap"), ("Unknown", "Other")]
    found = [choices.tax("Purchases", key, template_name, account) for account, template_name in asked]
    assert found == [general, template, class_only, both, fixed, both, general]
    assert '"GST - KS @ 15" is mapped to it for purchases for item tax template "Cap" and asset accounts' in getattr(found[3], "why", "")


def test_gst_on_capital_follows_the_account() -> None:
    doc = bill([item(100.0), item(200.0, expense_account="Plant - KS")], [tax_row(45.0)], 345.0)
    choices = chosen(
        class_taxes={("Purchases", "GST - KS @ 15", "", "Fixed Asset"): TaxType("CAPEXINPUT", D(15))},
        host_classes={"Plant - KS": ("Fixed Asset", "Asset"), "Cost - KS": ("Expense",)},
    )
    assert [line["TaxType"] for line in translated(doc, choices).body["LineItems"]] == ["INPUT2", "CAPEXINPUT"]


# Validity


def test_a_type_that_is_gone_from_xero_is_told_before_sending() -> None:
    gone = TaxType("INPUT2", None, active=False)
    found = problems(bill([item(100.0)], [tax_row(15.0)], 115.0), chosen(("Purchases", "GST - KS @ 15", "", gone)))
    assert found[0].code == "tax-type-gone" and "Refresh From Xero" in found[0].cure and "PINV-1" in found[0].message


def test_the_type_for_lines_without_tax_may_be_gone_too() -> None:
    doc = sales_invoice([item(100.0)], [tax_row(15.0)], 115.0, rounded_total=115.4)
    listed = {"OUTPUT2": TaxType("OUTPUT2", D(15))}
    (problem,) = problems(doc, mapping(tax_types=listed))
    assert problem.code == "tax-type-gone" and "for Lines Without Tax on the Xero Connection" in problem.cure


def test_a_type_that_the_account_does_not_take_is_told_before_sending() -> None:
    only = TaxType("INPUT2", D(15), classes=frozenset({"EXPENSE", "ASSET"}))
    choices = chosen(("Purchases", "GST - KS @ 15", "", only), xero_classes={"310": "REVENUE"})
    (problem,) = problems(bill([item(100.0)], [tax_row(15.0)], 115.0), choices)
    assert problem.code == "tax-type-not-for-account" and "INPUT2" in problem.message and "310" in problem.message
    for classes in ({"310": "EXPENSE"}, {}):
        assert translated(
            bill([item(100.0)], [tax_row(15.0)], 115.0), chosen(("Purchases", "GST - KS @ 15", "", only), xero_classes=classes)
        )


def test_what_fits_has_no_objection() -> None:
    from picortex_xero.core.translate.draft import Draft

    draft = Draft(bill([], [], 0.0), mapping(xero_classes={"820": "LIABILITY"}), "Purchases")
    assert unfit(draft, IMPORTS, "820", "x") is None and unfit(draft, TaxType("X", None), "820", "x") is None


def test_no_tax_and_a_zero_rate_are_told_apart_with_what_to_map() -> None:
    nothing = mapping(taxes={})
    no_tax, zero = (nothing.tax("Sales", key, "Export") for key in ("No tax", "GST - KS @ 0"))
    assert isinstance(no_tax, Problem) and isinstance(zero, Problem)
    assert "lines without any tax row" in no_tax.cure and "lines taxed at 0 %" in zero.cure
    assert all('with the item tax template "Export"' in each.cure and "filed differently" in each.cure for each in (no_tax, zero))


def test_every_line_says_why_it_has_its_account_and_its_tax() -> None:
    freight = tax_row(20.0, charge_type="Actual", account_head="Freight - KS", rate=0.0)
    doc = sales_invoice([item(100.0), item(50.0, income_account="Other - KS")], [tax_row(22.5), freight], 192.5, rounded_total=193.0)
    made = translated(doc, mapping(default_accounts={"Sales": "299"}))
    assert [(each.account, each.tax_type) for each in made.reasons] == [
        (line["AccountCode"], line["TaxType"]) for line in made.body["LineItems"]
    ]
    assert [each.account_why for each in made.reasons] == [
        "Sales - KS is mapped to it (Xero Account Mapping)",
        "Other - KS has no mapping of its own: it is the default for sales (Xero Connection)",
        "Freight - KS is mapped to it (Xero Account Mapping)",
        "It is the Rounding Account (Xero Connection)",
    ]
    assert made.reasons[2].tax_why == '"No tax" is mapped to it for sales (Xero Tax Mapping)'
    assert made.reasons[3].tax_why == "It is the Tax Type for Lines Without Tax (Xero Connection)"
