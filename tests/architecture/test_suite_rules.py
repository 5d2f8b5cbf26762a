"""No test module is imported by another, none asks the app for what is gone, and the rules that say so see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.source import APP, ROOT
from tests.architecture.suite_rules import names_that_are_gone, nothing_imports_a_test


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


@pytest.mark.parametrize("folder", [ROOT / "tests", ROOT / "sandbox", ROOT / "recorder", ROOT / "benchmarks", APP])
def test_nothing_asks_for_what_is_gone(folder: Path) -> None:
    assert names_that_are_gone(folder, APP) == []


@pytest.mark.parametrize(
    ("planted", "gone"),
    [
        ("from picortex_xero.connection import lists\n\nlists.choices(1)\n", True),
        ("def f():\n    from picortex_xero.connection import lists\n    return lists.choices(1)\n", True),
        ("from picortex_xero.connection.lists import choices\n", True),
        ("from picortex_xero.former import stored\n", True),
        ("from picortex_xero.connection import lists\n\nlists.stored(1)\nlists.BOTH\nlists.json.dumps(1)\n", False),
        ("from picortex_xero.connection import lists as known\n\nknown = [1]\nknown.append(2)\n", False),
    ],
)
def test_a_name_that_is_gone_is_seen(planted: str, gone: bool, tmp_path: Path) -> None:
    app, tests = tmp_path / "picortex_xero", tmp_path / "tests"
    (app / "connection").mkdir(parents=True)
    for place in ("__init__.py", "connection/__init__.py"):
        (app / place).write_text("")
    (app / "connection" / "lists.py").write_text("import json\n\nif json:\n    BOTH = 1\n\n\ndef stored(name):\n    pass\n")
    tests.mkdir()
    (tests / "test_one.py").write_text(planted)
    assert bool(names_that_are_gone(tests, app)) is gone
