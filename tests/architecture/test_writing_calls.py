"""Every call that changes something at Xero is listed with its switch, and a new one that is not is caught."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.architecture import writing_calls
from tests.architecture.source import APP
from tests.architecture.writing_calls import CALLS, PAGE, from_code, table, violations


def test_every_writing_call_is_listed_with_its_switch_or_kind_of_document() -> None:
    assert violations(APP) == [] and all(what for what, _switch in CALLS.values())
    assert table() in PAGE.read_text("utf-8"), "python -m tests.architecture.writing_calls"


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    app = tmp_path_factory.mktemp("planted") / "picortex_xero"
    shutil.copytree(APP, app, ignore=shutil.ignore_patterns("tests", "public", "translations", "__pycache__", "*.json"))
    return app


@pytest.mark.parametrize(
    ("place", "planted"),
    [
        ("engine/planted.py", 'from ..xero.client import Request\nSENT = Request("POST", "Items", b"{}")\n'),
        ("connection/planted.py", 'from ..xero.client import Request\ndef f(how):\n    return Request(how, "TaxRates")\n'),
        ("connection/planted.py", 'from ..xero.records.base import Kind\nDONE = Kind(None, "item", "PUT")\n'),
        ("engine/planted.py", 'from ..xero import client\nWHERE = client.Organisation("https://api", "tenant", "token")\n'),
        ("connection/planted.py", 'from ..xero.client import Organisation\nWHERE = Organisation("https://api", "tenant", "token")\n'),
        ("xero/planted.py", "async def f(client):\n    await client.post('x')\n"),
    ],
)
def test_a_new_writing_call_is_caught(copied: Path, place: str, planted: str) -> None:
    (copied / place).write_text(planted, "utf-8")
    try:
        assert [each for each in violations(copied) if each.startswith(place)]
    finally:
        (copied / place).unlink()


def test_a_copy_with_nothing_planted_has_no_violation(copied: Path) -> None:
    assert violations(copied) == []


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_new_kind_of_request_without_a_line_is_caught(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    missing = (method, "Contacts")
    monkeypatch.setattr(writing_calls, "CALLS", {key: each for key, each in CALLS.items() if key != missing})
    assert violations(APP) == [f"{method} Contacts: has no line"] and missing in from_code(APP)
