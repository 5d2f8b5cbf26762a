"""Both sides of a record, field by field and line by line: what differs is marked, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from picortex_xero.attention.as_in_xero import Names
from picortex_xero.attention.side_by_side import compared
from picortex_xero.xero.records.registry import INVOICE, PAYMENT

NAMES = Names(
    lambda code: {"200": "200 Sales", "260": "260 Other"}.get(code, code), lambda tax: tax, lambda xero_id: {"c-1": "Anna"}.get(xero_id, "")
)
LINE = {"Description": "Panel", "Quantity": Decimal(2), "UnitAmount": Decimal(100), "AccountCode": "200", "TaxType": "OUTPUT2"}
SHOWN = {
    **LINE,
    "Quantity": Decimal("2.0000"),
    "UnitAmount": Decimal("100.0000"),
    "LineAmount": Decimal("200.00"),
    "TaxAmount": Decimal("30.00"),
}
HERE = {
    "Type": "ACCREC",
    "Contact": {"ContactID": "c-1"},
    "Date": "2026-11-01",
    "DueDate": "2026-11-20",
    "LineItems": [LINE],
    "Total": Decimal(230),
}
THERE = {
    "Type": "ACCREC",
    "Status": "AUTHORISED",
    "Contact": {"ContactID": "c-1", "Name": "Anna"},
    "DateString": "2026-11-01T00:00:00",
    "Date": "/Date(1790899200000+0000)/",
    "DueDateString": "2026-11-20T00:00:00",
    "CurrencyRate": Decimal("1.000000"),
    "CurrencyCode": "NZD",
    "LineItems": [SHOWN],
    "Total": Decimal("230.00"),
    "SubTotal": Decimal("200.00"),
    "TotalTax": Decimal("30.00"),
}


def sides(there: dict[str, Any], here: dict[str, Any] | None = HERE) -> dict[str, Any]:
    return compared(INVOICE, here, there, NAMES, "Submitted")


def differing(found: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {str(each["label"]): (str(each["here"]), str(each["there"])) for each in found["fields"] if each["differs"]}


def cells(found: dict[str, Any]) -> list[list[str]]:
    return [[str(column["label"]) for column, differs in zip(found["columns"], line["differs"]) if differs] for line in found["lines"]]


def test_what_is_the_same_is_not_marked_however_it_is_spelled() -> None:
    found = sides(THERE)
    assert differing(found) == {} and cells(found) == [[]]
    assert [each["there"] for each in found["fields"] if each["label"] == "Date"] == ["2026-11-01"]


def test_every_field_that_differs_is_marked() -> None:
    moved = {
        **THERE,
        "Contact": {"ContactID": "c-2", "Name": "Ben"},
        "DueDateString": "2026-12-01T00:00:00",
        "Reference": "PO 1",
        "Total": "253.00",
    }
    found = sides(moved)
    assert differing(found) == {
        "Contact": ("Anna", "Ben"),
        "Due date": ("2026-11-20", "2026-12-01"),
        "Reference": ("", "PO 1"),
        "Total": ("230", "253"),
    }
    assert differing(sides({**THERE, "Status": "VOIDED"})) == {"Status": ("Submitted", "Voided")}


def test_lines_are_matched_and_their_cells_marked() -> None:
    other = {**SHOWN, "Description": "Gate", "AccountCode": "260", "UnitAmount": Decimal("110"), "LineAmount": Decimal("220")}
    assert cells(sides({**THERE, "LineItems": [other]})) == [["Description", "Price", "Account", "Amount"]]
    added = sides({**THERE, "LineItems": [other, SHOWN]})
    assert [line["here"] is None for line in added["lines"]] == [True, False] and cells(added)[1] == []
    taken = sides({**THERE, "LineItems": []})
    assert [line["there"] for line in taken["lines"]] == [None]


def test_one_side_alone_is_shown_without_marks() -> None:
    found = sides(THERE, None)
    assert differing(found) == {} and found["lines"][0]["differs"] == [False] * len(found["columns"])
    paid = compared(
        PAYMENT, None, {"Invoice": {"InvoiceID": "i-1", "InvoiceNumber": "SINV-1"}, "Amount": Decimal(5), "Status": "DELETED"}, NAMES
    )
    assert {str(each["label"]): str(each["there"]) for each in paid["fields"]} == {"Status": "Deleted", "Pays": "SINV-1", "Amount": "5"}
