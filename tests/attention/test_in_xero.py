"""What a record is in Xero now, in Xero's own words."""

from __future__ import annotations

import pytest

from picortex_xero.accounting.texts import plain
from picortex_xero.attention.wording import in_xero, partly

pytestmark = pytest.mark.case("B8")


@pytest.mark.parametrize(
    ("endpoint", "status", "left", "shown"),
    [
        ("Invoices", "DRAFT", 115, "Draft"),
        ("Invoices", "SUBMITTED", 115, "Awaiting approval"),
        ("Invoices", "AUTHORISED", 115, "Awaiting payment"),
        ("Invoices", "AUTHORISED", "0.00", "Paid"),
        ("Invoices", "AUTHORISED", None, "Awaiting payment"),
        ("CreditNotes", "PAID", 0, "Paid"),
        ("Invoices", "VOIDED", 0, "Voided"),
        ("Payments", "AUTHORISED", 0, "Entered"),
        ("Payments", "DELETED", 0, "Deleted"),
        ("ManualJournals", "POSTED", 0, "Posted"),
        ("CreditNotes/c1/Allocations", "", 0, "Entered"),
        ("Invoices", "SOMETHING NEW", 1, "SOMETHING NEW"),
    ],
)
def test_each_state_has_xeros_word(endpoint: str, status: str, left: object, shown: str) -> None:
    assert str(in_xero(endpoint, status, left)) == shown


def test_what_is_paid_in_part_says_what_is_left() -> None:
    waits = plain("Awaiting payment")
    assert str(partly(waits, "55.00", "115.00", "NZD")) == "Awaiting payment, 55.00 NZD left"
    assert [str(partly(waits, left, "115.00", "NZD")) for left in ("115.00", "0", None)] == ["Awaiting payment"] * 3
    assert str(in_xero("Invoices", "AUTHORISED", 115, "2026-11-28 10:00:00")).startswith("Just settled: it is being read again")
