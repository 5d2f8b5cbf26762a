"""Rows for "Valuation" and "Valuation and Total": in Xero as ERPNext's ledger has them, and no tax that the ledger makes a cost is claimed.

The ledgers are those that ERPNext 15.71 books (`make_item_gl_entries`, `make_tax_gl_entries`; recorded case `valuation-rows`).
"""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.problems import Refused
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.credit_note.credit_note import credit_note
from picortex_xero.documents.invoice.booked import by_type, needs_of_ledger, with_ledger
from picortex_xero.documents.translation import Translation
from tests.documents.invoice.scene import Scene, named
from tests.scene.documents import bill, item, returned, tax_row, translated
from tests.scene.mapping import ZERO_RATED, with_taxes

Doc = dict[str, Any]
IMPORTS = ("Purchases", "GST - KS (fixed amount)", "", TaxType("GSTONIMPORTS", D(0)))
ACCOUNTS = {"Stock - KS": "630", "Received - KS": "850", "Plant - KS": "710", "Valued - KS": "425", "GST - KS": "820", "Cost - KS": "310"}


def choices(*rows: tuple[str, str, str, TaxType], **more: Any) -> Mapping:
    return with_taxes(IMPORTS, *rows, **{"accounts": {**ACCOUNTS, "Freight - KS": "260"}, **more})


def stock(net: float, cost: float, **more: Any) -> Doc:
    """An item row that the bill receives into stock; `cost` is what ERPNext divided on it."""
    return item(net, expense_account="Stock - KS", item_tax_amount=cost, **more)


def row(amount: float, category: str, account: str = "GST - KS", **more: Any) -> Doc:
    return tax_row(amount, category=category, account_head=account, **more)


def typed(amount: float, category: str, account: str = "GST - KS", **more: Any) -> Doc:
    return row(amount, category, account, charge_type="Actual", rate=0.0, **more)


def entry(account: str, debit: float = 0.0, credit: float = 0.0) -> Doc:
    return {"account": account, "debit": debit, "credit": credit, "against_voucher_type": "Purchase Invoice"}


def with_facts(doc: Doc, ledger: list[Doc], receipt: list[Doc] | None = None) -> Doc:
    scene = Scene(doc)
    scene.ledger = {named(doc): ledger, ("Purchase Receipt", "PR-1"): receipt or []}
    return with_ledger(doc, scene.facts(lambda known: needs_of_ledger(doc)))


def lines(made: Translation) -> list[tuple[str, str, D]]:
    return [(line["AccountCode"], line["TaxType"], D(str(line["UnitAmount"])) * line["Quantity"]) for line in made.body["LineItems"]]


def held(doc: Doc, its: Mapping) -> list[str]:
    with pytest.raises(Refused) as refused:
        translated(doc, its)
    assert all(problem.held and str(problem.resolution) for problem in refused.value.problems)
    return [problem.code for problem in refused.value.problems]


NOT_CLAIMED = [entry("Stock - KS", 230), entry("GST - KS", 30, 30), entry("Creditors - KS", 0, 230)]


@pytest.mark.parametrize("gst", [row(30.0, "Valuation and Total"), typed(30.0, "Valuation and Total")])
def test_tax_that_is_cost_of_stock_is_not_claimed(gst: Doc) -> None:
    doc = with_facts(bill([stock(200.0, 30.0)], [gst], 230.0, update_stock=1), NOT_CLAIMED)
    made = translated(doc, choices())
    assert lines(made) == [("630", "NONE", D(200)), ("630", "NONE", D(30))]
    assert (made.total, made.tax) == (230, 0)
    assert [(each.tax_type.code, each.gross, each.tax) for each in by_type(doc, choices())] == [("NONE", 230, 0)]


def test_its_debit_note_takes_back_no_tax_either() -> None:
    doc = returned(bill([stock(200.0, 30.0)], [row(30.0, "Valuation and Total")], 230.0, update_stock=1))
    ledger = [entry("Stock - KS", 0, 230), entry("GST - KS", 30, 30), entry("Creditors - KS", 230)]
    made = credit_note(with_facts(doc, ledger), choices(), "c1")
    assert lines(made) == [("630", "NONE", D(200)), ("630", "NONE", D(30))] and (made.total, made.tax) == (230, 0)


