"""Which Xero tax type a line gets and what stands in the way: tax on imports, the account's class, tax types that Xero no longer has."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.accounting.problems import Problem, Refused
from picortex_xero.accounting.tax_types import TaxType, classes_of
from picortex_xero.documents.credit_note.credit_note import credit_note
from picortex_xero.documents.invoice.line_taxes import unfit
from tests.scene.documents import bill, codes_of, item, problems_of, returned, sales_invoice, tax_row, translated
from tests.scene.mapping import GST, INPUT, NONE, ZERO_RATED, mapping, with_taxes

IMPORTS = TaxType("GSTONIMPORTS", D(0), classes=frozenset({"LIABILITY"}))


# Tax on imports


def test_import_tax_is_a_line_equal_to_its_amount() -> None:
    duty = tax_row(1234.5, charge_type="Actual", rate=0.0, description="At the border")
    choices = with_taxes(("Purchases", "GST - KS (fixed amount)", "", IMPORTS), xero_classes={"820": "LIABILITY"})
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
    found = problems_of(bill([item(100.0)], [tax_row(15.0), duty], 165.0), mapping())
    assert [problem.code for problem in found] == ["account-unmapped", "tax-unmapped"]
    assert '"GST - KS (fixed amount)"' in found[1].message and "imports" in found[1].resolution


def test_a_fixed_amount_is_never_taxed_again_nor_taken_off() -> None:
    rate = with_taxes(("Purchases", "GST - KS (fixed amount)", "", TaxType("INPUT2", D(15))))
    fixed = tax_row(50.0, charge_type="Actual", rate=0.0)
    assert codes_of(bill([item(100.0)], [fixed], 150.0), rate) == [("tax-differs", False)]
    zero = with_taxes(("Purchases", "GST - KS (fixed amount)", "", IMPORTS))
    taxed_again = tax_row(22.5, charge_type="On Previous Row Total", row_id="1")
    assert codes_of(bill([item(100.0)], [fixed, taxed_again], 172.5), zero) == [("tax-differs", False)]
    minus = {**fixed, "add_deduct_tax": "Deduct"}
    assert codes_of(bill([item(100.0)], [minus], 50.0), zero) == [("fixed-tax-deducted", True)]
    on_the_account = item(50.0, expense_account="GST - KS")
    assert codes_of(bill([on_the_account], [tax_row(7.5)], 57.5), zero) == [("tax-differs", False)]


def test_what_the_host_marks_as_withheld_is_no_tax_even_on_a_tax_account() -> None:
    withheld = tax_row(10.0, charge_type="Actual", rate=0.0, add_deduct_tax="Deduct", is_tax_withholding_account=1)
    made = translated(bill([item(100.0)], [tax_row(15.0), withheld], 105.0), with_taxes())
    assert [line["TaxType"] for line in made.body["LineItems"]] == ["INPUT2", "NONE"] and made.total == 105


@pytest.mark.parametrize(
    ("classes", "held"), [({"Withholding - KS": ("Asset",)}, True), ({"Withholding - KS": ("Expense",)}, False), ({}, False)]
)
def test_what_a_contractor_keeps_back_from_our_invoice(classes: dict[str, tuple[str, ...]], held: bool) -> None:
    """In the United Kingdom a negative row on an asset is CIS suffered; on an expense or an unknown account it is a discount."""
    kept = tax_row(-20.0, charge_type="Actual", account_head="Withholding - KS", rate=0.0)
    doc = sales_invoice([item(100.0)], [tax_row(15.0), kept], 95.0)
    choices = with_taxes(country="GB", host_classes=classes)
    if held:
        assert codes_of(doc, choices) == [("construction-scheme", True)]
    else:
        assert translated(doc, choices).total == 95
    assert translated(doc, with_taxes(country="NZ", host_classes=classes)).total == 95


def test_what_waits_for_a_person_alone_is_not_told_with_what_could_be_mapped() -> None:
    """The admin would map the account and the document would still be held."""
    withheld = tax_row(10.0, charge_type="Actual", account_head="CIS - KS", rate=0.0, add_deduct_tax="Deduct")
    doc = bill([item(100.0, expense_account="Unmapped - KS")], [tax_row(15.0), withheld], 105.0)
    assert codes_of(doc, with_taxes(country="GB")) == [("construction-scheme", True)]
    assert [code for code, _ in codes_of(doc, with_taxes(country="NZ"))] == ["account-unmapped", "account-unmapped"]


@pytest.mark.parametrize(("marked", "held"), [(1, True), (0, False)])
def test_what_the_host_marks_as_withheld_is_so_on_any_account(marked: int, held: bool) -> None:
    withheld = tax_row(
        10.0,
        charge_type="Actual",
        account_head="Withholding - KS",
        rate=0.0,
        add_deduct_tax="Deduct",
        is_tax_withholding_account=marked,
    )
    doc = bill([item(100.0)], [tax_row(15.0), withheld], 105.0)
    choices = with_taxes(country="GB", host_classes={"Withholding - KS": ("Income",)})
    if held:
        assert codes_of(doc, choices) == [("construction-scheme", True)]
    else:
        assert translated(doc, choices).total == 105


def test_a_valuation_row_keeps_its_place_for_the_rows_that_follow() -> None:
    rows = [
        tax_row(99.0, category="Valuation", account_head="Cost - KS", charge_type="Actual", rate=0.0),
        tax_row(20.0, charge_type="Actual", account_head="Freight - KS", rate=0.0),
        tax_row(18.0, charge_type="On Previous Row Total", row_id="2"),
    ]
    made = translated(bill([item(100.0)], rows, 138.0), with_taxes())
    assert [line["TaxType"] for line in made.body["LineItems"]] == ["INPUT2", "INPUT2"] and (made.total, made.tax) == (138, 18)


def test_a_tax_that_is_mapped_for_sales_only_is_no_charge_on_a_bill() -> None:
    choices = with_taxes(taxes={("Sales", "GST - KS @ 15", ""): TaxType("OUTPUT2", D(15))})
    assert codes_of(bill([item(100.0)], [tax_row(15.0)], 115.0), choices) == [("tax-unmapped", False)]


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
    choices = with_taxes(
        class_taxes={("Purchases", "GST - KS @ 15", "", "Fixed Asset"): TaxType("CAPEXINPUT", D(15))},
        host_classes={"Plant - KS": ("Fixed Asset", "Asset"), "Cost - KS": ("Expense",)},
    )
    assert [line["TaxType"] for line in translated(doc, choices).body["LineItems"]] == ["INPUT2", "CAPEXINPUT"]


# Validity


def test_a_type_that_is_gone_from_xero_is_told_before_sending() -> None:
    gone = TaxType("INPUT2", None, active=False)
    (problem,) = problems_of(bill([item(100.0)], [tax_row(15.0)], 115.0), with_taxes(("Purchases", "GST - KS @ 15", "", gone)))
    assert problem.code == "tax-type-gone" and "Refresh From Xero" in problem.resolution and "PINV-1" in problem.message


def test_the_type_for_lines_without_tax_may_be_gone_too() -> None:
    doc = sales_invoice([item(100.0)], [tax_row(15.0)], 115.0, rounded_total=115.4)
    listed = {"OUTPUT2": TaxType("OUTPUT2", D(15))}
    (problem,) = problems_of(doc, mapping(tax_types=listed))
    assert problem.code == "tax-type-gone" and "for Lines Without Tax on the Xero Connection" in problem.resolution


def test_a_type_that_the_account_does_not_take_is_told_before_sending() -> None:
    only = TaxType("INPUT2", D(15), classes=frozenset({"EXPENSE", "ASSET"}))
    choices = with_taxes(("Purchases", "GST - KS @ 15", "", only), xero_classes={"310": "REVENUE"})
    (problem,) = problems_of(bill([item(100.0)], [tax_row(15.0)], 115.0), choices)
    assert problem.code == "tax-type-not-for-account" and "INPUT2" in problem.message and "310" in problem.message
    for classes in ({"310": "EXPENSE"}, {}):
        assert translated(
            bill([item(100.0)], [tax_row(15.0)], 115.0), with_taxes(("Purchases", "GST - KS @ 15", "", only), xero_classes=classes)
        )


def test_what_fits_has_no_objection() -> None:
    from picortex_xero.documents.invoice.line_builder import LineBuilder

    builder = LineBuilder(bill([], [], 0.0), mapping(xero_classes={"820": "LIABILITY"}), "Purchases")
    assert unfit(builder, IMPORTS, "820", "x") is None and unfit(builder, TaxType("X", None), "820", "x") is None


def test_no_tax_and_a_zero_rate_are_told_apart_with_what_to_map() -> None:
    nothing = mapping(taxes={})
    no_tax, zero = (nothing.tax("Sales", key, "Export") for key in ("No tax", "GST - KS @ 0"))
    assert isinstance(no_tax, Problem) and isinstance(zero, Problem)
    assert "lines without any tax row" in no_tax.resolution and "lines taxed at 0 %" in zero.resolution
    assert all(
        'with the item tax template "Export"' in each.resolution and "filed differently" in each.resolution for each in (no_tax, zero)
    )


def test_every_line_says_why_it_has_its_account_and_its_tax() -> None:
    freight = tax_row(20.0, charge_type="Actual", account_head="Freight - KS", rate=0.0)
    doc = sales_invoice([item(100.0), item(50.0, income_account="Other - KS")], [tax_row(22.5), freight], 192.5, rounded_total=193.0)
    made = translated(doc, mapping(default_accounts={"Sales": "299"}))
    assert [(each.account, each.tax_type) for each in made.reasons] == [
        (line["AccountCode"], line["TaxType"]) for line in made.body["LineItems"]
    ]
    assert [each.account_why for each in made.reasons] == [
        "Sales - KS is mapped to it (Mapping, Accounts)",
        "Other - KS has no mapping of its own: it is the default for sales (Xero Connection)",
        "Freight - KS is mapped to it (Mapping, Accounts)",
        "It is the Rounding Account (Xero Connection)",
    ]
    assert made.reasons[2].tax_why == '"No tax" is mapped to it for sales (Mapping, Taxes)'
    assert made.reasons[3].tax_why == "It is the Tax Type for Lines Without Tax (Xero Connection)"


# Item tax templates at 0 %


EXEMPT_ITEM = {"item_tax_template": "Exempt - KS", "item_tax_rate": '{"GST - KS": 0}'}
BARE = ("Sales", "GST - KS @ 0", "", ZERO_RATED), ("Purchases", "GST - KS @ 0", "", NONE)


@pytest.mark.case("F03")
@pytest.mark.parametrize("own", ['{"GST - KS": 0}', '{"GST - KS": "N/A"}', "{}"], ids=["0 %", "switched off in 16", "no row for it"])
@pytest.mark.parametrize("rows", [[tax_row(0.0)], []], ids=["taxed document", "no tax rows"])
def test_a_template_at_zero_never_takes_the_row_without_template(own: str, rows: list[dict[str, Any]]) -> None:
    line = item(100.0, item_tax_template="Exempt - KS", item_tax_rate=own)
    if rows and own == "{}":
        line["item_tax_rate"] = '{"GST - KS": 0, "Levy - KS": 0}'
    for doc in (sales_invoice([line], rows, 100.0), bill([line], rows, 100.0)):
        (problem,) = problems_of(doc, with_taxes(*BARE))
        assert problem.code == "tax-unmapped" and '"Exempt - KS"' in problem.message and '"Exempt - KS"' in problem.resolution
        assert "filed differently" in problem.resolution


@pytest.mark.case("F03")
def test_a_returns_template_is_asked_for_too_and_its_own_row_answers() -> None:
    doc = sales_invoice([item(100.0, **EXEMPT_ITEM), item(50.0)], [tax_row(7.5)], 157.5)
    with pytest.raises(Refused, match="Exempt - KS"):
        credit_note(returned(doc), with_taxes(*BARE), "c1")
    exempt = TaxType("EXEMPTOUTPUT", D(0))
    mapped = with_taxes(*BARE, ("Sales", "GST - KS @ 0", "Exempt - KS", exempt))
    for made in (translated(doc, mapped), credit_note(returned(doc), mapped, "c1")):
        assert [line["TaxType"] for line in made.body["LineItems"]] == ["EXEMPTOUTPUT", "OUTPUT2"]


@pytest.mark.case("F03")
def test_a_template_that_charges_tax_falls_back_where_nothing_differs() -> None:
    standard = {"item_tax_template": "GST 15 - KS", "item_tax_rate": '{"GST - KS": 15}'}
    made = translated(sales_invoice([item(100.0, **standard)], [tax_row(15.0)], 115.0), with_taxes())
    assert [line["TaxType"] for line in made.body["LineItems"]] == ["OUTPUT2"]
    # The item is taxed as a rule, and this document has no tax: that is the document's doing.
    made = translated(sales_invoice([item(100.0, **standard)], [], 100.0), with_taxes())
    assert [line["TaxType"] for line in made.body["LineItems"]] == ["NONE"]


@pytest.mark.case("F03")
def test_a_line_without_template_still_has_the_row_without_template() -> None:
    doc = sales_invoice([item(100.0)], [tax_row(0.0, rate=0.0)], 100.0)
    assert translated(doc, with_taxes(*BARE)).body["LineItems"][0]["TaxType"] == "ZERORATED"


# Capital goods


CAPITAL = TaxType("CAPEXINPUT", D(15), capital="Purchases")
FREE_CAPITAL = TaxType("EXEMPTCAPITAL", D(0), capital="Purchases")
LISTED = {each.code: each for each in (GST, INPUT, NONE, ZERO_RATED, CAPITAL, FREE_CAPITAL)}
PLANT = {"host_classes": {"Plant - KS": ("Fixed Asset", "Asset"), "Cost - KS": ("Expense",)}, "tax_types": LISTED}
KEY = "GST - KS @ 15"


@pytest.mark.case("F11")
def test_a_fixed_assets_tax_is_asked_for_once_for_its_class() -> None:
    doc = bill([item(100.0), item(200.0, expense_account="Plant - KS"), item(7.0, expense_account="Plant - KS")], [tax_row(46.05)], 353.05)
    (problem,) = problems_of(doc, with_taxes(**PLANT))
    assert (problem.code, problem.held) == ("tax-unmapped", False)
    assert "fixed asset accounts" in problem.message and "Fixed Asset" in problem.resolution and "Taxes in Mapping" in problem.resolution
    with pytest.raises(Refused, match="fixed asset"):
        credit_note(returned(doc), with_taxes(**PLANT), "c1")
    for answer in (CAPITAL, INPUT):
        mapped = with_taxes(**PLANT, class_taxes={("Purchases", KEY, "", "Fixed Asset"): answer})
        for made in (translated(doc, mapped), credit_note(returned(doc), mapped, "c1")):
            assert [line["TaxType"] for line in made.body["LineItems"]] == ["INPUT2", answer.code, answer.code]


@pytest.mark.case("F11")
@pytest.mark.parametrize(
    ("choices", "asked"),
    [
        ({"tax_types": {each.code: each for each in (GST, INPUT, NONE)}}, False),
        ({"tax_types": {}}, False),
        ({"tax_types": {**LISTED, "CAPEXINPUT": TaxType("CAPEXINPUT", D(15), active=False, capital="Purchases")}}, False),
        ({"tax_types": {**LISTED, "CAPEXINPUT": TaxType("CAPEXINPUT", D("12.5"), capital="Purchases")}}, False),
        ({"class_taxes": {("Purchases", KEY, "", "Asset"): INPUT}}, True),
        ({"class_taxes": {("Purchases", KEY, "", "Asset"): CAPITAL}}, False),
        ({"taxes": {("Purchases", KEY, ""): CAPITAL}}, False),
    ],
    ids=["no such types", "never read", "archived", "another rate", "asset row", "asset row is capital", "general row is capital"],
)
def test_only_where_the_return_would_tell_them_apart(choices: dict[str, Any], asked: bool) -> None:
    found = with_taxes(**{**PLANT, **choices}).tax("Purchases", KEY, "", "Plant - KS")
    assert isinstance(found, Problem) is asked


@pytest.mark.case("F11")
def test_goods_without_tax_and_templates_are_asked_for_and_sales_and_other_accounts_are_not() -> None:
    choices = with_taxes(("Purchases", KEY, "Cap", INPUT), **PLANT)
    assert isinstance(choices.tax("Purchases", "No tax", "", "Plant - KS"), Problem)
    of_template = choices.tax("Purchases", KEY, "Cap", "Plant - KS")
    assert isinstance(of_template, Problem) and '"Cap"' in of_template.resolution
    assert choices.tax("Sales", KEY, "", "Plant - KS") == GST and choices.tax("Purchases", KEY, "", "Cost - KS") == INPUT
    assert choices.tax("Purchases", KEY, "", "") == INPUT


@pytest.mark.case("F11")
@pytest.mark.parametrize(
    ("account_type", "root_type", "xero_type", "classes"),
    [
        ("Fixed Asset", "Asset", "", ("Fixed Asset", "Asset")),
        ("Capital Work in Progress", "Asset", "CURRENT", ("Fixed Asset", "Asset")),
        ("Asset Received But Not Billed", "Liability", "", ("Fixed Asset", "Liability")),
        ("", "Asset", "FIXED", ("Fixed Asset", "Asset")),
        ("Accumulated Depreciation", "Asset", "FIXED", ("Asset",)),
        ("Stock", "Asset", "CURRENT", ("Asset",)),
        ("Tax", "Liability", "", ("Liability",)),
        (None, None, "", ()),
    ],
)
def test_what_a_purchase_of_an_asset_is_booked_on(account_type: str, root_type: str, xero_type: str, classes: tuple[str, ...]) -> None:
    assert classes_of(account_type, root_type, xero_type) == classes


def test_what_is_taken_off_a_bill_on_an_income_account_is_not_to_be_taxed_as_a_sale() -> None:
    """The tax types that fit there are those for sales; another account is the cure."""
    taken_off = tax_row(5.0, charge_type="Actual", rate=0.0, account_head="Freight - KS", add_deduct_tax="Deduct")
    gst = tax_row(14.25, charge_type="On Previous Row Total", row_id="1")
    bought = TaxType("INPUT2", D(15), classes=frozenset({"EXPENSE", "ASSET"}))
    choices = with_taxes(("Purchases", "GST - KS @ 15", "", bought), xero_classes={"260": "REVENUE", "310": "EXPENSE"})
    (problem,) = problems_of(bill([item(100.0)], [taken_off, gst], 109.25), choices)
    assert (
        problem.code == "tax-type-not-for-account" and "account for costs" in problem.resolution and "Add a row" not in problem.resolution
    )
    equity = with_taxes(("Purchases", "GST - KS @ 15", "", bought), xero_classes={"260": "EQUITY", "310": "EXPENSE"})
    assert "Add a row" in problems_of(bill([item(100.0)], [taken_off, gst], 109.25), equity)[0].resolution


def test_a_line_at_0_beside_a_reverse_charge_is_not_to_be_mapped_to_one() -> None:
    free = item(100.0, item_tax_template="Zero - KS", item_tax_rate='{"GST - KS": 0}')
    pair = [tax_row(150.0), tax_row(150.0, add_deduct_tax="Deduct")]
    both = ("Purchases", "GST - KS @ 15 + GST - KS @ -15", "", TaxType("REVERSE", D(15), shows_zero=True))
    (problem,) = problems_of(bill([item(1000.0), free], pair, 1100.0), with_taxes(both))
    assert problem.code == "tax-unmapped" and "@ -0" in problem.message
    assert "reverse charge" not in problem.resolution and "zero-rated, exempt" in problem.resolution
