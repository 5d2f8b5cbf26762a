"""Translations have every text that the app shows, none that is gone, and the placeholders of each; and the scripts of the Desk render as the app does."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from picortex_xero.accounting.texts import Text, _, form_of, lines, plain, render, term
from picortex_xero.attention.wording import OPERATOR
from sandbox import translations
from tests.architecture.source import APP

NODE = shutil.which("node")
LANGUAGES = translations.languages()
DESK = """
const [script, translated, forms] = JSON.parse(require("fs").readFileSync(0));
global.frappe = { provide(name) { global[name] = {}; }, meta: { docfield_map: {} } };
global.__ = (text) => translated[text] || text;
new Function(script)();
console.log(JSON.stringify(forms.map(([english, parts]) => picortex_xero.said(english, parts, "reason"))));
"""


def everything(path: Path) -> tuple[translations.Rows, dict[str, str], translations.Labels, translations.HostWords]:
    """What a language's file is checked against, and the file."""
    return translations.read(path), translations.texts(), translations.labels(), translations.host_words(path.stem)


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_translation_is_complete(path: Path) -> None:
    assert translations.problems(*everything(path)) == []


def test_there_is_german() -> None:
    assert [path.stem for path in LANGUAGES] == ["de"] and len(translations.texts()) > 500 and len(translations.labels()) > 200


def test_english_has_only_other_names_for_what_is_shown() -> None:
    """Every line is a label, in a context in which the Desk asks for it; a word that is not the app's own has the context of its DocType."""
    rows, shown = translations.read(APP / "translations" / "en.csv"), translations.labels()
    assert rows["Xero Outbox Entry", ""] == "Xero Sync Items" and rows["Needs Attention", "Xero Outbox Entry"] == "To fix"
    assert [key for key in rows if key[1] not in shown.get(key[0], set())] == []
    assert [text for text, context in rows if not context and not text.startswith("Xero ")] == []
    states = {context_less: words for (context_less, context), words in rows.items() if context == "Xero Outbox Entry"}
    assert {state: str(words) for state, words in OPERATOR.items() if state != words} == states, "one word for each state"


def test_what_is_wrong_with_a_translation_is_seen() -> None:
    wanted = {"It is {name}": "a.py", "Look": "b.py", "Wait": "c.py"}
    rows = {("It is {name}", ""): "Es ist {nmae}", ("Look", ""): "", ("Former", ""): "Früher", ("Wait", "Xero Link"): "Warten"}
    found = translations.problems(rows, wanted, {}, translations.HostWords())
    assert found == [
        "missing: Look (b.py)",
        "missing: Wait (c.py)",
        "gone: Former",
        "gone: Wait (context Xero Link)",
        "other placeholders: It is {name} | Es ist {nmae}",
    ]


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_missing_label_is_seen(path: Path) -> None:
    rows, wanted, shown, host = everything(path)
    shown = {**shown, "Planted": {"Xero Link"}}
    del rows["Short Code", ""], rows["Room", "Xero Outbox Entry"]
    assert translations.problems(rows, wanted, shown, host) == [
        "missing: Planted (label)",
        "missing: Room (label, context Xero Outbox Entry)",
        "missing: Short Code (label)",
    ]


def test_words_of_the_host_stay_its_own() -> None:
    host = translations.HostWords(left_to_the_host=frozenset({"Fee", "Amount"}), in_another_sense=frozenset({"Room", "Off"}))
    shown = {"Fee": {"A"}, "Amount": {"A"}, "Room": {"A", "B"}, "Off": {"", "A"}, "SUBMITTED": {"", "A"}}
    good = {("Amount", ""): "Betrag", ("Room", "A"): "Bereich", ("Room", "B"): "Bereich", ("Off", "A"): "Aus"}
    assert translations.problems(good, {"Amount": "a.py"}, shown, host) == [], "a text of the code may have the same word"
    bad = {**good, ("Fee", ""): "Gebühr", ("Room", ""): "Bereich"}
    assert translations.problems(bad, {"Amount": "a.py"}, shown, host) == [
        "the host's own word: Fee; leave it out, or give it a context",
        "the host's own word: Room; leave it out, or give it a context",
    ]


