"""What a round of a run, and a forecast, look at of much that there is."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from picortex_xero.xero.records.registry import INVOICE
from sandbox import host

MONTHS = ("C", "2026-01-01", "2026-08-31", ("Invoice", "Bill", "Payment", "Journal"))


@pytest.fixture(autouse=True)
def _host() -> None:
    host.activate()


def test_a_day_with_hundreds_of_invoices_hides_no_other_kind_from_a_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import history_forecast
    from picortex_xero.engine.history_walk import Place, Range

    def page(of: Range, _after: Place, limit: int) -> list[Place]:
        """Hundreds of each kind on every day, one kind after the other, as a page of several kinds has them."""
        return [Place(of.first, kind, f"{kind}-{at}") for kind in of.kinds for at in range(500)][:limit]

    monkeypatch.setattr(history_forecast.history_walk, "page", page)
    counts = {"Invoice": 50_000, "Bill": 20_000, "Payment": 30_000, "Journal": 0}
    found = history_forecast._spread(Range(*MONTHS), counts)
    assert len({place.day for place in found}) == history_forecast.DAYS
    by_kind = Counter(place.kind for place in found)
    assert set(by_kind) == {"Invoice", "Bill", "Payment"} and len(set(by_kind.values())) == 1
    assert sum(by_kind.values()) <= history_forecast.DAYS * (history_forecast.FROM_EACH + len(counts))


def test_few_documents_are_all_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import history_forecast
    from picortex_xero.engine.history_walk import Range

    asked: list[int] = []
    monkeypatch.setattr(history_forecast.history_walk, "page", lambda of, after, limit: asked.append(limit) or [])
    history_forecast._spread(Range(*MONTHS), {"Invoice": 10, "Bill": 3})
    assert asked == [history_forecast.DAYS * history_forecast.FROM_EACH]


def test_a_round_of_an_import_decides_no_more_than_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import history_claim

    waiting = [
        SimpleNamespace(row={"request_group": "", "batch_limit": 0}, kind=INVOICE.made_by, chain={str(at)})
        for at in range(history_claim.CANDIDATES)
    ]
    by_row = {id(each.row): each for each in waiting}
    for at, each in enumerate(waiting):
        each.row["name"] = str(at)
    decided: list[Any] = []

    def ready(rows: list[Any]) -> list[Any]:
        decided.extend(rows)
        return [by_row[id(row)] for row in rows]

    monkeypatch.setattr(history_claim.history, "sending", lambda connection: ("H",))
    monkeypatch.setattr(history_claim.history, "sends_part", lambda connection: True)
    monkeypatch.setattr(history_claim.history_budget, "count_live", lambda connection: None)
    monkeypatch.setattr(history_claim.history_budget, "may_go", lambda connection: True)
    monkeypatch.setattr(history_claim.outbox, "due", lambda *given, undo=False, **named: [] if undo else [each.row for each in waiting])
    monkeypatch.setattr(history_claim, "now", lambda: None)
    assert [len(batch) for batch in history_claim.batches("C", ready)] == [50] * 4 and len(decided) == 200


def test_a_round_gathers_little_where_each_step_is_a_request_by_itself() -> None:
    from picortex_xero.engine.round_batches import by_and_by

    rows = [{"name": str(at)} for at in range(450)]
    parts = list(by_and_by(rows))
    assert [len(part) for part in parts] == [16, 184, 200, 50] and [row for part in parts for row in part] == rows
    assert [len(part) for part in by_and_by(rows[:3])] == [3] and not list(by_and_by([]))
