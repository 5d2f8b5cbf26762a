"""What the recorded counter sales, paid bills, openings, deferrals, stock bills and assets must become.

The figures are the host's own: total and tax of the document, and per account what its ledger shows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import TaxType
from picortex_xero.accounting.money import decimal, half_up
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.identity import DIRECTIONS, amount_due, within_one_company
from tests.scene.recorded_cases import WRITE_OFF, Doc, mapped, sent, submitted

D = Decimal
# Every recorded case of these kinds, with (document, Total, TotalTax) as ERPNext shows them.
EXPECTED = {
    "is-pos-invoice": ["515.20 67.20", "515.20 67.20", "held", "515.20 67.20"],
    "is-paid-bill": ["589.60 76.90", "3967.50 517.50", "474.23 61.86"],
    "pos-day": ["293.71 38.31", "held", "562.40 73.36"],
    "deferred-revenue": ["1380.00 180.00"],
    "deferred-revenue-journal": ["1380.00 180.00"],
    "deferred-expense": ["1035.00 135.00"],
    "inter-company": ["276.00 36.00", "276.00 36.00"],
    "fixed-asset": ["6900.00 900.00", "held"],
    "stock-bill-update-stock": ["452.41 59.01", "226.20 29.50"],
    "stock-bill-after-receipt": ["718.75 93.75"],
    "stock-bill-plain": ["724.50 94.50"],
    "delivery-invoice": ["2357.50 307.50", "1026.95 133.95", "458.85 59.85"],
    "delivery-note-invoice": ["1190.25 155.25", "458.85 59.85"],
    "landed-cost": [],
    "debit-note-to-customer": ["723.92 94.42", "43.12 5.62"],
    "return-stand-alone": ["170.78 22.28"],
    "debit-note-stand-alone": ["148.35 19.35"],
    "opening-invoices": ["held", "held"],
}


def outcome(doc: Doc, choices: Any) -> str:
    try:
        made = sent(doc, choices)
    except Refused as refused:
        assert all(problem.held and problem.resolution and doc["name"] in problem.message for problem in refused.problems)
        return "held"
    return f"{half_up(made.total)} {half_up(made.tax)}"


@pytest.mark.parametrize("case", EXPECTED)
def test_totals_and_taxes_are_the_hosts(case: str) -> None:
    made = [(doc, outcome(doc, mapped(case))) for doc, _ledger in submitted(case)]
    assert [figures for _doc, figures in made] == EXPECTED[case]
    for doc, figures in made:
        assert figures == "held" or D(figures.split()[0]) == half_up(abs(decimal(amount_due(doc))))


def by_account(doc: Doc, ledger: list[Doc]) -> dict[str, Decimal]:
    """The ledger's rows per account, as the lines of an invoice count them, without party, tax, money and cost of goods."""
    sales = DIRECTIONS[doc["doctype"]] == "Sales"
    aside = {doc["debit_to" if sales else "credit_to"], doc.get("cash_bank_account"), doc.get("account_for_change_amount")}
    aside |= {row["account_head"] for row in doc.get("taxes") or []} | {row["account"] for row in doc.get("payments") or []}
    if sales and doc.get("update_stock"):
        aside |= {item["expense_account"] for item in doc["items"]} | {"Stock In Hand - KO"}
    aside |= {doc.get("write_off_account")}
    sign = (1 if sales else -1) * (-1 if doc.get("is_return") else 1)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in ledger:
        if row["account"] not in aside:
            sums[row["account"]] += sign * (decimal(row.get("credit")) - decimal(row.get("debit")))
    return {account: amount for account, amount in sums.items() if amount}


@pytest.mark.parametrize("case", [case for case in EXPECTED if case != "is-paid-bill"])
def test_every_line_is_on_the_account_that_the_ledger_shows(case: str) -> None:
    """Also of stock bills (received but not billed, stock in hand), deferrals, purchased and sold assets, and openings."""
    choices = mapped(case, opening_documents="Create", depreciation="Sent from here", deductions=WRITE_OFF)
    compared = 0
    for doc, ledger in submitted(case):
        made = sent({**doc, "ledger": ledger}, choices)
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in made.body["LineItems"]:
            sums[line["AccountCode"]] += half_up(line["Quantity"] * line["UnitAmount"])
        assert {account: amount for account, amount in sums.items() if amount} == by_account(doc, ledger), doc["name"]
        compared += 1
    assert compared or case == "landed-cost"


