"""What has to be done in ERPNext's books for a reading of a bank line, and what cannot be done."""

from __future__ import annotations

from decimal import Decimal

import pytest

from picortex_xero.accounting.texts import _
from picortex_xero.banking.values import CENTS, DISCOUNT, FEE, OVERPAID, VOUCHERS, Part, Proposal
from picortex_xero.reconciling import readings
from picortex_xero.reconciling.plan import CannotBeDone, Open, Wanted, of_reading, plan
from picortex_xero.reconciling.rows import ABSTAINED, BILL, PROPOSED, SALE

BANK = "Trading"


def amount(text: str) -> Decimal:
    return Decimal(text)


def sale(name: str, outstanding: str, party: str = "Ada", currency: str = "NZD") -> Open:
    return Open(SALE, name, "Customer", party, f"Debtors {currency}", currency, amount(outstanding))


def bill(name: str, outstanding: str) -> Open:
    return Open(BILL, name, "Supplier", "Powerco", "Creditors NZD", "NZD", amount(outstanding))


def known(*documents: Open) -> dict[tuple[str, str], Open]:
    return {(each.doctype, each.name): each for each in documents}


def part(of: Open, text: str) -> Part:
    return Part((of.doctype, of.name, ""), amount(text))


def entered(name: str, text: str) -> Part:
    return Part(("Payment Entry", name, BANK), amount(text))


def test_what_is_entered_is_only_allocated() -> None:
    found = plan(Wanted(amount("100"), "NZD", (entered("PE-1", "60"), entered("PE-2", "40"))), {})
    assert [each.voucher[1] for each in found.entered] == ["PE-1", "PE-2"] and not found.payments and not found.apart


def test_each_party_gets_its_payment_with_its_documents() -> None:
    one, two, other = sale("A-1", "50"), sale("A-2", "30"), sale("B-1", "20", "Bob")
    parts = (part(one, "50"), part(two, "30"), part(other, "20"))
    found = plan(Wanted(amount("100"), "NZD", parts), known(one, two, other)).payments
    assert [(each.party, each.moved, [str(share) for _document, share in each.settled]) for each in found] == [
        ("Ada", amount("80"), ["50", "30"]),
        ("Bob", amount("20"), ["20"]),
    ]


def test_a_credit_note_among_invoices_is_negative_as_erpnext_has_it() -> None:
    invoice, note = bill("B-1", "100"), bill("B-2", "-30")
    (found,) = plan(Wanted(amount("-70"), "NZD", (part(invoice, "-100"), part(note, "30"))), known(invoice, note)).payments
    assert found.moved == amount("-70") and [share for _document, share in found.settled] == [amount("100"), amount("-30")]


@pytest.mark.parametrize(
    ("left", "outstanding", "rest", "cost"),
    [("97.50", "100", FEE, "2.50"), ("100.05", "100", CENTS, "-0.05"), ("98", "100", DISCOUNT, "2")],
)
def test_a_difference_is_a_deduction_of_the_payment(left: str, outstanding: str, rest: str, cost: str) -> None:
    invoice = sale("A-1", outstanding)
    (found,) = plan(Wanted(amount(left), "NZD", (part(invoice, outstanding),), rest, "Fees"), known(invoice)).payments
    assert (found.moved, found.deduction, found.deduction_account) == (amount(left), amount(cost), "Fees")


def test_a_discount_on_a_bill_is_a_gain() -> None:
    invoice = bill("B-1", "100")
    (found,) = plan(Wanted(amount("-98"), "NZD", (part(invoice, "-100"),), DISCOUNT, "Discounts"), known(invoice)).payments
    assert (found.moved, found.deduction) == (amount("-98"), amount("-2"))


def test_the_largest_payment_takes_the_difference() -> None:
    one, other = sale("A-1", "20"), sale("B-1", "80", "Bob")
    found = plan(Wanted(amount("99"), "NZD", (part(one, "20"), part(other, "80")), FEE, "Fees"), known(one, other)).payments
    assert [(each.party, each.moved, each.deduction) for each in found] == [("Ada", amount("20"), 0), ("Bob", amount("79"), amount("1"))]


def test_a_fee_beside_what_is_entered_is_posted_apart() -> None:
    found = plan(Wanted(amount("97.5"), "NZD", (entered("PE-1", "100"),), FEE, "Fees"), {})
    assert (found.apart, found.apart_account, found.payments) == (amount("2.5"), "Fees", ())


