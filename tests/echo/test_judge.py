"""The judge and the plan see what they must: a planted second record, one that is gone, one that differs, steps that end nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.echo import judge, plan, results
from tests.echo.fuzz import Fuzz
from tests.echo.plan import Combination
from tests.echo.trial import Outcome


def change(id_: str, action: str = "created", **facts: Any) -> dict[str, Any]:
    return {"id": id_, "resource": "Payments", "action": action, "status": "AUTHORISED", "amount": 40, "reference": "P-1", **facts}


def kinds(expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[str]:
    return [finding.kind for finding in judge.against(judge.made(expected), judge.made(found))]


@pytest.mark.parametrize(("found", "expected"), [
    ([change("a")], []), ([], []), ([change("a"), change("b")], ["double"]),
    ([change("a"), change("b"), change("b", "deleted", status="DELETED")], []),
    ([change("a", reference="P-9")], ["different"]), ([change("a"), change("b", reference="P-9")], ["double"]),
    ([change("a"), change("old", "deleted", status="DELETED")], ["deleted"])])  # fmt: skip
def test_what_the_ledger_tells(found: list[dict[str, Any]], expected: list[str]) -> None:
    assert kinds([change("x")], found) == expected


def test_one_twice_is_seen_where_another_is_missing() -> None:
    pair = [change("x"), change("y", reference="P-2")]
    assert kinds(pair, [change("a"), change("b")]) == ["double"]


def test_what_the_undisturbed_run_removes_may_be_gone() -> None:
    gone = [change("old", "deleted", status="DELETED")]
    assert kinds(gone, gone) == [] and kinds(gone, []) == []


def test_steps_that_end_nowhere() -> None:
    row = {"name": "1", "kind": "payment", "role": "payment", "reference_name": "P-1", "state": "Synced", "reason": "", "blocked_on": ""}
    rows = [row, {**row, "name": "2", "state": "Unknown"}, {**row, "name": "3", "state": "Held"},
            {**row, "name": "4", "state": "Needs Attention", "reason": "Why"}, {**row, "name": "5", "state": "Pending", "blocked_on": "4"},
            {**row, "name": "6", "state": "Pending", "blocked_on": "2"}]  # fmt: skip
    assert [finding.text.split(" is ")[1].split(":")[0] for finding in judge.unended(rows)] == ["Unknown", "Held", "Pending"]


def test_every_field_of_an_answer_is_in_the_plan() -> None:
    answer = {"Id": "i", "Status": "OK", "Payments": [{"PaymentID": "p", "Invoice": {"Lines": [{"A": "x"}, {"B": "y"}]}}]}
    call = {"path": "/api.xro/2.0/Payments", "response": answer}
    known = {"payment": plan.Known(judge.Made(), [call], [call])}
    found, left_out = plan.combinations(known)
    fields = {each.field for each in found if each.mode == plan.BOTH and not each.envelope}
    assert fields == {"PaymentID", "Invoice", "Invoice.Lines", "Invoice.Lines.0", "Invoice.Lines.*.A", "Invoice.Lines.*.B"}
    assert {each.field for each in found if each.envelope} == {"Id", "Status", "Payments"}
    assert left_out[plan.NOTHING_THERE] == 2, "that an answer is without elements is an echo, that a list is empty is not"
    assert len({each.name for each in found}) == len(found)
    shards = [each.share(4) for each in found]
    assert set(shards) == {1, 2, 3, 4} and shards == [each.share(4) for each in found]


def test_results_go_on_for_the_same_code_only(tmp_path: Any) -> None:
    one, two = (Combination("payment", plan.LOST, "-", "-", operation) for operation in ("none", "tidied"))
    place = tmp_path / "results"
    bad = Outcome([judge.Finding("double", "2 of Payments"), judge.Finding("unclear", "Unknown")], 1, 3)
    place.write_text(results.line(one, bad, "now") + "\n" + results.line(two, Outcome([], 0, 1), "before") + '\n{"code": "now", "na')
    assert set(results.read("now", place)) == {one.name}
    lines = "\n".join(results.report([one, two], results.read("now", place), {"why": 7}))
    assert "1 of 2 combinations run, 1 still to run, 1 failed" in lines and "7 why" in lines and "double        1 payment|lost|-" in lines


PLANTED = [Combination("payment", plan.BOTH, r"/Payments$", "Reference", "missing"),
           # Not a bill: Xero is asked for those of its number before one is sent, so that a second one is held.
           Combination("journal", plan.BOTH, r"/ManualJournals$", "Url", "missing")]  # fmt: skip


@pytest.mark.case("S1")
@pytest.mark.parametrize("combination", PLANTED, ids=lambda each: each.scene)
def test_a_planted_second_create_after_an_id_is_caught(fuzz: Fuzz, combination: Combination, monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that gives an element back for creation although Xero answered it with an id."""
    known = fuzz.known(combination.scene)
    from picortex_xero.engine import record

    right = record.record
    planted: list[str] = []

    def given_back(context: Any, attempt: Any, answer: Any) -> Any:
        elements = (answer.data or {}).get(attempt.kind.endpoint) if answer.status == 200 else None
        unmatched = [element for element in elements or [] if element.get(attempt.kind.id_field) and not element.get(combination.field)]
        if not unmatched or len(planted) == 2:
            return right(context, attempt, answer)
        planted.append(attempt.key)
        for member in attempt.members:
            record.give_back(attempt, member)
        attempt.resolve("planted", answer.status)
        return []

    monkeypatch.setattr(record, "record", given_back)
    outcome = fuzz.run(combination)
    assert known.writes and planted and outcome.reached
    assert "double" in [finding.kind for finding in results.failed(outcome.findings)]
