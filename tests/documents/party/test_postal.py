"""A customer's or supplier's addresses become the two that a contact in Xero has: to write to, to deliver to."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.documents.party.contact import contact
from picortex_xero.documents.party.postal import differing, postal, read, stored, words

HOME = {"name": "A1", "address_type": "Billing", "address_line1": "12 Rata &amp; Road", "address_line2": "<b>Level 2</b>", "city": "Nelson",
        "state": "", "county": "Tasman", "pincode": "7010", "country": "New Zealand"}  # fmt: skip
YARD = {"name": "A2", "address_type": "Shipping", "address_line1": "Yard 4", "city": "Māpua", "country": "Côte d'Ivoire"}
PARTY = {"doctype": "Customer", "name": "Rata", "customer_name": "Rata", "creation": "2026-01-01 00:00:00"}


def of(*rows: dict[str, Any], **party: Any) -> dict[str, dict[str, Any]]:
    return {each["AddressType"]: each for each in postal({**PARTY, "addresses": list(rows), **party})}


def test_billing_and_shipping_go_as_plain_text() -> None:
    made = of(YARD, HOME)
    assert made["POBOX"] == {"AddressType": "POBOX", "AddressLine1": "12 Rata & Road", "AddressLine2": "Level 2", "City": "Nelson", "Region": "Tasman",
                             "PostalCode": "7010", "Country": "New Zealand"}  # fmt: skip
    # Xero takes letters from A to Z alone in a country.
    assert (made["STREET"]["City"], made["STREET"]["Country"]) == ("Māpua", "Cote dIvoire")
    sent = contact({**PARTY, "addresses": [HOME]}, "site").body
    assert sent["Addresses"] == [made["POBOX"]] and "Addresses" not in contact({**PARTY, "addresses": []}, "site").body
    assert "Addresses" not in contact({**PARTY, "addresses": [HOME]}, "site", without=["Addresses"]).body


@pytest.mark.parametrize(
    ("rows", "party", "lines"),
    [
        ([{**HOME, "disabled": 1}], {}, {}),
        ([YARD], {}, {"STREET": "Yard 4"}),
        ([{**YARD, "address_type": "Office"}], {}, {"POBOX": "Yard 4"}),
        ([HOME, {**YARD, "is_primary_address": 1}], {}, {"POBOX": "Yard 4", "STREET": "Yard 4"}),
        ([HOME, {**YARD, "is_primary_address": 1}], {"customer_primary_address": "A1"}, {"POBOX": "12 Rata & Road", "STREET": "Yard 4"}),
        ([{"name": "A3", "address_type": "Billing", "country": "New Zealand"}], {}, {}),
    ],
)
def test_which_one_is_written_to(rows: list[dict[str, Any]], party: dict[str, Any], lines: dict[str, str]) -> None:
    assert {kind: each["AddressLine1"] for kind, each in of(*rows, **party).items()} == lines


def test_what_is_too_long_is_cut_at_a_word() -> None:
    made = of({**HOME, "address_line1": "word " * 200, "pincode": "x" * 80, "city": "C" * 300})["POBOX"]
    assert len(made["AddressLine1"]) <= 500 and made["AddressLine1"].endswith("word")
    assert (len(made["PostalCode"]), len(made["City"])) == (50, 255)


def test_only_what_differs_is_replaced_and_the_others_stay() -> None:
    wanted = read(stored(list(of(HOME).values())))
    street = {"AddressType": "STREET", "AddressLine1": "Typed in Xero", "City": "Picton"}
    old = {"AddressType": "POBOX", "AddressLine1": "PO Box 1", "AddressLine3": "c/o Bank", "City": "Nelson", "AttentionTo": "Mere"}
    shown = [old, street]
    found = differing(wanted, shown)
    assert found[0] == street and found[1] == {**wanted[0], "AddressLine3": "", "AttentionTo": "Mere"}
    assert differing(wanted, [street, {**wanted[0], "AttentionTo": "Mere"}]) == []
    assert differing(wanted, [{"AddressType": "STREET", "City": ""}]) == wanted, "Xero shows an empty one of either type"
    assert words(found) == "Typed in Xero, Picton; 12 Rata & Road, Level 2, Nelson, Tasman, 7010, New Zealand"
