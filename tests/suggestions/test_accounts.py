"""Suggestions for accounts, against Xero's default charts."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from picortex_xero.suggestions.accounts import CLASS_ROOT, suggest
from picortex_xero.suggestions.allowed import same_class, same_kind
from picortex_xero.suggestions.meaning import THESAURUS, Meaning
from picortex_xero.suggestions.values import CLASS_OF, HIGH, LOW, MEDIUM, Answer, HostAccount, Nothing, Suggestion, XeroAccount
from picortex_xero.suggestions.words import plain, words
from tests.scene.pace import loops
from tests.suggestions.charts import xero
from tests.suggestions.measure import charts, judge


def target(answer: Answer) -> str:
    return answer.target if isinstance(answer, Suggestion) else "-"


@pytest.mark.parametrize(("name", "country"), charts())
def test_nine_of_ten_are_right_and_none_is_wrong_where_it_is_sure(name: str, country: str) -> None:
    figures = judge(charts()[name, country], country)
    assert not figures.wrong_and_sure
    assert len(figures.wrong) * 10 <= figures.accounts, figures.wrong
    assert figures.sure * 4 >= figures.accounts


def one(title: str, root_type: str, chart: list[XeroAccount] | str, **known: object) -> Answer:
    account = HostAccount(f"{title} - KS", root_type=root_type, title=title, **known)  # type: ignore[arg-type]
    return suggest([account], xero(chart) if isinstance(chart, str) else chart)[account.name]


def there(name: str, code: str = "700", kind: str = "EXPENSE", belongs: str = "EXPENSE", **known: str) -> XeroAccount:
    return XeroAccount(code, name, kind, belongs, **known)


SURE = [
    ("Telephone Expenses", "Expense", "AU", "489"),
    ("Subs", "Expense", "NZ", "485"),
    ("Automobile Costs", "Expense", "UK", "449"),
    ("Accum. Depn - Computer Equipment", "Asset", "AU", "721"),
    ("Accruals", "Liability", "NZ", "805"),
    # Kinds of a thing, named after it.
    ("Public Liability Insurance", "Expense", "AU", "433"),
    ("Depreciation - Motor Vehicles", "Expense", "AU", "416"),
    ("Unearned Income", "Liability", "UK", "810"),
]


@pytest.mark.parametrize(("title", "root_type", "country", "right"), SURE)
def test_names_of_the_trade(title: str, root_type: str, country: str, right: str) -> None:
    answer = one(title, root_type, country)
    assert isinstance(answer, Suggestion) and (answer.target, answer.band) == (right, HIGH)


NOT_SURE = [
    ("Bank Charges and Interest", "Expense", "AU"),
    ("Motor Insurance", "Expense", "AU"),
    ("Internet Marketing Training", "Expense", "UK"),
    ("Supplier Prepayments", "Asset", "AU"),
    ("Shareholder Loan", "Liability", "AU"),
    ("Payroll Liabilities", "Liability", "UK"),
    ("Company Credit Card", "Liability", "UK"),
    # A qualifier makes another thing of it.
    ("Prepaid Rent", "Expense", "AU"),
    ("Rent Receivable", "Expense", "AU"),
    ("Accrued Wages", "Expense", "AU"),
    ("Insurance Claims Received", "Expense", "AU"),
    ("Sales Expenses", "Expense", "AU"),
    ("Entertainment", "Expense", "UK"),
    ("Medical Insurance", "Expense", "NZ"),
    ("Accumulated Depreciation", "Asset", "AU"),
    ("Accumulated Depreciation - Motor Vehicles", "Asset", "AU"),
    ("Rent & Rates", "Expense", "UK"),
    ("Travel", "Expense", "NZ"),
]


@pytest.mark.parametrize(("title", "root_type", "country"), NOT_SURE)
def test_what_is_not_sure(title: str, root_type: str, country: str) -> None:
    answer = one(title, root_type, country)
    assert isinstance(answer, Nothing) or answer.band != HIGH, answer


def test_taken_off_is_not_the_asset() -> None:
    assert target(one("Office Equipment", "Asset", "AU", parents=("Accumulated Depreciation - KS",))) == "711"
    assert target(one("Office Equipment", "Asset", "AU", account_type="Accumulated Depreciation")) == "711"
    assert target(one("Office Equipment", "Asset", "AU", account_type="Fixed Asset")) == "710"
    assert target(one("Motor Vehicles", "Expense", "AU", parents=("Depreciation",))) == "416"


def test_a_group_says_what_its_accounts_are() -> None:
    assert target(one("Tyres XL", "Expense", "AU", parents=("Motor Vehicle Expenses",))) == "449"
    assert target(one("Wages", "Expense", "UK", parents=("Cost of Sales",))) == "320"
    assert target(one("Wages", "Expense", "AU", parents=("Cost of Sales",))) == "477"
    # A heading over several things is none of them.
    assert target(one("Payroll - Superannuation", "Expense", "AU", parents=("Payroll",))) == "478"
    for group in ("Cost of Sales", "Repairs & Maintenance", "Interest", "Insurance"):
        answer = one("Freight", "Expense", "AU", parents=("Wide", group))
        assert isinstance(answer, Suggestion) and answer.band != HIGH
    freight = one("Freight", "Expense", "AU", parents=("Administrative Expenses",))
    assert isinstance(freight, Suggestion) and freight.band == HIGH


@pytest.mark.parametrize(
    ("title", "right"), [("Machining Work", "200"), ("Wholesale Coffee", "200"), ("Goodwill Gain Qwertz", "-"), ("Loss of Qwertz", "-")]
)
def test_what_a_firm_sells_has_names_of_its_own(title: str, right: str) -> None:
    answer = one(title, "Income", "AU")
    assert target(answer) == right
    assert right == "-" or answer.band == LOW  # type: ignore[union-attr]


WHY_NONE = [
    ("Debtors", "Asset", {"account_type": "Receivable"}, "Xero books it by itself, on Accounts Receivable"),
    ("Till", "Asset", {"account_type": "Cash"}, "It is mapped among the bank and payment accounts"),
    ("GST", "Liability", {}, "Xero books tax by itself; it is mapped among the taxes"),
    ("Stock In Hand", "Asset", {}, "Inventory in Xero takes only items whose quantity Xero tracks"),
    ("Retained Earnings", "Equity", {}, "In Xero this is Retained Earnings, which Xero keeps itself"),
    ("Rounded Off", "Expense", {"account_type": "Round Off"}, "Xero books rounding by itself"),
    ("Goodwill", "Asset", {}, "Xero's chart has no account for this"),
    ("Qwertz", "Liability", {}, "Nothing in Xero has this name or this meaning"),
    ("Qwertz Recoverable", "Expense", {}, "Nothing in Xero has this name or this meaning"),
    ("Accumulated Depreciation", "Asset", {}, "Xero has an account for this by kind of asset; none is for this one, or for all"),
]


@pytest.mark.parametrize(("title", "root_type", "known", "said"), WHY_NONE)
def test_why_none(title: str, root_type: str, known: dict, said: str) -> None:
    answer = one(title, root_type, "AU", **known)  # type: ignore[arg-type]
    assert answer == Nothing(said, kept="which Xero keeps itself" in said)


def test_why_this_one() -> None:
    assert str(one("Rent", "Expense", "AU").reason) == "Same name and class"
    assert str(one("Rent", "Expense", "AU", number="469").reason) == "Same number, name and class"
    assert str(one("Office Rent", "Expense", "AU").reason) == "Same meaning and class: Rent"
    assert str(one("Rego", "Expense", "AU").reason) == "Usually booked on Motor Vehicle Expenses"
    assert str(one("XYZ", "Expense", "AU", parents=("Insurance",)).reason) == "Its group Insurance means Insurance"


def test_a_system_account_of_the_same_name_makes_less_sure() -> None:
    answer = one("Wages Payable", "Liability", "AU")
    assert isinstance(answer, Suggestion) and (answer.target, answer.band) == ("804", MEDIUM)
    assert "Wages Payable could be meant as well" in answer.reason


def test_the_number_decides_between_equals_and_alone_says_nothing() -> None:
    chart = [there("Marketing", "601"), there("Promotion", "602")]
    assert target(one("Advertising", "Expense", chart, number="602")) == "602"
    assert target(one("Advertising", "Expense", chart)) == "601"
    assert one("Advertising", "Expense", chart).band == LOW  # type: ignore[union-attr]
    assert isinstance(one("Plumbing", "Expense", chart, number="602"), Nothing)


def test_a_word_that_turns_the_meaning() -> None:
    assert isinstance(one("Foobar Deposit", "Expense", [there("Foobar")]), Nothing)
    assert isinstance(one("Foobar Hall", "Expense", [there("Foobar")]), Suggestion)
    assert isinstance(one("Rent Recoverable Sydney", "Expense", "AU"), Nothing)
    assert isinstance(one("Rent Sydney", "Expense", "AU"), Suggestion)


def test_fixed_assets_are_kept_apart() -> None:
    cost, taken = Meaning(frozenset(("van",))), Meaning(frozenset(("accumulated", "van")))
    fixed, current = there("Vans", kind="FIXED", belongs="ASSET"), there("Vans", kind="CURRENT", belongs="ASSET")
    asset = HostAccount("Vans - KS", root_type="Asset", account_type="Fixed Asset")
    assert same_kind(asset, cost, fixed, cost) and same_kind(asset, taken, fixed, taken)
    assert (
        not same_kind(asset, cost, fixed, taken) and not same_kind(asset, taken, fixed, cost) and not same_kind(asset, cost, current, cost)
    )
    assert isinstance(one("Vans", "Asset", [current], account_type="Fixed Asset"), Nothing)
    assert isinstance(one("Vans", "Asset", [fixed], account_type="Stock"), Nothing)


def test_classes_are_kept_apart() -> None:
    rent = HostAccount("Rent - KS", root_type="Expense")
    assert same_class(rent, there("Rent")) and not same_class(rent, there("Rent", belongs="REVENUE"))
    assert not same_class(HostAccount("Rent - KS"), there("Rent", belongs=""))


def test_two_of_one_name_are_a_guess() -> None:
    answer = one("Rent", "Expense", [there("Rent", "1"), there("Rent", "2")])
    assert isinstance(answer, Suggestion) and answer.band == LOW


def test_never_what_may_not_be() -> None:
    for known in (
        {"status": "ARCHIVED"},
        {"system_account": "X"},
        {"belongs": "REVENUE"},
        {"kind": "INVENTORY"},
        {"kind": "BANK"},
        {"code": ""},
    ):
        assert isinstance(one("Rent", "Expense", [there("Rent", **known)]), Nothing), known  # type: ignore[arg-type]


def test_keys_without_titles() -> None:
    accounts = [HostAccount("5209 - Office Rent - KS", "5209", "Expense"), HostAccount("5213 - Salary - KS", "5213", "Expense")]
    found = suggest(accounts, xero("AU"))
    assert {name: target(each) for name, each in found.items()} == {"5209 - Office Rent - KS": "469", "5213 - Salary - KS": "477"}


def test_what_is_mapped_is_left_alone_and_many_may_go_to_one() -> None:
    accounts = [HostAccount(f"{name} - KS", root_type="Expense", title=name) for name in ("Rent", "Office Rent", "Insurance")]
    found = suggest(accounts, xero("AU"), {"Insurance - KS"})
    assert {name: target(each) for name, each in found.items()} == {"Rent - KS": "469", "Office Rent - KS": "469"}


def test_a_name_means_one_thing_in_a_class() -> None:
    said: dict[tuple[str, frozenset[str]], str] = {}
    twice = []
    for each in THESAURUS.concepts.values():
        for phrase in each.same:
            key = each.root_type, words(plain(phrase), each.root_type)
            if said.setdefault(key, each.key) != each.key:
                twice.append((phrase, said[key], each.key))
    assert not twice
    assert not [
        (each.key, other) for each in THESAURUS.concepts.values() for other, _points in each.near if other not in THESAURUS.concepts
    ]


ODD = [
    "",
    " ",
    "-",
    "---",
    "💶💶",
    "\u202eRent",
    "Ａｄｖｅｒｔｉｓｉｎｇ",
    "売上高",
    "Reñt",
    "rent\x00",
    "1234",
    "a" * 5000,
    "%s {name}",
    "Rent - - Rent",
    "(((",
    "&",
    "/",
]


def made(seed: int, many: int, few: int) -> tuple[list[HostAccount], list[XeroAccount]]:
    """Accounts of any kind, with names of the trade, pieces of them, and odd ones."""
    rng = random.Random(seed)
    names = [phrase for each in THESAURUS.concepts.values() for phrase in (*each.same, *each.part)] + ODD

    def name() -> str:
        return rng.choice((" - ", " & ", " ", ": ")).join(rng.choice(names) for _ in range(rng.choice((1, 1, 1, 2))))

    types = ["", "", "Tax", "Fixed Asset", "Bank", "Receivable", "Accumulated Depreciation", "Depreciation", "Stock", "Round Off", "Oddity"]
    hosts = [
        HostAccount(
            f"{name()} {at} - KS",
            str(rng.randrange(900)),
            rng.choice([*CLASS_OF, "", "?"]),
            rng.choice(types),
            "",
            (name(), name()),
            name(),
        )
        for at in range(many)
    ]
    hosts += [replace(each, name=hosts[0].name) for each in hosts[1:6]]
    kinds = {
        "ASSET": ["CURRENT", "FIXED", "BANK", "INVENTORY"],
        "LIABILITY": ["CURRLIAB"],
        "EQUITY": ["EQUITY"],
        "REVENUE": ["REVENUE"],
        "EXPENSE": ["EXPENSE"],
    }
    listed = []
    for at in range(few):
        belongs = rng.choice(list(CLASS_ROOT))
        code, system = str(at) if rng.random() > 0.05 else "", rng.choice(["", "", "", "", "GST"])
        listed.append(
            XeroAccount(
                code, name(), rng.choice(kinds[belongs]), belongs, "", system, rng.choice(["ACTIVE", "ACTIVE", "ACTIVE", "ARCHIVED"])
            )
        )
    return hosts, listed


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_names(seed: int) -> None:
    hosts, listed = made(seed, 150, 120)
    found = suggest(hosts, listed)
    by_code = {each.code: each for each in listed if each.code}
    roots: dict[str, set[str]] = {}
    for each in hosts:
        roots.setdefault(each.name, set()).add(CLASS_OF.get(each.root_type, ""))
    assert set(found) == {each.name for each in hosts}
    for name, answer in found.items():
        if isinstance(answer, Suggestion):
            account = by_code[answer.target]
            assert account.account_class in roots[name]
            assert account.status == "ACTIVE" and not account.system_account and account.type not in ("BANK", "INVENTORY")
            assert 35 <= answer.points <= 98 and answer.band in (HIGH, MEDIUM, LOW)
        assert answer.reason
    for turned in (1, 2):
        random.Random(turned).shuffle(hosts)
        random.Random(turned).shuffle(listed)
        again = suggest(hosts, listed)
        assert again == found and {name: str(each.reason) for name, each in again.items()} == {
            name: str(each.reason) for name, each in found.items()
        }


@pytest.mark.parametrize("alike", [False, True])
def test_three_thousand_against_three_hundred_in_a_second_or_so(alike: bool) -> None:
    hosts, listed = made(1, 3000, 300)
    if alike:
        hosts = [HostAccount(f"Travel office {at} - KS", root_type="Expense") for at in range(3000)]
        listed = [XeroAccount(str(at), f"Travel office {at}x", "EXPENSE", "EXPENSE") for at in range(300)]
    # 85; each compared with each, they take 650 and more.
    assert suggest(hosts, listed) and loops(lambda: suggest(hosts, listed), 250) < 250
