"""The generators of bank lines are those that were frozen before the matching was written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from benchmarks.bank_lines.frozen import GENERATORS, HERE, hashes


def test_generators_are_as_they_were_frozen() -> None:
    assert hashes() == json.loads((HERE / "frozen.json").read_text())


def test_a_change_of_any_file_shows(tmp_path: Path) -> None:
    shutil.copytree(HERE, tmp_path / "lines", ignore=shutil.ignore_patterns("__pycache__"))
    before = hashes(tmp_path / "lines")
    for name in GENERATORS:
        changed = next(iter(sorted((tmp_path / "lines" / name).glob("*.py"))))
        changed.write_text(changed.read_text() + "\n")
        assert hashes(tmp_path / "lines")[name] != before[name]
