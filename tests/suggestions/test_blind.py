"""What is suggested, judged by answers that were made without sight of it."""

from __future__ import annotations

import pytest

from tests.suggestions.blind import CHARTS, chart, tax_rates


@pytest.mark.parametrize("name", sorted(path.stem for path in CHARTS.glob("*.json") if path.stem != "taxes"))
def test_accounts(name: str) -> None:
    figures = chart(CHARTS / f"{name}.json")
    assert figures.wrong_and_sure == []
    assert figures.share >= 90.0, "\n".join(figures.wrong)


@pytest.mark.parametrize("edition", ["AU", "NZ", "UK", "US"])
def test_taxes_are_never_wrong_and_sure(edition: str) -> None:
    figures = tax_rates(edition)
    assert figures.answers >= 18 and figures.wrong_and_sure == []
