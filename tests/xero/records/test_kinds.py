"""How each kind of record is sent to Xero, and how it is found again in Xero's lists."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.xero.records import xero_element
from picortex_xero.xero.records.base import BATCH_LIMIT
from picortex_xero.xero.records.registry import KINDS, OBJECTS
from picortex_xero.xero.records.xero_element import calendar_date
from tests.scene.documents import item, receipt, reference, sales_invoice, settling, tax_row, translated
from tests.scene.mapping import mapping
from tests.scene.xero_records import bears, doubtful, find, target

INVOICE, PAYMENT, BATCH, CONTACT = (KINDS[name] for name in ("invoice", "payment", "batch-payment", "contact"))


def shown_invoice(**changes: Any) -> dict[str, Any]:
    """An invoice as Xero lists it, with the url of the translation."""
    return {
        "InvoiceID": "x1",
        "Type": "ACCREC",
        "InvoiceNumber": "SINV-1",
        "Contact": {"ContactID": "c1"},
        "Total": Decimal("115.00"),
        "Status": "AUTHORISED",
        "Url": marker()["Url"],
        **changes,
    }


def marker() -> dict[str, Any]:
    return translated(sales_invoice([item(100.0)], [tax_row(15.0)], 115.0)).marker


def stored(found: dict[str, Any]) -> dict[str, Any]:
    """A marker as an attempt keeps it: figures as text, through JSON."""
    return json.loads(json.dumps({name: str(value) if isinstance(value, Decimal) else value for name, value in found.items()}))


def test_paths_and_bodies() -> None:
    assert BATCH_LIMIT == 50, "Xero's advice for one request"
    assert INVOICE.path() == "Invoices?summarizeErrors=false&unitdp=4" and INVOICE.method == "PUT"
    assert PAYMENT.path() == "Payments?summarizeErrors=false"
    assert KINDS["void-invoice"].path("x1") == "Invoices?summarizeErrors=false&unitdp=4" and KINDS["void-invoice"].method == "POST"
    assert KINDS["delete-payment"].path("p1") == "Payments/p1"
    assert INVOICE.body([{"a": 1}, {"a": 2}]) == {"Invoices": [{"a": 1}, {"a": 2}]}
    assert KINDS["delete-payment"].body([{"Status": "DELETED"}]) == {"Status": "DELETED"}
    assert KINDS["bank-transfer"].path() == "BankTransfers", "it knows no summarizeErrors"


def test_what_was_made_can_be_undone_where_it_was_made() -> None:
    undoing = {each.endpoint: each.undone_by for each in OBJECTS if each.undone_by}
    assert all(undo.undo and undo.endpoint == endpoint for endpoint, undo in undoing.items())
    made = {kind.home for kind in KINDS.values() if not kind.undo and not kind.extra}
    assert made - {"Contacts"} <= set(undoing), "a contact stays, notes and files too; everything else must have its undo"


@pytest.mark.parametrize("keep", [dict, stored])
def test_an_invoice_is_found_by_its_mark_and_else_by_its_number(keep: Any) -> None:
    wanted = keep(marker())
    assert find(INVOICE, wanted, [shown_invoice()])
    for changed in ({"InvoiceNumber": "SINV-2"}, {"Contact": {"ContactID": "c2"}}, {"Total": Decimal("115.01")}, {"Total": None}):
        assert find(INVOICE, wanted, [shown_invoice(**changed)]), "our mark proves it, whatever a person has changed since"
    for changed in ({"Url": "https://elsewhere.example"}, {"Url": None}):
        assert find(INVOICE, wanted, [shown_invoice(**changed)]), "its number proves it"
    for wrong in ({"Type": "ACCPAY"}, {"Url": wanted["Url"] + "1"}, {"Url": None, "InvoiceNumber": "SINV-2"}):
        assert not find(INVOICE, wanted, [shown_invoice(**wrong)]), wrong
    assert doubtful(INVOICE, wanted, [shown_invoice(Url=None, Total=Decimal("115.01"))]), "its number, and another total: a person"
    assert doubtful(INVOICE, wanted, [shown_invoice(Url=None, InvoiceNumber=None)]), "equal but for its token: a person"
    assert not doubtful(INVOICE, wanted, [shown_invoice(Url=wanted["Url"] + "1")]), "the mark of another document"


@pytest.mark.parametrize("total", [115, Decimal("115"), Decimal("115.0"), Decimal("115.00"), "115.0", "1.15E2"])
def test_figures_are_compared_as_money_however_they_are_written(total: Any) -> None:
    assert find(INVOICE, {**stored(marker()), "Total": "115.0"}, [shown_invoice(Url=None, Total=total)])


def test_what_is_voided_or_deleted_is_not_found_except_by_what_voids_it() -> None:
    gone = [shown_invoice(InvoiceID="x2", Status="VOIDED"), shown_invoice(InvoiceID="x3", Status="DELETED")]
    assert find(INVOICE, marker(), [*gone, shown_invoice()]) == [shown_invoice()]
    assert find(INVOICE, marker(), gone) == [] and doubtful(INVOICE, marker(), gone) == gone
    assert find(KINDS["void-invoice"], {"InvoiceID": "x3"}, gone) == gone[1:]


def test_a_void_finds_its_invoice_by_id_alone() -> None:
    void = KINDS["void-invoice"]
    assert find(void, {"InvoiceID": "x1"}, [{"InvoiceID": "X1", "Status": "VOIDED"}])
    assert not find(void, {"InvoiceID": "x2"}, [{"InvoiceID": "x1", "Status": "VOIDED"}])


def test_a_payment_is_found_by_its_name_and_compared_in_the_rest() -> None:
    (made,) = settling(receipt([reference("SINV-1", 300.0)], 300.0), mapping(), [target()])
    shown = {
        "PaymentID": "p1",
        "Reference": "PAY-1 DD 77",
        "Invoice": {"InvoiceID": "i1"},
        "Amount": Decimal("300.00"),
        "Status": "AUTHORISED",
    }
    for wanted in (made.marker, stored(made.marker)):
        for same in ({}, {"Reference": "PAY-1"}, {"Reference": "  pay-1\tdd 77"}, {"Reference": "DD 77, PAY-1"}):
            assert find(PAYMENT, wanted, [{**shown, **same}]), same
        for wrong in ({"Amount": Decimal("299.99")}, {"Invoice": {"InvoiceID": "i2"}}):
            assert not find(PAYMENT, wanted, [{**shown, **wrong}]) and doubtful(PAYMENT, wanted, [{**shown, **wrong}]), wrong
        for other in ("PAY-1/2", "PAY-11", "PAY-1-1"):
            assert not find(PAYMENT, wanted, [{**shown, "Reference": other}]), other
        assert doubtful(PAYMENT, wanted, [{**shown, "Reference": "DD 77"}]), "equal but for our name: a person"


def test_a_batch_is_found_by_its_account_and_members_in_any_order() -> None:
    settlement = receipt([reference("SINV-2", 200.0), reference("SINV-1", 100.5)], 300.5)
    (made,) = settling(settlement, mapping(), [target("i2"), target("i1")])
    shown = {
        "BatchPaymentID": "b1",
        "Date": "/Date(1792454400000+0000)/",
        "DateString": f"{settlement.posting_date}T00:00:00",
        "Account": {"AccountID": "bank-nzd"},
        "Payments": [{"Invoice": {"InvoiceID": "i1"}, "Amount": Decimal("100.50")}, {"Invoice": {"InvoiceID": "i2"}, "Amount": 200}],
    }
    for wanted in (made.marker, stored(made.marker)):
        assert find(BATCH, wanted, [shown]) == [shown]
        assert not find(BATCH, wanted, [{**shown, "Payments": shown["Payments"][:1]}])
        assert not find(BATCH, wanted, [{**shown, "Account": {"AccountID": "other"}}])
        assert not find(BATCH, wanted, [{**shown, "DateString": "2026-01-02T00:00:00"}]), "another instalment of the same amounts"
        assert bears(BATCH, wanted, {**shown, "Account": {}})
        assert doubtful(BATCH, wanted, [{**shown, "Payments": None}]), "equal but for its members: a person"


def test_a_document_date_is_a_calendar_date_in_either_form() -> None:
    assert calendar_date({"DateString": "2026-10-08T00:00:00", "Date": "/Date(0+0000)/"}) == "2026-10-08"
    assert calendar_date({"Date": "/Date(1791417600000+0000)/"}) == "2026-10-08"
    assert calendar_date({"Date": "/Date(-86400000)/"}) == "1969-12-31"
    assert calendar_date({}) == ""


def test_a_contact_is_found_by_its_number() -> None:
    assert find(CONTACT, {"ContactNumber": "PC-1"}, [{"ContactID": "c1", "ContactNumber": "PC-1", "Name": "Whoever"}])
    assert not find(CONTACT, {"ContactNumber": "PC-1"}, [{"ContactID": "c1", "Name": "Whoever"}])


def test_what_an_answer_leaves_out_proves_nothing() -> None:
    assert xero_element.compared_fields(PAYMENT, {}) == {}
    assert not find(PAYMENT, {"Reference": "PAY-1", "InvoiceID": "i1", "Amount": "1.00"}, [{}])
    assert not doubtful(PAYMENT, {"Reference": "PAY-1", "InvoiceID": "i1", "Amount": "1.00"}, [{}])


def test_a_refund_is_found_by_the_credit_that_it_pays_back() -> None:
    refund = {"PaymentID": "p", "Reference": "PAY-9", "Amount": 12.5, "Status": "AUTHORISED", "CreditNote": {"CreditNoteID": "cn-1"}}
    marker = {"Reference": "PAY-9", "CreditID": "cn-1", "Amount": "12.50"}
    assert find(PAYMENT, marker, [refund]) == [refund]
    as_listed = {**refund, "CreditNote": None, "Invoice": {"InvoiceID": "CN-1", "InvoiceNumber": "RET-1"}}
    assert find(PAYMENT, marker, [as_listed]), "lists show the credit note of a refund as its invoice"
    assert bears(PAYMENT, marker, {"Reference": "PAY-9", "CreditNote": {"CreditNoteID": "cn-1"}})
    for other in ({"CreditNote": {"CreditNoteID": "cn-2"}}, {"CreditNote": {}, "Overpayment": {"OverpaymentID": "cn-3"}}):
        assert find(PAYMENT, marker, [{**refund, **other}]) == []
    overpayment = {**refund, "CreditNote": {}, "Overpayment": {"OverpaymentID": "op-1"}}
    assert find(PAYMENT, {**marker, "CreditID": "op-1"}, [overpayment]) == [overpayment]


def test_both_legs_of_a_transfer_share_reference_and_address_but_not_their_type() -> None:
    kind = KINDS["bank-transaction"]
    leg = {
        "BankTransactionID": "b",
        "Type": "SPEND",
        "Reference": "PAY-9",
        "Url": "https://h/app/x?sync=i-d-1",
        "Total": 10,
        "Status": "AUTHORISED",
    }
    leg |= {"BankAccount": {"AccountID": "bank"}, "DateString": "2026-10-01T00:00:00"}
    marker = {
        "Type": "SPEND",
        "Reference": "PAY-9",
        "Url": "https://h/app/x?sync=i-d-1",
        "Account": "bank",
        "Total": "10.00",
        "Date": "2026-10-01",
    }
    assert find(kind, marker, [leg, {**leg, "Type": "RECEIVE"}]) == [leg]
    assert bears(kind, marker, {"Reference": "PAY-9"}) and not bears(kind, marker, {"Reference": "PAY-9", "Type": "RECEIVE"})
