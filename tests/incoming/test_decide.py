"""What becomes of a payment that somebody has entered in Xero, decided on values alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.problems import Problem
from picortex_xero.accounting.texts import NONE, _
from picortex_xero.incoming.decide import ANOTHER, Enter, Hold, Later, Match, Nothing, TakeApart, alike, decide, is_same
from picortex_xero.incoming.known import Bank, Target
from picortex_xero.incoming.payment import alone, read
from tests.incoming.payments import BATCH, INVOICE, OTHER, SALE, element, known, own, payment


def entered(outcome: object) -> dict[str, Any]:
    assert isinstance(outcome, Enter), outcome
    return outcome.voucher


def code(outcome: object) -> str:
    assert isinstance(outcome, Hold), outcome
    return outcome.problem.code


def test_a_receipt_in_full() -> None:
    made = entered(decide(payment(), known()))
    assert (made["payment_type"], made["party_type"], made["party"], made["company"], made["cost_center"]) == (
        "Receive",
        "Customer",
        "Kea",
        "Kiwi",
        "Main - K",
    )
    assert (made["paid_from"], made["paid_to"], made["paid_amount"], made["received_amount"]) == (
        "Debtors - K",
        "Bank - K",
        Decimal(115),
        Decimal(115),
    )
    assert (made["posting_date"], made["reference_date"], made["reference_no"]) == ("2026-11-25", "2026-11-25", "EFT 77")
    assert made["references"] == [{"reference_doctype": "Sales Invoice", "reference_name": "SINV-1", "allocated_amount": Decimal("115.00")}]
    assert (made["source_exchange_rate"], made["target_exchange_rate"]) == (1, 1)


def test_a_payment_of_a_bill_goes_out_and_a_refund_pays_a_return() -> None:
    bill = Target("Purchase Invoice", "PINV-1", "Supplier", "Tui", "Creditors - K", "NZD", "NZD", Decimal(115), True)
    made = entered(decide(payment(element(PaymentType="ACCPAYPAYMENT")), known(targets={("Invoices", INVOICE): bill})))
    assert (made["payment_type"], made["paid_from"], made["paid_to"]) == ("Pay", "Bank - K", "Creditors - K")
    refund = element(PaymentType="ARCREDITPAYMENT", CreditNote={"CreditNoteID": INVOICE}, Invoice=None)
    returned = replace(SALE, name="SINV-RET-1", outstanding=Decimal(-115))
    made = entered(decide(payment(refund), known(targets={("CreditNotes", INVOICE): returned})))
    assert (made["payment_type"], made["paid_from"], made["paid_to"]) == ("Pay", "Bank - K", "Debtors - K")
    assert made["references"][0]["allocated_amount"] == Decimal("-115.00")


@pytest.mark.parametrize("bank", ["NZD", "USD"])
def test_a_foreign_invoice_takes_the_amounts_of_both_sides(bank: str) -> None:
    sale = replace(SALE, account="Debtors USD - K", account_currency="USD", currency="USD")
    paid = element(BankAmount=Decimal("191.67") if bank == "NZD" else Decimal("115.00"), CurrencyRate=Decimal("0.6"))
    made = entered(decide(payment(paid), known(targets={("Invoices", INVOICE): sale}, bank=Bank("Bank - K", bank))))
    assert made["paid_amount"] == Decimal("115.00")
    assert made["received_amount"] == (Decimal("191.67") if bank == "NZD" else Decimal("115.00"))
    assert made["source_exchange_rate"] == (Decimal("1.666695652") if bank == "NZD" else Decimal("1.666666667"))
    assert made["target_exchange_rate"] == (1 if bank == "NZD" else made["source_exchange_rate"])


def test_a_batch_is_one_payment_entry() -> None:
    batch = [element(1, BatchPayment={"BatchPaymentID": BATCH}, Amount=Decimal(100), BankAmount=Decimal(100)),
             element(2, BatchPayment={"BatchPaymentID": BATCH}, Amount=Decimal(20), BankAmount=Decimal(20), Invoice={"InvoiceID": OTHER})]  # fmt: skip
    found = payment(*batch)
    assert (found.endpoint, found.xero_id, found.amount, found.bank_amount) == ("BatchPayments", BATCH, 120, 120)
    other = replace(SALE, name="SINV-2", outstanding=Decimal(20))
    made = entered(decide(found, known(targets={("Invoices", INVOICE): SALE, ("Invoices", OTHER): other})))
    assert made["paid_amount"] == 120 and [each["allocated_amount"] for each in made["references"]] == [100, 20]
    elsewhere = known(targets={("Invoices", INVOICE): SALE, ("Invoices", OTHER): replace(other, party="Moa")})
    assert decide(found, elsewhere) == decide(found, known()) == TakeApart()
    odd = replace(found, bank_amount=Decimal(119))
    assert (code(decide(odd, elsewhere)), code(decide(odd, known()))) == ("several-parties", "pays-others"), "its payments cannot be told"
    first, second = (alone(found, part) for part in found.parts)
    assert (first.endpoint, first.xero_id, first.amount, first.bank_amount) == ("Payments", found.parts[0].payment_id, 100, 100)
    assert entered(decide(second, known(targets={("Invoices", OTHER): replace(other, party="Moa")})))["paid_amount"] == 20
    assert decide(found, known(targets={("Invoices", INVOICE): SALE, ("Invoices", OTHER): other}, apart=True)) == TakeApart()
    half = payment(element(1, BatchPayment={"BatchPaymentID": BATCH, "TotalAmount": Decimal(120)}, Amount=Decimal(100)))
    assert code(decide(half, known())) == "batch-in-part"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"targets": {}}, Nothing),
        ({"on_its_way": True}, Later),
        ({"targets": {("Invoices", INVOICE): replace(SALE, there=False)}}, "pays-cancelled"),
        ({"bank": Problem("bank-not-mapped-back", _("It was entered in Xero on an account that no bank or cash account here stands for"), NONE)}, "bank-not-mapped-back"),
        ({"targets": {("Invoices", INVOICE): replace(SALE, outstanding=Decimal("114.99"))}}, "more-than-open"),
        ({"targets": {("Invoices", INVOICE): replace(SALE, currency="USD")}}, "payment-by-hand"),
        ({"bank": Bank("Bank - K", "AUD")}, "payment-by-hand"),
        ({"own": (own(draft=True),)}, "same-as-draft"),
        ({"own": (own(), own(name="PAY-2"))}, "same-as-several"),
        ({"own": (own(),)}, Match),
        ({"own": (own(amount=Decimal(120)),)}, "perhaps-in-parts"),
        ({"own": (own(pays=frozenset({(("Sales Invoice", "SINV-1"), Decimal(100))})),)}, "perhaps-in-parts"),
        ({"own": (own(account="Till - K"),)}, Enter),
        ({"own": (own(date="2026-11-19"),)}, Enter),
        ({"own": (own(date="2026-11-30"),)}, Match),
        ({"own": (own(pays=frozenset({(("Sales Invoice", "SINV-9"), Decimal(115))})),)}, "perhaps-in-parts"),
    ],
)  # fmt: skip
def test_what_is_no_plain_receipt(changes: dict[str, Any], expected: Any) -> None:
    found = decide(payment(), known(**changes))
    assert code(found) == expected if isinstance(expected, str) else isinstance(found, expected)


@pytest.mark.parametrize(
    "odd",
    [{"PaymentType": "NEW"}, {"Invoice": None}, {"Amount": None}, {"Amount": Decimal(0)}, {"Amount": Decimal(-5)}, {"Date": "x"}, {"PaymentID": ""}, {"PaymentType": None}],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out(odd: dict[str, Any]) -> None:
    assert read([element(**odd)]) == []


def test_a_payment_that_is_awaited_is_the_one_whatever_its_day() -> None:
    cheque, other = own(date="2026-10-01", awaited=True), own(name="PAY-2", date="2026-09-01", awaited=True)
    assert decide(payment(), known(own=(cheque,))) == Match("PAY-1")
    assert isinstance(decide(payment(), known(own=(replace(cheque, awaited=False),))), Enter)
    assert code(decide(payment(), known(own=(cheque, other)))) == "same-as-several"
    assert decide(payment(), known(own=(cheque, other), chosen="PAY-2")) == Match("PAY-2")
    assert decide(payment(), known(own=(own(name="PAY-3"), cheque))) == Match("PAY-3"), "the nearer one"
    assert code(decide(payment(), known(own=(replace(cheque, amount=Decimal(100)),)))) == "perhaps-in-parts"
    assert isinstance(decide(payment(), known(own=(replace(cheque, account="Till - K"),))), Enter)


def test_a_person_says_which_one_it_is() -> None:
    both = (own(), own(name="PAY-2"))
    assert isinstance(decide(payment(), known(own=both)), Hold)
    assert decide(payment(), known(own=both, chosen="PAY-2")) == Match("PAY-2")
    assert isinstance(decide(payment(), known(own=both, chosen=ANOTHER)), Enter), "it is none of them"
    gone = decide(payment(), known(own=both, chosen="PAY-3"))
    assert isinstance(gone, Hold) and gone.problem.code == "same-as-several", "one that was cancelled meanwhile chooses nothing"
    other = own(amount=Decimal(200))
    in_parts = decide(payment(), known(own=(other, own(name="PAY-2")), chosen="PAY-1"))
    assert isinstance(in_parts, Hold) and in_parts.problem.code == "perhaps-in-parts"
    assert [each.name for each in alike(payment(), known(own=(own(date="2026-10-01"), own(name="PAY-2"))))] == ["PAY-2"]
    assert (is_same(own(), payment(), known()), is_same(other, payment(), known())) == (True, False)


def test_what_settled_a_return_is_the_refund_of_it() -> None:
    refund = payment(element(PaymentType="ARCREDITPAYMENT", CreditNote={"CreditNoteID": INVOICE}, Invoice=None))
    mine = own(pays=frozenset({(("Sales Invoice", "SINV-RET-1"), Decimal(-115))}))
    for left in (-115, 0):
        returned = replace(SALE, name="SINV-RET-1", outstanding=Decimal(left))
        assert decide(refund, known(targets={("CreditNotes", INVOICE): returned}, own=(mine,))) == Match("PAY-1"), left


@pytest.mark.parametrize(
    ("settled", "at_bank", "expected"),
    [("184.00", "180.00", Match), ("184.02", "180.00", Match), ("184.00", "181.00", Hold), ("115.00", "180.00", Hold)],
)
def test_an_invoice_in_another_currency_than_its_party_is_paid_by_what_the_bank_moved(settled: str, at_bank: str, expected: Any) -> None:
    sale = replace(SALE, currency="USD", rate=Decimal("1.6"), outstanding=Decimal(0))
    mine = own(pays=frozenset({(("Sales Invoice", "SINV-1"), Decimal(settled))}), amount=Decimal("180.00"), at_bank=Decimal(at_bank))
    found = decide(
        payment(element(BankAmount=Decimal("180.00"), CurrencyRate=Decimal("0.639"))),
        known(targets={("Invoices", INVOICE): sale}, own=(mine,)),
    )
    assert isinstance(found, expected), found


def test_the_same_foreign_amount_with_another_one_at_the_bank_is_a_persons() -> None:
    sale = replace(SALE, account="Debtors USD - K", account_currency="USD", currency="USD")
    paid = payment(element(BankAmount=Decimal("191.67"), CurrencyRate=Decimal("0.6")))
    books = known(targets={("Invoices", INVOICE): sale})
    assert isinstance(decide(paid, replace(books, own=(own(at_bank=Decimal("191.67")),))), Match)
    assert code(decide(paid, replace(books, own=(own(at_bank=Decimal("190.00")),)))) == "perhaps-in-parts"


def test_what_is_in_xero_in_part_or_becomes_nobody_knows_what_is_a_persons() -> None:
    assert decide(payment(), known(own=(own(doctype="Journal Entry"),))) == Match("PAY-1", "Journal Entry")
    assert code(decide(payment(), known(own=(own(doctype="Journal Entry", in_doubt=True),)))) == "perhaps-in-parts"


def test_what_is_paid_is_allocated_by_payment_terms_where_erpnext_demands_it() -> None:
    sale = replace(SALE, terms=(("Deposit", Decimal(0)), ("Half", Decimal(60)), ("Rest", Decimal(55))))
    books = {"targets": {("Invoices", INVOICE): sale}}
    made = entered(decide(payment(element(Amount=Decimal(70), BankAmount=Decimal(70))), known(**books)))
    assert [(row["payment_term"], row["allocated_amount"]) for row in made["references"]] == [("Half", 60), ("Rest", 10)]
    whole = entered(decide(payment(), known(**books)))
    assert [(row["payment_term"], row["allocated_amount"]) for row in whole["references"]] == [("Half", 60), ("Rest", 55)]
    beyond = replace(sale, terms=(("Half", Decimal(60)), ("Rest", Decimal(50))))
    odd = entered(decide(payment(), known(targets={("Invoices", INVOICE): beyond})))
    assert sum(row["allocated_amount"] for row in odd["references"]) == 115
    assert all("payment_term" not in row for row in entered(decide(payment(), known()))["references"])
