"""Which room (folder of `documents/`) answers for a document, also for a deleted one; what a Xero record settles; the two formulas of the
fingerprint by which the app sees that a document was changed after it was sent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import picortex_xero.documents
from picortex_xero.documents import fingerprint_1, fingerprint_2
from picortex_xero.documents.fingerprint import before_renamings
from picortex_xero.documents.registry import ROOMS, SUBMITTED, fingerprint, first_role, room_name, room_of_gone
from picortex_xero.xero.records.registry import object_at


@pytest.mark.parametrize(
    ("doctype", "is_return", "room"),
    [
        ("Customer", None, "party"),
        ("Supplier", None, "party"),
        ("Company", None, "party"),
        ("Xero Deduction Mapping", None, "party"),
        ("Sales Invoice", 0, "invoice"),
        ("Sales Invoice", 1, "credit_note"),
        ("Purchase Invoice", None, "invoice"),
        ("Purchase Invoice", 1, "credit_note"),
        ("Payment Entry", None, "payment_entry"),
        ("Journal Entry", None, "journal_entry"),
        ("Xero Cash Summary", None, "cash_summary"),
    ],
)
def test_a_documents_room(doctype: str, is_return: int | None, room: str) -> None:
    assert room_name({"doctype": doctype, "is_return": is_return}) == room


def test_what_is_sent_of_no_kind_has_no_room() -> None:
    with pytest.raises(LookupError, match="Quotation has no room"):
        first_role({"doctype": "Quotation"})
    assert room_name({"doctype": "Quotation"}) == room_of_gone("Quotation", ["invoice"]) == fingerprint({"doctype": "Quotation"}) == ""
    assert SUBMITTED == ("Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry", "Xero Cash Summary")


def test_rooms_are_folders() -> None:
    folder = Path(picortex_xero.documents.__file__ or "").parent
    assert [room.name for room in ROOMS if not (folder / room.name / "__init__.py").exists()] == []


@pytest.mark.parametrize(
    ("doctype", "roles", "room"),
    [
        ("Sales Invoice", ["void"], "invoice"),
        ("Sales Invoice", ["invoice", "payment-1", "writeoff-1", "note-invoice-1", "release-1", "recheck-1"], "invoice"),
        ("Sales Invoice", ["credit", "void-credit-1"], "credit_note"),
        ("Purchase Invoice", ["note-cancel-credit-1"], "credit_note"),
        ("Sales Invoice", ["void", "allocation-1"], "credit_note"),
        ("Sales Invoice", ["attachment-print"], "invoice"),
        ("Sales Invoice", [], "invoice"),
        ("Payment Entry", ["credit-1", "allocation-2"], "payment_entry"),
        ("Customer", ["contact"], "party"),
    ],
)
def test_the_room_of_a_document_that_is_gone(doctype: str, roles: list[str], room: str) -> None:
    assert room_of_gone(doctype, roles) == room


@pytest.mark.parametrize(
    ("endpoint", "marker", "ids"),
    [
        ("Payments", {"Reference": "PE-1", "InvoiceID": "i", "Amount": "5.00"}, ["i"]),
        ("Payments", {"Reference": "PE-1", "CreditID": "c", "Amount": "5.00"}, ["c"]),
        ("BatchPayments", {"Reference": "PE-1", "Members": [["i", "5.00"], ["j", "6.00"], ["i", "7.00"]]}, ["i", "j"]),
        ("Overpayments/o/Allocations", {"InvoiceID": "i", "Amount": "5.00"}, ["i"]),
        ("Invoices", {"InvoiceID": "itself"}, []),
        ("CreditNotes", {"CreditNoteNumber": "CN-1", "ContactID": "k"}, []),
        ("Overpayments", {"BankTransactionID": "b"}, []),
        ("Payments", {}, []),
    ],
)
def test_what_a_record_settles(endpoint: str, marker: dict[str, Any], ids: list[str]) -> None:
    assert object_at(endpoint).settled(marker) == ids


SALE: dict[str, Any] = {
    "doctype": "Sales Invoice",
    "currency": "NZD",
    "grand_total": 115.0,
    "is_opening": "No",
    "write_off_amount": 0.0,
    "write_off_account": "Write Off - K",
    "cash_bank_account": "Till - K",
    "account_for_change_amount": "Till - K",
    "items": [{"item_code": "A", "qty": 1.0, "income_account": "Sales - K"}],
    "taxes": [],
}
BILL = {**SALE, "doctype": "Purchase Invoice"}
# (document, what ERPNext lets people change of it after the submit): facts that only the second formula knows.
SECOND = [
    (SALE, {"is_opening": "Yes"}),
    ({**SALE, "write_off_amount": 2.5}, {"write_off_account": "Small Differences - K"}),
    ({**SALE, "is_pos": 1, "change_amount": 5.0}, {"account_for_change_amount": "Safe - K"}),
    ({**BILL, "is_paid": 1}, {"cash_bank_account": "Bank - K"}),
]
# Filled in by ERPNext whether or not they are used, or nothing that goes to Xero.
NEITHER = [
    (SALE, {"write_off_account": "Small Differences - K"}),
    (SALE, {"account_for_change_amount": "Safe - K"}),
    (BILL, {"cash_bank_account": "Bank - K"}),
    (SALE, {"letter_head": "New", "title": "Other", "customer_name": "Renamed"}),
]


@pytest.mark.parametrize(("doc", "change"), SECOND, ids=lambda each: next(iter(each)) if len(each) == 1 else "")
def test_what_only_the_second_formula_sees(doc: dict[str, Any], change: dict[str, Any]) -> None:
    assert fingerprint_1.content(doc) == fingerprint_1.content({**doc, **change})
    assert fingerprint(doc) != fingerprint({**doc, **change})


@pytest.mark.parametrize(("doc", "change"), NEITHER)
def test_what_neither_formula_sees(doc: dict[str, Any], change: dict[str, Any]) -> None:
    for formula in (fingerprint_1.content, fingerprint):
        assert formula(doc) == formula({**doc, **change})


@pytest.mark.parametrize("formula", [fingerprint_1.content, fingerprint])
def test_what_both_formulas_see(formula: Any) -> None:
    other = {**SALE, "items": [{**SALE["items"][0], "income_account": "Services - K"}]}
    assert formula(SALE) != formula(other)
    assert list(map(formula, before_renamings(other, [("Account", "Sales - K", "Services - K")], fingerprint.names))) == [formula(SALE)]


@pytest.mark.parametrize(("doc", "change"), [each for each in SECOND if "is_opening" not in each[1]])
def test_a_renamed_account_is_no_change(doc: dict[str, Any], change: dict[str, Any]) -> None:
    ((field, new),) = change.items()
    assert fingerprint(doc) in map(fingerprint, before_renamings({**doc, **change}, [("Account", doc[field], new)], fingerprint.names))


def test_the_first_formula_stays_what_it_was() -> None:
    """Links of before hold these very values."""
    assert fingerprint_1.content(SALE) == "e3b3ebaeac22445ac0ea4e620446169b35bc4be2"


def test_the_second_formula_stays_what_it_was() -> None:
    """Links of before hold these very values."""
    assert fingerprint_2.of_invoice(SALE) == "afb0dc46af5b7c9ff63e8317e11c292331f3f5d7"
