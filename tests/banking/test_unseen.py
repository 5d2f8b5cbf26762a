"""What another voucher could explain as well that the books do not show, because it is paid and closed or not entered yet: never automatic."""

from __future__ import annotations

import pytest

from picortex_xero.banking import matching, numbers
from picortex_xero.banking.values import Voucher
from tests.banking.desk import BAKERY, HARBOUR, NIMBUS, WATTLE, books, first, invoice, line, moved, taken


@pytest.mark.parametrize(
    "voucher, text",
    [
        # A number of the party's series, a document's word or letters before another number, a number that is cut off and is not the voucher's.
        (invoice("ACC-SINV-2026-02841", "410.30"), "HARBOUR PLUMBING ACC-SINV-2026-02790"),
        (invoice("ACC-SINV-2026-02841", "410.30"), "HARBOUR PLUMBING ACC-SINV-2026-0279"),
        (invoice("INV-02841", "410.30"), "HARBOUR PLUMBING INVOICE NO 99881"),
        (invoice("INV-02841", "410.30"), "HARBOUR PLUMBING RCPT7161709"),
        # The neighbour in the series: its last digit is another.
        (invoice("INV-02841", "410.30"), "HARBOUR PLUMBING INV-02843"),
        # Posted half a year ago.
        (invoice("INV-02841", "410.30", days=180), "HARBOUR PLUMBING"),
        # A payment entered days after the line.
        (moved("PE-1", "410.30", HARBOUR, -6), "HARBOUR PLUMBING"),
    ],
)
def test_a_name_with_the_amount_says_little_beside_a_number_of_something_else(voucher: Voucher, text: str) -> None:
    assert not taken(first([voucher], line("L1", "410.30", text)))
    assert taken(first([invoice("INV-02841", "410.30")], line("L1", "410.30", "HARBOUR PLUMBING")))


@pytest.mark.parametrize(
    "text", ["HARBOUR PLUMBING INV-02481", "HARBOUR PLUMBING INV-0284", "HARBOUR PLUMBING INV 12841", "HARBOUR PLUMBING TRN 0099812"]
)
def test_a_number_typed_wrong_or_cut_off_does_not_disturb(text: str) -> None:
    assert taken(first([invoice("INV-02841", "410.30")], line("L1", "410.30", text)))


def test_the_last_digit_alone_is_hardly_a_slip() -> None:
    assert numbers.mistyped("2481", "2841") and numbers.mistyped("841", "2841") and numbers.mistyped("2941", "2841")
    assert not numbers.mistyped("2843", "2841") and not numbers.mistyped("2841", "2841")
    vouchers = [invoice("INV-02841", "410.30", NIMBUS)]
    assert not taken(first(vouchers, line("L1", "410.30", "INV-02843")))
    assert not taken(first(vouchers, line("L1", "410.30", "HARBOUR PLUMBING INV-02481")))


def test_the_slip_of_a_party_that_pays_the_same_again_and_again_is_another_invoice() -> None:
    vouchers = [invoice("INV-02841", "410.30"), invoice("INV-02700", "410.30")]
    lines = [line("L1", "410.30", "HARBOUR PLUMBING INV-02481"), line("L2", "410.30", "INV-02700", 30)]
    assert not taken(first(vouchers, *lines))


def test_a_price_that_many_pay_needs_a_number() -> None:
    vouchers = [invoice(f"INV-0{number}", "55.00", of) for number, of in enumerate((HARBOUR, NIMBUS, BAKERY, NIMBUS, BAKERY, NIMBUS), 3001)]
    found = first(vouchers, line("L1", "55.00", "HARBOUR PLUMBING"))
    assert found and not taken(found) and any("Many vouchers" in reason for reason in found.reasons)
    assert taken(first(vouchers, line("L1", "55.00", "HARBOUR PLUMBING INV-03001"))) == {"INV-03001": "55.00"}


