"""What stands in the list of a line that is not decided: a document of ours that it names always does, with what speaks against it, and nothing of it is automatic."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from benchmarks.bank_lines import matchers
from benchmarks.bank_lines.tuning import world
from picortex_xero.banking import gates, matching, numbers
from picortex_xero.banking.around import Around
from picortex_xero.banking.values import CENTS, DISCOUNT, DUPLICATE, FEE, OVERPAID, SURE, Line, Proposal, Voucher
from tests.banking.desk import BAKERY, HARBOUR, NIMBUS, TODAY, WATTLE, books, invoice, line, moved

OURS = "ACC-PINV-2026-00012"


def shown(vouchers: list[Voucher], *lines: Line) -> tuple[Proposal, ...]:
    """All readings of the first line."""
    return matching.proposals(books(vouchers, lines))[lines[0].name]


def parts(reading: Proposal) -> dict[str, str]:
    return {part.voucher[1]: str(part.amount) for part in reading.vouchers}


def said(reading: Proposal) -> str:
    return ". ".join(reading.reasons)


def test_lines_that_together_are_the_whole_of_a_bill_are_proposed_as_its_parts() -> None:
    bill = invoice(OURS, "-400.00", WATTLE, reference="INV-10417")
    one, two = line("L1", "-150.00", f"PART {OURS}", 3), line("L2", "-250.00", f"REST {OURS}", 1)
    found = matching.proposals(books([bill], [one, two]))
    for each in (one, two):
        best = found[each.name][0]
        assert parts(best) == {OURS: str(each.amount)} and 60 < best.score < SURE and not best.automatic
        assert f"2 lines show the number of {OURS}, and together they make what is open of it" in said(best)
    # Two equal halves on one day are the whole as well.
    halves = [line(name, "-200.00", f"HALF {OURS}") for name in ("L1", "L2")]
    assert [parts(found[0]) for found in matching.proposals(books([bill], halves)).values()] == [{OURS: "-200.00"}] * 2
    # By the supplier's number alone it may be another supplier's bill: to choose from.
    theirs = [replace(each, description=each.description.replace(OURS, "INV-10417")) for each in (one, two)]
    best = shown([bill], *theirs)[0]
    assert parts(best) == {OURS: "-150.00"} and best.score <= 60 and "does not name Wattle Timber Supplies" in said(best)


def test_a_part_with_our_own_number_is_proposed() -> None:
    bill = invoice(OURS, "-400.00", WATTLE, reference="INV-10417")
    best = shown([bill], line("L1", "-150.00", f"PART {OURS}"))[0]
    assert parts(best) == {OURS: "-150.00"} and 60 < best.score < SURE and "a part of the 400.00 that are open" in said(best)


@pytest.mark.parametrize(
    "voucher, amount, text, part, what, why",
    [
        # A number of ours beside what speaks against it; too little, too much, a matter of cents, a discount.
        (invoice("INV-02841", "410.30"), "100.00", "INV-02841 RCPT7161709", "100.00", "", "another number of the same series"),
        (invoice("INV-02841", "410.30"), "100.00", "INV-02841 NIMBUS COFFEE", "100.00", "", "The line names Nimbus Coffee Limited"),
        (invoice("INV-02841", "410.30"), "100.00", "HARBOUR INV-02841 & S", "100.00", "", "a list of numbers, or one that the bank has cut off"),
        (invoice("INV-02841", "410.30"), "520.30", "INV-02841 & S", "410.30", OVERPAID, "110.00 more than is open"),
        (invoice("INV-02841", "410.30"), "410.25", "INV-02841, 2", "410.30", CENTS, "a matter of cents"),
        (invoice("INV-02841", "410.30", remarks="2/30 net 60"), "402.09", "INV-02841 & S", "410.30", DISCOUNT, "the discount of 2 %"),
        (invoice("INV-02841", "410.30"), "390.30", "INV-02841 & S", "410.30", FEE, "20.00 are missing"),
        # By a supplier's number only.
        (invoice("ACC-PINV-1", "-900.00", WATTLE, reference="INV-10417"), "-400.00", "INV-10417 part 1", "-400.00", "", "does not name Wattle"),
        # What is entered: more moved than the line shows, and less.
        (moved("PE-00071", "410.30", HARBOUR), "100.00", "HARBOUR PLUMBING PE-00071", "100.00", "", "a part of the 410.30"),
        (moved("PE-00071", "410.30", HARBOUR), "500.00", "HARBOUR PLUMBING PE-00071", "410.30", "", "89.70 of the line stay open"),
        # Posted after the line, or long ago.
        (invoice("INV-02841", "410.30", days=-12), "410.30", "INV-02841", "410.30", "", "The days are 12 apart"),
        (invoice("INV-02841", "410.30", days=500), "100.00", "INV-02841", "100.00", "", "The days are 500 apart"),
        # Another currency: a part at the rate.
        (invoice("INV-02841", "1000.00", currency="USD"), "600.00", "INV-02841", "400.00", "", "a part of 400.00 USD of the 1000.00"),
        (invoice("INV-02841", "1000.00", currency="USD"), "1900.00", "INV-02841", "1000.00", "", "26.70 % apart"),
        (invoice("INV-02841", "1000.00", currency="EUR"), "600.00", "INV-02841", "1000.00", "", "No rate of EUR is known"),
    ],
)  # fmt: skip
def test_a_document_that_the_line_names_is_always_offered(voucher: Voucher, amount: str, text: str, part: str, what: str, why: str) -> None:
    readings = shown([voucher], line("L1", amount, text))
    best = next(each for each in readings if parts(each) == {voucher.name: part} and each.difference_is == what)
    assert why in said(best) and not best.automatic and best.score < SURE
    if what:
        assert best.difference == Decimal(amount) - Decimal(part)


def test_an_amount_that_is_a_part_or_all_less_a_fee_is_offered_as_both() -> None:
    readings = shown([invoice("INV-02841", "410.30")], line("L1", "390.30", "INV-02841 & S"))
    assert {(parts(each)["INV-02841"], each.difference_is) for each in readings} == {("410.30", FEE), ("390.30", "")}


THREE = [invoice("INV-02841", "410.30", days=30), invoice("INV-02842", "99.00", days=20), invoice("INV-02843", "15.55", days=10)]


@pytest.mark.parametrize(
    "amount, wanted, what, why",
    [
        ("520.00", {"INV-02841": "410.30", "INV-02842": "99.00", "INV-02843": "15.55"}, FEE, "4.85 are missing"),
        ("524.80", {"INV-02841": "410.30", "INV-02842": "99.00", "INV-02843": "15.55"}, CENTS, "a matter of cents"),
        ("450.00", {"INV-02841": "410.30", "INV-02842": "39.70"}, "", "a part of the 524.85"),
        ("600.00", {"INV-02841": "410.30", "INV-02842": "99.00", "INV-02843": "15.55"}, OVERPAID, "75.15 more than is open"),
    ],
)
def test_several_numbers_with_another_sum_are_offered_together(amount: str, wanted: dict[str, str], what: str, why: str) -> None:
    best = shown(THREE, line("L1", amount, "HARBOUR INV 2841, 2842, 2843"))[0]
    assert (parts(best), best.difference_is) == (wanted, what) and why in said(best) and not best.automatic
    assert "the numbers of INV-02841, INV-02842, INV-02843" in said(best)


def test_a_credit_note_among_several_numbers_is_taken_off_whole() -> None:
    vouchers = [*THREE[:2], invoice("INV-02850", "-9.00")]
    best = shown(vouchers, line("L1", "498.00", "HARBOUR INV 2841, 2842 LESS 2850"))[0]
    assert parts(best) == {"INV-02841": "410.30", "INV-02842": "99.00", "INV-02850": "-9.00"} and best.difference == Decimal("-2.30")
    # Which of the two is paid in part nobody knows, so each is offered alone.
    readings = shown(vouchers, line("L1", "300.00", "HARBOUR INV 2841, 2842 LESS 2850"))
    assert all(len(each.vouchers) == 1 for each in readings) and any(parts(each) == {"INV-02841": "300.00"} for each in readings)


def test_what_another_line_claims_is_still_offered() -> None:
    early, late = line("L1", "410.30", "INV-02841", 5), line("L2", "410.30", "INV-02841", 1)
    readings = shown(THREE[:1], late, early)
    assert (
        readings[0].kind == DUPLICATE
        and parts(readings[1]) == {"INV-02841": "410.30"}
        and "Other lines claim the same" in said(readings[1])
    )
    paid = [line("L1", "200.00", "INV-02841 part 1", 9), line("L2", "210.30", "INV-02841 balance", 2)]
    readings = shown(THREE[:1], line("L3", "100.00", "INV-02841", 1), *paid)
    assert parts(readings[0]) == {"INV-02841": "100.00"} and "claim the same" in said(readings[0])


def test_of_a_party_that_is_named_what_is_open_is_offered_where_nothing_else_is() -> None:
    # The oldest first, in part; and beside it how many there are.
    readings = shown([invoice("INV-02841", "410.30"), invoice("INV-02999", "300.00")], line("L1", "250.00", "HARBOUR PLUMBING"))
    assert [parts(each) for each in readings] == [{"INV-02841": "250.00"}, {"INV-02999": "250.00"}]
    assert all(each.score < 25 and "1 other vouchers fit as well" in said(each) for each in readings)
    # More than all of it.
    best = shown(THREE[:2], line("L1", "700.00", "HARBOUR PLUMBING"))[0]
    assert len(best.vouchers) == 2 and best.difference == Decimal("190.70") and "All 2 vouchers that are open of Harbour" in said(best)
    # A sum that chance would find, too; of several the first.
    best = shown([invoice("INV-02841", "690.00"), invoice("INV-02842", "402.50")], line("L1", "1092.50", "HARBOUR PLUMBING"))[0]
    assert len(best.vouchers) == 2 and "by chance" in said(best) and best.score <= 60
    four = [invoice(f"INV-100{at}", amount) for at, amount in enumerate(("30.00", "20.00", "10.00", "40.00"))]
    best = shown(four, line("L1", "50.00", "HARBOUR PLUMBING"))[0]
    assert sum(part.amount for part in best.vouchers) == 50 and "2 sums of what is open fit" in said(best)


def test_what_has_the_amount_is_listed_beside_what_has_the_number() -> None:
    readings = shown([invoice("INV-02841", "410.30"), invoice("INV-02990", "100.00", NIMBUS)], line("L1", "100.00", "INV-02841 & S"))
    assert {tuple(parts(each)) for each in readings} == {("INV-02841",), ("INV-02990",)}


def test_nobody_is_offered_what_cannot_be_meant() -> None:
    # Another direction, another account, and a line that says nothing.
    assert not shown([invoice("INV-02841", "410.30")], line("L1", "-410.30", "INV-02841"))
    assert not shown([moved("PE-00071", "410.30", HARBOUR, account="Savings")], line("L1", "410.30", "PE-00071"))
    assert not shown([invoice("INV-02841", "410.30")], line("L1", "100.00", "DEPOSIT"))
    assert TODAY and BAKERY


@pytest.mark.parametrize("seed", [31, 32])
def test_every_line_that_names_an_open_document_has_it_in_its_list(seed: int) -> None:
    books = matchers.as_books(world(seed, 300))
    found, around = matching.proposals(books), Around(books)
    missing, looked = [], 0
    for each in books.lines:
        named = [
            voucher for voucher, hit in around.shown(each) if hit.strength == numbers.STRONG and gates.may_be(each, voucher, numbered=True)
        ]
        offered = {part.voucher for reading in found[each.name] for part in reading.vouchers}
        automatic = found[each.name] and found[each.name][0].automatic
        if len(named) == 1 and not automatic:
            looked += 1
            missing += [(each.description, each.amount, voucher) for voucher in named if voucher.key not in offered]
    assert looked and not missing, missing


@pytest.mark.parametrize("seed", [31, 32])
def test_nothing_that_is_only_offered_is_ever_automatic(seed: int) -> None:
    books = matchers.as_books(world(seed, 300))
    with_them = matching.proposals(books)
    for name, each in with_them.items():
        for reading in each[1:]:
            assert not reading.automatic, name
        assert not (each and each[0].automatic and each[0].score < SURE), name
