"""Lines for several vouchers, vouchers for several lines, and amounts that are not the voucher's: cents, fees, discounts, parts, other currencies."""

from __future__ import annotations

from decimal import Decimal

import pytest

from picortex_xero.banking import matching
from picortex_xero.banking.sums import by_chance, only_subset, ways
from picortex_xero.banking.values import CENTS, DISCOUNT, FEE, OVERPAID, RETURNED, TRANSFER
from tests.banking.desk import HARBOUR, NIMBUS, WATTLE, books, first, invoice, line, moved, taken

THREE = [invoice("INV-02841", "410.30"), invoice("INV-02842", "99.00"), invoice("INV-02843", "15.55")]


@pytest.mark.parametrize(
    "amount, text, names",
    [
        ("524.85", "INV 2841, 2842, 2843", {"INV-02841", "INV-02842", "INV-02843"}),
        ("524.85", "HARBOUR INV 2841-2843", {"INV-02841", "INV-02842", "INV-02843"}),
        ("114.55", "HARBOUR PLUMBING", {"INV-02842", "INV-02843"}),
        ("524.85", "HARBOUR PLUMBING INV 2841, 28", {"INV-02841", "INV-02842", "INV-02843"}),
    ],
)
def test_several_invoices_in_one_line(amount: str, text: str, names: set[str]) -> None:
    assert set(taken(first(THREE, line("L1", amount, text)))) == names


def test_a_credit_note_is_taken_off() -> None:
    found = first([*THREE, invoice("INV-02850", "-9.00")], line("L1", "401.30", "INV 2841 LESS 2850"))
    assert taken(found) == {"INV-02841": "410.30", "INV-02850": "-9.00"}


def test_two_sums_that_fit_are_left_to_a_person() -> None:
    vouchers = [invoice("INV-1001", "30.00"), invoice("INV-1002", "20.00"), invoice("INV-1003", "10.00"), invoice("INV-1004", "40.00")]
    assert not taken(first(vouchers, line("L1", "50.00", "HARBOUR PLUMBING")))


def test_sums() -> None:
    amounts = [Decimal(each) for each in ("10.00", "20.00", "30.00", "-5.00")]
    assert ways(amounts, Decimal("30.00")) == 2 and only_subset(amounts, Decimal("30.00")) == ()
    assert only_subset(amounts, Decimal("55.00")) == (0, 1, 2, 3)
    odd = [Decimal("4711.13"), Decimal("815.07"), Decimal("99.98"), Decimal("1234.56")]
    assert by_chance([Decimal(each * 10) for each in range(1, 12)], Decimal("110.00")) and not by_chance(odd, Decimal("915.05"))
    # Two round prices make a third one too easily; the same with cents do not.
    assert by_chance([Decimal("690.00"), Decimal("402.50")], Decimal("1092.50"))
    assert not by_chance([Decimal("690.13"), Decimal("402.50")], Decimal("1092.63"))


def test_a_payout_less_its_fee() -> None:
    entries = [moved(f"PE-{each}", "100.00", HARBOUR, reference="po_199887") for each in range(3)]
    found = first(entries, line("L1", "293.10", "STRIPE PO_199887"))
    assert len(taken(found)) == 3 and found and found.difference == Decimal("-6.90") and found.difference_is == FEE
    assert not taken(first(entries, line("L1", "250.00", "STRIPE PO_199887")))


def test_wages_of_one_entry_in_several_lines() -> None:
    entry = moved("JV-1", "-5000.00", days=0, doctype="Journal Entry")
    lines = [line("L1", "-2000.00", "A KELLY WAGES"), line("L2", "-1800.00", "B MOORE SALARY"), line("L3", "-1200.00", "C WONG WAGES")]
    found = matching.proposals(books([entry], lines))
    assert [taken(found[each.name][0]) for each in lines] == [{"JV-1": "-2000.00"}, {"JV-1": "-1800.00"}, {"JV-1": "-1200.00"}]


def test_a_sum_of_lines_that_pay_others_is_chance() -> None:
    entry, lines = (
        moved("PE-1", "-600.00", WATTLE, 0),
        [line("L1", "-200.00", "VENDOR PMT HARBOUR PLUMBING"), line("L2", "-400.00", "VENDOR PMT NIMBUS COFFEE")],
    )
    assert not any(each and each[0].automatic for each in matching.proposals(books([entry], lines)).values())


