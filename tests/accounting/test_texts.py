"""A text knows what it was made of: as English it is what it always was, in another language it is rendered anew, and never wrongly."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date
from decimal import Decimal

import pytest

from picortex_xero.accounting.problems import Problem
from picortex_xero.accounting.terms import inside
from picortex_xero.accounting.texts import NONE, Text, _, amount, day, dump, form_of, joined, lines, load, plain, render, term

GERMAN = {
    "{name} owes {amount}": "{amount} schuldet {name}",
    "the former {name}": "das frühere {name}",
    "Waits until {what} is gone": "Wartet, bis {what} weg ist",
    "Sales Invoice": "Ausgangsrechnung",
    "{doctype} {name}": "{doctype} {name}",
    "Nothing here": "Hier ist nichts",
}


def german(text: str) -> str:
    return render(form_of(text), lambda template: GERMAN.get(template, template))


def test_a_text_is_its_english_sentence() -> None:
    text = _("{name} owes {amount}").format(name="A & B {x}", amount=Decimal("1.50"))
    assert text == "A & B {x} owes 1.50" and f"{text}" == "A & B {x} owes 1.50" and hash(text) == hash("A & B {x} owes 1.50")
    assert text.template == "{name} owes {amount}" and text.values == {"name": "A & B {x}", "amount": "1.50"}
    assert german(text) == "1.50 schuldet A & B {x}"


def test_values_are_kept_as_the_text_they_are() -> None:
    text = _("{a} {b} {c} {d}").format(a=1, b=date(2026, 11, 27), c=None, d=Decimal("0E+2"))
    assert text == f"{1} {date(2026, 11, 27)} {None} {Decimal('0E+2')}"


def test_texts_inside_texts_are_translated_with_them() -> None:
    text = _("Waits until {what} is gone").format(what=_("the former {name}").format(name="SI-1"))
    assert text == "Waits until the former SI-1 is gone"
    assert german(text) == "Wartet, bis das frühere SI-1 weg ist"
    assert german(_("{doctype} {name}").format(doctype=term("Sales Invoice"), name="SI-1")) == "Ausgangsrechnung SI-1"


def test_lines_and_lists_are_translated_part_by_part() -> None:
    both = lines([_("Nothing here"), plain("Xero: no")])
    assert both == "Nothing here\nXero: no" and german(both) == "Hier ist nichts\nXero: no"
    one = joined(", ", [_("Nothing here")])
    assert one.template == "Nothing here" and german(joined("; ", [])) == "" == joined("; ", [])


def test_every_placeholder_needs_its_value_and_every_value_its_placeholder() -> None:
    for values in ({}, {"name": "x"}, {"name": "x", "amount": 1, "further": 2}):
        with pytest.raises(ValueError, match="does not take these values"):
            _("{name} owes {amount}").format(**values)
    with pytest.raises(ValueError, match="does not take these values"):
        _("{name}").format("x")
    with pytest.raises(ValueError, match="does not take these values"):
        plain("what Xero said: {name}").format(name="x")


@pytest.mark.parametrize(
    "translation",
    [
        "{amount} schuldet",
        "{amount} schuldet {nmae}",
        "{amount} schuldet {name} {further}",
        "{amount} schuldet {name!r}",
        "{amount {name}",
        "{}",
        "100 % {",
    ],
)
def test_a_translation_with_other_placeholders_is_passed_over(translation: str) -> None:
    text = _("{name} owes {amount}").format(name="A", amount=1)
    assert render(text.form, lambda template: translation) == "A owes 1"


def test_a_translation_may_repeat_what_it_names() -> None:
    text = _("{name} owes {amount}").format(name="A", amount=1)
    assert render(text.form, lambda template: "{name}, {name}: {amount}") == "A, A: 1"


def test_what_is_stored_comes_back() -> None:
    reason, resolution = _("{name} owes {amount}").format(name='"Ä" \n <b>', amount=1), _("Nothing here")
    forms = load(dump(reason=reason, cure=resolution))
    assert render(forms["reason"]) == reason and render(forms["cure"]) == resolution
    assert dump(reason=plain("Xero's own words"), resolution=NONE) == "" == dump(reason="a bare text")


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "",
        "no JSON",
        "[]",
        "3",
        '{"reason": 3}',
        '{"reason": ["{name}", {}]}',
        '{"reason": ["a", {"b": 3}]}',
        '{"reason": ["a"]}',
        '{"reason": [1, {}]}',
    ],
)
def test_what_is_no_text_is_nothing(kept: str | None) -> None:
    assert load(kept) == {}


def test_a_text_survives_copies() -> None:
    text = _("{name} owes {amount}").format(name="A", amount=1)
    for same in (copy.deepcopy(text), pickle.loads(pickle.dumps(text)), Text(str(text), json.loads(json.dumps(text.form)))):
        assert isinstance(same, Text) and same == text and same.form == text.form


def test_a_problem_that_was_kept_keeps_its_parts() -> None:
    problem = Problem("c", _("{name} owes {amount}").format(name="A", amount=1), _("Nothing here"))
    again = Problem.of(json.loads(json.dumps(problem.stored())))
    assert again == problem and german(again.message) == "1 schuldet A" and german(again.resolution) == "Hier ist nichts"
    former = Problem.of({"code": "c", "message": "As a former release kept it", "cure": ""})
    assert former.message == "As a former release kept it" and german(former.message) == former.message
    assert "parts" not in Problem("c", plain("Xero's own words"), NONE).stored()


@pytest.mark.parametrize(
    ("word", "shown"),
    [("Sales", "sales"), ("ASSET", "asset"), ("Fixed Asset", "fixed asset"), ("VOIDED", "voided"), ("WHATEVER", "whatever"), ("", "")],
)
def test_words_inside_a_sentence_are_small(word: str, shown: str) -> None:
    assert inside(word) == shown == word.lower()


def test_dates_and_figures_are_written_as_their_reader_does() -> None:
    said = _("{name} of {date} is {total}").format(name="SINV-1", date=day("2026-11-28 10:00:00"), total=amount(Decimal("1150.00")))
    assert said == "SINV-1 of 2026-11-28 is 1150.00"
    form = load(dump(said=said))["said"]
    assert (
        render(form) == str(said)
        and render(form, str, lambda kind, value: f"<{kind} {value}>") == "SINV-1 of <day 2026-11-28> is <amount 1150.00>"
    )
    assert [amount(each).form["amount"] for each in ("115", "115.0", "-1.2345")] == ["115.00", "115.00", "-1.2345"]
    assert day("") == "" and amount("none").form == "none" and day("soon").form == "soon"
    assert load('{"said": {"day": 7}, "other": {"day": "2026-11-28", "amount": "1"}}') == {}
