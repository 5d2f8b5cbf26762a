"""The day of one item, and why it is that; instalments, repetitions, what is collected; the lowest day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from picortex_xero.accounting.texts import _
from picortex_xero.cash_flow import collected, curve, instalments, repeating
from picortex_xero.cash_flow.collected import Collected
from picortex_xero.cash_flow.expected import expected, lines
from picortex_xero.cash_flow.habits import Habits, Paid
from picortex_xero.cash_flow.instalments import Instalment
from picortex_xero.cash_flow.once import once
from picortex_xero.cash_flow.repeating import Every
from picortex_xero.cash_flow.scenarios import Later
from picortex_xero.cash_flow.values import BILL, CREDIT, IN_XERO, INVOICE, Item, Line, Rates, because

TODAY = date(2026, 11, 29)
NZD = Rates("NZD", {"AUD": Decimal("1.1")})


def invoice(due: int, name: str = "SI-1", left: str = "100", party: str = "Fern", **more: object) -> Item:
    values = {"day": TODAY - timedelta(days=60), "due": TODAY + timedelta(days=due), "party_type": "Customer", "party": party, **more}
    return Item(INVOICE, "Sales Invoice", name, Decimal(left), "NZD", **values)  # type: ignore[arg-type]


def bill(due: int) -> Item:
    return Item(
        BILL, "Purchase Invoice", "PI-1", Decimal("-100"), "NZD", TODAY, TODAY + timedelta(days=due), party_type="Supplier", party="Moa"
    )


def late(*days: int, party: str = "Fern") -> list[Paid]:
    return [Paid("Customer", party, each) for each in days]


def on(item: Item, paid: list[Paid] | None = None) -> tuple[int | None, str]:
    when, why = expected(item, Habits(paid or []), TODAY)
    return (None if when is None else (when - TODAY).days), str(why)


def test_without_anything_to_go_by_it_is_the_due_day() -> None:
    assert on(invoice(10)) == (10, "Due on 2026-12-09")


def test_with_enough_paid_before_it_is_the_party_s_own_delay() -> None:
    assert on(invoice(10), late(5, 9, 8, 30, 7)) == (18, "This party pays 8 days after the due day (median of 5)")
    assert on(invoice(10), late(-5, -3, -3, -2)) == (7, "This party pays 3 days before the due day (median of 4)")


def test_with_too_little_it_is_that_of_all_customers_and_said_so() -> None:
    others = late(*range(1, 14), party="Kea")
    assert on(invoice(10), [*late(60), *others]) == (
        18,
        "Customers pay 8 days after the due day (median of 14; this one has paid too little to go by)",
    )
    assert on(invoice(10), late(60, 60, 60)) == (10, "Due on 2026-12-09")


def test_what_is_overdue_comes_when_what_was_so_late_came() -> None:
    days, why = on(invoice(-12), late(2, 3, 5, 14, 20, 30))
    assert (days, why) == (8, "Overdue by 12 days: what this party paid so late came 20 days after it was due (median of 3)")
    # Later than this party ever was: what others have done.
    others = late(*range(10, 40), party="Kea")
    days, why = on(invoice(-30), [*late(2, 3, 5, 14), *others])
    assert days == 5 and "all parties" in why


def test_what_is_overdue_without_anything_to_go_by() -> None:
    assert on(invoice(-10))[0] == on(invoice(-14))[0] == 14
    # What waits longer already is not expected in two weeks anew at each look: a week later it has come a week less near.
    said = "and too little was paid before to go by: taken as paid in as many days again"
    assert on(invoice(-20)) == (20, f"Overdue by 20 days, {said}") and on(invoice(-90)) == (90, f"Overdue by 90 days, {said}")
    assert on(invoice(-91)) == (None, "Overdue by 91 days, and hardly anything so late was ever paid: not counted on")
    assert on(bill(-200)) == (0, "Overdue by 200 days: taken as paid at once")


def test_a_day_that_somebody_has_said_counts_as_long_as_it_is_not_over() -> None:
    assert on(invoice(10, planned=TODAY + timedelta(days=3)), late(9, 9, 9, 9)) == (3, "Expected on 2026-12-02 by Xero")
    assert on(invoice(10, planned=TODAY - timedelta(days=1)), late(9, 9, 9, 9))[0] == 19


def test_an_expected_day_in_xero_goes_to_the_invoice_here_and_not_to_its_instalments() -> None:
    there = invoice(10, "x1", planned=TODAY + timedelta(days=21), book=IN_XERO)
    links = {"x1": ("Sales Invoice", "SI-1")}
    (found,) = once([invoice(10)], [there], links).items
    assert on(found) == (21, "Xero has it as expected or planned for that day")
    (found,) = once([invoice(10, part="1/2")], [there], links).items
    assert on(found)[0] == 10


def test_what_is_paid_here_and_still_open_in_xero_is_named_and_not_counted() -> None:
    both = once([], [invoice(10, "x1")], {"x1": ("Sales Invoice", "SI-9")})
    assert both.items == () and [each.name for each in both.left_out] == ["x1"]


def test_a_credit_is_taken_off_what_its_party_pays_next_and_what_is_left_over_moves_nothing() -> None:
    credit = Item(CREDIT, "Sales Invoice", "CN-1", Decimal("-250"), "NZD", TODAY, party_type="Customer", party="Fern")
    found = lines([invoice(20, "SI-2"), credit, invoice(10, "SI-1"), invoice(1, "SI-3", party="Kea")], Habits([]), NZD, TODAY)
    taken = [(each.amount, each.expected and (each.expected - TODAY).days) for each in found if each.item is credit]
    assert taken == [(Decimal(-100), 10), (Decimal(-100), 20), (Decimal(-50), None)]


def test_base_parts_of_a_credit_sum_to_it() -> None:
    credit = Item(CREDIT, "Sales Invoice", "CN-1", Decimal("-10.01"), "AUD", TODAY, party_type="Customer", party="Fern")
    owed = [
        Item(INVOICE, "Sales Invoice", f"SI-{n}", Decimal("3.33"), "AUD", TODAY, TODAY, party_type="Customer", party="Fern")
        for n in range(4)
    ]
    found = [each for each in lines([*owed, credit], Habits([]), NZD, TODAY) if each.item is credit]
    assert sum(each.base for each in found) == NZD.in_base(credit.left, "AUD") == Decimal("-11.01")


def test_a_currency_that_nobody_has_a_rate_of_is_no_figure() -> None:
    with pytest.raises(KeyError):
        NZD.in_base(Decimal(1), "USD")
    assert NZD.in_base(Decimal(1), "USD", Decimal("1.6")) == Decimal("1.60")


def test_instalments_the_first_of_which_are_paid() -> None:
    rows = [Instalment(TODAY + timedelta(days=n), Decimal(a)) for n, a in ((30, "50"), (0, "20"), (60, "30"))]
    whole = instalments.of(invoice(0, left="100"), Decimal(100), rows)
    assert [(each.part, each.left, (each.due - TODAY).days) for each in whole if each.due] == [
        ("1/3", Decimal(20), 0),
        ("2/3", Decimal(50), 30),
        ("3/3", Decimal(30), 60),
    ]
    assert [(each.part, each.left) for each in instalments.of(invoice(0, left="45"), Decimal(100), rows)] == [
        ("2/3", Decimal(15)),
        ("3/3", Decimal(30)),
    ]
    assert [each.left for each in instalments.of(invoice(0, left="0.01"), Decimal("0.01"), rows)] in ([Decimal("0.01")],)


def test_what_comes_again() -> None:
    last_of_month = list(repeating.days(date(2026, 1, 31), Every(months=1), date(2026, 2, 1), date(2026, 4, 30)))
    assert last_of_month == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    weekly = list(repeating.days(date(2026, 11, 2), Every(days=7), TODAY, TODAY + timedelta(days=15)))
    assert weekly == [date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14)]
    assert list(repeating.days(TODAY, repeating.ONCE, TODAY, date(2027, 1, 1))) == [TODAY]
    assert list(repeating.days(TODAY, Every(months=3), TODAY, date(2027, 12, 1), date(2027, 3, 1))) == [TODAY, date(2027, 2, 28)]


def test_a_tax_day_takes_what_is_collected_until_the_end_of_its_period_and_each_sum_once() -> None:
    account = Collected(Decimal("1000"), TODAY, Decimal("10"))
    days = [TODAY + timedelta(days=28), TODAY + timedelta(days=28 + 61)]
    # The first covers until the day before today, the second 61 days more.
    assert collected.amounts(account, days, 28) == [Decimal("1000.00"), Decimal("610.00")]
    assert collected.amounts(account, days, 38) == [Decimal("900.00"), Decimal("610.00")]


def test_the_lowest_day_and_what_takes_it_there() -> None:
    def line(days: int, amount: str) -> Line:
        return Line(
            invoice(days, f"L{days}{amount}"), Decimal(amount), Decimal(amount), TODAY + timedelta(days=days), because(_("because"))
        )

    listed = [line(1, "50"), line(2, "-20"), line(5, "-130"), line(5, "10"), line(9, "300"), line(12, "-40")]
    lowest = curve.curve(Decimal(100), listed, TODAY, TODAY + timedelta(days=20)).lowest()
    assert ((lowest.day - TODAY).days, lowest.balance, (lowest.since - TODAY).days) == (5, Decimal(10), 1)
    assert [each.amount for each in lowest.causes] == [Decimal(-130), Decimal(-20)]


def test_nobody_pays_a_negative_number_of_days_later() -> None:
    with pytest.raises(ValueError):
        Later(-1)
