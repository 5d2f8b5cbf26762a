"""What Xero's answers mean. An unknown one is never a reason to write again."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from picortex_xero.xero import answers
from picortex_xero.xero.answers import Answer, element_errors, judge, refusal, said
from picortex_xero.xero.records import xero_element
from picortex_xero.xero.records.registry import KINDS

SHARED = Path(__file__).resolve().parents[3] / "shared" / "xero-data" / "xero_errors.json"
TABLE: list[dict[str, str]] = json.loads(files("picortex_xero.xero").joinpath("errors.json").read_text())
ELEMENTS = {"Elements": [{"ValidationErrors": [{"Message": "x"}]}]}


@pytest.mark.parametrize(
    ("answer", "kind", "wait"),
    [
        (Answer(0, failure="unsent"), answers.RELEASE, 60),
        (Answer(0, failure="lost"), answers.REPLAY, 0),
        (Answer(200, data={"Invoices": []}), answers.ELEMENTS, 0),
        (Answer(201, data={}), answers.ELEMENTS, 0),
        (Answer(204, data={}), answers.ELEMENTS, 0),
        (Answer(200, data=None, text="<html>"), answers.REPLAY, 0),
        (Answer(200, data=[]), answers.REPLAY, 0),
        (Answer(400, data=ELEMENTS), answers.ELEMENTS, 0),
        (Answer(400, data={"Message": "A validation exception occurred", "Elements": []}), answers.SPLIT, 0),
        (Answer(400, text="Bad Request"), answers.SPLIT, 0),
        (Answer(400, data={"Detail": "The idempotency key is used with a different request"}), answers.PROBE, 0),
        (Answer(401, data={"Detail": "TokenExpired"}), answers.EXPIRED, 0),
        (Answer(401, {"www-authenticate": 'Bearer error="insufficient_scope"'}), answers.SHUT, 0),
        (Answer(403, data={"Detail": "AuthenticationUnsuccessful"}), answers.SHUT, 0),
        (Answer(404), answers.SPLIT, 0),
        (Answer(413), answers.SPLIT, 0),
        (Answer(414), answers.SPLIT, 0),
        (Answer(418, text="teapot"), answers.SPLIT, 0),
        (Answer(202, data={}), answers.PROBE, 0),
        (Answer(302), answers.PROBE, 0),
        (Answer(408), answers.PROBE, 0),
        (Answer(499), answers.PROBE, 0),
        (Answer(429, {"retry-after": "17", "x-rate-limit-problem": "minute"}), answers.PARK, 18),
        (Answer(429, {"retry-after": "66975", "x-rate-limit-problem": "day"}), answers.PARK, 66976),
        (Answer(429, {"x-rate-limit-problem": "concurrent"}), answers.PARK, 5),
        (Answer(429, {"x-rate-limit-problem": "day"}), answers.PARK, 900),
        (Answer(429), answers.PARK, 60),
        (Answer(429, {"retry-after": "soon"}), answers.PARK, 60),
        (Answer(500, data={"Message": "An error occurred in Xero"}), answers.PROBE, 0),
        (Answer(501), answers.PROBE, 0),
        (Answer(502), answers.REPLAY, 0),
        (Answer(503), answers.REPLAY, 0),
        (Answer(504), answers.REPLAY, 0),
    ],
)
def test_verdict(answer: Answer, kind: str, wait: int) -> None:
    verdict = judge(answer)
    assert (verdict.kind, verdict.wait) == (kind, wait)
    assert verdict.limit == answer.header("x-rate-limit-problem")
    if kind in (answers.SPLIT, answers.SHUT):
        assert verdict.problem is not None and verdict.problem.resolution, "what stops a document or a connection carries its cure"


def test_every_verdict_is_reached_by_some_answer() -> None:
    marked = next(mark for mark in test_verdict.pytestmark if mark.name == "parametrize").args[1]
    reached = {kind for _, kind, _ in marked}
    named = {value for name, value in vars(answers).items() if name.isupper() and isinstance(value, str)}
    assert reached == named == {"elements", "split", "release", "park", "expired", "shut", "replay", "probe"}


def test_a_bare_server_error_or_an_unreadable_success_never_counts_as_unwritten() -> None:
    for status in (200, 201, 204, *range(500, 600)):
        assert judge(Answer(status)).kind in (answers.REPLAY, answers.PROBE), status


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(400, data={"Detail": "d", "Message": "m"}), "d"),
        (Answer(400, data={"Message": "m", "Title": "t"}), "m"),
        (Answer(400, data={"error": "invalid"}), "invalid"),
        (Answer(400, text="plain words"), "plain words"),
        (Answer(0, failure="lost"), "lost"),
        (Answer(418), "HTTP 418"),
        (Answer(400, data={"Detail": "x" * 900}), "x" * 500),
    ],
)
def test_xeros_own_words(answer: Answer, words: str) -> None:
    assert said(answer) == words


def test_messages_of_an_element_and_of_all_it_contains_once_each() -> None:
    element = {
        "ValidationErrors": [{"Message": "a"}, {"Message": ""}],
        "LineItems": [{"ValidationErrors": [{"Message": "b"}]}, {"Tracking": [{"ValidationErrors": [{"Message": "a"}]}]}],
        "Contact": {"ValidationErrors": [{"Message": "c"}]},
        "Total": 5,
    }
    assert element_errors(element) == ["a", "b", "c"]


GOOD: dict[str, Any] = {"InvoiceID": "6d7e604a-f924-5054-847a-ed0b33d38763", "Status": "AUTHORISED"}


@pytest.mark.parametrize(
    ("changes", "ok"),
    [
        ({}, True),
        ({"StatusAttributeString": "OK", "HasErrors": False}, True),
        ({"StatusAttributeString": "ERROR"}, False),
        ({"HasErrors": True}, False),
        ({"HasValidationErrors": True}, False),
        ({"ValidationErrors": [{"Message": "x"}]}, False),
        ({"InvoiceID": xero_element.EMPTY_ID}, False),
        ({"InvoiceID": None}, False),
    ],
)
def test_whether_an_element_was_saved(changes: dict[str, Any], ok: bool) -> None:
    assert xero_element.saved(KINDS["invoice"], {**GOOD, **changes}) is ok


@pytest.mark.parametrize(
    "odd", ["no", {"Message": "no"}, ["no"], [{"Message": "no"}], [{"Message": "no"}, 5, None, ["x"], {"Message": {}}]]
)
def test_errors_are_read_however_they_are_written(odd: Any) -> None:
    assert element_errors({"ValidationErrors": odd}) == ["no"]
    assert not xero_element.saved(KINDS["invoice"], {**GOOD, "ValidationErrors": odd})


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry["id"])
def test_every_entry_is_understood(entry: dict[str, str]) -> None:
    found = refusal([f"Something before. {entry['part'].upper()} and after!"])
    assert (found.event, found.problem.code) == (entry["event"], entry["code"])
    assert found.problem.held is (entry["event"] == "hold")
    if entry["event"] in ("refused", "hold"):
        assert found.problem.resolution, "a person must be told what to do"


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/xero-data/xero_errors.json is not there")
@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry["id"])
def test_every_entry_agrees_with_the_list_of_recorded_messages(entry: dict[str, str]) -> None:
    recorded = {each["id"]: each for each in json.loads(SHARED.read_text())["errors"]}[entry["id"]]
    assert entry["part"].casefold() in recorded["text"].casefold()
    assert entry["class"] == recorded["class"]


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/xero-data/xero_errors.json is not there")
def test_no_recorded_message_is_taken_for_another_class() -> None:
    """Run over all recorded texts, with their variables filled in: a known entry's class is the message's own."""
    classes = {entry["code"]: {each["class"] for each in TABLE if each["code"] == entry["code"]} for entry in TABLE}
    wrong = []
    for each in json.loads(SHARED.read_text())["errors"]:
        if each["level"] != "validation_error":
            continue
        code = refusal([re.sub(r"\{.*?\}", "ABC", each["text"])]).problem.code
        if code != "xero-refused" and each["class"] not in classes[code]:
            wrong.append((each["id"], each["class"], code))
    assert not wrong


def test_quotes_case_and_final_stops_do_not_matter() -> None:
    assert refusal(["INVOICE NOT OF VALID STATUS FOR MODIFICATION."]).problem.code == "number-taken"


def test_an_unknown_message_is_a_persons_and_keeps_all_of_xeros_words() -> None:
    found = refusal(["Invoice # must be unique", "The moon is in the wrong house"])
    assert (found.event, found.problem.code) == ("refused", "xero-refused")
    assert "Invoice # must be unique / The moon is in the wrong house" in found.problem.message


def test_the_gravest_of_several_known_messages_decides() -> None:
    waits, locked, taken = "Payments can only be made against Authorised documents", TABLE[-1]["part"], "Invoice # must be unique"
    assert refusal([waits]).event == "release"
    assert refusal([waits, taken]).event == "exists"
    assert refusal([waits, taken, locked]).event == "hold"
    assert refusal([waits, taken, locked, "Account type is invalid for making a payment"]).event == "refused"


def test_no_message_at_all_is_grave_too() -> None:
    assert refusal([]).event == "refused" and "no reason given" in refusal([]).problem.message


@pytest.mark.parametrize(
    ("answer", "only_this"),
    [
        (Answer(401, headers={"www-authenticate": "insufficient_scope"}), True),
        (Answer(403, data={"Title": "Forbidden", "Detail": "AuthenticationUnsuccessful"}), False),
        (Answer(403, data={"Message": "The specified user does not have the correct permissions to perform this action"}), True),
    ],
)
def test_a_refusal_of_one_call_is_told_from_one_of_the_organisation(answer: Answer, only_this: bool) -> None:
    assert answers.only_this_call(answer) is only_this


@pytest.mark.case("F15")
def test_nine_hundred_messages_of_xero_are_the_first_ones_and_their_number() -> None:
    messages = [f"The line {at} is not right: {'x' * (3000 if at == 1 else 20)}" for at in range(900)]
    found = answers.refusal(messages).problem
    assert found.message.endswith(" / 890 more") and len(found.message) < 2000
    assert "line 0 is" in found.message and "line 9 is" in found.message and "line 10 is" not in found.message
    few = answers.refusal(["One", "Two"]).problem
    assert few.message == "Xero did not accept this: One / Two"
