"""What texts tell people to open or press is called as its page calls it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from picortex_xero.connection import buttons as buttons_table
from tests.architecture.source import APP, nodes_of

# What people choose on a page of the app is not named by the DocType that keeps it.
KEPT_BY_A_PAGE = re.compile(
    r"Xero (?:Account|Tax|Payment|Deduction|Tracking) Mapping|Bank and Payment Accounts|Fees, Discounts and Write-offs"
)
TAB = re.compile(r"under ([A-Z][\w,\- ]*?) in Mapping")
TITLES = re.compile(r"const TITLES = \{(.*?)\};", re.S)
PRESS = re.compile(r"\b[Pp]ress(?:es)? ([A-Z][\w' -]*)")


def texts(app: Path) -> Iterator[tuple[str, str]]:
    """(place, text) of each text that people read, in Python and in scripts."""
    for path in sorted(app.rglob("*.py")):
        if "tests" in path.relative_to(app).parts:
            continue
        for node in nodes_of(path.read_text("utf-8")):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "text") and node.args:
                given = node.args[0]
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield f"{path.relative_to(app)}:{node.lineno}", given.value
    for path in sorted(app.rglob("*.js")):
        for found in re.finditer(r"__\(\"([^\"]*)\"", path.read_text("utf-8")):
            yield path.name, found[1]


def labels(app: Path) -> set[str]:
    """Every label that stands on a button, in the table and in the scripts."""
    said = {found[1] for path in app.rglob("*.js") for found in re.finditer(r"__\(\"([^\"]*)\"", path.read_text("utf-8"))}
    return {label for _screen, label in buttons_table.BUTTONS} | said


def wrong(found: list[tuple[str, str]], app: Path) -> list[str]:
    """Texts that name what no page calls so."""
    page = (app / "picortex_xero/page/xero_mapping/xero_mapping.js").read_text("utf-8")
    match = TITLES.search(page)
    assert match
    tabs, buttons = set(re.findall(r"__\(\"([^\"]*)\"", match[1])), labels(app)
    bad = []
    for place, said in found:
        # A label of a list, alone, is the name of that list.
        if KEPT_BY_A_PAGE.search(said) and not KEPT_BY_A_PAGE.fullmatch(said):
            bad.append(f"{place}: {said}")
        bad += [f"{place}: no tab is called {name}" for name in TAB.findall(said) if name not in tabs]
        for name in PRESS.findall(said):
            words = name.split(" ")
            if not any(" ".join(words[:count]) in buttons for count in range(1, len(words) + 1)):
                bad.append(f"{place}: no button is called {name}")
    return bad


def test_cures_name_pages_tabs_and_buttons_by_their_labels() -> None:
    found = list(texts(APP))
    assert len(found) > 1000 and sum(bool(TAB.search(said)) for _place, said in found) > 20
    assert wrong(found, APP) == []


def test_another_name_is_caught() -> None:
    planted = ["Map {account} under Xero Account Mapping", "Map {account} under Accounting in Mapping", "Then press Resend Everything"]
    assert len(wrong([("planted", each) for each in planted], APP)) == 3
    assert wrong([("planted", "Map {tax} under Taxes in Mapping, then press Retry")], APP) == []
