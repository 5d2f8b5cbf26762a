"""The record of the last run on a real bench: how old it is, and what the manifest of host symbols gained or lost since."""

from __future__ import annotations

import hashlib
import json
import warnings
from datetime import datetime, timezone

import pytest

from tests.bench.run import MANIFEST, RECORD, symbols

PARTS = {"date", "commit", "versions", "manifest_sha256", "manifest_symbols", "counts", "skipped", "failed", "tests", "measured"}


@pytest.fixture(scope="module")
def record() -> dict:
    assert RECORD.exists(), "docs/bench-record.json is missing: run make test-bench BENCH=... SITE=..."
    found = json.loads(RECORD.read_text("utf-8"))
    assert PARTS <= set(found), f"the record lacks {sorted(PARTS - set(found))}"
    return found


def changes(record: dict, manifest: dict) -> list[str]:
    """What the manifest lists now and did not then, and the reverse."""
    before, now = set(record["manifest_symbols"]), symbols(manifest)
    return [f"+ {each}" for each in sorted(now - before)] + [f"- {each}" for each in sorted(before - now)]


def test_the_last_bench_run_passed(record: dict) -> None:
    outcomes = list(record["tests"].values())
    assert {name: outcomes.count(name) for name in set(outcomes)} == record["counts"]
    assert record["failed"] == {}
    assert record["counts"]["passed"] > 100
    assert any(name.startswith("TestDocuments.") for name in record["tests"]) and any(
        name.startswith("TestLocks.") for name in record["tests"]
    )


def test_age_of_the_record_is_shown(record: dict, capsys: pytest.CaptureFixture[str]) -> None:
    age = datetime.now(timezone.utc) - datetime.fromisoformat(record["date"])
    manifest = MANIFEST.read_bytes()
    differences = [] if hashlib.sha256(manifest).hexdigest() == record["manifest_sha256"] else changes(record, json.loads(manifest))
    versions = record["versions"]
    note = (
        f"last bench run: {age.days} days {age.seconds // 3600} hours ago, commit {record['commit'][:9]}, Frappe {versions['frappe']}, "
        f"ERPNext {versions['erpnext']}, {record['counts']}; manifest since: {', '.join(differences) or 'no symbol added or removed'}"
    )
    with capsys.disabled():
        print(f"\n{note}")
    if differences:
        warnings.warn(f"the bench record is stale: {note}", stacklevel=1)


def test_changes_are_noticed() -> None:
    manifest = {"names": ["frappe.a"], "open_values": [], "functions": {"frappe.f": ["x"]}}
    record = {"manifest_symbols": sorted(symbols(manifest))}
    assert changes(record, manifest) == []
    manifest["functions"]["frappe.f"] = ["y"]
    assert changes(record, manifest) == ["+ frappe.f(y=)", "- frappe.f(x=)"]