def test_a_label_that_is_gone_is_seen_in_both_files() -> None:
    host = translations.HostWords(left_to_the_host=frozenset({"Fee"}), in_another_sense=frozenset({"Room"}))
    rows = {("Label", ""): "Feld", ("Room", "A"): "Bereich", ("Sort", "B"): "Art"}
    assert translations.problems(rows, {}, {"Sort": {"B"}}, host) == [
        "gone: Label",
        "gone: Room (context A)",
        "gone: Fee (translated_by_the_host.json)",
        "gone: Room (translated_by_the_host.json)",
    ]


def test_a_label_with_contexts_needs_all_that_the_desk_asks_with() -> None:
    rows = {("Attempt", "A"): "Versuch"}
    assert translations.problems(rows, {}, {"Attempt": {"A"}}, translations.HostWords()) == []
    for others in ({"A", "B"}, {"A", ""}):
        assert translations.problems(rows, {}, {"Attempt": others}, translations.HostWords()) == ["missing: Attempt (label)"]


def test_a_file_is_brought_up_to_date(tmp_path: Path) -> None:
    path, wanted = tmp_path / "xx.csv", {'B, "b"': "a.py", "A": "b.py", "Room": "c.py"}
    host = translations.HostWords(left_to_the_host=frozenset({"Fee"}), in_another_sense=frozenset({"Room"}))
    shown = {"Label": {"D"}, "Other": {"D"}, "Fee": {"D"}, "Room": {"D"}}
    rows = {("A", "Xero"): "Ä", ("Former", ""): "Früher", ("Label", ""): "Feld", ("Fee", ""): "Gebühr", ("Room", ""): "Zimmer"}
    translations.write(path, rows, wanted, shown, host)
    assert path.read_text("utf-8") == 'A,Ä,Xero\n"B, ""b""",,\nLabel,Feld,\nOther,,\nRoom,,D\nRoom,,Xero\n'
    done = translations.read(path)
    assert done["A", "Xero"] == "Ä" and done["Label", ""] == "Feld" and len(done) == 6
    translations.write(path, done, wanted, shown, host)
    assert translations.read(path) == done


def test_texts_of_scripts_and_of_python_are_read() -> None:
    found = translations.texts()
    assert found["Retry"].endswith(".js") and found["Waits until {name} is in Xero"].endswith(".py")


def test_labels_are_read_with_the_contexts_of_the_desk() -> None:
    found = translations.labels()
    assert found["Clearing Account"] == {"Xero Connection", "Xero Deduction Mapping"}
    assert found["Off"] == {"", "Xero Bank Setting", "Xero Connection"}, "a choice, which lists show without a context"
    assert found["Xero Link"] == {""} and found["Documents dated before this day are never sent"] == {""}
    assert found.keys() >= translations.CODES and "" not in found


def test_the_context_of_texts_is_that_of_the_app() -> None:
    assert f'\nCONTEXT = "{translations.CONTEXT}"\n' in (APP / "engine/screen_texts.py").read_text("utf-8")


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_the_desk_renders_as_the_app_does() -> None:
    from picortex_xero.accounting.texts import dump

    translated = {
        "{name} owes {amount}": "{amount} schuldet {name}",
        "It is {name}": "Es ist {nmae}",
        "Look": "Schauen",
        "Sales Invoice": "Ausgangsrechnung",
        "{doctype}: {why}": "{why} ({doctype})",
    }
    texts: list[Text] = [
        _("{name} owes {amount}").format(name="<b> {name} &lt;", amount=1),
        _("It is {name}").format(name="A"),
        lines([_("Look"), plain("Xero's own {words}")]),
        _("{doctype}: {why}").format(doctype=term("Sales Invoice"), why=_("Look")),
        _("Not translated {a}, {a}").format(a="x"),
    ]
    here = [render(form_of(text), lambda template: translated.get(template, template)) for text in texts]
    stored = [(text.replace("<", "&lt;"), dump(reason=text)) for text in texts]
    stored += [("A &lt;b> of before", ""), ("A text of before", "no JSON"), ("", dump(reason=texts[0]))]
    script = (APP / "public/js/xero_texts.js").read_text("utf-8")
    assert NODE
    done = subprocess.run([NODE, "-e", DESK], input=json.dumps([script, translated, stored]), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [*here, "A <b> of before", "A text of before", ""]
    assert "<b> {name} &lt;" in here[0] and here[1] == "It is A"
