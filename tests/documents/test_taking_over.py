"""What a draft amendment gets of what Xero shows, and what stands in the way of one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.tax import NO_TAX
from picortex_xero.documents.taking_over import Amendment
from picortex_xero.documents.taking_over import amendment as amended
from picortex_xero.incoming.recoded import Recoded
from picortex_xero.incoming.way_back import Candidate, WayBack

DOC = {
    "doctype": "Sales Invoice",
    "name": "SINV-1",
    "grand_total": 230,
    "rounded_total": 0,
    "outstanding_amount": 230,
    "items": [{"item_name": "Panel", "description": "Panel", "qty": 2, "rate": 100}],
}
LINE = {"Description": "Panel", "Quantity": Decimal(2), "UnitAmount": Decimal(100), "AccountCode": "200", "TaxType": "OUTPUT2"}
HERE = {
    "Contact": {"ContactID": "c-1"},
    "Date": "2026-11-01",
    "DueDate": "2026-11-20",
    "CurrencyCode": "NZD",
    "LineAmountTypes": "Exclusive",
    "InvoiceNumber": "SINV-1",
    "LineItems": [LINE],
}


BACK = Recoded(
    WayBack(
        {"200": (Candidate("Sales - KS"),), "260": (Candidate("Services - KS"),), "270": (Candidate("Rent - KS"), Candidate("Hire - KS"))},
        {
            ("Sales", "OUTPUT2"): (Candidate("GST - KS @ 15"),),
            ("Sales", "NONE"): (Candidate(NO_TAX),),
            ("Sales", "ZERORATED"): (Candidate("GST - KS @ 0", False, "Zero-rated - KS"),),
            ("Sales", "ODD"): (Candidate("GST - KS @ 7"),),
        },
        {("Region", "North"): (Candidate("North - KS"),)},
        "Main - KS",
    ),
    {"Nothing - KS": {"GST - KS": Decimal(0)}},
)
TAXES = [{"charge_type": "On Net Total", "account_head": "GST - KS", "rate": 15}]


def amendment(doc: dict[str, Any], here: dict[str, Any] | None, element: dict[str, Any]) -> Amendment:
    return amended(doc, here, element, BACK)


def there(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = {name: value for name, value in HERE.items() if name not in ("Date", "DueDate")}
    rows = list(lines) or [LINE]
    return {
        **shown,
        "DateString": "2026-11-01T00:00:00",
        "DueDateString": "2026-11-20T00:00:00",
        "LineItems": rows,
        "Total": "345.00",
        **more,
    }


def test_dates_reference_and_lines_are_taken_over() -> None:
    found = amendment(
        DOC,
        HERE,
        there(
            {**LINE, "Quantity": "3.0000", "UnitAmount": "100.5", "Description": "Fence <new>\nas agreed"},
            DateString="2026-11-02T00:00:00",
            DueDateString="2026-12-01T00:00:00",
            Reference="PO 7",
        ),
    )
    assert not found.stands_in_the_way and found.total == Decimal(345)
    assert found.fields["posting_date"] == "2026-11-02" and found.fields["set_posting_time"] == 1
    assert (found.fields["due_date"], found.fields["payment_schedule"], found.fields["po_no"]) == ("2026-12-01", [], "PO 7")
    line = found.items[0]
    assert (line["qty"], line["rate"], line["price_list_rate"], line["discount_percentage"]) == (3, Decimal("100.5"), Decimal("100.5"), 0)
    assert (line["description"], line["item_name"]) == ("Fence &lt;new&gt;<br>as agreed", "Fence <new>")
    assert amendment(DOC, HERE, there()).fields == {} and amendment(DOC, HERE, there()).items == {}


def test_a_bill_gets_its_number() -> None:
    bill = {**DOC, "doctype": "Purchase Invoice"}
    assert amendment(bill, HERE, there(InvoiceNumber="B-77")).fields == {"bill_no": "B-77"}


@pytest.mark.parametrize(
    ("doc", "element", "words"),
    [
        ({}, there({**LINE, "AccountCode": "999"}), "No account here stands for 999 in Xero"),
        ({}, there({**LINE, "AccountCode": "270"}), "Rent - KS, Hire - KS all stand for 270"),
        ({}, there({**LINE, "TaxType": "ODD"}), "no item tax template here gives a row the tax GST - KS @ 7 alone"),
        ({}, there({**LINE, "TaxType": "GONE"}), "No tax here stands for GONE"),
        ({}, there({**LINE, "Tracking": [{"Name": "Region", "Option": "South"}]}), "No cost centre here stands for"),
        ({}, there({**LINE, "DiscountRate": "10"}), "discount"),
        ({}, there(LINE, LINE), "added or removed"),
        ({}, there(Contact={"ContactID": "c-2"}), "contact"),
        ({}, there(CurrencyCode="AUD"), "currency"),
        ({}, there(LineAmountTypes="Inclusive"), "with tax"),
        ({}, there(InvoiceNumber="INV-9"), "number"),
        ({"items": [{**DOC["items"][0], "rate": 90}]}, there({**LINE, "UnitAmount": "110"}), "worked out"),  # type: ignore[index]
        ({"items": [*DOC["items"], *DOC["items"]]}, there({**LINE, "UnitAmount": "110"}), "not one for each item"),  # type: ignore[misc]
        ({"outstanding_amount": 100}, there({**LINE, "UnitAmount": "110"}), "paid or credited"),
        ({"is_return": 1}, there({**LINE, "UnitAmount": "110"}), "Only invoices and bills"),
        ({"doctype": "Payment Entry"}, there(), "Xero changes no payment that is entered"),
    ],
)
def test_what_has_no_counterpart_is_said_and_nothing_made(doc: dict[str, Any], element: dict[str, Any], words: str) -> None:
    found = amendment({**DOC, **doc}, HERE, element)
    assert words in "; ".join(found.stands_in_the_way) and found.fields == {} and found.items == {}
    assert amendment(DOC, None, element).stands_in_the_way, "what would not go today cannot be compared"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ({"AccountCode": "260"}, {"income_account": "Services - KS"}),
        ({"Tracking": [{"Name": "Region", "Option": "North"}]}, {"cost_center": "North - KS"}),
        ({"TaxType": "ZERORATED"}, {"item_tax_template": "Zero-rated - KS", "item_tax_rate": "{}"}),
        ({"TaxType": "NONE"}, {"item_tax_template": "Nothing - KS", "item_tax_rate": "{}"}),
    ],
)
def test_another_account_tax_rate_or_tracking_gets_what_stands_for_it_here(line: dict[str, Any], wanted: dict[str, Any]) -> None:
    found = amendment({**DOC, "taxes": TAXES}, HERE, there({**LINE, **line}))
    assert not found.stands_in_the_way and found.items == {0: wanted}


def test_a_bill_gets_the_expense_account_and_a_tax_of_all_lines_needs_no_template() -> None:
    bill = {**DOC, "doctype": "Purchase Invoice", "taxes": TAXES}
    assert amendment(bill, HERE, there({**LINE, "AccountCode": "260"})).items == {0: {"expense_account": "Services - KS"}}
    zero = {**HERE, "LineItems": [{**LINE, "TaxType": "ZERORATED"}]}
    back = amendment({**DOC, "taxes": TAXES}, zero, there())
    assert back.items == {0: {"item_tax_template": "", "item_tax_rate": "{}"}}
