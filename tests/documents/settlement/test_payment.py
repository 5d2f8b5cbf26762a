"""Payments: one, several apart, one batch, foreign ones; and the cases that wait."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import PaymentAccount
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.settlement.breakdown import break_down
from picortex_xero.documents.settlement.payment_elements import is_batch
from picortex_xero.documents.settlement.settlement import SettledDocument, Settlement
from tests.scene.documents import deduction, receipt, reference, settling
from tests.scene.mapping import mapping
from tests.scene.xero_records import target

D = Decimal
USD_BANK = {"paid_to": "Bank USD - KS", "paid_to_account_currency": "USD"}


def codes(call: Any, *arguments: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*arguments)
    return [problem.code for problem in refused.value.problems]


def paid(references: list[dict[str, Any]], amount: float, **changes: Any) -> Settlement:
    """A Payment Entry that pays bills from the NZD bank."""
    return receipt(
        references,
        amount,
        **{
            "payment_type": "Pay",
            "party_type": "Supplier",
            "paid_from": "Bank - KS",
            "paid_to": "Creditors - KS",
            **changes,
        },
    )


def test_one_receipt_is_exactly_this() -> None:
    made = settling(receipt([reference("SINV-1", 115.0)], 115.0), mapping(), [target(due="115")])[0]
    assert made.body == {
        "Invoice": {"InvoiceID": "i1"},
        "Account": {"AccountID": "bank-nzd"},
        "Date": "2026-10-20",
        "Amount": D(115),
        "Reference": "PAY-1 DD 77",
    }
    assert made.marker == {"Reference": "PAY-1 DD 77", "InvoiceID": "i1", "Amount": D(115)}
    assert (made.total, made.tax) == (D(115), None)


def test_a_bill_is_paid_from_the_bank() -> None:
    made = settling(paid([reference("PINV-1", 50.5, "Purchase Invoice")], 50.5), mapping(), [target()])[0]
    assert made.body["Account"] == {"AccountID": "bank-nzd"} and made.body["Amount"] == D("50.5")


def test_several_apart_are_numbered_in_their_reference() -> None:
    usd = {**USD_BANK, "paid_from_account_currency": "USD", "source_exchange_rate": 1.6, "target_exchange_rate": 1.6}
    settlement = receipt([reference("SINV-1", 100.0), reference("SINV-2", 50.0)], 150.0, reference_no=None, **usd)
    targets = [target("i1", currency="USD"), target("i2", currency="USD")]
    assert [settling(settlement, mapping(), targets)[at - 1].body["Reference"] for at in (1, 2)] == ["PAY-1/1", "PAY-1/2"]
    assert [settling(settlement, mapping(), targets)[at - 1].body["Amount"] for at in (1, 2)] == [100, 50]
    assert [settling(settlement, mapping(), targets)[at - 1].body["Invoice"]["InvoiceID"] for at in (1, 2)] == ["i1", "i2"]


def test_a_long_reference_is_cut_after_what_identifies_it() -> None:
    made = settling(receipt([reference("SINV-1", 1.0)], 1.0, reference_no="x" * 400), mapping(), [target()])[0]
    assert len(made.body["Reference"]) == 255 and made.body["Reference"].startswith("PAY-1 x")
    assert made.marker["Reference"] == made.body["Reference"]


def test_payment_terms_of_one_invoice_are_one_part_and_empty_rows_none() -> None:
    settlement = receipt([reference("SINV-1", 10.0), reference("SINV-2", 5.0), reference("SINV-1", 20.0), reference("SINV-3", 0.0)], 35.0)
    assert settlement.parts == (SettledDocument("Sales Invoice", "SINV-1", D(30)), SettledDocument("Sales Invoice", "SINV-2", D(5)))


def test_one_bank_line_over_several_invoices_is_one_batch() -> None:
    settlement = receipt([reference("SINV-1", 100.0), reference("SINV-2", 50.25)], 150.25)
    targets = [target("i1"), target("i2")]
    (made,) = settling(settlement, mapping(), targets)
    assert made.body == {
        "Account": {"AccountID": "bank-nzd"},
        "Date": "2026-10-20",
        "Reference": "PAY-1 DD 77",
        "Payments": [{"Invoice": {"InvoiceID": "i1"}, "Amount": D(100)}, {"Invoice": {"InvoiceID": "i2"}, "Amount": D("50.25")}],
    }
    assert (made.marker["Account"], made.marker["Members"]) == ("bank-nzd", [["i1", "100.00"], ["i2", "50.25"]])
    assert set(made.marker) <= {"Account", "Members", "Date", "Reference"} and made.marker.get("Date", "2026-10-20") == "2026-10-20"
    assert made.total == D("150.25")


@pytest.mark.parametrize(
    ("changes", "targets"),
    [({}, [target()]), ({}, [target(), target("i2", currency="AUD")]), (USD_BANK, [target(), target("i2")])],
)
def test_no_batch_of_one_or_with_anything_foreign(changes: dict[str, Any], targets: list[Any]) -> None:
    """Xero takes batch payments in base currency only."""
    rows = [reference(f"SINV-{at}", 1.0) for at, _ in enumerate(targets)]
    settlement = receipt(rows, float(len(rows)), **changes)
    legs = break_down(settlement, mapping(), [each.currency for each in targets]).legs
    assert len(legs) == len(targets) and not is_batch(settlement, legs, targets, mapping())


def test_a_batch_tells_all_its_problems() -> None:
    settlement = receipt([reference("SINV-1", 100.001), reference("SINV-2", 50.0)], 150.001, paid_to="Till - KS")
    assert codes(settling, settlement, mapping(), [target("i1"), target("i2", due="49.99")]) == [
        "payment-account-unmapped",
        "too-many-decimals",
        "payment-exceeds-due",
    ]


def test_a_foreign_invoice_paid_into_a_bank_of_its_currency_carries_the_rate() -> None:
    settlement = receipt(
        [reference("SINV-1", 200.0)],
        200.0,
        **USD_BANK,
        paid_from_account_currency="USD",
        source_exchange_rate=1.6,
        target_exchange_rate=1.6,
    )
    made = settling(settlement, mapping(), [target(currency="USD", rate="1.65")])[0]
    assert (made.body["Amount"], made.body["CurrencyRate"]) == (200, D("0.625")) and "BankAmount" not in made.body


def test_a_foreign_invoice_paid_from_the_base_bank_carries_what_the_bank_moved() -> None:
    settlement = paid(
        [reference("PINV-1", 1240.0, "Purchase Invoice")],
        2089.4,
        received_amount=1240.0,
        paid_to_account_currency="USD",
        target_exchange_rate=1.685,
    )
    made = settling(settlement, mapping(), [target(currency="USD", due="1240", rate="1.6523")])[0]
    assert (made.body["Amount"], made.body["BankAmount"]) == (1240, D("2089.4")) and "CurrencyRate" not in made.body


def test_what_the_bank_moved_is_divided_to_the_cent() -> None:
    rows = [reference(f"PINV-{n}", 100.0, "Purchase Invoice") for n in (1, 2, 3)]
    settlement = paid(rows, 500.0, received_amount=300.0, paid_to_account_currency="USD", target_exchange_rate=1.666667)
    targets = [target(f"i{n}", currency="USD") for n in (1, 2, 3)]
    amounts = [settling(settlement, mapping(), targets)[at - 1].body["BankAmount"] for at in (1, 2, 3)]
    assert sum(amounts) == 500 and sorted(amounts) == [D("166.66"), D("166.67"), D("166.67")]


BASE_RECEIVABLE = [reference("SINV-1", 300.0)]


def test_a_foreign_invoice_on_a_base_receivable_is_converted_at_its_own_rate() -> None:
    made = settling(receipt(BASE_RECEIVABLE, 300.0), mapping(), [target(currency="AUD", due="575", rate="1.0876")])[0]
    assert (made.body["Amount"], made.body["BankAmount"]) == (D("275.84"), D(300))


@pytest.mark.parametrize(("due", "amount"), [("299.16", "299.16"), ("299.21", "299.21"), ("299.11", "299.11"), ("299.22", "299.16")])
def test_the_payment_that_settles_it_takes_xeros_amount_due_within_five_cents(due: str, amount: str) -> None:
    settlement = receipt([reference("SINV-1", 325.37)], 325.37)
    made = settling(settlement, mapping(), [target(currency="AUD", due=due, rate="1.0876", settles=True)])[0]
    assert made.body["Amount"] == D(amount)


def test_an_amount_due_far_below_is_refused_instead() -> None:
    settlement = receipt([reference("SINV-1", 325.37)], 325.37)
    assert codes(settling, settlement, mapping(), [target(currency="AUD", due="299.10", rate="1.0876", settles=True)]) == [
        "payment-exceeds-due"
    ]


def test_three_currencies_are_held_with_the_recipe() -> None:
    settlement = receipt([reference("SINV-1", 100.0)], 100.0, **USD_BANK)
    with pytest.raises(Refused) as refused:
        settling(settlement, mapping(), [target(currency="AUD")])[0]
    problem = refused.value.problems[0]
    assert (problem.code, problem.held) == ("payment-third-currency", True) and "clearing account" in problem.resolution


def test_a_base_invoice_paid_into_a_foreign_bank_is_held_too() -> None:
    settlement = receipt([reference("SINV-1", 100.0)], 100.0, **USD_BANK)
    assert codes(settling, settlement, mapping(), [target(currency="NZD")]) == ["payment-third-currency"]


def test_a_bank_mapped_to_another_currency_is_refused() -> None:
    choices = mapping(payment_accounts={"Bank - KS": PaymentAccount("bank-usd", "USD")})
    assert codes(settling, receipt([reference("SINV-1", 1.0)], 1.0), choices, [target()]) == ["payment-account-currency"]


@pytest.mark.parametrize("status", ["AUTHORISED", "PAID"])
def test_more_than_is_due_in_xero_is_refused(status: str) -> None:
    settlement = receipt([reference("SINV-1", 100.0)], 100.0)
    due = "99.99" if status == "AUTHORISED" else "0"
    assert codes(settling, settlement, mapping(), [target(due=due, status=status)]) == ["payment-exceeds-due"]


def test_a_payment_tells_all_its_problems() -> None:
    settlement = receipt([reference("SINV-1", 100.001)], 100.001, paid_to="Till USD - KS", paid_to_account_currency="USD")
    assert codes(settling, settlement, mapping(), [target(due="5")]) == [
        "payment-account-unmapped",
        "payment-third-currency",
        "too-many-decimals",
        "payment-exceeds-due",
    ]


@pytest.mark.parametrize(("received", "held"), [(228.61, True), (230.0, False)])
def test_an_invoice_on_a_base_receivable_falls_by_what_the_bank_moved_or_waits(received: float, held: bool) -> None:
    """USD 230.00 at 1.65 are NZD 379.50 on the receivable. ERPNext lets a receipt at another rate settle them with USD 228.61."""
    settlement = receipt([reference("SINV-1", 379.5)], 379.5, received_amount=received, target_exchange_rate=379.5 / received, **USD_BANK)
    targets = [target(currency="USD", due="230", rate="1.65")]
    if held:
        assert codes(settling, settlement, mapping(), targets) == ["payment-bank-differs"]
    else:
        assert settling(settlement, mapping(), targets)[0].body["Amount"] == 230


def paid_in_dollars(received: float, count: int = 1, bank: str = "NZD") -> Settlement:
    """A receipt of 50 US dollars for each of `count` invoices, into a bank in the company's currency."""
    usd = {"paid_from_account_currency": "USD", "source_exchange_rate": 1.6, "received_amount": received, "paid_to_account_currency": bank}
    return receipt([reference(f"SINV-{at}", 50.0) for at in range(count)], 50.0 * count, **usd)


