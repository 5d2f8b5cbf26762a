"""Whole yen, and dinars with a third decimal: what Xero, which keeps two decimals in every currency, is sent or not sent."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.accounting.currencies import OF_FOUR, OF_THREE, WITHOUT
from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.credit_note.credit_note import credit_note
from picortex_xero.documents.journal_entry.manual_journal import journal
from picortex_xero.documents.journal_entry.rows import read
from picortex_xero.documents.translation import Translation
from sandbox.xero import lines as xero
from sandbox.xero.organisation import add_tax_rate, found
from tests.scene.documents import bill, entry_row, item, journal_entry, problems_of, returned, sales_invoice, tax_row, translated
from tests.scene.mapping import NONE, mapping

pytestmark = [pytest.mark.case("F10"), pytest.mark.case("11")]
CT = TaxType("TAX010", D(10))


def choices(**changes: Any) -> Mapping:
    taxes = {(way, key, ""): kind for way in ("Sales", "Purchases") for key, kind in (("GST - KS @ 10", CT), ("No tax", NONE))}
    return mapping(**{"taxes": taxes, **changes})


def tax(amount: float, **changes: Any) -> dict[str, Any]:
    return tax_row(amount, **{"rate": 10.0, **changes})


def in_xero(made: Translation) -> tuple[D, D]:
    """Total and tax as the simulator's own arithmetic makes them."""
    org = found("NZ", None, "Decimals")
    add_tax_rate(org, {"TaxType": "TAX010", "Name": "Consumption Tax", "EffectiveRate": "10"})
    sale = "SALE" if made.body["Type"].startswith("ACCREC") else "PURCHASE"
    kept = xero.work_out(xero.LineContext(org, sale, made.body["LineAmountTypes"], True, True), made.body["LineItems"], [], {})
    sums = xero.totals(kept, made.body["LineAmountTypes"])
    return sums["Total"], sums["TotalTax"]


@pytest.mark.parametrize("currency", sorted(WITHOUT))
@pytest.mark.parametrize("host", [100, 101])
def test_tax_in_whole_units_is_sent_as_it_is(currency: str, host: int) -> None:
    doc = sales_invoice([item(1005.0, qty=3)], [tax(host)], 1005.0 + host, currency=currency, conversion_rate=0.011)
    made = translated(doc, choices())
    (line,) = made.body["LineItems"]
    assert (line["UnitAmount"], line["TaxType"], line["TaxAmount"]) == (335, "TAX010", host)
    assert in_xero(made) == (made.total, made.tax) == (1005 + host, host)
    back = credit_note(returned(doc), choices(), "c1")
    assert back.body["LineItems"][0]["TaxAmount"] == host and in_xero(back) == (made.total, made.tax)


def test_tax_is_dealt_out_in_whole_units() -> None:
    doc = bill([item(335.0), item(333.0), item(338.0)], [tax(101.0)], 1107.0, currency="JPY", conversion_rate=0.011)
    made = translated(doc, choices())
    amounts = [line.get("TaxAmount") for line in made.body["LineItems"]]
    assert all(amount is not None and amount == int(amount) for amount in amounts) and sum(amounts) == 101
    assert in_xero(made) == (1107, 101)


def test_prices_with_tax_and_a_charge_in_whole_units() -> None:
    doc = sales_invoice([item(1004.0, amount=1104.0, rate=1104.0)], [tax(100.0, included_in_print_rate=1)], 1104.0, currency="JPY")
    made = translated(doc, choices())
    assert made.body["LineAmountTypes"] == "Inclusive" and in_xero(made) == (1104, 100)
    freight = tax_row(1000.0, charge_type="Actual", account_head="Freight - KS", rate=0.0)
    made = translated(sales_invoice([item(335.0), item(671.0)], [freight, tax(101.0)], 2107.0, currency="JPY"), choices())
    assert in_xero(made) == (2107, 101)


def test_a_typed_tax_in_whole_units() -> None:
    typed = tax_row(100.0, charge_type="Actual", rate=0.0)
    made = translated(bill([item(1005.0)], [typed], 1105.0, currency="JPY"), choices())
    assert [(line["TaxType"], line["TaxAmount"]) for line in made.body["LineItems"]] == [("TAX010", 100)]


def test_more_than_a_whole_unit_is_no_rounding() -> None:
    doc = sales_invoice([item(1005.0)], [tax(103.0)], 1108.0, currency="JPY")
    found = problems_of(doc, choices())
    assert [problem.code for problem in found] == ["tax-not-explained", "tax-differs"]
    # It is mapped to the same rate already.
    assert "Map" not in found[1].resolution and "The rate is the same (10 %)" in found[1].resolution


def test_a_site_that_keeps_fractions_of_a_yen_keeps_them() -> None:
    made = translated(sales_invoice([item(1005.0)], [tax(100.5)], 1105.5, currency="JPY"), choices())
    assert "TaxAmount" not in made.body["LineItems"][0] and in_xero(made) == (D("1105.5"), D("100.5"))
    dollars = sales_invoice([item(1005.0)], [tax(100.0)], 1105.0)
    assert [problem.code for problem in problems_of(dollars, choices())][0] == "tax-not-explained"


def test_a_journal_in_whole_yen() -> None:
    rows = [entry_row("Cost - KS", debit=1005.0), entry_row("GST - KS", debit=100.0), entry_row("Freight - KS", credit=1105.0)]
    made = journal(read(journal_entry(*rows), Mapping(**{**vars(choices()), "base_currency": "JPY"})), "https://erp.example", "k1", 1)
    assert made.body["JournalLines"][0]["TaxAmount"] == 100


@pytest.mark.parametrize("currency", sorted(OF_THREE | OF_FOUR))
def test_a_third_decimal_is_held_and_nothing_harmful_is_asked(currency: str) -> None:
    docs = [
        sales_invoice([item(10.125)], [], 10.125, currency=currency),
        bill([item(10.125)], [tax(1.013)], 11.138, currency=currency),
        # Each row has a third decimal, the totals have none.
        bill(
            [item(10.13)], [tax(1.013), tax(0.007, charge_type="Actual", account_head="Freight - KS", rate=0.0)], 11.15, currency=currency
        ),
    ]
    for doc in docs:
        (problem,) = problems_of(doc, choices())
        assert (problem.code, problem.held) == ("too-many-decimals", True)
        assert "Xero keeps two" in problem.message and "by hand" in problem.resolution and "Precision" not in problem.resolution
    fits = sales_invoice([item(10.25)], [], 10.25, currency=currency, conversion_rate=5.4)
    assert translated(fits, choices()).total == D("10.25")
