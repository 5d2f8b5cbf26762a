"""Every state of a document on its way to Xero has its words, for the clerk and for the operator, and a link where Xero has a page."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.attention import wording as words
from picortex_xero.engine import protocol as outbox
from picortex_xero.xero.records.registry import KINDS


def step(state: str, role: str = "invoice") -> dict[str, Any]:
    return {"state": state, "role": role}


def test_every_state_has_words_for_both_and_a_gravity() -> None:
    assert set(words.OPERATOR) == set(outbox.STATES) == set(words.GRAVITY) and len(words.GRAVITY) == len(outbox.STATES)
    for state in outbox.STATES:
        sentence, colour = words.clerk(step(state), cancelled=False)
        assert sentence and colour in ("blue", "orange", "green", "red", "grey")


@pytest.mark.parametrize(
    ("found", "cancelled", "sentence"),
    [
        (None, False, "Not sent to accounts"),
        (step(outbox.SUPERSEDED), False, "Not sent to accounts"),
        (step(outbox.SYNCED), False, "Accounts has this"),
        (step(outbox.SYNCED), True, "Accounts knows it is cancelled"),
        (step(outbox.HELD), True, "Waiting for accounts"),
        ({**step(outbox.PENDING, "payment"), "reason_code": "waiting-approval"}, False, "Waiting for approval"),
        (step(outbox.ATTENTION), False, "Accounts will sort this out"),
    ],
)
def test_what_a_clerk_reads(found: dict[str, Any] | None, cancelled: bool, sentence: str) -> None:
    assert words.clerk(found, cancelled)[0] == sentence


def test_no_clerk_reads_account_jargon() -> None:
    told = " ".join(sentence for sentence, _ in words.CLERK.values()).casefold()
    assert not [word for word in ("xero", "sync", "queue", "outbox", "error", "failed") if word in told]


def test_the_gravest_step_speaks_and_a_cancel_speaks_for_itself() -> None:
    assert words.speaker([]) is None
    assert words.speaker([step(outbox.SYNCED, "payment"), step(outbox.ATTENTION, "payment-2")]) == step(outbox.ATTENTION, "payment-2")
    assert words.speaker([step(outbox.ATTENTION), step(outbox.PENDING, "void")]) == step(outbox.PENDING, "void")
    assert words.speaker([step(outbox.SYNCED), step(outbox.SUPERSEDED, "void")]) == step(outbox.SYNCED)


def test_deep_links_only_where_xero_has_a_page() -> None:
    link = words.deep_link("!AB12", "Invoices", "Sales Invoice", "x1")
    assert (
        link == "https://go.xero.com/organisationlogin/default.aspx?shortcode=!AB12&redirecturl=/AccountsReceivable/View.aspx?InvoiceID=x1"
    )
    assert "AccountsPayable/Edit.aspx?InvoiceID=x1" in words.deep_link("!AB12", "Invoices", "Purchase Invoice", "x1")
    assert "ViewCreditNote.aspx?creditNoteID=x1" in words.deep_link("!AB12", "CreditNotes", "Sales Invoice", "x1")
    for endpoint in ("Payments", "Overpayments"):
        assert "Bank/ViewTransaction.aspx?bankTransactionID=x1" in words.deep_link("!AB12", endpoint, "Payment Entry", "x1")
    assert "Journal/View.aspx?invoiceID=x1" in words.deep_link("!AB12", "ManualJournals", "Journal Entry", "x1")
    for endpoint in ("BatchPayments", "BankTransfers", "CreditNotes/c1/Allocations"):
        assert words.deep_link("!AB12", endpoint, "Payment Entry", "x1") == "", "Xero documents no page for it"
    assert words.deep_link("", "Invoices", "Sales Invoice", "x1") == words.deep_link("!AB12", "Invoices", "Sales Invoice", "") == ""


def test_every_endpoint_that_is_linked_has_a_name() -> None:
    made = {kind.home for kind in KINDS.values() if not kind.undo and not kind.extra} - {"Contacts"}
    assert {words.record(endpoint, "Sales Invoice") for endpoint in made} >= {"Invoice", "Credit note", "Payment", "Bank transfer"}
    assert "Record" not in {words.record(f"Anything/x/{endpoint}", "Purchase Invoice") for endpoint in made}


def test_a_note_or_file_never_speaks_for_its_document() -> None:
    skipped, sending = step(outbox.SKIPPED, "note-payment-1"), step(outbox.UNKNOWN, "attachment-print")
    assert words.speaker([skipped, sending, step(outbox.SYNCED, "payment")]) == step(outbox.SYNCED, "payment")
    assert words.speaker([skipped]) is None
    assert {words.extra(each["role"]) for each in (skipped, sending)} == {"Note", "PDF"}
