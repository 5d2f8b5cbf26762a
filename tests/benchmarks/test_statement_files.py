"""The measure of statement files reads what it writes, whatever the form."""

from __future__ import annotations

import pytest

from benchmarks.statement_files import FORMS, WRITERS, measure


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_read_whole(form: str) -> None:
    found = measure(form, 60)
    assert (found["form"], found["lines"]) == (form, 60) and found["seconds"] >= 0


def test_a_lost_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = WRITERS["CSV"]
    monkeypatch.setitem(WRITERS, "CSV", lambda lines: whole(lines).rpartition("\n")[0])
    with pytest.raises(AssertionError, match="CSV"):
        measure("CSV", 60)
