"""A sentence that says which button to press names one that is there: one that some screen has, and on the Xero Connection one that is shown in every
state in which the sentence may be read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from picortex_xero.connection import buttons as buttons_table
from picortex_xero.connection import who_may
from tests.architecture import form_buttons as by_role
from tests.architecture.source import APP, TESTS, nodes_of

# In which states of a connection a sentence that names one of its buttons may be read.
SETTING_UP, WATCHING, LIVE, PAUSED, DISCONNECTED = "Setting Up", "Watch Only", "Live", "Paused", "Disconnected"
READ_IN: dict[str, tuple[str, ...]] = {
    # A right that is lacking, a sign-in in trouble, access that was withdrawn.
    "Reconnect": (SETTING_UP, WATCHING, LIVE, PAUSED, DISCONNECTED),
    "Refresh From Xero": (SETTING_UP, WATCHING, LIVE, PAUSED),
    "Give More Permissions": (SETTING_UP, WATCHING, LIVE, PAUSED),
    "Disconnect": (SETTING_UP, WATCHING, LIVE, PAUSED),
    "Go Live": (SETTING_UP, WATCHING),
    "Stop Watching": (WATCHING,),
    "Resume": (PAUSED,),
    "Change Go-Live Date": (PAUSED,),
    "Compare With Xero": (LIVE,),
    "Import Configuration": (SETTING_UP, LIVE, PAUSED, DISCONNECTED),
}
# "press" and what follows as far as it is written like a button's name.
PRESS = re.compile(r"\b[Pp]ress(?:es)? (?:the button )?([A-Z][\w'-]*(?: (?:[A-Z][\w'-]*|it|of|in|by|for|again|to|out|contacts|More))*)")


def sentences(app: Path) -> Iterator[tuple[str, str]]:
    """Place and text of every string of the package that is no docstring and says what to press."""
    for path in sorted(app.rglob("*.py")):
        if TESTS in path.relative_to(app).parts:
            continue
        nodes = list(nodes_of(path.read_text("utf-8")))
        docs = {id(each.value) for each in nodes if isinstance(each, ast.Expr)}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs and PRESS.search(node.value):
                yield str(path.relative_to(app)), node.value


def pressed(text: str) -> list[str]:
    return [each.strip() for each in PRESS.findall(text)]


def scripts(app: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(app.rglob("*.js")))


def unknown(app: Path) -> list[str]:
    """Sentences that name a button which no script draws."""
    drawn = {label.casefold() for label in re.findall(r"__\(\s*\"([^\"]+)\"", scripts(app))}
    found = []
    for place, text in sentences(app):
        for name in pressed(text):
            words = name.split()
            # What follows the button's name in the sentence is no part of it.
            if not any(" ".join(words[:end]).casefold() in drawn for end in range(len(words), 0, -1)):
                found.append(f"{place}: {name}")
    return found


def test_every_button_that_a_sentence_names_is_drawn_somewhere() -> None:
    assert len(list(sentences(APP))) > 50
    assert unknown(APP) == []


def test_a_button_that_nothing_draws_is_seen(tmp_path: Path) -> None:
    (tmp_path / "cures.py").write_text('CURE = _("Wait, or press Mend It All on the form; else press Retry")', "utf-8")
    (tmp_path / "form.js").write_text('frm.add_custom_button(__("Retry"), retry);', "utf-8")
    assert unknown(tmp_path) == ["cures.py: Mend It All"]


@pytest.mark.skipif(by_role.NODE is None, reason="no node on this machine")
def test_a_button_of_the_connection_is_there_where_the_sentence_is_read() -> None:
    of_the_form = {label for where, label in buttons_table.BUTTONS if where == "Xero Connection"}
    named = {label for _place, text in sentences(APP) for label in of_the_form if re.search(rf"\b[Pp]ress {re.escape(label)}\b", text)}
    assert named <= {*READ_IN}, "say in which states the sentence may be read"
    source = by_role.source_of("xero_connection/xero_connection.js")
    for state in (SETTING_UP, WATCHING, LIVE, PAUSED, DISCONNECTED):
        doc = {"state": state, "name": "c", "reason_code": "other-organisation-meanwhile", "authorisation": "a"}
        seen = by_role.shown(who_may.ADMIN, "Xero Connection", source, [doc])["seen"]
        assert {label for label in named if state in READ_IN[label]} <= {*seen}, state


@pytest.mark.skipif(by_role.NODE is None, reason="no node on this machine")
def test_a_button_that_is_missing_in_a_state_is_seen() -> None:
    """The test above is not blind: this is how Reconnect was offered before."""
    source = by_role.source_of("xero_connection/xero_connection.js")
    former = source.replace("if (connects) frm.add_custom_button", "if (connects && stands_still) frm.add_custom_button")
    assert former != source
    doc = {"state": SETTING_UP, "name": "c", "reason_code": "", "authorisation": "a"}
    assert "Reconnect" not in by_role.shown(who_may.ADMIN, "Xero Connection", former, [doc])["seen"]
