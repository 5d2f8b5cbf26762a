"""One voucher of just the line's amount: by number, by name, by the day on which it moved, by a number with a slip; and what keeps it from being automatic."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from picortex_xero.banking import matching
from picortex_xero.banking.values import DUPLICATE, Party, Settings
from tests.banking.desk import BAKERY, BELL, HARBOUR, NIMBUS, PARTIES, TODAY, WATTLE, books, first, invoice, line, moved, taken


@pytest.mark.parametrize(
    "text",
    [
        "DIRECT CREDIT 4711 HARBOUR PLUMB INV-02841",
        "inv 2841 thanks",
        "INV02841",
        "HARBOUR PLUMBING 2841",
        "DEPOSIT INV 0\n2841 MARCH",
        "ORIG CO NAME:HARBOUR PLUM IND ID:INV-02841 TRN:0099",
        "EREF+INV-02841 SVWZ+Rechnung 2841",
    ],
)
def test_a_number_is_read_as_people_write_it(text: str) -> None:
    found = first([invoice("INV-02841", "410.30"), invoice("INV-02842", "99.00", NIMBUS)], line("L1", "410.30", text))
    assert taken(found) == {"INV-02841": "410.30"}
    assert found and any("the number of INV-02841" in reason for reason in found.reasons)


def test_the_amount_chooses_among_invoices_of_one_order() -> None:
    vouchers = [invoice("INV-02841", "410.30", reference="PO77123"), invoice("INV-02842", "99.00", reference="PO77123")]
    assert taken(first(vouchers, line("L1", "99.00", "HARBOUR PLUMBING PO77123"))) == {"INV-02842": "99.00"}


def test_of_two_lines_that_show_the_same_the_earlier_pays() -> None:
    vouchers = [invoice("INV-02841", "410.30")]
    early, late = line("L1", "410.30", "INV-02841", 5), line("L2", "410.30", "INV-02841", 1)
    assert taken(first(vouchers, early, late)) == {"INV-02841": "410.30"}
    second = first(vouchers, late, early)
    assert second and second.kind == DUPLICATE and second.other_line == "L1" and not second.automatic


def test_the_same_line_twice_on_one_day_is_left_to_a_person() -> None:
    assert not taken(first([invoice("INV-02841", "410.30")], line("L1", "410.30", "INV-02841"), line("L2", "410.30", "INV-02841")))


def test_a_name_with_the_amount() -> None:
    vouchers = [invoice("INV-02841", "410.30"), invoice("INV-02900", "410.30", WATTLE)]
    for text in ("OSKO HARBOUR PLUMBING", "HARBOUR PLUMB", "CUST-00101", "HARBOURPLUMBING"):
        assert taken(first(vouchers, line("L1", "410.30", text))) == {"INV-02841": "410.30"}, text


def test_a_party_whose_name_has_none_of_our_letters_keeps_nobody_from_being_matched() -> None:
    parties = [*PARTIES, Party("Customer", "CUST-00105", "株式会社山田"), Party("Supplier", "SUPP-00202", "---")]
    vouchers = [invoice("INV-02841", "410.30"), invoice("INV-02850", "55.10", ("Customer", "CUST-00105"))]
    lines = [line("L1", "410.30", "HARBOUR PLUMBING"), line("L2", "55.10", "CUST-00105"), line("L3", "55.10", "株式会社山田")]
    found = matching.proposals(replace(books(vouchers, lines), parties=tuple(parties)))
    assert [taken(found[each][0]) for each in ("L1", "L2")] == [{"INV-02841": "410.30"}, {"INV-02850": "55.10"}]


def test_a_bank_account_that_is_known_names_the_party() -> None:
    found = first(
        [invoice("INV-02841", "410.30"), invoice("INV-02850", "410.30", NIMBUS)], line("L1", "410.30", "CREDIT", number="732-000-99887766")
    )
    assert taken(found) == {"INV-02841": "410.30"}


@pytest.mark.parametrize(
    "vouchers, lines",
    [
        # Two invoices of one customer with one amount; two customers whose names begin alike; two lines and one invoice.
        ([invoice("INV-02841", "410.30"), invoice("INV-02842", "410.30")], [line("L1", "410.30", "HARBOUR PLUMBING")]),
        ([invoice("INV-02841", "50.00", NIMBUS), invoice("INV-02842", "50.00", BAKERY)], [line("L1", "50.00", "NIMBUS")]),
        ([invoice("INV-02841", "410.30")], [line("L1", "410.30", "HARBOUR PLUMBING"), line("L2", "410.30", "HARBOUR PLUMBING", 3)]),
        # Only the amount; another number of the same series; another customer's number beside the name.
        ([invoice("INV-02841", "410.30")], [line("L1", "410.30", "J SMITH")]),
        ([invoice("INV-02841", "410.30")], [line("L1", "410.30", "HARBOUR PLUMBING INV-02777")]),
        ([invoice("INV-02841", "410.30"), invoice("INV-02990", "77.00")], [line("L1", "410.30", "HARBOUR PLUMBING INV-02990")]),
        # A name of one word that is somebody else's family name, with another voucher of the amount.
        ([invoice("INV-02841", "77.70", BELL), invoice("INV-02900", "77.70", NIMBUS)], [line("L1", "77.70", "EMMA BELL FPI")]),
        # The name in part while another is named whole; posted long after the line.
        ([invoice("INV-02841", "410.30", BAKERY)], [line("L1", "410.30", "NIMBUS COFFEE")]),
        ([invoice("INV-02841", "410.30", days=-5)], [line("L1", "410.30", "HARBOUR PLUMBING")]),
    ],
)
def test_what_has_a_rival_is_left_to_a_person(vouchers: list, lines: list) -> None:
    assert not taken(first(vouchers, *lines))


def test_a_certain_match_is_no_rival() -> None:
    vouchers = [invoice("INV-02841", "410.30"), invoice("INV-02842", "410.30")]
    assert taken(first(vouchers, line("L1", "410.30", "HARBOUR PLUMBING"), line("L2", "410.30", "INV-02841", 3))) == {"INV-02842": "410.30"}


def test_what_was_entered_as_moved_is_found_by_its_day() -> None:
    assert taken(first([moved("PE-1", "-820.00", WATTLE)], line("L1", "-820.00", "BULK PAYMENT"))) == {"PE-1": "-820.00"}
    assert not taken(first([moved("PE-1", "-820.00", WATTLE, 8)], line("L1", "-820.00", "BULK PAYMENT")))
    assert not taken(first([moved("PE-1", "-820.00", WATTLE)], line("L1", "-820.00", "HARBOUR PLUMBING")))
    assert not taken(first([moved("PE-1", "-820.00", WATTLE, account="Savings")], line("L1", "-820.00", "BULK PAYMENT")))


def test_a_cheque_comes_months_later_with_its_number_only() -> None:
    cheque = [moved("PE-1", "-820.00", WATTLE, 100, reference="104477")]
    assert taken(first(cheque, line("L1", "-820.00", "CHEQUE 104477"))) == {"PE-1": "-820.00"}
    assert not taken(first(cheque, line("L1", "-820.00", "WATTLE TIMBER SUPPLIES")))


def test_a_number_with_a_slip_needs_an_amount_that_nothing_else_has() -> None:
    vouchers = [invoice("INV-02841", "410.30", NIMBUS)]
    assert taken(first(vouchers, line("L1", "410.30", "INV-02481"))) == {"INV-02841": "410.30"}
    assert not taken(first([*vouchers, invoice("INV-09999", "410.30")], line("L1", "410.30", "INV-02481")))


def test_direction_and_currency_are_gates() -> None:
    assert first([invoice("INV-02841", "410.30")], line("L1", "-410.30", "INV-02841")) is None
    assert not taken(first([invoice("INV-02841", "410.30", currency="EUR")], line("L1", "410.30", "INV-02841")))


def test_nothing_is_automatic_in_a_closed_period() -> None:
    vouchers, paid = [invoice("INV-02841", "410.30")], line("L1", "410.30", "INV-02841 HARBOUR PLUMBING")
    found = first(vouchers, paid, closed_until=TODAY)
    assert found and not found.automatic and "closed until" in found.reasons[-1]
    assert taken(first(vouchers, paid, closed_until=TODAY - timedelta(days=1)))


def test_the_company_chooses_the_threshold() -> None:
    vouchers, paid = [invoice("INV-02841", "410.30")], line("L1", "410.30", "HARBOUR PLUMBING")
    assert taken(first(vouchers, paid)) and not taken(first(vouchers, paid, settings=Settings(automatic_from=99)))
    assert HARBOUR == ("Customer", "CUST-00101")
