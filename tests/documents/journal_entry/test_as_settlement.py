"""A Journal Entry that settles invoices, with money or without, goes to Xero as a Payment Entry would: every case of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import ClearingAccount, Mapping
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.journal_entry.as_settlement import settlement
from picortex_xero.documents.journal_entry.rows import read
from picortex_xero.documents.settlement.breakdown import break_down
from picortex_xero.documents.settlement.deductions import deductions
from picortex_xero.documents.settlement.not_for_xero import problems_before
from picortex_xero.documents.settlement.settlement import DeductionRow, SettledDocument, Settlement, SettlementKind, Side
from tests.scene.documents import CREATION, journal_entry
from tests.scene.journal_rows import RETURN, bank, creditor, debtor, gst, plain
from tests.scene.mapping import chosen, mapping

D = Decimal
RECEIVE, PAY, TRANSFER, SET_OFF = SettlementKind
CLEARING = mapping(clearing=ClearingAccount("c1", "855"))


def of(*rows: dict[str, Any], choices: Mapping | None = None, **changes: Any) -> Settlement:
    found = settlement(read(journal_entry(*rows, **changes), choices or mapping()))
    assert found is not None
    return found


def test_a_journal_of_another_case_is_no_settlement() -> None:
    assert settlement(read(journal_entry(bank(-5), plain(5)), mapping())) is None
    assert settlement(read(journal_entry(debtor(-50, "SI-1"), creditor(50, "PI-1")), mapping())) is None


def test_a_payment_by_journal_that_is_about_payroll_or_an_employee_is_no_settlement() -> None:
    paid = [bank(100), debtor(-100, "SI-1")]
    assert of(*paid).private == ""
    for said in ({"reference_type": "Payroll Entry"}, {"employee": "HR-EMP-7"}):
        assert settlement(read(journal_entry(*paid, plain(0, **said)), mapping())) is None


def test_a_transfer_by_journal() -> None:
    found = of(bank(-5), bank(5, "Till - KS"), cheque_no="C 9")
    assert found == Settlement(
        Identity("Journal Entry", "JV-1", CREATION),
        "2026-10-31",
        TRANSFER,
        leaves=Side("Bank - KS", "NZD", D(5), D(1), D(5)),
        arrives=Side("Till - KS", "NZD", D(5), D(1), D(5)),
        reference_number="C 9",
    )


def test_a_transfer_between_currencies_is_worth_the_same_on_both_sides() -> None:
    usd = {"account_currency": "USD", "exchange_rate": 1.6, "credit_in_account_currency": 100.0}
    found = of(bank(-160, "Bank USD - KS", **usd), bank(160))
    assert found.leaves == Side("Bank USD - KS", "USD", D(100), D("1.6"), D(160))
    assert found.arrives == Side("Bank - KS", "NZD", D(160), D(1), D(160)) and found.between_currencies


def test_a_fee_kept_by_the_bank_is_a_deduction() -> None:
    found = of(bank(95), plain(5, cost_center="North - KS", user_remark="Card"), debtor(-100, "SI-1"))
    assert (found.kind, *found.named_party) == (RECEIVE, "Customer", "Rata Builders") and found.forward
    assert (found.party_amount, found.bank_amount, found.arrives.base) == (95, 95, 95)
    assert found.parts == (SettledDocument("Sales Invoice", "SI-1", D(100)),)
    assert found.deductions == (DeductionRow("Cost - KS", D(5), "Card", "North - KS"),)


def test_the_tax_of_a_deduction_is_one_too_and_the_journals_remark_says_what_rows_do_not() -> None:
    found = of(bank(95), plain(4.35), gst(0.65), debtor(-100, "SI-1"), user_remark="Fee of the card")
    assert [(row.account, row.amount, row.description) for row in found.deductions] == [
        ("Cost - KS", D("4.35"), "Fee of the card"),
        ("GST - KS", D("0.65"), "Fee of the card"),
    ]


def test_rows_of_one_invoice_are_one_part_and_one_without_an_invoice_is_none() -> None:
    found = of(bank(-100), creditor(60, "PI-1"), creditor(30, "PI-1"), creditor(10))
    assert (found.kind, found.parts) == (PAY, (SettledDocument("Purchase Invoice", "PI-1", D(90)),))
    assert (found.leaves.account, found.arrives.account) == ("Bank - KS", "Creditors - KS")


def test_dollars_of_a_customer_that_arrive_in_the_banks_currency() -> None:
    dollars = {"account_currency": "USD", "exchange_rate": 1.6, "credit_in_account_currency": 100.0}
    found = of(bank(165), debtor(-160, "SI-1", **dollars), plain(-5, "FX - KS", is_exchange_account=True))
    assert found.leaves == Side("Debtors - KS", "USD", D(100), D("1.6"), D(165))
    assert found.arrives == Side("Bank - KS", "NZD", D(165), D(1), D(165))
    assert found.parts == (SettledDocument("Sales Invoice", "SI-1", D(100)),) and [row.exchange for row in found.deductions] == [True]


def test_dollars_less_a_fee_are_what_the_bank_moved_at_the_partys_rate() -> None:
    dollars = {"account_currency": "USD", "exchange_rate": 1.6, "credit_in_account_currency": 100.0}
    found = of(bank(144), debtor(-160, "SI-1", **dollars), plain(16))
    assert (found.party_amount, found.party_side.currency, found.bank_amount) == (90, "USD", 144)


DOLLARS = {"account_currency": "USD", "exchange_rate": 1.65, "debit_in_account_currency": 1000.0}
GAIN = {"account": "FX - KS", "is_exchange_account": True}


@pytest.mark.parametrize(
    ("moved", "fee", "exchange"), [(-1645.0, 25.0, -30.0), (-1675.0, 25.0, 0.0), (-1695.0, 25.0, 20.0), (-1620.0, 0.0, -30.0)]
)
def test_a_bill_in_dollars_paid_from_another_bank_with_a_fee_and_an_exchange_difference(moved: float, fee: float, exchange: float) -> None:
    """Whatever the difference, the bill is settled, the fee spent beside it, and the bank moves the rest."""
    rows = [creditor(1650.0, "PI-1", **DOLLARS), bank(moved), plain(fee, "Cost - KS"), plain(exchange, **GAIN)]
    choices = mapping(deductions={"Cost - KS": chosen("Fee")})
    found = of(*[row for row in rows if row["debit"] or row["credit"]], choices=choices)
    made = break_down(found, choices, ["USD"])
    assert [(leg.amount, leg.moved) for leg in made.legs] == [(D(1000), D(str(-moved - fee)))]
    assert [each.gross for each in made.fees] == ([D(25)] if fee else [])


def test_a_fee_of_a_bank_in_dollars_is_worth_what_its_dollars_are() -> None:
    usd = {"account_currency": "USD", "exchange_rate": 1.6, "credit_in_account_currency": 1010.0}
    choices = mapping(deductions={"Cost - KS": chosen("Fee")})
    rows = [creditor(1650.0, "PI-1", **DOLLARS), plain(16.0), bank(-1616.0, "Bank USD - KS", **usd), plain(-50.0, **GAIN)]
    found = of(*rows, choices=choices)
    made = break_down(found, choices, ["USD"])
    assert [(leg.amount, leg.moved) for leg in made.legs] == [(D(1000), D(1000))] and made.own == {"Cost - KS": D(10)}


def test_money_paid_back_is_negative_as_in_a_payment_journal_entry() -> None:
    found = of(bank(-100), debtor(100, "SI-9", **RETURN))
    assert (found.kind, found.party_type, found.refund) == (PAY, "Customer", True)
    assert found.parts == (SettledDocument("Sales Invoice", "SI-9", D(-100)),)


@pytest.mark.parametrize(
    ("rows", "kind", "account", "part", "amount"),
    [
        ([debtor(-40, "SI-1"), plain(40)], RECEIVE, "Debtors - KS", SettledDocument("Sales Invoice", "SI-1", D(40)), D(40)),
        (
            [creditor(40, "PI-1"), plain(-40, "Sales - KS")],
            PAY,
            "Creditors - KS",
            SettledDocument("Purchase Invoice", "PI-1", D(40)),
            D(-40),
        ),
    ],
)
def test_a_write_off_is_a_payment_of_nothing(
    rows: list[dict[str, Any]], kind: SettlementKind, account: str, part: SettledDocument, amount: Decimal
) -> None:
    found = of(*rows)
    nothing = Side("", "NZD", D(0), D(1), D(0))
    assert (found.kind, found.bank_side, found.party_side.account, found.party_amount) == (kind, nothing, account, 0)
    assert found.parts == (part,) and [row.amount for row in found.deductions] == [amount]
    account = rows[1]["account"]
    made = break_down(found, mapping(deductions={account: chosen("Credit note")}), ["NZD"])
    assert not made.legs and [each.amount for each in made.allocations] == [40]


def test_a_set_off_moves_no_money_and_pays_both_sides_through_clearing() -> None:
    found = of(debtor(-50, "SI-1"), creditor(50, "PI-1"), choices=CLEARING)
    nothing = Side("", "NZD", D(0), D(1), D(0))
    assert (found.kind, found.leaves, found.arrives, found.named_party) == (SET_OFF, nothing, nothing, ("", ""))
    assert found.parts == (SettledDocument("Sales Invoice", "SI-1", D(50)), SettledDocument("Purchase Invoice", "PI-1", D(50)))
    assert problems_before(found) == [] and not found.refund
    made = break_down(found, CLEARING, ["NZD", "NZD"])
    assert [(leg.name, leg.moved, leg.reference, leg.clearing and leg.clearing.account_id) for leg in made.legs] == [
        ("SI-1", 50, "JV-1/1", "c1"),
        ("PI-1", 50, "JV-1/2", "c1"),
    ]


@pytest.mark.parametrize(
    ("tax", "booked", "codes"), [("INPUT2", True, []), ("INPUT2", False, ["deduction-without-tax"]), ("NONE", False, [])]
)
def test_no_tax_is_claimed_on_a_cost_of_a_journal_that_books_none(tax: str, booked: bool, codes: list[str]) -> None:
    """A phone bill beside the payment of a bill: where there is tax in it, the journal has a row for it."""
    choice = chosen("Fee", TaxType(tax, D(15 if tax == "INPUT2" else 0)))
    rows = [creditor(115.0, "PI-1"), plain(100.0), *([gst(15.0)] if booked else []), bank(-230.0 if booked else -215.0)]
    choices = mapping(deductions={"Cost - KS": choice})
    found = deductions(of(*rows, choices=choices), choices)
    assert [problem.code for problem in found.problems] == codes and all(problem.held for problem in found.problems)
