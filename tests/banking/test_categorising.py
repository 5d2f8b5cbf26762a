"""As what a line is entered that no voucher explains: by rules in their order, by what was done with its payee, and not where something else speaks against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from picortex_xero.accounting.texts import _
from picortex_xero.banking.categorising import suggestions, with_codings
from picortex_xero.banking.memory import ALWAYS, FORGOTTEN, Example, Learned, Memory, Suggestion, counted
from picortex_xero.banking.payees import payee, same
from picortex_xero.banking.rules import Rule, first, holds
from picortex_xero.banking.values import CODED, VOUCHERS, Books, Coding, Line, OwnAccount, Part, Proposal

DAY = date(2026, 3, 5)
RENT, POWER, FUEL = (
    Coding("Rent"),
    Coding("Power", tax_doctype="Purchase Taxes and Charges Template", tax_template="GST 15"),
    Coding("Fuel"),
)


def line(text: str, amount: str = "-50", party: str = "", account: str = "Trading", day: date = DAY) -> Line:
    return Line("L1", account, day, D(amount), "NZD", text, party_name=party)


def examples(payee_of: str, coding: Coding, times: int, comes_in: bool = False) -> list[Example]:
    return [Example(payee_of, comes_in, coding, DAY - timedelta(days=at), f"JV-{payee_of}-{coding.account}-{at}") for at in range(times)]


def remembered(*found: list[Example]) -> Memory:
    return Memory(counted(each for some in found for each in some))


@pytest.mark.parametrize(
    "text, party, wanted",
    [
        ("POS W/D SHELL RICCARTON 03MAR 17:21 CARD 4835********1234", "", "SHELL RICCARTON"),
        ("SHELL RICCARTON 998877", "", "SHELL RICCARTON"),
        ("DIRECT DEBIT 12/03/2026 POWERCO LTD REF 00128837", "", "POWERCO"),
        ("BILL PAYMENT", "Powerco Ltd", "POWERCO"),
        ("AMZN*2K4RT6 amzn.com/bill WA", "", "AMZN"),
        ("Überweisung Müller GmbH Rechnung 4711", "", "MÜLLER"),
        ("1234567 8899", "", ""),
        ("PAYMENT", "", ""),
    ],
)
def test_a_payee_is_what_stays_when_numbers_and_the_banks_words_are_gone(text: str, party: str, wanted: str) -> None:
    assert payee(line(text, party=party)) == wanted


def test_umlauts_are_the_same_however_banks_print_them() -> None:
    assert same("MÜLLER") == same("MUELLER") == same("MULLER")


def rule(title: str, coding: Coding = RENT, **conditions: object) -> Rule:
    return Rule(title, title, coding, **conditions)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "conditions, catches",
    [
        ({"texts": ("monthly  FEE",)}, True),
        ({"texts": ("rent", "fee")}, True),
        ({"texts": ("rent",)}, False),
        ({"payees": ("anz",)}, True),
        ({"payees": ("fee",)}, False),
        ({"texts": ("fee",), "payees": ("asb",)}, False),
        ({"texts": ("fee",), "comes_in": False}, True),
        ({"texts": ("fee",), "comes_in": True}, False),
        ({"texts": ("fee",), "bank_account": "Savings"}, False),
        ({"texts": ("fee",), "bank_account": "Trading"}, True),
        ({"least": D("50"), "most": D("50")}, True),
        ({"least": D("50.01")}, False),
        ({"most": D("49.99")}, False),
    ],
)
def test_all_conditions_of_a_rule_hold(conditions: dict[str, object], catches: bool) -> None:
    assert (holds(rule("R", **conditions), line("Monthly Fee", party="ANZ Bank")) is not None) == catches


def test_the_first_rule_decides_and_says_why() -> None:
    found = first(
        [rule("Other", texts=("rent",)), rule("Fees", FUEL, texts=("fee",), most=D(60)), rule("Later", texts=("fee",))], line("BANK FEE")
    )
    assert found is not None and found[0].title == "Fees"
    assert [str(each) for each in found[1]] == ["Your rule Fees", "The line has “fee” in it", "The amount is at most 60.00"]


def test_a_payee_without_a_name_from_the_bank_is_looked_for_in_the_text() -> None:
    assert holds(rule("R", payees=("powerco",)), line("DD POWERCO")) is not None


def best(found: list[Suggestion]) -> tuple[str, bool]:
    return (found[0].coding.account, found[0].score > 60) if found else ("", False)


@pytest.mark.parametrize(
    "power, fuel, wanted",
    [
        (1, 0, ("Power", True)),
        (3, 1, ("Power", True)),
        (2, 1, ("Power", False)),
        (1, 1, ("Fuel", False)),
        (0, 0, ("", False)),
        (1, 9, ("Fuel", True)),
    ],
)
def test_the_best_has_to_clearly_beat_the_others(power: int, fuel: int, wanted: tuple[str, bool]) -> None:
    known = remembered(examples("POWERCO", POWER, power), examples("POWERCO", FUEL, fuel))
    assert best(known.suggestions("POWERCO", False)) == wanted


def test_more_of_the_same_is_surer_and_direction_matters() -> None:
    scores = [remembered(examples("POWERCO", POWER, times)).suggestions("POWERCO", False)[0].score for times in (1, 2, 4, 9)]
    assert scores == sorted(set(scores)) and scores[0] > 60 and scores[-1] < 95
    assert remembered(examples("POWERCO", POWER, 9)).suggestions("POWERCO", True) == []


def test_a_cost_centre_that_varies_is_left_out_and_one_that_is_the_rule_is_taken() -> None:
    north, south = replace(POWER, cost_center="North"), replace(POWER, cost_center="South")
    mixed = remembered(examples("POWERCO", north, 2), examples("POWERCO", south, 2)).suggestions("POWERCO", False)
    assert [(each.coding, each.score > 60) for each in mixed] == [(POWER, True)]
    mostly = remembered(examples("POWERCO", north, 6), examples("POWERCO", south, 1)).suggestions("POWERCO", False)
    assert mostly[0].coding == north


def test_what_a_person_says_of_a_payee_goes_before_what_was_counted() -> None:
    rows = counted(examples("POWERCO", POWER, 9))
    always = Learned("POWERCO", False, RENT, 0, None, ALWAYS)
    assert best(Memory([*rows, always]).suggestions("POWERCO", False)) == ("Rent", True)
    forgotten = [replace(each, state=FORGOTTEN) for each in rows]
    assert Memory(forgotten).suggestions("POWERCO", False) == []
    assert Memory([*forgotten, *counted(examples("POWERCO", FUEL, 1))]).suggestions("POWERCO", False)[0].coding == FUEL


def test_a_chain_is_known_by_the_word_it_begins_with_where_all_its_shops_are_alike() -> None:
    shops = [examples("COUNTDOWN ALBANY", FUEL, 2), examples("COUNTDOWN TAUPO", FUEL, 1)]
    assert best(remembered(*shops).suggestions("COUNTDOWN PETONE", False)) == ("Fuel", True)
    assert remembered(*shops[:1]).suggestions("COUNTDOWN PETONE", False) == []
    assert remembered(*shops, examples("COUNTDOWN RENTALS", RENT, 1)).suggestions("COUNTDOWN PETONE", False) == []
    gone = [replace(each, state=FORGOTTEN) for each in counted(examples("COUNTDOWN PETONE", FUEL, 1))]
    assert Memory([*counted(each for some in shops for each in some), *gone]).suggestions("COUNTDOWN PETONE", False) == []


def test_the_same_examples_in_any_order_count_the_same() -> None:
    some = [*examples("POWERCO", POWER, 3), *examples("SHELL", FUEL, 2)]
    assert counted(some) == counted(reversed(some))
    assert counted(some)[0].vouchers[0] == "JV-POWERCO-Power-0"


def books(closed: date | None = None) -> Books:
    return Books("NZD", (OwnAccount("Trading", "NZD"),), (), (), (), closed)


def voucher(score: int) -> Proposal:
    return Proposal("L1", VOUCHERS, (Part(("Purchase Invoice", "PI-1", ""), D(-50)),), score, (_("The amount is exactly the same"),))


RULES = [rule("Power", POWER, texts=("powerco",))]


@pytest.mark.parametrize(
    "scores, kinds, sure",
    [
        ([], [CODED], True),
        # A voucher is sure: nothing else is said.
        ([92], [VOUCHERS], False),
        # One may be it: it comes first, and what the rule says is doubtful, so that no bill stays open while its payment is coded.
        ([60, 30], [VOUCHERS, VOUCHERS, CODED], False),
        # The amount alone says little.
        ([24], [CODED, VOUCHERS], True),
        ([60, 55, 50, 45, 40], [VOUCHERS, VOUCHERS, VOUCHERS, VOUCHERS, CODED], False),
    ],
)
def test_a_voucher_goes_before(scores: list[int], kinds: list[str], sure: bool) -> None:
    found = with_codings(books(), line("DD POWERCO"), tuple(map(voucher, scores)), RULES, Memory([]))
    assert [each.kind for each in found] == kinds
    assert any(each.kind == CODED and each.score > 60 for each in found) == sure
    assert not any(each.automatic for each in found)


def test_a_rule_goes_before_what_was_done_and_both_are_shown() -> None:
    known = remembered(examples("POWERCO", FUEL, 5))
    found = suggestions(line("DD POWERCO"), RULES, known)
    assert [(each.coding, each.score > 60) for each in found] == [(POWER, True), (FUEL, False)]
    same_thing = suggestions(line("DD POWERCO"), RULES, remembered(examples("POWERCO", POWER, 5)))
    assert [each.coding for each in same_thing] == [POWER]


def test_a_closed_period_is_named() -> None:
    (found,) = with_codings(books(DAY), line("DD POWERCO"), (), RULES, Memory([]))
    assert "closed until 2026-03-05" in str(found.reasons[-1])
