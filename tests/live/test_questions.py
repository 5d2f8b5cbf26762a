"""`make test-live` asks a Demo Company; `make test` asks the simulator the same questions, so that they cannot rot. With each rule turned over in
turn exactly that question differs (QUESTIONS=all does so with every one)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from picortex_xero.accounting.questions import RULES, kinds_held
from picortex_xero.questions.every import NAMES
from picortex_xero.questions.experiments import AS_EXPECTED, DIFFERS, EXPERIMENTS, NOT_CHECKED
from picortex_xero.questions.organisation import NotADemoCompany, Organisation
from picortex_xero.xero.records.registry import KINDS
from sandbox.replay import expected, run
from sandbox.xero.process import RunningXero, running
from tests.live.demo_company import Unavailable, asked, demo_company, organisation
from tests.live.faults import OTHERWISE, switch_on

# What an organisation of that country has nothing for.
UNANSWERED = {"NZ": {"a_reverse_charge_shows_no_tax_though_its_rate_is_not_zero"}, "UK": set[str]()}
SAMPLE = ("a_bill_keeps_its_url_and_its_number_may_repeat", "two_payments_of_one_day_are_two")
TURNED_OVER = NAMES if os.environ.get("QUESTIONS") == "all" else SAMPLE


def of(xero: RunningXero) -> Organisation:
    xero.unlimited()
    return organisation(f"{xero.address}/api.xro/2.0/", xero.tenant, xero.token()["access_token"])


@pytest.fixture(scope="module", params=["NZ:NZD", "UK:GBP"])
def simulated(request: pytest.FixtureRequest) -> Iterator[tuple[str, Organisation]]:
    with running([f"{request.param}:Demo Company"]) as xero:
        yield request.param[:2], of(xero)


@pytest.fixture(scope="module")
def british() -> Iterator[RunningXero]:
    with running(["UK:GBP:Demo Company"]) as xero:
        yield xero


@pytest.fixture(scope="module")
def live() -> Organisation:
    if not os.environ.get("LIVE"):
        pytest.skip("experiments on a Xero Demo Company run by `make test-live` only")
    try:
        return demo_company()
    except Unavailable as why:
        pytest.skip(f"no Xero Demo Company: {why}")


@pytest.mark.parametrize("name", NAMES)
def test_on_the_simulator(simulated: tuple[str, Organisation], name: str) -> None:
    country, org = simulated
    result = asked(name, org)
    assert result.state == (NOT_CHECKED if name in UNANSWERED[country] else AS_EXPECTED), result.seen
    assert result.seen


@pytest.mark.parametrize("name", NAMES if os.environ.get("LIVE") else ["only by `make test-live`"])
def test_on_a_demo_company(live: Organisation, name: str) -> None:
    settles, _ = EXPERIMENTS[name]
    result = asked(name, live)
    print(f"\n{name}: {result.state}: {result.seen}  (settles: {settles})")
    if result.state == NOT_CHECKED:
        pytest.skip(result.seen)
    assert result.state == AS_EXPECTED, result.seen


@pytest.mark.parametrize("name", TURNED_OVER)
def test_a_rule_turned_over_is_seen_by_its_own_question_alone(british: RunningXero, name: str) -> None:
    org = of(british)
    switch_on(british, name)
    results = {each: asked(each, org) for each in NAMES}
    differing = [each for each, result in results.items() if result.state == DIFFERS]
    assert differing == [name], {each: result.seen for each, result in results.items() if result.state != AS_EXPECTED}
    assert [each for each, result in results.items() if result.state == NOT_CHECKED] == []
    assert kinds_held(differing) == RULES[name].kinds


def test_what_xero_does_not_answer_is_not_checked(british: RunningXero) -> None:
    british.clear_faults()
    british.fault("error_before", method="GET", path="/Accounts", status=503, times=1)
    name = "a_line_may_carry_a_tax_amount_that_is_a_cent_off"
    org = of(british)
    result = asked(name, org)
    assert result.state == NOT_CHECKED and "503" in result.seen
    assert asked(name, org).state == AS_EXPECTED


def test_nothing_but_a_demo_company_is_asked(british: RunningXero) -> None:
    british.clear_faults()
    with pytest.raises(NotADemoCompany, match="Demo Company"):
        of(british).must_be_a_demo_company()
    british.person("set_demo", demo=True)
    of(british).must_be_a_demo_company()


def test_every_question_has_its_rule_and_a_way_to_differ() -> None:
    assert {*NAMES} == {*RULES} == {*OTHERWISE}
    assert [kind for rule in RULES.values() for kind in rule.kinds if kind not in KINDS] == []
    assert all(rule.kinds for rule in RULES.values()), "a rule that holds nothing needs no question"


def test_the_readme_names_every_experiment() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert [name for name in NAMES if f"`{name}`" not in readme] == []


def test_every_experiment_that_a_review_names_exists() -> None:
    reviews = [(case, each["reviewed"]) for country in run.COUNTRIES for case, each in expected.read(country).items()]
    named = [(case, name) for case, text in reviews for name in re.findall(r"\b[a-z]+(?:_[a-z]+){3,}\b", text)]
    assert len(named) > 30 and [each for each in named if each[1] not in NAMES] == []
