"""A document that is in Xero, decided anew and compared with what Xero shows of it, on facts alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.anew import Finding, Kind, anew, cancelled, compared, cure
from picortex_xero.documents.base import Doc
from picortex_xero.documents.identity import identity
from picortex_xero.documents.step import SYNCED, Link
from tests.documents.preview_scene import INVOICE, PreviewScene, scene_of
from tests.documents.settlement.scene import chosen_books, debt, paying
from tests.scene.mapping import mapping

D = Decimal
SHOWN = {
    "InvoiceID": "x1", "InvoiceNumber": "SINV-1", "Type": "ACCREC", "Status": "AUTHORISED", "Contact": {"ContactID": "c1"}, "Date": "2026-10-05",
    "CurrencyCode": "NZD", "Total": D("115.00"), "TotalTax": D("15.00"), "LineAmountTypes": "Exclusive",
    "LineItems": [{"Quantity": D(1), "UnitAmount": D(100), "LineAmount": D(100), "TaxAmount": D(15), "AccountCode": "200", "TaxType": "OUTPUT2"}],
}  # fmt: skip
LINE = SHOWN["LineItems"][0]  # type: ignore[index]


def in_xero(doc: Doc, *debts: Doc, part: str = "invoice", endpoint: str = "Invoices") -> tuple[PreviewScene, Link]:
    """A document that was sent: its step is done and its record linked."""
    scene = scene_of(doc, *debts)
    scene.step(doc, part, SYNCED)
    return scene, scene.link(
        doc, part, "x1", endpoint, total=D("115.00"), status="AUTHORISED", marker={"InvoiceID": "si1", "Amount": "100"}
    )


def findings(element: dict[str, Any] | None, books: Any = None, doc: Doc = INVOICE) -> list[tuple[Kind, str, str]]:
    scene, link = in_xero(doc)
    found = compared(identity(doc), anew(doc, books or chosen_books(), scene.load), [(link, element)])
    return [(each.kind, each.here, each.there) for each in found]


def test_a_document_that_is_in_xero_is_decided_as_if_it_were_not() -> None:
    scene, _ = in_xero(INVOICE)
    (only,) = anew(INVOICE, chosen_books(), scene.load)
    assert (only.role, only.outcome, only.total, only.tax) == ("invoice", "Send", D(115), D(15))


def test_what_is_as_it_would_be_today_differs_in_nothing() -> None:
    assert findings(SHOWN) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"Total": D(110)}, (Kind.AMOUNT, "115.00", "110.00")),
        ({"TotalTax": D("16.50")}, (Kind.TAX, "15.00", "16.50")),
        ({"Contact": {"ContactID": "c2"}}, (Kind.CONTACT, "c1", "c2")),
        ({"Date": "2026-10-06"}, (Kind.DATE, "2026-10-05", "2026-10-06")),
        ({"CurrencyCode": "USD"}, (Kind.CURRENCY, "NZD", "USD")),
        ({"LineItems": [{**LINE, "AccountCode": "260"}]}, (Kind.ACCOUNT, "200", "260")),
        ({"LineItems": [{**LINE, "TaxType": "ZERORATED"}]}, (Kind.TAX_TYPE, "OUTPUT2", "ZERORATED")),
        ({"LineItems": [{**LINE, "LineAmount": D(90), "UnitAmount": D(90)}]}, (Kind.AMOUNT, "100.00", "90.00")),
        ({"LineItems": []}, (Kind.NOT_COMPARED, "", "")),
        ({"Status": "VOIDED"}, (Kind.GONE, "", "VOIDED")),
    ],
)
def test_each_difference_has_its_kind(changed: dict[str, Any], expected: tuple[Kind, str, str]) -> None:
    assert expected in findings({**SHOWN, **changed})


def test_a_record_that_xero_has_no_more_is_gone() -> None:
    assert findings(None) == [(Kind.GONE, "", "")]


def test_what_would_be_held_today_says_why() -> None:
    scene, link = in_xero(INVOICE)
    books = replace(chosen_books(), mapping=mapping(accounts={}))
    (found,) = compared(identity(INVOICE), anew(INVOICE, books, scene.load), [(link, SHOWN)])
    assert found.kind is Kind.HELD and found.why is not None and found.why.code == "account-unmapped" and found.there == "115.00"


def test_a_later_go_live_date_hides_nothing() -> None:
    assert findings(SHOWN, replace(chosen_books(), go_live_date="2027-01-01")) == []


def test_a_payment_is_decided_as_if_only_it_were_missing() -> None:
    """The invoice is paid in full by this payment alone: decided anew, all of it is open."""
    owed = debt()
    doc = paying(115.0)
    scene = scene_of(doc, owed)
    scene.step(doc, "payment", SYNCED)
    place = scene.links[0]
    link = scene.link(
        doc, "payment", "p1", "Payments", total=D(115), status="AUTHORISED", marker={"InvoiceID": place.xero_id, "Amount": "115.00"}
    )
    element = {"PaymentID": "p1", "Status": "AUTHORISED", "Amount": D(115), "Invoice": {"InvoiceID": place.xero_id}}
    decided = anew(doc, chosen_books(), scene.load)
    assert [(each.role, each.outcome) for each in decided if each.who == identity(doc)] == [("payment", "Send")]
    assert compared(identity(doc), decided, [(link, element)]) == []
    other = compared(identity(doc), decided, [(link, {**element, "Amount": D(100), "Account": {"AccountID": "wrong"}})])
    assert [each.kind for each in other] == [Kind.AMOUNT, Kind.BANK]


def test_money_that_came_before_it_was_allocated_is_no_difference() -> None:
    """A payment that was taken off a cancelled invoice and reconciled with another: an overpayment, allocated; today it would be a payment."""
    owed, doc = debt(), paying(115.0)
    scene = scene_of(doc, owed)
    scene.step(doc, "payment", SYNCED, revision=2)
    place = scene.links[0]
    money = scene.link(doc, "payment", "o1", "Overpayments", revision=2, total=D(115), status="AUTHORISED")
    used = scene.link(doc, "allocation", "a1", "Overpayments/o1/Allocations", number=3, revision=2, marker={"InvoiceID": place.xero_id})
    over = {"OverpaymentID": "o1", "Status": "PAID", "Total": D(115)}
    taken = {"AllocationID": "a1", "Amount": D(115), "Invoice": {"InvoiceID": place.xero_id}}
    decided = anew(doc, chosen_books(), scene.load)

    def found(over: Doc, taken: Doc) -> list[tuple[Kind, str]]:
        differing = compared(identity(doc), decided, [(money, over), (used, taken)], [money, used])
        return [(each.kind, each.there) for each in differing]

    assert found(over, taken) == []
    assert found({**over, "Total": D(100)}, taken) == [(Kind.AMOUNT, "100.00")]
    assert found(over, {**taken, "Invoice": {"InvoiceID": "other"}}) == [(Kind.MORE, "115.00")]
    assert found({**over, "Status": "VOIDED"}, taken) == [(Kind.GONE, "VOIDED")]


def test_a_cancelled_document_whose_record_stands_is_found() -> None:
    scene, link = in_xero(INVOICE)
    assert [(each.kind, each.there) for each in cancelled([(link, SHOWN)])] == [(Kind.CANCELLED, "115.00")]
    assert cancelled([(link, {**SHOWN, "Status": "VOIDED"})]) == cancelled([(link, None)]) == []


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("settled", [True, False])
def test_every_kind_has_a_cure(kind: Kind, settled: bool) -> None:
    said = cure(Finding(kind, "invoice", 1, "1.00", "2.00"), "SINV-1", settled)
    assert len(said) > 20 and "{" not in said