def test_a_payment_entered_with_another_number_is_not_the_lines() -> None:
    cheque = [moved("PE-1", "-820.00", WATTLE, 1, reference="104477")]
    assert taken(first(cheque, line("L1", "-820.00", "CHEQUE 104477"))) and not taken(first(cheque, line("L1", "-820.00", "CHEQUE 104501")))
    # Whoever pays in is named by the bank; so is whoever the line has a word of.
    assert not taken(first([moved("PE-1", "820.00", HARBOUR)], line("L1", "820.00", "DEPOSIT")))
    assert not taken(first([moved("PE-1", "-820.00", WATTLE)], line("L1", "-820.00", "PAYMENT TO NIMBUS")))


def test_sums_of_round_amounts_are_chance() -> None:
    round_ones = [invoice("INV-02841", "690.00"), invoice("INV-02842", "402.50")]
    assert not taken(first(round_ones, line("L1", "1092.50", "HARBOUR PLUMBING")))
    assert taken(first(round_ones, line("L1", "1092.50", "HARBOUR PLUMBING INV 2841, 2842")))
    odd = [invoice("INV-02841", "690.13"), invoice("INV-02842", "402.50")]
    assert taken(first(odd, line("L1", "1092.63", "HARBOUR PLUMBING")))


def test_lines_that_show_another_number_do_not_pay_a_voucher_together() -> None:
    voucher = invoice("BILL-1", "-700.10", WATTLE, reference="48120")
    lines = [line("L1", "-400.00", "WATTLE TIMBER SUPPLIES 48133", 9), line("L2", "-300.10", "WATTLE TIMBER SUPPLIES")]
    assert not any(each and each[0].automatic for each in matching.proposals(books([voucher], lines)).values())


@pytest.mark.parametrize(
    "amount, text",
    [
        # Much more than is open; a list that the bank cut off.
        ("520.30", "INV-02841 HARBOUR PLUMBING"),
        ("430.30", "HARBOUR PLUMBING INV-02841 & S"),
        ("430.30", "HARBOUR PLUMBING INV 02841-02"),
    ],
)
def test_too_much_may_be_for_what_is_not_entered_yet(amount: str, text: str) -> None:
    assert not taken(first([invoice("INV-02841", "410.30")], line("L1", amount, text)))


def test_a_suppliers_number_without_its_name_tells_no_part() -> None:
    bill = [invoice("ACC-PINV-1", "-900.00", WATTLE, reference="INV-10417")]
    assert not taken(first(bill, line("L1", "-400.00", "INV-10417 part 1")))
    assert taken(first(bill, line("L1", "-400.00", "WATTLE TIMBER INV-10417 part 1"))) == {"ACC-PINV-1": "-400.00"}


def test_another_currency_by_name_only_is_very_near_the_rate() -> None:
    vouchers = [invoice("INV-02841", "1000.00", currency="USD")]
    assert not taken(first(vouchers, line("L1", "1466.00", "INWARD REMITTANCE HARBOUR PLUMBING")))
    assert taken(first(vouchers, line("L1", "1466.00", "INWARD REMITTANCE HARBOUR PLUMBING USD 1000.00")))
    assert not taken(first(vouchers, line("L1", "1495.00", "HARBOUR PLUMBING INVOICE 99887")))


def test_a_transfer_is_told_by_an_account_or_by_both() -> None:
    out, into = line("L1", "-500.00", "TRANSFER TO SMITH", 1), line("L2", "500.00", "DEPOSIT", account="Savings")
    assert not any(each and each[0].automatic for each in matching.proposals(books([], [out, into])).values())


def test_a_return_is_told_by_what_both_lines_say() -> None:
    paid = line("L1", "410.30", "DEPOSIT", 4)
    assert not matching.proposals(books([], [paid, line("L2", "-410.30", "DISHONOUR HARBOUR PLUMBING")]))["L2"][0].automatic


def test_a_payout_holds_back_no_more_than_processors_do() -> None:
    entries = [moved(f"PE-{each}", "100.00", HARBOUR, reference="po_199887") for each in range(3)]
    assert taken(first(entries, line("L1", "288.50", "STRIPE PO_199887"))) and not taken(
        first(entries, line("L1", "283.00", "STRIPE PO_199887"))
    )
