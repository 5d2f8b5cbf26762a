"""What a Journal Entry is in Xero (manual journal, money spent or received, payment, set-off ...) by the accounts of its rows, and which
rows a tax row belongs to. Journals that were recorded from ERPNext are in test_recorded_journals.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import ClearingAccount, Mapping, PaymentAccount
from picortex_xero.accounting.problems import Problem
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.journal_entry import rows as journal_legs
from picortex_xero.documents.journal_entry.as_settlement import SETTLES
from picortex_xero.documents.journal_entry.cases import CASES, HELD, PAYMENT, SKIPPED, case_of, problem_of
from picortex_xero.documents.journal_entry.rows import BANK, PARTY, PLAIN, TAX, kind_of
from picortex_xero.documents.journal_entry.tax import taxed
from tests.scene.documents import entry_row, journal_entry
from tests.scene.journal_rows import RETURN, bank, creditor, debtor, gst, plain
from tests.scene.mapping import GST, INPUT, mapping

D = Decimal


def case(*rows: dict[str, Any], choices: Mapping | None = None, **changes: Any) -> str:
    return case_of(journal_legs.read(journal_entry(*rows, **changes), choices or mapping())).name


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"account": "Wages Payable - KS", "account_type": "Payable"}, PARTY),
        ({"account": "Cost - KS", "account_type": "Payable", "party_type": "Employee"}, PLAIN),
        ({"account": "Cost - KS", "account_type": "Payable", "party_type": "Supplier"}, PARTY),
        ({"account": "Bank - KS", "account_type": "Bank"}, BANK),
        ({"account": "Bank - KS", "account_type": ""}, BANK),
        ({"account": "Till - KS", "account_type": "Cash"}, BANK),
        ({"account": "Cost - KS", "account_type": "Cash"}, PLAIN),
        ({"account": "GST - KS", "account_type": "Tax"}, TAX),
        ({"account": "GST - KS", "account_type": ""}, TAX),
        ({"account": "Withholding - KS", "account_type": "Tax"}, PLAIN),
        ({"account": "Sales - KS", "account_type": "Income Account"}, PLAIN),
    ],
)
def test_what_an_admin_mapped_goes_before_the_accounts_type(given: dict[str, Any], kind: str) -> None:
    assert kind_of(given, mapping()) == kind


def test_a_card_that_takes_payments_and_lines_is_a_bank_only_where_its_type_says_so() -> None:
    both = mapping(accounts={"Card - KS": "855"}, payment_accounts={"Card - KS": PaymentAccount("card", "NZD")})
    assert kind_of({"account": "Card - KS", "account_type": ""}, both) == PLAIN
    assert kind_of({"account": "Card - KS", "account_type": "Bank"}, both) == BANK


@pytest.mark.parametrize(
    "rows",
    [
        [creditor(-50.0, "PINV-1"), bank(50.0)],
        [bank(-115.0), debtor(115.0, "SINV-1")],
        [creditor(-50.0, "PINV-1"), creditor(-60.0, "PINV-2"), bank(110.0)],
        [creditor(80.0, "PINV-1"), creditor(-30.0, "PINV-2"), bank(-50.0)],
        # The refund of a debit note, taken back.
        [bank(-60.0), creditor(60.0, "RET-1", **RETURN)],
        # A write-off and a set-off, taken back.
        [creditor(-23.0, "PINV-1"), plain(23.0)],
        [creditor(-115.0, "PINV-1"), debtor(115.0, "SINV-1")],
    ],
)
def test_what_is_owed_again_is_never_a_payment(rows: list[dict[str, Any]]) -> None:
    """Xero would take it for a second payment in the same direction."""
    chosen = mapping(clearing=ClearingAccount("c1", "855"))
    entry = journal_legs.read(journal_entry(*rows), chosen)
    assert (case_of(entry).name, case_of(entry).becomes) == ("takes-back", HELD)
    # And the way it was paid, it is a payment (a write-off, a set-off).
    turned = [{**row, "debit": row["credit"], "credit": row["debit"]} for row in rows]
    if len({row["debit"] > 0 for row in turned if row.get("reference_name")}) == 1 or len(rows) == 2:
        assert case_of(journal_legs.read(journal_entry(*turned), chosen)).becomes == PAYMENT


CLEARING = mapping(clearing=ClearingAccount("c1", "855"))


@pytest.mark.parametrize(
    ("rows", "choices", "name"),
    [
        ([bank(-5), plain(5)], None, "bank"),
        ([bank(-3), bank(-2), plain(5)], None, "bank"),
        ([bank(5), bank(-5), plain(5), plain(-5, "Sales - KS")], None, "bank-nothing"),
        ([bank(-5), bank(3, "Till - KS"), plain(2)], None, "several-banks"),
        ([bank(-5), bank(5, "Till - KS")], None, "transfer"),
        ([bank(-30), gst(30)], None, "tax-settled"),
        ([bank(100), debtor(-100, "SI-1")], None, "pays"),
        ([bank(95), plain(5), debtor(-100, "SI-1")], None, "pays"),
        ([bank(100), debtor(-60, "SI-1"), debtor(-40)], None, "pays"),
        ([bank(100), debtor(-60, "SI-1"), debtor(-40, "SI-2", party="Another")], None, "pays"),
        ([bank(100), debtor(-60, "SI-1"), debtor(-40, party="Another")], None, "bank-and-parties"),
        ([bank(50), debtor(-100, "SI-1"), creditor(50, "PI-1")], None, "bank-and-parties"),
        ([bank(-100), debtor(100, "SI-9", **RETURN)], None, "pays"),
        ([plain(100), gst(15), creditor(-115), creditor(115), bank(-115)], None, "through-party"),
        ([plain(100), creditor(-100), creditor(60), bank(-60)], None, "bank-and-parties"),
        ([bank(-100), entry_row("Loan - KS", 100.0, account_type="Payable")], None, "control-unmapped"),
        ([debtor(-50, "SI-1"), creditor(50, "PI-1")], CLEARING, "set-off"),
        ([debtor(-50, "SI-1"), creditor(50, "PI-1")], None, "set-off-by-hand"),
        ([debtor(-50, "SI-1"), creditor(50)], CLEARING, "party-to-party"),
        ([debtor(50, "SI-1", **RETURN), creditor(-50, "PI-1")], CLEARING, "party-to-party"),
        ([debtor(-50, "SI-1"), debtor(50, "SI-9", **RETURN)], None, "credit-used"),
        ([debtor(50, "SI-1"), debtor(-50, "SI-9", **RETURN)], None, "takes-back"),
        ([debtor(-50, "SI-1"), debtor(50, "SI-9", party="Another", **RETURN)], None, "party-to-party"),
        ([debtor(-50, "SI-1"), plain(50)], None, "write-off"),
        ([debtor(50, "SI-1"), plain(-50, "Sales - KS")], None, "takes-back"),
        ([debtor(-50, "SI-1"), debtor(-5, "SI-2", party="Another"), plain(55)], None, "party-without-invoice"),
        ([debtor(50), plain(-50, "Sales - KS")], None, "party-without-invoice"),
        ([plain(5), plain(-5, "Accum - KS", account_type="Accumulated Depreciation")], None, "depreciation-undecided"),
        ([plain(5, reference_type="Asset"), plain(-5, "Sales - KS")], mapping(depreciation="Kept in Xero"), "depreciation-kept"),
        ([plain(5, reference_type="Asset"), plain(-5, "Sales - KS")], mapping(depreciation="Sent from here"), "plain"),
        ([plain(5, reference_type="Asset"), bank(-5)], mapping(depreciation="Kept in Xero"), "asset-with-others"),
    ],
)
def test_rows_decide_the_case(rows: list[dict[str, Any]], choices: Mapping | None, name: str) -> None:
    assert case(*rows, choices=choices) == name


def test_a_balance_that_only_changes_its_worth_is_an_exchange_difference() -> None:
    worth = bank(10, "Bank USD - KS", account_currency="USD", debit_in_account_currency=0.0)
    assert case(worth, plain(-10, "Sales - KS")) == "exchange-engine"
    assert case({**worth, "debit_in_account_currency": 6.0}, plain(-10, "Sales - KS")) == "bank"


NO_DOLLARS = {"account_currency": "USD", "debit_in_account_currency": 0.0, "credit_in_account_currency": 0.0}
NO_OWN = {"debit_in_account_currency": 0.0, "credit_in_account_currency": 0.0}
AT_160 = {"account_currency": "USD", "debit_in_account_currency": 100.0, "credit_in_account_currency": 0.0}
AT_150 = {"account_currency": "USD", "debit_in_account_currency": 0.0, "credit_in_account_currency": 100.0}
FX = "FX - KS"


@pytest.mark.case("F07")
@pytest.mark.parametrize("voucher_type", ["Exchange Gain Or Loss", "Exchange Rate Revaluation", "Journal Entry"])
@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([plain(500), bank(-500)], "bank"),
        ([plain(500), plain(-500, "Sales - KS")], "plain"),
        ([bank(-500), bank(500, "Till - KS")], "transfer"),
        ([bank(100), debtor(-100, "SI-1")], "pays"),
        ([debtor(-20, "SI-1"), plain(20, FX)], "write-off"),
        ([bank(-30), gst(30)], "tax-settled"),
        # Two invoices of one customer in dollars: each of them moves, though the customer's balance does not.
        ([debtor(160, "SI-1", **AT_160), debtor(-150, "SI-2", **AT_150), plain(-10, FX)], "party-without-invoice"),
        # Only the worth changes: one row, or the whole balance off at the former rate and on at the new one.
        ([bank(10, "Bank USD - KS", **NO_DOLLARS), plain(-10, FX)], "exchange-engine"),
        ([bank(160, "Bank USD - KS", **AT_160), bank(-150, "Bank USD - KS", **AT_150), plain(-10, FX)], "exchange-engine"),
        ([debtor(160, "SI-1", **AT_160), debtor(-150, "SI-1", **AT_150), plain(-10, FX)], "exchange-engine"),
        # Of an ordinary account in dollars, Xero knows no dollars: it is booked like any other account.
        ([plain(10, "Loan USD - KS", **NO_DOLLARS), plain(-10, FX)], "plain"),
        ([bank(10, "Bank USD - KS", **NO_DOLLARS), plain(-4, "Loan USD - KS", **NO_DOLLARS), plain(-6, FX)], "exchange-mixed"),
        # The last cents of a foreign bank account, worth nothing any more.
        ([bank(0, "Bank USD - KS", account_currency="USD", credit_in_account_currency=0.01)], "currency-without-worth"),
    ],
)
def test_the_rows_of_an_exchange_journal_decide_and_never_its_type(rows: list[dict[str, Any]], name: str, voucher_type: str) -> None:
    assert case(*rows, voucher_type=voucher_type) == name


@pytest.mark.case("F07")
def test_only_an_exchange_journal_changes_the_worth_of_a_balance_in_company_currency() -> None:
    """ERPNext books so where an invoice in dollars stands on a receivable account in company currency."""
    rows = [debtor(10, "SI-1", **NO_OWN), plain(-10, FX)]
    made = {"voucher_type": "Exchange Gain Or Loss", "multi_currency": 1}
    assert case(*rows, is_system_generated=1, **made) == "exchange-engine"
    assert case(*rows) == case(*rows, voucher_type="Exchange Gain Or Loss") == "takes-back"
    # A bank account in company currency has no exchange difference.
    assert case(bank(-500, **NO_OWN), plain(500), **made) == "bank"


def test_what_payment_reconciliation_made_of_something_else_is_held() -> None:
    rows = [debtor(-50, reference_type="Journal Entry", reference_name="JV-0"), debtor(50, "SI-9", **RETURN)]
    assert case(*rows, is_system_generated=1, voucher_type="Credit Note") == "credit-used-elsewhere"


def test_every_case_that_does_not_go_says_why_and_what_to_do() -> None:
    for each in CASES:
        stopped = each.becomes in (HELD, SKIPPED)
        assert stopped == bool(each.says), each.name
        resolution = problem_of(journal_legs.read(journal_entry(), mapping()), each).resolution if stopped else ""
        assert bool(resolution) == (each.becomes == HELD), each.name
    assert len({each.name for each in CASES}) == len(CASES)
    assert set(SETTLES) == {each.name for each in CASES if each.becomes == PAYMENT}


Told = tuple[list[tuple[str, Decimal, str]], list[str]]


def told(*rows: dict[str, Any], choices: Mapping | None = None) -> Told:
    """(account, tax, tax type) of each plain row, and the codes of what stands against it."""
    problems: list[Problem] = []
    found = taxed(journal_legs.read(journal_entry(*rows), choices or mapping()), problems)
    return [(each.leg.account, each.tax, each.tax_type.code if each.tax_type else "") for each in found], [each.code for each in problems]


VAT = replace(
    mapping(),
    taxes={
        ("Sales", "GST - KS @ 15", ""): GST,
        ("Purchases", "GST - KS @ 15", ""): INPUT,
        ("Purchases", "GST - KS @ 5", ""): TaxType("LOW", D(5)),
        ("Purchases", "State - KS @ 6.25 + County - KS @ 1", ""): TaxType("STATE", D("7.25")),
    },
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # All rows on the tax's side, whatever the other side is.
        (
            [plain(100), plain(50, "Freight - KS"), gst(22.5), bank(-172.5)],
            [("Cost - KS", "15", "INPUT2"), ("Freight - KS", "7.5", "INPUT2")],
        ),
        # Income is sold, also when it is taken back.
        ([plain(100, "Sales - KS"), gst(15), bank(-115)], [("Sales - KS", "15", "OUTPUT2")]),
        ([plain(-100, "Sales - KS"), gst(-15), bank(115)], [("Sales - KS", "-15", "OUTPUT2")]),
        # On a balance sheet account the side of the tax decides.
        ([plain(100, "Withholding - KS"), gst(15), bank(-115)], [("Withholding - KS", "15", "INPUT2")]),
        # Only one set of rows comes to it.
        ([plain(100), plain(70, "Freight - KS"), gst(15), bank(-185)], [("Cost - KS", "15", "INPUT2"), ("Freight - KS", "0", "NONE")]),
        # A discount among them.
        (
            [plain(100), plain(-10, "Freight - KS"), gst(13.5), bank(-103.5)],
            [("Cost - KS", "15", "INPUT2"), ("Freight - KS", "-1.5", "INPUT2")],
        ),
        # Half a cent, rounded either way.
        ([plain(0.5), gst(0.08), bank(-0.58)], [("Cost - KS", "0.08", "INPUT2")]),
        ([plain(0.5), gst(0.07), bank(-0.57)], [("Cost - KS", "0.07", "INPUT2")]),
        # Several rows of one tax: together, or each for itself at a rate of its own.
        (
            [plain(100), gst(15), plain(20, "Freight - KS"), gst(3), bank(-138)],
            [("Cost - KS", "15", "INPUT2"), ("Freight - KS", "3", "INPUT2")],
        ),
        (
            [plain(100), gst(15), plain(20, "Freight - KS"), gst(1), bank(-136)],
            [("Cost - KS", "15", "INPUT2"), ("Freight - KS", "1", "LOW")],
        ),
        # Two taxes on the same rows.
        ([plain(200), gst(12.5, "State - KS"), gst(2, "County - KS"), bank(-214.5)], [("Cost - KS", "14.5", "STATE")]),
    ],
)
def test_a_tax_belongs_to_the_rows_that_its_rate_explains(rows: list[dict[str, Any]], expected: list[tuple[str, str, str]]) -> None:
    assert told(*rows, choices=VAT) == ([(account, D(tax), code) for account, tax, code in expected], [])


# In Xero's chart the account 477 (wages) is without tax, as in its default charts of accounts.
WAGES = replace(VAT, accounts={**VAT.accounts, "Wages - KS": "477"}, untaxed=frozenset({"477"}))


@pytest.mark.case("F12")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # 15.00 is 15 % of the wages, and of nothing that is taxed.
        ([plain(100, "Wages - KS"), plain(250), gst(15), bank(-365)], "journal-tax-unexplained"),
        # Of all rows on its side together, wages among them.
        ([plain(100, "Wages - KS"), plain(50), gst(22.5), bank(-172.5)], "journal-tax-unexplained"),
        ([plain(100, "Wages - KS"), gst(15), bank(-115)], "journal-tax-unexplained"),
        # Without the wages there is one set of rows, and what would be two with them.
        (
            [plain(100, "Wages - KS"), plain(250), gst(37.5), bank(-387.5)],
            [("Wages - KS", "0", "NONE"), ("Cost - KS", "37.5", "INPUT2")],
        ),
        (
            [plain(100, "Wages - KS"), plain(100), gst(15), bank(-215)],
            [("Wages - KS", "0", "NONE"), ("Cost - KS", "15", "INPUT2")],
        ),
    ],
)
def test_a_tax_is_never_that_of_an_account_which_is_not_taxed(rows: list[dict[str, Any]], expected: Any) -> None:
    if isinstance(expected, str):
        assert told(*rows, choices=WAGES) == ([], [expected])
    else:
        assert told(*rows, choices=WAGES) == ([(account, D(tax), code) for account, tax, code in expected], [])


@pytest.mark.case("F12")
def test_a_tax_of_an_untaxed_account_names_it_and_says_how_it_becomes_taxed() -> None:
    problems: list[Problem] = []
    taxed(journal_legs.read(journal_entry(plain(100, "Wages - KS"), gst(15), bank(-115)), WAGES), problems)
    assert "Wages - KS" in problems[0].message and "chart of accounts" in problems[0].resolution and problems[0].held


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([plain(100), gst(14), bank(-114)], "journal-tax-unexplained"),
        # 100 or 60 + 40: nobody can tell.
        ([plain(100), plain(60, "Freight - KS"), plain(40, "Withholding - KS"), gst(15), bank(-215)], "journal-tax-unexplained"),
        ([gst(15), gst(-15, "State - KS")], "journal-tax-unexplained"),
    ],
)
def test_a_tax_that_nothing_or_too_much_explains_is_held(rows: list[dict[str, Any]], code: str) -> None:
    assert told(*rows, choices=VAT) == ([], [code])


@pytest.mark.parametrize(
    ("taxes", "code"),
    [
        ({("Sales", "GST - KS @ 15", ""): GST}, "tax-unmapped"),
        ({("Purchases", "GST - KS @ 15", ""): TaxType("INPUT2", None)}, "tax-rate-unknown"),
        ({("Purchases", "GST - KS @ 15", ""): TaxType("INPUT2", D("12.5"))}, "tax-differs"),
    ],
)
def test_a_tax_type_that_does_not_fit_is_a_persons_to_map(taxes: dict[Any, TaxType], code: str) -> None:
    assert told(plain(100), gst(15), bank(-115), choices=mapping(taxes=taxes))[1] == [code]


def test_rows_outside_the_tax_need_a_tax_type_of_their_own() -> None:
    assert told(plain(100), gst(15), plain(-115, "Sales - KS"), choices=mapping(no_tax_type=""))[1] == ["no-tax-type-missing"]


def test_too_many_rows_are_not_searched() -> None:
    rows = [plain(100 + at) for at in range(13)]
    assert told(*rows, gst(15), bank(-1393))[1] == ["journal-tax-unexplained"]


@pytest.mark.parametrize("rows", [[gst(0.44), plain(-0.44)], [gst(-150.0), plain(150.0, "Withholding - KS")]])
def test_a_journal_that_moves_tax_itself_is_no_puzzle_about_rates(rows: list[dict[str, Any]]) -> None:
    """A rounding of the return, or what is owed by it: there is no line that a tax rate could go on."""
    problems: list[Problem] = []
    assert taxed(journal_legs.read(journal_entry(*rows), mapping()), problems) == []
    assert [(each.code, each.held) for each in problems] == [("journal-tax-unexplained", True)]
    assert "moves tax itself" in problems[0].message and "tax rate" not in problems[0].resolution
    problems.clear()
    taxed(journal_legs.read(journal_entry(gst(9.0), plain(100.0), plain(-109.0, "Sales - KS")), mapping()), problems)
    assert "tax rate on each line" in problems[0].resolution
