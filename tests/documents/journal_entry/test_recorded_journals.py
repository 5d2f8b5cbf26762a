"""Every Journal Entry that was recorded from ERPNext: what it is for the app (`documents/journal_entry/cases.py`), and exactly what goes to
Xero."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.journal_entry import cases as journals
from picortex_xero.documents.journal_entry.as_settlement import settlement as settlement_of
from picortex_xero.documents.journal_entry.bank_transaction import journal_money
from picortex_xero.documents.journal_entry.cases import SENT_FROM_HERE, case_of, problem_of
from picortex_xero.documents.journal_entry.manual_journal import journal
from picortex_xero.documents.journal_entry.rows import read
from picortex_xero.documents.settlement.settlement import SettledDocument, Settlement, SettlementKind
from tests.scene.documents import SITE
from tests.scene.recorded_journals import CLEARING, corpus, journal_of, told_apart

D = Decimal

RECORDED = [
    ("journal-plain", 0, "plain", journals.MANUAL_JOURNAL),
    ("journal-tax", 0, "plain", journals.MANUAL_JOURNAL),
    ("journal-reversing", 0, "plain", journals.MANUAL_JOURNAL),
    ("journal-reversing", 1, "plain", journals.MANUAL_JOURNAL),
    ("journal-cancelled", 0, "plain", journals.MANUAL_JOURNAL),
    ("deferred-revenue-journal", 0, "plain", journals.MANUAL_JOURNAL),
    ("deferred-revenue-journal", 1, "plain", journals.MANUAL_JOURNAL),
    ("journal-bank-spend", 0, "bank", journals.BANK_TRANSACTION),
    ("journal-bank-receive", 0, "bank", journals.BANK_TRANSACTION),
    ("journal-bank-tax", 0, "bank", journals.BANK_TRANSACTION),
    ("journal-au", 0, "bank", journals.BANK_TRANSACTION),
    ("journal-multi-currency", 0, "bank", journals.BANK_TRANSACTION),
    ("payment-without-party", 0, "bank", journals.BANK_TRANSACTION),
    ("journal-contra", 0, "transfer", journals.PAYMENT),
    ("journal-pays-invoice", 0, "pays", journals.PAYMENT),
    ("journal-advance", 0, "pays", journals.PAYMENT),
    ("journal-advance", 1, "pays", journals.PAYMENT),
    ("journal-set-off", 0, "set-off-by-hand", journals.HELD),
    ("journal-write-off", 0, "write-off", journals.PAYMENT),
    ("journal-multi-currency-party", 0, "write-off", journals.PAYMENT),
    ("journal-receivable", 0, "party-without-invoice", journals.HELD),
    ("journal-payable", 0, "party-without-invoice", journals.HELD),
    ("journal-payable-paid", 0, "party-without-invoice", journals.HELD),
    ("journal-supplier-to-supplier", 0, "party-to-party", journals.HELD),
    ("journal-opening", 0, "opening", journals.HELD),
    ("journal-depreciation", 0, "depreciation-undecided", journals.HELD),
    ("fixed-asset", 0, "depreciation-undecided", journals.HELD),
    ("fixed-asset", 1, "depreciation-undecided", journals.HELD),
    ("exchange-revaluation", 0, "exchange-engine", journals.SKIPPED),
    ("foreign-invoice", 0, "exchange-engine", journals.SKIPPED),
    ("return-allocated-later", 0, "credit-used", journals.CREDIT_USED),
    ("return-cancelled", 0, "credit-used", journals.CREDIT_USED),
    ("debit-note-allocated-later", 0, "credit-used", journals.CREDIT_USED),
]


@pytest.mark.parametrize(("name", "at", "case", "becomes"), RECORDED)
def test_each_recorded_journal_is_its_case(name: str, at: int, case: str, becomes: str) -> None:
    found = case_of(journal_of(name, at))
    assert (found.name, found.becomes) == (case, becomes)


def test_the_corpus_has_no_journal_that_falls_through() -> None:
    counts = Counter(case_of(told_apart(company, doc)).name for company, doc in corpus() if company["code"] in ("NZ", "AU"))
    assert set(counts) == {
        "exchange-engine",
        "transfer",
        "depreciation-undecided",
        "plain",
        "credit-used",
        "bank",
        "party-without-invoice",
    }, counts


@pytest.mark.parametrize("name", sorted({name for name, _, _, becomes in RECORDED if becomes == journals.HELD}))
def test_what_is_held_names_the_journal_and_has_a_recipe(name: str) -> None:
    entry = journal_of(name)
    problem = problem_of(entry, case_of(entry))
    assert problem.held and entry.doc["name"] in problem.message and len(problem.message) > 40
    assert "Xero" in problem.resolution and not problem.resolution.endswith("."), problem.resolution


def money(name: str, **choices: Any) -> dict[str, Any]:
    return journal_money(journal_of(name, **choices), SITE, "k1", 1).body


def line(account: str, amount: str, remark: str, tax_type: str = "NONE", **further: Any) -> dict[str, Any]:
    made = {"Description": remark, "Quantity": D(1), "UnitAmount": D(amount), "AccountCode": account, "TaxType": tax_type}
    return {**made, **further}


def test_a_bank_fee_is_money_spent() -> None:
    made = journal_money(journal_of("journal-bank-spend"), SITE, "k1", 1)
    url = made.body.pop("Url")
    assert url.startswith(f"{SITE}/app/journal-entry/KO-JV-00003?sync=k1-")
    remark = "Bank fee straight from the bank account"
    assert made.body == {
        "Type": "SPEND",
        "Contact": {"Name": "Kahikatea Outdoor Ltd"},
        "BankAccount": {"AccountID": "Trading Account"},
        "Date": "2026-10-20",
        "Reference": "KO-JV-00003 J-journal-bank-s",
        "LineAmountTypes": "NoTax",
        "LineItems": [line("Bank Fees", "12.5", remark)],
    }
    reference = made.body["Reference"]
    assert made.marker == {
        "Type": "SPEND",
        "Account": "Trading Account",
        "Date": "2026-10-20",
        "Total": D("12.5"),
        "Reference": reference,
        "Url": url,
    }
    assert (made.total, made.tax) == (D("12.5"), 0)


def test_interest_less_the_tax_withheld_is_money_received() -> None:
    body = money("journal-bank-receive")
    remark = "Interest received on the bank account, tax withheld"
    assert body["Type"] == "RECEIVE" and body["LineAmountTypes"] == "NoTax"
    assert body["LineItems"] == [line("Withholding Tax", "-33", remark), line("Interest Received", "100", remark)]


@pytest.mark.parametrize(
    ("name", "account", "net", "tax_type", "tax"),
    [("journal-bank-tax", "Administrative Expenses", "200", "INPUT2", "30"), ("journal-au", "Office Rent", "1000", "INPUT", "100")],
)
def test_tax_paid_straight_from_the_bank_is_on_the_line_it_belongs_to(name: str, account: str, net: str, tax_type: str, tax: str) -> None:
    entry = journal_of(name)
    made = journal_money(entry, SITE, "k1", 1)
    assert made.body["LineAmountTypes"] == "Exclusive"
    assert made.body["LineItems"] == [line(account, net, entry.doc["user_remark"], tax_type)]
    assert (made.total, made.tax) == (D(net) + D(tax), D(tax))


def test_dollars_from_the_dollar_account_are_in_dollars() -> None:
    body = money("journal-multi-currency")
    assert body["LineItems"] == [
        line("Administrative Expenses", "100", "Dollars from the dollar account for an expense, in two currencies")
    ]
    # Xero wants dollars per NZD: 1 / 1.6682.
    assert body["CurrencyRate"] == D("0.599449") and body["BankAccount"] == {"AccountID": "USD Account"}


@pytest.mark.case("F04")
def test_foreign_money_of_a_journal_keeps_its_worth_or_waits() -> None:
    """The same journal in a company whose currency is ten thousand times weaker."""
    entry = journal_of("journal-multi-currency")
    rows = [
        {
            **row,
            **{name: row[name] * 10000 for name in ("debit", "credit") if row.get(name)},
            "exchange_rate": row["exchange_rate"] * foreign,
        }
        for row in entry.doc["accounts"]
        for foreign in [10000 if row["account_currency"] == "USD" else 1]
    ]
    weak = read({**entry.doc, "accounts": rows}, entry.mapping)
    with pytest.raises(Refused) as refused:
        journal_money(weak, SITE, "k1", 1)
    (problem,) = refused.value.problems
    assert (problem.code, problem.held) == ("rate-inexact", True) and entry.doc["name"] in problem.message
    accepted = journal_money(replace(weak, mapping=replace(entry.mapping, accept_rates=True)), SITE, "k1", 1)
    assert accepted.body["CurrencyRate"] == D("0.00006") and str(accepted.said[0]) == str(problem.message)


def lines_of(name: str, at: int = 0, **choices: Any) -> list[tuple[Any, ...]]:
    body = journal(journal_of(name, at, **choices), SITE, "k1", 1).body
    return [(each["AccountCode"], each["LineAmount"], each.get("TaxType")) for each in body["JournalLines"]]


def test_an_accrual_with_branches_is_a_manual_journal() -> None:
    body = journal(journal_of("journal-plain"), SITE, "k1", 1).body
    assert lines_of("journal-plain") == [
        ("Utility Expenses", D("300"), None),
        ("Utility Expenses", D("112.4"), None),
        ("Clearing", D("-412.4"), None),
    ]
    assert [each.get("Tracking") for each in body["JournalLines"]] == [[{"Name": "Branch", "Option": "North"}], None, None]
    assert body["LineAmountTypes"] == "NoTax" and "ShowOnCashBasisReports" not in body
    assert journal(journal_of("journal-plain", cash_basis=True), SITE, "k1", 1).body["ShowOnCashBasisReports"] is False


def test_tax_in_a_manual_journal_is_on_the_line_it_belongs_to() -> None:
    assert lines_of("journal-tax") == [("Office Rent", D("1000"), "INPUT2"), ("Clearing", D("-1150"), "NONE")]
    assert journal(journal_of("journal-tax"), SITE, "k1", 1).body["LineAmountTypes"] == "Exclusive"


def test_every_line_knows_why_it_has_its_account_and_its_tax_type() -> None:
    entry = journal_of("journal-tax")
    rent, clearing = journal(entry, SITE, "k1", 1).reasons
    assert (
        (rent.account, rent.tax_type) == ("Office Rent", "INPUT2")
        and "GST - KO @ 15" in rent.tax_why
        and "Office Rent - KO" in rent.account_why
    )
    assert (clearing.account, clearing.tax_type) == ("Clearing", "NONE") and "Lines Without Tax" in clearing.tax_why
    (fee,) = journal_money(journal_of("journal-bank-spend"), SITE, "k1", 1).reasons
    assert (fee.account, fee.tax_type, fee.tax_why) == ("Bank Fees", "", "The journal has no row for tax")


def test_a_reversal_turns_the_accrual_round() -> None:
    there, back = lines_of("journal-reversing"), lines_of("journal-reversing", 1)
    assert back == [(account, -amount, tax_type) for account, amount, tax_type in there]


def test_a_monthly_release_of_deferred_revenue_is_a_manual_journal() -> None:
    assert lines_of("deferred-revenue-journal") == [("Sales", D("-404.35"), None), ("Deferred Revenue", D("404.35"), None)]


@pytest.mark.parametrize("name", ["journal-depreciation", "fixed-asset"])
def test_depreciation_goes_where_the_asset_register_is(name: str) -> None:
    sent, kept = (case_of(journal_of(name, depreciation=choice)) for choice in (SENT_FROM_HERE, journals.KEPT_IN_XERO))
    assert sent.becomes == journals.MANUAL_JOURNAL and kept.becomes == journals.SKIPPED
    assert {account for account, _, _ in lines_of(name, depreciation=SENT_FROM_HERE)} == {"Depreciation", "Accumulated Depreciation"}


def settlement(name: str, at: int = 0, **choices: Any) -> Settlement:
    found = settlement_of(journal_of(name, at, **choices))
    assert found is not None
    return found


def test_a_contra_entry_is_a_transfer_between_own_accounts() -> None:
    found = settlement("journal-contra")
    assert found.who.doctype == "Journal Entry" and found.kind is SettlementKind.TRANSFER
    assert (found.leaves.account, found.leaves.amount) == ("Cash - KO", 700)
    assert (found.arrives.account, found.arrives.amount) == ("Trading Account - KO", 700)
    assert found.named_party == ("", "") and not found.parts


def test_a_bank_journal_against_an_invoice_is_its_payment() -> None:
    found = settlement("journal-pays-invoice")
    assert (found.kind, *found.named_party) == (SettlementKind.RECEIVE, "Customer", "Pinecrest Motels KO055")
    assert (found.leaves.account, found.arrives.account, found.leaves.amount) == ("Debtors - KO", "Trading Account - KO", 200)
    assert found.parts == (SettledDocument("Sales Invoice", "KO-SI-00040", D(200)),)


def test_an_advance_settles_nothing_first_and_later_its_invoice() -> None:
    before, after = settlement("journal-advance"), settlement("journal-advance", 1)
    assert before.parts == () and before.party_amount == after.party_amount == 300
    assert after.parts == (SettledDocument("Sales Invoice", "KO-SI-00041", D(300)),)


def test_a_set_off_pays_each_side_through_the_clearing_account() -> None:
    found = settlement("journal-set-off", clearing=CLEARING)
    assert found.kind is SettlementKind.SET_OFF and found.named_party == ("", "")
    assert found.parts == (
        SettledDocument("Purchase Invoice", "KO-PI-00022", D(250)),
        SettledDocument("Sales Invoice", "KO-SI-00042", D(250)),
    )
