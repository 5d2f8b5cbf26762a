"""What each class of `xero/records` says of its object in Xero, beyond what test_as_before compares."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.xero.records import xero_element
from picortex_xero.xero.records.base import XeroObject
from picortex_xero.xero.records.registry import (
    ALLOCATION,
    ATTACHMENT,
    BANK_TRANSACTION,
    BANK_TRANSFER,
    CREDIT_NOTE,
    EXTRAS,
    HISTORY_NOTE,
    INVOICE,
    KINDS,
    MANUAL_JOURNAL,
    OBJECTS,
    OVERPAYMENT,
    PAYMENT,
    PREPAYMENT,
    is_extra,
    object_at,
    taken_off,
)
from tests.scene.documents import item, receipt, reference, sales_invoice, settling, tax_row, translated
from tests.scene.mapping import mapping
from tests.scene.xero_records import target


def every_class(of: type[XeroObject] = XeroObject) -> set[type[XeroObject]]:
    return {of, *(found for each in of.__subclasses__() for found in every_class(each))}


def test_every_class_is_in_the_registry_once() -> None:
    makeable = {each for each in every_class() if not each.__abstractmethods__ and hasattr(each, "endpoint")}
    assert {type(each) for each in OBJECTS} == makeable and len(OBJECTS) == len(makeable)
    assert len(KINDS) == sum(len(each.kinds) for each in OBJECTS), "no two kinds share a name"


@pytest.mark.parametrize("each", OBJECTS, ids=lambda each: each.endpoint)
def test_every_object_says_what_nothing_can_go_without(each: XeroObject) -> None:
    assert each.endpoint and each.id_field and each.noun and each.marker_fields
    assert all(kind.xero_object is each for kind in each.kinds) and each.made_by.method == "PUT"
    assert bool(each.settles and each.named_in_payments) is False, "nothing pays a payment"
    if each.undone_by and each.undone_by.method == "POST" and not each.is_advance:
        assert each.undone("AUTHORISED") or each.undone("POSTED"), "what can be undone says to which status"


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("Invoices", INVOICE),
        ("CreditNotes/c1/Allocations", ALLOCATION),
        ("Overpayments/o1/Allocations", ALLOCATION),
        ("Prepayments", PREPAYMENT),
    ],
)
def test_an_object_is_known_by_where_a_link_says_it_is(endpoint: str, expected: XeroObject) -> None:
    assert object_at(endpoint) is expected


def test_an_endpoint_that_nothing_is_known_of_is_an_error() -> None:
    with pytest.raises(KeyError):
        object_at("Quotes")


def test_what_stands_below_another_record_says_so_in_its_path() -> None:
    assert ALLOCATION.made_by.path_below("CreditNotes/c1") == "CreditNotes/c1/Allocations?summarizeErrors=false"
    assert HISTORY_NOTE.made_by.path_below("Invoices/i1") == "Invoices/i1/History"
    assert ATTACHMENT.made_by.path_below("Invoices/i1") == "Invoices/i1/Attachments"


@pytest.mark.parametrize(
    ("each", "status", "expected"),
    [
        (INVOICE, "AUTHORISED", "VOIDED"),
        (INVOICE, "PAID", "VOIDED"),
        (INVOICE, "DRAFT", "DELETED"),
        (CREDIT_NOTE, "SUBMITTED", "DELETED"),
        (MANUAL_JOURNAL, "POSTED", "VOIDED"),
        (MANUAL_JOURNAL, "DRAFT", "DELETED"),
        (MANUAL_JOURNAL, "ARCHIVED", ""),
        (BANK_TRANSFER, "AUTHORISED", "DELETED"),
        (BANK_TRANSACTION, "", ""),
        (PAYMENT, "", "DELETED"),
        (OVERPAYMENT, "AUTHORISED", ""),
    ],
)
def test_the_status_that_takes_a_record_back(each: XeroObject, status: str, expected: str) -> None:
    assert each.undone(status) == expected


def test_an_advance_is_made_as_a_bank_transaction_whose_id_is_kept_beside_its_own() -> None:
    for each, name in ((OVERPAYMENT, "OverpaymentID"), (PREPAYMENT, "PrepaymentID")):
        assert (each.made_by.endpoint, each.made_by.home, each.made_by.id_fields) == (
            "BankTransactions",
            each.endpoint,
            (name, "BankTransactionID"),
        )
        assert each.undone_by and (each.undone_by.endpoint, each.undone_by.id_fields) == (each.endpoint, (name,))
        assert each.page_id("o1", {"BankTransactionID": "b1"}) == "b1" and each.page_id("o1", {}) == ""
    assert PAYMENT.page_id("p1", {"BankTransactionID": "b1"}) == "p1"


def test_the_number_of_a_record_is_the_first_that_it_shows() -> None:
    assert (
        INVOICE.number({"InvoiceNumber": "", "Reference": "PO 7"}) == "PO 7"
        and INVOICE.number({"InvoiceNumber": "SINV-1", "Reference": "PO 7"}) == "SINV-1"
    )
    assert CREDIT_NOTE.number({"CreditNoteNumber": "CN-1"}) == "CN-1" and MANUAL_JOURNAL.number({"Narration": "JV-1"}) == ""
    assert PAYMENT.number({"Reference": 5}) == ""


def test_what_is_left_and_whether_something_was_used() -> None:
    assert (
        INVOICE.left({"AmountDue": "40.00"}) == Decimal("40.00")
        and CREDIT_NOTE.left({"RemainingCredit": 5}) == OVERPAYMENT.left({"RemainingCredit": 5}) == 5
    )
    assert PAYMENT.left({"Amount": 9}) == 0
    assert INVOICE.used({"AmountPaid": 0, "AmountCredited": "1.00"}) and not INVOICE.used({"AmountDue": 5})
    assert CREDIT_NOTE.used({"Total": 10, "RemainingCredit": 9}) and not CREDIT_NOTE.used({"Total": 10, "RemainingCredit": 10})


def test_what_settles_an_invoice_is_named_by_its_id() -> None:
    shown = {
        "Payments": [{"PaymentID": "p1", "BatchPaymentID": "b1"}, {"PaymentID": "p2"}],
        "CreditNotes": [{"CreditNoteID": "c1"}],
        "Overpayments": [{"OverpaymentID": "o1"}],
        "Prepayments": [{"PrepaymentID": "a1"}, {}],
    }
    found = [
        ("BatchPayments", "b1"),
        ("Payments", "p1"),
        ("Payments", "p2"),
        ("CreditNotes", "c1"),
        ("Overpayments", "o1"),
        ("Prepayments", "a1"),
    ]
    assert INVOICE.settled_by(shown) == found and INVOICE.settled_by({}) == [] and INVOICE.settled_by({"Payments": [None]}) == []


@pytest.mark.parametrize(
    ("endpoint", "marker", "place", "expected"),
    [
        ("Payments", {"InvoiceID": "i1", "Amount": "40.00"}, ("Invoices", "i1"), "40.00"),
        ("Payments", {"CreditID": "n1", "Amount": 5}, ("CreditNotes", "n1"), "5"),
        ("BatchPayments", {"Members": [["i1", "10.00"], ["i2", "7.00"], ["i1", "1.00"]]}, ("Invoices", "i1"), "11.00"),
        ("CreditNotes/n1/Allocations", {"InvoiceID": "i1", "Amount": "3.00"}, ("Invoices", "i1"), "3.00"),
        ("CreditNotes/n1/Allocations", {"InvoiceID": "i1", "Amount": "3.00"}, ("CreditNotes", "n1"), "3.00"),
        ("CreditNotes/n1/Allocations", {"InvoiceID": "i1", "Amount": "3.00"}, ("CreditNotes", "n2"), "0"),
        ("CreditNotes/n10/Allocations", {"InvoiceID": "i1", "Amount": "3.00"}, ("CreditNotes", "n1"), "0"),
        ("Invoices", {"InvoiceID": "i1", "Amount": "3.00"}, ("Invoices", "i1"), "0"),
        ("Payments", {}, ("Invoices", ""), "0"),
    ],
)
def test_what_a_record_takes_off_another(endpoint: str, marker: dict[str, Any], place: tuple[str, str], expected: str) -> None:
    assert taken_off(endpoint, marker, place) == Decimal(expected)


@pytest.mark.parametrize(
    ("payments", "expected"),
    [
        (None, "0"),
        ([], "0"),
        ([{"Amount": "20.00"}, {"Amount": 5}, "odd"], "25.00"),
        ([{"Amount": "20.00"}, {}], None),
        ([{"Amount": "no amount"}], None),
    ],
)
def test_what_the_payments_of_a_credit_add_up_to(payments: Any, expected: str | None) -> None:
    assert xero_element.paid_back({"Payments": payments}) == (None if expected is None else Decimal(expected))


def test_extras_are_told_by_the_start_of_their_role() -> None:
    assert EXTRAS == ("note", "attachment") and is_extra("note-cancel-invoice-1") and is_extra("attachment-print")
    assert not is_extra("payment-2") and not is_extra("void-invoice-1")
    assert HISTORY_NOTE.added_to("INV-1", {}) == "A note about INV-1"
    assert ATTACHMENT.added_to("INV-1", {"FileName": "a.pdf"}) == "The file a.pdf of INV-1"


def test_markers_are_made_of_the_fields_that_find_a_record_again() -> None:
    made = translated(sales_invoice([item(100.0)], [tax_row(15.0)], 115.0))
    assert set(made.marker) <= set(INVOICE.marker_fields)
    (paid,) = settling(receipt([reference("SINV-1", 300.0)], 300.0), mapping(), [target()])
    assert set(paid.marker) <= set(PAYMENT.marker_fields)
    known = {*xero_element.NUMBERS, *xero_element.TEXTS, "Url", "Mark", "Members", "InvoiceID"}
    assert all(known & set(each.marker_fields) for each in OBJECTS), "each has a token, or what it is applied to"
