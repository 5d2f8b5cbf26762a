"""As many payments here as in Xero, like each other in everything: they are adopted one by one; where anything differs, a person is asked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from picortex_xero.incoming.decide import ANOTHER, Enter, Hold, Match, decide
from picortex_xero.incoming.known import OwnPayment
from picortex_xero.incoming.pairs import likeliest
from picortex_xero.incoming.payment import IncomingPayment
from tests.incoming.payments import INVOICE, OTHER, SALE, element, known, own, payment

DAY = "2026-11-25"
HERE = tuple(own(name=f"PAY-{number}", date=DAY, at_bank=Decimal(115)) for number in (1, 2, 3))
THERE = tuple(payment(element(number)) for number in (1, 2, 3))


def decided(there: tuple[IncomingPayment, ...], here: tuple[OwnPayment, ...], **more: Any) -> Any:
    """What becomes of the first of them."""
    pays = {("Invoices", INVOICE): ("Sales Invoice", "SINV-1")}
    return decide(there[0], known(own=here, undecided=there[1:], documents=pays, **more))


def is_asked(outcome: Any) -> bool:
    return isinstance(outcome, Hold) and outcome.problem.code == "same-as-several"


@pytest.mark.parametrize("count", [2, 3])
def test_each_is_one_of_them_and_none_is_two(count: int) -> None:
    for order in permutations(THERE[:count]):
        left = list(HERE[:count])
        for at, each in enumerate(order):
            found = decide(each, known(own=tuple(left), undecided=order[at + 1 :]))
            assert isinstance(found, Match)
            left = [one for one in left if one.name != found.name]
        assert left == []


@pytest.mark.parametrize(("here", "there"), [(2, 1), (3, 2), (3, 1)])
def test_no_more_may_be_here_than_in_xero(here: int, there: int) -> None:
    assert is_asked(decided(THERE[:there], HERE[:here]))


@pytest.mark.parametrize(("here", "there"), [(1, 2), (1, 3), (2, 3)])
def test_what_xero_has_more_is_other_money(here: int, there: int) -> None:
    for order in permutations(THERE[:there]):
        left, entered = list(HERE[:here]), 0
        for at, each in enumerate(order):
            found = decide(each, known(own=tuple(left), undecided=order[at + 1 :]))
            if isinstance(found, Match):
                left = [one for one in left if one.name != found.name]
            else:
                assert isinstance(found, Enter)
                entered += 1
        assert (left, entered) == ([], there - here)


@pytest.mark.parametrize(
    ("here", "there", "found"),
    [
        (("R 1",), ("R 1", "R 2", ""), ["R 1"]),
        (("R 2",), ("R 1", "R 2"), ["R 2"]),
        (("R 1", "R 2"), ("R 3", "R 2", "R 1"), ["R 1", "R 2"]),
        (("R 1", "R 1"), ("R 1", "R 2", "R 1"), ["R 1", "R 1"]),
        (("R 1", "R 2"), ("R 1", "R 3", "R 4"), None),
        (("", ""), ("A", "B", "C"), ["A", "B"]),
        (("R 1", "R 2"), ("", "", ""), ["", ""]),
    ],
)
def test_references_tell_which_of_more_in_xero_are_those_here(
    here: tuple[str, ...], there: tuple[str, ...], found: list[str] | None
) -> None:
    left = [replace(each, reference=said) for each, said in zip(HERE, here)]
    theirs = [payment(element(number, Reference=said)) for number, said in enumerate(there, 1)]
    matched, asked = [], 0
    for at, each in enumerate(theirs):
        outcome = decide(each, known(own=tuple(left), undecided=tuple(theirs[at + 1 :])))
        if isinstance(outcome, Match):
            matched.append(" ".join(each.reference.split()))
            left = [one for one in left if one.name != outcome.name]
        asked += is_asked(outcome)
    assert (sorted(matched), asked) == (sorted(found), 0) if found is not None else asked


@pytest.mark.parametrize(
    "changes",
    [
        {"date": "2026-11-24"},
        {"draft": True},
        {"in_doubt": True},
        {"rest": Decimal(5)},
        {"awaited": True},
        {"doctype": "Journal Entry"},
    ],
)
def test_those_here_are_like_each_other(changes: dict[str, Any]) -> None:
    assert is_asked(decided(THERE[:2], (HERE[0], replace(HERE[1], **changes))))
    assert is_asked(decided(THERE[:2], (replace(HERE[0], **changes), HERE[1])))


@pytest.mark.parametrize(
    "changes",
    [
        {"Amount": Decimal(100), "BankAmount": Decimal(100)},
        {"BankAmount": Decimal(114)},
        {"CurrencyRate": Decimal("1.1")},
        {"Date": "/Date(1795651200000+0000)/"},
        {"Account": {"AccountID": OTHER}},
        {"Invoice": {"InvoiceID": OTHER}},
        {"Status": "DELETED"},
    ],
)
def test_those_in_xero_are_like_each_other(changes: dict[str, Any]) -> None:
    assert is_asked(decided((THERE[0], payment(element(2, **changes))), HERE[:2]))


def test_both_sides_are_of_the_same_day_and_money() -> None:
    both = tuple(replace(each, date="2026-11-24") for each in HERE[:2])
    assert is_asked(decided(THERE[:2], both)), "a day apart, each may be the other one's"
    dollars = replace(SALE, account="Debtors USD - K", account_currency="USD", currency="USD")
    foreign = tuple(payment(element(number, BankAmount=Decimal("191.67"), CurrencyRate=Decimal("0.6"))) for number in (1, 2))
    mine = tuple(replace(each, at_bank=Decimal("191.67")) for each in HERE[:2])
    pays = {"targets": {("Invoices", INVOICE): dollars}}
    assert decided(foreign, mine, **pays) == Match("PAY-1")
    other = tuple(replace(each, at_bank=Decimal("190.00")) for each in mine)
    assert isinstance(decided(foreign, other, **pays), Hold)


@pytest.mark.parametrize(
    ("here", "there", "first"),
    [
        (("", ""), ("EFT 77", "EFT 77"), "PAY-1"),
        (("R 1", "R 2"), ("", ""), "PAY-1"),
        (("", ""), ("A", "B"), "PAY-1"),
        (("R 1", "R 2"), ("r  2", "R 1"), "PAY-2"),
        (("R 1", "R 1"), ("R 1", "R 1"), "PAY-1"),
        (("R 1", "R 2"), ("R 1", "R 3"), ""),
        (("R 1", "R 2"), ("R 1", ""), ""),
        (("R 1", ""), ("R 2", ""), ""),
    ],
)
def test_references_tell_which_is_which_or_say_nothing(here: tuple[str, str], there: tuple[str, str], first: str) -> None:
    mine = tuple(replace(each, reference=said) for each, said in zip(HERE, here))
    theirs = tuple(payment(element(number, Reference=said)) for number, said in enumerate(there, 1))
    found = decided(theirs, mine)
    assert found == Match(first) if first else is_asked(found)


def test_another_amount_beside_it_does_not_keep_the_same_one_from_being_it() -> None:
    other = own(name="PAY-0", date=DAY, amount=Decimal(25), pays=frozenset({(("Sales Invoice", "SINV-1"), Decimal(25))}))
    assert decided(THERE[:1], (other, HERE[0])) == Match("PAY-1")
    assert decided(THERE[:2], (other, *HERE[:2])) == Match("PAY-1")
    assert is_asked(decided(THERE[:1], (other, *HERE[:2])))
    assert is_asked(decided(THERE[:1], (other, replace(other, name="PAY-9")))), "none of them is the same"


def test_what_a_person_has_said_goes_before() -> None:
    assert decided(THERE[:2], HERE[:2], chosen="PAY-2") == Match("PAY-2")
    assert isinstance(decided(THERE[:2], HERE[:2], chosen=ANOTHER), Enter)


# Payments in Xero that may be one here.
NINE = {("Invoices", INVOICE): ("Sales Invoice", "SINV-1"), ("Invoices", OTHER): ("Sales Invoice", "SINV-9")}
BOTH = own(
    pays=frozenset({(("Sales Invoice", "SINV-1"), Decimal(10)), (("Sales Invoice", "SINV-9"), Decimal(10))}), amount=Decimal(20), date=DAY
)


def of(number: int, amount: str, **more: Any) -> IncomingPayment:
    return payment(element(number, Amount=Decimal(amount), BankAmount=Decimal(amount), **more))


def batch(number: int, one: str, other: str) -> IncomingPayment:
    rows = [(one, INVOICE), (other, OTHER)]
    return payment(
        *(
            element(
                number + at,
                BatchPayment={"BatchPaymentID": f"22222222-aaaa-bbbb-cccc-00000000000{number}"},
                Amount=Decimal(amount),
                BankAmount=Decimal(amount),
                Invoice={"InvoiceID": paid},
            )
            for at, (amount, paid) in enumerate(rows)
        )
    )


def test_a_person_is_asked_once_at_the_likeliest() -> None:
    """One payment here of two documents; in Xero are a part of it, less, more of both, another amount and one of another account."""
    part, less, more, another = of(3, "10.00"), of(2, "9.00"), batch(4, "11.00", "11.00"), of(1, "40.00")
    elsewhere = of(7, "10.00", Account={"AccountID": OTHER})
    every = (part, less, more, another)
    for each in every:
        others = (*(one for one in every if one is not each), elsewhere)
        targets = {place: replace(SALE, name=named[1]) for place, named in NINE.items() if place in {part.target for part in each.parts}}
        found = decide(each, known(targets=targets, own=(BOTH,), undecided=others, documents=NINE))
        assert isinstance(found, Hold) and found.problem.code == ("perhaps-in-parts" if each is part else "asked-at-another")
        assert each is part or "of 10.00 in Xero" in found.problem.message
    assert likeliest(BOTH, another, (more, less), NINE) == more, "of both it pays more: it is nearer than a part of another amount"
    assert likeliest(BOTH, another, (), NINE) == another
    late = of(5, "10.00", Date="/Date(1796860800000+0000)/")
    assert likeliest(BOTH, another, (late,), NINE) == another and likeliest(replace(BOTH, awaited=True), another, (late,), NINE) == late


def test_what_is_the_same_is_matched_whatever_else_is_asked() -> None:
    same = batch(4, "10.00", "10.00")
    targets = {place: replace(SALE, name=named[1]) for place, named in NINE.items()}
    assert decide(same, known(targets=targets, own=(BOTH,), undecided=(of(1, "40.00"), of(3, "10.00")), documents=NINE)) == Match("PAY-1")


def test_whichever_is_looked_at_it_is_the_same_one_that_is_asked_about() -> None:
    every = (of(1, "40.00"), of(2, "9.00"), of(3, "10.00"), batch(4, "11.00", "11.00"), batch(6, "10.00", "12.00"))
    assert len({likeliest(BOTH, each, [one for one in every if one is not each], NINE) for each in every}) == 1
