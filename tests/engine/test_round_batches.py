"""Which steps go in one request, and which requests go of those that could be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from picortex_xero.engine.round_batches import fits, fullest, is_full
from picortex_xero.xero.records.registry import CONTACT, INVOICE, PAYMENT


@dataclass
class Claimed:
    """What of a claimed step counts here."""

    row: dict[str, Any]
    kind: Any
    chain: set[str] = field(default_factory=set)


def steps(kind: Any, count: int, **row: Any) -> list[Any]:
    return [Claimed({"request_group": "", "batch_limit": 0, **row}, kind, {f"{kind.name}-{at}"}) for at in range(count)]


def sizes(found: list[Any]) -> list[tuple[str, int]]:
    return [(batch[0].kind.name, len(batch)) for batch in found]


def test_full_requests_go_first_and_others_only_where_nothing_will_fill_them() -> None:
    waiting = steps(INVOICE.made_by, 120) + steps(PAYMENT.made_by, 7) + steps(CONTACT.made_by, 50)
    assert sizes(fullest(waiting, part=False)) == [("invoice", 50), ("invoice", 50), ("contact", 50)]
    assert sizes(fullest(waiting, part=True)) == [("invoice", 50), ("invoice", 50), ("contact", 50), ("invoice", 20)]
    assert fullest(steps(INVOICE.made_by, 49), part=False) == []


def test_what_touches_the_same_record_goes_one_after_the_other() -> None:
    one, other = steps(PAYMENT.made_by, 2)
    other.chain = {*one.chain}
    assert sizes(fullest([one, other], part=True)) == [("payment", 1)]
    third = steps(INVOICE.made_by, 1)[0]
    third.chain = {*one.chain}
    assert sizes(fullest([one, third], part=True)) == [("payment", 1)], "of two requests neither"


def test_what_an_internal_error_has_parted_stays_parted() -> None:
    (alone,) = steps(INVOICE.made_by, 1, request_group="a")
    (other,) = steps(INVOICE.made_by, 1)
    small = steps(INVOICE.made_by, 2, batch_limit=2)
    assert not fits([alone], other) and fits([other], steps(INVOICE.made_by, 1)[0])
    assert not is_full(small[:1]) and is_full(small)


def test_a_round_of_an_import_decides_no_more_than_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import history_claim

    waiting = steps(INVOICE.made_by, history_claim.CANDIDATES)
    by_row = {id(each.row): each for each in waiting}
    for at, each in enumerate(waiting):
        each.row["name"] = str(at)
    decided: list[Any] = []

    def ready(rows: list[Any]) -> list[Any]:
        decided.extend(rows)
        return [by_row[id(row)] for row in rows]

    monkeypatch.setattr(history_claim.history, "sending", lambda connection: ("H",))
    monkeypatch.setattr(history_claim.history_budget, "count_live", lambda connection: None)
    monkeypatch.setattr(history_claim.history_budget, "may_go", lambda connection: True)
    monkeypatch.setattr(history_claim.outbox, "due", lambda *given, **named: [each.row for each in waiting])
    monkeypatch.setattr(history_claim, "now", lambda: None)
    assert sizes(history_claim.batches("C", ready)) == [("invoice", 50)] * 4 and len(decided) == 200


def test_a_round_gathers_little_where_each_step_is_a_request_by_itself() -> None:
    from picortex_xero.engine import run

    rows = [{"name": str(at)} for at in range(450)]
    parts = list(run._by_and_by(rows))
    assert [len(part) for part in parts] == [16, 184, 200, 50] and [row for part in parts for row in part] == rows
    assert [len(part) for part in run._by_and_by(rows[:3])] == [3] and not list(run._by_and_by([]))
