"""The tools measure other versions of the app, too: so they import and name only modules that every version has."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from benchmarks.checkout import ROOT

# What measures something that no version of before has.
OF_THIS_VERSION = {
    "history.py",
    "history_import.py",
    "history_undo.py",
    "starter_day.py",
    "ageing.py",
    "cash_flow.py",
    "cash_flow_back_test.py",
    "cash_flow_replayed.py",
    "statement_files.py",
}
STABLE = {"picortex_xero.sync.jobs", "picortex_xero.api.connect"}


def named(source: str) -> set[str]:
    """The modules of the app that a source imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == "picortex_xero"}


@pytest.mark.parametrize(
    "path", [*ROOT.glob("benchmarks/*.py"), ROOT / "sandbox" / "rig.py", *ROOT.glob("sandbox/host/*.py")], ids=lambda path: path.name
)
def test_only_what_stays_is_imported(path: Path) -> None:
    assert path.name in OF_THIS_VERSION or named(path.read_text("utf-8")) <= STABLE


def test_another_module_would_be_seen() -> None:
    assert named("def f():\n    from picortex_xero.sync import jobs, outbox") - STABLE == {"picortex_xero.sync.outbox"}
