"""docs/security.md names a test for each point: every one of them is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:tests|picortex_xero/tests)/[\w/]+\.py)(?:::(\w+))?`")


def missing(page: str) -> list[str]:
    """The tests that a page names and that are not there."""
    found = []
    for file, test in NAMED.findall(page):
        path = ROOT / file
        if not path.is_file() or (test and not re.search(rf"^\s*def {test}\(", path.read_text(), re.MULTILINE)):
            found.append(f"{file}::{test}")
    return found


def test_every_test_that_the_security_page_names_is_there() -> None:
    page = (ROOT / "docs/security.md").read_text()
    assert len(NAMED.findall(page)) > 20 and missing(page) == []


def test_a_test_that_is_not_there_is_seen() -> None:
    assert missing("`tests/e2e/test_connecting.py::test_no_such_thing` and `tests/none.py`") == [
        "tests/e2e/test_connecting.py::test_no_such_thing",
        "tests/none.py::",
    ]
