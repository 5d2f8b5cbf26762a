"""A record of a request is read as Xero's screen shows it: its words, with dates and figures left to the reader's formats."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.attention import as_in_xero
from picortex_xero.attention.as_in_xero import Names
from picortex_xero.documents.role import OTHERS
from picortex_xero.xero.records.registry import (
    ALLOCATION,
    BANK_TRANSACTION,
    BATCH_PAYMENT,
    CONTACT,
    CREDIT_NOTE,
    INVOICE,
    MANUAL_JOURNAL,
    OVERPAYMENT,
    PAYMENT,
    PREPAYMENT,
)

NAMES = Names(
    {"200": "200 Sales", "bank": "090 Cheque Account"}.__getitem__,
    {"OUTPUT2": "GST on Income (15%)", "NONE": "No GST (0%)"}.__getitem__,
    {"c1": "Kowhai Farm", "i1": "SINV-1"}.__getitem__,
    "NZD",
)
BILL: dict[str, Any] = {
    "Type": "ACCPAY", "InvoiceNumber": "A-77", "Contact": {"ContactID": "c1"}, "Date": "2026-11-28", "DueDate": "2026-12-20", "CurrencyCode": "NZD",
    "Status": "SUBMITTED", "LineAmountTypes": "Exclusive", "Url": "https://erp.example",
    "LineItems": [{"Description": "Posts", "Quantity": D("3"), "UnitAmount": D("1000.0"), "DiscountRate": D(10), "AccountCode": "200", "TaxType": "OUTPUT2",
                   "Tracking": [{"Name": "Branch", "Option": "North"}]}],
}  # fmt: skip


def test_a_bill_is_read_as_a_bill() -> None:
    assert as_in_xero.called(INVOICE, "ACCPAY", "Purchase Invoice") == "Bill" and as_in_xero.status(INVOICE, BILL) == "Awaiting approval"
    told = {each["label"]: (each["value"], each["as"]) for each in as_in_xero.fields(INVOICE, BILL, NAMES)}
    assert told["Contact"] == ("Kowhai Farm", "text") and told["Amounts are"] == ("Tax exclusive", "text")
    # Xero shows a bill's number as its reference.
    assert told["Reference"] == ("A-77", "text") and told["Due date"] == ("2026-12-20", "date")
    table = as_in_xero.lines(INVOICE, BILL, NAMES)
    row = {column["label"]: (value, column["as"]) for column, value in zip(table["columns"], table["rows"][0])}
    assert row["Price"] == ("1000.0", "price") and row["Amount"] == ("2700.00", "money") and row["Disc."] == ("10", "percent")
    assert row["Account"][0] == "200 Sales" and row["Tax rate"][0] == "GST on Income (15%)" and row["Tracking"][0] == "Branch: North"
    below = as_in_xero.totals(INVOICE, BILL, D("3105.00"), D("405.00"), NAMES)
    assert [(each["label"], each["value"]) for each in below] == [("Subtotal", "2700.00"), ("Total tax", "405.00"), ("Total", "3105.00")]
    inside = as_in_xero.totals(INVOICE, {**BILL, "LineAmountTypes": "Inclusive"}, D("115"), D("15"), NAMES)
    assert [each["label"] for each in inside] == ["Total", "Includes tax"]


def test_a_journal_has_debits_and_credits() -> None:
    body = {
        "Narration": "Accrual",
        "LineAmountTypes": "NoTax",
        "Status": "POSTED",
        "JournalLines": [{"LineAmount": D("5"), "AccountCode": "200"}, {"LineAmount": D("-5"), "AccountCode": "200"}],
    }
    table = as_in_xero.lines(MANUAL_JOURNAL, body, NAMES)
    assert [each["label"] for each in table["columns"]] == ["Account", "Debit", "Credit"]
    assert table["rows"] == [["200 Sales", "5", ""], ["200 Sales", "", "5"]]
    assert [each["value"] for each in as_in_xero.totals(MANUAL_JOURNAL, body, None, None, NAMES)] == ["5"]


def test_a_journal_with_tax_has_it_beside_its_lines_and_in_its_total() -> None:
    """Debits of 100.00 and their tax against credits of 115.00: Xero's screen says 115.00 on both sides."""
    rows = [
        {"LineAmount": D("100"), "AccountCode": "200", "TaxType": "OUTPUT2"},
        {"LineAmount": D("-115"), "AccountCode": "200", "TaxType": "NONE"},
    ]
    body = {"Narration": "Rent", "LineAmountTypes": "Exclusive", "Status": "POSTED", "JournalLines": rows}
    names = replace(NAMES, rate={"OUTPUT2": D("15"), "NONE": D(0)}.__getitem__)
    table = as_in_xero.lines(MANUAL_JOURNAL, body, names)
    assert [each["label"] for each in table["columns"]] == ["Account", "Tax rate", "Tax amount", "Debit", "Credit"]
    assert [row[2:] for row in table["rows"]] == [["15.00", "100", ""], ["", "", "115"]]
    assert [each["value"] for each in as_in_xero.totals(MANUAL_JOURNAL, body, None, None, names)] == ["115.00"]
    rows[0]["TaxAmount"] = D("14.99")
    assert [each["value"] for each in as_in_xero.totals(MANUAL_JOURNAL, body, None, None, names)] == ["114.99"], (
        "the tax that is sent goes before"
    )


