"""hooks.py and the rooms in `documents/` agree: each event of a host document that a room needs is in `doc_events`, and no other is."""

from __future__ import annotations

import pytest

from picortex_xero import hooks
from picortex_xero.documents.registry import ROOMS, SUBMITTED

EVENTS = {"on_submit", "on_cancel", "on_update_after_submit", "after_rename"}
INDICATOR = "public/js/accounts_indicator.js"
OWN = "Xero "


def unwired(events: dict[str, dict[str, str]], scripts: dict[str, str]) -> list[str]:
    """Where hooks and rooms disagree, a line for each."""
    found = [f"{doctype} does not tell {event}" for doctype in SUBMITTED for event in sorted(EVENTS - set(events.get(doctype, {})))]
    found += [f"{doctype} shows no indicator" for doctype in SUBMITTED if scripts.get(doctype) != INDICATOR]
    found += [
        f"{doctype} is submitted, and no room is its"
        for doctype, wired in events.items()
        if "on_cancel" in wired and doctype not in SUBMITTED
    ]
    found += [
        f"{doctype} shows an indicator, and no room is its"
        for doctype, script in scripts.items()
        if script == INDICATOR and doctype not in SUBMITTED
    ]
    parties = [doctype for room in ROOMS if not room.submitted for doctype in room.doctypes if not doctype.startswith(OWN)]
    return found + [f"{doctype} does not tell after_rename" for doctype in parties if "after_rename" not in events.get(doctype, {})]


def test_hooks_equal_the_registry() -> None:
    assert unwired(hooks.doc_events, hooks.doctype_js) == []
    assert SUBMITTED


@pytest.mark.parametrize("doctype", SUBMITTED)
@pytest.mark.parametrize("event", sorted(EVENTS))
def test_an_event_that_is_missing_is_seen(doctype: str, event: str) -> None:
    events = {**hooks.doc_events, doctype: {name: path for name, path in hooks.doc_events[doctype].items() if name != event}}
    assert unwired(events, hooks.doctype_js) == [f"{doctype} does not tell {event}"]


def test_a_document_without_a_room_is_seen() -> None:
    events = {**hooks.doc_events, "Quotation": {"on_cancel": "x"}}
    assert unwired(events, {**hooks.doctype_js, "Quotation": INDICATOR}) == [
        "Quotation is submitted, and no room is its",
        "Quotation shows an indicator, and no room is its",
    ]
