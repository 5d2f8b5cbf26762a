"""Bank accounts by number, currency and name, and tracking options by name."""

from __future__ import annotations

from picortex_xero.suggestions import banks, tracking
from picortex_xero.suggestions.values import HIGH, LOW, MEDIUM, CostCentre, HostAccount, Nothing, Suggestion, TrackingOption, XeroAccount


def bank(name: str, currency: str = "EUR", number: str = "", kind: str = "BANK", status: str = "ACTIVE") -> XeroAccount:
    return XeroAccount(
        "", name, "BANK", "ASSET", status=status, bank_type=kind, currency=currency, account_id=f"id-{name}", bank_number=number
    )


def ours(title: str, currency: str = "EUR", number: str = "", kind: str = "Bank") -> HostAccount:
    return HostAccount(f"{title} - KS", "", "Asset", kind, currency, ("Bank Accounts - KS",), title, number)


def found(hosts: list[HostAccount], xero: list[XeroAccount]) -> dict[str, tuple[str, str] | str]:
    answers = banks.suggest(hosts, xero, "EUR")
    return {
        name.removesuffix(" - KS"): (each.target.removeprefix("id-"), each.band) if isinstance(each, Suggestion) else str(each.reason)
        for name, each in answers.items()
    }


def test_the_number_is_proof() -> None:
    xero = [bank("Main", number="DE89 3704 0044 0532 0130 00"), bank("Old", number="12-3456-7890123-00")]
    assert found([ours("Sparkasse", number="DE89370400440532013000"), ours("Other", number="1234567890123 00")], xero) == {
        "Sparkasse": ("Main", HIGH),
        "Other": ("Old", HIGH),
    }
    assert found([ours("Sparkasse", number="0532013000")], xero) == {"Sparkasse": ("Main", HIGH)}


def test_another_number_speaks_against_the_same_name() -> None:
    answer = found([ours("Main", number="DE11111111111111111111")], [bank("Main", number="DE89370400440532013000")])
    assert isinstance(answer["Main"], str)


def test_name_and_currency() -> None:
    xero = [bank("Deutsche Bank"), bank("Commerzbank"), bank("Deutsche Bank USD", "USD")]
    assert found([ours("Deutsche Bank"), ours("Deutsche Bank USD", "USD")], xero) == {
        "Deutsche Bank": ("Deutsche Bank", HIGH),
        "Deutsche Bank USD": ("Deutsche Bank USD", HIGH),
    }


def test_the_only_one_of_a_currency_is_likely_not_sure() -> None:
    xero = [bank("Business Bank Account"), bank("Foreign Account USD", "USD")]
    assert found([ours("Sparkasse"), ours("Citi", "USD")], xero) == {
        "Sparkasse": ("Business Bank Account", MEDIUM),
        "Citi": ("Foreign Account USD", MEDIUM),
    }


def test_two_here_for_one_there_is_a_guess() -> None:
    answers = found([ours("Sparkasse"), ours("Volksbank")], [bank("Business Bank Account")])
    assert {each[1] for each in answers.values()} == {LOW}


def test_two_with_a_name_like_one_are_guesses() -> None:
    answers = found([ours("Deutsche Bank Main"), ours("Deutsche Bank Extra")], [bank("Deutsche Bank"), bank("Commerzbank")])
    assert {each[1] for each in answers.values()} == {LOW}


def test_another_currency_is_none() -> None:
    assert found([ours("Main", "USD")], [bank("Main")]) == {"Main": f"Xero has no bank account in USD. {banks.CURE}"}


def test_cash_and_cards_are_no_banks() -> None:
    xero = [bank("Business Bank Account"), bank("Company Visa", kind="CREDITCARD")]
    answers = found([ours("Cash", kind="Cash"), ours("Visa Card"), ours("Sparkasse")], xero)
    assert isinstance(answers["Cash"], str) and answers["Visa Card"][0] == "Company Visa"
    assert answers["Sparkasse"] == ("Business Bank Account", MEDIUM)


def test_the_last_figures_of_a_number() -> None:
    xero = [bank("Chase Checking 0934"), bank("Chase Savings"), bank("Chase Savings 2217")]
    assert found([ours("Operating x0934")], xero)["Operating x0934"] == ("Chase Checking 0934", MEDIUM)
    # Two with the same last figures tell nothing.
    answer = found([ours("Operating x0934")], [*xero, bank("Chase Payroll 110934")])["Operating x0934"]
    assert answer != ("Chase Checking 0934", MEDIUM)


def test_archived_and_two_of_one_name() -> None:
    assert isinstance(found([ours("Main")], [bank("Main", status="ARCHIVED")])["Main"], str)
    twins = [bank("Main"), XeroAccount("", "Main", "BANK", "ASSET", currency="EUR", account_id="id-other")]
    answer = found([ours("Main")], twins)["Main"]
    assert isinstance(answer, str) or answer[1] != HIGH


def track(names: list[str], options: list[TrackingOption]) -> dict[str, tuple[str, str] | str]:
    answers = tracking.suggest([CostCentre(f"{name} - KS", name) for name in names], options)
    return {
        name.removesuffix(" - KS"): (each.target, each.band) if isinstance(each, Suggestion) else str(each.reason)
        for name, each in answers.items()
    }


def option(name: str, key: str = "", category: str = "Region", status: str = "ACTIVE") -> TrackingOption:
    return TrackingOption(key or name, name, category, status)


def test_tracking_by_name() -> None:
    options = [option("North"), option("South Island"), option("Sales Department"), option("Old", status="ARCHIVED")]
    assert track(["North", "south island", "Sales", "Old", "West"], options) == {
        "North": ("North", HIGH),
        "south island": ("South Island", HIGH),
        "Sales": ("Sales Department", HIGH),
        "Old": "No tracking option has this name",
        "West": "No tracking option has this name",
    }
    assert track(["North"], [option("North", "a"), option("North", "b", "Team")])["North"][1] == LOW
    assert track(["South"], options)["South"] == ("South Island", MEDIUM)
    assert isinstance(tracking.suggest([CostCentre("Main - KS")], [])["Main - KS"], Nothing)


def test_daily_and_savings_accounts_are_told_apart_within_a_bank() -> None:
    xero = [bank("Alpha Cheque Account"), bank("Alpha Bonus Saver"), bank("Beta Everyday"), bank("Beta Cash Reserve")]
    assert {name: each[0] for name, each in found([ours("Alpha Checking 12"), ours("Alpha Savings (tax)")], xero).items()} == {
        "Alpha Checking 12": "Alpha Cheque Account",
        "Alpha Savings (tax)": "Alpha Bonus Saver",
    }
    # Without a word for it, it is the one for every day; never sure.
    for name in ("Beta Trading a/c", "Beta"):
        answer = found([ours(name)], xero)[name]
        assert answer[0] == "Beta Everyday" and answer[1] != HIGH
    assert found([ours("Beta Deposit")], xero)["Beta Deposit"][0] == "Beta Cash Reserve"
