"""What a draft amendment gets of what Xero shows, and what stands in the way of one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.taking_over import amendment

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
        ({}, there({**LINE, "AccountCode": "260"}), "account"),
        ({}, there({**LINE, "TaxType": "NONE"}), "tax rate"),
        ({}, there({**LINE, "Tracking": [{"Name": "Region", "Option": "North"}]}), "tracking"),
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
        ({"doctype": "Payment Entry"}, there(), "Only invoices and bills"),
    ],
)
def test_what_has_no_counterpart_is_said_and_nothing_made(doc: dict[str, Any], element: dict[str, Any], words: str) -> None:
    found = amendment({**DOC, **doc}, HERE, element)
    assert words in "; ".join(found.stands_in_the_way) and found.fields == {} and found.items == {}
    assert amendment(DOC, None, element).stands_in_the_way, "what would not go today cannot be compared"
