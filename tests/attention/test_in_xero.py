"""What a record is in Xero now, in Xero's own words."""

from __future__ import annotations

import pytest

from picortex_xero.attention.wording import in_xero

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
