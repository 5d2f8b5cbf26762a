"""The generator's promises: reproducible, within its stated limits, and its shares as stated."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sandbox.erp import generator
from sandbox.erp.typed import ACTUAL, ON_PREVIOUS_ROW_TOTAL, from_json, to_json

COUNT = 4000
# Four standard deviations of a share of 0.5 measured on COUNT documents: 0.032. Lines are more numerous.
TOLERANCE = 0.035


@pytest.fixture(scope="module")
def invoices():
    return [generator.invoice(seed) for seed in range(COUNT)]


def share(members, predicate):
    members = list(members)
    return sum(map(predicate, members)) / len(members)


def test_same_seed_same_invoice_and_json_keeps_all_of_it(invoices):
    for seed in (0, 7, 1234):
        assert generator.invoice(seed) == invoices[seed]
    assert all(from_json(to_json(invoice)) == invoice for invoice in invoices)
    assert len({repr(invoice) for invoice in invoices}) > COUNT * 0.999


def test_limits(invoices):
    for invoice in invoices:
        assert 1 <= len(invoice.lines) <= 20
        about = Decimal(0)
        for line in invoice.lines:
            price = line.price_list_rate if line.rate is None else line.rate
            assert price is not None and price != 0 and line.qty > 0
            assert -price.as_tuple().exponent <= 4 and -line.qty.as_tuple().exponent <= 3
            about += line.qty * price * (1 - Decimal(line.discount_percentage or 0) / 100)
        assert about > 0
        for place, charge in enumerate(invoice.charges, start=1):
            if charge.charge_type == ON_PREVIOUS_ROW_TOTAL:
                assert charge.row_id and charge.row_id < place
            # ERPNext refuses an included row that builds on one that is not, and any included Actual row.
            if charge.included:
                assert charge.charge_type != ACTUAL
                assert all(before.included for before in invoice.charges[: place - 1])


def test_document_shares(invoices):
    def near(stated, predicate, among=lambda invoice: True):
        assert share(filter(among, invoices), predicate) == pytest.approx(stated, abs=TOLERANCE)

    def has_freight(invoice):
        return any(charge.charge_type == ACTUAL for charge in invoice.charges)

    def taxed(invoice):
        return any(charge.charge_type != ACTUAL for charge in invoice.charges)

    near(generator.SALES, lambda i: i.doctype == "Sales Invoice")
    near(generator.UNTAXED, lambda i: not taxed(i))
    near(generator.FREIGHT, has_freight)
    near(generator.DOCUMENT_DISCOUNT, lambda i: i.apply_discount_on is not None)
    near(generator.ROUNDED_TOTAL, lambda i: i.rounded_total)
    near(generator.FOREIGN, lambda i: i.currency != i.company_currency)
    near(generator.COST_CENTRES, lambda i: i.lines[0].cost_center is not None)
    near(generator.FOUR_PLACE_HOST, lambda i: i.rate_places == 4)
    for country, stated in generator.INCLUSIVE.items():
        near(0.25, lambda i, c=country: i.country == c)
        # A quarter of COUNT has twice the standard deviation.
        among = [i for i in invoices if i.country == country and taxed(i)]
        assert share(among, lambda i: i.inclusive) == pytest.approx(stated, abs=2 * TOLERANCE)
    american = [i for i in invoices if i.country == "US" and taxed(i)]
    compound = share(american, lambda i: any(c.account == "District Tax" for c in i.charges))
    assert compound == pytest.approx(generator.COMPOUND_US, abs=2 * TOLERANCE)
    discounted = [i for i in invoices if i.apply_discount_on]
    grand = share(discounted, lambda i: i.apply_discount_on == "Grand Total")
    assert grand == pytest.approx(generator.DISCOUNT_ON_GRAND_TOTAL, abs=0.08)
    amount = share(discounted, lambda i: i.discount_amount is not None)
    assert amount == pytest.approx(generator.DISCOUNT_AS_AMOUNT, abs=0.08)
    freight = [i for i in invoices if has_freight(i) and taxed(i) and not i.inclusive]
    before = share(freight, lambda i: i.charges[0].charge_type == ACTUAL)
    assert before == pytest.approx(generator.FREIGHT_TAXED, abs=0.12)
    for (low, high), stated in generator.LINE_COUNTS:
        near(stated, lambda i, low=low, high=high: low <= len(i.lines) <= high)


def test_line_shares(invoices):
    lines = [line for invoice in invoices for line in invoice.lines]
    taxed = [line for invoice in invoices if any(charge.charge_type != ACTUAL for charge in invoice.charges) for line in invoice.lines]
    later = [line for invoice in invoices for line in invoice.lines[1:]]
    assert share(taxed, lambda line: line.tax_template is not None) == pytest.approx(generator.OTHER_RATE, abs=0.02)
    discounted = share(lines, lambda line: line.discount_percentage is not None)
    assert discounted == pytest.approx(generator.LINE_DISCOUNT, abs=0.02)
    negative = share(later, lambda line: line.rate is not None and line.rate < 0)
    assert negative == pytest.approx(generator.NEGATIVE_LINE, abs=0.01)
    for places, stated in generator.PRICE_PLACES:
        prices = [line.price_list_rate if line.rate is None else line.rate for line in lines]
        measured = share(prices, lambda price, p=places: -price.as_tuple().exponent == p)
        assert measured == pytest.approx(stated, abs=0.03)
    for places, stated in generator.QUANTITY_PLACES:
        measured = share(lines, lambda line, p=places: -line.qty.as_tuple().exponent == p)
        assert measured == pytest.approx(stated, abs=0.02)