def test_tax_that_a_receipt_made_cost_is_not_claimed_by_its_bill() -> None:
    """The bill's own ledger has it on the tax account, from where the receipt took it."""
    bought = item(200.0, expense_account="Received - KS", item_tax_amount=30.0, purchase_receipt="PR-1")
    doc = bill([bought], [row(30.0, "Valuation and Total")], 230.0)
    ledger = [entry("Received - KS", 200), entry("GST - KS", 30), entry("Creditors - KS", 0, 230)]
    receipt = [entry("Stock - KS", 230), entry("Received - KS", 0, 200), entry("GST - KS", 0, 30)]
    assert lines(translated(with_facts(doc, ledger, receipt), choices())) == [("850", "NONE", D(200)), ("850", "NONE", D(30))]
    assert held(with_facts(doc, ledger, []), choices()) == ["valued-tax-in-ledger"]


@pytest.mark.parametrize("account", ["Plant - KS", "Cost - KS"])
def test_where_the_ledger_keeps_it_on_the_tax_account_a_person_decides(account: str) -> None:
    """An asset, and stock without perpetual inventory: the row says cost, the ledger says tax."""
    doc = bill([item(200.0, expense_account=account, item_tax_amount=30.0)], [row(30.0, "Valuation and Total")], 230.0)
    ledger = [entry(account, 200), entry("GST - KS", 30), entry("Creditors - KS", 0, 230)]
    assert held(with_facts(doc, ledger), choices()) == ["valued-tax-in-ledger"]
    # The cures: claimed, or on the account of the cost.
    claimed = bill([item(200.0, expense_account=account)], [row(30.0, "Total")], 230.0)
    assert lines(translated(with_facts(claimed, ledger), choices()))[0][1] == "INPUT2"
    cost = bill([item(200.0, expense_account=account)], [row(30.0, "Valuation and Total", account)], 230.0)
    booked = [entry(account, 230), entry("Creditors - KS", 0, 230)]
    assert {each[:2] for each in lines(translated(with_facts(cost, booked), choices()))} == {(ACCOUNTS[account], "NONE")}


HALVES = [row(15.0, "Total", rate=7.5), row(15.0, "Valuation and Total", rate=7.5)]
HALF_CLAIMED = [entry("Stock - KS", 215), entry("GST - KS", 30, 15), entry("Creditors - KS", 0, 230)]


def test_a_part_claim_goes_only_with_a_tax_type_of_exactly_that_rate() -> None:
    doc = with_facts(bill([stock(200.0, 15.0)], HALVES, 230.0, update_stock=1), HALF_CLAIMED)
    assert held(doc, choices()) == ["tax-partly-cost"]
    both = ("Purchases", "GST - KS @ 7.5 + GST - KS @ 7.5", "", TaxType("INPUT2", D(15)))
    assert held(doc, choices(both)) == ["tax-partly-cost"]
    half = TaxType("HALF", D("7.5"))
    made = translated(doc, choices(("Purchases", "GST - KS @ 7.5", "", half)))
    assert lines(made) == [("630", "HALF", D(200)), ("630", "NONE", D(15))] and made.tax == 15
    with pytest.raises(Refused) as refused:
        translated(doc, choices(("Purchases", "GST - KS @ 7.5", "", TaxType("INPUT2", D(15)))))
    assert [problem.code for problem in refused.value.problems] == ["tax-differs"]


def test_what_is_bought_beside_stock_has_no_claim_and_no_part_of_the_cost() -> None:
    template = {"item_tax_template": "Zero - KS", "item_tax_rate": '{"GST - KS": 0}'}
    goods = [stock(200.0, 45.0), item(100.0, item_tax_amount=0.0), item(50.0, item_tax_amount=0.0, **template)]
    doc = bill(goods, [row(45.0, "Valuation and Total")], 395.0, update_stock=1)
    ledger = [entry("Stock - KS", 245), entry("Cost - KS", 150), entry("GST - KS", 45, 45)]
    its = choices(("Purchases", "GST - KS @ 0", "Zero - KS", ZERO_RATED))
    assert lines(translated(with_facts(doc, ledger), its)) == [
        ("630", "NONE", D(200)),
        ("310", "NONE", D(100)),
        ("310", "ZERORATED", D(50)),
        ("630", "NONE", D(45)),
    ]