@pytest.mark.parametrize(("received", "posted"), [(80.017, ["80.02"]), (80.0149, ["80.01"]), (160.03442, ["80.02", "80.01"])])
def test_what_erpnext_multiplied_goes_as_it_posted_it(received: float, posted: list[str]) -> None:
    """Its own form leaves USD 33.33 at 1.6789 as 55.957737; the ledger has 55.96."""
    targets = [target(f"i{at}", currency="USD", due="50", rate="1.6") for at in range(len(posted))]
    made = settling(paid_in_dollars(received, len(posted)), mapping(), targets)
    assert [each.body["BankAmount"] for each in made] == [D(each) for each in posted]


def test_what_the_bank_moved_in_dinars_has_two_decimals_or_waits() -> None:
    """Xero cuts a third one off; the books keep it."""
    choices = replace(mapping(payment_accounts={"Bank - KS": PaymentAccount("bank-kwd", "KWD")}), base_currency="KWD")
    usd = [target("i1", currency="USD", due="50"), target("i2", currency="USD", due="50")]
    assert codes(settling, paid_in_dollars(15.369, bank="KWD"), choices, usd[:1]) == ["too-many-decimals"]
    assert codes(settling, paid_in_dollars(30.738, 2, bank="KWD"), choices, usd) == ["too-many-decimals"]
    assert settling(paid_in_dollars(15.37, bank="KWD"), choices, usd[:1])[0].body["BankAmount"] == D("15.37")


@pytest.mark.parametrize(("amount", "posted"), [("12.3456", "12.346"), ("12.34", "12.34")])
def test_a_payment_with_deductions_is_rounded_to_the_decimals_of_its_currency(amount: str, posted: str) -> None:
    settlement = receipt([reference("SINV-1", 12.5)], float(amount), deductions=[deduction(0.1)])
    dinars = replace(settlement, arrives=replace(settlement.arrives, currency="KWD"))
    assert dinars.bank_amount == D(posted)
