"""Xero's items, as far as a line may carry an item's code: the code is sent only where Xero does not track the item's quantity, which every line
with it would move (Xero's API, "Items")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .texts import NONE, Text, _

# Xero's limit of an item's Code.
LONGEST_CODE = 30
# What is kept of an item, added up.
TRACKED, SOLD, PURCHASED = 1, 2, 4
USED_IN = {"Sales": SOLD, "Purchases": PURCHASED}
Items = Mapping[str, int]


def kept(listed: list[dict[str, Any]]) -> str:
    """Xero's list in little space: JSON of what each item is, by its code. One of which Xero does not say whether its quantity is tracked is left
    out; one of which it does not say otherwise is sold and purchased (Xero's defaults)."""
    found = {
        each["Code"]: _flags(each)
        for each in listed
        if isinstance(each.get("Code"), str) and each.get("IsTrackedAsInventory") in (True, False)
    }
    return json.dumps(dict(sorted(found.items())), separators=(",", ":"))


def _flags(item: dict[str, Any]) -> int:
    used = sum(flag for name, flag in (("IsSold", SOLD), ("IsPurchased", PURCHASED)) if item.get(name) is not False)
    return used + (TRACKED if item["IsTrackedAsInventory"] else 0)


def code_of(items: Items, code: str, direction: str) -> tuple[str, Text]:
    """The ItemCode of a line for ERPNext's item `code` ("" for none), and what is said of its absence. Codes are compared exactly: Xero does not say
    that it takes one for another."""
    if not code or len(code) > LONGEST_CODE or code not in items:
        return "", NONE
    if items[code] & TRACKED:
        return "", _("Xero tracks the quantity of {code}: its code is not sent").format(code=code)
    return (code if items[code] & USED_IN[direction] else ""), NONE