def test_money_names_its_bank_and_what_it_pays() -> None:
    body = {"Account": {"AccountID": "bank"}, "Invoice": {"InvoiceID": "i1"}, "Date": "2026-11-28", "Amount": D("12.5")}
    told = {each["label"]: each["value"] for each in as_in_xero.fields(PAYMENT, body, NAMES)}
    assert told == {"Date": "2026-11-28", "Account": "090 Cheque Account", "Pays": "SINV-1", "Amount": "12.5"}
    batch = {"Account": {"AccountID": "bank"}, "Payments": [{"Invoice": {"InvoiceID": "i1"}, "Amount": D("7")}]}
    assert as_in_xero.lines(BATCH_PAYMENT, batch, NAMES)["rows"] == [["SINV-1", "7"]]
    used = as_in_xero.fields(ALLOCATION, {"Invoice": {"InvoiceID": "i1"}, "Amount": D("3")}, NAMES)
    assert [each["label"] for each in used] == ["Applied to", "Amount"]


@pytest.mark.parametrize(
    ("its", "type_", "doctype", "said"),
    [
        (INVOICE, "ACCREC", "Sales Invoice", "Invoice"),
        (INVOICE, "", "Purchase Invoice", "Bill"),
        (CREDIT_NOTE, "ACCPAYCREDIT", "Payment Entry", "Supplier credit note"),
        (CREDIT_NOTE, "", "Journal Entry", "Credit note"),
        (BANK_TRANSACTION, "SPEND", "Payment Entry", "Spend money"),
        (BANK_TRANSACTION, "", "Payment Entry", "Money spent or received"),
        (OVERPAYMENT, "RECEIVE-OVERPAYMENT", "Payment Entry", "Overpayment of a customer"),
        (PREPAYMENT, "", "Payment Entry", "Prepayment"),
        (CONTACT, "", "Customer", "Contact"),
    ],
)
def test_each_record_is_called_as_on_xeros_screens(its: Any, type_: str, doctype: str, said: str) -> None:
    assert as_in_xero.called(its, type_, doctype) == said


def test_a_step_of_which_nothing_was_made_has_words_too() -> None:
    from picortex_xero.attention.wording import of_role

    for text in ("invoice", "credit", "journal", "payment-2", "allocation-1", "fee-1", "clearing-1", "writeoff-1", "release-1", "contact"):
        assert of_role(text, "Purchase Invoice") != "Record"
    for text in (*(f"{head}-1" for head in OTHERS), "void", "undo-payment-2"):
        assert of_role(text, "Sales Invoice") != "Record"
    assert of_role("invoice", "Purchase Invoice") == "Bill"
