"""Lines carry an item's code only where Xero has the item and does not track its quantity; everything else of them stays as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from picortex_xero.accounting import xero_items
from tests.scene.documents import bill, item, sales_invoice, tax_row, translated
from tests.scene.mapping import mapping

PLAIN, NOT_SOLD, NOT_BOUGHT = {"Code": "PANEL", "IsTrackedAsInventory": False}, {"IsSold": False}, {"IsPurchased": False}
COUNTED = {**PLAIN, "IsTrackedAsInventory": True}


def items(*listed: dict[str, Any]) -> dict[str, int]:
    return dict(json.loads(xero_items.kept(list(listed))))


def sale(**changes: Any) -> dict[str, Any]:
    return sales_invoice([item(100.0, 4, **changes)], [tax_row(15.0)], 115.0)


def lines(doc: dict[str, Any], *listed: dict[str, Any]) -> list[dict[str, Any]]:
    return list(translated(doc, mapping(items=items(*listed))).body["LineItems"])


def codes(doc: dict[str, Any], *listed: dict[str, Any]) -> list[str]:
    return [line.get("ItemCode", "") for line in lines(doc, *listed)]


def test_the_code_is_all_that_a_line_gets() -> None:
    (without,), (line,) = lines(sale()), lines(sale(), PLAIN)
    assert line == {**without, "ItemCode": "PANEL"} and {"AccountCode", "UnitAmount", "TaxType", "Description"} <= line.keys()


@pytest.mark.parametrize(
    ("listed", "sold", "bought"),
    [
        (PLAIN, "PANEL", "PANEL"),
        ({**PLAIN, **NOT_SOLD}, "", "PANEL"),
        ({**PLAIN, **NOT_BOUGHT}, "PANEL", ""),
        (COUNTED, "", ""),
        ({"Code": "PANEL"}, "", ""),
        ({**PLAIN, "IsTrackedAsInventory": "false"}, "", ""),
        ({**PLAIN, "Code": "panel"}, "", ""),
        ({**PLAIN, "Code": None}, "", ""),
        ({**PLAIN, "Code": ["PANEL"]}, "", ""),
    ],
)
def test_what_xero_says_of_the_item_decides(listed: dict[str, Any], sold: str, bought: str) -> None:
    assert codes(sale(), listed) == [sold]
    assert codes(bill([item(100.0)], [tax_row(15.0)], 115.0), listed) == [bought]


def test_codes_are_compared_as_they_are_read_and_at_most_thirty_characters() -> None:
    assert codes(sale(item_code="Nut &amp; Bolt "), {**PLAIN, "Code": "Nut & Bolt"}) == ["Nut & Bolt"]
    for length, sent in ((30, "C" * 30), (31, "")):
        assert codes(sale(item_code="C" * length), {**PLAIN, "Code": "C" * length}) == [sent]
    assert codes(sale(item_code=None), PLAIN) == codes(sale(item_code=""), {**PLAIN, "Code": ""}) == [""]


def test_lines_that_stand_for_no_item_have_none() -> None:
    freight = {"charge_type": "Actual", "account_head": "Freight - KS", "description": "Freight", "rate": 0.0, "tax_amount": 10.0}
    freight["tax_amount_after_discount_amount"] = 10.0
    doc = sales_invoice([item(100.0)], [freight], 110.0)
    assert codes(doc, PLAIN) == ["PANEL", ""]
    discounted = sales_invoice(
        [item(90.0, discount_amount=10.0, discount_account="Sales - KS", item_tax_rate="{}")], [tax_row(13.5)], 103.5
    )
    assert codes(discounted, PLAIN) == ["PANEL", ""], "the discount is a line of its own"


def test_why_a_tracked_items_code_is_not_sent_is_said_and_keeps_nothing() -> None:
    made = translated(sale(), mapping(items=items(COUNTED)))
    assert made.reasons[0].account_why.endswith(". Xero tracks the quantity of PANEL: its code is not sent")
    plain = translated(sale(), mapping())
    assert made.body == plain.body and "quantity" not in plain.reasons[0].account_why
    assert translated(sale(), mapping(items=items(PLAIN))).reasons == plain.reasons


def test_tens_of_thousands_of_items_take_little_space() -> None:
    kept = xero_items.kept([{**PLAIN, "Code": f"ITEM-{at:05}", "Name": "n" * 50, "Description": "d" * 4000} for at in range(40_000)])
    assert len(kept) < 1_000_000 and len(json.loads(kept)) == 40_000
    assert kept == xero_items.kept([{**PLAIN, "Code": f"ITEM-{at:05}"} for at in reversed(range(40_000))]), "Xero's order says nothing"
