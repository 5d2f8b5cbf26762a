"""The simulator stands alone: it imports nothing of the app, and every fact in its data has a grade."""
from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIMULATOR = ROOT / "sandbox" / "xero"
ALLOWED = {"sandbox.xero", "werkzeug", "simplejson"}


def foreign_imports(source: str) -> set[str]:
    """Modules imported that are neither the standard library, the simulator itself nor its two dependencies."""
    import sys
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module if node.level == 0 else "." * node.level)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "__import__", "import_module"):
            names.add("dynamic import")
    return {name for name in names if name.split(".")[0] not in sys.stdlib_module_names
            and not any(name == ok or name.startswith(ok + ".") for ok in ALLOWED)}


def sources() -> list[Path]:
    return sorted(SIMULATOR.rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_imports_nothing_of_the_app(path: Path) -> None:
    assert foreign_imports(path.read_text()) == set()


@pytest.mark.parametrize("planted", [
    "import picortex_xero", "from picortex_xero.accounting import rounding", "from sandbox.host import site",
    "import importlib\nimportlib.import_module('picortex_xero')", "from . import x"])
def test_a_planted_import_is_caught(planted: str) -> None:
    assert foreign_imports(planted)


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_files_stay_small_and_money_exact(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 300
    assert not re.search(r"float\((?!body|fault|text)", text), "float only for seconds"


def test_every_fact_has_a_grade() -> None:
    data = SIMULATOR / "data"
    for name in ("charts.json", "tax_rates.json", "errors.json", "rules.json"):
        for _key, rows in json.loads((data / name).read_text()).items():
            for row in rows if isinstance(rows, list) else []:
                assert re.match(r"[ABC]", row["grade"]), f"{name}: {row}"


def test_every_rule_points_at_code_that_exists() -> None:
    for rule in json.loads((SIMULATOR / "data" / "rules.json").read_text())["rules"]:
        assert (SIMULATOR / rule["enforced_in"]).exists(), rule
        assert rule["source"], rule
