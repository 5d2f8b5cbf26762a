"""Every case that the trials found and that is done has a test marked with its number (`pytest.mark.case`)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT.parent / "shared" / "cases" / "README.md"
# Letters of the table's last column whose work is done: h stop the harm, r right and released.
DONE = {"h", "r"}


def rows(text: str) -> dict[str, str]:
    """Number of the case: letter of the work it belongs to. A row may name several ("F10, 11")."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[-1] not in {"h", "r", "l"} or not re.fullmatch(r"[A-Z]?\d+(, [A-Z]?\d+)*", cells[0]):
            continue
        letter = ""
        for number in cells[0].split(", "):
            letter = number[0] if number[0].isalpha() else letter
            found[number if number[0].isalpha() else letter + number] = cells[-1]
    return found


def marked(root: Path) -> set[str]:
    """The numbers of all marks of the tests."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(root.rglob("*.py")))
    return {number for mark in re.findall(r"mark\.case\(([^)]*)\)", text) for number in re.findall(r'"([A-Z]?\d+)"', mark)}


def missing(table: str, tests: Path) -> list[str]:
    """The done cases that no test is marked with."""
    there = marked(tests)
    return [number for number, letter in rows(table).items() if letter in DONE and number not in there]


@pytest.mark.skipif(not CASES.exists(), reason="../shared/cases/README.md is not there")
def test_every_case_that_is_done_has_a_test() -> None:
    table = CASES.read_text("utf-8")
    assert len(rows(table)) > 60
    assert missing(table, ROOT / "tests") == []


def test_a_case_without_a_test_is_found(tmp_path: Path) -> None:
    table = "| 24, 27 | x | y | z | h |\n| F10, 11 | a | b | c | r |\n| B1 | a | b | c | l |\n| case | input | what happens | right | |"
    (tmp_path / "test_one.py").write_text('@pytest.mark.case("24")\n@pytest.mark.case("F10")\n', "utf-8")
    assert missing(table, tmp_path) == ["27", "F11"]