@pytest.mark.parametrize(
    "amount, text, remarks, what, automatic",
    [
        ("410.29", "INV-02841", "", CENTS, True),
        ("395.30", "INV-02841 LESS FEE 15.00", "", FEE, True),
        ("395.30", "INV-02841", "", FEE, False),
        ("402.09", "INV-02841", "2% discount within 30 days", DISCOUNT, False),
        ("402.09", "INV-02841", "2/30 net 60", DISCOUNT, False),
        ("450.30", "INV-02841", "", OVERPAID, True),
    ],
)
def test_what_is_not_the_whole(amount: str, text: str, remarks: str, what: str, automatic: bool) -> None:
    found = first([invoice("INV-02841", "410.30", remarks=remarks)], line("L1", amount, text))
    assert found and (found.difference_is, found.automatic) == (what, automatic)
    assert found.difference == Decimal(amount) - Decimal("410.30") and found.vouchers[0].amount == Decimal("410.30")


def test_too_much_that_another_invoice_explains_is_payment_of_both() -> None:
    assert set(taken(first(THREE[:2], line("L1", "509.30", "INV-02841 HARBOUR PLUMBING")))) == {"INV-02841", "INV-02842"}
    assert not taken(first([THREE[0]], line("L1", "509.30", "INV-02841 + INV-02777 HARBOUR PLUMBING")))


def test_parts_follow_one_another_until_all_is_paid() -> None:
    lines = [
        line("L1", "200.00", "INV-02841 part 1", 9),
        line("L2", "210.30", "INV-02841 balance", 2),
        line("L3", "100.00", "INV-02841", 1),
    ]
    found = matching.proposals(books([THREE[0]], lines))
    assert taken(found["L1"][0]) == {"INV-02841": "200.00"} and taken(found["L2"][0]) == {"INV-02841": "210.30"}
    assert not found["L3"] or not found["L3"][0].automatic


def test_two_lines_of_a_party_pay_its_one_voucher() -> None:
    found = matching.proposals(
        books(
            [invoice("BILL-1", "-700.10", WATTLE)],
            [line("L1", "-400.00", "WATTLE TIMBER SUPPLIES", 9), line("L2", "-300.10", "WATTLE TIMBER SUPPLIES")],
        )
    )
    assert taken(found["L1"][0]) == {"BILL-1": "-400.00"} and taken(found["L2"][0]) == {"BILL-1": "-300.10"}


def test_another_currency_at_about_the_rate() -> None:
    vouchers = [invoice("INV-02841", "1000.00", currency="USD")]
    assert taken(first(vouchers, line("L1", "1489.00", "INWARD REMITTANCE HARBOUR PLUMBING INV-02841"))) == {"INV-02841": "1000.00"}
    assert not taken(first(vouchers, line("L1", "1289.00", "INWARD REMITTANCE HARBOUR PLUMBING INV-02841")))
    assert not taken(first([*vouchers, invoice("INV-02842", "1010.00", currency="USD")], line("L1", "1489.00", "HARBOUR PLUMBING")))


def test_both_sides_of_a_transfer_find_each_other() -> None:
    out, into = line("L1", "-500.00", "TFR TO 33334444", 1), line("L2", "500.00", "FROM OPERATING", account="Savings")
    found = matching.proposals(books([], [out, into]))
    assert all(found[each][0].kind == TRANSFER and found[each][0].automatic for each in ("L1", "L2"))
    more = matching.proposals(books([], [out, into, line("L3", "500.00", "TRANSFER", account="Savings")]))
    assert not any(each and each[0].automatic for each in more.values())
    entered = matching.proposals(books([moved("PE-9", "-500.00"), moved("PE-9", "500.00", account="Savings")], [out, into]))
    assert taken(entered["L1"][0]) == {"PE-9": "-500.00"} and taken(entered["L2"][0]) == {"PE-9": "500.00"}


def test_a_return_takes_back_the_line_before() -> None:
    paid, back = line("L1", "410.30", "DIRECT DEBIT HARBOUR PLUMBING INV-02841", 4), line("L2", "-410.30", "DISHONOUR HARBOUR PLUMBING")
    found = matching.proposals(books([THREE[0]], [paid, back]))
    assert taken(found["L1"][0]) and found["L2"][0].kind == RETURNED and found["L2"][0].other_line == "L1" and found["L2"][0].automatic
    other = line("L3", "410.30", "NIMBUS COFFEE HARBOUR PLUMBING", 2)
    assert not matching.proposals(books([], [paid, back, other]))["L2"][0].automatic
    assert NIMBUS[0] == "Customer"
