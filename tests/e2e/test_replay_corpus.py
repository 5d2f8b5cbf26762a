"""A part of the random corpus that has every kind of document of every country, played through the app. `make replay` plays all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import picortex_xero
from sandbox import erp
from sandbox.replay import run, sample
from sandbox.replay.refusals import REFUSALS


@pytest.mark.parametrize("country", run.COUNTRIES)
def test_the_books_agree(country: str) -> None:
    everything = next(erp.corpus(f"corpus-{country.lower()}.json.gz"))["companies"][0]["documents"]
    events = sample.stratified(everything)
    assert {kind for event in events for kind in sample.kinds(event)} == {kind for event in everything for kind in sample.kinds(event)}
    played = run.corpus(country, events)
    verdict = played.verdicts["corpus"]
    assert not verdict.different
    assert not played.loose
    assert set(verdict.held.values()) <= set(REFUSALS)
    assert verdict.documents >= 45
    assert not played.differing, "what has just gone agrees with what it would be today"


def test_every_listed_refusal_is_one_of_the_app() -> None:
    folder = Path(picortex_xero.__file__).parent
    source = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    # A journal's reasons are the names of its cases, with "journal-" before them.
    assert [code for code in REFUSALS if f'"{code}"' not in source and f'"{code.removeprefix("journal-")}"' not in source] == []
