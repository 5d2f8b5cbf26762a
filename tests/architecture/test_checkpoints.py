"""docs/checkpoints.md lists every certification checkpoint T1 to T22 with the tests that carry its number in their names: all of them, and no others."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "checkpoints.md"
ALL = {f"T{number}" for number in range(1, 23)}
ROW = re.compile(r"^\| (T\d+) \|(.*)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
TEST = re.compile(r"^\s*def (test_\w+)\(", re.MULTILINE)
NUMBER = re.compile(r"(?<=_)t(\d+)(?=_)")
Tests = dict[str, set[str]]


def by_name(tests: Path) -> Tests:
    """The tests of each checkpoint, as `file::name`, by the numbers in their names."""
    found: Tests = defaultdict(set)
    for path in sorted(tests.rglob("test_*.py")):
        for name in TEST.findall(path.read_text("utf-8")):
            for number in NUMBER.findall(name):
                found[f"T{number}"].add(f"{path.relative_to(tests.parent)}::{name}")
    return dict(found)


def by_page(page: str) -> Tests:
    """The tests of each checkpoint as the page has them."""
    return {checkpoint: {f"{file}::{name}" for file, name in NAMED.findall(row)} for checkpoint, row in ROW.findall(page)}


def differences(page: str, tests: Path) -> list[str]:
    """Checkpoints without a test, and where page and names differ."""
    named, listed = by_name(tests), by_page(page)
    found = [f"{each} has no test" for each in sorted(ALL) if not named.get(each)]
    found += [f"{each} is no checkpoint" for each in sorted({*named, *listed} - ALL)]
    for each in sorted(ALL):
        found += [f"{each}: {test} is not on the page" for test in sorted(named.get(each, set()) - listed.get(each, set()))]
        found += [f"{each}: the page names {test}" for test in sorted(listed.get(each, set()) - named.get(each, set()))]
    return found


def test_every_checkpoint_has_a_test_and_the_page_names_them_all() -> None:
    page = PAGE.read_text("utf-8")
    assert differences(page, ROOT / "tests") == [] and "self-assess" in page


def test_a_missing_test_and_a_stale_row_are_found(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    names = [f"def test_t{number}_x() -> None: ...\n" for number in range(1, 22)]
    (tests / "test_all.py").write_text("".join([*names, "def test_t3_and_t23_y() -> None: ...\n"]))
    page = "".join(f"| T{number} | x | `tests/test_all.py::test_t{number}_x` |\n" for number in range(1, 22) if number != 5)
    page += "| T5 | x | `tests/test_all.py::test_t5_gone` |\n"
    assert differences(page, tests) == [
        "T22 has no test",
        "T23 is no checkpoint",
        "T3: tests/test_all.py::test_t3_and_t23_y is not on the page",
        "T5: tests/test_all.py::test_t5_x is not on the page",
        "T5: the page names tests/test_all.py::test_t5_gone",
    ]