def test_opening_documents_carry_what_is_open_without_tax() -> None:
    choices = mapped("opening-invoices", opening_documents="Create")
    (invoice, _), (bill, _) = submitted("opening-invoices")
    made = sent(invoice, choices)
    assert made.body["LineItems"] == [
        {
            "Description": "Opening balance of KO-SI-00038",
            "Quantity": D(1),
            "UnitAmount": D(1150),
            "AccountCode": "Temporary Opening - KO",
            "TaxType": "NONE",
        }
    ]
    assert (made.total, made.tax, made.body["LineAmountTypes"]) == (D(1150), D(0), "Exclusive")
    assert sent({**invoice, "settled_before": D("150.50")}, choices).total == D("999.5")
    assert sent(bill, choices).body["InvoiceNumber"] == "B-opening-invo-1"


def test_a_sold_asset_is_its_price_with_tax_and_its_ledger_without() -> None:
    doc, ledger = submitted("fixed-asset")[1]
    choices = mapped("fixed-asset", depreciation="Sent from here")
    price, *rest = sent({**doc, "ledger": ledger}, choices).body["LineItems"]
    assert (price["AccountCode"], price["UnitAmount"], price["TaxType"]) == ("Gain/Loss on Asset Disposal - KO", D(5000), "OUTPUT2")
    assert {line["AccountCode"]: line["UnitAmount"] for line in rest} == {
        "Office Equipments - KO": D(6000),
        "Accumulated Depreciation - KO": D("-226.07"),
        "Gain/Loss on Asset Disposal - KO": D("-5773.93"),
    }
    assert {line["TaxType"] for line in rest} == {"NONE"}
    kept = sent(doc, mapped("fixed-asset", depreciation="Kept in Xero"))
    assert len(kept.body["LineItems"]) == 1 and kept.total == D(5750)


def test_an_asset_sold_among_goods_that_the_ledger_mixes_is_held() -> None:
    doc, ledger = submitted("fixed-asset")[1]
    mixed = {**doc, "update_stock": 1, "items": [*doc["items"], {**doc["items"][0], "is_fixed_asset": 0}], "ledger": ledger}
    with pytest.raises(Refused) as refused:
        sent(mixed, mapped("fixed-asset", depreciation="Sent from here"))
    assert "asset-sale" in [problem.code for problem in refused.value.problems]


def test_a_debit_note_names_what_it_adds_to() -> None:
    doc = submitted("debit-note-to-customer")[1][0]
    body = sent(doc, mapped("debit-note-to-customer")).body
    assert (body["Type"], body["Reference"]) == ("ACCREC", "KO-SI-00101")
    assert body["LineItems"][0]["Description"] == "Site labour, hour" and body["LineItems"][0]["UnitAmount"] == D("37.5")


def test_the_same_bill_number_twice_is_told_apart_by_its_address() -> None:
    made = [sent(doc, mapped("same-bill-number")) for doc, _ledger in submitted("same-bill-number")]
    numbers = [each.body["InvoiceNumber"] for each in made]
    assert len(numbers) > len(set(numbers)) and len({each.marker["Url"] for each in made}) == len(made)
    assert all("InvoiceNumber" not in each.marker for each in made)


def test_only_transfers_within_the_company_are_nothing_to_xero() -> None:
    (sale_, _), (bill, _) = submitted("inter-company")
    assert not within_one_company(sale_) and not within_one_company(bill)
    assert within_one_company({**sale_, "represents_company": sale_["company"]})
    assert not within_one_company({**sale_, "represents_company": sale_["company"], "is_internal_customer": 0})


def joined(sales: int, rate: float = 15.0, **changes: Any) -> Doc:
    """A day of so many counter sales of one item at 12.52 with 1.88 tax each (1.878 rounded), joined as ERPNext joins them."""
    doc = submitted("pos-day")[0][0]
    net, tax = float(D("12.52") * sales), float(D("1.88") * sales)
    item = {**doc["items"][0], "qty": float(sales), "rate": 12.52, "net_rate": 12.52, "amount": net, "net_amount": net}
    row = {**doc["taxes"][0], "tax_amount_after_discount_amount": tax, "item_wise_tax_detail": f'{{"PANEL": [{rate}, {tax}]}}'}
    return {**doc, "items": [item], "taxes": [row], "grand_total": net + tax, "counter_sales": sales, **changes}


def test_sales_that_were_rounded_one_by_one_keep_their_tax() -> None:
    """40 sales are 75.20 tax on 500.80, of which 15 % is 75.12: each was rounded by itself, and Xero is told so."""
    made = sent(joined(40), mapped("pos-day"))
    assert (made.total, made.tax) == (D("576"), D("75.2"))
    assert [line["TaxAmount"] for line in made.body["LineItems"]] == [D("75.2")]


