"""No test module is imported by another, and the rule that says so sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.architecture.suite_rules import nothing_imports_a_test


def test_nothing_imports_a_test() -> None:
    assert nothing_imports_a_test(ROOT / "tests") == []


@pytest.mark.parametrize(
    "planted",
    [
        "from tests.e2e.test_returns import pair\n",
        "import tests.e2e.test_returns as returns\n",
        "from tests.e2e import test_returns\n",
        "def f():\n    from ..e2e.test_returns import pair\n",
        "from .conftest import Client\n",
    ],
)
def test_a_planted_import_is_caught(planted: str, tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    for place, source in (("echo/acts.py", planted), ("echo/conftest.py", ""), ("e2e/test_returns.py", "from tests.scene import rig\n")):
        (tests / place).parent.mkdir(parents=True, exist_ok=True)
        (tests / place).write_text(source)
    (found,) = nothing_imports_a_test(tests)
    assert found.startswith("tests/echo/acts.py:")


def test_a_name_that_begins_like_a_test_is_none(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    (tests / "scene").mkdir(parents=True)
    (tests / "scene" / "rig.py").write_text("")
    (tests / "test_one.py").write_text("from tests.scene.rig import test_company\n")
    assert nothing_imports_a_test(tests) == []
