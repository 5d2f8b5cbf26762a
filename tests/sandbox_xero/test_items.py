"""Items: one list without pages, and what the code of one does on a line."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest

from tests.scene.xero_client import Client

ASSET = "630"


def body(api: Client, kind: str, **line: Any) -> dict[str, Any]:
    contact = {"ContactID": api.xero.person("create_contact", Name=f"Party {uuid.uuid4()}")["ContactID"]}
    row = {"Description": "Fence panel", "Quantity": 3, "UnitAmount": 10, "AccountCode": "200", "TaxType": "NONE", **line}
    return {"Type": kind, "Contact": contact, "Date": "2026-10-05", "DueDate": "2026-11-05", "Status": "AUTHORISED", "LineItems": [row]}


def put(api: Client, kind: str, **line: Any) -> Any:
    """The document as it is answered, or what is wrong with it."""
    answer = api.http.put("/Invoices?summarizeErrors=false", json={"Invoices": [body(api, kind, **line)]}).json()["Invoices"][0]
    return [each["Message"] for each in answer.get("ValidationErrors") or []] or answer


def quantity(api: Client, code: str) -> Decimal:
    return Decimal(str(api.get(f"Items/{code}").json()["Items"][0]["QuantityOnHand"]))


def test_the_list_shows_all_items_and_what_they_are(api: Client) -> None:
    for at in range(120):
        api.xero.person("add_item", Code=f"ITEM-{at}", Name=f"Item {at}", IsSold=at != 1)
    api.xero.person("add_item", Code="TRACKED", Name="Counted", InventoryAssetAccountCode=ASSET, opening=5)
    found = {each["Code"]: each for each in api.get("Items").json()["Items"]}
    assert len(found) == 121 and (found["ITEM-0"]["IsSold"], found["ITEM-1"]["IsSold"]) == (True, False)
    assert (found["TRACKED"]["IsTrackedAsInventory"], found["TRACKED"]["InventoryAssetAccountCode"]) == (True, ASSET)
    assert not found["ITEM-0"]["IsTrackedAsInventory"] and "QuantityOnHand" not in found["ITEM-0"]
    assert api.get("Items/ITEM-7").json()["Items"] == [found["ITEM-7"]] and api.get("Items/NEVER").status_code == 404
    assert len(api.get("Items?where=IsSold==false").json()["Items"]) == 1
    for wrong in ({"Code": "TRACKED"}, {"Code": "C" * 31}, {"Code": "N", "Name": "N" * 51}, {"Code": "A", "InventoryAssetAccountCode": "200"}):
        with pytest.raises(Exception, match="already exists|characters|cannot be applied"):
            api.xero.person("add_item", **wrong)


@pytest.mark.wrong_requests
def test_a_line_names_an_item_that_is_sold_or_purchased(api: Client) -> None:
    api.xero.person("add_item", Code="SOLD", Name="Only sold", IsPurchased=False, SalesDetails={"UnitPrice": 7, "AccountCode": "260"})
    (line,) = put(api, "ACCREC", ItemCode="SOLD")["LineItems"]
    assert (line["ItemCode"], line["Item"]["Name"], line["AccountCode"], line["LineAmount"]) == ("SOLD", "Only sold", "200", 30)
    (line,) = put(api, "ACCREC", ItemCode="SOLD", AccountCode=None, UnitAmount=None, Description=None)["LineItems"]
    assert (line["Description"], line["AccountCode"], line["LineAmount"]) == ("Only sold", "260", 21)
    assert put(api, "ACCPAY", ItemCode="SOLD") == ["Item code 'SOLD' is not valid."]
    assert put(api, "ACCREC", ItemCode="sold") == ["Item code 'sold' is not valid."]
    api.xero.person("delete_item", Code="SOLD")
    assert put(api, "ACCREC", ItemCode="SOLD") == ["Item code 'SOLD' is not valid."]


@pytest.mark.wrong_requests
def test_a_tracked_item_is_moved_by_sales_and_bought_on_its_account(api: Client) -> None:
    api.xero.person("add_item", Code="T", Name="Counted", InventoryAssetAccountCode=ASSET, opening=5)
    made = put(api, "ACCREC", ItemCode="T")
    assert quantity(api, "T") == 2
    assert put(api, "ACCPAY", ItemCode="T") == ["Item T has an incorrect inventory asset account specified."]
    put(api, "ACCPAY", ItemCode="T", AccountCode=ASSET)
    assert quantity(api, "T") == 5
    api.xero.person("void_invoice", InvoiceID=made["InvoiceID"])
    assert quantity(api, "T") == 8
    api.xero.person("edit_item", Code="T", InventoryAssetAccountCode=None)
    assert put(api, "ACCPAY", ItemCode="T")["Status"] == "AUTHORISED"
    assert "QuantityOnHand" not in api.get("Items/T").json()["Items"][0]
