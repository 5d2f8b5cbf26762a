"""Which steps go in one request, and which requests go of those that could be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
