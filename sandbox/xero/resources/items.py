"""Items: what the organisation sells and buys, of some of which Xero tracks the quantity. Read only through the API here."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.xero import elements, listing, wire
from sandbox.xero.organisation import Organisation
from sandbox.xero.refusals import not_found
from sandbox.xero.world import Call

_FILTERS = {"ItemID", "Code", "Name", "IsSold", "IsPurchased", "IsTrackedAsInventory", "QuantityOnHand", "UpdatedDateUTC"}
# What moves a tracked quantity, by the type of an approved document (A: transactions alone move it; credit notes the other way round: C).
_MOVES = {"ACCREC": -1, "ACCPAY": 1, "ACCRECCREDIT": 1, "ACCPAYCREDIT": -1}
_APPROVED = ("AUTHORISED", "PAID")


def on_hand(org: Organisation, item: dict[str, Any]) -> Decimal:
    """The quantity of a tracked item: what it started with and what approved documents have moved since."""
    total = Decimal(str(item.get("opening", 0)))
    for resource in ("Invoices", "CreditNotes"):
        for record in org.of(resource).values():
            if record["Status"] in _APPROVED:
                moved = sum((line["Quantity"] for line in record["lines"] if line.get("item") == item["ItemID"] and line.get("moves")), wire.ZERO)
                total += _MOVES[record["Type"]] * moved
    return total


def show(org: Organisation, item: dict[str, Any]) -> dict[str, Any]:
    """An item; the quantity and its account only of tracked ones (A: the published examples)."""
    shown = {key: item[key] for key in ("ItemID", "Code", "Name", "Description", "PurchaseDescription") if item.get(key)}
    shown.update({key: item.get(key, {}) for key in ("SalesDetails", "PurchaseDetails")},
                 **{key: item[key] for key in ("IsTrackedAsInventory", "IsSold", "IsPurchased")},
                 UpdatedDateUTC=wire.ms_datetime(item["updated"]))
    if item["IsTrackedAsInventory"]:
        shown.update(InventoryAssetAccountCode=item["InventoryAssetAccountCode"], QuantityOnHand=wire.rounded(on_hand(org, item), 4))
    return shown


def items(call: Call) -> dict[str, Any]:
    """All of them in one answer: this list has no pages (A: it takes no page)."""
    since = listing.modified_since(call.headers.get("if-modified-since"))
    rows = [show(call.org, each) for each in call.org.items.values() if not since or each["updated"] >= since]
    where = listing.compile_where(call.query["where"], "Item", _FILTERS) if call.query.get("where") else None
    rows = [row for row in rows if where is None or where(row)]
    order = call.query.get("order")
    return elements.success(Items=listing.in_order(rows, order, "ItemID") if order else rows)


def item(call: Call, item_id: str) -> dict[str, Any]:
    """One, by its id or code (A)."""
    found = call.org.items.get(item_id.lower()) or call.org.item(item_id)
    if found is None:
        raise not_found()
    return elements.success(Items=[show(call.org, found)])


ROUTES = [("GET", r"/Items", "accounting.settings", items), ("GET", r"/Items/([^/]+)", "accounting.settings", item)]
