"""Every state of a document on its way to Xero has its words, for the clerk and for the operator, and a link where Xero has a page."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.accounting import causes
from picortex_xero.attention import wording as words
from picortex_xero.engine import protocol as outbox
from picortex_xero.xero.records.registry import KINDS


def step(state: str, role: str = "invoice") -> dict[str, Any]:
    return {"state": state, "role": role}


def because(code: str, state: str = outbox.HELD) -> dict[str, Any]:
    return {**step(state), "reason_code": code}


def test_every_state_has_words_for_both_and_a_gravity() -> None:
    assert set(words.OPERATOR) == set(outbox.STATES) == set(words.GRAVITY) == set(words.EVERYONE) and len(words.GRAVITY) == len(
        outbox.STATES
    )
    for state in outbox.STATES:
        sentence, colour = words.everyone(step(state), cancelled=False)
        assert sentence and colour in ("blue", "orange", "green", "red", "grey")


TOLD, WAITS = "Not in Xero yet: accounts has been told", "Waiting: accounts has to choose how it goes to Xero"


@pytest.mark.parametrize(
    ("found", "cancelled", "standing", "sentence", "colour"),
    [
        (None, False, None, "Not sent to Xero", "grey"),
        (step(outbox.SUPERSEDED), False, None, "Not sent to Xero", "grey"),
        (step(outbox.PENDING), False, None, "On its way to Xero", "blue"),
        (because("waiting-approval", outbox.PENDING), False, None, "Waiting for approval", "orange"),
        (step(outbox.SYNCED), False, "AUTHORISED", "In Xero", "green"),
        (step(outbox.SYNCED), False, "DRAFT", "In Xero as a draft", "green"),
        (step(outbox.SYNCED), False, "SUBMITTED", "In Xero, awaiting approval", "green"),
        (because("draft-lines-differ", outbox.SYNCED), False, "DRAFT", "In Xero: accounts will look at it", "orange"),
        (step(outbox.SYNCED), True, None, "Cancelled in Xero too", "green"),
        (because("account-unmapped"), False, None, WAITS, "orange"),
        (because("locked"), False, None, "Waiting: the period is locked in Xero", "orange"),
        (because("cancel-locked"), True, "AUTHORISED", "Waiting: the period is locked in Xero", "orange"),
        (because("invoice-not-in-xero"), False, None, "Waiting for another document", "orange"),
        (because("journal-opening"), False, None, TOLD, "orange"),
        (because("account-unmapped", outbox.ATTENTION), False, None, TOLD, "red"),
        (because("edited-in-xero", outbox.ATTENTION), False, "AUTHORISED", "In Xero, but not as it is here: accounts has been told", "red"),
        (because("changed-after-submit"), False, "AUTHORISED", "In Xero, but not as it is here: accounts has been told", "orange"),
        (because("gone-from-xero", outbox.ATTENTION), False, None, "No longer in Xero: accounts has been told", "red"),
        (because("cancel-of-paid", outbox.ATTENTION), True, "PAID", "Not cancelled in Xero yet: accounts has been told", "red"),
        (because("zero-total", outbox.SKIPPED), False, None, "Not sent to Xero: there is nothing to account for", "grey"),
        (because("before-go-live", outbox.SKIPPED), False, None, "Not sent to Xero: it is older than the connection", "grey"),
        (because("done-by-hand", outbox.SKIPPED), False, None, "Entered in Xero by hand", "grey"),
        (because("a code of later", outbox.SKIPPED), False, None, "Not sent to Xero", "grey"),
    ],
)
def test_what_everyone_reads(found: dict[str, Any] | None, cancelled: bool, standing: str | None, sentence: str, colour: str) -> None:
    assert words.everyone(found, cancelled, standing) == (sentence, colour)


def test_what_the_xero_roles_read_of_a_state() -> None:
    assert words.operator(because("journal-opening")) == "To do by hand" and words.operator(because("locked")) == "Waiting"
    note, file = step(outbox.SYNCED, "note-payment-1"), step(outbox.SYNCED, "attachment-print")
    assert words.of_extra(note).startswith("Written into") and words.of_extra(file).startswith("Attached"), "not In Xero once more"
    assert words.operator(step(outbox.ATTENTION)) == "To fix" and words.operator(step(outbox.SYNCED)) == "In Xero"


def test_everyone_reads_why_a_document_waits_or_is_not_sent() -> None:
    """Every cause of the app's table but a recipe has its sentence, and none names a code."""
    assert {*causes.EVERY} - {*words.WAITS} == {causes.RECIPE}
    assert {*words.NOT_SENT} <= {*causes.KINDS}
    said = " ".join((*words.WAITS.values(), *words.NOT_SENT.values(), *(sentence for sentence, _ in words.EVERYONE.values()))).casefold()
    assert not [word for word in ("sync", "queue", "outbox", "error", "failed", "step") if word in said]


def test_a_rule_is_named_to_everyone() -> None:
    by_rule = {**step(outbox.SKIPPED), "reason_code": "rule-skipped", "rule": "Retail"}
    assert words.everyone(by_rule, False) == ("Not sent to Xero: rule Retail", "grey")
    assert words.everyone({**by_rule, "reason_code": "kind-off", "rule": ""}, False)[0] == words.NOT_SENT["kind-off"]
    assert words.everyone({**step(outbox.HELD), "reason_code": "rule-approval"}, False) == ("Waiting for approval", "orange")
    assert words.everyone({**step(outbox.PENDING), "reason_code": "waits-for-batch"}, False) == (
        "Goes to Xero with the next batch",
        "orange",
    )


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
