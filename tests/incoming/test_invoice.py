"""What becomes of invoices and bills that somebody has entered in Xero, decided on values alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from picortex_xero.incoming import document
from picortex_xero.incoming.document import IncomingDocument
from picortex_xero.incoming.invoice import DocumentsHere, decide, made_otherwise
from picortex_xero.incoming.journal import Draft, Waits
from picortex_xero.incoming.way_back import Candidate, WayBack

GST = Candidate("GST - K @ 15")
BACK = WayBack(
    {"200": (Candidate("Sales - K"),), "404": (Candidate("Fees - K"),)},
    {
        ("Sales", "OUTPUT2"): (GST,),
        ("Purchases", "INPUT2"): (GST,),
        ("Sales", "ZERORATED"): (Candidate("GST - K @ 0", template="Zero - K"),),
        ("Purchases", "GSTONIMPORTS"): (Candidate("GST - K (fixed amount)"),),
    },
    {},
    "Main - K",
)
KNOWN = DocumentsHere("Kiwi", "NZD", BACK, "Kea")


def line(net: str, tax: str, code: str = "200", tax_type: str = "OUTPUT2", **more: Any) -> dict[str, Any]:
    return {"Description": "Work", "Quantity": "1", "LineAmount": net, "TaxAmount": tax, "AccountCode": code, "TaxType": tax_type} | more


def entered(*lines: dict[str, Any], kind: str = "ACCREC", total: str = "115.00", **more: Any) -> IncomingDocument:
    credit = kind.endswith("CREDIT")
    found = document.read(
        "CreditNotes" if credit else "Invoices",
        {
            "CreditNoteID" if credit else "InvoiceID": "AAAA",
            "Type": kind,
            "CreditNoteNumber" if credit else "InvoiceNumber": "INV-7",
            "Status": "AUTHORISED",
            "DateString": "2026-11-20T00:00:00",
            "DueDateString": "2026-12-20T00:00:00",
            "LineAmountTypes": "Exclusive",
            "LineItems": list(lines or (line("100.00", "15.00"),)),
            "Contact": {"ContactID": "C1", "Name": "Kea"},
            "CurrencyCode": "NZD",
            "CurrencyRate": "1",
            "Total": total,
        }
        | more,
    )
    assert found
    return found


def voucher(outcome: object) -> dict[str, Any]:
    assert isinstance(outcome, Draft), outcome
    return outcome.voucher


def code(outcome: object) -> str:
    assert isinstance(outcome, Waits), outcome
    return outcome.problem.code


def test_an_invoice_bears_its_lines_tax_and_number() -> None:
    made = voucher(
        decide(
            entered(line("100.00", "15.00", Quantity="4", UnitAmount="25.00", ItemCode="HOURS")), replace(KNOWN, items=frozenset({"HOURS"}))
        )
    )
    assert (made["doctype"], made["customer"], made["posting_date"], made["due_date"], made["is_return"]) == (
        "Sales Invoice",
        "Kea",
        "2026-11-20",
        "2026-12-20",
        0,
    )
    (item,) = made["items"]
    assert (item["item_code"], item["qty"], item["rate"], item["income_account"], item["cost_center"]) == (
        "HOURS",
        4,
        25,
        "Sales - K",
        "Main - K",
    )
    assert [(each["account_head"], each["rate"], each["charge_type"]) for each in made["taxes"]] == [("GST - K", 15, "On Net Total")]
    assert "INV-7" in made["remarks"]


def test_bills_and_credits_go_to_their_side() -> None:
    bill = voucher(decide(entered(line("115.00", "15.00", "404", "INPUT2"), kind="ACCPAY", LineAmountTypes="Inclusive"), KNOWN))
    assert (bill["doctype"], bill["supplier"], bill["bill_no"], bill["items"][0]["expense_account"], bill["items"][0]["rate"]) == (
        "Purchase Invoice",
        "Kea",
        "INV-7",
        "Fees - K",
        100,
    )
    credit = voucher(decide(entered(kind="ACCRECCREDIT"), KNOWN))
    assert (credit["is_return"], credit["items"][0]["qty"], credit["items"][0]["rate"]) == (1, -1, 100)


def test_amounts_that_no_rate_gives_are_one_of_that_amount() -> None:
    (item,) = voucher(decide(entered(line("100.00", "15.00", Quantity="3", UnitAmount="33.3333")), KNOWN))["items"]
    assert (item["qty"], item["rate"]) == (1, 100) and "(3)" in item["description"]


def test_several_taxes_need_a_template_for_the_lines_that_differ() -> None:
    mixed = entered(line("100.00", "15.00"), line("50.00", "0", tax_type="ZERORATED"), total="165.00")
    items = voucher(decide(mixed, KNOWN))["items"]
    assert [each.get("item_tax_template") for each in items] == [None, "Zero - K"]
    free = entered(line("100.00", "15.00"), line("50.00", "0", tax_type="NONE"), total="165.00")
    assert code(decide(free, KNOWN)) == "entry-by-hand"
    told = replace(KNOWN, templates={"Zero - K": {"GST - K": Decimal(0)}})
    assert voucher(decide(free, told))["items"][1]["item_tax_template"] == "Zero - K"
    assert code(decide(entered(line("100.00", "15.00", "404", "GSTONIMPORTS"), kind="ACCPAY"), KNOWN)) == "entry-by-hand"


def test_totals_are_equal_to_the_cent_or_it_waits_with_both() -> None:
    # Xero rounds each line's tax, ERPNext the row's: 3 x 0.0645.
    outcome = decide(entered(*[line("0.43", "0.06")] * 3, total="1.47"), KNOWN)
    assert code(outcome) == "totals-differ-back" and isinstance(outcome, Waits)
    assert "1.47" in str(outcome.problem.message) and "1.48" in str(outcome.problem.message)
    assert made_otherwise(entered(), 115.0) is None and made_otherwise(entered(), None) is None
    assert made_otherwise(entered(kind="ACCRECCREDIT"), -115.0) is None
    assert "114.00" in str(getattr(made_otherwise(entered(), 114.0), "message", ""))


def test_who_it_is_of_and_whether_it_is_here_already() -> None:
    assert code(decide(entered(), replace(KNOWN, party=""))) == "contact-not-matched-back"
    doubted = decide(entered(), replace(KNOWN, alike=("SINV-1",)))
    assert code(doubted) == "perhaps-here-already" and isinstance(doubted, Waits) and doubted.alike == (("Sales Invoice", "SINV-1"),)
    assert code(decide(entered(), replace(KNOWN, twice=("SINV-1",)))) == "perhaps-twice-in-xero"
    assert voucher(decide(entered(), replace(KNOWN, twice=("SINV-1",), certain=True)))
    assert voucher(decide(entered(), replace(KNOWN, alike=("SINV-1",), certain=True)))
    assert code(decide(entered(line("100.00", "15.00", "999")), KNOWN)) == "account-not-mapped-back"
    paid = {"AmountPaid": "5.00", "Payments": [{"PaymentID": "P"}], "UpdatedDateUTC": "/Date(1)/"}
    assert document.kept({"InvoiceID": "AAAA", "Type": "ACCREC"} | paid) == document.kept({"InvoiceID": "AAAA", "Type": "ACCREC"}), (
        "no other record"
    )