@pytest.mark.parametrize("changes", [{"counter_sales": 0}, {"counter_sales": 15}, {"is_consolidated": 0}])
def test_no_more_than_the_joined_sales_explain(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        sent(joined(40, **changes), mapped("pos-day"))


def test_items_at_their_own_rates_are_told_apart_in_a_joined_invoice() -> None:
    doc = joined(1)
    bread = {
        **doc["items"][0],
        "item_code": "BREAD",
        "item_name": "Bread",
        "amount": 10.0,
        "net_amount": 10.0,
        "rate": 10.0,
        "net_rate": 10.0,
    }
    row = {**doc["taxes"][0], "item_wise_tax_detail": '{"PANEL": [15.0, 1.88], "BREAD": [0.0, 0.0]}'}
    choices = mapped("pos-day")
    choices = mapped("pos-day", taxes={**choices.taxes, ("Sales", "GST - KO @ 0", ""): TaxType("ZERORATED", D(0))})
    made = sent(
        {**doc, "items": [*doc["items"], bread], "taxes": [row], "grand_total": 24.40, "payments": [], "change_amount": 0.0}, choices
    )
    assert [(line["TaxType"], line["UnitAmount"]) for line in made.body["LineItems"]] == [("OUTPUT2", D("12.52")), ("ZERORATED", D(10))]


def as_16(doc: Doc) -> Doc:
    """The same invoice as ERPNext 16 has it: a table of details by the names of item and tax rows, none in the tax rows."""
    items = [{**item, "name": item.get("name") or f"item-{at}"} for at, item in enumerate(doc["items"])]
    taxes = [{**row, "name": row.get("name") or f"tax-{at}"} for at, row in enumerate(doc["taxes"])]
    details = [
        {
            "item_row": item["name"],
            "tax_row": row["name"],
            "rate": known[item["item_code"]][0],
            "amount": 0.0,
            "taxable_amount": item["base_net_amount"],
        }
        for row in taxes
        for known in [json.loads(row.get("item_wise_tax_detail") or "{}")]
        for item in items
        if item["item_code"] in known
    ]
    bare = [{field: value for field, value in row.items() if field != "item_wise_tax_detail"} for row in taxes]
    return {**doc, "items": items, "taxes": bare, "item_wise_tax_details": details}


@pytest.mark.case("B12")
def test_a_days_sales_are_the_same_from_either_tax_table() -> None:
    """Sales and returns, in the order they were recorded; without any detail they are refused as before."""
    choices = mapped("pos-day", deductions=WRITE_OFF)
    for doc, _ledger in submitted("pos-day"):
        assert as_16(doc)["item_wise_tax_details"], doc["name"]
        assert sent(as_16(doc), choices) == sent(doc, choices)
        with pytest.raises(Refused):
            sent({**as_16(doc), "item_wise_tax_details": []}, choices)


@pytest.mark.case("B12")
def test_in_16_each_row_has_its_own_rate_whatever_its_item_code() -> None:
    """Two rows of one item at two rates, as sales of two customers have them; a detail of another tax row says nothing of this one."""
    doc = as_16(joined(1))
    free = {**doc["items"][0], "name": "item-free", "amount": 10.0, "net_amount": 10.0, "rate": 10.0, "net_rate": 10.0}
    detail = doc["item_wise_tax_details"][0]
    details = [
        detail,
        {**detail, "item_row": "item-free", "rate": 0.0},
        {**detail, "item_row": "item-free", "tax_row": "elsewhere", "rate": 99.0},
    ]
    choices = mapped("pos-day")
    choices = mapped("pos-day", taxes={**choices.taxes, ("Sales", "GST - KO @ 0", ""): TaxType("ZERORATED", D(0))})
    made = sent(
        {
            **doc,
            "items": [*doc["items"], free],
            "item_wise_tax_details": details,
            "grand_total": 24.40,
            "payments": [],
            "change_amount": 0.0,
        },
        choices,
    )
    assert [(line["TaxType"], line["UnitAmount"]) for line in made.body["LineItems"]] == [("OUTPUT2", D("12.52")), ("ZERORATED", D(10))]
    whole = as_16(joined(40))
    again = {**whole, "item_wise_tax_details": whole["item_wise_tax_details"] * 2}
    assert sent(again, mapped("pos-day")) == sent(joined(40), mapped("pos-day")), "said twice it is one rate"
