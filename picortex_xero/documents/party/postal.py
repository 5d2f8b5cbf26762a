"""The postal addresses of a customer or supplier as Xero keeps them: one to write to (POBOX), one to deliver to (STREET).

ERPNext keeps addresses apart and names in each whose it is. To write to: the party's own choice, else one marked or typed for billing, else any that
is not for delivery alone. To deliver to: one marked or typed for shipping. Lengths are those of Xero's OpenAPI description; what is longer is cut at a word.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from ...accounting.plain_text import from_html, one_line

Element = dict[str, Any]
POSTAL, STREET = "POBOX", "STREET"
# Under this name the rows of Address stand in a party (documents/facts.py).
ADDRESSES = "addresses"
CHOSEN = ("customer_primary_address", "supplier_primary_address")
BILLING, SHIPPING = ("Billing", "Postal"), "Shipping"
# Xero's field, those of an Address (the first that says something), the most characters.
FIELDS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("AddressLine1", ("address_line1",), 500),
    ("AddressLine2", ("address_line2",), 500),
    ("City", ("city",), 255),
    ("Region", ("state", "county"), 255),
    ("PostalCode", ("pincode",), 50),
    ("Country", ("country",), 50),
)
SOURCES = tuple(dict.fromkeys(each for _field, sources, _most in FIELDS for each in sources))
# Fields of an Address that change what its parties' contacts say.
TELLING = (*SOURCES, "address_type", "is_primary_address", "is_shipping_address", "disabled")


def postal(party: dict[str, Any]) -> list[Element]:
    """The addresses of a party, at most one of each type; [] where it has none."""
    rows = [each for each in party.get(ADDRESSES) or [] if not each.get("disabled")]
    chosen = {str(party[field]) for field in CHOSEN if party.get(field)}
    write_to = _first(
        rows,
        lambda row: row["name"] in chosen,
        lambda row: row.get("is_primary_address"),
        lambda row: row.get("address_type") in BILLING,
        lambda row: row.get("address_type") != SHIPPING and not row.get("is_shipping_address"),
    )
    deliver_to = _first(rows, lambda row: row.get("is_shipping_address"), lambda row: row.get("address_type") == SHIPPING)
    made = [(POSTAL, _element(write_to)), (STREET, _element(deliver_to))]
    return [{"AddressType": kind, **each} for kind, each in made if each]


def _first(rows: list[dict[str, Any]], *tests: Any) -> dict[str, Any]:
    return next((row for test in tests for row in rows if test(row)), {})


def _element(row: dict[str, Any]) -> Element:
    found = {field: _text(field, next((row[each] for each in sources if row.get(each)), ""), most) for field, sources, most in FIELDS}
    # A country alone is no address.
    return {field: text for field, text in found.items() if text} if found["AddressLine1"] or found["City"] else {}


def _text(field: str, value: Any, most: int) -> str:
    text = one_line(from_html(value).replace("\n", ", "))
    if field == "Country":
        # Xero takes letters from A to Z alone (its OpenAPI description).
        plain = unicodedata.normalize("NFKD", text)
        text = one_line(
            "".join(
                each if each.isascii() and each.isalpha() else "" if unicodedata.combining(each) or each == "'" else " " for each in plain
            )
        )
    return str(text) if len(text) <= most else text[: most + 1].rpartition(" ")[0].rstrip(" ,") or text[:most]


def words(addresses: Iterable[Element]) -> str:
    """Addresses in one line, for people."""
    lines = [", ".join(str(each[field]) for field, _sources, _most in FIELDS if each.get(field)) for each in addresses]
    return "; ".join(line for line in lines if line)


def stored(addresses: list[Element]) -> str:
    """As a value that can be compared and kept; `read` reads it."""
    return json.dumps(addresses, sort_keys=True, ensure_ascii=False)


def read(text: str) -> list[Element]:
    """What `stored` wrote."""
    return list(json.loads(text or "[]"))


def differing(wanted: list[Element], shown: list[Element]) -> list[Element]:
    """All addresses of a contact with those that differ replaced; [] where all is so already. The list goes whole, as Xero shows it. Of an address that is
    replaced no line of the old one stays, but for whose attention it is."""
    before = {str(each.get("AddressType") or ""): each for each in shown}
    changed = [each for each in wanted if not _same(each, before.get(each["AddressType"], {}))]
    if not changed:
        return []
    ours = {each["AddressType"]: each for each in changed}
    kept = [each for each in shown if each.get("AddressType") not in ours and words([each])]
    return [*kept, *(_replaced(before.get(kind, {}), each) for kind, each in ours.items())]


def _same(one: Element, other: Element) -> bool:
    return all(
        one_line(one.get(field)) == one_line(other.get(field))
        for field in (*(name for name, _s, _m in FIELDS), "AddressLine3", "AddressLine4")
    )


def _replaced(before: Element, now: Element) -> Element:
    old = {
        field: ""
        for field, value in before.items()
        if value and (field.startswith("AddressLine") or field in ("City", "Region", "PostalCode", "Country"))
    }
    attention = {"AttentionTo": before["AttentionTo"]} if before.get("AttentionTo") else {}
    return {**attention, **old, **now}
