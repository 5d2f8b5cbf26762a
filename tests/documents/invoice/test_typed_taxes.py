"""Tax typed as an amount: the document's own tax gets its domestic type, tax on imports the admin's choice, a US service's tax none."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.problems import Refused
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.credit_note.credit_note import credit_note
from picortex_xero.documents.translation import Translation
from tests.scene.documents import bill, codes_of, item, problems_of, returned, sales_invoice, tax_row, translated
from tests.scene.mapping import INPUT, NONE, mapping, with_taxes

IMPORTS = TaxType("GSTONIMPORTS", D(0), classes=frozenset({"LIABILITY"}))
FIXED = ("Purchases", "GST - KS (fixed amount)", "", IMPORTS)
REDUCED, EXEMPT = TaxType("RRINPUT", D(5)), TaxType("EXEMPTINPUT", D(0))


def typed(amount: float, **changes: Any) -> dict[str, Any]:
    return tax_row(amount, charge_type="Actual", rate=0.0, **changes)


def choices(*rows: tuple[str, str, str, TaxType], **changes: Any) -> Mapping:
    return with_taxes(FIXED, *rows, xero_classes={"820": "LIABILITY"}, **changes)


def lines(made: Translation) -> list[tuple[str, str, str]]:
    return [(line["TaxType"], str(line["UnitAmount"]), str(line.get("TaxAmount", ""))) for line in made.body["LineItems"]]


@pytest.mark.case("F02")
@pytest.mark.parametrize("mapped", [choices(), mapping()], ids=["imports mapped", "imports not mapped"])
def test_domestic_tax_gets_its_domestic_type_whatever_is_mapped_for_imports(mapped: Mapping) -> None:
    made = translated(bill([item(100.0)], [typed(15.0)], 115.0), mapped)
    assert lines(made) == [("INPUT2", "100", "15.00")] and (made.total, made.tax) == (115, 15)
    assert made.reasons[0].tax_why == '"GST - KS @ 15" is mapped to it for purchases (Mapping, Taxes)'


@pytest.mark.case("F02")
def test_on_a_sales_invoice_too() -> None:
    made = translated(sales_invoice([item(100.0), item(50.0)], [typed(22.5)], 172.5))
    assert lines(made) == [("OUTPUT2", "100", "15.00"), ("OUTPUT2", "50", "7.50")]


@pytest.mark.case("F02")
def test_the_credit_note_is_the_mirror_of_the_bill() -> None:
    doc = bill([item(100.0), item(40.0)], [typed(15.0)], 155.0)
    made = credit_note(returned(doc), choices(), "c1")
    assert lines(made) == lines(translated(doc, choices())) == [("INPUT2", "100", "15.00"), ("NONE", "40", "")]
    assert (made.total, made.tax) == (155, 15)


@pytest.mark.case("F02")
def test_cents_are_dealt_out_as_for_any_tax_row() -> None:
    made = translated(bill([item(33.33), item(33.33), item(33.35)], [typed(15.0)], 115.01), choices())
    assert [line["TaxAmount"] for line in made.body["LineItems"]] == [D("5.00"), D("5.00"), D("5.00")] and made.tax == 15
    # The supplier rounded line by line.
    made = translated(bill([item(0.97), item(0.97), item(0.97)], [typed(0.45)], 3.36), choices())
    assert made.tax == D("0.45") and made.total == D("3.36")


@pytest.mark.case("F02")
def test_templates_say_which_lines_are_taxed_and_how() -> None:
    exempt = item(40.0, item_tax_template="Exempt - KS", item_tax_rate='{"GST - KS": 0}')
    reduced = item(50.0, item_tax_template="Reduced - KS", item_tax_rate='{"GST - KS": 5}')
    mapped = choices(("Purchases", "GST - KS @ 0", "Exempt - KS", EXEMPT), ("Purchases", "GST - KS @ 5", "", REDUCED))
    made = translated(bill([item(100.0), exempt, reduced], [typed(17.5)], 207.5), mapped)
    assert lines(made) == [("INPUT2", "100", "15.00"), ("EXEMPTINPUT", "40", ""), ("RRINPUT", "50", "2.50")]


@pytest.mark.case("F02")
def test_a_row_for_each_rate() -> None:
    mapped = choices(("Purchases", "GST - KS @ 20", "", TaxType("INPUT20", D(20))), ("Purchases", "GST - KS @ 5", "", REDUCED))
    made = translated(bill([item(100.0), item(50.0)], [typed(20.0), typed(2.5)], 172.5), mapped)
    assert lines(made) == [("INPUT20", "100", "20.00"), ("RRINPUT", "50", "2.50")] and made.tax == D("22.5")


@pytest.mark.case("F02")
def test_freight_is_taxed_with_the_goods_or_not() -> None:
    freight = tax_row(20.0, charge_type="Actual", account_head="Freight - KS", rate=0.0)
    made = translated(bill([item(100.0)], [freight, typed(18.0)], 138.0), choices())
    assert lines(made) == [("INPUT2", "100", "15.00"), ("INPUT2", "20", "3.00")]
    made = translated(bill([item(100.0)], [freight, typed(15.0)], 135.0), choices())
    assert lines(made) == [("INPUT2", "100", "15.00"), ("NONE", "20", "")]


@pytest.mark.case("F02")
def test_an_agents_bill_has_both_kinds() -> None:
    made = translated(bill([item(55.0)], [typed(8.25), typed(1234.5)], 1297.75), choices())
    assert lines(made) == [("INPUT2", "55", "8.25"), ("GSTONIMPORTS", "1234.5", "")] and made.tax == D("8.25")
    # Taxed by a rate already, and the border's amount happens to be the same.
    made = translated(bill([item(55.0)], [tax_row(8.25), typed(8.25)], 71.5), choices())
    assert lines(made) == [("INPUT2", "55", ""), ("GSTONIMPORTS", "8.25", "")]


@pytest.mark.case("F02")
@pytest.mark.parametrize(
    ("nets", "tax"),
    [([100.0, 100.0], 15.0), ([100.0], 14.96), ([100.0, 40.0], 15.03), ([10.0 + at for at in range(40)], 30.0)],
    ids=["which of two", "near", "near some", "too many lines"],
)
def test_what_nobody_can_tell_is_held(nets: list[float], tax: float) -> None:
    doc = bill([item(net) for net in nets], [typed(tax)], sum(nets) + tax)
    for mapped in (choices(), with_taxes()):
        (problem,) = problems_of(doc, mapped)
        assert (problem.code, problem.held) == ("tax-typed", True)
        assert "PINV-1" in problem.message and "On Net Total" in problem.resolution and "by hand" in problem.resolution


@pytest.mark.case("F02")
def test_tax_typed_before_a_discount_on_the_whole_document_is_held() -> None:
    doc = bill([{**item(90.0), "amount": 100.0}], [typed(15.0)], 105.0, discount_amount=10.0)
    assert codes_of(doc, choices()) == [("tax-typed", True)]


@pytest.mark.case("F02")
def test_imports_go_by_choice_and_wait_without_one() -> None:
    doc = bill([item(55.0)], [typed(1234.5)], 1289.5)
    assert lines(translated(doc, choices())) == [("NONE", "55", ""), ("GSTONIMPORTS", "1234.5", "")]
    (problem,) = problems_of(doc, with_taxes())
    assert problem.code == "tax-unmapped" and "imports" in problem.resolution and "supplier" in problem.resolution
    sold = sales_invoice([item(55.0)], [typed(1234.5)], 1289.5)
    for mapped in (with_taxes(), with_taxes(accounts={})):
        (problem,) = problems_of(sold, mapped)
        assert (problem.code, problem.held) == ("tax-typed", True), "no mapping of the tax account is asked for: it would not be its tax"
        assert "imports" not in problem.resolution and "On Net Total" in problem.resolution
    already = with_taxes(("Sales", "GST - KS (fixed amount)", "", TaxType("NONE", D(0))))
    assert [each for each, _, _ in lines(translated(sold, already))] == ["NONE", "NONE"], "where somebody has chosen that, it stays so"


@pytest.mark.case("F02")
def test_what_the_supplier_withheld_is_no_line_to_tax() -> None:
    kept = typed(10.0, account_head="Withholding - KS", add_deduct_tax="Deduct", is_tax_withholding_account=1)
    made = translated(bill([item(100.0)], [kept, typed(15.0)], 105.0), choices())
    assert lines(made) == [("INPUT2", "100", "15.00"), ("NONE", "-10", "")]


@pytest.mark.case("F02")
def test_capital_goods_keep_their_type() -> None:
    capital = TaxType("CAPEXINPUT", D(15), capital="Purchases")
    mapped = choices(
        host_classes={"Plant - KS": ("Fixed Asset", "Asset")},
        class_taxes={("Purchases", "GST - KS @ 15", "", "Fixed Asset"): capital},
        tax_types={each.code: each for each in (capital, INPUT, NONE, IMPORTS)},
    )
    made = translated(bill([item(200.0, expense_account="Plant - KS")], [typed(30.0)], 230.0), mapped)
    assert lines(made) == [("CAPEXINPUT", "200", "30.00")]


CAPITAL_IMPORTS = TaxType("GSTONCAPIMPORTS", D(0), classes=frozenset({"LIABILITY"}), capital="Purchases")
PLANT = {"Plant - KS": ("Fixed Asset", "Asset")}
ASSET_TEMPLATE = {"item_tax_template": "Free - KS", "item_tax_rate": '{"GST - KS": 0}'}


def test_tax_on_the_import_of_capital_goods_has_a_row_of_its_own() -> None:
    types = {each.code: each for each in (CAPITAL_IMPORTS, INPUT, NONE, IMPORTS)}
    machine, fee, freight = item(500.0, expense_account="Plant - KS"), item(100.0), item(200.0)
    asked = choices(host_classes=PLANT, tax_types=types)
    answer = {("Purchases", "GST - KS (fixed amount)", "", "Fixed Asset"): CAPITAL_IMPORTS}
    told = choices(host_classes=PLANT, tax_types=types, class_taxes=answer)
    doc = bill([machine], [typed(2500.0)], 3000.0)
    (problem,) = problems_of(doc, asked)
    assert problem.code == "tax-unmapped" and "account class Fixed Asset" in problem.resolution and "(fixed amount)" in problem.resolution
    assert lines(translated(doc, told)) == [("NONE", "500", ""), ("GSTONCAPIMPORTS", "2500", "")]
    # A fee that the agent's own tax is on is no import; what has no tax may be one.
    taxed = [{**machine, **ASSET_TEMPLATE}, fee]
    free = {**told.taxes, ("Purchases", "GST - KS @ 0", "Free - KS"): NONE}
    both = choices(host_classes=PLANT, tax_types=types, class_taxes=answer, taxes=free)
    made = translated(bill(taxed, [tax_row(15.0), typed(2500.0)], 3115.0), both)
    assert [line[0] for line in lines(made)] == ["NONE", "INPUT2", "GSTONCAPIMPORTS"]
    assert codes_of(bill([machine, freight], [typed(2500.0)], 3200.0), told) == [("imports-mixed", True)]
    assert [line[0] for line in lines(translated(bill([freight], [typed(2500.0)], 2700.0), told))] == ["NONE", "GSTONIMPORTS"]
    # As an item line on the tax account, and where the organisation has no such type.
    on_account = item(2500.0, expense_account="GST - KS")
    assert [line[0] for line in lines(translated(bill([machine, on_account], [], 3000.0), told))] == ["NONE", "GSTONCAPIMPORTS"]
    # An item tax template with a row of its own says it, whatever else is on the bill.
    row = ("Purchases", "GST - KS (fixed amount)", "Import - KS")
    by_template = choices(host_classes=PLANT, tax_types=types, class_taxes=answer, taxes={**told.taxes, row: CAPITAL_IMPORTS})
    templated = item(2500.0, expense_account="GST - KS", item_tax_template="Import - KS", item_tax_rate='{"GST - KS": 0}')
    made = translated(bill([machine, freight, templated], [], 3200.0), by_template)
    assert [line[0] for line in lines(made)] == ["NONE", "NONE", "GSTONCAPIMPORTS"]
    one_type = choices(host_classes=PLANT, tax_types={each.code: each for each in (INPUT, NONE, IMPORTS)})
    assert [line[0] for line in lines(translated(doc, one_type))] == ["NONE", "GSTONIMPORTS"]


# The United States


def united_states(*rows: tuple[str, str, str, TaxType], **changes: Any) -> Mapping:
    more = {(direction, key, template): tax_type for direction, key, template, tax_type in rows}
    base = mapping()
    accounts = {**base.accounts, "Sales Tax - KS": "225"}
    untaxed = {key: NONE for key in base.taxes if key[1] == "No tax"}
    return mapping(**{"taxes": {**untaxed, **more}, "accounts": accounts, "country": "US", "xero_classes": {"225": "LIABILITY"}, **changes})


OWN = ("Sales", "Sales Tax - KS @ 8.25", "", TaxType("TAX101", D("8.25")))
SERVICE = typed(8.31, account_head="Sales Tax - KS", description="Sales Tax")


@pytest.mark.case("F14")
@pytest.mark.parametrize("mapped", [united_states(), united_states(OWN)], ids=["no rate mapped", "another rate mapped"])
def test_a_services_tax_is_a_line_without_tax_on_the_liability(mapped: Mapping) -> None:
    doc = sales_invoice([item(60.0), item(40.0)], [SERVICE], 108.31)
    made = translated(doc, mapped)
    assert lines(made) == [("NONE", "60", ""), ("NONE", "40", ""), ("NONE", "8.31", "")]
    assert made.body["LineItems"][2]["AccountCode"] == "225" and (made.total, made.tax) == (D("108.31"), 0)
    back = credit_note(returned(doc), mapped, "c1")
    assert lines(back) == lines(made)


@pytest.mark.case("F14")
def test_several_jurisdictions_are_a_line_each() -> None:
    rows = [typed(6.25, account_head="Sales Tax - KS", description=state) for state in ("State", "County")]
    made = translated(sales_invoice([item(100.0)], rows, 112.5), united_states(OWN))
    assert [line["Description"] for line in made.body["LineItems"]] == ["Fence panel", "State", "County"]
    assert lines(made)[1:] == [("NONE", "6.25", ""), ("NONE", "6.25", "")]


@pytest.mark.case("F14")
def test_an_own_rate_serves_only_where_it_is_mapped_and_comes_to_it() -> None:
    made = translated(sales_invoice([item(100.0)], [{**SERVICE, "tax_amount_after_discount_amount": 8.25}], 108.25), united_states(OWN))
    assert lines(made) == [("TAX101", "100", "8.25")]
    # Part of the lines at that rate may be chance: addresses have rates of their own.
    made = translated(
        sales_invoice([item(100.0), item(7.0)], [{**SERVICE, "tax_amount_after_discount_amount": 8.25}], 115.25), united_states(OWN)
    )
    assert lines(made)[-1] == ("NONE", "8.25", "")


@pytest.mark.case("F14")
def test_without_its_account_nothing_is_said_of_imports_or_suppliers() -> None:
    base = united_states(OWN)
    (problem,) = problems_of(
        sales_invoice([item(100.0)], [SERVICE], 108.31),
        mapping(taxes=base.taxes, country="US"),
    )
    assert (problem.code, problem.resolution) == ("account-unmapped", "Map Sales Tax - KS under Accounts in Mapping")


@pytest.mark.parametrize(
    ("net", "rows", "rest", "most"),
    [
        (1000.0, [typed(90.0)], "90.00", "150.00"),  # 60 % may be claimed
        (300.0, [typed(22.5)], "22.50", "45.00"),  # half of a lease car's
        (80000.0, [typed(9500.0)], "9500.00", "12000.00"),  # a limit on cars
        (100.0, [tax_row(15.0), typed(0.03)], "0.03", "15.00"),  # what the supplier's rounding left
        (100.0, [typed(15.0), typed(0.4)], "0.40", "15.00"),
    ],
)
def test_less_than_its_own_lines_would_bear_is_no_tax_on_imports(net: float, rows: list[dict[str, Any]], rest: str, most: str) -> None:
    total = net + sum(row["tax_amount"] for row in rows)
    doc = bill([item(net)], rows, total)
    (problem,) = problems_of(doc, choices())
    assert (problem.code, problem.held) == ("tax-typed", True)
    assert D(rest) == D(problem.message.split(" has ")[1].split()[0]) and f"({most})" in problem.message
    assert '"GST - KS (fixed amount)"' in problem.resolution and "0 %" in problem.resolution
    mirrored = returned(doc)
    with pytest.raises(Refused):
        credit_note(mirrored, choices(), "c1")


def test_its_cures_go() -> None:
    """Claimed and not claimed as lines of their own; cents as a row; tax on imports as an item line."""
    untaxed = {"item_tax_template": "Free - KS", "item_tax_rate": '{"GST - KS": 0}'}
    mapped = choices(("Purchases", "GST - KS @ 0", "Free - KS", NONE))
    part = translated(bill([item(600.0), item(460.0, **untaxed)], [tax_row(90.0)], 1150.0), mapped)
    assert lines(part) == [("INPUT2", "600", ""), ("NONE", "460", "")] and (part.total, part.tax) == (1150, 90)
    cents = typed(0.03, account_head="Freight - KS")
    made = translated(bill([item(100.0)], [tax_row(15.0), cents], 115.03), mapped)
    assert lines(made) == [("INPUT2", "100", ""), ("NONE", "0.03", "")] and (made.total, made.tax) == (D("115.03"), 15)
    imports = item(3.0, expense_account="GST - KS", **untaxed)
    made = translated(bill([item(100.0), imports], [tax_row(15.0)], 118.0), mapped)
    assert lines(made) == [("INPUT2", "100", ""), ("GSTONIMPORTS", "3", "")]


def test_an_agents_typed_tax_on_imports_is_more_than_that_of_its_fee() -> None:
    duty = item(250.0, item_tax_template="Free - KS", item_tax_rate='{"GST - KS": 0}')
    mapped = choices(("Purchases", "GST - KS @ 0", "Free - KS", NONE))
    made = translated(bill([item(120.0), duty], [tax_row(18.0), typed(345.0)], 733.0), mapped)
    assert [line[0] for line in lines(made)] == ["INPUT2", "NONE", "GSTONIMPORTS"]
