"""Sales and purchase invoices become Xero's, to the cent or refused with ALL reasons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import PaymentAccount, TaxType
from picortex_xero.accounting.problems import Refused
from tests.scene.documents import bill, item, sales_invoice, tax_row, translated
from tests.scene.mapping import NONE, mapping

D = Decimal
FREIGHT = {"charge_type": "Actual", "account_head": "Freight - KS", "description": "Freight", "rate": 0.0}


def codes(doc: dict[str, Any], **choices: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        translated(doc, mapping(**choices))
    return [problem.code for problem in refused.value.problems]


def plain_sale(**changes: Any) -> dict[str, Any]:
    return {**sales_invoice([item(100.0, 4)], [tax_row(15.0)], 115.0), **changes}


def test_an_ordinary_sale_is_exactly_this() -> None:
    made = translated(plain_sale(po_no="PO 7"))
    url = made.body.pop("Url")
    assert url.startswith("https://erp.kauri.example/app/sales-invoice/SINV-1?sync=k1-")
    assert made.body == {
        "Type": "ACCREC",
        "InvoiceNumber": "SINV-1",
        "Reference": "PO 7",
        "Contact": {"ContactID": "c1"},
        "Date": "2026-10-05",
        "DueDate": "2026-10-25",
        "CurrencyCode": "NZD",
        "Status": "AUTHORISED",
        "LineAmountTypes": "Exclusive",
        "LineItems": [{"Description": "Fence panel", "Quantity": D(4), "UnitAmount": D(25), "AccountCode": "200", "TaxType": "OUTPUT2"}],
    }
    assert (made.total, made.tax) == (D(115), D(15))
    assert made.marker == {"Type": "ACCREC", "ContactID": "c1", "Total": D(115), "InvoiceNumber": "SINV-1", "Url": url}


def test_a_bill_has_the_suppliers_number_and_the_cost_account_and_no_reference() -> None:
    made = translated(bill([item(100.0)], [tax_row(15.0)], 115.0, bill_no="K-55", po_no="never"))
    assert (made.body["Type"], made.body["InvoiceNumber"]) == ("ACCPAY", "K-55")
    assert "Reference" not in made.body and made.body["LineItems"][0]["AccountCode"] == "310"
    assert made.body["LineItems"][0]["TaxType"] == "INPUT2"
    assert "InvoiceNumber" not in made.marker and made.marker["Url"] == made.body["Url"]
    assert translated(bill([item(100.0)], [tax_row(15.0)], 115.0)).body["InvoiceNumber"] == "PINV-1"


def test_a_burned_number_gets_a_visible_suffix() -> None:
    made = translated(plain_sale(), suffix=2)
    assert made.body["InvoiceNumber"] == made.marker["InvoiceNumber"] == "SINV-1-R2"


def test_without_a_url_the_number_is_the_marker() -> None:
    from picortex_xero.documents.invoice.invoice import invoice

    made = invoice(bill([item(100.0)], [tax_row(15.0)], 115.0), mapping(), "c1", "https://xero.example", "k1", 1)
    assert "Url" not in made.body and made.marker["InvoiceNumber"] == "PINV-1"


def test_a_line_says_its_tax_only_where_xero_would_compute_another() -> None:
    """Three lines of 0.10: Xero makes 3 x 0.02 of it, ERPNext 0.045 rounded half to even."""
    made = translated(sales_invoice([item(0.10), item(0.10), item(0.10)], [tax_row(0.04)], 0.34))
    assert [line.get("TaxAmount") for line in made.body["LineItems"]] == [None, D("0.01"), D("0.01")]
    assert (made.total, made.tax) == (D("0.34"), D("0.04"))


def test_prices_that_include_tax_go_gross() -> None:
    doc = sales_invoice([item(199.99, amount=230.0, rate=230.0)], [tax_row(30.0, included_in_print_rate=1)], 230.0)
    made = translated(doc)
    assert made.body["LineAmountTypes"] == "Inclusive"
    assert made.body["LineItems"] == [
        {"Description": "Fence panel", "Quantity": D(1), "UnitAmount": D(230), "AccountCode": "200", "TaxType": "OUTPUT2"}
    ]
    assert (made.total, made.tax) == (D(230), D(30))


@pytest.mark.parametrize(
    ("rows", "grand_total", "discount"),
    [
        ([tax_row(13.04, included_in_print_rate=1), {**FREIGHT, "tax_amount": 10.0}], 110.0, 0.0),
        ([tax_row(13.04, included_in_print_rate=1)], 100.0, 5.0),
        ([tax_row(13.04, included_in_print_rate=1), tax_row(0.0, rate=0.0)], 100.0, 0.0),
    ],
)
def test_net_goes_where_not_every_row_is_inside_the_price_or_the_document_is_discounted(
    rows: list[dict[str, Any]], grand_total: float, discount: float
) -> None:
    made = translated(sales_invoice([item(86.96, amount=100.0)], rows, grand_total, discount_amount=discount))
    assert made.body["LineAmountTypes"] == "Exclusive" and made.body["LineItems"][0]["UnitAmount"] == D("86.96")
    assert (made.total, made.tax) == (D(str(grand_total)), D("13.04"))


def test_a_foreign_invoice_carries_its_rate_turned_round() -> None:
    made = translated(plain_sale(currency="AUD", conversion_rate=1.0876))
    assert (made.body["CurrencyCode"], made.body["CurrencyRate"]) == ("AUD", D("0.919456"))


def test_cost_centre_becomes_tracking_where_mapped() -> None:
    doc = sales_invoice([item(50.0, cost_center="North - KS"), item(50.0, cost_center="South - KS")], [tax_row(15.0)], 115.0)
    lines = translated(doc).body["LineItems"]
    assert lines[0]["Tracking"] == [{"Name": "Branch", "Option": "North"}] and "Tracking" not in lines[1]


def test_a_quantity_that_xero_cannot_keep_is_told_in_words() -> None:
    made = translated(sales_invoice([item(12.35, qty=1.23456, net_rate=10.0)], [tax_row(1.85)], 14.20))
    line = made.body["LineItems"][0]
    assert (line["Quantity"], line["UnitAmount"], line["Description"]) == (1, D("12.35"), "Fence panel (1.23456 Nos x 10)")


def test_descriptions_end_at_xeros_limit() -> None:
    made = translated(sales_invoice([item(100.0, item_name="x" * 5000)], [tax_row(15.0)], 115.0))
    assert len(made.body["LineItems"][0]["Description"]) == 4000


def test_freight_is_a_line_of_its_own_taxed_as_the_host_does() -> None:
    rows = [{**FREIGHT, "tax_amount": 20.0}, tax_row(18.0, charge_type="On Previous Row Total", row_id="1")]
    made = translated(sales_invoice([item(100.0)], rows, 138.0))
    freight = made.body["LineItems"][1]
    assert (freight["Description"], freight["UnitAmount"], freight["AccountCode"], freight["TaxType"]) == ("Freight", 20, "260", "OUTPUT2")
    assert (made.total, made.tax) == (D(138), D(18))


def test_withheld_tax_is_a_negative_line_without_tax() -> None:
    row = tax_row(10.0, charge_type="Actual", account_head="Withholding - KS", description="WHT", add_deduct_tax="Deduct")
    made = translated(bill([item(100.0)], [tax_row(15.0, add_deduct_tax="Add"), row], 105.0))
    line = made.body["LineItems"][1]
    assert (line["UnitAmount"], line["AccountCode"], line["TaxType"]) == (-10, "825", "NONE")
    assert (made.total, made.tax) == (D(105), D(15))


def test_valuation_rows_are_no_part_of_the_bill() -> None:
    made = translated(bill([item(100.0)], [tax_row(15.0), tax_row(99.0, category="Valuation")], 115.0))
    assert len(made.body["LineItems"]) == 1 and made.total == 115


def test_a_charge_that_came_to_nothing_makes_no_line() -> None:
    assert len(translated(sales_invoice([item(100.0)], [tax_row(15.0), {**FREIGHT, "tax_amount": 0.0}], 115.0)).body["LineItems"]) == 1


def test_a_charge_account_is_no_tax_because_its_name_ends_a_taxs_name() -> None:
    """ "Duty - KS" is mapped as an account; that "Import Duty - KS" is mapped as a tax says nothing about it."""
    duty = tax_row(10.0, account_head="Duty - KS", description="Duty", rate=10.0)
    choices = {
        "accounts": {**mapping().accounts, "Duty - KS": "260"},
        "taxes": {**mapping().taxes, ("Sales", "GST - KS @ 15 + Import Duty - KS @ 10", ""): TaxType("T", D(25))},
    }
    made = translated(sales_invoice([item(100.0)], [tax_row(15.0), duty], 125.0), mapping(**choices))
    assert [line["AccountCode"] for line in made.body["LineItems"]] == ["200", "260"] and made.tax == 15


def test_rounding_of_the_host_and_drift_are_lines_without_tax() -> None:
    made = translated(plain_sale(grand_total=115.03, rounded_total=115.0))
    assert [(line["Description"], line["UnitAmount"], line["AccountCode"], line["TaxType"]) for line in made.body["LineItems"][1:]] == [
        ("Rounding difference", D("0.03"), "860", "NONE"),
        ("Rounding", D("-0.03"), "860", "NONE"),
    ]
    assert made.total == 115


def test_drift_is_capped_and_the_hosts_own_rounding_is_not() -> None:
    assert translated(plain_sale(grand_total=115.05)).total == D("115.05")
    assert codes(plain_sale(grand_total=115.06)) == ["total-differs"]
    assert translated(plain_sale(rounded_total=115.5)).total == D("115.5")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_pos": 1, "loyalty_amount": 5.0}, "pos-loyalty"),
        ({"is_pos": 1, "write_off_amount": 0.2}, "pos-write-off"),
        ({"is_opening": "Yes"}, "opening"),
        ({"items": [item(100.0, is_fixed_asset=1, asset="ASSET-1")]}, "asset-sale"),
    ],
)
def test_what_waits_for_a_decision_is_held_with_its_reason(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        translated(plain_sale(**changes))
    problem = refused.value.problems[0]
    assert (problem.code, problem.held) == (code, True) and "Sales Invoice SINV-1" in problem.message and problem.resolution


def test_ordinary_flags_hold_nothing() -> None:
    assert translated(plain_sale(is_return=0, is_opening="No", advances=[{"allocated_amount": 0.0}])).total == 115


def test_all_reasons_to_hold_are_told_at_once() -> None:
    assert codes(plain_sale(is_pos=1, write_off_amount=1.0, is_opening="Yes")) == ["pos-write-off", "opening"]


@pytest.mark.parametrize(
    ("doc", "choices", "expected"),
    [
        (plain_sale(), {"accounts": {}}, ["account-unmapped"]),
        # No default stands for money, and no mapping under Accounts may: the line is amended.
        (plain_sale(), {"accounts": {}, "default_accounts": {"Sales": "200"}, "money_accounts": {"Sales - KS"}}, ["line-on-bank-account"]),
        (plain_sale(), {"accounts": {}, "payment_accounts": {"Sales - KS": PaymentAccount("bank", "")}}, ["line-on-bank-account"]),
        (plain_sale(), {"taxes": {}}, ["tax-unmapped"]),
        (plain_sale(), {"taxes": {("Sales", "GST - KS @ 15", ""): TaxType("OUTPUT2", None)}}, ["tax-rate-unknown"]),
        (plain_sale(), {"taxes": {("Sales", "GST - KS @ 15", ""): TaxType("OUTPUT", D("12.5"))}}, ["tax-differs"]),
        (plain_sale(), {"taxes": {("Sales", "GST - KS @ 15", ""): NONE}}, ["tax-differs"]),
        (plain_sale(rounded_total=115.4), {"rounding_account": ""}, ["rounding-account-missing"]),
        (plain_sale(rounded_total=115.4), {"no_tax_type": ""}, ["no-tax-type-missing"]),
        (sales_invoice([item(100.0)], [tax_row(16.5)], 116.5), {}, ["tax-not-explained", "tax-differs"]),
        (sales_invoice([item(100.005)], [tax_row(15.0)], 115.005), {}, ["too-many-decimals"]),
        (sales_invoice([item(-100.0)], [tax_row(-15.0)], -115.0), {}, ["negative-total"]),
        (plain_sale(currency="USD", conversion_rate=2_500_000.0), {}, ["rate-unusable"]),
        (plain_sale(currency="USD", conversion_rate=0), {}, ["rate-unusable"]),
    ],
)
def test_what_cannot_go_says_why(doc: dict[str, Any], choices: dict[str, Any], expected: list[str]) -> None:
    found = codes(doc, **choices)
    assert set(expected) <= set(found) and found[0] == expected[0]


def test_a_zero_rate_never_takes_the_hosts_tax_even_for_a_cent() -> None:
    doc = sales_invoice([item(0.05)], [tax_row(0.01)], 0.06)
    assert codes(doc, taxes={("Sales", "GST - KS @ 15", ""): NONE}) == ["tax-differs"]


def test_all_problems_of_a_document_are_told_once_each() -> None:
    rows = [tax_row(15.0), {**FREIGHT, "account_head": "Courier - KS", "tax_amount": 5.0}]
    lines = [item(50.0, income_account="Other - KS"), item(50.0, income_account="Other - KS", item_tax_rate='{"GST - KS": 0}')]
    doc = sales_invoice(lines, rows, 199.0, rounded_total=199.5)
    found = codes(doc, rounding_account="", no_tax_type="", taxes={("Sales", "GST - KS @ 15", ""): TaxType("OUTPUT2", D(15))})
    assert found.count("account-unmapped") == 2, "the item's account once, the charge's once"
    assert {"tax-unmapped", "total-differs", "rounding-account-missing", "no-tax-type-missing"} <= set(found)
    assert len(found) == len(set(found)) + found.count("account-unmapped") - 1 + found.count("tax-unmapped") - 1


def test_messages_name_the_place_of_the_cure() -> None:
    with pytest.raises(Refused) as refused:
        translated(plain_sale(), mapping(accounts={}, taxes={}))
    assert [problem.resolution for problem in refused.value.problems] == [
        "Map Sales - KS under Accounts in Mapping",
        'Map "GST - KS @ 15" for sales under Taxes in Mapping',
    ]


def test_the_document_is_left_as_it_was() -> None:
    import copy

    doc = plain_sale(rounded_total=115.4)
    before = copy.deepcopy(doc)
    translated(doc)
    assert doc == before
