"""Every recorded case, played through the app: Xero's books agree with ERPNext's, and show what `sandbox/erp/expected` says.

Where this fails after a change that is meant: `python -m sandbox.replay expected --write`, and read the difference before committing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import erp
from sandbox.replay import expected, run
from sandbox.replay.refusals import REFUSALS
from tests.sandbox_xero import exchange_check


@pytest.fixture(scope="module", params=run.COUNTRIES)
def played(request: pytest.FixtureRequest) -> Iterator[run.Played]:
    yield run.cases(request.param)


def test_no_case_differs_from_the_host(played: run.Played) -> None:
    different = {case: verdict.different for case, verdict in played.verdicts.items() if verdict.different}
    assert not different
    assert not played.loose
    assert {code for verdict in played.verdicts.values() for code in verdict.held.values()} <= set(REFUSALS)


def test_compared_with_xero_nothing_differs(played: run.Played) -> None:
    assert not played.differing and [found[:2] for found in played.compared] == run.MERGED.get(played.country, [])
    assert all(here and there and "-" not in here for kind, _name, here, there in played.compared if kind == "Contact"), "names, no ids"


def test_every_case_is_in_xero_as_expected(played: run.Played) -> None:
    assert expected.differences(played.country, played.expectations) == {}


def test_what_waits_for_a_person_says_why_and_what_to_do(played: run.Played) -> None:
    for step in played.steps:
        if step["state"] in ("Held", "Needs Attention"):
            assert step["reason"] and step["cure"], (step["reference_name"], step["role"])
        assert step["reason_code"] != "unexpected", (step["reference_name"], step["reason"])


def test_every_exchange_agrees_with_xeros_description(played: run.Played) -> None:
    assert played.calls and not [call["crash"] for call in played.calls if call.get("crash")]
    if not exchange_check.available():
        pytest.skip("../shared/xero-openapi is absent")
    complaints = [text for call in played.calls for text in exchange_check.complaints(call)]
    assert not complaints, "\n".join(complaints[:20])


def test_every_case_has_its_rule_how_sure_it_is_and_what_was_reviewed() -> None:
    recorded: dict[str, set[str]] = {country: set() for country in run.COUNTRIES}
    for _, case in erp.cases():
        recorded[case["company"]].add(case["case"])
    assert sum(map(len, recorded.values())) >= 147
    for country, cases in recorded.items():
        written = expected.read(country)
        assert set(written) == cases
        for case, each in written.items():
            assert len(each["rule"]) > 20 and each["confidence"] in expected.CONFIDENCES, (country, case)
            assert len(each["reviewed"]) > 20, f"{country} {case}: nobody has said what was compared with the recorded documents"
            assert each["objects"] or each["held"] or each["not_sent"] or case == "landed-cost", (country, case)


def test_a_difference_is_noticed() -> None:
    written = expected.read("UK")
    case = next(case for case, each in written.items() if each["objects"].get("Invoices"))
    made = {name: value for name, value in written[case].items() if name not in expected.KEPT}
    invoice = {**made["objects"]["Invoices"][0], "Total": "0.01"}
    assert expected.differences("UK", {case: made}) == {}
    changed = {**made, "objects": {**made["objects"], "Invoices": [invoice]}, "held": {"X-1 invoice": "for-fun"}}
    sentences = expected.differences("UK", {case: changed, "another": made})
    assert "for-fun" in sentences[case][0] and any("not expected" in each and '"0.01"' in each for each in sentences[case])
    assert sentences["another"] == ["nothing is written down for this case"]