def test_too_much_stays_with_the_party() -> None:
    invoice = sale("A-1", "100")
    (found,) = plan(Wanted(amount("120"), "NZD", (part(invoice, "100"),), OVERPAID), known(invoice)).payments
    assert (found.moved, found.deduction, found.settled[0][1]) == (amount("120"), 0, amount("100"))


def test_another_currency_is_paid_with_all_of_the_line() -> None:
    invoice = sale("U-1", "50", currency="USD")
    (found,) = plan(Wanted(amount("83.20"), "NZD", (part(invoice, "50"),)), known(invoice)).payments
    assert (found.moved, found.currency, found.settled[0][1]) == (amount("83.20"), "USD", amount("50"))


@pytest.mark.parametrize(
    ("wanted", "now", "said"),
    [
        (Wanted(amount("10"), "NZD", ()), (), "Choose what the line is about"),
        (Wanted(amount("10"), "NZD", (part(sale("A-1", "10"), "10"),)), (), "A-1 is not open any more"),
        (Wanted(amount("10"), "NZD", (part(sale("A-1", "10"), "10"),)), (sale("A-1", "4"),), "Of A-1 only 4.00 are open any more"),
        (Wanted(amount("10"), "NZD", (part(sale("A-1", "12"), "12"),)), (sale("A-1", "12"),), "Together that is 2.00 more than the line"),
        (Wanted(amount("9"), "NZD", (part(sale("A-1", "10"), "10"),), FEE), (sale("A-1", "10"),), "Choose an account for bank fees"),
        (Wanted(amount("12"), "NZD", (entered("PE-1", "10"),), OVERPAID), (), "What is entered is less than the line"),
        (
            Wanted(amount("80"), "NZD", (part(sale("U-1", "50", currency="USD"), "50"), entered("PE-1", "10"))),
            (sale("U-1", "50", currency="USD"),),
            "in another currency only alone",
        ),
    ],
)
def test_what_cannot_be_done_says_why(wanted: Wanted, now: tuple[Open, ...], said: str) -> None:
    with pytest.raises(CannotBeDone) as caught:
        plan(wanted, known(*now))
    assert said in caught.value.said


def test_a_reading_is_stored_and_is_the_same_again() -> None:
    reading = Proposal(
        "L-1", VOUCHERS, (entered("PE-1", "10.50"),), 94, (_("The amount is exactly the same"),), amount("-0.05"), CENTS, "", True
    )
    (found,) = readings.loaded("L-1", readings.stored([reading]))
    assert found == reading and found.reasons[0].form == reading.reasons[0].form
    assert readings.key(found, amount("10.450000000")) == readings.key(reading, amount("10.45"))


def test_the_key_changes_with_what_would_be_done_and_not_with_why() -> None:
    reading = Proposal("L-1", VOUCHERS, (entered("PE-1", "10"),), 94, (_("The amount is exactly the same"),))
    surer = Proposal("L-1", VOUCHERS, (entered("PE-1", "10"),), 99, ())
    less = Proposal("L-1", VOUCHERS, (entered("PE-1", "9"),), 94, ())
    ten, nine = amount("10"), amount("9")
    assert readings.key(reading, ten) == readings.key(surer, ten)
    assert len({readings.key(reading, ten), readings.key(reading, nine), readings.key(less, ten)}) == 3


def test_only_what_is_surer_than_a_doubt_is_proposed() -> None:
    def scored(score: int) -> list[Proposal]:
        return [Proposal("L-1", VOUCHERS, (), score, ())]

    assert [readings.state(each) for each in (scored(94), scored(60), [])] == [PROPOSED, ABSTAINED, ABSTAINED]


def test_what_is_left_over_goes_to_the_companys_account_for_it() -> None:
    reading = Proposal("L-1", VOUCHERS, (entered("PE-1", "10"),), 94, (), amount("-0.05"), CENTS)
    wanted = of_reading(reading, amount("9.95"), "NZD", {"write_off_account": "Write Off", "fee_account": "Fees"})
    assert (wanted.rest, wanted.account) == (CENTS, "Write Off")
    assert of_reading(Proposal("L-1", VOUCHERS, (), 94, ()), amount("1"), "NZD", {}).rest == ""
