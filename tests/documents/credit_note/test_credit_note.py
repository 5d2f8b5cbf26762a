"""Returns become credit notes with positive figures, and are allocated to their invoice by no more than is open on either."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.money import decimal
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.credit_note.credit_note import applied_at_once, credit_note
from picortex_xero.documents.invoice.lines import mirrored
from picortex_xero.documents.settlement.allocation import allocation, to_the_cent
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.records.registry import KINDS
from tests.scene.documents import NEGATIVE, NEGATIVE_ITEM, NEGATIVE_ROW, bill, item, returned, sales_invoice, tax_row, translated
from tests.scene.mapping import mapping
from tests.scene.xero_records import bears, doubtful, find

D = Decimal
FREIGHT = {"charge_type": "Actual", "account_head": "Freight - KS", "description": "Freight", "rate": 0.0}


def noted(doc: dict[str, Any], suffix: int = 0, **choices: Any) -> Translation:
    return credit_note(doc, mapping(**choices), "c1", suffix)


PLAIN = sales_invoice([item(100.0, 4)], [tax_row(15.0)], 115.0)
SALES = {
    "plain": PLAIN,
    "a line's own tax": sales_invoice([item(0.10), item(0.10), item(0.10)], [tax_row(0.04)], 0.34),
    "tax in the price": sales_invoice([item(199.99, amount=230.0, rate=230.0)], [tax_row(30.0, included_in_print_rate=1)], 230.0),
    "tax in the price, discounted": sales_invoice(
        [item(86.96, amount=105.0, rate=105.0)], [tax_row(13.04, included_in_print_rate=1)], 100.0, discount_amount=5.0
    ),
    "discount per unit": sales_invoice(
        [item(90.0, 4, price_list_rate=25.0, discount_amount=2.5, discount_percentage=10.0)], [tax_row(13.5)], 103.5
    ),
    "discount on the document": sales_invoice(
        [item(90.0, amount=100.0, rate=100.0, net_rate=90.0)], [tax_row(13.5)], 103.5, discount_amount=10.0
    ),
    "foreign": sales_invoice([item(100.0)], [tax_row(15.0)], 115.0, currency="AUD", conversion_rate=1.0876),
    "rounded up": sales_invoice([item(100.35)], [tax_row(15.05)], 115.40, rounded_total=115.0, rounding_adjustment=-0.4),
    "drift": sales_invoice([item(100.0)], [tax_row(15.0)], 115.02),
    "freight": sales_invoice(
        [item(100.0)], [{**FREIGHT, "tax_amount": 20.0}, tax_row(18.0, charge_type="On Previous Row Total", row_id="1")], 138.0
    ),
    "freight over mixed rates": sales_invoice(
        [item(100.0), item(50.0, item_tax_rate='{"GST - KS": 0}', item_tax_template="Export - KS")],
        [{**FREIGHT, "tax_amount": 30.0}, tax_row(18.0, charge_type="On Previous Row Total", row_id="1")],
        198.0,
    ),
    "odd quantity": sales_invoice([item(12.35, qty=1.23456, net_rate=10.0)], [tax_row(1.85)], 14.20),
    "branches": sales_invoice([item(50.0, cost_center="North - KS"), item(50.0, cost_center="South - KS")], [tax_row(15.0)], 115.0),
}
PURCHASES = {
    "bill": bill([item(100.0)], [tax_row(15.0, add_deduct_tax="Add")], 115.0),
    "bill with withholding": bill(
        [item(100.0)],
        [
            tax_row(15.0, add_deduct_tax="Add"),
            tax_row(10.0, charge_type="Actual", account_head="Withholding - KS", description="WHT", add_deduct_tax="Deduct"),
        ],
        105.0,
    ),
    "bill with valuation": bill([item(100.0)], [tax_row(15.0), tax_row(99.0, category="Valuation")], 115.0),
}


@pytest.mark.parametrize("case", [*SALES, *PURCHASES])
def test_a_full_return_has_exactly_its_invoices_lines_and_figures(case: str) -> None:
    doc = {**SALES, **PURCHASES}[case]
    invoice, note = translated(doc), noted(returned(doc))
    assert (note.total, note.tax) == (invoice.total, invoice.tax) and note.total
    same = ("LineItems", "LineAmountTypes", "CurrencyCode", "Contact", "Date", "Status")
    assert {name: note.body[name] for name in same} == {name: invoice.body[name] for name in same}
    assert note.body.get("CurrencyRate") == invoice.body.get("CurrencyRate")
    assert all(line["Quantity"] > 0 for line in note.body["LineItems"])


@pytest.mark.parametrize("case", [*SALES, *PURCHASES])
def test_mirroring_a_return_gives_the_invoices_own_figures_back(case: str) -> None:
    doc = {**SALES, **PURCHASES}[case]
    before = returned(doc)
    kept = copy.deepcopy(before)
    turned = mirrored(before)
    assert before == kept, "the document is left as it was"
    for name in NEGATIVE:
        assert decimal(turned.get(name)) == decimal(doc.get(name)), name
    for rows, ours, names in (("items", doc["items"], NEGATIVE_ITEM), ("taxes", doc["taxes"], NEGATIVE_ROW)):
        for row, own in zip(turned[rows], ours):
            assert all(decimal(row.get(name)) == decimal(own.get(name)) for name in names)
            assert {name: value for name, value in row.items() if name not in names} == {
                name: value for name, value in own.items() if name not in names
            }


def deferring(doc: dict[str, Any], kind: str, account: str) -> dict[str, Any]:
    """The document with its first row deferred to an account."""
    made = copy.deepcopy(doc)
    made["items"][0].update({f"enable_deferred_{kind}": 1, f"deferred_{kind}_account": account})
    return made


@pytest.mark.parametrize("kind", ["revenue", "expense"])
def test_a_return_of_a_deferred_line_is_on_income_or_expense_where_erpnext_books_it(kind: str) -> None:
    """ERPNext 15 and 16: `enable_deferred_revenue and not is_return`. The months that are released go on as before."""
    own = SALES["plain"] if kind == "revenue" else PURCHASES["bill"]
    doc = deferring(own, kind, "Deferred - KS")
    choices = mapping(accounts={**mapping().accounts, "Deferred - KS": "835"})
    sold, note = translated(doc, choices), credit_note(returned(doc), choices, "c1")
    assert sold.body["LineItems"][0]["AccountCode"] == "835"
    assert [line["AccountCode"] for line in note.body["LineItems"]] == [
        line["AccountCode"] for line in noted(returned(own)).body["LineItems"]
    ]


def test_a_partial_return_is_its_own_figures_and_keeps_the_price() -> None:
    doc = returned(sales_invoice([item(25.0, 1)], [tax_row(3.75)], 28.75))
    note = noted(doc)
    assert note.body["LineItems"][0] == {
        "Description": "Fence panel",
        "Quantity": D(1),
        "UnitAmount": D(25),
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
    }
    assert (note.total, note.tax) == (D("28.75"), D("3.75"))


def test_header_and_marker_of_a_customers_return() -> None:
    note = noted(returned(PLAIN))
    header = {name: value for name, value in note.body.items() if name != "LineItems"}
    assert header == {
        "Type": "ACCRECCREDIT",
        "CreditNoteNumber": "RET-1",
        "Reference": "SINV-1",
        "Contact": {"ContactID": "c1"},
        "Date": "2026-10-05",
        "CurrencyCode": "NZD",
        "Status": "AUTHORISED",
        "LineAmountTypes": "Exclusive",
    }
    assert note.marker == {"Type": "ACCRECCREDIT", "CreditNoteNumber": "RET-1", "ContactID": "c1", "Total": D(115)}
    assert noted(returned(PLAIN), suffix=2).marker["CreditNoteNumber"] == "RET-1-R2"


def test_a_stand_alone_return_refers_to_nothing() -> None:
    assert "Reference" not in noted(returned(PLAIN, return_against=None)).body


def test_a_suppliers_credit_carries_their_number_first_and_ours_to_find_it_by() -> None:
    doc = PURCHASES["bill"]
    note = noted(returned(doc, bill_no="CN-77"))
    assert (note.body["Type"], note.body["CreditNoteNumber"]) == ("ACCPAYCREDIT", "CN-77 (RET-1)")
    assert note.marker["CreditNoteNumber"] == "CN-77 (RET-1)" and "Reference" not in note.body
    assert noted(returned(doc)).body["CreditNoteNumber"] == "RET-1"
    assert note.body["LineItems"][0]["AccountCode"] == "310" and note.body["LineItems"][0]["TaxType"] == "INPUT2"


def test_a_suppliers_number_of_any_length_leaves_ours_findable() -> None:
    number = noted(returned(PURCHASES["bill"], bill_no="9" * 300)).body["CreditNoteNumber"]
    assert len(number) <= 255 and number.endswith("(RET-1)")


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        (returned(PLAIN, is_pos=1, write_off_amount=-0.01), ["pos-write-off"]),
        (returned(PLAIN, is_opening="Yes"), ["opening-credit"]),
        (PLAIN | {"is_return": 1}, ["negative-total"]),
    ],
)
def test_what_cannot_go_says_why(doc: dict[str, Any], expected: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        noted(doc)
    assert [problem.code for problem in refused.value.problems] == expected


def test_every_missing_choice_is_told() -> None:
    with pytest.raises(Refused) as refused:
        noted(returned(PLAIN), accounts={}, taxes={})
    assert [problem.code for problem in refused.value.problems] == ["account-unmapped", "tax-unmapped"]


@pytest.mark.parametrize(
    ("changes", "applied"),
    [
        ({}, True),
        ({"update_outstanding_for_self": 0}, True),
        ({"update_outstanding_for_self": 1}, False),
        ({"return_against": None}, False),
        ({"is_return": 0}, False),
    ],
)
def test_only_what_the_host_took_off_the_invoice_itself_is_allocated(changes: dict[str, Any], applied: bool) -> None:
    assert applied_at_once(returned(PLAIN, **changes)) is applied


def allocated(amount: str, left: str, due: str) -> Translation:
    return allocation(D(amount), "2026-10-15", "i1", D(left), D(due), ("RET-1", "SINV-1"))


def test_an_allocation_is_exactly_this() -> None:
    made = allocated("57.50", "57.50", "130")
    assert made.body == {"Amount": D("57.5"), "Date": "2026-10-15", "Invoice": {"InvoiceID": "i1"}}
    assert made.marker == {"InvoiceID": "i1", "Amount": D("57.50")} and made.total == D("57.50")


@pytest.mark.parametrize(
    ("amount", "left", "due", "named"),
    [
        ("50.01", "50", "80", [("allocation-exceeds", "RET-1")]),
        ("80.01", "100", "80", [("allocation-exceeds", "SINV-1")]),
        ("100", "50", "80", [("allocation-exceeds", "RET-1"), ("allocation-exceeds", "SINV-1")]),
        ("0", "50", "80", [("allocation-nothing", "RET-1")]),
        ("-1", "50", "80", [("allocation-nothing", "RET-1")]),
    ],
)
def test_an_allocation_never_exceeds_either_side(amount: str, left: str, due: str, named: list[tuple[str, str]]) -> None:
    with pytest.raises(Refused) as refused:
        allocated(amount, left, due)
    assert [problem.code for problem in refused.value.problems] == [code for code, _ in named]
    for problem, (_, name) in zip(refused.value.problems, named):
        assert name in problem.message and problem.resolution


def test_credit_notes_and_allocations_are_found_again() -> None:
    note, kind = noted(returned(PLAIN)), KINDS["credit-note"]
    shown = {
        "CreditNoteID": "n1", "Type": "ACCRECCREDIT", "CreditNoteNumber": "RET-1", "Contact": {"ContactID": "c1"}, "Total": D("115.00"),
        "Status": "AUTHORISED",
    }  # fmt: skip
    marker = {**note.marker, "Total": str(note.marker["Total"])}
    assert find(kind, marker, [shown]) == [shown]
    for wrong in (
        {"Type": "ACCPAYCREDIT"},
        {"CreditNoteNumber": "RET-2"},
        {"Contact": {"ContactID": "c2"}},
        {"Total": D("115.01")},
        {"Status": "VOIDED"},
    ):
        assert find(kind, marker, [{**shown, **wrong}]) == []
    assert doubtful(kind, marker, [{**shown, "Total": D("115.01")}]), "equal but for the total: a person"
    assert bears(kind, marker, {"CreditNoteNumber": "RET-1"}) and not bears(kind, marker, {"CreditNoteNumber": "RET-2"})
    applied, kind = allocated("57.50", "57.50", "130"), KINDS["allocation"]
    own = {"AllocationID": "a1", "Amount": D("57.5"), "Invoice": {"InvoiceID": "i1"}}
    marker = {**applied.marker, "Amount": str(applied.marker["Amount"])}
    assert find(kind, marker, [own]) == [own]
    assert find(kind, marker, [{**own, "Amount": D("57.51")}, {**own, "Invoice": {"InvoiceID": "i2"}}]) == []


@pytest.mark.parametrize(
    ("amount", "left", "due", "settles", "allocated"),
    [
        ("275.84", "275.86", "500.00", True, "275.86"),
        ("275.84", "300.00", "275.80", True, "275.80"),
        ("275.84", "275.86", "275.80", True, "275.80"),
        ("275.84", "275.90", "500.00", True, "275.84"),
        ("275.84", "275.86", "500.00", False, "275.84"),
    ],
)
def test_a_converted_credit_that_settles_takes_what_xero_has_left(amount: str, left: str, due: str, settles: bool, allocated: str) -> None:
    assert to_the_cent(D(amount), D(left), D(due), settles) == D(allocated)
