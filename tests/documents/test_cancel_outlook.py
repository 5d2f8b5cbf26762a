"""What a person reads before cancelling, record by record: as the decisions of the cancel would be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from picortex_xero.documents.cancel_outlook import AFTERWARDS, BY_A_PERSON, BY_ITSELF, Standing, outlook
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.step import Link

WHO = Identity("Sales Invoice", "INV-1", "2026-11-01 09:00:00.000000")
TODAY = date(2026, 11, 20)
HUNDRED = Decimal(100)


def link(endpoint: str = "Invoices", status: str = "AUTHORISED", part: str = "invoice", number: int = 1, **fields: object) -> Link:
    made = Link(f"{part}-{number}", WHO, part, number, 1, endpoint, f"x-{part}-{number}", "N-1", status, HUNDRED, "NZD", {"Url": "u"})
    return replace(made, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "says", "colour"),
    [
        (Standing(link(), HUNDRED), "It will be voided", BY_ITSELF),
        (Standing(link(status="DRAFT"), HUNDRED), "It will be deleted", BY_ITSELF),
        (Standing(link(status="SUBMITTED"), HUNDRED), "It will be deleted", BY_ITSELF),
        (Standing(link(), Decimal(40)), "It cannot be voided: it has payments or credits in Xero", BY_A_PERSON),
        (Standing(link(status="PAID"), Decimal(0)), "It cannot be voided: it has payments or credits in Xero", BY_A_PERSON),
        (
            Standing(link(status="PAID"), Decimal(0), ("PAY-1", "PAY-2")),
            "It will be voided once it is no longer settled by PAY-1, PAY-2",
            AFTERWARDS,
        ),
        (
            Standing(link(), HUNDRED, changed=True),
            "It was changed in Xero: it will be taken back only after somebody has looked at it",
            BY_A_PERSON,
        ),
        (Standing(link(marker={}, adopted=True), HUNDRED), "It will stay in Xero: it was there before this document", BY_A_PERSON),
        (Standing(link("CreditNotes", part="credit"), HUNDRED), "It will be voided", BY_ITSELF),
        (Standing(link("CreditNotes", part="credit"), Decimal(1)), "It cannot be voided: it has payments or credits in Xero", BY_A_PERSON),
        (
            Standing(link("Payments", part="payment")),
            "It will be deleted, unless it is reconciled with the bank statement there",
            BY_ITSELF,
        ),
        (Standing(link("Overpayments", part="payment"), HUNDRED), "It will stay in Xero, which lets no program remove it", BY_A_PERSON),
        (Standing(link("CreditNotes/c/Allocations", "", "allocation")), "It will be taken off again", BY_ITSELF),
        (Standing(link("ManualJournals", "POSTED", "journal")), "It will be voided", BY_ITSELF),
        (Standing(link("BankTransactions", part="fee")), "It will be deleted", BY_ITSELF),
    ],
)
def test_what_is_said_of_a_record(one: Standing, says: str, colour: str) -> None:
    (fate,) = outlook([one], TODAY, None)
    assert (fate.says, fate.colour) == (says, colour)
    assert bool(fate.to_do) == (colour != BY_ITSELF), "whoever has to do something reads what"


def test_what_is_gone_is_not_said_and_what_goes_first_stands_first() -> None:
    gone, invoice, payment = link(status="VOIDED", number=2), link(), link("Payments", part="payment", marker={"Amount": "100.00"})
    assert [each.link for each in outlook([Standing(gone), Standing(invoice, HUNDRED), Standing(payment)], TODAY, None)] == [
        payment,
        invoice,
    ]


@pytest.mark.parametrize(("until", "stays"), [(date(2026, 11, 20), True), (date(2026, 11, 19), False)])
def test_a_locked_period_keeps_it(until: date, stays: bool) -> None:
    (fate,) = outlook([Standing(link(), HUNDRED)], TODAY, until)
    assert (fate.colour == BY_A_PERSON) is stays
    if stays:
        assert fate.says == "It will stay in Xero: the books are locked there until 2026-11-20" and "Credit in Open Period" in fate.to_do
