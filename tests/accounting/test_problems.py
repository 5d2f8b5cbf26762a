"""All problems of a document as one text that people can read and every column can hold."""

from __future__ import annotations

import pytest

from picortex_xero.accounting.problems import LONGEST_SHOWN, MOST_SHOWN, Problem, summary
from picortex_xero.accounting.texts import _, dump, load, plain, render

pytestmark = pytest.mark.case("F15")


def problems(count: int, held: bool = False, width: int = 0) -> list[Problem]:
    names = [f"Account {at} {'x' * width}".strip() for at in range(count)]
    return [
        Problem("account-unmapped", _("{account} has no account").format(account=name), _("Map {account}").format(account=name), held)
        for name in names
    ]


def test_a_few_are_all_there() -> None:
    shown = summary(problems(MOST_SHOWN))
    assert shown.message.split("\n")[-1] == "Account 9 has no account" and "more" not in shown.message
    assert shown.resolution.split("\n")[-1] == "Map Account 9"


def test_nine_hundred_are_the_first_ones_and_their_number() -> None:
    shown = summary(problems(900))
    said, cure = shown.message.split("\n"), shown.resolution.split("\n")
    assert len(said) == len(cure) == MOST_SHOWN + 1
    assert (said[0], said[-1]) == ("Account 0 has no account", "And 890 more problems")
    # The number is not part of the cure: documents with the same cure are told of together.
    assert cure[-1] == "Retry then shows the problems that are left" and "890" not in shown.resolution
    assert len(shown.message) < 1000


def test_one_cure_for_all_stands_there_once() -> None:
    same = [Problem("tax-unmapped", each.message, _("Map GST")) for each in problems(900)]
    assert summary(same).resolution == "Map GST" and summary(same).message.endswith("And 890 more problems")


def test_long_texts_are_cut_where_they_stop_being_readable() -> None:
    shown = summary(problems(900, width=5000))
    assert len(shown.message) < (MOST_SHOWN + 1) * (LONGEST_SHOWN + 1) < 10_000
    assert all(len(line) <= LONGEST_SHOWN for line in shown.message.split("\n"))
    assert shown.message.split("\n")[0].endswith("x…")


def test_they_stay_translatable_and_only_wait_where_all_do() -> None:
    shown = summary(problems(12))
    words = {"And {count} more problems": "Und {count} weitere", "{account} has no account": "{account} fehlt"}
    german = render(load(dump(reason=shown.message))["reason"], lambda template: words.get(template, template)).split("\n")
    assert (german[0], german[-1]) == ("Account 0 fehlt", "Und 2 weitere")
    assert summary(problems(2, held=True)).held and not summary([*problems(1, held=True), *problems(1)]).held
    assert summary([Problem("x", plain("Only"), plain(""))]).resolution == ""