def test_freight_in_the_cost_is_on_the_accounts_of_what_was_bought_and_keeps_its_tax() -> None:
    goods = [stock(150.0, 22.5), item(50.0, expense_account="Received - KS", item_tax_amount=7.5)]
    rows = [
        typed(30.0, "Valuation and Total", "Valued - KS"),
        row(34.5, "Total", charge_type="On Previous Row Total", row_id="1"),
    ]
    doc = bill(goods, rows, 264.5, update_stock=1)
    ledger = [entry("Stock - KS", 172.5), entry("Received - KS", 57.5), entry("Valued - KS", 30, 30), entry("GST - KS", 34.5)]
    made = translated(with_facts(doc, ledger), choices())
    assert lines(made) == [
        ("630", "INPUT2", D(150)),
        ("850", "INPUT2", D(50)),
        ("630", "INPUT2", D("22.5")),
        ("850", "INPUT2", D("7.5")),
    ]
    assert (made.total, made.tax) == (D("264.5"), D("34.5"))
    # Where the ledger leaves it on its account, so does Xero.
    there = [entry("Stock - KS", 150), entry("Received - KS", 50), entry("Valued - KS", 30), entry("GST - KS", 34.5)]
    assert lines(translated(with_facts(doc, there), choices()))[2:] == [("425", "INPUT2", D(30))]


def test_a_row_that_nobody_charges_moves_a_cost() -> None:
    doc = bill([stock(200.0, 30.0)], [typed(30.0, "Valuation", "Valued - KS"), row(30.0, "Total")], 230.0, update_stock=1)
    ledger = [entry("Stock - KS", 230), entry("Valued - KS", 0, 30), entry("GST - KS", 30), entry("Creditors - KS", 0, 230)]
    made = translated(with_facts(doc, ledger), choices())
    assert lines(made) == [("630", "INPUT2", D(200)), ("630", "NONE", D(30)), ("425", "NONE", D(-30))]
    assert (made.total, made.tax) == (230, 30)
    beside = [entry("Stock - KS", 200), entry("GST - KS", 30), entry("Creditors - KS", 0, 230)]
    assert lines(translated(with_facts(doc, beside), choices())) == [("630", "INPUT2", D(200))]
    no_row = bill([stock(200.0, 30.0)], [typed(30.0, "Valuation"), row(30.0, "Total")], 230.0, update_stock=1)
    assert held(with_facts(no_row, [entry("Stock - KS", 230), entry("GST - KS", 30, 30)]), choices()) == ["valued-tax-only"]


def test_a_landed_cost_voucher_on_the_same_account_is_told_apart() -> None:
    doc = bill([stock(200.0, 30.0)], [typed(30.0, "Valuation and Total", "Valued - KS")], 230.0, update_stock=1)
    ledger = [entry("Stock - KS", 240), entry("Valued - KS", 30, 40), entry("Creditors - KS", 0, 230)]
    assert held(with_facts(doc, ledger), choices()) == ["valuation-unclear"]
    landed = {**doc, "items": [{**doc["items"][0], "landed_cost_voucher_amount": 10.0}]}
    assert lines(translated(with_facts(landed, ledger), choices())) == [("630", "NONE", D(200)), ("630", "NONE", D(30))]


def test_deducted_tax_in_the_cost_is_held() -> None:
    """Reverse charge that may not be claimed: cost here, owed there."""
    rows = [row(30.0, "Valuation and Total"), row(30.0, "Total", add_deduct_tax="Deduct")]
    ledger = [entry("Stock - KS", 230), entry("GST - KS", 30, 60), entry("Creditors - KS", 0, 200)]
    assert held(with_facts(bill([stock(200.0, 30.0)], rows, 200.0, update_stock=1), ledger), choices()) == ["tax-partly-cost"]
    off = [row(30.0, "Total"), row(10.0, "Valuation and Total", add_deduct_tax="Deduct", charge_type="Actual")]
    there = [entry("Stock - KS", 190), entry("GST - KS", 40, 10), entry("Creditors - KS", 0, 220)]
    assert "valued-tax-deducted" in held(with_facts(bill([stock(200.0, -10.0)], off, 220.0, update_stock=1), there), choices())
