"""What the item that a line names does to the line."""
from __future__ import annotations

from typing import Any

from sandbox.xero.organisation import Organisation
from sandbox.xero.refusals import text

Item = dict[str, Any]


def item(org: Organisation, side: str, entry: dict[str, Any], messages: list[str]) -> Item | None:
    """The item of a line; one that is unknown, or not sold or purchased as the line does, is refused (B: E061)."""
    code = entry.get("ItemCode")
    if not code:
        return None
    found = org.item(str(code))
    if found is None or not found["IsSold" if side == "SALE" else "IsPurchased"]:
        messages.append(text("E061", code=code))
        return None
    return found


def with_defaults(side: str, entry: dict[str, Any], named: Item | None) -> dict[str, Any]:
    """What a line leaves out comes from its item (A: the Invoices page); a tracked one is bought on its inventory account (A: the Items page)."""
    if named is None:
        return entry
    sale = side == "SALE"
    details = named.get("SalesDetails" if sale else "PurchaseDetails") or {}
    account = named["InventoryAssetAccountCode"] if named["IsTrackedAsInventory"] and not sale else details.get("AccountCode")
    own = {"Description": named.get("Description" if sale else "PurchaseDescription") or named["Name"], "UnitAmount": details.get("UnitPrice"),
           "AccountCode": None if entry.get("AccountID") else account, "TaxType": details.get("TaxType")}
    return {**{key: value for key, value in own.items() if value is not None}, **{key: value for key, value in entry.items() if value is not None}}


def check_account(side: str, named: Item | None, account: dict[str, Any] | None, messages: list[str]) -> None:
    """A tracked item is bought on its inventory account and on no other (B: E062)."""
    if named and named["IsTrackedAsInventory"] and side == "PURCHASE":
        if account is None or account.get("Code") != named["InventoryAssetAccountCode"]:
            messages.append(text("E062", code=named["Code"]))


def kept(named: Item) -> dict[str, Any]:
    """What a line keeps of its item: ``moves`` is whether it moves the item's quantity."""
    return {"item": named["ItemID"], "ItemCode": named["Code"], "item_name": named["Name"], "moves": named["IsTrackedAsInventory"]}


def show(line: dict[str, Any]) -> dict[str, Any]:
    """How a line shows its item (A: ItemCode, and Item with its id, name and code); {} for one without."""
    if not line.get("item"):
        return {}
    return {"ItemCode": line["ItemCode"], "Item": {"ItemID": line["item"], "Name": line["item_name"], "Code": line["ItemCode"]}}
