"""Translations have every text that the app shows, none that is gone, and the placeholders of each; and the scripts of the Desk render as the app does."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from picortex_xero.accounting.texts import Text, _, form_of, lines, plain, render, term
from sandbox import translations
from tests.architecture.source import APP

NODE = shutil.which("node")
LANGUAGES = sorted((APP / "translations").glob("*.csv"))
DESK = """
const [script, translated, forms] = JSON.parse(require("fs").readFileSync(0));
global.frappe = { provide(name) { global[name] = {}; }, meta: { docfield_map: {} } };
global.__ = (text) => translated[text] || text;
new Function(script)();
console.log(JSON.stringify(forms.map(([english, parts]) => picortex_xero.said(english, parts, "reason"))));
"""


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_translation_is_complete(path: Path) -> None:
    assert translations.problems(translations.read(path), translations.texts(), translations.labels()) == []


def test_there_is_german() -> None:
    assert [path.stem for path in LANGUAGES] == ["de"] and len(translations.texts()) > 500


def test_what_is_wrong_with_a_translation_is_seen() -> None:
    wanted = {"It is {name}": "a.py", "Look": "b.py", "Wait": "c.py"}
    rows = {
        text: (translation, "")
        for text, translation in {"It is {name}": "Es ist {nmae}", "Look": "", "Former": "Früher", "Clearing Account": "Konto"}.items()
    }
    found = translations.problems(rows, wanted, {"Clearing Account"})
    assert found == [
        "missing: Look (b.py)",
        "missing: Wait (c.py)",
        "gone: Former",
        "other placeholders: It is {name} | Es ist {nmae}",
    ]


def test_a_file_is_brought_up_to_date(tmp_path: Path) -> None:
    path, wanted = tmp_path / "xx.csv", {'B, "b"': "a.py", "A": "b.py"}
    rows = {"A": ("Ä", "Xero"), "Former": ("Früher", ""), "Label": ("Feld", "")}
    translations.write(path, rows, wanted, {"Label", "Other"})
    assert path.read_text("utf-8") == 'A,Ä,Xero\n"B, ""b""",,\nLabel,Feld,\n'
    assert translations.read(path) == {"A": ("Ä", "Xero"), 'B, "b"': ("", ""), "Label": ("Feld", "")}


def test_texts_of_scripts_and_of_python_are_read() -> None:
    found = translations.texts()
    assert found["Retry"].endswith(".js") and found["Waits until {name} is in Xero"].endswith(".py")
    assert "Clearing Account" in translations.labels()


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
