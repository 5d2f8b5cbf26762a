"""What becomes of credits that people take off invoices in Xero, and of money that they receive or pay in advance there, decided on values alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.incoming import advance, allocation, decide_advance, decide_allocation
from picortex_xero.incoming.decide import Enter, Hold, Later, Match, Nothing, decide
from picortex_xero.incoming.decide_advance import KnownParty
from picortex_xero.incoming.decide_allocation import Allocate, Credit, KnownCredit
from picortex_xero.incoming.known import Bank, Known, Moved, OwnPayment, Target
from picortex_xero.incoming.payment import read, with_all_of

CREDIT, INVOICE, TAKEN = (f"1111111{number}-aaaa-bbbb-cccc-000000000001" for number in (1, 2, 3))
SALE = Target("Sales Invoice", "SINV-1", "Customer", "Kea", "Debtors - K", "NZD", "NZD", Decimal(115), True)
RETURN = Credit("Sales Invoice", "RET-1", "Customer", "Kea", "Debtors - K", "NZD", "NZD", Decimal(46), True)
ADVANCE = replace(RETURN, doctype="Payment Entry", name="PAY-1", account="Advances - K")
BANK = Bank("Bank - K", "NZD")
OWN = OwnPayment("PAY-2", False, frozenset(), Decimal(100), "2026-11-23", "Bank - K")


def credit(**changes: Any) -> dict[str, Any]:
    taken = {"AllocationID": TAKEN.upper(), "Amount": Decimal(30), "Date": "/Date(1795564800000+0000)/", "Invoice": {"InvoiceID": INVOICE}}
    return {"CreditNoteID": CREDIT, "CurrencyCode": "NZD", "Status": "AUTHORISED", "Date": "/Date(1795564800000+0000)/",
            "Allocations": [taken | changes]}  # fmt: skip


def taken(**changes: Any) -> allocation.IncomingAllocation:
    (found,) = allocation.read("CreditNotes", [credit(**changes)])
    return found


def test_an_allocation_is_read_from_its_credit() -> None:
    found = taken()
    assert (found.credit, found.target, found.xero_id, found.amount, found.date) == (
        ("CreditNotes", CREDIT),
        ("Invoices", INVOICE),
        TAKEN,
        30,
        "2026-11-25",
    )
    assert found.stands and not taken(IsDeleted=True).stands
    for odd in ({"AllocationID": ""}, {"Amount": None}, {"Amount": Decimal(-1)}, {"Invoice": None}):
        assert allocation.read("CreditNotes", [credit(**odd)]) == []
    assert allocation.read("Invoices", [credit()]) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Allocate),
        ({"credit": ADVANCE}, Allocate),
        ({"invoice": None}, Nothing),
        ({"on_its_way": True}, Later),
        ({"credit": None}, "credit-not-here"),
        ({"credit": replace(RETURN, there=False)}, "credit-not-submitted"),
        ({"invoice": replace(SALE, there=False)}, "credit-not-submitted"),
        ({"same": ("Journal Entry", "JE-1")}, Match),
        ({"credit": replace(RETURN, party="Moa")}, "credit-by-hand"),
        ({"credit": replace(RETURN, account="Other - K")}, "credit-by-hand"),
        ({"credit": replace(RETURN, currency="USD")}, "credit-by-hand"),
        ({"invoice": replace(SALE, account_currency="USD")}, "credit-by-hand"),
        ({"credit": replace(RETURN, open=Decimal("29.99"))}, "credit-less-open"),
        ({"invoice": replace(SALE, outstanding=Decimal("29.99"))}, "credit-less-open"),
    ],
)
def test_what_becomes_of_an_allocation(changes: dict[str, Any], expected: Any) -> None:
    found = decide_allocation.decide(taken(), replace(KnownCredit(RETURN, SALE), **changes))
    assert found.problem.code == expected if isinstance(found, Hold) else isinstance(found, expected)


def money(**changes: Any) -> dict[str, Any]:
    return {
        "Type": "RECEIVE-OVERPAYMENT",
        "BankTransactionID": "b",
        "OverpaymentID": CREDIT,
        "Contact": {"ContactID": INVOICE},
        "BankAccount": {"AccountID": TAKEN},
        "Date": "/Date(1795564800000+0000)/",
        "Total": Decimal(100),
        "TotalTax": Decimal(0),
        "CurrencyCode": "NZD",
        "CurrencyRate": Decimal(1),
        "Status": "AUTHORISED",
        "LineItems": [{"Description": "On  account"}],
    } | changes


def received(**changes: Any) -> advance.IncomingAdvance:
    (found,) = advance.read([money(**changes)])
    return found


def party(**changes: Any) -> KnownParty:
    return replace(KnownParty("Kiwi", "NZD", (("Customer", "Kea"),), "Debtors - K", "NZD", BANK), **changes)


def test_an_advance_is_read_from_its_bank_transaction() -> None:
    found = received()
    assert (found.endpoint, found.xero_id, found.comes_in, found.said, found.type) == (
        "Overpayments",
        CREDIT,
        True,
        "On account",
        "RECEIVE-OVERPAYMENT",
    )
    spent = received(Type="SPEND-PREPAYMENT", PrepaymentID=CREDIT)
    assert (spent.endpoint, spent.comes_in, spent.type) == ("Prepayments", False, "SPEND-PREPAYMENT")
    for odd in (
        {"Type": "RECEIVE"},
        {"Type": "RECEIVE-TRANSFER"},
        {"OverpaymentID": ""},
        {"Contact": {}},
        {"BankAccount": {}},
        {"Total": 0},
    ):
        assert advance.read([money(**odd)]) == []


@pytest.mark.parametrize(
    ("shown", "changes", "expected"),
    [
        ({}, {}, Enter),
        ({}, {"parties": ()}, Nothing),
        ({}, {"on_its_way": True}, Later),
        ({}, {"parties": (("Customer", "Kea"), ("Customer", "Moa"))}, "advance-of-several"),
        ({}, {"own": (OWN,)}, Match),
        ({}, {"own": (replace(OWN, draft=True),)}, "advance-perhaps-here"),
        ({}, {"own": (OWN, replace(OWN, name="PAY-3"))}, "advance-perhaps-here"),
        ({}, {"own": (replace(OWN, amount=Decimal(99)),)}, Enter),
        ({}, {"own": (replace(OWN, date="2026-11-01"),)}, Enter),
        ({}, {"bank": replace(BANK, entered_here=True)}, "to-be-entered-here"),
        ({}, {"bank": replace(BANK, entered_here=True), "own": (OWN,)}, Match),
        ({"TotalTax": Decimal(13)}, {}, "advance-by-hand"),
        ({"CurrencyCode": "USD"}, {}, "advance-by-hand"),
        ({"CurrencyCode": "USD"}, {"account_currency": "USD"}, "advance-by-hand"),
    ],
)
def test_what_becomes_of_an_advance(shown: dict[str, Any], changes: dict[str, Any], expected: Any) -> None:
    found = decide_advance.decide(received(**shown), party(**changes))
    assert found.problem.code == expected if isinstance(found, Hold) else isinstance(found, expected)


def test_an_advance_is_a_payment_on_account() -> None:
    found = decide_advance.decide(received(), party())
    assert isinstance(found, Enter)
    made = found.voucher
    assert (made["payment_type"], made["paid_from"], made["paid_to"], made["paid_amount"], made["references"]) == (
        "Receive",
        "Debtors - K",
        "Bank - K",
        100,
        [],
    )
    dollars = {"account_currency": "USD", "bank": Bank("USD - K", "USD")}
    spent = received(Type="SPEND-OVERPAYMENT", CurrencyCode="USD", CurrencyRate=Decimal("0.6"))
    found = decide_advance.decide(spent, party(parties=(("Supplier", "Tui"),), **dollars))
    assert isinstance(found, Enter)
    assert (found.voucher["paid_from"], found.voucher["source_exchange_rate"]) == ("USD - K", Decimal("1.666666667"))


def paid(**changes: Any) -> Any:
    element = {
        "PaymentID": TAKEN,
        "PaymentType": "ACCRECPAYMENT",
        "Date": "/Date(1795564800000+0000)/",
        "Amount": Decimal(100),
        "BankAmount": Decimal(150),
        "CurrencyRate": Decimal("0.625"),
        "Status": "AUTHORISED",
        "Account": {"AccountID": TAKEN},
        "Invoice": {"InvoiceID": INVOICE},
    }
    (found,) = read([element | changes])
    return found


def known(sale: Target, **changes: Any) -> Known:
    return replace(
        Known("Kiwi", "NZD", {("Invoices", INVOICE): sale}, BANK, exchange_account="Exchange - K", cost_center="Main - K"), **changes
    )


DOLLARS = replace(SALE, currency="USD", rate=Decimal("1.6"), outstanding=Decimal("160.01"))


@pytest.mark.parametrize(("at_bank", "lost"), [("150", "10.01"), ("170", "-9.99"), ("160.01", "0")])
def test_a_receivable_in_company_currency_has_a_row_for_what_the_exchange_cost(at_bank: str, lost: str) -> None:
    found = decide(paid(BankAmount=Decimal(at_bank)), known(DOLLARS))
    assert isinstance(found, Enter)
    made = found.voucher
    assert (made["paid_amount"], made["received_amount"], made["references"][0]["allocated_amount"]) == (
        Decimal(at_bank),
        Decimal(at_bank),
        Decimal("160.01"),
    )
    rows = made.get("deductions", [])
    assert [row["amount"] for row in rows] == ([] if lost == "0" else [Decimal(lost)])
    # The bill of a supplier: what is paid more than it was booked at is the cost.
    bill = replace(DOLLARS, doctype="Purchase Invoice", party_type="Supplier")
    found = decide(paid(PaymentType="ACCPAYPAYMENT", BankAmount=Decimal(at_bank)), known(bill))
    assert isinstance(found, Enter) and [row["amount"] for row in found.voucher.get("deductions", [])] == [-row["amount"] for row in rows]


def test_a_receivable_in_company_currency_in_part_and_what_cannot_be() -> None:
    found = decide(paid(Amount=Decimal(50), BankAmount=Decimal(80)), known(DOLLARS))
    assert isinstance(found, Enter)
    assert (found.voucher["references"][0]["allocated_amount"], "deductions" in found.voucher) == (80, False)
    found = decide(paid(), known(DOLLARS, bank=Bank("USD - K", "USD")))
    assert isinstance(found, Enter)
    assert (found.voucher["received_amount"], found.voucher["target_exchange_rate"]) == (100, Decimal("1.6"))
    for wrong in (known(DOLLARS, exchange_account=""), known(replace(DOLLARS, account_currency="AUD"))):
        found = decide(paid(), wrong)
        assert isinstance(found, Hold) and found.problem.code == "payment-by-hand"
    found = decide(paid(Amount=Decimal(101)), known(DOLLARS))
    assert isinstance(found, Hold) and found.problem.code == "more-than-open"


def test_what_was_moved_or_belongs_here_waits_until_a_person_says_so() -> None:
    moved = known(SALE, moved=(Moved("PAY-1", ("SINV-9",)),))
    found = decide(paid(), moved)
    assert isinstance(found, Hold) and found.problem.code == "moved-in-xero"
    assert all(name in found.problem.message for name in ("PAY-1", "SINV-9", "SINV-1"))
    assert isinstance(decide(paid(), moved.as_entered()), Enter)
    here = known(SALE, bank=replace(BANK, entered_here=True))
    found = decide(paid(), here)
    assert isinstance(found, Hold) and found.problem.code == "to-be-entered-here"
    assert isinstance(decide(paid(), here.as_entered()), Enter)


def test_a_refund_of_an_advance_names_nothing_itself() -> None:
    advance_here = Target("Payment Entry", "PAY-1", "Customer", "Kea", "Debtors - K", "NZD", "NZD", Decimal(-100), True)
    refund = paid(PaymentType="AROVERPAYMENTPAYMENT", Invoice={"InvoiceID": CREDIT}, BankAmount=Decimal(100))
    books = Known("Kiwi", "NZD", {("Overpayments", CREDIT): advance_here}, BANK)
    found = decide(refund, books)
    assert isinstance(found, Enter)
    assert (found.voucher["payment_type"], found.voucher["paid_to"], found.voucher["references"]) == ("Pay", "Debtors - K", [])
    assert isinstance(decide(refund, replace(books, own=(OWN,))), Match)
    found = decide(refund, replace(books, targets={("Overpayments", CREDIT): replace(advance_here, outstanding=Decimal(-99))}))
    assert isinstance(found, Hold) and found.problem.code == "more-than-open"


def test_a_batch_in_part_is_completed_from_the_batch_itself() -> None:
    half = paid(BatchPayment={"BatchPaymentID": CREDIT, "TotalAmount": Decimal(120)})
    assert not half.whole
    members = [{"PaymentID": TAKEN, "Amount": Decimal(100), "Invoice": {"InvoiceID": INVOICE}},
               {"PaymentID": CREDIT, "Amount": Decimal(20), "BankAmount": Decimal(20), "Invoice": {"InvoiceID": TAKEN}}]  # fmt: skip
    batch = {"TotalAmount": Decimal(120), "Status": "AUTHORISED", "Payments": members}
    whole = with_all_of(half, batch)
    assert (whole.whole, whole.amount, whole.bank_amount, [part.target[1] for part in whole.parts]) == (True, 120, 120, [INVOICE, TAKEN])
    assert with_all_of(half, {**batch, "TotalAmount": Decimal(121)}) == half == with_all_of(half, {**batch, "Payments": []})
