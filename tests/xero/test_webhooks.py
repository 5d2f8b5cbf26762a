"""What Xero posts to a webhook: its signature, and whatever a body may hold."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from picortex_xero.xero.webhooks import Event, events, is_signed
from sandbox.xero.webhooks import delivery, signature

KEY = "k3y-of-the-webhook"
TENANT, RECORD = "aef86862-2015-4b6b-88bc-d89032cecc50", "55d84274-a3da-4829-a7c0-0cab601b95cc"


def said(**other: Any) -> dict[str, Any]:
    return {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/Invoices/{RECORD}",
        "resourceId": RECORD,
        "tenantId": TENANT,
        "tenantType": "ORGANISATION",
        "eventCategory": "INVOICE",
        "eventType": "UPDATE",
        "eventDateUtc": "2026-11-28T10:00:00.123",
    } | other


def body(*listed: Any, first: int = 7) -> bytes:
    return json.dumps({"events": list(listed), "firstEventSequence": first, "lastEventSequence": first, "entropy": "ABC"}).encode()


def test_the_signature_is_of_the_bytes() -> None:
    text = body(said())
    # By another hand: printf '%s' '{"a":1}' | openssl dgst -sha256 -hmac k -binary | base64
    assert is_signed(b'{"a":1}', "k", "w6kv+eJ0zczieljBWnjsbcu9vQA4qH56EbrvICj9i/8=")
    assert is_signed(text, KEY, signature(KEY, text))
    for wrong in ("", "x", signature("other", text), signature(KEY, text + b" "), signature(KEY, text)[:-1], "ä", "\ud800"):
        assert not is_signed(text, KEY, wrong)
    assert not is_signed(text, "", signature("", text)), "without a key nothing is Xero's"


def test_events_are_read_and_intent_to_receive_has_none() -> None:
    assert events(body(said())) == [Event(TENANT, "INVOICE", "UPDATE", RECORD, "2026-11-28T10:00:00.123", events(body(said()))[0].key)]
    assert events(delivery(KEY, [], [])["body"].encode()) == []
    # A category that nobody knew when this was written is an event as well.
    assert events(body(said(eventCategory="TIMESHEET", data={"Status": "DRAFT"})))[0].category == "TIMESHEET"


def test_the_same_event_has_the_same_key_and_another_one_has_not() -> None:
    keys = [
        each.key
        for each in (
            *events(body(said(), said(tenantId=TENANT.upper()), first=7)),
            *events(body(said(), first=9)),
            *events(body(said(eventDateUtc="2026-11-28T10:00:00.124"))),
            *events(body(said(eventType="CREATE"))),
            *events(body(said(eventDateUtc=None), first=10)),
            *events(body(said(eventDateUtc=None), first=11)),
        )
    ]
    assert len(keys) == 7 and keys[0] == keys[1] == keys[2] and len(set(keys)) == 5


@pytest.mark.parametrize(
    "odd",
    [{"tenantId": "%"}, {"tenantId": ["like", "%"]}, {"resourceId": "../.."}, {"resourceId": {}}, {"eventCategory": "<b>"}, {"eventCategory": "x" * 41},
     {"eventType": None}, {"eventDateUtc": "<script>"}, {"resourceId": RECORD + "\n"}],
)  # fmt: skip
def test_an_event_that_names_no_record_is_left_out(odd: dict[str, Any]) -> None:
    assert [each.xero_id for each in events(body(said(**odd), said(), "x", None, 5, []))] == [RECORD]


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b"5", b'{"events": {}}', b"\xff", b'{"a":' + b"[" * 100_000])
def test_what_is_no_list_of_events_is_said(broken: bytes) -> None:
    with pytest.raises(ValueError):
        events(broken)


def anything(chance: random.Random, depth: int = 0) -> Any:
    """A JSON value of any shape, with the names that a body of a webhook has."""
    kind = chance.randrange(4 if depth > 3 else 8)
    if kind < 4:
        return chance.choice([None, True, -3, TENANT, RECORD, "INVOICE", "%", "\n"])
    if kind == 4:
        return [anything(chance, depth + 1)]
    return {
        chance.choice(["events", "tenantId", "resourceId", "eventCategory", "eventType", "eventDateUtc"]): anything(chance, depth + 1)
        for _each in range(chance.randrange(6))
    }


def test_whatever_comes_gives_events_or_a_value_error() -> None:
    chance = random.Random(12)
    read = 0
    for _each in range(3000):
        value = {"events": [anything(chance) for _one in range(3)]} if chance.random() < 0.7 else anything(chance)
        try:
            found = events(json.dumps(value).encode())
        except ValueError:
            continue
        read += 1
        assert all(isinstance(each, Event) for each in found)
    assert read > 1500
