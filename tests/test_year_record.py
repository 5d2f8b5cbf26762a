"""The record of the last year on a real bench: that its tie-out held, and how old it is."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from tests.bench.year import RECORD
from tests.bench.year_statement import BY_RULE, failed


@pytest.fixture(scope="module")
def record() -> dict:
    assert RECORD.exists(), "docs/year-record.json is missing: run make test-year BENCH=... SITE=..."
    return json.loads(RECORD.read_text("utf-8"))


def test_the_last_year_tied_out(record: dict) -> None:
    assert failed(record) == []
    assert record["documents"]["submitted"] >= 1000
    assert record["documents"]["of them cancelled"] >= 20
    assert {code for code, each in record["held, by reason"].items() if each["by rule"]} <= set(BY_RULE)


def test_its_figures_are_there_and_named(record: dict) -> None:
    """Per contact, bank and group; what is apart is named, with documents."""
    assert record["contacts"]["equal"] > 20
    assert len(record["banks in account currency"]) >= 3
    assert {"receivables", "payables", "GST"} <= set(record["trial balance movements in base currency"])
    apart = [each for each in record["trial balance movements in base currency"].values() if Decimal(each["apart"])]
    assert bool(apart) == bool(record["named differences"])
    assert all(each["examples"] and each["documents"] for each in record["named differences"].values())


def test_a_record_that_does_not_hold_is_noticed(record: dict) -> None:
    assert failed({**record, "unexplained": ["Sales Invoice S1: 1.00"]})
    assert failed({**record, "refused otherwise": {"documents": 50, "share": "0.0500"}})


def test_age_of_the_record_is_shown(record: dict, capsys: pytest.CaptureFixture[str]) -> None:
    age = datetime.now(timezone.utc) - datetime.fromisoformat(record["date"])
    with capsys.disabled():
        print(
            f"\nlast year on a bench: {age.days} days {age.seconds // 3600} hours ago, commit {record['commit'][:9]}, "
            f"{record['documents']['submitted']} documents, {len(record['unexplained'])} unexplained"
        )
